"""What does one entry of an inspection say, without who its people are? And with it, once somebody has said why?

An entry is handed out with its people as what they are in the case. As it was sent it is handed out only to somebody
who gives a reason, and the ledger says so before the first word is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.errors import DisclosureError, UsageError
from assay.evidence import EventKind
from assay.inspection.folder import Inspection, open_inspection
from assay.inspection.held import Held, holding, part_of
from assay.inspection.permission import Permission
from assay.language import Entry
from assay.language.redaction import Known, Person, leaks, redact
from assay.persons.nicknames import openings, stands_for
from assay.returns.apart import IDENTITIES, TEXTS

NOTES, SUMMARIES = "notes", "summaries"
KEYS = {NOTES: "note_ref", SUMMARIES: "crime_ref"}
TIES = ("crime_ref", "report_ref", "missing_ref", "person_ref")
LEAST_REASON = 10
CODE = re.compile(r"[A-Za-z0-9._-]{2,40}")


@dataclass(frozen=True)
class Note:
    """One entry: its text without its people, and what the return says of it."""

    text: str
    entry: Entry


def note(folder: Path, body: str, reference: str, *, today: date | None = None, table: str = NOTES) -> Note:
    """The entry without who its people are; DisclosureError where something of them would be left in it. `table`:
    "summaries" for the summary of a crime, by its number."""
    found = _Found(open_inspection(folder), body, reference, today or date.today(), table)
    known = found.known()
    left = redact(found.text, known)
    if still := leaks(left.text, known):
        kinds = ", ".join(sorted(still))
        raise DisclosureError(
            f"The entry is not shown: after redaction it still seems to hold {kinds}. Tell the maintainers."
        )
    row = found.row
    return Note(left.text, Entry(row.get("author_role") or "", row.get("entry_type") or ""))


def unlock(folder: Path, body: str, reference: str, *, who: str, reason: str, today: date | None = None) -> str:
    """The entry as it was sent. The ledger says who, which and why before it is given; `who` is a code, never a
    name."""
    if not CODE.fullmatch(who):
        raise UsageError("Say who reads by a code of letters and digits, never by a name.")
    if len(" ".join(reason.split())) < LEAST_REASON:
        raise UsageError(f"Say why in a sentence of at least {LEAST_REASON} characters; it stands in the ledger.")
    inspection = open_inspection(folder)
    text = _Found(inspection, body, reference, today or date.today()).text
    inspection.ledger.append(EventKind.TEXT_UNLOCKED, who=who, body=body, entry=reference, why=" ".join(reason.split()))
    return text


class _Found:
    """One entry of the return that a body sent, as far as it may be read today."""

    def __init__(
        self, inspection: Inspection, body: str, reference: str, today: date, table: str = NOTES
    ) -> None:
        self._folder, self._held = inspection.folder, _return_of(inspection, body)
        for part in (TEXTS, IDENTITIES):
            stage = self._folder / part_of(part, self._held.stage)
            tables = [stage / f"{table}.parquet"] if part == TEXTS else list(stage.glob("*.parquet"))
            purpose = "samples" if part == TEXTS else "linkage"
            if part == TEXTS or tables:
                Permission(inspection, today).ask(part, purpose, tables, "reading an entry")
        rows = self._rows(self._held.stage, table, KEYS[table], [reference])
        texts = self._rows(part_of(TEXTS, self._held.stage), table, KEYS[table], [reference])
        if not rows or not texts or texts[0]["text"] is None:
            raise UsageError(f"The return of {body} holds no entry {reference} with a text that may be read.")
        self.row, self.text = rows[0], str(texts[0]["text"])

    def known(self) -> Known:
        """Everybody of the entry's case, as the return knows them."""
        involved = {
            row["involvement_ref"]: row
            for tie in TIES
            if self.row.get(tie)
            for row in self._rows(self._held.stage, "involvements", tie, [self.row[tie]])
        }
        persons = sorted({row["person_ref"] for row in involved.values() if row.get("person_ref")})
        same = self._rows(self._held.stage, "involvements", "person_ref", persons)
        involved |= {row["involvement_ref"]: row for row in same}
        told = self._identities("involvements", list(involved))
        aliases = self._identities("aliases", list(involved))
        return Known(_people(involved, told, aliases), _short_forms(told + aliases))

    def _identities(self, table: str, references: Sequence[str]) -> list[dict[str, Any]]:
        return self._rows(part_of(IDENTITIES, self._held.stage), table, "involvement_ref", references)

    def _rows(self, stage: str, table: str, column: str, values: Sequence[str]) -> list[dict[str, Any]]:
        path = self._folder / stage / f"{table}.parquet"
        if not path.is_file() or not values:
            return []
        rows = pq.read_table(path)
        found: list[dict[str, Any]] = rows.filter(pc.is_in(rows[column], value_set=pa.array(values))).to_pylist()
        return found


def _return_of(inspection: Inspection, body: str) -> Held:
    for one in holding(inspection):
        if one.body == body:
            return one
    raise UsageError(f"The inspection holds no return of {body}.")


def _people(involved: dict[str, Any], told: list[dict[str, Any]], aliases: list[dict[str, Any]]) -> Iterator[Person]:
    """One person for each nominal number, and for each involvement without one."""
    grouped: dict[str, list[str]] = {}
    for reference, row in sorted(involved.items()):
        grouped.setdefault(row.get("person_ref") or f"- {reference}", []).append(reference)
    numbers: dict[str, count[int]] = {}
    for person, references in grouped.items():
        rows = [row for row in told if row["involvement_ref"] in references]
        named = rows + [row for row in aliases if row["involvement_ref"] in references]
        role = next((involved[one]["role"] for one in references if involved[one]["role"] != "nominal"), "person")
        yield Person(
            role=role,
            number=next(numbers.setdefault(role, count(1))),
            names=tuple(name for row in named if (name := f"{row['forenames'] or ''} {row['surname'] or ''}".strip())),
            phones=tuple(row["phone"] for row in rows if row["phone"]),
            addresses=tuple(row["postcode"] for row in rows if row["postcode"]),
            numbers=(*references, *((person,) if not person.startswith("- ") else ())),
            born_on=next((row["date_of_birth"] for row in rows if isinstance(row["date_of_birth"], date)), None),
        )


def _short_forms(rows: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    """The short forms of the forenames in these rows."""
    names = {name.lower() for row in rows for name in (row["forenames"] or "").split()}
    short = {name: [one for one, of in stands_for().items() if name in of] for name in names}
    begun = {name: [f"{opening}{end}" for opening in openings(name) for end in ("ie", "y")] for name in names}
    return {name: [*short[name], *begun[name]] for name in names}
