"""Read one entry of an inspection without names, or with names for a recorded reason.

An entry is shown with its people replaced by their roles in the case. The original is shown only to a person who gives
a reason, and the ledger records that before the first word is shown.
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
from assay.facts.redacted_texts import RedactedTexts, TextRow
from assay.ingest.accepted_returns import AcceptedReturn, all_accepted_returns, current_returns
from assay.ingest.inspection_folder import Inspection, open_inspection
from assay.text import Entry
from assay.text.personal_details import refuse_personal_details
from assay.workflows.retire.ledger_entry_codes import entry_code, existing_coder

NOTES, SUMMARIES = "notes", "summaries"
MIN_REASON_LENGTH = 10
CODE = re.compile(r"[A-Za-z0-9._-]{2,40}")


@dataclass(frozen=True)
class Note:
    """One entry of a record: its text without names, and its facts in the return."""

    text: str
    entry: Entry

    def as_dict(self) -> dict[str, str]:
        """Return the text without any machine findings."""
        return {"text": self.text, "author_role": self.entry.author_role, "entry_type": self.entry.entry_type}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        return [self.text]


def read_entry(folder: Path, force_code: str, reference: str, *, today: date | None = None, table: str = NOTES) -> Note:
    """Return an entry without names; DisclosureError if a name would remain in it.

    `table`: "summaries" for the summary of a crime, by its number.
    """
    texts, row, _ = _find_entry(open_inspection(folder), force_code, reference, today or date.today(), table)
    redacted_text = texts.redacted_text(table, row) or ""
    return Note(redacted_text, Entry(row.get("author_role") or "", row.get("entry_type") or ""))


def unlock_entry(
    folder: Path, force_code: str, reference: str, *, reader_code: str, reason: str, today: date | None = None
) -> str:
    """Return an entry with its names, after the ledger records who reads which entry and why.

    `who` is a code, never a name; the ledger names the entry by a code too (`unlock_log` resolves it).
    """
    _check_reader_and_reason(reader_code, reason, reference)
    inspection = open_inspection(folder)
    require_unaltered(inspection.ledger)
    *_, text = _find_entry(inspection, force_code, reference, today or date.today())
    _record_event(
        inspection,
        EventKind.TEXT_UNLOCKED,
        reader_code,
        force_code,
        entry_code(folder, force_code, NOTES, reference),
        reason,
    )
    return text


def read_entry_with_verdict(
    folder: Path,
    force_code: str,
    reference: str,
    *,
    reader_code: str,
    reason: str,
    today: date | None = None,
    table: str = NOTES,
) -> Note:
    """Return an entry without names, with the machine's findings; the ledger records who reads it and why.

    The event is recorded because raters of texts must read blind.
    """
    _check_reader_and_reason(reader_code, reason, reference)
    require_unaltered(open_inspection(folder).ledger)
    entry = read_entry(folder, force_code, reference, today=today, table=table)
    inspection = open_inspection(folder)
    _record_event(
        inspection,
        EventKind.VERDICT_SHOWN,
        reader_code,
        force_code,
        entry_code(folder, force_code, table, reference),
        reason,
    )
    return entry


def _check_reader_and_reason(reader_code: str, reason: str, reference: str) -> None:
    """Raise UsageError if reader or reason is missing, or in words that the ledger must not hold."""
    if not CODE.fullmatch(reader_code):
        raise UsageError("The reader is missing. Give a code of letters and digits, never a name.")
    if len(" ".join(reason.split())) < MIN_REASON_LENGTH:
        raise UsageError(
            f"The reason is too short. Give a sentence of at least {MIN_REASON_LENGTH} characters; the ledger "
            "records it."
        )
    if References([reference]).find_in_text(reason):
        raise UsageError(
            "The reason contains the reference of the entry. Leave it out: the ledger names the entry by a code."
        )
    refuse_personal_details("The reason", reason)


def _record_event(
    inspection: Inspection, kind: EventKind, reader_code: str, force_code: str, code: str, reason: str
) -> None:
    inspection.ledger.append(kind, who=reader_code, body=force_code, entry=code, why=" ".join(reason.split()))
    sign_head(inspection.ledger)


@dataclass(frozen=True)
class UnlockLog:
    """A list of all times when a text was shown with names: when, by whom, which entry and why."""

    events: tuple[dict[str, str], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        return {"unlocked": list(self.events)}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        if not self.events:
            return ["No text was shown with names."]
        return [
            f"{event['at']}: {event['who']} read {event['entry']} of {event['body']}. {event['why']}"
            for event in self.events
        ]


def unlock_log(folder: Path) -> UnlockLog:
    """Return a list of all times when a text was shown with names."""
    inspection = open_inspection(folder)
    entries = [event for event in inspection.ledger.entries() if event.kind == EventKind.TEXT_UNLOCKED.key]
    names = _references_by_code(folder, inspection) if entries else {}
    return UnlockLog(
        tuple(
            {
                "at": event.at,
                **{name: str(event.about[name]) for name in ("who", "body", "why")},
                "entry": names.get(str(event.about["entry"]), str(event.about["entry"])),
            }
            for event in entries
        )
    )


def _references_by_code(folder: Path, inspection: Inspection) -> dict[str, str]:
    coder = existing_coder(folder)
    if coder is None:
        return {}
    paths = [
        (accepted_return.force_code, folder / accepted_return.stage / f"{NOTES}.parquet")
        for accepted_return in all_accepted_returns(inspection)
    ]
    rows = ((force_code, pq.read_table(path, columns=["note_ref"])) for force_code, path in paths if path.is_file())
    return {
        coder.pseudonym(force_code, NOTES, reference): reference
        for force_code, table in rows
        for reference in table["note_ref"].to_pylist()
        if reference
    }


def _find_entry(
    inspection: Inspection, force_code: str, reference: str, today: date, table: str = NOTES
) -> tuple[RedactedTexts, TextRow, str]:
    """Return one entry of a force's return: the texts of the return, its row, and the original entry."""
    texts = RedactedTexts(
        inspection, _accepted_return(inspection, force_code), today, table=table, reason="reading an entry"
    )
    row, text = texts.row(table, reference), texts.original_text(table, reference)
    if row is None or text is None:
        raise UsageError(
            f"The return of {force_code} holds no entry {reference} with a readable text. Check the reference."
        )
    return texts, row, text


def _accepted_return(inspection: Inspection, force_code: str) -> AcceptedReturn:
    for accepted_return in current_returns(inspection):
        if accepted_return.force_code == force_code:
            return accepted_return
    raise UsageError(f"The inspection holds no return of {force_code}.")
