"""The staging store: a DuckDB database that holds one return while it is validated.

Each of the 28 tables has its typed columns and the rows accepted so far (empty if it was not supplied or was refused).
Beside them are `faults` (table_name, line, column_name, rule), the validation errors; `aside` (the same columns, one
row for each row set aside: the first rule wins); and `raw_NAME`, the text of the file.
"""

from __future__ import annotations

import re
import shutil
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from assay import contract
from assay.contract.validation_rules import rules
from assay.engine.duckdb_connections import open_connection
from assay.errors import DefinitionError
from assay.ingest.return_manifest import ReturnManifest
from assay.temporary_folders import new_temporary_folder

NO_RETURN = ReturnManifest(
    contract.SPEC_VERSION, "", "", date.min, date.min, date.min, datetime.max, 1, "", {}, {}
)  # fmt: skip
"""The manifest of files that are no return of a force: it declares nothing."""
_FILE_READ = re.compile(r"(read_(?:csv|parquet)\()'(?:[^'\n]|'')*?(\.\w+)?'")

ERROR_SCHEMA = pa.schema(
    [("table_name", pa.string()), ("line", pa.int64()), ("column_name", pa.string()), ("rule", pa.string())]
)
INCOMPLETE_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("table_name", "kind", "crime_ref", "person_ref", "missing_ref", "column_name",
                                     "record_ref")]
)  # fmt: skip
BATCH_ROWS = 250_000
"""Rows of a return on disk that are typed at once."""
UTC = "set TimeZone = 'UTC'"
"""Times are read alike on every server: by default DuckDB reads zoned times in the zone of the server."""
SQL_TYPES = {pa.string(): "varchar", pa.bool_(): "boolean", pa.int64(): "bigint", pa.float64(): "double",
             pa.date32(): "date", pa.timestamp("us"): "timestamp"}  # fmt: skip
"""SQL types of the stored columns."""


class StagingStore:
    """The staging store of one return. Its errors and messages never contain the content of a cell.

    Parameters
    ----------
    on_disk
        Store the database in a temporary file, for returns too large for memory.
    memory
        The memory that the store may use before it writes to disk.
    unoptimised
        Run every statement without searching for a faster plan, and spend a statement to shorten a longer one: the
        return is small (`is_small`).
    """

    def __init__(
        self,
        manifest: ReturnManifest,
        *,
        on_disk: bool = False,
        threads: int = 2,
        memory: str = "1GB",
        unoptimised: bool = False,
    ) -> None:
        self.manifest = manifest
        self.is_small = unoptimised
        self._on_disk = on_disk
        self._folder = new_temporary_folder("return-")
        # It holds records, so it is also deleted if the store is never closed, before the end of the process.
        self._remove_folder = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        database = self._folder / "staging.duckdb" if on_disk else None
        self._connection = open_connection(database, threads=threads, memory_limit=memory)
        self._execute(UTC)
        if unoptimised:
            self._execute("pragma disable_optimizer")
        self._statements: list[str] = []
        self._refused: dict[str, str] = {}
        self._supplied: set[str] = set()
        self._permanent: set[str] = set()
        self._not_complete: set[str] = set()
        self._unchanged_since: set[str] = set()
        self._execute(_empty_tables_sql())

    @property
    def folder(self) -> Path:
        """Return a temporary folder that is deleted with the store."""
        return self._folder

    @property
    def statements(self) -> tuple[str, ...]:
        """Return every statement that was executed or cached, in order."""
        return tuple(self._statements)

    @property
    def refused(self) -> dict[str, str]:
        """Return the refused tables, each with the rule that refused it."""
        return dict(self._refused)

    @property
    def not_complete(self) -> frozenset[str]:
        """Return the tables that count as incomplete, even if the manifest declares them complete (R59)."""
        return frozenset(self._not_complete)

    def is_supplied(self, table: str) -> bool:
        """Return True if the table was supplied and not refused; it may be empty."""
        return table in self._supplied and table not in self._refused

    def is_unchanged_since(self, checks: str) -> bool:
        """Return True if no row was accepted and no row or value was set aside since these checks were applied."""
        return checks in self._unchanged_since

    def mark_unchanged(self, checks: str) -> None:
        """Record that these checks were applied to the rows as they are now."""
        self._unchanged_since.add(checks)

    def query(self, sql: str) -> pa.Table:
        """Run a query and return its rows."""
        self._record_statement(sql)
        return self._connection.sql(sql).to_arrow_table()

    def query_number(self, sql: str) -> int:
        """Run a query and return its single number."""
        return int(self._connection.execute(sql).fetchall()[0][0])

    def query_row(self, sql: str) -> dict[str, Any]:
        """Run a query and return its single row by column."""
        self._record_statement(sql)
        (row,) = self._connection.sql(sql).to_arrow_table().to_pylist()
        return dict(row)

    def columns(self, name: str) -> frozenset[str]:
        """Return the columns of a table of the store; empty if there is no such table."""
        try:
            return frozenset(self._connection.table(name).columns)
        except duckdb.CatalogException:
            return frozenset()

    def store_query(self, name: str, sql: str) -> int:
        """Store the result of a query as a table; return the number of rows."""
        self._record_statement(sql)
        return self._execute(f"create or replace table {name} as {sql}")

    def cache_query(self, name: str, sql: str) -> str:
        """Return SQL for the rows of a query; for a small return, the result is stored once as a table."""
        if self._on_disk:
            return sql
        self.store_query(name, sql)
        return f"select * from {name}"

    def insert_query(self, name: str, sql: str) -> None:
        """Insert the result of a query into a table, by column name."""
        self._record_statement(sql)
        self._execute(f"insert into {name} by name {sql}")

    def update_rows(self, name: str, assignments: str) -> None:
        """Update rows of a table in place, which is faster than copying it."""
        self._execute(f"update {name} set {assignments}")

    def delete_rows(self, name: str, condition: str) -> None:
        """Delete rows of a table."""
        self._execute(f"delete from {name} where {condition}")

    def drop_column(self, table: str, column: str) -> None:
        """Drop a column of a table of the store, without copying the others."""
        self._execute(f"alter table {table} drop column {column}")

    def store_rows(self, name: str, rows: pa.Table) -> None:
        """Store Arrow rows as a table."""
        with self.registered_rows(rows) as view:
            self._execute(f"create or replace table {name} as from {view}")

    def store_rows_once(self, name: str, rows: pa.Table) -> None:
        """Store rows as a table, unless a table of this name was stored before."""
        if name not in self._permanent:
            self.store_rows(name, rows)
            self._permanent.add(name)

    @contextmanager
    def registered_rows(self, rows: pa.Table) -> Iterator[str]:
        """Register Arrow rows as a view for the duration of a block, without copying."""
        self._connection.register("lent_rows", rows)
        try:
            yield "lent_rows"
        finally:
            self._connection.unregister("lent_rows")

    def batches(self, sql: str) -> Iterator[pa.Table]:
        """Run a query and yield its rows: all at once, or in parts if the return is stored on disk.

        Parts are read over a second connection, because the store is written meanwhile. It sees the tables of the
        store, and no temporary table.
        """
        if not self._on_disk:
            yield self.query(sql)
            return
        self._record_statement(sql)
        with self._connection.cursor() as cursor:
            cursor.execute(UTC)  # a connection has settings of its own
            for batch in cursor.sql(sql).to_arrow_reader(BATCH_ROWS):
                yield pa.Table.from_batches([batch])

    def accept_rows(self, table: str, batches: Iterable[pa.Table]) -> None:
        """Store the typed rows of a supplied table, instead of those that it has."""
        self._unchanged_since.clear()
        if table in self._supplied:
            self._execute(f"truncate {table}")
        for rows in batches:
            with self.registered_rows(rows) as view:
                self._execute(f"insert into {table} by name select * from {view}")
        self._supplied.add(table)

    def record_errors(self, rule: str, table: str, column: str, lines_sql: str) -> int:
        """Record a validation error for each selected line; the rows stay. Return the number of errors."""
        self._check_names(rule, table)
        return self._execute(
            f"insert into faults select {_sql_string(table)}, line, {_sql_string(column)}, {_sql_string(rule)} "
            f"from (select distinct line from ({lines_sql}) where line is not null)"
        )

    def set_rows_aside(self, rule: str, table: str, column: str, lines_sql: str) -> int:
        """Set rows aside; the first rule that does so is their reason. Return the number of rows."""
        self._check_names(rule, table)
        count = self._execute(
            "create or replace temp table leaving as "
            f"select line from {table} where line in (select line from ({lines_sql}))"
        )
        if count:
            self._unchanged_since.clear()
            self._record_set_aside(rule, table, column)
            self._execute(f"delete from {table} where line in (select line from leaving)")
        return count

    def _record_set_aside(self, rule: str, table: str, column: str) -> None:
        same_error = (
            f"table_name = {_sql_string(table)} and column_name = {_sql_string(column)} and rule = {_sql_string(rule)}"
        )
        for table_name in ("aside", "faults"):
            self._execute(
                f"insert into {table_name} select {_sql_string(table)}, line, {_sql_string(column)}, "
                f"{_sql_string(rule)} "
                f"from leaving anti join (select line from {table_name} where {same_error}) as recorded using (line)"
            )

    def record_unread(self, rule: str, table: str, lines_sql: str) -> None:
        """Record and count records that could not be read as rows."""
        self._check_names(rule, table)
        self._execute(f"create or replace temp table leaving as {lines_sql}")
        self._record_set_aside(rule, table, "")

    def set_values_aside(self, rule: str, table: str, column: str, lines_sql: str) -> int:
        """Set values aside: the rows stay, and the values are read as empty."""
        self._check_names(rule, table)
        count = self._execute(
            "create or replace temp table leaving as "
            f"select line from {table} where line in (select line from ({lines_sql}))"
        )
        if not count:
            return 0
        self._unchanged_since.clear()
        names = contract.table(table).column(column).field_names
        nulls = ", ".join(f"{name} = null" for name in names)
        self._execute(f"update {table} set {nulls} where line in (select line from leaving)")
        return self.record_errors(rule, table, column, "select line from leaving")

    def refuse_table(self, rule: str, table: str, column: str = "") -> None:
        """Refuse a whole table: none of its rows is used."""
        self._check_names(rule, table)
        self._unchanged_since.clear()
        self._refused.setdefault(table, rule)
        self._execute(
            f"insert into faults values ({_sql_string(table)}, null, {_sql_string(column)}, {_sql_string(rule)})"
        )
        self._execute(_empty_table_sql(table, contract.typed_schema(table)))

    def record_table_error(self, rule: str, table: str, column: str = "") -> None:
        """Record a validation error of a whole table, without a line."""
        self._check_names(rule, table)
        self._execute(
            f"insert into faults values ({_sql_string(table)}, null, {_sql_string(column)}, {_sql_string(rule)})"
        )

    def mark_not_complete(self, table: str) -> None:
        """Treat a table as incomplete, even if the manifest declares it complete (R59)."""
        self._not_complete.add(table)

    def write_parquet(self, sql: str, path: Path) -> None:
        """Write the result of a query to a Parquet file, without holding it in memory."""
        self._execute(f"copy ({sql}) to {_sql_string(str(path))} (format parquet)")

    def clear_rejects(self) -> None:
        """Clear the list of rows that the CSV reader rejected, before the next file is read."""
        self._execute("truncate reject_errors")
        self._execute("truncate reject_scans")

    def close(self) -> None:
        """Close the store and delete its folder."""
        self._connection.close()
        self._remove_folder()

    def _record_statement(self, sql: str) -> None:
        """Record a statement, without file names and local paths."""
        self._statements.append(_FILE_READ.sub(r"\1'file\2'", sql))

    def _execute(self, sql: str) -> int:
        """Execute a statement; return the number of rows that it wrote or deleted."""
        result = self._connection.execute(sql).fetchall()
        return int(result[0][0]) if result else 0

    def _check_names(self, rule: str, table: str) -> None:
        if rule not in rules():
            raise DefinitionError(f"The return contract has no rule {rule}.")
        contract.table(table)


@cache
def _empty_tables_sql() -> str:
    """Return SQL that creates every table of an empty store in one statement, because each return has a store."""
    schemas = {name: contract.typed_schema(name) for name in contract.tables()}
    schemas |= {"faults": ERROR_SCHEMA, "aside": ERROR_SCHEMA, "incomplete": INCOMPLETE_SCHEMA}
    return "; ".join(_empty_table_sql(name, schema) for name, schema in schemas.items())


def _empty_table_sql(name: str, schema: pa.Schema) -> str:
    columns = ", ".join(f'"{field.name}" {SQL_TYPES[field.type]}' for field in schema)
    return f"create or replace table {name} ({columns})"


def _sql_string(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
