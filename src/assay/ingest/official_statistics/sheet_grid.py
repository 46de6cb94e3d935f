"""What stands in the cells of a sheet, and on which row does a person see it?

A grid is one sheet of a workbook, or one text or Parquet file: its first rows (where a header is looked for)
and, on demand, everything below the header as text columns `c0`, `c1` and so on. Nothing is turned into a
number here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

HEAD = 40


@dataclass(frozen=True)
class Marked:
    """A cell whose shown value cannot be trusted: `rule` is 'formula' or 'error'; `column` counts from 0."""

    row: int
    column: int
    rule: str


@dataclass(frozen=True)
class Broken:
    """A row with more or fewer cells than the header: it is set aside whole."""

    row: int
    cells: int


@dataclass(frozen=True)
class Body:
    """The rows under a header. `records` is their number counted by other means (None: could not be
    counted)."""

    cells: pa.Table
    rows: np.ndarray
    marked: tuple[Marked, ...] = ()
    broken: tuple[Broken, ...] = ()
    records: int | None = None


@dataclass(frozen=True)
class Grid:
    """`head`: the first rows as text; `body(n)`: everything after the first n rows; `note`: how it had to be read;
    `has_last_line_end`: False if the last line of a text has no line end, as in a truncated file."""

    sheet: str
    head: tuple[tuple[str, ...], ...]
    body: Callable[[int, int], Body]
    note: str = ""
    has_last_line_end: bool = True


def filled(cells: pa.Table) -> np.ndarray:
    """Which rows have anything in any cell (an empty text counts as a cell, a missing one does not)."""
    anything = np.zeros(cells.num_rows, dtype=bool)
    for column in cells.columns:
        anything |= pc.is_valid(column).to_numpy()
    return anything


def parquet_grid(table: pa.Table) -> Grid:
    """A Parquet table as a grid whose first row is its column names; every cell becomes text, pa.ArrowException where
    one cannot."""
    names = tuple(table.column_names)
    cells = pa.table({f"c{i}": as_text(column) for i, column in enumerate(table.columns)})

    def body(after: int, width: int) -> Body:
        return Body(cells, np.arange(2, table.num_rows + 2), records=table.num_rows)

    return Grid("", (names,), body)


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Any column as text; NaN is a missing number and becomes a missing cell."""
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    return column.cast(pa.string())
