"""Compare two editions of a published file: how many cells were revised, by how much, and which one most?"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from assay import reference
from assay.engine.duckdb_connections import open_connection
from assay.errors import AssayError
from assay.ingest.official_statistics.local_tables import COUNT_TABLES

KEY_COLUMNS: dict[str, tuple[str, ...]] = {
    "recorded": ("financial_year", "quarter", "force_code", "offence_code"),
    "outcomes": ("financial_year", "quarter", "force_code", "offence_code", "outcome_code"),
    "children_in_need": ("year", "level", "area_code", "factor"),
    "population": ("mid_year", "level", "area_code"),
    **dict.fromkeys(COUNT_TABLES, ("year", "level", "area_code", "measure")),
}
"""Columns that identify a cell of each return."""
COUNT_COLUMN = {
    "recorded": "offences", "outcomes": "of_recorded", "children_in_need": "episodes", "population": "population",
    **dict.fromkeys(COUNT_TABLES, "number"),
}  # fmt: skip


@dataclass(frozen=True)
class Revision:
    """The differences between two editions of a published file."""

    newer: str
    """Name of the newer file."""
    older: str
    """Name of the older file."""
    compared: int
    """Number of cells that are in both files."""
    changed: int
    """Number of these whose count differs."""
    total_before: int
    total_after: int
    largest: str
    """The cell with the largest change, as text."""
    largest_before: int | None
    largest_after: int | None
    added: int
    """Number of cells that are only in the newer file."""
    dropped: int
    """Number of cells that are only in the older file."""

    @property
    def sentence(self) -> str:
        """Return the revision as one or more sentences, with the numbers of revised cells."""
        start = f"{self.newer} revises {self.older}: {self.changed:,} of {self.compared:,} cells that both hold changed"
        in_one_file = [f"{n:,} cells are {state}" for n, state in ((self.added, "new"), (self.dropped, "gone")) if n]
        end = f" {'; '.join(in_one_file)}." if in_one_file else ""
        if not self.changed:
            return f"{start}.{end}"
        return (
            f"{start}, and their total went from {self.total_before:,} to {self.total_after:,} "
            f"({self.total_after - self.total_before:+,}). The largest change is {self.largest}: from "
            f"{_count_text(self.largest_before)} to {_count_text(self.largest_after)}.{end}"
        )


CELLS_SQL = "select {keys}, true as is_present, sum({count})::bigint as n from {rows} group by all"
JOIN_SQL = "newer_cells a full join older_cells b using ({keys})"
COUNTS_SQL = """
select count(*) filter (a.is_present and b.is_present),
       count(*) filter (a.is_present and b.is_present and a.n is distinct from b.n),
       coalesce(sum(b.n) filter (a.is_present and b.is_present), 0)::bigint,
       coalesce(sum(a.n) filter (a.is_present and b.is_present), 0)::bigint,
       count(*) filter (b.is_present is null), count(*) filter (a.is_present is null)
"""


def compare_editions(newer: tuple[str, pa.Table], older: tuple[str, pa.Table], kind: str) -> Revision | None:
    """Return the revisions in a newer edition; None if the editions have no cells in common, or no counts.

    Parameters
    ----------
    newer, older
        Name and rows of each file, for the same years.
    kind
        The return.
    """
    if kind not in KEY_COLUMNS:
        return None
    keys = ", ".join(KEY_COLUMNS[kind])
    joined = JOIN_SQL.format(keys=keys)
    with open_connection() as store:
        for rows, (_, table) in (("newer", newer), ("older", older)):
            store.register(rows, table)
            cells = CELLS_SQL.format(keys=keys, count=COUNT_COLUMN[kind], rows=rows)
            store.execute(f"create table {rows}_cells as {cells}")
        [counts] = store.execute(f"{COUNTS_SQL} from {joined}").fetchall()
        largest = store.execute(
            f"select b.n, a.n, {keys} from {joined} where a.is_present and b.is_present and a.n is distinct from b.n "
            f"order by abs(coalesce(a.n, 0) - coalesce(b.n, 0)) desc, {keys} limit 1"
        ).fetchall()
    compared, changed, before, after, added, dropped = counts
    if not compared:
        return None
    largest_before, largest_after, *cell = largest[0] if largest else (None, None)
    parts = zip(KEY_COLUMNS[kind], cell, strict=False)
    cell_text = ", ".join(_key_text(column, value) for column, value in parts if column != "level")
    return Revision(
        newer[0], older[0], compared, changed, before, after, cell_text, largest_before, largest_after, added, dropped
    )


def _key_text(column: str, value: object) -> str:
    """Return a part of a cell's key as text: 'Kent', 'quarter 1', 'code 88A'."""
    prefix = {"quarter": "quarter ", "offence_code": "code ", "outcome_code": "outcome "}.get(column, "")
    if column in ("force_code", "area_code"):
        try:
            return reference.forces().get(str(value)).name
        except AssayError:
            return str(value)
    return f"{prefix}{value}"


def _count_text(count: int | None) -> str:
    return "no count" if count is None else f"{count:,}"
