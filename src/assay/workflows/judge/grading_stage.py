"""Record the panel's decisions on grades in the stage `panel`, beside the proposals.

The stage holds every decision, in the order in which they were made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
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
from assay.grading.grading_rules import NOT_ENOUGH, rules
from assay.grading.panel_decisions import (
    DECISIONS,
    Decision,
    confirms,
    decision,
    open_decision,
    who_decided,
    with_decisions,
)
from assay.grading.panel_reasons import OPPOSING, SUPPORTING
from assay.grading.rule_sentences import rules_table
from assay.ingest.inspection_folder import (
    SETTINGS_FILE,
    Inspection,
    open_inspection,
    record_declarations,
    refuse_retired,
)
from assay.ingest.stage_names import AWAITING, JUDGEMENT, PANEL
from assay.reference import inspection_themes
from assay.sdc.released_rows.grading_rows import GradesRow
from assay.text.personal_details import refuse_personal_details
from assay.workflows.judge.answer_cards import CommandResult, find_force_code

TABLE_NAMES = (
    "evidence",
    "grades",
    "grade_chances",
    "characteristic_states",
    "concerns",
    "grade_sensitivity",
    "sealed_grades",
)
SEALED_SCHEMA = pa.schema([(name, pa.string()) for name in ("place_code", "line", "sealed", "proposed")])
TWO_PERSONS = 2
Row = Mapping[str, Any]
PATIENCE_SECONDS = 20.0
"""Seconds that a decision waits for other work in the folder."""


def grading_tables(folder: Path) -> dict[str, pa.Table]:
    """Return the tables of the stage `panel`: the panel's decisions beside the proposals."""
    tables = {name: _stage_table(folder, name) for name in TABLE_NAMES}
    decided = with_decisions(tables["grades"], read_decisions(folder))
    return tables | {"grades": decided, "grade_rules": rules_table(rules())}


def _stage_table(folder: Path, name: str) -> pa.Table:
    """Return a table of the stage; `evidence` is empty in a folder that was run before the table existed."""
    is_older = name == "evidence" and not (folder / JUDGEMENT / f"{name}.parquet").is_file()
    return EVIDENCE.empty_table() if is_older else read_stage(folder, JUDGEMENT, name)


def read_decisions(folder: Path) -> list[Decision]:
    """Return every decision, the earliest first."""
    return _stored_decisions(folder, PANEL)


def read_awaiting(folder: Path) -> list[Decision]:
    """Return every decision by one person that needed the confirmation of a second person, the earliest first."""
    return _stored_decisions(folder, AWAITING)


def _stored_decisions(folder: Path, stage: str) -> list[Decision]:
    has_decisions = (folder / stage / "decisions.parquet").is_file()
    rows = read_stage(folder, stage, "decisions").to_pylist() if has_decisions else []
    return [Decision.from_row(row) for row in rows]


def pending_decision(folder: Path, place: str, line: str) -> Decision | None:
    """Return a decision on a force and theme that one person made and a second must still confirm, or None.

    None also if two persons are not asked for (any more), or if a later decision counted.
    """
    inspection = open_inspection(folder)
    if inspection.panel_persons != TWO_PERSONS or not _last_decision_awaits(inspection, place, line):
        return None
    return open_decision(read_awaiting(folder), read_decisions(folder), place, line)


def _last_decision_awaits(inspection: Inspection, place: str, line: str) -> bool:
    """Return True if the last decision on a force and theme awaits a second person.

    The ledger tells the order: decisions hold only their day, and several can be of one day.
    """
    kinds = (EventKind.DECISION_AWAITS.key, EventKind.DECIDED.key)
    found = [
        entry.kind
        for entry in inspection.ledger.entries()
        if entry.kind in kinds and (entry.about.get("body"), entry.about.get("line")) == (place, line)
    ]
    return found[-1:] == [EventKind.DECISION_AWAITS.key]


@dataclass(frozen=True)
class Theme:
    """An inspection theme, or the overall grade, with the key under which decisions on it are recorded."""

    key: str
    name: str


def find_theme(text: str) -> Theme:
    """Return a theme by key or name; UsageError with a list of all themes for any other text."""
    themes = [Theme(theme.key, theme.name) for theme in inspection_themes()] + [Theme(OVERALL, "Overall")]
    for theme in themes:
        if text.casefold() in (theme.key, theme.name.casefold()):
            return theme
    raise UsageError(f"There is no line {text!r}. They are: {', '.join(theme.key for theme in themes)}.")


def decision_lock(folder: Path) -> AbstractContextManager[None]:
    """Return a lock that prevents any other decision, from pages or from the command line."""
    return lock_file(folder / SETTINGS_FILE)


def record_decision(
    folder: Path, force: str, line: str, grade: str, reason: str, day: date, decider: str = ""
) -> CommandResult:
    """Record the panel's decision on one theme in one force.

    Where the settings ask for two persons, the decision of one person awaits a second, who decides the same grade.

    Raises
    ------
    UsageError
        If a grade is changed without a reason, or a person confirms their own decision.
    """
    _read_proposals(folder)
    with decision_lock(folder), lock_folder(folder, PATIENCE_SECONDS):
        return _record_decision(folder, force, line, grade.casefold(), reason, day, decider.strip())


def _record_decision(
    folder: Path, force: str, line: str, grade: str, reason: str, day: date, decider: str
) -> CommandResult:
    inspection, proposed = _read_proposals(folder)
    refuse_personal_details("The reason", reason)
    refuse_personal_details("Who decides (--by)", decider)
    code, theme = find_force_code(inspection.request, force), find_theme(line)
    two_persons = inspection.panel_persons == TWO_PERSONS
    if two_persons and not decider:
        raise UsageError("Two persons decide here. Say who you are, by code or post: --by P01")
    open_item = pending_decision(folder, code, theme.key) if two_persons else None
    is_confirmation = confirms(open_item, grade, _proposed_grade(proposed, code, theme.key))
    if is_confirmation and open_item is not None:
        new_decision = _confirmed(open_item, reason, day, decider)
    else:
        new_decision = decision(proposed, code, theme.key, grade, reason, day, rules(), decider=decider)
    awaits = two_persons and not is_confirmation
    _write_decision(folder, inspection, new_decision, awaits=awaits)
    head = f"{inspection.request.organisations[code].name}, {theme.name}: {new_decision.decided}"
    data = {**asdict(new_decision), "decided_on": day.isoformat(), "awaits": awaits}
    if awaits:
        next_step = "It counts once a second person records the same grade: assay grade decide ... --by CODE"
        return CommandResult((f"{head}, by {decider}. It awaits a second person.", next_step), data)
    is_moved = new_decision.proposed != new_decision.decided
    words = f"moved from {new_decision.proposed}" if is_moved else "confirmed"
    return CommandResult((f"{head} ({words}).", f"To put it in the report: assay inspect run {folder}"), data)


def _proposed_grade(proposed: Sequence[Row], code: str, line: str) -> str:
    return next((row["proposed"] for row in proposed if (row["place_code"], row["line"]) == (code, line)), "")


def _confirmed(open_item: Decision, reason: str, day: date, decider: str) -> Decision:
    """Return the decision as confirmed by a second person; UsageError if it is the first person again.

    Its day is that of the second person, from which it counts.
    """
    if decider.casefold() == open_item.decided_by.casefold():
        raise UsageError(f"{decider} decided this already. A second person confirms it, or decides another grade.")
    reasons = " ".join(filter(None, (open_item.reason, reason.strip())))
    return replace(open_item, reason=reasons, decided_on=day, confirmed_by=decider)


def _write_decision(folder: Path, inspection: Inspection, new_decision: Decision, *, awaits: bool) -> None:
    """Add a decision to its stage and the ledger."""
    stage, kind = (AWAITING, EventKind.DECISION_AWAITS) if awaits else (PANEL, EventKind.DECIDED)
    decisions = [*_stored_decisions(folder, stage), new_decision]
    decisions_table = pa.Table.from_pylist([asdict(item) for item in decisions], DECISIONS)
    record_declarations(inspection)  # the ledger says how many persons decide before it says what they decided
    names = {"body": "place_code", "line": "line", "proposed": "proposed", "decided": "decided"}
    inspection.ledger.append(kind, **{name: getattr(new_decision, column) for name, column in names.items()})
    proposals_hash = content_hash(read_stage(folder, JUDGEMENT, "grades"))
    StageRunner(folder).run_stage(
        stage,
        lambda: StageOutput({"decisions": decisions_table}, decisions_table.num_rows, decisions_table.num_rows),
        packages=(grading,),
        inputs={},
        settings={"decisions": content_hash(decisions_table), "grades as proposed then": proposals_hash},
    )


def show_grades(folder: Path, force: str) -> CommandResult:
    """Return the proposed and decided grades by force; for one force, with the reasons."""
    inspection, _ = _read_proposals(folder)
    code = find_force_code(inspection.request, force)
    rows = [row for row in grading_tables(folder)["grades"].to_pylist() if code in ("", row["place_code"])]
    names = {organisation.code: organisation.name for organisation in inspection.request.organisations.values()}
    text_lines = []
    for row in rows:
        text_lines.append(_grade_line(row, names[row["place_code"]]))
        if code:
            text_lines += _reason_lines(folder, row)
    return CommandResult(tuple(text_lines), {"grades": rows})


def _read_proposals(folder: Path) -> tuple[Inspection, list[GradesRow]]:
    inspection = open_inspection(folder)
    refuse_retired(inspection)
    if not (folder / JUDGEMENT / "receipt.json").is_file():
        raise UsageError(f"Nothing is proposed in {folder} yet: assay inspect run {folder}")
    return inspection, read_stage(folder, JUDGEMENT, "grades").to_pylist()


def strongest_reasons(folder: Path, place: str, line: str) -> dict[str, list[str]]:
    """Return the strongest reasons for and against a force on a theme, each with its figure, the strongest first."""
    if not (folder / JUDGEMENT / "strongest.parquet").is_file():
        return {SUPPORTING: [], OPPOSING: []}
    rows = read_stage(folder, JUDGEMENT, "strongest").to_pylist()
    found = sorted(
        (row for row in rows if (row["place_code"], row["line"]) == (place, line)), key=lambda row: row["rank"]
    )
    return {side: [row["figure"] for row in found if row["side"] == side] for side in (SUPPORTING, OPPOSING)}


def _grade_line(row: Row, name: str) -> str:
    theme = find_theme(row["line"]).name
    decided = f"; decided {row['decided']} on {row['decided_on']}" if row["decided"] else ""
    return f"{name}, {theme}: {row['proposed']}{decided}. {_reason_and_certainty(row)}"


def _reason_and_certainty(row: Row) -> str:
    """Return why there is no grade; for a grade why it is no better, if that is stated, and how certain it is."""
    is_graded = row["proposed"] != NOT_ENOUGH or not row["why_none"]
    return " ".join(filter(None, (row["why_none"], row["certainty"] if is_graded else "")))


def _reason_lines(folder: Path, row: Row) -> list[str]:
    """Return the strongest reasons each way, what would change the proposal, what is not known, and who decided."""
    key = row["place_code"], row["line"]
    reasons = strongest_reasons(folder, *key)
    text_lines = []
    for head, column, side in (
        ("for the force", "speaks_for", SUPPORTING),
        ("against the force", "speaks_against", OPPOSING),
    ):
        text_lines += [f"  {head}, {number}: {text}" for number, text in enumerate(reasons[side], start=1)]
        if not reasons[side]:
            text_lines.append(f"  {head}: {row[column] or 'none to name'}")
    parts = (("would change it", "would_change"), ("open", "not_known"), ("", "voices"))
    text_lines += [f"  {head}{': ' if head else ''}{row[column]}" for head, column in parts if row[column]]
    decisions = [item for item in read_decisions(folder) if item.key == key]
    text_lines += [f"  {who_decided(item)}: {item.decided}, {_day_text(item)}" for item in decisions[-1:]]
    if (waiting := pending_decision(folder, *key)) is not None:
        text_lines.append(f"  {_waiting_text(waiting, row['proposed'])}")
    return text_lines


def _day_text(item: Decision) -> str:
    """Return the day of a decision; that of a confirmed decision is the day of the second person."""
    return f"confirmed on {item.decided_on}" if item.confirmed_by else str(item.decided_on)


def _waiting_text(waiting: Decision, proposed: str) -> str:
    """Return whose decision awaits a second person, or that it lapsed because the proposal changed."""
    decided = f"{waiting.decided} by {waiting.decided_by}"
    if waiting.proposed == proposed:
        return f"{decided} awaits a second person"
    return f"{decided} cannot be confirmed: the proposal was {waiting.proposed} then. Decide anew"
