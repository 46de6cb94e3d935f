"""What stands in each file of a return: the contract's columns in their order, every value as text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assay import contract
from assay.synthetic.random_stream import Chance
from assay.synthetic.return_forms import Sending
from assay.synthetic.synthetic_tables import Book, Row


@dataclass
class Sheet:
    """One table as it will be written; `kinds` are the contract's kinds of the columns."""

    table: str
    columns: list[str]
    kinds: list[str]
    rows: list[list[str]]
    extra_rows: int = 0  # how far the cover's own count of rows is off

    def at(self, column: str) -> int:
        """The place of a column."""
        return self.columns.index(column)


def sheets(book: Book, sending: Sending) -> dict[str, Sheet]:
    """Every table that is sent, in the contract's order."""
    return {name: _sheet(name, book, sending) for name in contract.tables() if name not in sending.left_out}


def sent_twice(made: Mapping[str, Sheet], share: float, chance: Chance) -> dict[str, int]:
    """Send a share of the rows of each table twice, the sheets changed in place; how many, by table."""
    found = {}
    for name, sheet in made.items():
        draw = chance.stream(name)
        again = [list(row) for row in sheet.rows if draw.happens(share)]
        sheet.rows += again
        if again:
            found[name] = len(again)
    return found


def _sheet(name: str, book: Book, sending: Sending) -> Sheet:
    out = sending.columns_left_out.get(name, {})
    columns = [column for column in contract.table(name).columns if column.name not in out]
    names = ["force_code", *(column.name for column in columns)]
    rows = _events(book, sending) if name == "events" else book.rows(name)
    _known_columns(name, rows, {*names, *out})
    cells = [[book.force.code, *(text(row.get(column)) for column in names[1:])] for row in rows]
    return Sheet(name, names, ["code", *(column.kind for column in columns)], cells)


def _events(book: Book, sending: Sending) -> list[Row]:
    """The events of the kinds that are sent; a notice of an event that is not sent cannot name it."""
    sent = [row for row in book.rows("events") if row["kind"] in sending.kinds]
    refs = {row["event_ref"] for row in sent}
    return [row if row.get("about_event_ref", "") in refs else row | {"about_event_ref": None} for row in sent]


def _known_columns(name: str, rows: list[Row], known: set[str]) -> None:
    unknown = {column for row in rows for column in row} - known
    if unknown:
        raise KeyError(f"{name}: the contract knows no column {', '.join(sorted(unknown))}.")


def text(value: Any) -> str:
    """A value in the form of the contract, section 3.1; None is empty."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, dt.date) else str(value)
