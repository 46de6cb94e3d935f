"""What does a Parquet file from elsewhere hold, if memory can hold it at all?"""

from __future__ import annotations

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from assay.engine.safe_files.archive_limits import DENSEST, LARGEST, TooLarge, Unreadable

MOST_ROWS = 50_000_000
"""More than any body holds of anything; equal rows take no room in the file, and all of it where they are read."""
ROOMY = 1_000_000_000
"""Bytes in memory below which it is no matter how small the file was: words of short lists pack well."""


def bounded_table(sent: Path | bytes) -> pa.Table:
    """The table in a Parquet file (a path, or bytes); Unreadable where it is none, TooLarge before memory is full.

    Its footer is asked first. Rows are then read some at a time, because a footer may say what is not so.
    """
    size = len(sent) if isinstance(sent, bytes) else sent.stat().st_size
    most = min(LARGEST, max(DENSEST * size, ROOMY))
    try:
        with pq.ParquetFile(io.BytesIO(sent) if isinstance(sent, bytes) else sent) as file:
            told = file.metadata
            stated = sum(told.row_group(number).total_byte_size for number in range(told.num_row_groups))
            if told.num_rows > MOST_ROWS or stated > most:
                raise TooLarge
            table = _read(file, most)
            table.validate(full=True)  # bytes that are no text are found here, and not where they are read
            return table
    except (pa.ArrowException, OSError):  # its text may hold what a cell holds
        raise Unreadable from None


def _read(file: pq.ParquetFile, most: int) -> pa.Table:
    held, rows, length = [], 0, 0
    for batch in file.iter_batches():
        rows, length = rows + batch.num_rows, length + batch.nbytes
        if rows > MOST_ROWS or length > most:
            raise TooLarge
        held.append(batch)
    return pa.Table.from_batches(held, file.schema_arrow)
