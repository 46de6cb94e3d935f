"""Which tables, columns and kinds of event did a force supply, and why are others absent?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from assay import contract
from assay.contract.question_needs import ALTERNATIVE_SEPARATOR, is_event_kind
from assay.contract.separated_columns import unread_fields
from assay.ingest import summary_scan
from assay.ingest.return_manifest import NOT_ASKED

REASONS = {
    "not_held": "not held",
    "not_extractable": "held, but cannot be extracted",
    "on_paper": "on paper only",
    "not_lawful": "may not lawfully be sent",
    "not_stated": "no reason stated",
    "not_asked": "not requested by this inspection",
    "": "no reason stated",
}
"""The reasons that a manifest may give, and the two that are set on receipt, as phrases."""
KIND_NOT_LISTED = "not listed in return.toml as sent"
ALL_ROWS_SET_ASIDE = "every row was set aside by a rule"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class SuppliedReturn:
    """What one force supplied, according to its manifest, files and validation.

    `manifest_rows`: by table; `kinds`: the kinds of event supplied; `absent_columns`: reason by "table.column";
    `refused`: why a supplied table cannot be used, by table; `scan_refusal`: why summaries were not searched, or ''.
    """

    manifest_rows: Mapping[str, Row]
    kinds: frozenset[str]
    absent_columns: Mapping[str, str]
    refused: Mapping[str, str]
    period: tuple[date, date]
    scan_refusal: str = ""

    def absence_reason(self, need: str) -> str:
        """Return, as a phrase, why a needed table, column or event was not supplied; '' if it was."""
        if ALTERNATIVE_SEPARATOR in need:
            reasons = [self.absence_reason(alternative) for alternative in need.split(ALTERNATIVE_SEPARATOR)]
            return "" if "" in reasons else " or ".join(dict.fromkeys(reasons))
        table = need.partition(".")[0]
        if reason := self._table_absence_reason(table):
            return reason
        if is_event_kind(need):
            return "" if need.partition(".")[2] in self.kinds else KIND_NOT_LISTED
        if need in self.absent_columns:
            return self._column_absence_reason(need)
        return REASONS[NOT_ASKED] if _is_emptied(need) else ""

    def _column_absence_reason(self, name: str) -> str:
        table, _, column = name.partition(".")
        reason = self.absent_columns[name]
        return REASONS[reason] if reason or contract.table(table).column(column).is_requested else REASONS[NOT_ASKED]

    def _table_absence_reason(self, table: str) -> str:
        manifest_row = self.manifest_rows[table]
        if manifest_row["supplied"] == "none":
            return REASONS[manifest_row["reason"] or ""]
        return self.refused.get(table, "" if manifest_row["used"] else "refused by a rule")

    def limitation(self, table: str) -> str:
        """Return how the supply of a table is limited (fewer days, only a part, not searched); '' if it is complete."""
        manifest_row = self.manifest_rows[table]
        if self._table_absence_reason(table):
            return ""
        if self.scan_refusal and table == summary_scan.SUMMARIES:
            return f"the table {table} was sent but not searched ({self.scan_refusal})"
        if self.is_whole(table):
            return ""
        first_day, end_day = manifest_row["covers_from"] or self.period[0], manifest_row["covers_to"] or self.period[1]
        if (first_day, end_day) != self.period:
            return f"the table {table} covers {first_day} up to, not including, {end_day}"
        if any(self._is_expected(name) for name in self.absent_columns if name.partition(".")[0] == table):
            return ""  # the columns that it lacks are what makes it a part
        return f"the table {table} was sent in part ({REASONS[manifest_row['reason'] or '']})"

    def _is_expected(self, name: str) -> bool:
        table, _, column = name.partition(".")
        return bool(self.absent_columns[name]) or contract.table(table).column(column).required != "no"

    def is_whole(self, table: str) -> bool:
        """Return True if a table covers the whole scope and period."""
        manifest_row = self.manifest_rows[table]
        first_day, end_day = manifest_row["covers_from"] or self.period[0], manifest_row["covers_to"] or self.period[1]
        return manifest_row["supplied"] == "whole" and first_day <= self.period[0] and end_day >= self.period[1]


def _is_emptied(need: str) -> bool:
    """Return True if a need names a column that nothing reads: its content was not stored even if it was sent."""
    table, _, column = need.partition(".")
    return column in unread_fields(table)


def supplied_returns(return_tables: Mapping[str, pa.Table]) -> dict[str, SuppliedReturn]:
    """Return what each force supplied, from the tables that describe its return."""
    rows = {name: _rows_by_force(return_tables[name]) for name in ("returns", "covers", "kinds", "columns", "counted")}
    rows_by_force = {
        force_code: {name: force_rows.get(force_code, []) for name, force_rows in rows.items()}
        for force_code in rows["covers"]
    }
    scan_refusals = _scan_refusals(return_tables["scanned"]) if "scanned" in return_tables else {}
    return {
        force_code: _supplied_return(return_rows, scan_refusals.get(force_code, ""))
        for force_code, return_rows in rows_by_force.items()
    }


def _scan_refusals(scanned: pa.Table) -> dict[str, str]:
    """Return by force why its summaries were not searched, as a phrase."""
    distinct = scanned.group_by(["force_code", "reason"]).aggregate([]).to_pylist()
    return {row["force_code"]: summary_scan.REASONS[row["reason"]] for row in distinct if row["reason"]}


def _rows_by_force(table: pa.Table) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in table.to_pylist():
        found.setdefault(row["force_code"], []).append(row)
    return found


def _supplied_return(rows: Mapping[str, Iterable[Row]], scan_refusal: str) -> SuppliedReturn:
    (return_row,) = rows["returns"]
    manifest_rows = {row["table_name"]: row for row in rows["covers"]}
    absent_columns = {
        f"{row['table_name']}.{row['column_name']}": row["reason"] or ""
        for row in rows["columns"]
        if not row["in_file"] and manifest_rows[row["table_name"]]["supplied"] != "none"
    }
    return SuppliedReturn(
        manifest_rows=manifest_rows,
        kinds=frozenset(row["kind"] for row in rows["kinds"] if row["supplied"]),
        absent_columns=absent_columns,
        refused={row["table_name"]: reason for row in rows["counted"] if (reason := _refusal(row))},
        period=(return_row["period_from"], return_row["period_to"]),
        scan_refusal=scan_refusal,
    )


def _refusal(row: Row) -> str:
    """Return why no row of a file can be used; a file without rows is a zero and can be used."""
    if row["refused_rule"]:
        return f"refused by rule {row['refused_rule']}"
    return ALL_ROWS_SET_ASIDE if row["records"] and not row["accepted"] else ""
