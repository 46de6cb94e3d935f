"""How do several tables become one run of bytes, and tables again?"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.parquet as pq

from assay.engine.safe_files.archive_limits import members
from assay.engine.safe_files.parquet_limits import bounded_table

ENDS = ".parquet"


def packed(tables: Mapping[str, pa.Table]) -> bytes:
    """Tables by name as a zip of Parquet files."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as pack:
        for name, table in tables.items():
            one = io.BytesIO()
            pq.write_table(table, one, compression="zstd")
            pack.writestr(f"{name}{ENDS}", one.getvalue())
    return whole.getvalue()


def unpacked(content: bytes) -> dict[str, pa.Table]:
    """The tables that were packed, by name; TooLarge before memory is full, Unreadable where it is no such pack."""
    return {name.removesuffix(ENDS): bounded_table(held) for name, held in members(content).items()}
