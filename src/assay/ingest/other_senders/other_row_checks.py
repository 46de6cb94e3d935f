"""What does one row say of another, and can both be right? Rules V10 to V24."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from assay import reference
from assay.contract.question_sets import QuestionSet
from assay.ingest.other_senders import list_overlap_checks
from assay.ingest.other_senders.other_table_spec import tables
from assay.text import holds_details
from assay.text.personal_details import personal_details

if TYPE_CHECKING:
    from assay.ingest.other_senders.other_table_reader import Desk

Row = Mapping[str, Any]
COUNTED = {"advocates": "advocates", "complaints": "complaints"}
"""Tables of figures, and the kind of asking that they hang on; every other table hangs on one where people spoke."""
SPOKEN = ("survey", "conversations")
DOCUMENT = "document"
"""What a checklist is asked of."""
SHA256 = re.compile(r"[0-9a-f]{64}")
DAYS = (("voices", "began_on", "ended_on"), ("documents", "covers_from", "covers_to"))

TYPED_AND_PRINTED = (("voices", "not_reached"), ("voice_answers", "option"), ("voice_quotations", "text"))
"""Sentences of people that a page prints as they were sent."""
PRINTED = (("voice_answers", "question"), ("overlap_lists", "list_name"))
"""Names of things that a page prints as they were sent."""


def check(desk: Desk, asked: Mapping[str, QuestionSet]) -> None:
    """Set aside every row that cannot be used, in the order of the rules; then whatever hangs on it."""
    for rule, table, column, wrong in (
        ("V11", "voices", "answered", _unanswered),
        ("V14", "voice_quotations", "consent_recorded_on", _not_agreed_and_redacted),
        ("V15", "advocates", "quarter_start", _no_quarter),
        ("V15", "complaints", "quarter_start", _no_quarter),
        ("V16", "advocates", "offered", _offers_do_not_add_up),
        ("V16", "complaints", "received", _more_than_received),
        ("V18", "documents", "sha256", _no_kept_copy),
        ("V19", "document_checks", "item", lambda row: not _fits(row, asked)),
        ("V22", "fieldwork_notes", "text", lambda row: names_somebody(row["text"])),
        ("V22", "document_checks", "reason", lambda row: names_somebody(row["reason"] or "")),
        ("V22", "lessons", "lesson", lambda row: names_somebody(row["lesson"])),
        ("V23", "fieldwork_notes", "question", lambda row: not _is_asked(row, asked)),
    ):
        _where(desk, rule, table, column, wrong)
    for table, column in TYPED_AND_PRINTED:
        _where(desk, "V21", table, column, lambda row, c=column: names_somebody(row[c] or ""))  # type: ignore[misc]
    for table, column in PRINTED:
        _where(desk, "V21", table, column, lambda row, c=column: holds_details(row[c]))  # type: ignore[misc]
    for table, first, last in DAYS:
        _where(desk, "V17", table, last, lambda row, a=first, b=last: _out_of_order(row[a], row[b], a))  # type: ignore[misc]
    _cascade(desk)
    kinds = {row["voice_ref"]: row["voice_kind"] for row in desk.rows.get("voices", ())}
    for table in (name for name, one in tables().items() if "voice_ref" in one.key or name == "voice_quotations"):
        if table != "voices":
            wanted = (COUNTED[table],) if table in COUNTED else SPOKEN
            _where(desk, "V20", table, "voice_ref", lambda row, w=wanted: kinds[row["voice_ref"]] not in w)  # type: ignore[misc]
    desk.set_aside("V12", "voice_answers", "people", set(_uneven_questions(desk)))
    answered = {row["voice_ref"]: row["answered"] for row in desk.rows.get("voices", ())}
    _where(desk, "V13", "voice_themes", "people", lambda row: row["people"] > (answered[row["voice_ref"]] or 0))
    list_overlap_checks.check(desk)


def _where(desk: Desk, rule: str, table: str, column: str, wrong: Callable[[Row], bool]) -> None:
    desk.set_aside(rule, table, column, {row["file_line"] for row in desk.rows.get(table, ()) if wrong(row)})


def _cascade(desk: Desk) -> None:
    """V10: tables stand after those that they refer to, so once is enough."""
    for table in tables().values():
        for column in table.columns:
            if column.refers:
                home = tables()[column.refers]
                there = {row[home.key[0]] for row in desk.rows.get(home.name, ())}
                _where(
                    desk, "V10", table.name, column.name,
                    lambda row, c=column.name, t=there: row[c] is not None and row[c] not in t,  # type: ignore[misc]
                )  # fmt: skip


def _unanswered(row: Row) -> bool:
    asked, answered = row["asked"], row["answered"]
    return (row["voice_kind"] in SPOKEN and answered is None) or (
        asked is not None and answered is not None and answered > asked
    )


def _not_agreed_and_redacted(row: Row) -> bool:
    agreed, redacted = row["consent_recorded_on"], row["redacted_on"]
    return row["consent_by"] is None or agreed is None or redacted is None or redacted < agreed


def _no_quarter(row: Row) -> bool:
    day: date = row["quarter_start"]
    return day.day != 1 or day.month not in (1, 4, 7, 10)


def _offers_do_not_add_up(row: Row) -> bool:
    return bool(row["taken_up"] + row["declined"] + row["no_answer"] != row["offered"])


def _more_than_received(row: Row) -> bool:
    return any((row[name] or 0) > row["received"] for name in ("answered_in_time", "upheld"))


def _no_kept_copy(row: Row) -> bool:
    return not SHA256.fullmatch(row["sha256"].casefold()) or "/" in row["kept_as"] or "\\" in row["kept_as"]


def _out_of_order(first: date | None, last: date | None, column: str) -> bool:
    """Whether the end lies before the beginning; `covers_to` is the first day after, so it may not be the same day."""
    if first is None or last is None:
        return False
    return last <= first if column == "covers_from" else last < first


def names_somebody(text: str) -> bool:
    """Whether a text names somebody by title or rank, or holds a detail or a number of a person (V22).

    A bare name has no form: whoever takes notes writes roles, and somebody else looks them over.
    """
    return bool(personal_details(text))


def _is_asked(row: Row, asked: Mapping[str, QuestionSet]) -> bool:
    """Whether a note is to a question of the commission, or of a set for its kind of fieldwork (V23)."""
    if any(one.number == row["question"] for one in reference.questions()):
        return True
    return any(one.subject == row["subject_kind"] and one.question(row["question"]) for one in asked.values())


def _fits(row: Row, asked: Mapping[str, QuestionSet]) -> bool:
    """Whether an answer to a checklist is one that the checklist, as it stands today, allows (V19)."""
    held = asked.get(row["checklist"])
    if held is None or held.subject != DOCUMENT:
        return False
    if (row["checklist_version"], row["checksum"]) != (held.version, held.checksum):
        return False
    item = held.question(row["item"])
    if item is None or row["answer"] not in item.answers:
        return False
    return bool(row["reason"]) or not item.needs_reason(row["answer"])


def _uneven_questions(desk: Desk) -> Iterator[object]:
    """The lines of every question whose options do not add up to those who answered (V12)."""
    answered = {row["voice_ref"]: row["answered"] for row in desk.rows.get("voices", ())}
    questions: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in desk.rows.get("voice_answers", ()):
        questions[row["voice_ref"], row["question_key"]].append(row)
    for (voice, _), rows in questions.items():
        alike = len({(row["question"], row["line"]) for row in rows}) == 1
        if not alike or sum(row["people"] for row in rows) != answered[voice]:
            yield from (row["file_line"] for row in rows)
