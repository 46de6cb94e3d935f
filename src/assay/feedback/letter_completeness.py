"""How full does a letter say that the columns of a return are?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from assay import contract
from assay.ingest.column_completeness import REASON
from assay.ingest.reference_checks import FOR_OTHER_ROWS

NO_WORDS = ("", "not known")
FOR_SOME = "for some rows only"
FOR_SOME_ROWS = frozenset(
    {
        *((table, column) for table, column, _ in FOR_OTHER_ROWS),
        *(("events", name) for name in ("crime_ref", "person_ref", "missing_ref", "exhibit_ref", "detail")),
        ("events", "about_event_ref"), ("crimes", "received_from_force"), ("crimes", "other_force_crime_ref"),
        ("flags", "removed_by_role"), ("registers", "reason_ended"), ("claims", "about_key"),
    }
)  # fmt: skip
"""Columns that the contract asks for on some rows of a table and not on others (R31, R32, R36, R38), or
that go with another column."""


def completeness(rows: pa.Table, order: Mapping[str, int]) -> list[dict[str, Any]]:
    """For each table of the return: columns that have gaps, by month, in 100; and those that have none.

    Columns in which an empty cell is no gap come last, with the words for it.
    """
    by_table: dict[str, list[dict[str, Any]]] = {}
    for row in rows.to_pylist():
        by_table.setdefault(row["table_name"], []).append(row)
    return [_filled(table, by_table[table]) for table in sorted(by_table, key=lambda name: order.get(name, 99))]


def _filled(table: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    months = sorted({row["month"] for row in rows if row["month"]})
    undated = [""] if months and any(not row["month"] for row in rows) else []
    cells = {(row["column_name"], row["month"]): row for row in rows}
    whole = {column: _added(rows, column) for column in dict.fromkeys(row["column_name"] for row in rows)}
    gaps = [column for column in whole if whole[column]["filled"] < whole[column]["rows"]]
    gaps.sort(key=lambda column: (bool(says(table, column)), _in_100(whole[column]) or 0))
    lowest = next(((column, _in_100(whole[column]) or 0) for column in gaps if not says(table, column)), None)
    return {
        "table": table,
        "months": months + (["no date"] if undated else []),
        "lowest": lowest,
        "full": [column for column in whole if column not in gaps],
        "rows": [
            (column, _in_100(whole[column]), whole[column]["with_reason"],
             [_in_100(cells.get((column, month))) for month in months + undated], says(table, column))
            for column in gaps
        ],
    }  # fmt: skip


def says(table: str, column: str) -> str:
    """What an empty cell of a column says, where it is no gap: that a thing has not happened, or is for other rows."""
    means = contract.table(table).column(column).empty_means
    if means not in NO_WORDS:
        return f"empty: {means}"
    return FOR_SOME if (table, column) in FOR_SOME_ROWS or column.endswith(REASON) else ""


def _added(rows: Sequence[dict[str, Any]], column: str) -> dict[str, Any]:
    own = [row for row in rows if row["column_name"] == column]
    return {name: sum(row[name] or 0 for row in own) for name in ("rows", "filled", "with_reason")}


def _in_100(cell: Mapping[str, Any] | None) -> int | None:
    """Filled cells in 100, cut so that only a column without a gap reads 100, and only an empty one 0."""
    if not cell or not cell["rows"]:
        return None
    share = 100 * cell["filled"] / cell["rows"]
    return 100 if share == 100 else 0 if share == 0 else min(99, max(1, round(share)))
