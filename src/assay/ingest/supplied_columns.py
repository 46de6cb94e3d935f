"""Did this table, column or kind of event come in the return of one body; and if not, why not?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from assay import contract
from assay.contract.question_needs import EITHER, is_kind
from assay.contract.separated_columns import not_asked as not_kept
from assay.ingest import summary_scan
from assay.ingest.return_manifest import NOT_ASKED

REASONS = {
    "not_held": "not held",
    "not_extractable": "held, and cannot be extracted",
    "on_paper": "on paper only",
    "not_lawful": "may not lawfully be sent",
    "not_stated": "no reason stated",
    "not_asked": "not asked for by this inspection",
    "": "no reason stated",
}
"""The reasons that a cover may give, and the two that are set on receipt, in words."""
NOT_LISTED = "not listed in the cover as sent"
ALL_ASIDE = "every row was set aside by a rule"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Arrival:
    """The return of one body as its cover, its files and the rules left it.

    `covers`: by table; `kinds`: those that were supplied; `columns_left_out`: reason by "table.column"; `refused`: why
    a table that was sent cannot be used, by table; `unread`: why summaries that came were not searched, or ''.
    """

    covers: Mapping[str, Row]
    kinds: frozenset[str]
    columns_left_out: Mapping[str, str]
    refused: Mapping[str, str]
    period: tuple[date, date]
    unread: str = ""

    def why_not(self, need: str) -> str:
        """Why a need did not come, in words; '' where it came. Of needs with a bar between, one is enough."""
        if EITHER in need:
            reasons = [self.why_not(one) for one in need.split(EITHER)]
            return "" if "" in reasons else " or ".join(dict.fromkeys(reasons))
        table = need.partition(".")[0]
        if why := self._no_table(table):
            return why
        if is_kind(need):
            return "" if need.partition(".")[2] in self.kinds else NOT_LISTED
        if need in self.columns_left_out:
            return self._no_column(need)
        return REASONS[NOT_ASKED] if _is_emptied(need) else ""

    def _no_column(self, name: str) -> str:
        table, _, column = name.partition(".")
        reason = self.columns_left_out[name]
        return REASONS[reason] if reason or contract.table(table).column(column).asked else REASONS[NOT_ASKED]

    def _no_table(self, table: str) -> str:
        cover = self.covers[table]
        if cover["supplied"] == "none":
            return REASONS[cover["reason"] or ""]
        return self.refused.get(table, "" if cover["used"] else "refused by a rule")

    def in_part(self, table: str) -> str:
        """Of which days alone a table speaks, why its sender calls it a part, or why it was not searched; '' where it
        covers all."""
        cover = self.covers[table]
        if self._no_table(table):
            return ""
        if self.unread and table == summary_scan.SUMMARIES:
            return f"the table {table} came and was not searched ({self.unread})"
        if self.sent_whole(table):
            return ""
        first, after = cover["covers_from"] or self.period[0], cover["covers_to"] or self.period[1]
        if (first, after) != self.period:
            return f"the table {table} covers {first} up to, not including, {after}"
        if any(self._is_missed(name) for name in self.columns_left_out if name.partition(".")[0] == table):
            return ""  # the columns that it lacks are what makes it a part
        return f"the table {table} was sent in part ({REASONS[cover['reason'] or '']})"

    def _is_missed(self, name: str) -> bool:
        table, _, column = name.partition(".")
        return bool(self.columns_left_out[name]) or contract.table(table).column(column).required != "no"

    def sent_whole(self, table: str) -> bool:
        """Whether a table speaks of the whole scope; a day that its cover leaves out says otherwise."""
        cover = self.covers[table]
        first, after = cover["covers_from"] or self.period[0], cover["covers_to"] or self.period[1]
        return cover["supplied"] == "whole" and first <= self.period[0] and after >= self.period[1]


def _is_emptied(need: str) -> bool:
    """Whether it names a column that nothing reads: sent all the same, its content was not kept."""
    table, _, column = need.partition(".")
    return column in not_kept(table)


def arrivals(returned: Mapping[str, pa.Table]) -> dict[str, Arrival]:
    """By body: what came, from the tables `returns`, `covers`, `kinds`, `columns` and `counted` of every return, and
    from `scanned` where it is given."""
    rows = {name: _by_body(returned[name]) for name in ("returns", "covers", "kinds", "columns", "counted")}
    of_bodies = {body: {name: held.get(body, []) for name, held in rows.items()} for body in rows["covers"]}
    unread = _unread(returned["scanned"]) if "scanned" in returned else {}
    return {body: _arrival(told, unread.get(body, "")) for body, told in of_bodies.items()}


def _unread(scanned: pa.Table) -> dict[str, str]:
    """By body: why its summaries were not searched, in words."""
    distinct = scanned.group_by(["force_code", "reason"]).aggregate([]).to_pylist()
    return {row["force_code"]: summary_scan.REASONS[row["reason"]] for row in distinct if row["reason"]}


def _by_body(table: pa.Table) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in table.to_pylist():
        found.setdefault(row["force_code"], []).append(row)
    return found


def _arrival(rows: Mapping[str, Iterable[Row]], unread: str) -> Arrival:
    (told,) = rows["returns"]
    covers = {row["table_name"]: row for row in rows["covers"]}
    left_out = {
        f"{row['table_name']}.{row['column_name']}": row["reason"] or ""
        for row in rows["columns"]
        if not row["in_file"] and covers[row["table_name"]]["supplied"] != "none"
    }
    return Arrival(
        covers=covers,
        kinds=frozenset(row["kind"] for row in rows["kinds"] if row["supplied"]),
        columns_left_out=left_out,
        refused={row["table_name"]: why for row in rows["counted"] if (why := _refusal(row))},
        period=(told["period_from"], told["period_to"]),
        unread=unread,
    )


def _refusal(row: Row) -> str:
    """Why nothing of a file can be used; a file without a row is a zero and can."""
    if row["refused_rule"]:
        return f"refused by rule {row['refused_rule']}"
    return ALL_ASIDE if row["records"] and not row["accepted"] else ""
