"""The records of one force by table, before they are written to files."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from assay.synthetic.local_time import Span, When, day, valid_time
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_country import SyntheticForce
from assay.synthetic.synthetic_people import People, Person

Row = dict[str, Any]


@dataclass
class ForceRecords:
    """The rows of one batch (division) of a force, and the truth about some of them.

    `numbers`, `totals` and `force_stream` (a random stream) are for the whole force; `crimes` is the number in this
    division, `last` whether it is the last; `repeat_dates` holds the days on which children come to notice again.
    """

    force: SyntheticForce
    span: Span
    stream: RandomStream
    people: People
    tables: dict[str, list[Row]] = field(default_factory=dict)
    truth: dict[str, list[Row]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    totals: Counter[str] = field(default_factory=Counter)
    crimes: int = 0
    last: bool = True
    force_stream: RandomStream = field(default_factory=lambda: RandomStream("whole"))
    repeat_dates: dict[str, dt.date] = field(default_factory=dict)
    suspects_known: list[Person] = field(default_factory=list)

    def ref(self, prefix: str) -> str:
        """Return the next reference of a kind: 'C' gives C00001, C00002 and so on."""
        self.numbers[prefix] = self.numbers.get(prefix, 0) + 1
        return f"{prefix}{self.numbers[prefix]:05d}"

    def rows(self, table: str) -> list[Row]:
        """Return the rows of a table that exist so far."""
        return self.tables.setdefault(table, [])

    def add(self, table: str, **values: Any) -> Row:
        """Add a row; a time that a return cannot contain is moved to the nearest valid one."""
        row = {name: valid_time(value) if isinstance(value, dt.date) else value for name, value in values.items()}
        self.rows(table).append(row)
        return row

    def add_truth(self, table: str, **values: Any) -> None:
        """Add a row to a table of the known truth."""
        self.truth.setdefault(table, []).append({"force_code": self.force.code, **values})

    def is_before_extraction(self, when: When | None) -> bool:
        """Return True if the time is before the extraction."""
        return when is not None and (
            when < self.span.extracted_at if isinstance(when, dt.datetime) else when < day(self.span.extracted_at)
        )

    def time_if_extracted(self, when: When | None) -> When | None:
        """Return the time if it is before the extraction; otherwise None."""
        return when if self.is_before_extraction(when) else None

    def add_event(self, kind: str, happened_at: When, **names: Any) -> str | None:
        """Add an event, unless it lies after extraction; return its reference."""
        if not self.is_before_extraction(happened_at):
            return None
        ref = self.ref("E")
        entered = None
        if isinstance(happened_at, dt.datetime) and self.stream.happens(0.3):
            later = happened_at + dt.timedelta(minutes=self.stream.integer(2, 2000))
            entered = self.time_if_extracted(later)
        self.add("events", event_ref=ref, kind=kind, happened_at=happened_at, entered_at=entered, **names)
        return ref
