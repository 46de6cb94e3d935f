"""Limits on the rows and bytes of a received Parquet file."""

from __future__ import annotations

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from assay.engine.safe_files.archive_limits import (
    MAXIMUM_COMPRESSION_RATIO,
    MAXIMUM_UNPACKED_BYTES,
    TooLarge,
    Unreadable,
)

MAXIMUM_ROWS = 50_000_000
"""More than any body holds of anything; equal rows take no room in the file, and all of it where they are read."""
UNCHECKED_BYTES = 1_000_000_000
"""Bytes in memory below which it is no matter how small the file was: words of short lists pack well."""


def read_bounded_parquet(source: Path | bytes) -> pa.Table:
    """The table in a Parquet file (a path, or bytes); Unreadable where it is none, TooLarge before memory is full.

    Its footer is asked first. Rows are then read some at a time, because a footer may say what is not so.
    """
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    maximum_bytes = min(MAXIMUM_UNPACKED_BYTES, max(MAXIMUM_COMPRESSION_RATIO * size, UNCHECKED_BYTES))
    try:
        with pq.ParquetFile(io.BytesIO(source) if isinstance(source, bytes) else source) as file:
            metadata = file.metadata
            stated_bytes = sum(metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups))
            if metadata.num_rows > MAXIMUM_ROWS or stated_bytes > maximum_bytes:
                raise TooLarge
            table = _read_batches(file, maximum_bytes)
            table.validate(full=True)  # bytes that are no text are found here, and not where they are read
            return table
    except (pa.ArrowException, OSError):  # its text may hold what a cell holds
        raise Unreadable from None


def _read_batches(file: pq.ParquetFile, maximum_bytes: int) -> pa.Table:
    batches, rows, length = [], 0, 0
    for batch in file.iter_batches():
        rows, length = rows + batch.num_rows, length + batch.nbytes
        if rows > MAXIMUM_ROWS or length > maximum_bytes:
            raise TooLarge
        batches.append(batch)
    return pa.Table.from_batches(batches, file.schema_arrow)
