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
"""Size of Parquet files up to which rows are loaded into memory: opening them again would cost more than the query."""


class DuckDBBackend:
    """One DuckDB connection, and the Ibis backend on it."""

    def __init__(self, threads: int | None, memory: str, *, preserve_insertion_order: bool = True) -> None:
        # Data that do not fit into memory are written here, never into the current folder.
        self._spill_folder = tempfile.mkdtemp(prefix="assay-")
        settings = SETTINGS | {"memory_limit": memory, "temp_directory": self._spill_folder}
        settings |= {"preserve_insertion_order": preserve_insertion_order}
        settings |= {} if threads is None else {"threads": threads}
        self.connection = duckdb.connect(":memory:", config=settings)
        self.ibis_backend: Any = ibis.duckdb.from_connection(self.connection)
        self._registered_tables: dict[str, pa.Table] = {}
        self._object_kinds: dict[str, str] = {}

    def register(self, name: str, rows: pa.Table) -> None:
        """Register rows as a table without copying them."""
        self.drop(name)
        self.connection.register(name, rows)
        self._registered_tables[name] = rows

    def read_parquet(self, name: str, files: Sequence[Path]) -> None:
        """Register Parquet files as a table; columns are matched by name.

        Small files are loaded once, large ones are read by each query.
        """
        self.drop(name)
        relation = self.connection.read_parquet([str(file) for file in files], union_by_name=True)
        if sum(file.stat().st_size for file in files) > SMALL_FILE_BYTES:
            relation.create_view(name, replace=True)
            self._object_kinds[name] = "view"
        else:
            relation.create(name)
            self._object_kinds[name] = "table"

    def create_table(self, name: str, sql: str) -> None:
        """Run a query and store its result as a table; it may read the table that it replaces."""
        is_replaced = name in self._registered_tables or self._object_kinds.get(name) == "view"
        new_name = '"replacement"' if is_replaced else name
        self.connection.execute(f"create or replace table {new_name} as\n{sql}").fetchall()
        if is_replaced:
            self.drop(name)
            self.connection.execute(f"alter table {new_name} rename to {name}").fetchall()
        self._object_kinds[name] = "table"

    def query(self, sql: str) -> pa.Table:
        """Return the rows of a query."""
        return self.connection.sql(sql).to_arrow_table()

    def close(self) -> None:
        """Close the connection and delete the spill folder."""
        self.connection.close()
        self._registered_tables.clear()
        shutil.rmtree(self._spill_folder, ignore_errors=True)

    def drop(self, name: str) -> None:
        """Drop one table or view (DuckDB cannot replace a table by a view, or a view by a table)."""
        if self._registered_tables.pop(name, None) is not None:
            self.connection.unregister(name)
        if kind := self._object_kinds.pop(name, ""):
            self.connection.execute(f"drop {kind} {name}").fetchall()
