"""Kinds of event in a case: in which table of a return each is sent, and which time limits it starts and ends.

One row for each kind. `home` says where a return holds it: `events`, a `table.column`, `worked out` from other kinds,
or `not asked`. A kind with home `events` stands only there (return contract, section 8).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import pyarrow as pa

from assay.errors import DefinitionError
from assay.reference.reference_data import Register, read_rows, split_cell

COLUMNS = (
    "key", "meaning", "subject", "starts", "ends", "home", "detail_list", "read_by", "evidence", "source",
)  # fmt: skip
SUBJECTS = ("crime", "victim", "suspect", "child", "missing", "exhibit", "any", "report", "force", "none")
_LIST_COLUMNS = ("starts", "ends", "read_by")
SCHEMA = pa.schema([(name, pa.string()) for name in COLUMNS])


@dataclass(frozen=True)
class EventKind:
    """One kind of event; `starts` and `ends` are keys of time standards, `detail_list` is a closed list or ''."""

    key: str
    meaning: str
    subject: str
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    home: str
    detail_list: str
    read_by: tuple[str, ...]
    evidence: str
    source: str

    @property
    def sent_in_events(self) -> bool:
        """True if a data return sends this kind of event as a row of the table `events`."""
        return self.home == "events"

    @property
    def table(self) -> str:
        """The table of the return that holds this kind of event, such as 'events'; '' if inferred or not requested."""
        return self.home.partition(".")[0] if self.sent_in_events or "." in self.home else ""

    @property
    def column(self) -> str:
        """The column that holds the time of the event; '' if there is no single column."""
        return "happened_at" if self.sent_in_events else self.home.partition(".")[2]


class EventKinds(Register[EventKind]):
    """The closed list of kinds of event."""

    member_name = "kind of event"

    def home_counts(self) -> Counter[str]:
        """Return the number of kinds of event by the table or column in which a return sends them (`home`)."""
        return Counter(kind.home for kind in self.all)

    def by_subject(self, *subjects: str) -> tuple[EventKind, ...]:
        """Return the kinds of event about any of these subjects."""
        return tuple(kind for kind in self.all if kind.subject in subjects)

    def table(self) -> pa.Table:
        """Return one row for each kind of event, all text; several keys in one cell are separated by a bar."""
        rows = {field.name: [_cell(getattr(kind, field.name)) for kind in self.all] for field in SCHEMA}
        return pa.table(rows, schema=SCHEMA)


def _cell(value: object) -> object:
    return "|".join(value) if isinstance(value, tuple) else value


@lru_cache
def event_kinds() -> EventKinds:
    """Return the 124 kinds of event, in the order of the file; DefinitionError for an unknown subject."""
    return EventKinds([_kind(row) for row in read_rows("event_kinds", COLUMNS)])


def _kind(row: dict[str, str]) -> EventKind:
    if row["subject"] not in SUBJECTS:
        raise DefinitionError(f"event_kinds.csv, {row['key']}: unknown subject {row['subject']!r}.")
    lists = {name: split_cell(row, name) for name in _LIST_COLUMNS}
    return EventKind(**{**row, **lists})  # type: ignore[arg-type]
