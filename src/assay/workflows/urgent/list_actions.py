"""Confirm or set aside entries of an urgent list; send, answer, escalate and close it.

Each step is recorded in the inspection's ledger by number and by post: never by the name of a record or of a person.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from assay.engine.provenance import EventKind
from assay.errors import UsageError
from assay.ingest.inspection_folder import Inspection, open_inspection
from assay.text.personal_details import refuse_personal_details
from assay.wording import count_phrase
from assay.workflows.urgent import urgent_register as lists
from assay.workflows.urgent.list_closure import close_list, closed_tallies, refuse_open
from assay.workflows.urgent.list_status import ListStatus, list_status
from assay.workflows.urgent.urgent_letter import Posting, for_sender, letter_html
from assay.workflows.urgent.urgent_register import (
    ANSWERED,
    ANSWERS,
    CONFIRMED,
    LOST,
    OPEN,
    PROPOSED,
    SENT_STATE,
    SET_ASIDE,
    Entry,
    Register,
)
from assay.workflows.urgent.urgent_search import ActionResult, unsearched_returns

HOURS = 48
"""How long a force has to answer, unless the letter says otherwise."""


@lists.exclusive
def decide_entries(
    folder: Path, force_code: str, keys: Sequence[str], *, reader: str, why: str = "", set_aside: bool = False
) -> ActionResult:
    """Confirm entries of an urgent list, or set them aside with a reason."""
    register = lists.require_register(folder, force_code)
    if not reader.strip():
        raise UsageError(
            "The reader is missing. Give the post of the person who read the entries: --by 'Lead inspector'."
        )
    if set_aside and not why.strip():
        raise UsageError("The reason is missing. Give the reason why the entries are set aside: --why")
    refuse_personal_details("--by", reader)
    refuse_personal_details("--why", why)
    decided = [_undecided(register.get(key)) for key in keys]
    state = SET_ASIDE if set_aside else CONFIRMED
    lists.write_register(
        folder, register.with_entries(replace(entry, state=state, by=reader, why=why) for entry in decided)
    )
    _record_action(
        open_inspection(folder),
        reader,
        f"urgent list of {force_code}: {count_phrase(len(decided), 'entry', 'entries')} {state}",
        why,
    )
    return ActionResult((f"{count_phrase(len(decided), 'entry is', 'entries are')} {state} by {reader}.",))


def _undecided(entry: Entry) -> Entry:
    if entry.state not in (PROPOSED, LOST, CONFIRMED, SET_ASIDE):
        raise UsageError(f"{entry.key} was sent, so it can no longer be confirmed or set aside.")
    return entry


@lists.exclusive
def send_letter(folder: Path, force_code: str, *, post: str, now: datetime, hours: int = HOURS) -> ActionResult:
    """Write the letter with every confirmed entry to one named post; the deadline starts now."""
    register = lists.require_register(folder, force_code)
    entries = register.in_states(CONFIRMED)
    if not entries:
        raise UsageError(
            f"No entry of {force_code} is confirmed, so there is nothing to send. See: assay urgent status"
        )
    due = now + timedelta(hours=hours)
    path = _write_letter(folder, register, entries, Posting(post, now, due))
    sent_entries = (
        replace(entry, state=SENT_STATE, sent=_timestamp(now), due=_timestamp(due), to=post) for entry in entries
    )
    lists.write_register(folder, register.with_entries(sent_entries))
    number = count_phrase(len(entries), "entry", "entries")
    return ActionResult((f"{number} for {post}, to be answered by {due:%d %B %Y, %H:%M}:",), path)


@lists.exclusive
def escalate_entries(folder: Path, force_code: str, *, post: str, now: datetime, hours: int = HOURS) -> ActionResult:
    """Write a second letter, to a more senior post, with every overdue entry."""
    register = lists.require_register(folder, force_code)
    late = tuple(entry for entry in register.entries if entry.overdue(now))
    if not late:
        raise UsageError(f"No entry of {force_code} is overdue.")
    if post in {entry.to for entry in late}:
        raise UsageError(f"The entries were sent to {post} already. Give a higher post with --to.")
    due = now + timedelta(hours=hours)
    path = _write_letter(folder, register, late, Posting(post, now, due, is_escalation=True))
    lists.write_register(
        folder, register.with_entries(replace(entry, due=_timestamp(due), to=post, escalated_to=post) for entry in late)
    )
    return ActionResult((f"{count_phrase(len(late), 'entry', 'entries')} escalated to {post}:",), path)


def _write_letter(folder: Path, register: Register, entries: Sequence[Entry], posting: Posting) -> Path:
    if not posting.post.strip():
        raise UsageError(
            "The post is missing. Give the post in the force that receives the letter: --to 'Head of public "
            "protection'."
        )
    refuse_personal_details("--to", posting.post)
    inspection = open_inspection(folder)
    text = letter_html(for_sender(inspection.request.organisation(register.body), entries), posting)
    path = lists.list_folder(folder, register.body) / f"letter-{posting.now:%Y-%m-%dT%H%M}.html"
    path.write_text(text, encoding="utf-8", newline="\n")
    summary = f"urgent list of {register.body}: {count_phrase(len(entries), 'entry', 'entries')} sent"
    _record_action(inspection, posting.post, summary, "escalated" if posting.is_escalation else "")
    return path


@lists.exclusive
def receive_answers(
    folder: Path, force_code: str, answers: Path, *, now: datetime, replace_answers: bool = False
) -> ActionResult:
    """Receive the force's answers from a CSV file with `entry` and `answer`.

    Two answers to one entry are refused. An answer that differs from an earlier one replaces it only if
    `replace_answers` is set; the earlier one is stored too.
    """
    register = lists.require_register(folder, force_code)
    answers_by_entry = {register.get(key): word for key, word in _read_answers(answers).items()}
    changed = [entry for entry, word in answers_by_entry.items() if entry.state == ANSWERED and entry.answer != word]
    if changed and not replace_answers:
        raise UsageError(
            f"{count_phrase(len(changed), 'entry has', 'entries have')} another answer already: "
            f"{', '.join(entry.key for entry in changed)}. Ask the force which answer is right. If it is the new "
            "one, add --instead; the earlier answer is kept."
        )
    answered_entries = [_answered(entry, word, now) for entry, word in answers_by_entry.items()]
    updated = register.with_entries(answered_entries)
    lists.write_register(folder, updated)
    number = f"{count_phrase(len(answered_entries), 'answer')} taken in"
    change = f", {len(changed)} in place of an earlier one" if changed else ""
    _record_action(open_inspection(folder), force_code, f"urgent list: {number}{change}", "")
    left = len(updated.in_states(SENT_STATE))
    return ActionResult((f"{number}{change}; {count_phrase(left, 'entry waits', 'entries wait')} still.",))


def _read_answers(path: Path) -> dict[str, str]:
    """Return the answer to each entry; UsageError for an invalid word, and for two different answers to one entry."""
    if not path.is_file():
        raise UsageError(f"{path} is not a file. Name the CSV file of the force's answers.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [{name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
                for row in csv.DictReader(file, restval="")]  # fmt: skip
    if not rows or not {"entry", "answer"} <= set(rows[0]):
        raise UsageError(f"{path} needs a first line 'entry,answer' and a line for each entry.")
    wrong = next((line for line, row in enumerate(rows, start=2) if row["answer"] not in ANSWERS), 0)
    if wrong:
        raise UsageError(f"{path}: line {wrong} has an unknown answer. Use one of {', '.join(ANSWERS)}.")
    return _unique_answers(path, rows)


def _unique_answers(path: Path, rows: Sequence[dict[str, str]]) -> dict[str, str]:
    answers_by_key: dict[str, tuple[int, str]] = {}
    for line, row in enumerate(rows, start=2):
        first, word = answers_by_key.setdefault(row["entry"], (line, row["answer"]))
        if word != row["answer"]:
            raise UsageError(
                f"{path}: lines {first} and {line} give two answers to one entry, so nothing was accepted. Ask "
                "the force which is right, and delete the other line."
            )
    return {key: word for key, (_, word) in answers_by_key.items()}


def _answered(entry: Entry, word: str, now: datetime) -> Entry:
    if entry.state not in (SENT_STATE, ANSWERED):
        raise UsageError(f"{entry.key} was not sent, so it has no answer.")
    if entry.answer == word:
        return entry
    earlier_answers = (
        (*entry.earlier_answers, f"{entry.answer}, {entry.answered}") if entry.answer else entry.earlier_answers
    )
    return replace(entry, state=ANSWERED, answer=word, answered=_timestamp(now), earlier_answers=earlier_answers)


def show_list_status(folder: Path, force_code: str = "", *, now: datetime) -> ListStatus:
    """Return the status of the urgent list of a force, or of all lists together."""
    inspection = open_inspection(folder)
    registers = [register for register in lists.all_registers(folder) if force_code in ("", register.body)]
    unsearched = tuple(
        register.force_code for register in unsearched_returns(inspection) if force_code in ("", register.force_code)
    )
    return list_status(registers, now, closed_tallies(inspection.ledger, force_code), unsearched)


@lists.exclusive
def close_urgent_list(
    folder: Path, force_code: str, *, reader: str, now: datetime, although_open: bool = False
) -> ActionResult:
    """Record the counts of a list in the ledger, and destroy the list with its letters.

    A list with entries to be read, sent or answered is refused, unless `although_open` is set.
    """
    refuse_personal_details("--by", reader)
    register = lists.require_register(folder, force_code)
    if not although_open:
        refuse_open(folder, [register])
    why = (
        "closed although entries were open"
        if although_open and register.in_states(*OPEN)
        else "every entry was dealt with"
    )
    summary = close_list(
        folder, open_inspection(folder).ledger, register, reader=reader, why=why, now=now, return_withdrawn=False
    )
    return ActionResult(
        (f"The list of {force_code} is closed and destroyed. The ledger keeps the numbers: {summary}.",)
    )


def _record_action(inspection: Inspection, post: str, action: str, why: str) -> None:
    inspection.ledger.append(EventKind.MANUAL, who=post, what=action, why=why or "the urgent list")


def _timestamp(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
