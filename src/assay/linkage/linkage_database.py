"""Database of the linkage statements (DuckDB or Spark), with a log of the statements run.

On one machine, DuckDB runs the statements. If one machine is too small, Spark computes name profiles, pairs and match
weights from the same statements, which sqlglot translates from the DuckDB dialect. The statements are logged for the
provenance record: each distinct form once, however often it was run with other numbers, up to a maximum size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import sqlglot

from assay.engine.engine_location import ENGINES, EngineLocation
from assay.errors import UsageError

MAXIMUM_CHARACTERS = 200_000
"""Maximum size of all logged statements in a provenance record; further statements are only counted."""
RANDOM_TABLE_NAME = re.compile(r"(__splink__[a-z0-9_]*?)_[a-z0-9]{8,9}(?![a-z0-9_])")
"""Random suffix that Splink adds to its table names, different in each run."""
NUMBER = re.compile(r"(?<![a-z_0-9])-?\d+(\.\d+)?(e-?\d+)?")
IGNORED_STATEMENTS = ("drop ", "select column_name", "select * from __splink__")


class StatementLog:
    """Log of the statements run, in order; statements that differ only in random names are logged once."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}
        self._times: dict[str, int] = {}

    def log(self, sql: str) -> None:
        """Log a statement, without the random suffixes of Splink's table names."""
        statement = RANDOM_TABLE_NAME.sub(r"\1", sql.strip())
        if statement.lower().startswith(IGNORED_STATEMENTS):
            return
        shape = NUMBER.sub("?", statement)
        self._first.setdefault(shape, statement)
        self._times[shape] = self._times.get(shape, 0) + 1

    def concatenate(self, other: StatementLog) -> StatementLog:
        """Return a log with these statements, then those of another log."""
        combined = StatementLog()
        for log in (self, other):
            for shape, sql in log._first.items():
                combined._first.setdefault(shape, sql)
                combined._times[shape] = combined._times.get(shape, 0) + log._times[shape]
        return combined

    @property
    def statements(self) -> tuple[str, ...]:
        """Logged statements, with how often each was run; at most `MAXIMUM_CHARACTERS` in all."""
        texts, characters, omitted = [], 0, 0
        for shape, sql in self._first.items():
            times = self._times[shape]
            text = sql if times == 1 else f"{sql}\n-- run {times} times, with other numbers"
            characters += len(text)
            if characters > MAXIMUM_CHARACTERS:
                omitted += 1
            else:
                texts.append(text)
        return (*texts, f"-- and {omitted} more statements, too long to be kept") if omitted else tuple(texts)


class LinkageDatabase:
    """Tables and SQL statements of one linkage run, and Splink on the same tables."""

    def __init__(self, where: EngineLocation, statement_log: StatementLog, threads: int | None, memory: str) -> None:
        self.engine = where.engine
        self._statement_log = statement_log
        self._backend = _open_backend(where, threads, memory)

    def register(self, name: str, rows: pa.Table) -> None:
        """Register rows as a table."""
        self._backend.register(name, rows)

    def create_table(self, name: str, sql: str) -> None:
        """Run a query and store its result as a table."""
        statement = self._translate(sql)
        self._backend.create_table(name, statement)
        self._statement_log.log(f"create table {name} as\n{statement.strip()}")

    def query(self, sql: str) -> pa.Table:
        """Return the rows of a query."""
        statement = self._translate(sql)
        self._statement_log.log(statement)
        return self._backend.query(statement)

    def query_number(self, sql: str) -> int:
        """Return the single integer of a query."""
        return int(self.query(sql).column(0)[0].as_py())

    def drop(self, *names: str) -> None:
        """Drop tables."""
        for name in names:
            self._backend.drop(name)

    def close(self) -> None:
        """Close the database and release its memory."""
        self._backend.close()

    @property
    def hash_function(self) -> str:
        """Name of the SQL function that hashes several values to a 64-bit integer."""
        return "hash" if self.engine == "duckdb" else "xxhash64"

    def splink_api(self) -> Any:
        """Return the Splink API on this database; its statements are logged as well."""
        if self.engine == "duckdb":
            from splink import DuckDBAPI

            api: Any = DuckDBAPI(self._backend.connection)
        else:
            from splink import SparkAPI

            spark_api: Any = SparkAPI
            api = spark_api(spark_session=self._backend.session, break_lineage_method="persist")
        execute = api._execute_sql_against_backend

        def execute_and_log(sql: str) -> Any:
            self._statement_log.log(sql)
            return execute(sql)

        api._execute_sql_against_backend = execute_and_log
        return api

    def _translate(self, sql: str) -> str:
        if self.engine == "duckdb":
            return sql
        translation: str = sqlglot.transpile(sql, read="duckdb", write="spark", pretty=True)[0]
        return translation


def _open_backend(where: EngineLocation, threads: int | None, memory: str) -> Any:
    if where.engine == "duckdb":
        from assay.engine.duckdb_engine import DuckDBBackend

        # No linkage statement depends on the order of rows, and keeping it costs memory.
        return DuckDBBackend(threads, memory, preserve_insertion_order=False)
    if where.engine == "spark":
        from assay.engine.spark_engine import SparkBackend

        return SparkBackend(threads, memory, where)
    raise UsageError(f"No engine is called {where.engine!r}: choose {' or '.join(ENGINES)}.")


@contextmanager
def open_database(
    where: EngineLocation, statement_log: StatementLog, *, threads: int | None = None, memory: str = "1800MB"
) -> Iterator[LinkageDatabase]:
    """Open a database and close it at the end; all threads are used if `threads` is None."""
    opened_database = LinkageDatabase(where, statement_log, threads, memory)
    try:
        yield opened_database
    finally:
        opened_database.close()
