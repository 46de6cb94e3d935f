"""Which rows were set aside on receipt that might have been the row that a rule looks for?

Rule R58 of the return contract: for the crime, person or episode that such a row names, absence decides nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assay.sdc import ToSender

EVENTS = "events"
NAMING = ("crime_ref", "person_ref", "missing_ref")


@dataclass(frozen=True)
class LostRows:
    """The rows of `incomplete` that were lost as a whole, as (table, kind of event, column, reference). The kind is
    empty where it cannot be read: such a row may have been of any kind."""

    names: frozenset[tuple[str, str, str, str]]

    @classmethod
    def of(cls, sent: ToSender) -> LostRows:
        """From the table `incomplete` of one return."""
        return cls(frozenset(_names(sent.rows("incomplete"))))

    def of_table(self, table: str, column: str, refs: Collection[str | None], kinds: Iterable[str] = ("",)) -> bool:
        """Whether a lost row of a table names one of these references; of events, one of these kinds or of any."""
        wanted = {"", *kinds}
        return any((table, kind, column, ref) in self.names for ref in refs if ref for kind in wanted)


def _names(rows: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str, str, str]]:
    for row in rows:
        if row.get("record_ref") is None:
            for column in NAMING:
                if row.get(column):
                    yield row["table_name"], row.get("kind") or "", column, row[column]
