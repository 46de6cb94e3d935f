"""Columns that an SQL statement reads.

The statement is qualified and its projections are pushed down first: a column of a step that the next step does not
read does not count, so an inner `select *` reads nothing by itself.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope

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
