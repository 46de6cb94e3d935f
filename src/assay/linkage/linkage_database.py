"""Where do the statements of linkage run, and which were run?

On one machine in DuckDB; where one machine is outgrown, holdings, their pairs and the weight of each pair are worked
out by Spark, from the same statements (written as for DuckDB, and put into Spark's words by sqlglot). Statements are
noted for the receipt: each shape of them once, however often it was run with other numbers, and no more of them than
a receipt can bear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import sqlglot

from assay.engine.engine_location import ENGINES, Where
from assay.errors import UsageError

MOST_SIGNS = 200_000
"""Of all statements together, in a receipt; what is beyond is counted."""
DRAWN = re.compile(r"(__splink__[a-z0-9_]*?)_[a-z0-9]{8,9}(?![a-z0-9_])")
"""What Splink adds to a name of its own, another on each run."""
NUMBER = re.compile(r"(?<![a-z_0-9])-?\d+(\.\d+)?(e-?\d+)?")
NOT_TOLD = ("drop ", "select column_name", "select * from __splink__")


class Noted:
    """The statements that were run, in order, each shape once."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}
        self._times: dict[str, int] = {}

    def note(self, sql: str) -> None:
        """Remember a statement, without what Splink draws anew for each run."""
        told = DRAWN.sub(r"\1", sql.strip())
        if told.lower().startswith(NOT_TOLD):
            return
        shape = NUMBER.sub("?", told)
        self._first.setdefault(shape, told)
        self._times[shape] = self._times.get(shape, 0) + 1

    def and_then(self, later: Noted) -> Noted:
        """These statements, and after them those that another noted."""
        both = Noted()
        for one in (self, later):
            for shape, sql in one._first.items():
                both._first.setdefault(shape, sql)
                both._times[shape] = both._times.get(shape, 0) + one._times[shape]
        return both

    @property
    def statements(self) -> tuple[str, ...]:
        """Each statement, and how often it was run with other numbers; at most `MOST_SIGNS` in all."""
        found, signs, beyond = [], 0, 0
        for shape, sql in self._first.items():
            times = self._times[shape]
            told = sql if times == 1 else f"{sql}\n-- run {times} times, with other numbers"
            signs += len(told)
            if signs > MOST_SIGNS:
                beyond += 1
            else:
                found.append(told)
        return (*found, f"-- and {beyond} more statements, too long to be kept") if beyond else tuple(found)


class Database:
    """One unit of work: tables by name, statements in the words of DuckDB, and Splink on the same tables."""

    def __init__(self, where: Where, noted: Noted, threads: int | None, memory: str) -> None:
        self.engine = where.engine
        self._noted = noted
        self._machine = _machine(where, threads, memory)

    def hold(self, name: str, rows: pa.Table) -> None:
        """Make rows known under a name."""
        self._machine.hold(name, rows)

    def keep(self, name: str, sql: str) -> None:
        """Work out a question and keep the answer as a table."""
        told = self._said(sql)
        self._machine.keep(name, told)
        self._noted.note(f"create table {name} as\n{told.strip()}")

    def answer(self, sql: str) -> pa.Table:
        """Every row that answers a question."""
        told = self._said(sql)
        self._noted.note(told)
        return self._machine.answer(told)

    def number(self, sql: str) -> int:
        """The one whole number that answers a question."""
        return int(self.answer(sql).column(0)[0].as_py())

    def forget(self, *names: str) -> None:
        """Let go of tables that nobody reads again."""
        for name in names:
            self._machine.forget(name)

    def close(self) -> None:
        """Let go of everything."""
        self._machine.close()

    @property
    def hash(self) -> str:
        """The function that makes a number of 64 bits of several values."""
        return "hash" if self.engine == "duckdb" else "xxhash64"

    def splink(self) -> Any:
        """Splink's door to this database; what it runs is noted as well."""
        if self.engine == "duckdb":
            from splink import DuckDBAPI

            door: Any = DuckDBAPI(self._machine.connection)
        else:
            from splink import SparkAPI

            spark: Any = SparkAPI
            door = spark(spark_session=self._machine.session, break_lineage_method="persist")
        run = door._execute_sql_against_backend

        def noted(sql: str) -> Any:
            self._noted.note(sql)
            return run(sql)

        door._execute_sql_against_backend = noted
        return door

    def _said(self, sql: str) -> str:
        if self.engine == "duckdb":
            return sql
        told: str = sqlglot.transpile(sql, read="duckdb", write="spark", pretty=True)[0]
        return told


def _machine(where: Where, threads: int | None, memory: str) -> Any:
    if where.engine == "duckdb":
        from assay.engine.duckdb_engine import OnDuckDB

        # No statement of linkage rests on the order in which rows come, and to keep it costs memory.
        return OnDuckDB(threads, memory, preserve_insertion_order=False)
    if where.engine == "spark":
        from assay.engine.spark_engine import OnSpark

        return OnSpark(threads, memory, where)
    raise UsageError(f"No engine is called {where.engine!r}: choose {' or '.join(ENGINES)}.")


@contextmanager
def database(where: Where, noted: Noted, *, threads: int | None = None, memory: str = "1800MB") -> Iterator[Database]:
    """A database that is closed at the end; as many threads as there are, unless told otherwise."""
    at = Database(where, noted, threads, memory)
    try:
        yield at
    finally:
        at.close()
