"""What stands on the sheets of a workbook, as text, with the row on which a person sees it?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import fastexcel
import numpy as np
import pyarrow as pa

from assay.engine.safe_files.archive_limits import BROKEN
from assay.errors import EvidenceError, SourceError
from assay.ingest.official_statistics.file_container import Container
from assay.ingest.official_statistics.sheet_grid import HEAD, Body, Grid, Marked, filled
from assay.ingest.official_statistics.sheet_scan import Scanner


def sheet_grids(sent: Container) -> Iterator[Grid]:
    """Each sheet of the workbook as a grid, in order; sheets without any cell are passed over."""
    workbook = _open(sent)
    scanner = Scanner(sent.data, sent.kind)
    for sheet in workbook.sheet_names:
        cells = _cells(workbook, sent, sheet)
        if cells.num_rows and cells.num_columns:
            yield Grid(sheet, _head(cells), partial(_body, sent.name, scanner, sheet, cells))


def _open(sent: Container) -> fastexcel.ExcelReader:
    try:
        return fastexcel.read_excel(sent.data)
    except fastexcel.FastExcelError:
        raise SourceError(
            f"{sent.name}: the workbook opens as a ZIP archive but not as a workbook; it is damaged. Download it again."
        ) from None


def _cells(workbook: fastexcel.ExcelReader, sent: Container, sheet: str) -> pa.Table:
    try:
        # skip_rows=0 keeps empty rows at the top, so that row numbers are those a person sees.
        loaded = workbook.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
        batch = loaded.to_arrow()
    except fastexcel.FastExcelError:
        raise _damaged(sent.name, sheet) from None
    return pa.Table.from_batches([batch]).rename_columns([f"c{i}" for i in range(batch.num_columns)])


def _damaged(name: str, sheet: str) -> SourceError:
    return SourceError(f"{name}, sheet {sheet!r}: the sheet is damaged. Download the file again.")


def _head(cells: pa.Table) -> tuple[tuple[str, ...], ...]:
    columns = [column.slice(0, HEAD).to_pylist() for column in cells.columns]
    return tuple(tuple((cell or "").strip() for cell in row) for row in zip(*columns, strict=True))


def _body(name: str, scanner: Scanner, sheet: str, cells: pa.Table, after: int, width: int) -> Body:
    try:
        seen = scanner.scan(sheet)
    except BROKEN:
        raise _damaged(name, sheet) from None
    holding = filled(cells)
    if seen.filled is not None and seen.filled != int(holding.sum()):
        raise EvidenceError(
            f"{name}, sheet {sheet!r}: {seen.filled} rows of the file hold something and "
            f"{int(holding.sum())} were "
            "read. Nothing was kept. Open the file, save it again, and send that."
        )
    marked = tuple(Marked(one.row, one.column - seen.first_column, one.rule) for one in seen.marked)
    below = cells.slice(after)
    here = np.flatnonzero(holding[after:])
    rows = here + after + 1
    if len(here) < below.num_rows:
        below = below.take(pa.array(here))
    return Body(below, rows, marked, records=len(here))
