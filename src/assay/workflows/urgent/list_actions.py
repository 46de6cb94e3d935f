"""What does somebody do with an urgent list: confirm or set aside, send, answer, escalate, close?

Each step is noted in the inspection's ledger by number and by post: never by the name of a record or of a person.
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
from assay.wording import counted
from assay.workflows.urgent import urgent_register as lists
from assay.workflows.urgent.list_closure import close_list, closed_before, refuse_open
from assay.workflows.urgent.list_status import Standing, standing
from assay.workflows.urgent.urgent_letter import Posted, for_sender, letter
from assay.workflows.urgent.urgent_register import (
    ANSWERED,
    ANSWERS,
    ASIDE,
    CONFIRMED,
    LOST,
    OPEN,
    PROPOSED,
    SENT,
    Entry,
    Register,
)
from assay.workflows.urgent.urgent_search import Done, not_looked_at

HOURS = 48
"""How long a force has to answer, unless the letter says otherwise."""


@lists.in_turn
def decide(folder: Path, body: str, keys: Sequence[str], *, by: str, why: str = "", aside: bool = False) -> Done:
    """Confirm entries, or set them aside with a reason; `by`: the post of the person who read them."""
    held = lists.there(folder, body)
    if not by.strip():
        raise UsageError("Say who read the entries, by post: --by 'Lead inspector'.")
    if aside and not why.strip():
        raise UsageError("Say why the entries are set aside: --why.")
    refuse_personal_details("--by", by)
    refuse_personal_details("--why", why)
    made = [_undecided(held.get(key)) for key in keys]
    state = ASIDE if aside else CONFIRMED
    lists.write(folder, held.changed(replace(one, state=state, by=by, why=why) for one in made))
    _note(open_inspection(folder), by, f"urgent list of {body}: {counted(len(made), 'entry', 'entries')} {state}", why)
    return Done((f"{counted(len(made), 'entry is', 'entries are')} {state} by {by}.",))


def _undecided(entry: Entry) -> Entry:
    if entry.state not in (PROPOSED, LOST, CONFIRMED, ASIDE):
        raise UsageError(f"{entry.key} has been sent: it can no longer be confirmed or set aside.")
    return entry


@lists.in_turn
def send(folder: Path, body: str, *, to: str, now: datetime, hours: int = HOURS) -> Done:
    """Write the letter with every confirmed entry to one named post; from now on the clock runs."""
    held = lists.there(folder, body)
    entries = held.of(CONFIRMED)
    if not entries:
        raise UsageError(f"No entry of {body} is confirmed, so there is nothing to send. See: assay urgent standing")
    due = now + timedelta(hours=hours)
    path = _post(folder, held, entries, Posted(to, now, due))
    sent = (replace(one, state=SENT, sent=_at(now), due=_at(due), to=to) for one in entries)
    lists.write(folder, held.changed(sent))
    number = counted(len(entries), "entry", "entries")
    return Done((f"{number} for {to}, to be answered by {due:%d %B %Y, %H:%M}:",), path)


@lists.in_turn
def escalate(folder: Path, body: str, *, to: str, now: datetime, hours: int = HOURS) -> Done:
    """Write a second letter, to a higher post, with every entry whose time is over and that was not answered."""
    held = lists.there(folder, body)
    late = tuple(one for one in held.entries if one.overdue(now))
    if not late:
        raise UsageError(f"No entry of {body} is overdue.")
    if to in {one.to for one in late}:
        raise UsageError(f"The entries were sent to {to} before: name another post, one above it.")
    due = now + timedelta(hours=hours)
    path = _post(folder, held, late, Posted(to, now, due, again=True))
    lists.write(folder, held.changed(replace(one, due=_at(due), to=to, escalated_to=to) for one in late))
    return Done((f"{counted(len(late), 'entry', 'entries')} escalated to {to}:",), path)


def _post(folder: Path, held: Register, entries: Sequence[Entry], posted: Posted) -> Path:
    if not posted.to.strip():
        raise UsageError("Say to which post of the force it goes: --to 'Head of public protection'.")
    refuse_personal_details("--to", posted.to)
    inspection = open_inspection(folder)
    text = letter(for_sender(inspection.request.body(held.body), entries), posted)
    path = lists.folder_of(folder, held.body) / f"letter-{posted.now:%Y-%m-%dT%H%M}.html"
    path.write_text(text, encoding="utf-8", newline="\n")
    what = f"urgent list of {held.body}: {counted(len(entries), 'entry', 'entries')} sent"
    _note(inspection, posted.to, what, "escalated" if posted.again else "")
    return path


@lists.in_turn
def answer(folder: Path, body: str, answers: Path, *, now: datetime, instead: bool = False) -> Done:
    """Take in the force's answers: a CSV file with `entry` and `answer`; what it cannot be is refused as a whole.

    Two answers to one entry are refused. One that differs from an answer taken in before takes its place only if it is
    to stand `instead`; the earlier one is kept beside it.
    """
    held = lists.there(folder, body)
    told = {held.get(key): word for key, word in _read_answers(answers).items()}
    changed = [entry for entry, word in told.items() if entry.state == ANSWERED and entry.answer != word]
    if changed and not instead:
        raise UsageError(
            f"{counted(len(changed), 'entry has', 'entries have')} another answer already: "
            f"{', '.join(one.key for one in changed)}. Ask the force which holds. If it is the new one, say "
            "--instead: the earlier is kept beside it."
        )
    made = [_answered(entry, word, now) for entry, word in told.items()]
    now_held = held.changed(made)
    lists.write(folder, now_held)
    number = f"{counted(len(made), 'answer')} taken in"
    change = f", {len(changed)} in place of an earlier one" if changed else ""
    _note(open_inspection(folder), body, f"urgent list: {number}{change}", "")
    left = len(now_held.of(SENT))
    return Done((f"{number}{change}; {counted(left, 'entry waits', 'entries wait')} still.",))


def _read_answers(path: Path) -> dict[str, str]:
    """The answer to each entry; UsageError for a word that is none, and for two answers to one entry that differ."""
    if not path.is_file():
        raise UsageError(f"{path} is not a file.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [{name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
                for row in csv.DictReader(file, restval="")]  # fmt: skip
    if not rows or not {"entry", "answer"} <= set(rows[0]):
        raise UsageError(f"{path} needs a first line 'entry,answer' and a line for each entry.")
    wrong = next((line for line, row in enumerate(rows, start=2) if row["answer"] not in ANSWERS), 0)
    if wrong:
        raise UsageError(f"{path}: an answer is one of {', '.join(ANSWERS)}. Line {wrong} has another.")
    return _one_each(path, rows)


def _one_each(path: Path, rows: Sequence[dict[str, str]]) -> dict[str, str]:
    told: dict[str, tuple[int, str]] = {}
    for line, row in enumerate(rows, start=2):
        first, word = told.setdefault(row["entry"], (line, row["answer"]))
        if word != row["answer"]:
            raise UsageError(
                f"{path}: lines {first} and {line} give two answers to one entry, so nothing was taken in. Ask the "
                "force which holds, and take the other line out."
            )
    return {key: word for key, (_, word) in told.items()}


def _answered(entry: Entry, word: str, now: datetime) -> Entry:
    if entry.state not in (SENT, ANSWERED):
        raise UsageError(f"{entry.key} was not sent, so it has no answer.")
    if entry.answer == word:
        return entry
    earlier = (*entry.earlier_answers, f"{entry.answer}, {entry.answered}") if entry.answer else entry.earlier_answers
    return replace(entry, state=ANSWERED, answer=word, answered=_at(now), earlier_answers=earlier)


def stands(folder: Path, body: str = "", *, now: datetime) -> Standing:
    """How the list of a body stands, or all lists together, with what is kept of those that are closed."""
    inspection = open_inspection(folder)
    mine = [one for one in lists.every(folder) if body in ("", one.body)]
    unseen = tuple(one.body for one in not_looked_at(inspection) if body in ("", one.body))
    return standing(mine, now, closed_before(inspection.ledger, body), unseen)


@lists.in_turn
def close(folder: Path, body: str, *, by: str, now: datetime, anyway: bool = False) -> Done:
    """Note in the ledger what came of a list, in numbers, and destroy it with its letters.

    Refuses while an entry is to be read, sent or answered, unless it is to be closed `anyway`.
    """
    refuse_personal_details("--by", by)
    held = lists.there(folder, body)
    if not anyway:
        refuse_open(folder, [held])
    why = "closed although it was open" if anyway and held.of(*OPEN) else "all was dealt with"
    said = close_list(folder, open_inspection(folder).ledger, held, by=by, why=why, now=now, gone=False)
    return Done((f"The list of {body} is closed and destroyed. The ledger keeps the numbers: {said}.",))


def _note(inspection: Inspection, who: str, what: str, why: str) -> None:
    inspection.ledger.append(EventKind.MANUAL, who=who, what=what, why=why or "the urgent list")


def _at(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
