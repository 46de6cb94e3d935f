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
"""More rows than any table of a force. Equal rows need no space in the file, but all of it in memory."""
UNCHECKED_BYTES = 1_000_000_000
"""Size in memory below which the compression ratio is not checked, because categorical text compresses well."""


def read_bounded_parquet(source: Path | bytes) -> pa.Table:
    """Return the table of a Parquet file (path or bytes); raise Unreadable, or TooLarge before memory is full.

    The footer is checked first. Rows are then read in batches, because a footer may be false.
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
            table.validate(full=True)  # invalid text is detected here, not where it is used
            return table
    except (pa.ArrowException, OSError):  # the text of the error may contain a cell
        raise Unreadable from None


def _read_batches(file: pq.ParquetFile, maximum_bytes: int) -> pa.Table:
    batches, rows, length = [], 0, 0
    for batch in file.iter_batches():
        rows, length = rows + batch.num_rows, length + batch.nbytes
        if rows > MAXIMUM_ROWS or length > maximum_bytes:
            raise TooLarge
        batches.append(batch)
    return pa.Table.from_batches(batches, file.schema_arrow)
