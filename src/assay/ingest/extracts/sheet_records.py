"""Separate the records of a sheet from its heading, titles, totals, notes and blank rows."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay.ingest.column_headings import clean_heading
from assay.ingest.extracts.extract_model import Sheet
from assay.ingest.extracts.heading_rows import HEAD_ROWS, Heading, HeadRow, begins_with_record, find_heading
from assay.ingest.extracts.row_kinds import (
    BLANK,
    NOTE,
    REPEATED,
    RULE,
    TITLE,
    TOTAL,
    UNREADABLE,
    Row,
    common_shapes,
    filled,
    is_note,
    is_rule,
    is_total,
    shape,
)
from assay.ingest.file_readers.cell_grid import CellGrid, RaggedRow

MAX_COLUMNS = 800
HEADING = "heading"
TOTAL_WORD, TOTAL_COLUMNS = r"^\W*((grand|sub|report|overall)[ -]*)?total", 3
"""A word with which a row of totals begins, and the number of columns in which it may stand."""
SAMPLE_ROWS = 2000
"""Rows by which the usual patterns of a column are known."""


class NoTable(Exception):
    """A sheet holds no table of records: the sentence says why, and the next step."""


def sheet_records(file: str, grid: CellGrid) -> Sheet:
    """Return the records of a grid under unique headings, and the number of other rows by reason.

    Raises
    ------
    NoTable
        If there is no heading, no record, or too many columns.
    """
    n_columns = len(grid.headings) or grid.cells.num_columns
    if n_columns > MAX_COLUMNS:
        raise NoTable(
            f"it has {n_columns:,} columns, and at most {MAX_COLUMNS} are read. Export only the columns of the record."
        )
    heading = _declared_heading(grid) if grid.headings else _find_heading(grid)
    reasons = _RowReasons(grid, heading)
    row_reasons = reasons.row_reasons()
    set_aside = Counter(reason for reason in row_reasons if reason and reason != HEADING)
    set_aside.update(reason for reason in reasons.ragged_row_reasons() if reason != HEADING)
    set_aside[BLANK] += grid.blank_lines
    is_record = pa.array([not reason for reason in row_reasons], pa.bool_())
    lines = grid.rows.filter(is_record)
    if not len(lines):
        raise NoTable("there is a heading and no record under it. Export it again with its records.")
    cells = _named_columns(grid.cells.filter(is_record), heading.names)
    return Sheet(file, grid.name, cells, lines, dict(+set_aside), grid.encoding, grid.delimiter, grid.remarks)


def _declared_heading(grid: CellGrid) -> Heading:
    return Heading(tuple(clean_heading(name) for name in grid.headings), 0, 0)


def _find_heading(grid: CellGrid) -> Heading:
    rows = _head_rows(grid)
    heading = find_heading(rows, grid.merged_areas)
    if heading is not None:
        return _fitted_heading(heading, grid)
    if begins_with_record(rows):
        raise NoTable(
            "its first row looks like a record and not like the names of columns. Export it with its heading."
        )
    raise NoTable("no row with the names of columns was found, so it holds no table of records.")


def _head_rows(grid: CellGrid) -> list[HeadRow]:
    """Return the first rows in the order of the file, those with another number of cells among them."""
    columns = [column.slice(0, HEAD_ROWS).to_pylist() for column in grid.cells.columns]
    lines = grid.rows.slice(0, HEAD_ROWS).to_pylist()
    rows = [HeadRow(line, cells) for line, cells in zip(lines, zip(*columns, strict=True), strict=True)]
    ends_at = lines[-1] if grid.cells.num_rows > HEAD_ROWS else None
    for ragged in grid.ragged_rows[:HEAD_ROWS]:
        if ends_at is None or ragged.line < ends_at:
            rows.append(HeadRow(ragged.line, _padded(ragged.cells, grid.cells.num_columns)))
    return sorted(rows, key=lambda row: row.line)


def _padded(cells: Row, width: int) -> tuple[str | None, ...]:
    return (*cells, *[None] * (width - len(cells)))


def _fitted_heading(heading: Heading, grid: CellGrid) -> Heading:
    """Return a heading with as many names as the records have cells.

    A heading of another width is used only if it is certain which cell stands under which name: if the cells beyond it
    are empty, or if the records begin with a number of the row that has no name.
    """
    width = grid.cells.num_columns
    n_names = max(filled(heading.names), default=-1) + 1
    beyond = grid.cells.columns[n_names:]
    is_ragged = any(row.line == heading.last_line for row in grid.ragged_rows)
    if not is_ragged or (n_names <= width and all(column.null_count == len(column) for column in beyond)):
        return replace(heading, names=_padded_names(heading.names[:width], width))
    if n_names == width - 1 and _counts_rows(grid.cells.column(0)):
        return replace(heading, names=_padded_names(("", *heading.names[:n_names]), width))
    raise NoTable(
        f"its heading names {n_names} columns and its records have {width} cells, so it is not certain which cell "
        "belongs to which name. Export it again with one name for each column."
    )


def _padded_names(names: Sequence[str], width: int) -> tuple[str, ...]:
    return (*names, *[""] * (width - len(names)))


def _counts_rows(column: pa.ChunkedArray) -> bool:
    """Return True if a column numbers the rows from 0 or 1, as some statistics programs write."""
    cells = column.slice(0, 1000).to_pylist()
    return any(cells == [str(number) for number in range(first, first + len(cells))] for first in (0, 1))


class _RowReasons:
    """Why is each row of a grid no record?"""

    def __init__(self, grid: CellGrid, heading: Heading) -> None:
        self.grid = grid
        self.heading = heading
        self.heading_rows = {_normalised(row) for row in heading.rows}
        self.filled_counts = _filled_counts(grid.cells)
        lines = grid.rows.to_numpy()
        self.is_above, self.is_below = lines < heading.first_line, lines > heading.last_line
        is_title = self.is_above & (self.filled_counts > 0)
        self.titles = {_normalised(_row(grid.cells, index)) for index in np.flatnonzero(is_title).tolist()}
        self.titles |= {_normalised(row.cells) for row in grid.ragged_rows if row.line < heading.first_line}
        self.last_line = int(lines[-1]) if len(lines) else 0
        self.shapes: dict[int, frozenset[str]] = {}

    def row_reasons(self) -> list[str]:
        """Return the reason of each row of the grid; '' for a record."""
        reasons = np.full(self.grid.cells.num_rows, "", dtype=object)
        reasons[~self.is_below & ~self.is_above] = HEADING
        reasons[self.is_above] = TITLE
        reasons[self.filled_counts == 0] = BLANK
        for index in np.flatnonzero(self.is_below & self._is_doubtful()).tolist():
            reasons[index] = self._reason(_row(self.grid.cells, index))
        return [str(reason) for reason in reasons]

    def _is_doubtful(self) -> np.ndarray:
        """Return which rows must be looked at one by one: few filled cells, a word such as total, or the heading."""
        counts = self.filled_counts
        usual = float(np.median(counts[self.is_below & (counts > 0)])) if (self.is_below & (counts > 0)).any() else 0
        is_doubtful: np.ndarray = (counts > 0) & (counts <= max(1, usual / 2))
        for column in self.grid.cells.columns[:TOTAL_COLUMNS]:
            says_total = pc.match_substring_regex(column, TOTAL_WORD, ignore_case=True)
            is_doubtful |= pc.fill_null(says_total, False).to_numpy()
        is_doubtful |= self._repeats_heading()
        return is_doubtful

    def _repeats_heading(self) -> np.ndarray:
        repeats = np.zeros(self.grid.cells.num_rows, dtype=bool)
        for row in self.heading.rows:
            positions = [position for position in filled(row) if position < self.grid.cells.num_columns]
            if positions:
                is_equal = pc.equal(self.grid.cells.column(positions[-1]), row[positions[-1]])
                repeats |= pc.fill_null(is_equal, False).to_numpy()
        return repeats

    def _reason(self, row: Row) -> str:
        key = _normalised(row)
        if key in self.heading_rows:
            return REPEATED
        if key in self.titles:
            return TITLE
        if is_rule(row):
            return RULE
        if is_total(row):
            return TOTAL
        return NOTE if is_note(row) or self._is_stray(row) else ""

    def _is_stray(self, row: Row) -> bool:
        """Return True if a row has one cell, which looks like no other cell of its column."""
        positions = filled(row)
        if len(positions) != 1 or self.grid.cells.num_columns < 3:
            return False
        usual = self._usual_shapes(positions[0])
        return bool(usual) and shape(row[positions[0]] or "") not in usual

    def _usual_shapes(self, position: int) -> frozenset[str]:
        if position not in self.shapes:
            column = self.grid.cells.column(position).filter(pa.array(self.is_below & (self.filled_counts > 1)))
            self.shapes[position] = common_shapes(column.slice(0, SAMPLE_ROWS).to_pylist())
        return self.shapes[position]

    def ragged_row_reasons(self) -> Iterator[str]:
        """Yield the reason of each row with another number of cells: it is never a record."""
        for ragged in self.grid.ragged_rows:
            yield self._ragged_reason(ragged)

    def _ragged_reason(self, ragged: RaggedRow) -> str:
        row = _padded(ragged.cells, self.grid.cells.num_columns)
        if ragged.cells and not filled(row):
            return BLANK
        if ragged.line < self.heading.first_line:
            return TITLE
        if ragged.line <= self.heading.last_line:
            return HEADING
        if not ragged.cells:
            return UNREADABLE
        reason = self._reason(row)
        is_at_end = ragged.line > self.last_line
        return UNREADABLE if not reason or (reason == NOTE and not is_at_end and not is_note(row)) else reason


def _normalised(row: Row) -> tuple[str, ...]:
    return tuple(clean_heading(cell).casefold() for cell in row if cell)


def _filled_counts(cells: pa.Table) -> np.ndarray:
    counts = np.zeros(cells.num_rows, dtype=np.int64)
    for column in cells.columns:
        counts += pc.is_valid(column).to_numpy()
    return counts


def _row(cells: pa.Table, index: int) -> tuple[str | None, ...]:
    return tuple(column[index].as_py() for column in cells.columns)


def _named_columns(cells: pa.Table, names: Sequence[str]) -> pa.Table:
    """Return the columns under unique names; without columns that have neither a name nor a cell."""
    columns: dict[str, pa.ChunkedArray] = {}
    used_names: set[str] = set()
    for position, (name, column) in enumerate(zip(names, cells.columns, strict=True)):
        if name or column.null_count < len(column):
            unique = _unique_name(name or f"column {position + 1}", used_names)
            used_names.add(unique.casefold())
            columns[unique] = column
    return pa.table(columns)


def _unique_name(name: str, used_names: Set[str]) -> str:
    candidates = itertools.chain((name,), (f"{name} ({number})" for number in itertools.count(2)))
    return next(candidate for candidate in candidates if candidate.casefold() not in used_names)
