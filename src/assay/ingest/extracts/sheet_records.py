"""Separate the records of a sheet from its heading, titles, totals, notes and blank rows."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import replace

import pyarrow as pa

from assay.ingest.column_headings import MAX_COLUMNS, TOO_MANY_COLUMNS, clean_heading
from assay.ingest.extracts.extract_model import Sheet
from assay.ingest.extracts.heading_rows import HEAD_ROWS, Heading, HeadRow, begins_with_record, find_heading
from assay.ingest.extracts.row_kinds import BLANK, NOTE, filled, is_data_cell
from assay.ingest.extracts.row_reasons import HEADING, RowReasons, grid_row, padded, with_trimmed_rows
from assay.ingest.file_readers.cell_grid import CellGrid

MIN_NAMES_OF_NEXT = 3
"""Names that the heading of a second table in a sheet has at least."""
_ROW_NUMBER = re.compile(r"(row|no\b|number|#|seq|line|index|rec|id\b|s/?n\b)", re.IGNORECASE)
MAX_GAPS = 1000
"""Blank rows above which they separate records and not tables."""
MAX_TITLE_ROWS = 3
"""Title rows between a gap and the heading of a second table."""


class NoTable(Exception):
    """Raised for a sheet without a table of records; the sentence gives the reason and the next step."""


def sheet_tables(file: str, grid: CellGrid) -> list[Sheet]:
    """Return the tables of a grid, of which a sheet may hold several below one another.

    Raises
    ------
    NoTable
        If there is no heading, no record, or too many columns.
    """
    n_columns = len(grid.headings) or grid.cells.num_columns
    if n_columns > MAX_COLUMNS:
        raise NoTable(TOO_MANY_COLUMNS.format(columns=n_columns))
    if grid.headings:
        return [_sheet(file, grid, Heading(tuple(clean_heading(name) for name in grid.headings), 0, 0))]
    tables: list[Sheet] = []
    reasons: list[NoTable] = []
    n_left_out = 0
    rest: CellGrid | None = grid
    while rest is not None:
        part, rest = rest, None
        try:
            heading = _find_heading(part)
            part, rest = _parted_at_next_heading(part, heading)
            number = f" table {len(tables) + 1}" if tables else ""
            tables.append(_sheet(file, replace(part, name=f"{grid.name}{number}".strip()), heading))
        except NoTable as reason:
            reasons.append(reason)
            n_left_out += part.cells.num_rows
    if not tables:
        raise reasons[0]
    return _with_rows_left_out(tables, n_left_out)


def _with_rows_left_out(tables: list[Sheet], n_rows: int) -> list[Sheet]:
    """Return the tables; the rows of parts that hold no table are notes beside the first table."""
    if not n_rows:
        return tables
    counts = Counter(tables[0].set_aside)
    counts[NOTE] += n_rows
    return [replace(tables[0], set_aside=dict(counts)), *tables[1:]]


def _sheet(file: str, grid: CellGrid, heading: Heading) -> Sheet:
    grid = with_trimmed_rows(_filled_down(grid, heading), heading)
    reasons = RowReasons(grid, heading)
    row_reasons = reasons.row_reasons()
    set_aside = Counter(reason for reason in row_reasons if reason and reason != HEADING)
    set_aside.update(reason for reason in reasons.ragged_row_reasons() if reason != HEADING)
    set_aside[BLANK] += grid.blank_lines
    is_record = pa.array([not reason for reason in row_reasons], pa.bool_())
    lines = grid.rows.filter(is_record)
    if not len(lines):
        raise NoTable("there is a heading and no record under it, or it is no table. Export it again with its records.")
    cells = _named_columns(grid.cells.filter(is_record), heading.names)
    title = _title(grid, heading)
    return Sheet(file, grid.name, cells, lines, dict(+set_aside), grid.encoding, grid.delimiter, grid.remarks, title)


def _title(grid: CellGrid, heading: Heading) -> str:
    """Return the text of the rows above the heading."""
    rows = [row for row in _head_rows(grid) if row.line < heading.first_line]
    return " ".join(cell for row in rows for cell in row.cells if cell)


def _parted_at_next_heading(grid: CellGrid, heading: Heading) -> tuple[CellGrid, CellGrid | None]:
    """Return the grid of the first table, and the rows from the title or heading of the next table on."""
    whole = RowReasons(grid, heading)
    gaps = whole.rows_after_gap()
    for index in gaps if len(gaps) <= MAX_GAPS else []:
        row = grid_row(grid.cells, index)
        if any(is_data_cell(cell) for cell in row if cell) or not whole.is_new(row):
            continue
        rest = _slice(grid, index, grid.cells.num_rows)
        following = find_heading(_head_rows(rest), rest.merged_areas)
        if following is None or not _may_begin_table(following, heading, rest):
            continue
        upper = _slice(grid, 0, index)
        if not RowReasons(upper, heading).resembles_records(following.rows[-1]):
            return upper, rest
    return grid, None


def _may_begin_table(heading: Heading, previous: Heading, rest: CellGrid) -> bool:
    """Return True if a heading found below a gap is another than that of the table above, and records follow it."""
    lines = rest.rows.to_numpy()
    n_names = len(filled(heading.names))
    begins_soon = heading.first_line - int(lines[0]) <= MAX_TITLE_ROWS
    has_records = bool((lines > heading.last_line).any())
    return n_names >= MIN_NAMES_OF_NEXT and begins_soon and has_records and heading.names != previous.names


def _slice(grid: CellGrid, start: int, stop: int) -> CellGrid:
    """Return some rows of a grid, with the ragged rows between them; blank lines are counted with the first rows."""
    rows = grid.rows.slice(start, stop - start)
    first = 0 if start == 0 else int(rows[0].as_py())
    last = int(grid.rows[stop].as_py()) if stop < len(grid.rows) else None
    ragged = tuple(row for row in grid.ragged_rows if row.line >= first and (last is None or row.line < last))
    cells = grid.cells.slice(start, stop - start)
    return replace(
        grid, cells=cells, rows=rows, ragged_rows=ragged, blank_lines=0 if start else grid.blank_lines,
        remarks=() if start else grid.remarks,
    )  # fmt: skip


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
            rows.append(HeadRow(ragged.line, padded(ragged.cells, grid.cells.num_columns), is_ragged=True))
    return sorted(rows, key=lambda row: row.line)


def _fitted_heading(heading: Heading, grid: CellGrid) -> Heading:
    """Return a heading with as many names as the records have cells.

    A heading of another width is used only if it is certain which cell stands under which name: if the cells beyond it
    are empty, or if the records begin with a number of the row that has no name.
    """
    width = grid.cells.num_columns
    n_names = max(filled(heading.names), default=-1) + 1
    beyond = grid.cells.columns[n_names:]
    is_ragged = any(row.line == heading.last_line for row in grid.ragged_rows)
    if not is_ragged:
        return replace(heading, names=_padded_names(heading.names[:width], width))
    names = heading.names[:n_names]
    if n_names == width - 1 and _counts_rows(grid.cells.column(0)) and not _ROW_NUMBER.match(names[0]):
        return replace(heading, names=("", *names))
    if n_names <= width and all(column.null_count == len(column) for column in beyond):
        return replace(heading, names=_padded_names(names, width))
    raise NoTable(
        f"its heading names {n_names} columns and its records have {width} cells, so it is not certain which cell "
        "belongs to which name. Export it again with one name for each column."
    )


def _filled_down(grid: CellGrid, heading: Heading) -> CellGrid:
    """Return the grid with the value of records' cells that are merged downwards in each of their rows."""
    cells = grid.cells
    areas = [
        area for area in grid.merged_areas if area.first_row > heading.last_line and area.last_row > area.first_row
    ]
    for position in {area.first_column for area in areas if area.first_column == area.last_column}:
        if position >= cells.num_columns:
            continue
        values = cells.column(position).to_pylist()
        for area in areas:
            if area.first_column == area.last_column == position:
                end = min(area.last_row, len(values))
                values[area.first_row - 1 : end] = [values[area.first_row - 1]] * (end - area.first_row + 1)
        cells = cells.set_column(position, cells.field(position), pa.array(values, pa.string()))
    return replace(grid, cells=cells)


def _padded_names(names: Sequence[str], width: int) -> tuple[str, ...]:
    return (*names, *[""] * (width - len(names)))


def _counts_rows(column: pa.ChunkedArray) -> bool:
    """Return True if a column numbers the rows from 0 or 1, as some statistics programs write."""
    cells = column.slice(0, 1000).to_pylist()
    return any(cells == [str(number) for number in range(first, first + len(cells))] for first in (0, 1))


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
