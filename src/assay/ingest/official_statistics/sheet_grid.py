"""Cells of a sheet or text file as text, with the row numbers that a spreadsheet shows.

A grid is one sheet of a workbook, or one text or Parquet file: its first rows (in which a header is sought) and, on
demand, everything below the header as text columns `c0`, `c1` and so on. Nothing is converted to a number here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

HEAD_ROWS = 40


@dataclass(frozen=True)
class MarkedCell:
    """A cell whose displayed value cannot be trusted: `rule` is 'formula' or 'error'; `column` counts from 0."""

    row: int
    column: int
    rule: str


@dataclass(frozen=True)
class BrokenRow:
    """A row with more or fewer cells than the header, which is set aside as a whole."""

    row: int
    cells: int


@dataclass(frozen=True)
class SheetRows:
    """The rows under a header. `records` is their number by an independent count (None: not counted).

    The cells are texts, or dictionaries of texts.
    """

    cells: pa.Table
    row_numbers: np.ndarray
    marked_cells: tuple[MarkedCell, ...] = ()
    broken_rows: tuple[BrokenRow, ...] = ()
    records: int | None = None


@dataclass(frozen=True)
class Grid:
    """One sheet or text file as a grid of text.

    `head`: the first rows; `read_rows(n)`: everything after the first n rows; `note`: how the file had to be read;
    `has_last_line_end`: False if the last line of a text has no line end, as in a truncated file.
    """

    sheet: str
    head: tuple[tuple[str, ...], ...]
    read_rows: Callable[[int, int], SheetRows]
    note: str = ""
    has_last_line_end: bool = True


def filled_rows(cells: pa.Table) -> np.ndarray:
    """Return which rows have a value in any cell; an empty text counts as a value."""
    is_filled = np.zeros(cells.num_rows, dtype=bool)
    for column in cells.columns:
        is_filled |= pc.is_valid(column).to_numpy()
    return is_filled


def parquet_grid(table: pa.Table) -> Grid:
    """Return a Parquet table as a grid of text whose first row is its column names.

    Raises
    ------
    pa.ArrowException
        If a cell cannot become text.
    """
    names = tuple(table.column_names)
    cells = pa.table({f"c{i}": text_column(column) for i, column in enumerate(table.columns)})

    def read_rows(start_row: int, width: int) -> SheetRows:
        return SheetRows(cells, np.arange(2, table.num_rows + 2), records=table.num_rows)

    return Grid("", (names,), read_rows)


def text_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column as text; NaN becomes a missing cell."""
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    return column.cast(pa.string())
