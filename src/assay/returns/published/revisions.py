"""How many cells of a year did a newer edition of a file change, by how much, and which one most?"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from assay import commission
from assay.errors import AssayError

KEYS: dict[str, tuple[str, ...]] = {
    "recorded": ("financial_year", "quarter", "force_code", "offence_code"),
    "outcomes": ("financial_year", "quarter", "force_code", "offence_code", "outcome_code"),
    "children_in_need": ("year", "level", "area_code", "factor"),
    "flagged": ("year", "area_code", "flag"),
    "population": ("mid_year", "level", "area_code"),
}
"""What one cell of a return is of: the columns that name it."""
COUNT = {
    "recorded": "offences", "outcomes": "of_recorded", "children_in_need": "episodes", "flagged": "offences",
    "population": "population",
}  # fmt: skip


@dataclass(frozen=True)
class Revision:
    """What the newer of two files changed in the cells that both hold; `added` and `dropped` are in one file alone."""

    newer: str
    older: str
    compared: int
    changed: int
    total_before: int
    total_after: int
    largest: str
    largest_before: int | None
    largest_after: int | None
    added: int
    dropped: int

    @property
    def sentence(self) -> str:
        """The revision in words."""
        start = f"{self.newer} revises {self.older}: {self.changed:,} of {self.compared:,} cells that both hold changed"
        alone = [f"{n:,} cells are {what}" for n, what in ((self.added, "new"), (self.dropped, "gone")) if n]
        ends = f" {'; '.join(alone)}." if alone else ""
        if not self.changed:
            return f"{start}.{ends}"
        return (
            f"{start}, and their total went from {self.total_before:,} to {self.total_after:,} "
            f"({self.total_after - self.total_before:+,}). The largest change is {self.largest}: from "
            f"{_said(self.largest_before)} to {_said(self.largest_after)}.{ends}"
        )


ALONE = "select {keys}, true as here, sum({count})::bigint as n from {rows} group by all"
BOTH = "newer_cells a full join older_cells b using ({keys})"
COUNTED = """
select count(*) filter (a.here and b.here), count(*) filter (a.here and b.here and a.n is distinct from b.n),
       coalesce(sum(b.n) filter (a.here and b.here), 0)::bigint,
       coalesce(sum(a.n) filter (a.here and b.here), 0)::bigint,
       count(*) filter (b.here is null), count(*) filter (a.here is null)
"""


def revision(newer: tuple[str, pa.Table], older: tuple[str, pa.Table], kind: str) -> Revision | None:
    """What the file `newer` (name, rows) changed of `older`, in the same years; None where they share no cell."""
    keys = ", ".join(KEYS[kind])
    both = BOTH.format(keys=keys)
    with duckdb.connect() as store:
        for rows, (_, table) in (("newer", newer), ("older", older)):
            store.register(rows, table)
            alone = ALONE.format(keys=keys, count=COUNT[kind], rows=rows)
            store.execute(f"create table {rows}_cells as {alone}")
        [counted] = store.execute(f"{COUNTED} from {both}").fetchall()
        largest = store.execute(
            f"select b.n, a.n, {keys} from {both} where a.here and b.here and a.n is distinct from b.n "
            f"order by abs(coalesce(a.n, 0) - coalesce(b.n, 0)) desc, {keys} limit 1"
        ).fetchall()
    compared, changed, before, after, added, dropped = counted
    if not compared:
        return None
    was, became, *place = largest[0] if largest else (None, None)
    named = ", ".join(_named(key, value) for key, value in zip(KEYS[kind], place, strict=False) if key != "level")
    return Revision(newer[0], older[0], compared, changed, before, after, named, was, became, added, dropped)


def _named(key: str, value: object) -> str:
    """A part of a cell's place in words: 'Kent', 'quarter 1', 'code 88A'."""
    before = {"quarter": "quarter ", "offence_code": "code ", "outcome_code": "outcome "}.get(key, "")
    if key in ("force_code", "area_code"):
        try:
            return commission.forces().get(str(value)).name
        except AssayError:
            return str(value)
    return f"{before}{value}"


def _said(count: int | None) -> str:
    return "no count" if count is None else f"{count:,}"
