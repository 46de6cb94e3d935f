"""Count filled, missing and set-aside cells by column and month.

Only accepted rows and columns marked "yes" or "if known" are counted (return contract, section 3.3). A value that was
set aside is counted as set aside and not as missing. An empty cell with a reason beside it is counted under that
reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from assay import contract
from assay.contract import Column, Table
from assay.contract.validation_rules import rules
from assay.ingest.staging_store import StagingStore
from assay.ingest.table_reader import TableReading

REASON_SUFFIX = "_missing_reason"


class CompletenessRow(NamedTuple):
    """Cell counts of one column in one month ('2025-04'; '' without a date).

    `with_reason` is the number of empty cells with a reason beside them.
    """

    table_name: str
    column_name: str
    month: str
    rows: int
    filled: int
    missing: int
    value_set_aside: int
    with_reason: int


def column_completeness_rows(store: StagingStore, table_readings: Mapping[str, TableReading]) -> list[CompletenessRow]:
    """Return one row for each table, column and month ('2025-04'; '' if the table has no date)."""
    effects = ", ".join(f"'{rule.key}'" for rule in rules().values() if rule.effect == "value")
    set_aside_sql = f"select table_name, line, column_name from faults where rule in ({effects})"
    affected_tables = frozenset(
        store.query(f"select distinct table_name from ({set_aside_sql})")["table_name"].to_pylist()
    )
    return [
        row
        for name, reading in table_readings.items()
        if store.is_supplied(name)
        for row in _table_rows(store, contract.table(name), reading, set_aside_sql if name in affected_tables else "")
    ]


def _table_rows(store: StagingStore, table: Table, reading: TableReading, set_aside_sql: str) -> list[CompletenessRow]:
    columns = [
        column for column in table.columns if table.requirement(column) != "no" and column.name in reading.columns
    ]
    month = _month_sql(table)
    counts = ", ".join(
        f"count({column.name}) as n{number}, {_reason_count_sql(table, column, reading)} as w{number}"
        for number, column in enumerate(columns)
    )
    months = store.query(f"select {month} as month, count(*) as rows, {counts} from {table.name} group by 1 order by 1")
    set_aside_counts = _set_aside_counts(store, table, month, set_aside_sql) if set_aside_sql else Counter()
    return [
        _completeness_row(table, column, number, month_row, set_aside_counts)
        for month_row in months.to_pylist()
        for number, column in enumerate(columns)
    ]


def _completeness_row(
    table: Table, column: Column, number: int, month_row: Mapping[str, Any], set_aside_counts: Counter[Any]
) -> CompletenessRow:
    set_aside = set_aside_counts[month_row["month"], column.name]
    filled = month_row[f"n{number}"]
    return CompletenessRow(
        table_name=table.name,
        column_name=column.name,
        month=month_row["month"],
        rows=month_row["rows"],
        filled=filled,
        missing=month_row["rows"] - filled - set_aside,
        value_set_aside=set_aside,
        with_reason=month_row[f"w{number}"],
    )


def _month_sql(table: Table) -> str:
    if not table.date:
        return "''"
    day = table.column(table.date).field_names[-1]
    return f"coalesce(strftime({day}, '%Y-%m'), '')"


def _reason_count_sql(table: Table, column: Column, reading: TableReading) -> str:
    companion = f"{column.name}{REASON_SUFFIX}"
    if companion not in table.column_names or companion not in reading.columns:
        return "0"
    return f"count(*) filter (where {column.name} is null and {companion} is not null)"


def _set_aside_counts(store: StagingStore, table: Table, month: str, set_aside_sql: str) -> Counter[Any]:
    rows = store.query(
        f"select {month} as month, column_name, count(distinct line) as n from {table.name} join (select line, "
        f"column_name from ({set_aside_sql}) where table_name = '{table.name}') using (line) group by 1, 2"
    )
    return Counter({(row["month"], row["column_name"]): row["n"] for row in rows.to_pylist()})
