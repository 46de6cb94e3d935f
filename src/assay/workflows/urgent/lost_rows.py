"""Find rows set aside on receipt that may be the record that an urgent rule reports as absent.

By rule R58 of the return contract, absence decides nothing for the crime, person or episode that such a row names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assay.sdc import ToSender

EVENTS = "events"
REFERENCE_COLUMNS = ("crime_ref", "person_ref", "missing_ref")


@dataclass(frozen=True)
class LostRows:
    """The rows set aside as a whole (from the table `incomplete`): table, kind of event, column, reference.

    The kind is empty if it cannot be read: such a row may have been of any kind.
    """

    references: frozenset[tuple[str, str, str, str]]

    @classmethod
    def from_return(cls, sender_tables: ToSender) -> LostRows:
        """Read the rows that were set aside as a whole from the table `incomplete` of one return."""
        return cls(frozenset(_lost_references(sender_tables.rows("incomplete"))))

    def has_lost(self, table: str, column: str, refs: Collection[str | None], kinds: Iterable[str] = ("",)) -> bool:
        """Return True if a table lost a row with one of these references and one of these kinds of event."""
        event_kinds = {"", *kinds}
        return any((table, kind, column, ref) in self.references for ref in refs if ref for kind in event_kinds)


def _lost_references(rows: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str, str, str]]:
    for row in rows:
        if row.get("record_ref") is None:
            for column in REFERENCE_COLUMNS:
                if row.get(column):
                    yield row["table_name"], row.get("kind") or "", column, row[column]
