"""Run Ibis expressions on DuckDB or Spark, with a log of the statements.

A fact or a ladder is an Ibis expression. `ExpressionEngine("duckdb")` runs it on one machine,
`ExpressionEngine("spark")` on several. The guarantees are those of `Engine`: rows sorted by all columns (nulls last),
64-bit integers, text as text, time in UTC without a zone. Tables that an expression reads are registered by `table` or
`create_table` first; nothing is read from Python variables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self, cast

import pyarrow as pa
import sqlglot
from sqlglot import exp

from assay.engine.compiled_sql import ExpressionDigests, read_compiled, write_compiled
from assay.engine.engine_location import ENGINES, LOCAL_ENGINE, EngineLocation
from assay.engine.statement_plans import PlanStep, ReadLog, StatementPlan, plan_digest
from assay.errors import DefinitionError, UsageError

if TYPE_CHECKING:
    import ibis

Tables = Mapping[str, "ibis.Table"]
NAME = re.compile(r"[a-z_][a-z0-9_]*")
MAXIMUM_CACHED_STATEMENTS = 10_000
COMPILED_STATEMENTS: dict[tuple[str, int], str] = {}
"""Compiled statements by engine and hash of the expression, which covers names and types of all its tables."""


class Backend(Protocol):
    """Interface of a backend of `ExpressionEngine`; `ibis_backend` is its Ibis backend."""

    ibis_backend: Any

    def register(self, name: str, rows: pa.Table) -> None:
        """Register rows as a table."""

    def read_parquet(self, name: str, files: Sequence[Path]) -> None:
        """Register Parquet files as a table."""

    def table_expression(self, name: str) -> ibis.Table:
        """Return a registered or created table for expressions."""

    def create_table(self, name: str, sql: str) -> None:
        """Run a query once and store its result as a table."""

    def query(self, sql: str) -> pa.Table:
        """Return the rows of a query, in its order."""

    def close(self) -> None:
        """Release all resources."""


class ExpressionEngine:
    """Engine for Ibis expressions on DuckDB or Spark, for one unit of work (a context manager).

    Parameters
    ----------
    engine
        "duckdb" or "spark".
    threads
        Number of threads; with one (the default) a sum of fractions has the same last digit on every machine.
    memory
        Maximum memory before the engine writes to disk ("2GB").
    where
        Engine of an inspection, with its cluster; replaces `engine`.
    """

    def __init__(
        self, engine: str = "duckdb", *, threads: int = 1, memory: str = "2GB", where: EngineLocation | None = None
    ) -> None:
        location = where or replace(LOCAL_ENGINE, engine=engine)
        self.engine = location.engine
        self._backend = _open_backend(location, threads, memory)
        self._statements: list[str] = []
        self._digests = ExpressionDigests()
        self._recorded: StatementPlan | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def statements(self) -> tuple[str, ...]:
        """Statements run so far, in order, as they are quoted in a provenance record."""
        return tuple(self._statements)

    def table(self, name: str, rows: pa.Table | Path | Sequence[Path]) -> ibis.Table:
        """Register Arrow rows or Parquet files, and return the table for expressions; a later one replaces it.

        Arrow rows are not copied; `create_table` copies them into the engine, which is faster if they are read often.
        """
        self._refuse_within_plan("register a table")
        if isinstance(rows, pa.Table):
            self._backend.register(_check_name(name), _decode_dictionaries(rows))
        else:
            files = [rows] if isinstance(rows, Path) else list(rows)
            if not files:
                raise UsageError(f"The table {name} was given no files to read.")
            self._backend.read_parquet(_check_name(name), files)
        return self._backend.table_expression(name)

    def create_table(self, name: str, expr: ibis.Table) -> ibis.Table:
        """Run an expression once and store its result as a table for later expressions."""
        sql = self.sql(expr)
        if self._recorded is not None:
            self._recorded.steps.append(PlanStep(name, sql))
        self._create_table(name, sql)
        return self._backend.table_expression(name)

    def _create_table(self, name: str, sql: str) -> None:
        self._backend.create_table(_check_name(name), sql)
        self._statements.append(f"create table {name} as\n{sql}")

    def run(self, expr: ibis.Table, *, in_order: bool = True) -> pa.Table:
        """Return the rows of an expression, sorted by all columns from left to right (nulls last).

        With `in_order` False the rows are not sorted, for callers that sort them themselves.
        """
        self._refuse_within_plan("read rows")
        sql = self.sql(_in_order(expr) if in_order else expr)
        return self._query(sql, _common_schema(expr.schema().to_pyarrow()))

    def _query(self, sql: str, schema: pa.Schema) -> pa.Table:
        rows = self._backend.query(sql)
        self._statements.append(sql)
        return rows.cast(schema)

    def run_plan(
        self, code: str, tables: Mapping[str, ibis.Table], derive: Callable[[Tables], Tables]
    ) -> dict[str, pa.Table]:
        """Run every expression that `derive` builds from tables of this engine, and return the sorted rows of each.

        The statements are kept on disk (`engine.statement_plans`), so that a later call with the same code, on tables
        of the same names and columns, makes no expression.

        Parameters
        ----------
        code
            Digest of everything but the tables on which the expressions depend: the sources of `derive`, and its
            settings.
        tables
            The tables that `derive` may read. Each that it reads is also read from here when a kept plan is used.
        derive
            Makes the expressions. It may call `create_table`, and must not read what a table holds.
        """
        self._refuse_within_plan("run another plan")
        digest = plan_digest(code, {name: self._digests.digest(table.op()) for name, table in tables.items()})
        text = read_compiled(self.engine, digest) if digest else None
        if text is not None:
            return self._run_kept_plan(StatementPlan.from_text(text), tables)
        read_log, self._recorded = ReadLog(tables), StatementPlan()
        try:
            found = {name: self._run_recorded(name, expr) for name, expr in derive(read_log).items()}
            if digest:
                self._recorded.reads = read_log.reads
                write_compiled(self.engine, digest, self._recorded.to_text())
        finally:
            self._recorded = None
        return found

    def _refuse_within_plan(self, action: str) -> None:
        """Raise DefinitionError while a plan is made: what it did beside its statements would be missing next time."""
        if self._recorded is not None:
            raise DefinitionError(
                f"The function that makes the expressions of a plan tried to {action}, which a kept plan would leave "
                "out. Do it before `run_plan`, and pass the table in."
            )

    def _run_recorded(self, name: str, expr: ibis.Table) -> pa.Table:
        assert self._recorded is not None
        step = PlanStep(name, self.sql(_in_order(expr)), _common_schema(expr.schema().to_pyarrow()))
        self._recorded.steps.append(step)
        return self._query(step.sql, cast(pa.Schema, step.schema))

    def _run_kept_plan(self, plan: StatementPlan, tables: Mapping[str, ibis.Table]) -> dict[str, pa.Table]:
        for name in plan.reads:
            tables[name]  # a table may only be read with permission, which its owner checks here
        found = {}
        for step in plan.steps:
            if step.schema is None:
                self._create_table(step.name, step.sql)
            else:
                found[step.name] = self._query(step.sql, step.schema)
        return found

    def sql(self, expr: ibis.Table) -> str:
        """Return the SQL statement of an expression on this engine.

        An expression on tables with the same names and columns is compiled once, and cached in memory and on disk
        (`engine.compiled_sql`): compiling takes a fifth of a small run.
        """
        key = (self.engine, hash(expr.op()))
        if key not in COMPILED_STATEMENTS:
            if len(COMPILED_STATEMENTS) >= MAXIMUM_CACHED_STATEMENTS:
                COMPILED_STATEMENTS.clear()
            COMPILED_STATEMENTS[key] = self._cached_statement(expr)
        return COMPILED_STATEMENTS[key]

    def _cached_statement(self, expr: ibis.Table) -> str:
        """Return the statement from the cache on disk, or compile and cache it."""
        digest = self._digests.digest(expr.op())
        if digest is None:
            return self._compile(expr)
        statement = read_compiled(self.engine, digest)
        if statement is None:
            statement = self._compile(expr)
            write_compiled(self.engine, digest, statement)
        return statement

    def _compile(self, expr: ibis.Table) -> str:
        """Compile an expression without fusing steps: a column used by five steps would be written out five times."""
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
        """End the unit of work and drop its tables."""
        self._backend.close()


def _in_order(expr: ibis.Table) -> ibis.Table:
    """Return the rows sorted by all columns from left to right, nulls last."""
    import ibis

    return expr.order_by([ibis.asc(name, nulls_first=False) for name in expr.columns])


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
    """Correct two mistakes in the SQL of Ibis.

    Ibis 12 writes (~x).isnull() as NOT (x) IS NULL, which every engine parses as "x is not null": an unknown would be
    counted as known. So `not`, `is null`, `in` and `between` get brackets. It writes a fraction as 3600.0, which Spark
    reads as a decimal and divides to six places, so fractions are cast to double. Nodes are moved, not copied, so that
    nested ones get brackets too. The "not null" of "is not null" gets none.
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
    """Sort the columns that a star excludes by name.

    Ibis has them in a set, whose order differs between processes. The provenance record quotes the statement, and a
    resumed run must leave the same record as an uninterrupted one.
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
    """Decode dictionary columns to text, because an engine would read them as enumerations."""
    for position, field in enumerate(rows.schema):
        if pa.types.is_dictionary(field.type):
            rows = rows.set_column(position, field.name, rows.column(position).cast(field.type.value_type))
    return rows


def _common_schema(schema: pa.Schema) -> pa.Schema:
    return pa.schema([pa.field(field.name, _common_type(field.type)) for field in schema])


def _common_type(kind: pa.DataType) -> pa.DataType:
    """Return the common Arrow type for a type that an engine returned."""
    if pa.types.is_integer(kind) or (pa.types.is_decimal(kind) and kind.scale == 0):
        return pa.int64()
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return pa.float64()
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us")
    if pa.types.is_large_string(kind):
        return pa.string()
    return kind
