"""What did the panel decide of each force, beside what was proposed (`proposed_grades`)?

The stage `panel` holds every decision, in the order in which they were made.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import grading
from assay.engine.provenance import EventKind, alone, content_hash, read_stage
from assay.engine.provenance.write_lock import taking_turns
from assay.engine.stage_runner import Book, Made
from assay.errors import UsageError
from assay.grading.grade_proposals import OVERALL
from assay.grading.grading_rules import rules
from assay.grading.panel_decisions import DECISIONS, decision, with_decisions
from assay.grading.rule_sentences import rules_table
from assay.ingest.inspection_folder import COVER, Inspection, open_inspection, refuse_retired
from assay.ingest.stage_names import JUDGEMENT, PANEL
from assay.reference import lines
from assay.text.personal_details import refuse_personal_details
from assay.workflows.judge.answer_cards import Told, code_of

NAMES = ("grades", "grade_chances", "shown", "concerns", "moved", "grades_sealed")
SEALED = pa.schema([(name, pa.string()) for name in ("place_code", "line", "sealed", "proposed")])
PATIENCE_SECONDS = 20.0
"""How long a decision waits for other work in the folder."""


def judged_tables(folder: Path) -> dict[str, pa.Table]:
    """What the stage holds, with the panel's decisions beside the proposals."""
    made = {name: read_stage(folder, JUDGEMENT, name) for name in NAMES}
    decided = with_decisions(made["grades"], decisions(folder))
    return made | {"grades": decided, "grade_rules": rules_table(rules())}


def decisions(folder: Path) -> list[dict[str, Any]]:
    """Every decision that was made, the earliest first."""
    there = (folder / PANEL / "decisions.parquet").is_file()
    return read_stage(folder, PANEL, "decisions").to_pylist() if there else []


@dataclass(frozen=True)
class Line:
    """A line of enquiry, or the whole, by the key under which it is decided."""

    key: str
    name: str


def line_named(said: str) -> Line:
    """A line by key or name; UsageError with all of them for any other."""
    known = [Line(one.key, one.name) for one in lines()] + [Line(OVERALL, "Overall")]
    for one in known:
        if said.casefold() in (one.key, one.name.casefold()):
            return one
    raise UsageError(f"There is no line {said!r}. They are: {', '.join(one.key for one in known)}.")


def deciding(folder: Path) -> AbstractContextManager[None]:
    """While this is held nobody else decides, in whatever room or at whatever command line."""
    return taking_turns(folder / COVER)


def decide(folder: Path, force: str, line: str, grade: str, reason: str, on: date) -> Told:
    """Write down what the panel decided of one line in one force; UsageError for a grade moved without a reason."""
    _judged(folder)
    with deciding(folder), alone(folder, PATIENCE_SECONDS):
        return _decide(folder, force, line, grade, reason, on)


def _decide(folder: Path, force: str, line: str, grade: str, reason: str, on: date) -> Told:
    inspection, proposed = _judged(folder)
    refuse_personal_details("The reason", reason)
    code, asked = code_of(inspection.request, force), line_named(line)
    made = decision(proposed, code, asked.key, grade.casefold(), reason, on, rules())
    every = pa.Table.from_pylist([*decisions(folder), made], DECISIONS)
    book = Book(folder)
    inspection.ledger.append(
        EventKind.DECIDED, body=code, line=asked.key, proposed=made["proposed"], decided=made["decided"]
    )
    seen = content_hash(read_stage(folder, JUDGEMENT, "grades"))
    settings = {"decisions": content_hash(every), "grades as proposed then": seen}
    book.stage(PANEL, lambda: Made({"decisions": every}, every.num_rows, every.num_rows), rooms=(grading,),
               inputs={}, settings=settings)  # fmt: skip
    name = inspection.request.bodies[code].name
    words = "confirmed" if made["proposed"] == made["decided"] else f"moved from {made['proposed']}"
    return Told((f"{name}, {asked.name}: {made['decided']} ({words}).", f"To put it in the report: assay run {folder}"),
                {**made, "decided_on": on.isoformat()})  # fmt: skip


def shown_grades(folder: Path, force: str) -> Told:
    """What is proposed and decided, force by force; of one force with the reasons."""
    inspection, _ = _judged(folder)
    code = code_of(inspection.request, force)
    rows = [row for row in judged_tables(folder)["grades"].to_pylist() if code in ("", row["place_code"])]
    names = {one.code: one.name for one in inspection.request.bodies.values()}
    words = [line for row in rows for line in _words(row, names[row["place_code"]], whole=bool(code))]
    return Told(tuple(words), {"grades": rows})


def _judged(folder: Path) -> tuple[Inspection, list[dict[str, Any]]]:
    inspection = open_inspection(folder)
    refuse_retired(inspection)
    if not (folder / JUDGEMENT / "receipt.json").is_file():
        raise UsageError(f"Nothing is proposed in {folder} yet: assay run {folder}")
    return inspection, read_stage(folder, JUDGEMENT, "grades").to_pylist()


def _words(row: Mapping[str, Any], name: str, *, whole: bool) -> list[str]:
    line = line_named(row["line"]).name
    decided = f"; decided {row['decided']} on {row['decided_on']}" if row["decided"] else ""
    said = [f"{name}, {line}: {row['proposed']}{decided}. {row['why_none'] or row['certainty']}"]
    if whole:
        told = (("for it", "speaks_for"), ("against it", "speaks_against"), ("open", "not_known"), ("", "voices"))
        said += [f"  {head}{': ' if head else ''}{row[column]}" for head, column in told if row[column]]
    return said
