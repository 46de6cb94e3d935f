"""Read the sheets of a workbook as text, with the row numbers that a spreadsheet shows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import fastexcel
import numpy as np
import pyarrow as pa

from assay.engine.safe_files.archive_limits import ARCHIVE_ERRORS
from assay.errors import EvidenceError, SourceError
from assay.ingest.official_statistics.file_container import Container
from assay.ingest.official_statistics.sheet_grid import HEAD_ROWS, Grid, MarkedCell, SheetRows, filled_rows
from assay.ingest.official_statistics.sheet_scan import SheetScanner


def sheet_grids(container: Container) -> Iterator[Grid]:
    """Yield each sheet of the workbook as a grid, in order; skip empty sheets."""
    workbook = _open_workbook(container)
    scanner = SheetScanner(container.data, container.kind)
    for sheet in workbook.sheet_names:
        cells = _load_cells(workbook, container, sheet)
        if cells.num_rows and cells.num_columns:
            yield Grid(sheet, _head_rows(cells), partial(_sheet_rows, container.name, scanner, sheet, cells))


def _open_workbook(container: Container) -> fastexcel.ExcelReader:
    try:
        return fastexcel.read_excel(container.data)
    except fastexcel.FastExcelError:
        raise SourceError(
            f"{container.name}: the workbook opens as a ZIP archive but not as a workbook; it is damaged. Download it "
            "again."
        ) from None


def _load_cells(workbook: fastexcel.ExcelReader, container: Container, sheet: str) -> pa.Table:
    try:
        # skip_rows=0 keeps empty rows at the top, so that row numbers are those a person sees.
        loaded = workbook.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
        batch = loaded.to_arrow()
    except fastexcel.FastExcelError:
        raise _damaged_sheet(container.name, sheet) from None
    return pa.Table.from_batches([batch]).rename_columns([f"c{i}" for i in range(batch.num_columns)])


def _damaged_sheet(name: str, sheet: str) -> SourceError:
    return SourceError(f"{name}, sheet {sheet!r}: the sheet is damaged. Download the file again.")


def _head_rows(cells: pa.Table) -> tuple[tuple[str, ...], ...]:
    columns = [column.slice(0, HEAD_ROWS).to_pylist() for column in cells.columns]
    return tuple(tuple((cell or "").strip() for cell in row) for row in zip(*columns, strict=True))


def _sheet_rows(name: str, scanner: SheetScanner, sheet: str, cells: pa.Table, start_row: int, width: int) -> SheetRows:
    try:
        sheet_scan = scanner.scan(sheet)
    except ARCHIVE_ERRORS:
        raise _damaged_sheet(name, sheet) from None
    is_filled = filled_rows(cells)
    if sheet_scan.filled_rows is not None and sheet_scan.filled_rows != int(is_filled.sum()):
        raise EvidenceError(
            f"{name}, sheet {sheet!r}: {sheet_scan.filled_rows} rows of the file hold something and "
            f"{int(is_filled.sum())} were read. Nothing was kept. Open the file, save it again, and send that."
        )
    marked_cells = tuple(
        MarkedCell(cell.row, cell.column - sheet_scan.first_column, cell.rule) for cell in sheet_scan.marked_cells
    )
    below = cells.slice(start_row)
    filled_indices = np.flatnonzero(is_filled[start_row:])
    rows = filled_indices + start_row + 1
    if len(filled_indices) < below.num_rows:
        below = below.take(pa.array(filled_indices))
    return SheetRows(below, rows, marked_cells, records=len(filled_indices))
