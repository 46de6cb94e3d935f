"""Tables in DuckDB: register tables, run SQL statements, log them."""

from __future__ import annotations

import re
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa

from assay.engine.duckdb_connections import open_connection
from assay.errors import DefinitionError

NAME = re.compile(r"[a-z_][a-z0-9_]*")


class TableStore:
    """DuckDB connection for one unit of work, in memory or in the file at `path` (a context manager).

    With one thread (the default) a sum of fractions has the same last digit on every machine. `memory` is the maximum
    before DuckDB writes to disk ("1GB").
    """

    def __init__(self, path: Path | None = None, *, threads: int = 1, memory: str = "1GB") -> None:
        self._connection = open_connection(path, threads=threads, memory_limit=memory)
        self._connection.execute("set TimeZone = 'UTC'").fetchall()
        self._statements: list[str] = []
        self._registered_tables: dict[str, pa.Table] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def statements(self) -> tuple[str, ...]:
        """Statements run so far, in order, with the values of their parameters."""
        return tuple(self._statements)

    def table(self, name: str, rows: pa.Table) -> None:
        """Register `rows` as the table `name` without copying; a later table of that name replaces it."""
        self._connection.register(_check_name(name), rows)
        self._registered_tables[name] = rows

    def run(self, sql: str, **values: object) -> pa.Table:
        """Return the rows of a query, sorted by all columns (nulls last).

        Integers that DuckDB widened in a sum are returned as int64. Raises `duckdb.ParserException` if the text is not
        one query.
        """
        statement = _one_statement(sql)
        # Sorted, so that no result depends on the order in which threads or files deliver rows.
        relation = self._connection.sql(f"select * from (\n{statement}\n) order by all", params=values or None)
        rows = _narrow_integers(relation.to_arrow_table())
        self._log_statement(statement, values)
        return rows

    def create_table(self, name: str, sql: str, **values: object) -> None:
        """Store the result of a query as the table `name`, for later statements."""
        statement = f"create or replace table {_check_name(name)} as\n{_one_statement(sql)}"
        self._connection.execute(statement, values or None).fetchall()
        self._log_statement(statement, values)

    def close(self) -> None:
        """Close the connection; the tables of a store in memory are lost."""
        self._connection.close()
        self._registered_tables.clear()

    def _log_statement(self, statement: str, values: dict[str, object]) -> None:
        value_comments = "".join(f"\n-- ${name} = {value!r}" for name, value in sorted(values.items()))
        self._statements.append(statement + value_comments)


def _check_name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise DefinitionError(f"{name!r} cannot name a table: use small letters, digits and underscores.")
    return name


def _one_statement(sql: str) -> str:
    return sql.strip().removesuffix(";").rstrip()


def _narrow_integers(rows: pa.Table) -> pa.Table:
    """Cast the 128-bit sums of DuckDB to int64; a larger value raises an error instead of being truncated."""
    for position, field in enumerate(rows.schema):
        if pa.types.is_decimal(field.type) and field.type.scale == 0:
            rows = rows.set_column(position, field.name, rows.column(position).cast(pa.int64()))
    return rows
