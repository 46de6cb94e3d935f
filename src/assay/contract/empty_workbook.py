"""Which empty workbook can a force fill, if it has no export?

One sheet a table that is asked, headers only with a comment on each; cells of references, codes, dates and times are
text, so that leading zeros and days stay as typed. Before them a sheet of notes and after them the closed lists. The
same workbook comes out on every day and machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from assay import contract
from assay.contract import FORCE_CODE, SPEC_VERSION, Column, Table

CREATED = datetime(2026, 1, 1)
WIDTHS = {"notes": (22, 110), "columns": (20, 30, 8, 12, 22, 90)}
CHOOSABLE = 250
"""The longest text of choices that a spreadsheet will show beside a cell."""
FIRST = "read me first"
AS_TYPED = ("ref", "code", "text", "date", "time", "when")
"""Types whose cells are text: a spreadsheet would turn 0012 into 12, and a day into a number of its own."""
SAVE = "Each sheet is its own file"
NOTES = (
    ("What this is", f"The tables asked in the data return, specification {SPEC_VERSION}, with nothing in them yet."),
    (SAVE, "Save each filled sheet as a file of its own, called by the name of its sheet: crimes.csv or crimes.xlsx, "
     "events.csv or events.xlsx, and so on. A workbook of several sheets cannot be sent: only its first is read."),
    ("The cover", "Write return.toml: which tables you send, whether each is complete, and how many records it has."),
    ("Leave a table out", "A table that you cannot send: state none and the reason in return.toml. A table in which "
     "there is nothing to send: send the header alone. That is a zero."),
    ("Dates and times", "2025-04-01 for a day, 2025-04-01T09:30 for a time, in the wall time of Europe/London. Where a "
     "column is of type when and the time was not recorded, write the day alone."),
    ("Unknown", "Leave the cell empty. Where there is a column for the reason, give the reason."),
    ("Cells", "Keep references and codes as text, or leading zeros are lost. No formulas, no merged cells, one value "
     "a cell."),
    ("Required", "yes: a row without it cannot be used. if known: send it if any system that you can query holds it. "
     "no: it says nothing if empty."),
    ("What is not asked", "Only columns that something reads are here. The contract knows others: they are not asked, "
     "and need not be sent."),
    ("Lists", "The sheet lists has every closed list. Other words can be translated in mapping.toml."),
)  # fmt: skip


def write_workbook(path: Path, tables: Mapping[str, Table] | None = None) -> Path:
    """Write the empty workbook for forces; where it was written. `tables` are those of a request; without them, all
    that something reads."""
    asked = contract.asked_tables() if tables is None else tables
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"title": f"Data return {SPEC_VERSION}", "created": CREATED})
    styles = {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
        "words": book.add_format({"text_wrap": True, "valign": "top"}),
        "bold": book.add_format({"text_wrap": True, "valign": "top", "bold": True}),
        "text": book.add_format({"num_format": "@"}),
        "needed": book.add_format({"bold": True, "bg_color": "#DDE7F0", "bottom": 1}),
        "asked": book.add_format({"bottom": 1}),
    }
    _notes(book, styles)
    for table in asked.values():
        _sheet(book, table, styles)
    _columns(book, asked, styles)
    _lists(book, asked, styles)
    book.close()
    return path


def _notes(book: Any, styles: dict[str, Any]) -> None:
    sheet = book.add_worksheet(FIRST)
    _widths(sheet, WIDTHS["notes"])
    for row, (name, words) in enumerate(NOTES):
        sheet.write_string(row, 0, name, styles["head"])
        sheet.write_string(row, 1, words, styles["bold" if name == SAVE else "words"])


def _sheet(book: Any, table: Table, styles: dict[str, Any]) -> None:
    sheet = book.add_worksheet(table.name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 20, styles["text"])
    sheet.write_string(0, 0, FORCE_CODE, styles["needed"])
    _comment(sheet, 0, "code", "yes", "the sender: the force_code of return.toml, in every row")
    for place, column in enumerate(table.asked, start=1):
        style = styles["needed" if column.required == "yes" else "asked"]
        sheet.set_column(place, place, 20, styles["text"] if column.kind in AS_TYPED else None)
        sheet.write_string(0, place, column.name, style)
        _comment(sheet, place, column.kind, column.required, column.rule.replace("`", ""))
        _choices(sheet, place, column)


def _comment(sheet: Any, place: int, kind: str, required: str, meaning: str) -> None:
    """Say beside a header what the column is: its type, whether it must be filled, and what it holds."""
    said = f"Type: {kind}\nRequired: {required}"
    words = f"{said}\n{meaning}" if meaning else said
    sheet.write_comment(0, place, words, {"x_scale": 2, "y_scale": 1 + len(words) / 160, "author": "data return"})


def _choices(sheet: Any, place: int, column: Column) -> None:
    """Offer a short closed list beside the cells; other words are let in, for a mapping may know them."""
    listed = contract.list_values(column.values) if column.values else ()
    values = ["yes", "no"] if column.kind == "yesno" else list(listed)
    if values and len(",".join(values)) <= CHOOSABLE:
        sheet.data_validation(1, place, 1000, place, {"validate": "list", "source": values, "show_error": False})


def _columns(book: Any, asked: Mapping[str, Table], styles: dict[str, Any]) -> None:
    sheet = book.add_worksheet("columns")
    sheet.freeze_panes(1, 0)
    _widths(sheet, WIDTHS["columns"])
    _row(sheet, 0, ("table", "column", "type", "required", "list", "what it holds"), styles["head"])
    rows = [
        (table.name, column.name, column.kind, column.required, column.values, column.rule)
        for table in asked.values()
        for column in table.asked
    ]
    for number, row in enumerate(rows, start=1):
        _row(sheet, number, row, styles["words"])


def _lists(book: Any, asked: Mapping[str, Table], styles: dict[str, Any]) -> None:
    sheet = book.add_worksheet("lists")
    sheet.freeze_panes(1, 0)
    _widths(sheet, (24, 26, 90))
    _row(sheet, 0, ("list", "value", "meaning"), styles["head"])
    used = {column.values for table in asked.values() for column in table.asked if column.values}
    used |= {kind.detail_list for kind in contract.event_kinds().values() if kind.detail_list}
    rows = [(name, value, meaning) for name in sorted(used) for value, meaning in contract.meanings(name).items()]
    for number, row in enumerate(rows, start=1):
        _row(sheet, number, row, styles["words"])


def _row(sheet: Any, number: int, cells: tuple[str, ...], style: Any) -> None:
    for place, words in enumerate(cells):
        sheet.write_string(number, place, words, style)


def _widths(sheet: Any, widths: tuple[int, ...]) -> None:
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
