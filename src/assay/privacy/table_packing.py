"""Pack several tables into one byte string (a zip of Parquet files) and unpack them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.parquet as pq

from assay.engine.safe_files.archive_limits import read_members
from assay.engine.safe_files.parquet_limits import read_bounded_parquet

SUFFIX = ".parquet"


def pack_tables(tables: Mapping[str, pa.Table]) -> bytes:
    """Return tables by name as a zip of Parquet files."""
    packed_bytes = io.BytesIO()
    with zipfile.ZipFile(packed_bytes, "w", zipfile.ZIP_STORED) as archive:
        for name, table in tables.items():
            buffer = io.BytesIO()
            pq.write_table(table, buffer, compression="zstd")
            archive.writestr(f"{name}{SUFFIX}", buffer.getvalue())
    return packed_bytes.getvalue()


def unpack_tables(content: bytes) -> dict[str, pa.Table]:
    """Return the packed tables by name; raise TooLarge or Unreadable for an unsafe or invalid pack."""
    return {
        name.removesuffix(SUFFIX): read_bounded_parquet(member_bytes)
        for name, member_bytes in read_members(content).items()
    }
