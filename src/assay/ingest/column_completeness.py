"""How full is each column, month by month?

Columns marked "yes" or "if known" (return contract, section 3.3), over the rows that were accepted. A value that was
set aside is counted as that, and not as missing; an empty cell with its reason beside it is counted with its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from assay import contract
from assay.contract import Column, Table
from assay.contract.validation_rules import rules
from assay.ingest.staging_store import Desk
from assay.ingest.table_reader import Came

REASON = "_missing_reason"


def completeness(desk: Desk, came: Mapping[str, Came]) -> list[dict[str, Any]]:
    """One row a table, column and month ('2025-04'; '' where the table has no date)."""
    effects = ", ".join(f"'{rule.key}'" for rule in rules().values() if rule.effect == "value")
    lost = f"select table_name, line, column_name from faults where rule in ({effects})"
    some = frozenset(desk.run(f"select distinct table_name from ({lost})")["table_name"].to_pylist())
    return [
        row
        for name, one in came.items()
        if desk.supplied(name)
        for row in _of(desk, contract.table(name), one, lost if name in some else "")
    ]


def _of(desk: Desk, table: Table, came: Came, lost: str) -> list[dict[str, Any]]:
    asked = [column for column in table.columns if table.demands(column) != "no" and column.name in came.columns]
    month = _month(table)
    counts = ", ".join(
        f"count({column.name}) as n{number}, {_with_reason(table, column, came)} as w{number}"
        for number, column in enumerate(asked)
    )
    months = desk.run(f"select {month} as month, count(*) as rows, {counts} from {table.name} group by 1 order by 1")
    aside = _values_aside(desk, table, month, lost) if lost else Counter()
    return [
        _row(table, column, number, held, aside) for held in months.to_pylist() for number, column in enumerate(asked)
    ]


def _row(table: Table, column: Column, number: int, held: Mapping[str, Any], aside: Counter[Any]) -> dict[str, Any]:
    lost = aside[held["month"], column.name]
    filled = held[f"n{number}"]
    return {
        "table_name": table.name,
        "column_name": column.name,
        "month": held["month"],
        "rows": held["rows"],
        "filled": filled,
        "missing": held["rows"] - filled - lost,
        "value_set_aside": lost,
        "with_reason": held[f"w{number}"],
    }


def _month(table: Table) -> str:
    if not table.date:
        return "''"
    day = table.column(table.date).names[-1]
    return f"coalesce(strftime({day}, '%Y-%m'), '')"


def _with_reason(table: Table, column: Column, came: Came) -> str:
    companion = f"{column.name}{REASON}"
    if companion not in table.names or companion not in came.columns:
        return "0"
    return f"count(*) filter (where {column.name} is null and {companion} is not null)"


def _values_aside(desk: Desk, table: Table, month: str, lost: str) -> Counter[Any]:
    rows = desk.run(
        f"select {month} as month, column_name, count(distinct line) as n from {table.name} join (select line, "
        f"column_name from ({lost}) where table_name = '{table.name}') using (line) group by 1, 2"
    )
    return Counter({(row["month"], row["column_name"]): row["n"] for row in rows.to_pylist()})
