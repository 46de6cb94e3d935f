"""Tables in DuckDB: register tables, run SQL statements, log them."""

from __future__ import annotations

import re
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa

from assay.errors import DefinitionError

NAME = re.compile(r"[a-z_][a-z0-9_]*")

# No extension is fetched, ever: an inspection must run where nothing can be downloaded. A table is what was
# named by `table` or `keep`, never a Python variable that happens to bear the same name.
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
}


class TableStore:
    """One DuckDB connection for one unit of work, in memory or in the file at `path`.

    One thread by default: a sum of fractions then gives the same last digit on every machine. `memory` is
    the most it may take before it writes to disk ("1GB").
    """

    def __init__(self, path: Path | None = None, *, threads: int = 1, memory: str = "1GB") -> None:
        settings = SETTINGS | {"threads": threads, "memory_limit": memory}
        self._connection = duckdb.connect(str(path or ":memory:"), config=settings)
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
        """Every statement that was run, in order, with the values it was given."""
        return tuple(self._statements)

    def table(self, name: str, rows: pa.Table) -> None:
        """Make `rows` known under `name` without copying; a later table of that name takes its place."""
        self._connection.register(_check_name(name), rows)
        self._registered_tables[name] = rows

    def run(self, sql: str, **values: object) -> pa.Table:
        """The rows that answer one question, in the order of all their columns, nulls last.

        A caller who wants another order sorts what comes back. Whole numbers that DuckDB widened in a sum
        come back as int64. Refuses text that is not one question (`duckdb.ParserException`).
        """
        statement = _one_statement(sql)
        # Wrapped, so that no answer depends on the order in which threads or files happened to deliver rows.
        relation = self._connection.sql(f"select * from (\n{statement}\n) order by all", params=values or None)
        rows = _narrow_integers(relation.to_arrow_table())
        self._log_statement(statement, values)
        return rows

    def create_table(self, name: str, sql: str, **values: object) -> None:
        """Keep the answer to a question as a table of the store, for the next step to read."""
        statement = f"create or replace table {_check_name(name)} as\n{_one_statement(sql)}"
        self._connection.execute(statement, values or None).fetchall()
        self._log_statement(statement, values)

    def close(self) -> None:
        """End the unit of work; a store in memory forgets everything."""
        self._connection.close()
        self._registered_tables.clear()

    def _log_statement(self, question: str, values: dict[str, object]) -> None:
        value_comments = "".join(f"\n-- ${name} = {value!r}" for name, value in sorted(values.items()))
        self._statements.append(question + value_comments)


def _check_name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise DefinitionError(f"{name!r} cannot name a table: use small letters, digits and underscores.")
    return name


def _one_statement(sql: str) -> str:
    return sql.strip().removesuffix(";").rstrip()


def _narrow_integers(rows: pa.Table) -> pa.Table:
    """DuckDB sums whole numbers into 128 bits; a count beyond 64 bits fails here rather than being cut."""
    for position, field in enumerate(rows.schema):
        if pa.types.is_decimal(field.type) and field.type.scale == 0:
            rows = rows.set_column(position, field.name, rows.column(position).cast(pa.int64()))
    return rows
