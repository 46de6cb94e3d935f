"""What is proposed of each force, kept with its evidence; and what did the panel decide?

The stage `judgement` is made of the figures as disclosure lets them out, so that nobody's grade rests on what cannot be
seen. `panel` holds every decision, in the order in which they were made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import briefing, commission, disclosure, enquiries, estimation, judgement, measure
from assay.commission import lines
from assay.enquiries.measures import indicators
from assay.errors import UsageError
from assay.evidence import EventKind, alone, content_hash, read_stage
from assay.evidence.turns import taking_turns
from assay.inspection.book import Book, Made
from assay.inspection.ending import JUDGEMENT, PANEL, refuse_retired
from assay.inspection.folder import COVER, Inspection, open_inspection
from assay.inspection.learned import STAGE as LESSONS
from assay.inspection.planned import sealed_rules
from assay.inspection.run import Run
from assay.inspection.shown import Told, code_of
from assay.inspection.tried import as_seen, held
from assay.judgement.grades import OVERALL
from assay.judgement.judging import Other, judge
from assay.judgement.judging import judgement as tables_of
from assay.judgement.panel import DECISIONS, decision, with_decisions
from assay.judgement.parts import Tables
from assay.judgement.rules import Rules, rules
from assay.judgement.said import rules_table
from assay.language.personal_details import refuse_personal_details

NAMES = ("grades", "grade_chances", "shown", "concerns", "moved", "grades_sealed")
SEALED = pa.schema([(name, pa.string()) for name in ("place_code", "line", "sealed", "proposed")])
ROOMS = (commission, enquiries, measure, estimation, judgement, disclosure, briefing)
PATIENCE_SECONDS = 20.0
"""How long a decision waits for other work in the folder."""


def judge_forces(run: Run, safe: Mapping[str, pa.Table], strands: pa.Table, inputs: Mapping[str, str]) -> None:
    """A stage: what is proposed of every force that is rated, from what everyone will see."""
    forces = [code for code, body in run.inspection.request.bodies.items() if not body.national]
    lessons, claims = (read_stage(run.folder, LESSONS, name) for name in ("lessons_applied", "claims_tested"))
    rows = {"ladders": safe["ladders"], "standing": safe["standing"], "strands": strands, "lessons": lessons,
            "spread": safe["indicator_spread"], "claims": claims}  # fmt: skip

    sealed = sealed_rules(run.folder)
    ladders, tried = held(run)

    def make() -> Made:
        tables = Tables(*(table.to_pylist() for table in rows.values()))
        made = tables_of(tables, indicators(), forces, rules(), list(_others(run, ladders, strands, lessons, claims)))
        made["grades_sealed"] = _under(sealed, tables, forces, made["grades"])
        taken = sum(table.num_rows for table in rows.values())
        return Made(made, taken, taken)

    hashes = {f"{name} as released": content_hash(table) for name, table in rows.items()}
    settings = run.asked | hashes | {"sealed rules": repr(sealed)}
    run.book.stage(JUDGEMENT, make, rooms=ROOMS, inputs={**inputs, **tried}, settings=settings)


def _others(
    run: Run, ladders: pa.Table, strands: pa.Table, lessons: pa.Table, claims: pa.Table
) -> Iterator[Other]:
    """What forces would be judged by under other definitions and with other persons."""
    beside = strands.to_pylist(), lessons.to_pylist()
    for key, says, seen in as_seen(run, ladders):
        ladder, standing, spread = (seen[name] for name in ("ladders", "standing", "indicator_spread"))
        yield Other(key, says, Tables(ladder, standing, *beside, spread, claims.to_pylist()))


def _under(sealed: Rules | None, tables: Tables, forces: list[str], grades: pa.Table) -> pa.Table:
    """What would be proposed under the rules as they were first sealed, where those in use are others."""
    if sealed is None:
        return SEALED.empty_table()
    now = {(row["place_code"], row["line"]): row["proposed"] for row in grades.to_pylist()}
    made = judge(tables, indicators(), forces, sealed)
    rows = [{"place_code": one.place, "line": one.line, "sealed": one.grade, "proposed": now[one.place, one.line]}
            for one in made]  # fmt: skip
    return pa.Table.from_pylist(rows, SEALED)


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
    book.stage(PANEL, lambda: Made({"decisions": every}, every.num_rows, every.num_rows), rooms=(judgement,),
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
