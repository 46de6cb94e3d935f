"""What does one entry of an inspection say, without who its people are? And with it, once somebody has said why?

An entry is handed out with its people as what they are in the case. As it was sent it is handed out only to somebody
who gives a reason, and the ledger says so before the first word is shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from assay.engine.provenance import EventKind, sign_head
from assay.engine.provenance.ledger_signatures import require_unaltered
from assay.engine.provenance.remaining_references import References
from assay.errors import UsageError
from assay.facts.redacted_texts import Row, Texts
from assay.ingest.accepted_returns import Held, all_held, holding
from assay.ingest.inspection_folder import Inspection, open_inspection
from assay.text import Entry
from assay.text.personal_details import refuse_personal_details
from assay.workflows.retire.ledger_entry_codes import entry_code, known_coder

NOTES, SUMMARIES = "notes", "summaries"
LEAST_REASON = 10
CODE = re.compile(r"[A-Za-z0-9._-]{2,40}")


@dataclass(frozen=True)
class Note:
    """One entry: its text without its people, and what the return says of it."""

    text: str
    entry: Entry

    def as_dict(self) -> dict[str, str]:
        """The text, and nothing that a machine finds in it."""
        return {"text": self.text, "author_role": self.entry.author_role, "entry_type": self.entry.entry_type}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        return [self.text]


def note(folder: Path, body: str, reference: str, *, today: date | None = None, table: str = NOTES) -> Note:
    """The entry without who its people are; DisclosureError where something of them would be left in it. `table`:
    "summaries" for the summary of a crime, by its number."""
    texts, row, _ = _found(open_inspection(folder), body, reference, today or date.today(), table)
    left = texts.without_names(table, row) or ""
    return Note(left, Entry(row.get("author_role") or "", row.get("entry_type") or ""))


def unlock(folder: Path, body: str, reference: str, *, who: str, reason: str, today: date | None = None) -> str:
    """The entry as it was sent. The ledger says who, which (by a code, `unlocked` tells of which entry) and why before
    it is given; `who` is a code, never a name."""
    _refuse_unsaid(who, reason, reference)
    inspection = open_inspection(folder)
    require_unaltered(inspection.ledger)
    *_, text = _found(inspection, body, reference, today or date.today())
    _note(inspection, EventKind.TEXT_UNLOCKED, who, body, entry_code(folder, body, NOTES, reference), reason)
    return text


def note_with_verdict(
    folder: Path, body: str, reference: str, *, who: str, reason: str, today: date | None = None, table: str = NOTES
) -> Note:
    """The same as `note`, for somebody who asks what the machine finds in it. The ledger says who, which and why before
    it is given: whoever confirms texts reads blind."""
    _refuse_unsaid(who, reason, reference)
    require_unaltered(open_inspection(folder).ledger)
    found = note(folder, body, reference, today=today, table=table)
    inspection = open_inspection(folder)
    _note(inspection, EventKind.VERDICT_SHOWN, who, body, entry_code(folder, body, table, reference), reason)
    return found


def _refuse_unsaid(who: str, reason: str, reference: str) -> None:
    """UsageError where it is not said who reads and why, or in words that the ledger must not hold."""
    if not CODE.fullmatch(who):
        raise UsageError("Say who reads by a code of letters and digits, never by a name.")
    if len(" ".join(reason.split())) < LEAST_REASON:
        raise UsageError(f"Say why in a sentence of at least {LEAST_REASON} characters; it stands in the ledger.")
    if References([reference]).find_in_text(reason):
        raise UsageError("Say why without the reference of the entry: the ledger outlives it, and names it by a code.")
    refuse_personal_details("The reason", reason)


def _note(inspection: Inspection, kind: EventKind, who: str, body: str, code: str, reason: str) -> None:
    inspection.ledger.append(kind, who=who, body=body, entry=code, why=" ".join(reason.split()))
    sign_head(inspection.ledger)


@dataclass(frozen=True)
class Unlocked:
    """Every time that a text was shown as it was sent: when, who, whose return, which entry and why."""

    events: tuple[dict[str, str], ...]

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return {"unlocked": list(self.events)}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        if not self.events:
            return ["No text was shown as it was sent."]
        return [f"{one['at']}: {one['who']} read {one['entry']} of {one['body']}. {one['why']}" for one in self.events]


def unlocked(folder: Path) -> Unlocked:
    """Which texts were shown as they were sent; an entry by its reference while its return is here, or by its code."""
    inspection = open_inspection(folder)
    entries = [one for one in inspection.ledger.entries() if one.kind == EventKind.TEXT_UNLOCKED.key]
    names = _names_of_codes(folder, inspection) if entries else {}
    return Unlocked(
        tuple(
            {
                "at": one.at,
                **{name: str(one.about[name]) for name in ("who", "body", "why")},
                "entry": names.get(str(one.about["entry"]), str(one.about["entry"])),
            }
            for one in entries
        )
    )


def _names_of_codes(folder: Path, inspection: Inspection) -> dict[str, str]:
    coder = known_coder(folder)
    if coder is None:
        return {}
    paths = [(one.body, folder / one.stage / f"{NOTES}.parquet") for one in all_held(inspection)]
    rows = ((body, pq.read_table(path, columns=["note_ref"])) for body, path in paths if path.is_file())
    return {
        coder.code(body, NOTES, reference): reference
        for body, table in rows
        for reference in table["note_ref"].to_pylist()
        if reference
    }


def _found(
    inspection: Inspection, body: str, reference: str, today: date, table: str = NOTES
) -> tuple[Texts, Row, str]:
    """One entry of the return that a body sent: its return's texts, its row, and itself as it was sent."""
    texts = Texts(inspection, _return_of(inspection, body), today, table=table, why="reading an entry")
    row, text = texts.row(table, reference), texts.as_sent(table, reference)
    if row is None or text is None:
        raise UsageError(f"The return of {body} holds no entry {reference} with a text that may be read.")
    return texts, row, text


def _return_of(inspection: Inspection, body: str) -> Held:
    for one in holding(inspection):
        if one.body == body:
            return one
    raise UsageError(f"The inspection holds no return of {body}.")
