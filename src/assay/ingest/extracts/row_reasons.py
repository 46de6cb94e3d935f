"""Find the reason why a row of a sheet is not a record: title, heading, total, note, blank or unreadable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay.ingest.column_headings import clean_heading
from assay.ingest.extracts.heading_rows import Heading
from assay.ingest.extracts.row_kinds import (
    BLANK,
    NOTE,
    REPEATED,
    RULE,
    TITLE,
    TOTAL,
    UNREADABLE,
    Row,
    UsualCells,
    filled,
    is_note,
    is_rule,
    is_total,
)
from assay.ingest.file_readers.cell_grid import CellGrid, RaggedRow

HEADING = "heading"
TOTAL_WORD, TOTAL_COLUMNS = r"^\W*((grand|sub|report|overall)[ -]*)?total|\btotals?\s*:?$", 3
"""A word with which a row of totals begins or its first cell ends, and the number of columns in which it may stand."""
ROWS_UNDER_HEADING = 3
"""Rows under a heading in which a ruled line may stand."""
MIN_TRIMMED_ROWS, MIN_TRIMMED_SHARE, MIN_FITTING_SHARE = 3, 0.05, 0.8
"""Short rows, and their share, by which a sender leaves out empty cells; and the share of their cells that must fit."""
MIN_SPARSE_CELLS = 3
"""Filled cells by which a column that only sparse rows fill is a column of records."""
MIN_USUAL_CELLS = 2
"""Usual cells by which a row that begins as a note does is a record."""
SAMPLE_ROWS = 2000
"""Rows by which the usual cells of a column are known."""


class RowReasons:
    """The reasons for excluding the rows of a grid that are not records, such as titles, totals and blank rows."""

    def __init__(self, grid: CellGrid, heading: Heading) -> None:
        self.grid = grid
        self.heading = heading
        self.heading_rows = {_normalised(row) for row in heading.rows}
        self.filled_counts = _filled_counts(grid.cells)
        lines = grid.rows.to_numpy()
        self.is_above, self.is_below = lines < heading.first_line, lines > heading.last_line
        is_title = self.is_above & (self.filled_counts > 0)
        self.titles = {_normalised(grid_row(grid.cells, index)) for index in np.flatnonzero(is_title).tolist()}
        self.titles |= {_normalised(row.cells) for row in grid.ragged_rows if row.line < heading.first_line}
        self.last_line = int(lines[-1]) if len(lines) else 0
        counts = self.filled_counts[self.is_below & (self.filled_counts > 0)]
        self.usual_count = float(np.median(counts)) if len(counts) else 0.0
        self.is_usual = self.is_below & (self.filled_counts > max(1, self.usual_count / 2))
        self.columns: dict[int, UsualCells] = {}

    def row_reasons(self) -> list[str]:
        """Return, for each row of the grid, the reason why it is not a record; '' for a record."""
        reasons = np.full(self.grid.cells.num_rows, "", dtype=object)
        reasons[~self.is_below & ~self.is_above] = HEADING
        reasons[self.is_above] = TITLE
        reasons[self.filled_counts == 0] = BLANK
        indices = np.flatnonzero(self.is_below & self._is_doubtful())
        doubtful = self.grid.cells.take(pa.array(indices))
        rows = zip(*(column.to_pylist() for column in doubtful.columns), strict=True)
        reasons[indices] = [self._reason(row) for row in rows]
        return [str(reason) for reason in reasons]

    def _is_doubtful(self) -> np.ndarray:
        """Return which rows must be looked at one by one: few filled cells, a word such as total, or the heading."""
        is_doubtful: np.ndarray = (self.filled_counts > 0) & ~self.is_usual
        is_doubtful[np.flatnonzero(self.is_below)[:ROWS_UNDER_HEADING]] = True
        for column in self.grid.cells.columns[:TOTAL_COLUMNS]:
            says_total = pc.match_substring_regex(column, TOTAL_WORD, ignore_case=True)
            is_doubtful |= pc.fill_null(says_total, False).to_numpy()
        is_doubtful |= self._repeats_heading()
        return is_doubtful & (self.filled_counts > 0)

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
        return NOTE if self._is_worded_as_note(row) or self._is_stray(row) else ""

    def _is_worded_as_note(self, row: Row) -> bool:
        """Return True if a row begins as a note does, and neither that cell nor others are usual in their columns."""
        if not is_note(row):
            return False
        width = self.grid.cells.num_columns
        usual = [
            place for place in filled(row) if place < width and self._usual_cells(place).recognises(row[place] or "")
        ]
        return filled(row)[0] not in usual and len(usual) < MIN_USUAL_CELLS

    def _is_stray(self, row: Row) -> bool:
        """Return True if few cells of a row are filled and none of them looks like the other cells of its column."""
        positions = filled(row)
        if len(positions) > max(1, self.usual_count / 2) or self.grid.cells.num_columns < 3:
            return False
        return not any(self._fits(row, position) for position in positions)

    def rows_after_gap(self) -> list[int]:
        """Return the rows below the heading that come directly after a blank row."""
        lines = self.grid.rows.to_numpy()
        follows_gap = np.diff(lines, prepend=lines[:1]) > 1
        follows_gap[1:] |= self.filled_counts[:-1] == 0
        return [int(index) for index in np.flatnonzero(follows_gap & self.is_below & (self.filled_counts > 0))]

    def resembles_records(self, row: Row) -> bool:
        """Return True if more than a third of a row's cells resemble the other cells in their columns."""
        return self._fitting_share(row) > 1 / 3

    def _fitting_share(self, row: Row) -> float:
        positions = filled(row)
        n_fitting = sum(self._fits(row, position) for position in positions)
        return n_fitting / max(1, len(positions))

    def is_new(self, row: Row) -> bool:
        """Return True if a row is not a total or a note, and does not repeat a heading or title."""
        key = _normalised(row)
        return key not in self.heading_rows and key not in self.titles and not is_total(row) and not is_note(row)

    def _fits(self, row: Row, position: int) -> bool:
        return position < self.grid.cells.num_columns and self._usual_cells(position).fits(row[position] or "")

    def _usual_cells(self, position: int) -> UsualCells:
        if position not in self.columns:
            self.columns[position] = UsualCells(self._sample(position))
        return self.columns[position]

    def _sample(self, position: int) -> list[str | None]:
        """Return cells of usual rows; of all rows under the heading if only sparse rows fill the column."""
        column = self.grid.cells.column(position)
        cells = column.filter(pa.array(self.is_usual)).slice(0, SAMPLE_ROWS)
        if cells.null_count < len(cells):
            return list(cells.to_pylist())
        sparse_cells = column.filter(pa.array(self.is_below)).drop_null().slice(0, SAMPLE_ROWS)
        return list(sparse_cells.to_pylist()) if len(sparse_cells) >= MIN_SPARSE_CELLS else []

    def ragged_row_reasons(self) -> Iterator[str]:
        """Yield the reason for excluding each row whose number of cells differs from that of the heading."""
        for ragged in self.grid.ragged_rows:
            yield self.ragged_reason(ragged)

    def is_trimmed(self, ragged: RaggedRow) -> bool:
        """Return True if a short row may be a record without the empty cells at its end."""
        cells = ragged.cells
        if not ragged.is_split or len(cells) >= self.grid.cells.num_columns or not cells[0] or not cells[-1]:
            return False
        first_column = self._usual_cells(0)
        is_key = first_column.shapes is not None and first_column.fits(cells[0])
        return is_key and self._fitting_share(padded(cells, self.grid.cells.num_columns)) >= MIN_FITTING_SHARE

    def ragged_reason(self, ragged: RaggedRow) -> str:
        """Return the reason for excluding a row whose number of cells differs from the heading; '' for a record."""
        row = padded(ragged.cells, self.grid.cells.num_columns)
        is_at_end = ragged.line > self.last_line
        if not filled(row):
            return BLANK
        if ragged.line < self.heading.first_line:
            return TITLE
        if ragged.line <= self.heading.last_line:
            return HEADING
        if not ragged.is_split:
            return NOTE if is_at_end and len(filled(row)) == 1 else UNREADABLE
        reason = self._reason(row)
        return UNREADABLE if not reason or (reason == NOTE and not is_at_end and not is_note(row)) else reason


def _normalised(row: Row) -> tuple[str, ...]:
    return tuple(clean_heading(cell).casefold() for cell in row if cell)


def _filled_counts(cells: pa.Table) -> np.ndarray:
    counts = np.zeros(cells.num_rows, dtype=np.int64)
    for column in cells.columns:
        counts += pc.is_valid(column).to_numpy()
    return counts


def grid_row(cells: pa.Table, index: int) -> tuple[str | None, ...]:
    """Return the cells of one row of a grid."""
    return tuple(column[index].as_py() for column in cells.columns)


def padded(cells: Row, width: int) -> tuple[str | None, ...]:
    """Return a row with empty cells added at its end up to a number of cells."""
    return (*cells, *[None] * (width - len(cells)))


def with_trimmed_rows(grid: CellGrid, heading: Heading) -> CellGrid:
    """Return a grid in which short rows count as records, if the sender omitted empty cells at the end of rows.

    That is certain enough if many rows are short, no record ends with an empty cell, and each short row ends with a
    filled cell, begins as the first column does, and looks like the other records in nearly all cells. A record that a
    line end broke in two, or that lost a delimiter, does not.
    """
    reasons = RowReasons(grid, heading)
    short = [row for row in grid.ragged_rows if reasons.ragged_reason(row) == UNREADABLE]
    n_records = int(reasons.is_below.sum()) + len(short)
    if len(short) < MIN_TRIMMED_ROWS or len(short) < MIN_TRIMMED_SHARE * n_records or len(short) == n_records:
        return grid
    if not all(reasons.is_trimmed(row) for row in short):
        return grid
    if grid.cells.column(grid.cells.num_columns - 1).filter(pa.array(reasons.is_below)).null_count:
        return grid
    rows = [padded(row.cells, grid.cells.num_columns) for row in short]
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    cells = pa.concat_tables([grid.cells, pa.table(columns, names=grid.cells.column_names)])
    lines = pa.concat_arrays([grid.rows, pa.array([row.line for row in short], pa.int64())])
    order = pc.sort_indices(lines)
    short_lines = {row.line for row in short}
    ragged = tuple(row for row in grid.ragged_rows if row.line not in short_lines)
    return replace(grid, cells=cells.take(order), rows=lines.take(order), ragged_rows=ragged)
