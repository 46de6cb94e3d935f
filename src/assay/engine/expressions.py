"""Run Ibis expressions on DuckDB or Spark, with a log of the statements.

A fact or a ladder is an Ibis expression. `ExpressionEngine("duckdb")` runs it on one machine,
`ExpressionEngine("spark")` where one machine is outgrown; the promises are those of `Engine`: rows in the order of all
their columns (nulls last), whole numbers of 64 bits, text as text, time in UTC without a zone. Tables that an
expression reads are named by `table` or `keep` first; nothing is read from Python variables.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

import pyarrow as pa
import sqlglot
from sqlglot import exp

from assay.engine.compiled_sql import ExpressionDigests, read_compiled, write_compiled
from assay.engine.engine_location import ENGINES, LOCAL_ENGINE, EngineLocation
from assay.errors import DefinitionError, UsageError

if TYPE_CHECKING:
    import ibis

NAME = re.compile(r"[a-z_][a-z0-9_]*")
MAXIMUM_CACHED_STATEMENTS = 10_000
COMPILED_STATEMENTS: dict[tuple[str, int], str] = {}
"""Statements by engine and by the hash of their expression, which covers the names and types of all that it reads."""


class Backend(Protocol):
    """Interface of a backend of `ExpressionEngine`; `ibis_backend` is its Ibis backend."""

    ibis_backend: Any

    def register(self, name: str, rows: pa.Table) -> None:
        """Make rows known under a name."""

    def read_parquet(self, name: str, files: Sequence[Path]) -> None:
        """Make the rows of Parquet files known under a name."""

    def create_table(self, name: str, sql: str) -> None:
        """Work out an answer once and keep it under a name."""

    def query(self, sql: str) -> pa.Table:
        """Every row of an answer, in its order."""

    def close(self) -> None:
        """Let go of everything."""


class ExpressionEngine:
    """One unit of work on one engine ("duckdb" or "spark").

    `threads` is one by default: a sum of fractions then has the same last digit on every machine. `memory` is the
    most that the engine may take before it writes to disk ("2GB"). `where`: the engine of an inspection, with its
    cluster, in the place of `engine`.
    """

    def __init__(
        self, engine: str = "duckdb", *, threads: int = 1, memory: str = "2GB", where: EngineLocation | None = None
    ) -> None:
        location = where or replace(LOCAL_ENGINE, engine=engine)
        self.engine = location.engine
        self._backend = _open_backend(location, threads, memory)
        self._statements: list[str] = []
        self._digests = ExpressionDigests()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def statements(self) -> tuple[str, ...]:
        """Every statement that was run, in order: what a receipt quotes."""
        return tuple(self._statements)

    def table(self, name: str, rows: pa.Table | Path | Sequence[Path]) -> ibis.Table:
        """A table to build expressions on, from Arrow rows or Parquet files; a later one of that name replaces it.

        Arrow rows are read where they lie; `create_table` copies them into the engine, which pays when they are read
        often."""
        if isinstance(rows, pa.Table):
            self._backend.register(_check_name(name), _decode_dictionaries(rows))
        else:
            files = [rows] if isinstance(rows, Path) else list(rows)
            if not files:
                raise UsageError(f"The table {name} was given no files to read.")
            self._backend.read_parquet(_check_name(name), files)
        return self._backend.ibis_backend.table(name)

    def create_table(self, name: str, expr: ibis.Table) -> ibis.Table:
        """The answer to an expression, worked out once, as a table that the next expressions read."""
        sql = self.sql(expr)
        self._backend.create_table(_check_name(name), sql)
        self._statements.append(f"create table {name} as\n{sql}")
        return self._backend.ibis_backend.table(name)

    def run(self, expr: ibis.Table, *, in_order: bool = True) -> pa.Table:
        """The rows of an expression, in the order of all their columns from left to right, nulls last; not `in_order`,
        as they come, for whoever puts them in order afterwards."""
        import ibis

        order = [ibis.asc(name, nulls_first=False) for name in expr.columns]
        sql = self.sql(expr.order_by(order) if in_order else expr)
        rows = self._backend.query(sql)
        self._statements.append(sql)
        return rows.cast(_common_schema(expr.schema().to_pyarrow()))

    def sql(self, expr: ibis.Table) -> str:
        """The statement that this engine would run for an expression.

        The same expression on tables of the same names and columns is compiled once, and kept in memory and on disk
        (`engine.compiled_sql`): compiling takes a fifth of a small run.
        """
        key = (self.engine, hash(expr.op()))
        if key not in COMPILED_STATEMENTS:
            if len(COMPILED_STATEMENTS) >= MAXIMUM_CACHED_STATEMENTS:
                COMPILED_STATEMENTS.clear()
            COMPILED_STATEMENTS[key] = self._cached_statement(expr)
        return COMPILED_STATEMENTS[key]

    def _cached_statement(self, expr: ibis.Table) -> str:
        """Return the statement from the cache on disk, else compile it and keep it there."""
        digest = self._digests.digest(expr.op())
        if digest is None:
            return self._compile(expr)
        statement = read_compiled(self.engine, digest)
        if statement is None:
            statement = self._compile(expr)
            write_compiled(self.engine, digest, statement)
        return statement

    def _compile(self, expr: ibis.Table) -> str:
        """Steps are not fused: a column that five steps use would be written out, with all it rests on, five times."""
        import ibis

        backend = self._backend.ibis_backend
        ibis.options.sql.fuse_selects = False
        statement = _sort_excluded_columns(_add_brackets(backend.compiler.to_sqlglot(expr)))
        return str(
            statement.sql(
                dialect=backend.dialect,
                pretty=True,
                unsupported_level=sqlglot.ErrorLevel.RAISE,
                copy=False,
            )
        )

    def close(self) -> None:
        """End the unit of work; what was kept is forgotten."""
        self._backend.close()


def _open_backend(location: EngineLocation, threads: int, memory: str) -> Backend:
    # Imported here: Ibis costs a second, and only one of the two engines is needed.
    if location.engine == "duckdb":
        from assay.engine.duckdb_engine import DuckDBBackend

        return DuckDBBackend(threads, memory)
    if location.engine == "spark":
        from assay.engine.spark_engine import SparkBackend

        return SparkBackend(threads, memory, location)
    raise UsageError(f"No engine is called {location.engine!r}: choose one of {', '.join(ENGINES)}.")


def _add_brackets(tree: Any) -> Any:
    """The statement that Ibis meant, where what it writes would be read otherwise.

    Ibis 12 writes (~x).isnull() as NOT (x) IS NULL, which every engine reads as "x is not null": the unknown would
    be taken for known, on DuckDB and Spark alike. So `not`, `is null`, `in` and `between` get brackets. It writes a
    fraction as 3600.0, which Spark takes for a decimal and then divides to six places: so fractions are cast.
    Each is moved, not copied: what stands within it gets its brackets too. The "not null" of "is not null" gets none.
    """
    for inner in list(tree.find_all(exp.Not, exp.Is, exp.In, exp.Between)):
        parent = inner.parent
        is_unambiguous = isinstance(parent, exp.Connector) or (
            isinstance(parent, exp.Is) and inner is parent.expression
        )
        if isinstance(parent, exp.Binary | exp.In | exp.Between) and not is_unambiguous:
            _wrap(exp.Paren(), inner)
    for number in list(tree.find_all(exp.Literal)):
        if not number.is_string and not number.this.isdigit() and not isinstance(number.parent, exp.Cast):
            _wrap(exp.Cast(to=exp.DataType.build("double")), number)
    return tree


def _sort_excluded_columns(tree: Any) -> Any:
    """The statement with the columns that a star leaves out in order of their names.

    Ibis holds them in a set, whose order is another in each process; a receipt quotes the statement, and a run that was
    stopped and taken up by another process leaves the same receipt as one that was not.
    """
    for star in tree.find_all(exp.Star):
        excluded = star.args.get("except_")
        if excluded:
            star.set("except_", sorted(excluded, key=lambda column: str(column.name)))
    return tree


def _wrap(wrapper: exp.Expression, inner: exp.Expression) -> None:
    inner.replace(wrapper)
    wrapper.set("this", inner)


def _check_name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise DefinitionError(f"{name!r} cannot name a table: use small letters, digits and underscores.")
    return name


def _decode_dictionaries(rows: pa.Table) -> pa.Table:
    """Text kept as a dictionary becomes text: an engine would make an enumeration of it."""
    for position, field in enumerate(rows.schema):
        if pa.types.is_dictionary(field.type):
            rows = rows.set_column(position, field.name, rows.column(position).cast(field.type.value_type))
    return rows


def _common_schema(schema: pa.Schema) -> pa.Schema:
    return pa.schema([pa.field(field.name, _common_type(field.type)) for field in schema])


def _common_type(kind: pa.DataType) -> pa.DataType:
    """One type for each kind of value, whichever engine answered."""
    if pa.types.is_integer(kind) or (pa.types.is_decimal(kind) and kind.scale == 0):
        return pa.int64()
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return pa.float64()
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us")
    if pa.types.is_large_string(kind):
        return pa.string()
    return kind
