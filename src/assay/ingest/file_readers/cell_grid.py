"""The cells of one file or sheet as text, before the heading row is known."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class RaggedRow:
    """A row of a delimited file with more or fewer cells than most; `is_split` is False if its quotes do not match."""

    line: int
    cells: tuple[str | None, ...]
    is_split: bool = True


@dataclass(frozen=True)
class MergedArea:
    """A rectangle of merged cells of a sheet, all ends included; columns count from 0, rows as a spreadsheet shows."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True)
class CellGrid:
    """One delimited file, Parquet file or sheet of a workbook.

    Parameters
    ----------
    name
        The name of the sheet in a workbook; '' in a file of one table.
    cells
        String columns c0, c1 and so on: stripped, null where a cell is empty.
    rows
        The line or row number in the file of each row (int64).
    headings
        The names of the columns, where the file itself declares them (Parquet); empty if a heading must be found.
    is_hidden
        True for a sheet that the workbook does not show.
    """

    name: str
    cells: pa.Table
    rows: pa.Array
    ragged_rows: tuple[RaggedRow, ...] = ()
    merged_areas: tuple[MergedArea, ...] = ()
    blank_lines: int = 0
    encoding: str = ""
    delimiter: str = ""
    headings: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    is_hidden: bool = False


def stripped_text(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Return a column as text without space around it; null where nothing is left."""
    if not pa.types.is_string(column.type):
        column = column.cast(pa.string())
    text = pc.utf8_trim_whitespace(column)
    is_empty = pc.equal(text, "")
    if not pc.any(is_empty).as_py():
        return text
    return pc.if_else(is_empty, pa.scalar(None, pa.string()), text)


def stripped_cell(text: str | None) -> str | None:
    """Return one cell as `stripped_text` does."""
    return (text or "").strip() or None
