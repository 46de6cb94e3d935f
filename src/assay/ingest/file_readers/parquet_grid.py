"""Read a Parquet file as a grid of text, with numbers and dates written as in `workbook_grids`."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from assay.engine.safe_files.archive_limits import TooLarge, Unreadable
from assay.engine.safe_files.parquet_limits import read_bounded_parquet
from assay.ingest.file_readers.cell_grid import CellGrid, stripped_text
from assay.ingest.file_readers.file_source import TableRefused
from assay.ingest.file_readers.parquet_files import FIRST_LINE

_LARGEST_EXACT = 1e15


def read_parquet(path: Path) -> CellGrid:
    """Read a Parquet file; refuse a damaged file and columns of lists or records (R04)."""
    try:
        table = read_bounded_parquet(path)
    except TooLarge:
        raise _refusal(path, "holds more rows or bytes than memory") from None
    except Unreadable:
        raise _refusal(path, "is damaged or cut short") from None
    nested = [field for field in table.schema if types.is_nested(field.type) or types.is_binary(field.type)]
    if nested:
        raise _refusal(path, f"has {len(nested)} columns that hold lists, records or bytes and not one value a cell")
    cells = {f"c{position}": _text(column) for position, column in enumerate(table.columns)}
    rows = pa.array(range(FIRST_LINE, FIRST_LINE + table.num_rows), pa.int64())
    return CellGrid("", pa.table(cells), rows, headings=tuple(table.column_names))


def _refusal(path: Path, reason: str) -> TableRefused:
    return TableRefused("R04", f"{path.name}: the Parquet file {reason}. Export it again, or export it as CSV.")


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if types.is_boolean(column.type):
        return pc.if_else(column, "yes", "no")
    if types.is_timestamp(column.type):
        return _moment_text(column)
    if types.is_time(column.type):
        return column.cast(pa.time32("s"), safe=False).cast(pa.string())
    if types.is_decimal(column.type):
        return pc.replace_substring_regex(column.cast(pa.string()), r"\.0+$", "")
    return stripped_text(_float_text(column) if types.is_floating(column.type) else column)


def _moment_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    zone = column.type.tz
    seconds = column.cast(pa.timestamp("s", tz=zone), safe=False)
    if zone:
        return pc.strftime(seconds.cast(pa.timestamp("s", tz="UTC")), format="%Y-%m-%dT%H:%M:%SZ")
    days = seconds.cast(pa.date32(), safe=False)
    only_days = pc.all(pc.equal(days.cast(pa.timestamp("s")), seconds)).as_py()
    return pc.strftime(seconds, format="%Y-%m-%d" if only_days else "%Y-%m-%dT%H:%M:%S")


def _float_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    is_whole = pc.and_(pc.equal(column, pc.trunc(column)), pc.less(pc.abs(column), _LARGEST_EXACT))
    whole = pc.if_else(is_whole, column, pa.scalar(None, column.type)).cast(pa.int64()).cast(pa.string())
    return pc.coalesce(whole, column.cast(pa.string()))
