"""Write the empty workbook that a force without an export can fill in.

There is one sheet for each requested table, with headers and a comment on each. Cells for references, codes, dates and
times are text, so that leading zeros and days stay as typed. A sheet of notes comes first and the closed lists last.
The same workbook results on every day and machine.
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
MAX_CHOICES_LENGTH = 250
"""The maximum length of a drop-down list in a spreadsheet."""
NOTES_SHEET = "read me first"
TEXT_CELL_KINDS = ("ref", "code", "text", "date", "time", "when")
"""Types whose cells are text: a spreadsheet would convert 0012 to 12, and a day to a serial number."""
SAVE_HEADING = "Each sheet is its own file"
NOTES = (
    ("What this is", f"The tables asked in the data return, specification {SPEC_VERSION}, with nothing in them yet."),
    (
        SAVE_HEADING,
        "Save each filled sheet as a file of its own, called by the name of its sheet: crimes.csv or crimes.xlsx, "
        "events.csv or events.xlsx, and so on. A workbook of several sheets cannot be sent: only its first is read.",
    ),
    ("The cover", "Write return.toml: which tables you send, whether each is complete, and how many records it has."),
    (
        "Leave a table out",
        "If you cannot send a table, state none and the reason in return.toml. If a table has no rows, send only "
        "the header; it then counts as zero.",
    ),
    (
        "Dates and times",
        "2025-04-01 for a day, 2025-04-01T09:30 for a time, in the local time of Europe/London. Where a column "
        "is of type when and the time was not recorded, write the day alone.",
    ),
    ("Unknown", "Leave the cell empty. Where there is a column for the reason, give the reason."),
    (
        "Cells",
        "Keep references and codes as text, or leading zeros are lost. No formulas, no merged cells, one value a cell.",
    ),
    (
        "Required",
        "yes: a row without it cannot be used. if known: send it if any system that you can query holds it. no: "
        "an empty cell has no meaning.",
    ),
    (
        "What is not requested",
        "The sheets hold only columns that assay uses. The contract has further columns, which are not requested.",
    ),
    ("Lists", "The sheet lists has every closed list. Other words can be translated in mapping.toml."),
)


def write_workbook(path: Path, tables: Mapping[str, Table] | None = None) -> Path:
    """Write the empty workbook and return its path. Without `tables`: all tables that assay reads."""
    requested = contract.requested_tables() if tables is None else tables
    workbook = xlsxwriter.Workbook(str(path))
    workbook.set_properties({"title": f"Data return {SPEC_VERSION}", "created": CREATED})
    styles = {
        "head": workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
        "words": workbook.add_format({"text_wrap": True, "valign": "top"}),
        "bold": workbook.add_format({"text_wrap": True, "valign": "top", "bold": True}),
        "text": workbook.add_format({"num_format": "@"}),
        "needed": workbook.add_format({"bold": True, "bg_color": "#DDE7F0", "bottom": 1}),
        "asked": workbook.add_format({"bottom": 1}),
    }
    _write_notes(workbook, styles)
    for table in requested.values():
        _write_table_sheet(workbook, table, styles)
    _write_columns_sheet(workbook, requested, styles)
    _write_lists_sheet(workbook, requested, styles)
    workbook.close()
    return path


def _write_notes(workbook: Any, styles: dict[str, Any]) -> None:
    sheet = workbook.add_worksheet(NOTES_SHEET)
    _set_widths(sheet, WIDTHS["notes"])
    for row, (name, words) in enumerate(NOTES):
        sheet.write_string(row, 0, name, styles["head"])
        sheet.write_string(row, 1, words, styles["bold" if name == SAVE_HEADING else "words"])


def _write_table_sheet(workbook: Any, table: Table, styles: dict[str, Any]) -> None:
    sheet = workbook.add_worksheet(table.name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 20, styles["text"])
    sheet.write_string(0, 0, FORCE_CODE, styles["asked"])
    _write_comment(sheet, 0, "code", "no", "the sender: the force_code of return.toml; derived where it is left out")
    for index, column in enumerate(table.requested_columns, start=1):
        style = styles["needed" if column.required == "yes" else "asked"]
        sheet.set_column(index, index, 20, styles["text"] if column.kind in TEXT_CELL_KINDS else None)
        sheet.write_string(0, index, column.name, style)
        _write_comment(sheet, index, column.kind, column.required, column.rule.replace("`", ""))
        _write_choices(sheet, index, column)


def _write_comment(sheet: Any, index: int, kind: str, required: str, meaning: str) -> None:
    """Write a comment on a header: type, whether a value is required, and meaning."""
    heading = f"Type: {kind}\nRequired: {required}"
    comment = f"{heading}\n{meaning}" if meaning else heading
    sheet.write_comment(0, index, comment, {"x_scale": 2, "y_scale": 1 + len(comment) / 160, "author": "data return"})


def _write_choices(sheet: Any, index: int, column: Column) -> None:
    """Offer a short closed list as a drop-down; other words are accepted, because a mapping may translate them."""
    listed = contract.list_values(column.values) if column.values else ()
    values = ["yes", "no"] if column.kind == "yesno" else list(listed)
    if values and len(",".join(values)) <= MAX_CHOICES_LENGTH:
        sheet.data_validation(1, index, 1000, index, {"validate": "list", "source": values, "show_error": False})


def _write_columns_sheet(workbook: Any, requested: Mapping[str, Table], styles: dict[str, Any]) -> None:
    sheet = workbook.add_worksheet("columns")
    sheet.freeze_panes(1, 0)
    _set_widths(sheet, WIDTHS["columns"])
    _write_row(sheet, 0, ("table", "column", "type", "required", "list", "what it holds"), styles["head"])
    rows = [
        (table.name, column.name, column.kind, column.required, column.values, column.rule)
        for table in requested.values()
        for column in table.requested_columns
    ]
    for number, row in enumerate(rows, start=1):
        _write_row(sheet, number, row, styles["words"])


def _write_lists_sheet(workbook: Any, requested: Mapping[str, Table], styles: dict[str, Any]) -> None:
    sheet = workbook.add_worksheet("lists")
    sheet.freeze_panes(1, 0)
    _set_widths(sheet, (24, 26, 90))
    _write_row(sheet, 0, ("list", "value", "meaning"), styles["head"])
    used = {column.values for table in requested.values() for column in table.requested_columns if column.values}
    used |= {kind.detail_list for kind in contract.event_kinds().values() if kind.detail_list}
    rows = [(name, value, meaning) for name in sorted(used) for value, meaning in contract.list_meanings(name).items()]
    for number, row in enumerate(rows, start=1):
        _write_row(sheet, number, row, styles["words"])


def _write_row(sheet: Any, number: int, cells: tuple[str, ...], style: Any) -> None:
    for index, text in enumerate(cells):
        sheet.write_string(number, index, text, style)


def _set_widths(sheet: Any, widths: tuple[int, ...]) -> None:
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
