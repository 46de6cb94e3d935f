"""List the columns that each validation rule reads, from its SQL statements.

It covers rules R27 to R59, from the statements that they run on the staging store. R10 to R26 check every column alike,
and R60 reads texts only to report that they must be redacted: none of these is a reason to request a column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import pyarrow as pa
import sqlglot
from sqlglot import exp
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope

from assay import contract
from assay.engine.column_lineage import SourceColumn
from assay.ingest import (
    cross_field_checks,
    rating_chain_checks,
    reference_checks,
    time_order_checks,
    transferred_crimes,
)
from assay.ingest.accepted_tables import RETURN_TABLE_SCHEMAS
from assay.ingest.return_manifest import ReturnManifest, TableManifest
from assay.ingest.staging_store import ERROR_SCHEMA, SQL_TYPES, StagingStore
from assay.workflows.request.fact_columns import contract_columns

# Columns that an SQL statement reads.
#
# The statement is qualified and its projections are pushed down first: a column of a step that the next step does not
# read does not count, so an inner `select *` reads nothing by itself.

DIALECT = "duckdb"
Schema = Mapping[str, Mapping[str, str]]
"""Table -> column -> SQL type."""


def columns_of_statement(
    sql: str, schema: Schema, named_queries: Mapping[str, str] | None = None
) -> frozenset[tuple[str, str]]:
    """Return the (table, column) pairs that a statement reads, of the tables in `schema`.

    `named_queries`: queries whose results were stored under a name; if the statement reads that name, the columns that
    the query reads count.
    """
    tree = _inline_queries(sqlglot.parse_one(sql, dialect=DIALECT), named_queries or {})
    plain_schema: dict[str, object] = {table: dict(columns) for table, columns in schema.items()}
    tree = qualify(tree, dialect=DIALECT, schema=plain_schema, validate_qualify_columns=False)
    found = set()
    for scope in traverse_scope(pushdown_projections(tree)):
        for column in scope.columns:
            source = scope.sources.get(column.table)
            if isinstance(source, exp.Table) and column.name in schema.get(source.name, {}):
                found.add((source.name, column.name))
    return frozenset(found)


def _inline_queries(tree: exp.Expr, named_queries: Mapping[str, str]) -> exp.Expr:
    """Replace the names of stored results in a statement by their queries."""
    for table in list(tree.find_all(exp.Table)):
        if table.name in named_queries:
            inner = _inline_queries(sqlglot.parse_one(named_queries[table.name], dialect=DIALECT), named_queries)
            name = exp.TableAlias(this=exp.to_identifier(table.alias or table.name))
            table.replace(exp.Subquery(this=inner, alias=name))
    return tree


WHOLE_ROW_RULES = ("R46",)
"""Rules that compare whole rows: they read every column, as R12 and R13 do."""


@dataclass(frozen=True)
class ColumnLook:
    """One check of a validation rule: its table and column ('' for the whole row), and every column that it reads."""

    rule: str
    table: str
    column: str
    columns: frozenset[SourceColumn]


def column_looks() -> tuple[ColumnLook, ...]:
    """Return every check of every rule, in the order in which rules are applied."""
    recorder = _StatementRecorder()
    try:
        reference_checks.check(recorder)
        time_order_checks.check(recorder)
        cross_field_checks.check(recorder, group_history=True)
    finally:
        recorder.close()
    recorded_checks = [check for check in dict.fromkeys(recorder.recorded) if check[0] not in WHOLE_ROW_RULES]
    return (
        tuple(
            ColumnLook(rule, table, column, _columns(sql, recorder.views))
            for rule, table, column, sql in recorded_checks
        )
        + _other_looks()
    )


def _other_looks() -> tuple[ColumnLook, ...]:
    """Return the checks of R52, which needs all returns, and R56, which computes a hash: neither is a statement."""
    chain = frozenset(("marks", name) for name in (*rating_chain_checks.HASHED_COLUMNS, "chain_hash"))
    moved = _columns(transferred_crimes.ORPHANS_SQL, {})
    return ColumnLook("R52", "crimes", "", moved), ColumnLook("R56", "marks", "", chain)


def _columns(sql: str, views: dict[str, str]) -> frozenset[SourceColumn]:
    known = contract_columns()
    read = columns_of_statement(sql, _schema(), views)
    raw_columns = ((table.removeprefix("raw_"), column) for table, column in read)
    return frozenset(known[raw_column] for raw_column in raw_columns if raw_column in known)


@lru_cache
def _schema() -> Schema:
    """Return the tables of a staging store, and the columns of each file."""
    arrow = (
        {name: contract.typed_schema(name) for name in contract.tables()}
        | RETURN_TABLE_SCHEMAS
        | {"aside": ERROR_SCHEMA, reference_checks.EVENT_KINDS: reference_checks.KIND_SCHEMA}
    )
    typed = {name: {field.name: SQL_TYPES[field.type] for field in schema} for name, schema in arrow.items()}
    texts = {name: dict.fromkeys(table.column_names, "varchar") for name, table in contract.tables().items()}
    return typed | {f"raw_{name}": {"line": "bigint", **columns} for name, columns in texts.items()}


class _StatementRecorder(StagingStore):
    """A staging store without rows, with every table supplied and complete, that records the statements of rules."""

    def __init__(self) -> None:
        self.recorded: list[tuple[str, str, str, str]] = []
        self.views: dict[str, str] = {}
        super().__init__(_whole_manifest(), threads=1)
        for name, table in contract.tables().items():
            columns = {
                "line": pa.array([], pa.int64()),
                **{column_name: pa.array([], pa.string()) for column_name in table.column_names},
            }
            self.store_rows(f"raw_{name}", pa.table(columns))
            self.accept_rows(name, [])
        self.views.clear()

    def store_query(self, name: str, sql: str) -> int:
        if name not in contract.tables():
            self.views[name] = sql
        return super().store_query(name, sql)

    def record_errors(self, rule: str, table: str, column: str, lines_sql: str) -> int:
        self.recorded.append((rule, table, column, lines_sql))
        return 0

    set_rows_aside = set_values_aside = record_errors


def _whole_manifest() -> ReturnManifest:
    whole = {name: TableManifest(name, supplied="whole", reason="", complete=True) for name in contract.tables()}
    day = date(2026, 4, 1)
    return ReturnManifest(
        spec_version=contract.SPEC_VERSION, request="", force_code="INV01", period_from=day, period_to=day,
        history_from=day, extracted_at=datetime(2026, 4, 1), edition=1, contact_post="", tables=whole,
        kinds=dict.fromkeys(contract.event_kinds(), True),
    )  # fmt: skip
