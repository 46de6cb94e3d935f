"""DuckDB backend: run expressions on one machine, in memory with a spill folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from assay.engine.table_store import SETTINGS

SMALL_FILE_BYTES = 1_000_000
"""Bytes of Parquet up to which the rows are held: to open their files anew takes longer than the question."""


class DuckDBBackend:
    """One DuckDB connection, and the Ibis backend on it."""

    def __init__(self, threads: int | None, memory: str, *, preserve_insertion_order: bool = True) -> None:
        # Records that do not fit into memory are written here, never into whatever folder the program stands in.
        self._spill_folder = tempfile.mkdtemp(prefix="assay-")
        settings = SETTINGS | {"memory_limit": memory, "temp_directory": self._spill_folder}
        settings |= {"preserve_insertion_order": preserve_insertion_order}
        settings |= {} if threads is None else {"threads": threads}
        self.connection = duckdb.connect(":memory:", config=settings)
        self.ibis_backend: Any = ibis.duckdb.from_connection(self.connection)
        self._registered_tables: dict[str, pa.Table] = {}
        self._object_kinds: dict[str, str] = {}

    def register(self, name: str, rows: pa.Table) -> None:
        """Make rows known under a name without copying them."""
        self.drop(name)
        self.connection.register(name, rows)
        self._registered_tables[name] = rows

    def read_parquet(self, name: str, files: Sequence[Path]) -> None:
        """Make the rows of Parquet files known under a name; columns are matched by name. Little files are read once,
        large ones by each question that reads them."""
        self.drop(name)
        relation = self.connection.read_parquet([str(file) for file in files], union_by_name=True)
        if sum(file.stat().st_size for file in files) > SMALL_FILE_BYTES:
            relation.create_view(name, replace=True)
            self._object_kinds[name] = "view"
        else:
            relation.create(name)
            self._object_kinds[name] = "table"

    def create_table(self, name: str, sql: str) -> None:
        """Work out an answer and keep it as a table; it may read the table whose place it takes."""
        is_replaced = name in self._registered_tables or self._object_kinds.get(name) == "view"
        new_name = '"being kept"' if is_replaced else name
        self.connection.execute(f"create or replace table {new_name} as\n{sql}").fetchall()
        if is_replaced:
            self.drop(name)
            self.connection.execute(f"alter table {new_name} rename to {name}").fetchall()
        self._object_kinds[name] = "table"

    def query(self, sql: str) -> pa.Table:
        """Every row of an answer."""
        return self.connection.sql(sql).to_arrow_table()

    def close(self) -> None:
        """Forget everything, and the folder of what did not fit."""
        self.connection.close()
        self._registered_tables.clear()
        shutil.rmtree(self._spill_folder, ignore_errors=True)

    def drop(self, name: str) -> None:
        """Let go of one table. (DuckDB puts no view in the place of a table, nor a table in the place of a view.)"""
        if self._registered_tables.pop(name, None) is not None:
            self.connection.unregister(name)
        if kind := self._object_kinds.pop(name, ""):
            self.connection.execute(f"drop {kind} {name}").fetchall()
