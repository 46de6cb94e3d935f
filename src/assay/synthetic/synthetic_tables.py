"""What does one force hold, table by table, before it is written to files?"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from assay.synthetic.local_time import Span, When, day, tidy
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_country import Force
from assay.synthetic.synthetic_people import People, Person

Row = dict[str, Any]


@dataclass
class Book:
    """The rows of one division of a force, and beside them the truth about some of them.

    `numbers`, `totals` and `whole` (a stream of chance) are the whole force's; `crimes` is the number
    of this division, `last` whether it is the last; `again` holds children who come to notice again on some day.
    """

    force: Force
    span: Span
    chance: Chance
    people: People
    tables: dict[str, list[Row]] = field(default_factory=dict)
    truth: dict[str, list[Row]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    totals: Counter[str] = field(default_factory=Counter)
    crimes: int = 0
    last: bool = True
    whole: Chance = field(default_factory=lambda: Chance("whole"))
    again: dict[str, dt.date] = field(default_factory=dict)
    suspects_known: list[Person] = field(default_factory=list)

    def ref(self, prefix: str) -> str:
        """The next number of a kind: 'C' gives C00001, C00002 and so on."""
        self.numbers[prefix] = self.numbers.get(prefix, 0) + 1
        return f"{prefix}{self.numbers[prefix]:05d}"

    def rows(self, table: str) -> list[Row]:
        """The rows of a table so far."""
        return self.tables.setdefault(table, [])

    def add(self, table: str, **values: Any) -> Row:
        """One more row; times are moved off minutes that a return cannot hold."""
        row = {name: tidy(value) if isinstance(value, dt.date) else value for name, value in values.items()}
        self.rows(table).append(row)
        return row

    def know(self, table: str, **values: Any) -> None:
        """One more row of the truth."""
        self.truth.setdefault(table, []).append({"force_code": self.force.code, **values})

    def seen(self, when: When | None) -> bool:
        """Whether it had happened by extraction."""
        return when is not None and (
            when < self.span.extracted_at if isinstance(when, dt.datetime) else when < day(self.span.extracted_at)
        )

    def by_now(self, when: When | None) -> When | None:
        """The time, or None if it had not happened by extraction."""
        return when if self.seen(when) else None

    def step(self, kind: str, happened_at: When, **names: Any) -> str | None:
        """One event, unless it lies after extraction; its reference."""
        if not self.seen(happened_at):
            return None
        ref = self.ref("E")
        entered = None
        if isinstance(happened_at, dt.datetime) and self.chance.happens(0.3):
            later = happened_at + dt.timedelta(minutes=self.chance.whole(2, 2000))
            entered = self.by_now(later)
        self.add("events", event_ref=ref, kind=kind, happened_at=happened_at, entered_at=entered, **names)
        return ref
