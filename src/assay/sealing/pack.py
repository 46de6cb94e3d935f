"""How do several tables become one run of bytes, and tables again?"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath

import pyarrow as pa
import pyarrow.parquet as pq


def packed(tables: Mapping[str, pa.Table]) -> bytes:
    """Tables by name as a zip of Parquet files."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as pack:
        for name, table in tables.items():
            one = io.BytesIO()
            pq.write_table(table, one, compression="zstd")
            pack.writestr(f"{name}.parquet", one.getvalue())
    return whole.getvalue()


def unpacked(content: bytes) -> dict[str, pa.Table]:
    """The tables that were packed, by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        return {PurePosixPath(name).stem: pq.read_table(io.BytesIO(pack.read(name))) for name in pack.namelist()}
