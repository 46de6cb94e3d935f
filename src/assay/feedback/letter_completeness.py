"""Completeness of columns for the data-quality letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from assay import contract
from assay.ingest.column_completeness import REASON_SUFFIX
from assay.ingest.reference_checks import INAPPLICABLE_COLUMNS

UNEXPLAINED = ("", "not known")
PARTIAL_COLUMN_NOTE = "for some rows only"
PARTIAL_COLUMNS = frozenset(
    {
        *((table, column) for table, column, _ in INAPPLICABLE_COLUMNS),
        *(("events", name) for name in ("crime_ref", "person_ref", "missing_ref", "exhibit_ref", "detail")),
        ("events", "about_event_ref"), ("crimes", "received_from_force"), ("crimes", "other_force_crime_ref"),
        ("flags", "removed_by_role"), ("registers", "reason_ended"), ("claims", "about_key"),
    }
)  # fmt: skip
"""Columns that the contract asks for on some rows of a table and not on others (R31, R32, R36, R38), or
that go with another column."""


def completeness_tables(rows: pa.Table, order: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return for each table the columns with gaps (per cent by month) and the full columns.

    Columns in which an empty cell is no gap come last, with the words for it.
    """
    by_table: dict[str, list[dict[str, Any]]] = {}
    for row in rows.to_pylist():
        by_table.setdefault(row["table_name"], []).append(row)
    return [
        _completeness_table(table, by_table[table]) for table in sorted(by_table, key=lambda name: order.get(name, 99))
    ]


def _completeness_table(table: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    months = sorted({row["month"] for row in rows if row["month"]})
    undated = [""] if months and any(not row["month"] for row in rows) else []
    cells = {(row["column_name"], row["month"]): row for row in rows}
    totals = {column: _column_totals(rows, column) for column in dict.fromkeys(row["column_name"] for row in rows)}
    gaps = [column for column in totals if totals[column]["filled"] < totals[column]["rows"]]
    gaps.sort(key=lambda column: (bool(empty_cell_note(table, column)), _filled_percent(totals[column]) or 0))
    lowest = next(
        ((column, _filled_percent(totals[column]) or 0) for column in gaps if not empty_cell_note(table, column)), None
    )
    return {
        "table": table,
        "months": months + (["no date"] if undated else []),
        "lowest": lowest,
        "full": [column for column in totals if column not in gaps],
        "rows": [
            (
                column,
                _filled_percent(totals[column]),
                totals[column]["with_reason"],
                [_filled_percent(cells.get((column, month))) for month in months + undated],
                empty_cell_note(table, column),
            )
            for column in gaps
        ],
    }


def empty_cell_note(table: str, column: str) -> str:
    """Return why an empty cell of a column is not a gap: not happened yet, or not applicable to the row."""
    empty_meaning = contract.table(table).column(column).empty_means
    if empty_meaning not in UNEXPLAINED:
        return f"empty: {empty_meaning}"
    return PARTIAL_COLUMN_NOTE if (table, column) in PARTIAL_COLUMNS or column.endswith(REASON_SUFFIX) else ""


def _column_totals(rows: Sequence[dict[str, Any]], column: str) -> dict[str, Any]:
    column_rows = [row for row in rows if row["column_name"] == column]
    return {name: sum(row[name] or 0 for row in column_rows) for name in ("rows", "filled", "with_reason")}


def _filled_percent(cell: Mapping[str, Any] | None) -> int | None:
    """Return the percentage of filled cells; 100 only if all are filled, and 0 only if none is."""
    if not cell or not cell["rows"]:
        return None
    share = 100 * cell["filled"] / cell["rows"]
    return 100 if share == 100 else 0 if share == 0 else min(99, max(1, round(share)))
