"""Cross-field checks of other senders' tables (rules V10 to V24)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from assay import reference
from assay.contract.question_sets import QuestionSet
from assay.ingest.other_senders import list_overlap_checks
from assay.ingest.other_senders.other_table_spec import tables
from assay.text import holds_details
from assay.text.personal_details import personal_details

if TYPE_CHECKING:
    from assay.ingest.other_senders.other_table_reader import StagingTables

Row = Mapping[str, Any]
FIGURE_TABLES = {"advocates": "advocates", "complaints": "complaints"}
"""Tables of figures, and the kind of survey that they belong to; other tables belong to one where people spoke."""
SPOKEN_KINDS = ("survey", "conversations")
DOCUMENT_SUBJECT = "document"
"""Kinds of subject that a checklist covers."""
SHA256 = re.compile(r"[0-9a-f]{64}")
DATE_PAIRS = (("voices", "began_on", "ended_on"), ("documents", "covers_from", "covers_to"))

PRINTED_SENTENCES = (("voices", "not_reached"), ("voice_answers", "option"), ("voice_quotations", "text"))
"""Sentences of people that a page prints unchanged."""
PRINTED_NAMES = (("voice_answers", "question"), ("overlap_lists", "list_name"))
"""Names of things that a page prints unchanged."""


def check(staging: StagingTables, question_sets: Mapping[str, QuestionSet]) -> None:
    """Set aside each row that breaks a rule, in the order of the rules, and then the rows that refer to it."""
    for rule, table, column, wrong in (
        ("V11", "voices", "answered", _has_wrong_answer_count),
        ("V14", "voice_quotations", "consent_recorded_on", _lacks_consent),
        ("V15", "advocates", "quarter_start", _is_not_quarter_start),
        ("V15", "complaints", "quarter_start", _is_not_quarter_start),
        ("V16", "advocates", "offered", _has_uneven_offers),
        ("V16", "complaints", "received", _exceeds_received),
        ("V18", "documents", "sha256", _lacks_copy),
        ("V19", "document_checks", "item", lambda row: not _is_allowed_answer(row, question_sets)),
        ("V22", "fieldwork_notes", "text", lambda row: names_somebody(row["text"])),
        ("V22", "document_checks", "reason", lambda row: names_somebody(row["reason"] or "")),
        ("V22", "lessons", "lesson", lambda row: names_somebody(row["lesson"])),
        ("V23", "fieldwork_notes", "question", lambda row: not _has_known_question(row, question_sets)),
    ):
        _set_aside_where(staging, rule, table, column, wrong)
    for table, column in PRINTED_SENTENCES:
        _set_aside_where(staging, "V21", table, column, lambda row, c=column: names_somebody(row[c] or ""))  # type: ignore[misc]
    for table, column in PRINTED_NAMES:
        _set_aside_where(staging, "V21", table, column, lambda row, c=column: holds_details(row[c]))  # type: ignore[misc]
    for table, first, last in DATE_PAIRS:
        _set_aside_where(staging, "V17", table, last, lambda row, a=first, b=last: _is_out_of_order(row[a], row[b], a))  # type: ignore[misc]
    _check_references(staging)
    kinds = {row["voice_ref"]: row["voice_kind"] for row in staging.rows.get("voices", ())}
    for table in (
        name for name, table_spec in tables().items() if "voice_ref" in table_spec.key or name == "voice_quotations"
    ):
        if table != "voices":
            allowed = (FIGURE_TABLES[table],) if table in FIGURE_TABLES else SPOKEN_KINDS
            is_wrong = partial(_has_other_kind, kinds, allowed)
            _set_aside_where(staging, "V20", table, "voice_ref", is_wrong)
    staging.set_aside("V12", "voice_answers", "people", set(_uneven_questions(staging)))
    answered = {row["voice_ref"]: row["answered"] for row in staging.rows.get("voices", ())}
    _set_aside_where(
        staging, "V13", "voice_themes", "people", lambda row: row["people"] > (answered[row["voice_ref"]] or 0)
    )
    list_overlap_checks.check(staging)


def _set_aside_where(staging: StagingTables, rule: str, table: str, column: str, wrong: Callable[[Row], bool]) -> None:
    staging.set_aside(rule, table, column, {row["file_line"] for row in staging.rows.get(table, ()) if wrong(row)})


def _has_other_kind(kinds: Mapping[Any, Any], allowed: Collection[str], row: Row) -> bool:
    return kinds[row["voice_ref"]] not in allowed


def _check_references(staging: StagingTables) -> None:
    """Apply V10; tables come after those that they refer to, so one pass is enough."""
    for table in tables().values():
        for column in table.columns:
            if column.refers:
                home = tables()[column.refers]
                accepted_keys = {row[home.key[0]] for row in staging.rows.get(home.name, ())}
                _set_aside_where(
                    staging, "V10", table.name, column.name,
                    lambda row, c=column.name, t=accepted_keys: row[c] is not None and row[c] not in t,  # type: ignore[misc]
                )  # fmt: skip


def _has_wrong_answer_count(row: Row) -> bool:
    asked_count, answered_count = row["asked"], row["answered"]
    return (row["voice_kind"] in SPOKEN_KINDS and answered_count is None) or (
        asked_count is not None and answered_count is not None and answered_count > asked_count
    )


def _lacks_consent(row: Row) -> bool:
    agreed, redacted = row["consent_recorded_on"], row["redacted_on"]
    return row["consent_by"] is None or agreed is None or redacted is None or redacted < agreed


def _is_not_quarter_start(row: Row) -> bool:
    day: date = row["quarter_start"]
    return day.day != 1 or day.month not in (1, 4, 7, 10)


def _has_uneven_offers(row: Row) -> bool:
    return bool(row["taken_up"] + row["declined"] + row["no_answer"] != row["offered"])


def _exceeds_received(row: Row) -> bool:
    return any((row[name] or 0) > row["received"] for name in ("answered_in_time", "upheld"))


def _lacks_copy(row: Row) -> bool:
    return not SHA256.fullmatch(row["sha256"].casefold()) or "/" in row["kept_as"] or "\\" in row["kept_as"]


def _is_out_of_order(first: date | None, last: date | None, column: str) -> bool:
    """Return True if the end is before the beginning; `covers_to` is exclusive, so it may not be the same day."""
    if first is None or last is None:
        return False
    return last <= first if column == "covers_from" else last < first


def names_somebody(text: str) -> bool:
    """Return True if a text names a person by title or rank, or contains personal details such as a number (V22).

    A bare name has no form that could be recognised: note takers write roles, and another person checks the notes.
    """
    return bool(personal_details(text))


def _has_known_question(row: Row, question_sets: Mapping[str, QuestionSet]) -> bool:
    """Return True if a note answers a question of the commission, or of a set for its kind of fieldwork (V23)."""
    if any(candidate.number == row["question"] for candidate in reference.questions()):
        return True
    return any(
        candidate.subject == row["subject_kind"] and candidate.question(row["question"])
        for candidate in question_sets.values()
    )


def _is_allowed_answer(row: Row, question_sets: Mapping[str, QuestionSet]) -> bool:
    """Return True if the current checklist allows this answer (V19)."""
    checklist = question_sets.get(row["checklist"])
    if checklist is None or checklist.subject != DOCUMENT_SUBJECT:
        return False
    if (row["checklist_version"], row["checksum"]) != (checklist.version, checklist.checksum):
        return False
    item = checklist.question(row["item"])
    if item is None or row["answer"] not in item.answers:
        return False
    return bool(row["reason"]) or not item.needs_reason(row["answer"])


def _uneven_questions(staging: StagingTables) -> Iterator[object]:
    """Return the lines of each question whose options do not add up to the number who answered (V12)."""
    answered = {row["voice_ref"]: row["answered"] for row in staging.rows.get("voices", ())}
    questions: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in staging.rows.get("voice_answers", ()):
        questions[row["voice_ref"], row["question_key"]].append(row)
    for (voice, _), rows in questions.items():
        has_same_wording = len({(row["question"], row["line"]) for row in rows}) == 1
        if not has_same_wording or sum(row["people"] for row in rows) != answered[voice]:
            yield from (row["file_line"] for row in rows)
