"""DuckDB backend: run expressions on one machine, in memory, and on disk what does not fit."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import pyarrow as pa
from ibis.backends.sql.datatypes import DuckDBType

from assay.engine.duckdb_connections import open_connection

SMALL_FILE_BYTES = 1_000_000
"""Size of Parquet files up to which rows are loaded into memory: opening them again would cost more than the query."""
SMALL_TABLE_BYTES = 10_000_000
"""Size of rows in memory up to which the result of a query may exist twice for a moment."""
SMALL_INPUT_BYTES = 1_000_000
"""Size of all Parquet files up to which statements run without a search for a faster plan."""
BYTES_PER_FILE_BYTE = 10
"""Bytes that rows take in memory for each byte that they take in a Parquet file, roughly."""
# DuckDB warns of that second copy. Only `DuckDBBackend.query` makes one, and only of small tables.
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result", category=UserWarning)


class DuckDBBackend:
    """One DuckDB connection, and the Ibis backend on it."""

    def __init__(self, threads: int | None, memory: str, *, preserve_insertion_order: bool = True) -> None:
        thread_settings = {} if threads is None else {"threads": threads}
        self.connection = open_connection(
            memory_limit=memory, preserve_insertion_order=preserve_insertion_order, **thread_settings
        )
        self.ibis_backend: Any = ibis.duckdb.from_connection(self.connection)
        self._registered_tables: dict[str, pa.Table] = {}
        self._object_kinds: dict[str, str] = {}
        self._runs_statements_directly = preserve_insertion_order
        # On few rows the optimiser takes a quarter of the time of a statement, and cannot win it back.
        self._file_bytes, self._is_optimised = 0, False
        self.connection.execute("pragma disable_optimizer").fetchall()

    def register(self, name: str, rows: pa.Table) -> None:
        """Register rows as a table without copying them."""
        self.drop(name)
        self.connection.register(name, rows)
        self._registered_tables[name] = rows
        self._count_input(rows.nbytes // BYTES_PER_FILE_BYTE)
        if rows.nbytes > SMALL_TABLE_BYTES:
            self._runs_statements_directly = False

    def read_parquet(self, name: str, files: Sequence[Path]) -> None:
        """Register Parquet files as a table; columns are matched by name.

        Small files are loaded once, large ones are read by each query.
        """
        self.drop(name)
        paths = [str(file) for file in files]
        file_bytes = sum(file.stat().st_size for file in files)
        self._count_input(file_bytes)
        if file_bytes > SMALL_FILE_BYTES:
            self.connection.read_parquet(paths, union_by_name=True).create_view(name, replace=True)
            self._object_kinds[name] = "view"
            self._runs_statements_directly = False
        else:
            statement = f'create table "{name}" as from read_parquet($paths, union_by_name = true)'
            self.connection.execute(statement, {"paths": paths}).fetchall()
            self._object_kinds[name] = "table"

    def _count_input(self, file_bytes: int) -> None:
        """Count the size of a further input; from `SMALL_INPUT_BYTES` on, statements are optimised."""
        self._file_bytes += file_bytes
        if not self._is_optimised and self._file_bytes > SMALL_INPUT_BYTES:
            self._is_optimised = True
            self.connection.execute("pragma enable_optimizer").fetchall()

    def table_expression(self, name: str) -> ibis.Table:
        """Return a table for expressions. It equals that of the Ibis backend, which parses each type again."""
        columns = self.connection.execute(f'describe "{name}"').fetchall()
        schema = ibis.Schema({column: _column_type(kind, null == "YES") for column, kind, null, *_ in columns})
        return ops.DatabaseTable(name, schema=schema, source=self.ibis_backend, namespace=ops.Namespace()).to_expr()

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
        """Return the rows of a query, in its order.

        A relation parses and binds a statement once more than its execution does, which takes a quarter of the time
        of a query on few rows. So a statement on small tables is executed directly. Its result is copied once more,
        and DuckDB keeps the order of the copy only if it preserves insertion order.
        """
        if self._runs_statements_directly:
            return self.connection.execute(sql).to_arrow_table()
        return self.connection.sql(sql).to_arrow_table()

    def close(self) -> None:
        """Close the connection, which deletes what DuckDB wrote to disk."""
        self.connection.close()
        self._registered_tables.clear()

    def drop(self, name: str) -> None:
        """Drop one table or view (DuckDB cannot replace a table by a view, or a view by a table)."""
        if self._registered_tables.pop(name, None) is not None:
            self.connection.unregister(name)
        if kind := self._object_kinds.pop(name, ""):
            self.connection.execute(f'drop {kind} "{name}"').fetchall()


@cache
def _column_type(text: str, nullable: bool) -> dt.DataType:
    """Return the Ibis type of a column, parsed once for each name of a type."""
    return DuckDBType.from_string(text, nullable=nullable)
