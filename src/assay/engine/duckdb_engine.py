"""How does one machine run an expression? DuckDB in memory, with what does not fit in a folder that goes away."""

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

LITTLE = 1_000_000
"""Bytes of Parquet up to which the rows are held: to open their files anew takes longer than the question."""


class OnDuckDB:
    """One DuckDB connection and the Ibis backend that speaks to it."""

    def __init__(self, threads: int | None, memory: str, *, preserve_insertion_order: bool = True) -> None:
        # Records that do not fit into memory are written here, never into whatever folder the program stands in.
        self._spill = tempfile.mkdtemp(prefix="assay-")
        settings = SETTINGS | {"memory_limit": memory, "temp_directory": self._spill}
        settings |= {"preserve_insertion_order": preserve_insertion_order}
        settings |= {} if threads is None else {"threads": threads}
        self.connection = duckdb.connect(":memory:", config=settings)
        self.backend: Any = ibis.duckdb.from_connection(self.connection)
        self._held: dict[str, pa.Table] = {}
        self._there: dict[str, str] = {}

    def hold(self, name: str, rows: pa.Table) -> None:
        """Make rows known under a name without copying them."""
        self.forget(name)
        self.connection.register(name, rows)
        self._held[name] = rows

    def read(self, name: str, files: Sequence[Path]) -> None:
        """Make the rows of Parquet files known under a name; columns are matched by name. Little files are read once,
        large ones by each question that reads them."""
        self.forget(name)
        read = self.connection.read_parquet([str(file) for file in files], union_by_name=True)
        if sum(file.stat().st_size for file in files) > LITTLE:
            read.create_view(name, replace=True)
            self._there[name] = "view"
        else:
            read.create(name)
            self._there[name] = "table"

    def keep(self, name: str, sql: str) -> None:
        """Work out an answer and keep it as a table; it may read the table whose place it takes."""
        in_the_way = name in self._held or self._there.get(name) == "view"
        kept = '"being kept"' if in_the_way else name
        self.connection.execute(f"create or replace table {kept} as\n{sql}").fetchall()
        if in_the_way:
            self.forget(name)
            self.connection.execute(f"alter table {kept} rename to {name}").fetchall()
        self._there[name] = "table"

    def answer(self, sql: str) -> pa.Table:
        """Every row of an answer."""
        return self.connection.sql(sql).to_arrow_table()

    def close(self) -> None:
        """Forget everything, and the folder of what did not fit."""
        self.connection.close()
        self._held.clear()
        shutil.rmtree(self._spill, ignore_errors=True)

    def forget(self, name: str) -> None:
        """Let go of one table. (DuckDB puts no view in the place of a table, nor a table in the place of a view.)"""
        if self._held.pop(name, None) is not None:
            self.connection.unregister(name)
        if kind := self._there.pop(name, ""):
            self.connection.execute(f"drop {kind} {name}").fetchall()
