"""Record the panel's decisions on grades in the stage `panel`, beside the proposals.

The stage holds every decision, in the order in which they were made.
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
from assay.engine.provenance import EventKind, content_hash, lock_folder, read_stage
from assay.engine.provenance.write_lock import lock_file
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.errors import UsageError
from assay.grading.force_proposals import EVIDENCE
from assay.grading.grade_proposals import OVERALL
from assay.grading.grading_rules import rules
from assay.grading.panel_decisions import DECISIONS, decision, with_decisions
from assay.grading.rule_sentences import rules_table
from assay.ingest.inspection_folder import SETTINGS_FILE, Inspection, open_inspection, refuse_retired
from assay.ingest.stage_names import JUDGEMENT, PANEL
from assay.reference import inspection_themes
from assay.text.personal_details import refuse_personal_details
from assay.workflows.judge.answer_cards import CommandResult, find_force_code

TABLE_NAMES = ("evidence", "grades", "grade_chances", "shown", "concerns", "moved", "grades_sealed")
SEALED_SCHEMA = pa.schema([(name, pa.string()) for name in ("place_code", "line", "sealed", "proposed")])
PATIENCE_SECONDS = 20.0
"""Seconds that a decision waits for other work in the folder."""


def grading_tables(folder: Path) -> dict[str, pa.Table]:
    """Return the tables of the stage, with the panel's decisions beside the proposals."""
    tables = {name: _stage_table(folder, name) for name in TABLE_NAMES}
    decided = with_decisions(tables["grades"], read_decisions(folder))
    return tables | {"grades": decided, "grade_rules": rules_table(rules())}


def _stage_table(folder: Path, name: str) -> pa.Table:
    """Return a table of the stage; `evidence` is empty in a folder that was run before the table existed."""
    is_older = name == "evidence" and not (folder / JUDGEMENT / f"{name}.parquet").is_file()
    return EVIDENCE.empty_table() if is_older else read_stage(folder, JUDGEMENT, name)


def read_decisions(folder: Path) -> list[dict[str, Any]]:
    """Return every decision, the earliest first."""
    has_decisions = (folder / PANEL / "decisions.parquet").is_file()
    return read_stage(folder, PANEL, "decisions").to_pylist() if has_decisions else []


@dataclass(frozen=True)
class Theme:
    """An inspection theme, or the overall grade, by the key under which it is decided."""

    key: str
    name: str


def find_theme(text: str) -> Theme:
    """Return a theme by key or name; UsageError that lists all of them for any other text."""
    themes = [Theme(theme.key, theme.name) for theme in inspection_themes()] + [Theme(OVERALL, "Overall")]
    for theme in themes:
        if text.casefold() in (theme.key, theme.name.casefold()):
            return theme
    raise UsageError(f"There is no line {text!r}. They are: {', '.join(theme.key for theme in themes)}.")


def decision_lock(folder: Path) -> AbstractContextManager[None]:
    """Return a lock that prevents any other decision, from pages or from the command line."""
    return lock_file(folder / SETTINGS_FILE)


def record_decision(folder: Path, force: str, line: str, grade: str, reason: str, day: date) -> CommandResult:
    """Record the panel's decision on one theme in one force; UsageError for a changed grade without a reason."""
    _read_proposals(folder)
    with decision_lock(folder), lock_folder(folder, PATIENCE_SECONDS):
        return _record_decision(folder, force, line, grade, reason, day)


def _record_decision(folder: Path, force: str, line: str, grade: str, reason: str, day: date) -> CommandResult:
    inspection, proposed = _read_proposals(folder)
    refuse_personal_details("The reason", reason)
    code, theme = find_force_code(inspection.request, force), find_theme(line)
    decision_row = decision(proposed, code, theme.key, grade.casefold(), reason, day, rules())
    decisions_table = pa.Table.from_pylist([*read_decisions(folder), decision_row], DECISIONS)
    runner = StageRunner(folder)
    inspection.ledger.append(
        EventKind.DECIDED, body=code, line=theme.key, proposed=decision_row["proposed"], decided=decision_row["decided"]
    )
    proposals_hash = content_hash(read_stage(folder, JUDGEMENT, "grades"))
    settings = {"decisions": content_hash(decisions_table), "grades as proposed then": proposals_hash}
    runner.run_stage(
        PANEL,
        lambda: StageOutput({"decisions": decisions_table}, decisions_table.num_rows, decisions_table.num_rows),
        packages=(grading,),
        inputs={},
        settings=settings,
    )
    name = inspection.request.organisations[code].name
    words = (
        "confirmed" if decision_row["proposed"] == decision_row["decided"] else f"moved from {decision_row['proposed']}"
    )
    return CommandResult(
        (
            f"{name}, {theme.name}: {decision_row['decided']} ({words}).",
            f"To put it in the report: assay inspect run {folder}",
        ),
        {**decision_row, "decided_on": day.isoformat()},
    )


def show_grades(folder: Path, force: str) -> CommandResult:
    """Return the proposed and decided grades by force; for one force, with the reasons."""
    inspection, _ = _read_proposals(folder)
    code = find_force_code(inspection.request, force)
    rows = [row for row in grading_tables(folder)["grades"].to_pylist() if code in ("", row["place_code"])]
    names = {organisation.code: organisation.name for organisation in inspection.request.organisations.values()}
    text_lines = [line for row in rows for line in _grade_lines(row, names[row["place_code"]], with_reasons=bool(code))]
    return CommandResult(tuple(text_lines), {"grades": rows})


def _read_proposals(folder: Path) -> tuple[Inspection, list[dict[str, Any]]]:
    inspection = open_inspection(folder)
    refuse_retired(inspection)
    if not (folder / JUDGEMENT / "receipt.json").is_file():
        raise UsageError(f"Nothing is proposed in {folder} yet: assay inspect run {folder}")
    return inspection, read_stage(folder, JUDGEMENT, "grades").to_pylist()


def _grade_lines(row: Mapping[str, Any], name: str, *, with_reasons: bool) -> list[str]:
    theme = find_theme(row["line"]).name
    decided = f"; decided {row['decided']} on {row['decided_on']}" if row["decided"] else ""
    text_lines = [f"{name}, {theme}: {row['proposed']}{decided}. {row['why_none'] or row['certainty']}"]
    if with_reasons:
        parts = (("for it", "speaks_for"), ("against it", "speaks_against"), ("open", "not_known"), ("", "voices"))
        text_lines += [f"  {head}{': ' if head else ''}{row[column]}" for head, column in parts if row[column]]
    return text_lines
