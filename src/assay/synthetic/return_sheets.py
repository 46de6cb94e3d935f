"""The content of each file of a return; every value is text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assay import contract
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.return_forms import ReturnForm
from assay.synthetic.synthetic_tables import ForceRecords, Row


@dataclass
class Sheet:
    """One table to be written; `kinds` are the contract's column kinds."""

    table: str
    columns: list[str]
    kinds: list[str]
    rows: list[list[str]]
    extra_rows: int = 0  # error in the manifest's row count

    def column_index(self, column: str) -> int:
        """Return the index of a column."""
        return self.columns.index(column)


def sheets(records: ForceRecords, sending: ReturnForm) -> dict[str, Sheet]:
    """Return every table that is sent, in the contract's order."""
    return {name: _sheet(name, records, sending) for name in contract.tables() if name not in sending.not_sent}


def duplicate_rows(sheet_by_table: Mapping[str, Sheet], share: float, stream: RandomStream) -> dict[str, int]:
    """Duplicate a share of the rows of each table in place; return the number of duplicates by table."""
    found = {}
    for name, sheet in sheet_by_table.items():
        draw = stream.substream(name)
        duplicates = [list(row) for row in sheet.rows if draw.happens(share)]
        sheet.rows += duplicates
        if duplicates:
            found[name] = len(duplicates)
    return found


def _sheet(name: str, records: ForceRecords, sending: ReturnForm) -> Sheet:
    out = sending.columns_not_sent.get(name, {})
    columns = [column for column in contract.table(name).columns if column.name not in out]
    names = ["force_code", *(column.name for column in columns)]
    rows = _events(records, sending) if name == "events" else records.rows(name)
    _check_columns(name, rows, {*names, *out})
    cells = [[records.force.code, *(cell_text(row.get(column)) for column in names[1:])] for row in rows]
    return Sheet(name, names, ["code", *(column.kind for column in columns)], cells)


def _events(records: ForceRecords, sending: ReturnForm) -> list[Row]:
    """Return the events of the kinds that are sent; a notice of an unsent event loses its reference."""
    sent_rows = [row for row in records.rows("events") if row["kind"] in sending.kinds]
    refs = {row["event_ref"] for row in sent_rows}
    return [row if row.get("about_event_ref", "") in refs else row | {"about_event_ref": None} for row in sent_rows]


def _check_columns(name: str, rows: list[Row], known: set[str]) -> None:
    unknown = {column for row in rows for column in row} - known
    if unknown:
        raise KeyError(f"{name}: the contract knows no column {', '.join(sorted(unknown))}.")


def cell_text(value: Any) -> str:
    """Format a value according to the contract, section 3.1; None is empty."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, dt.date) else str(value)
