"""How are the sheets written as .xlsx?"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

import xlsxwriter

from assay.report.spreadsheets.sheet_contents import Cell, Sheet

MADE = datetime(2026, 1, 1)
"""The same for every file: when it was made stands nowhere in it."""
WIDEST, NARROWEST = 60, 12
NO_FORMULA = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}


def as_xlsx(sheets: Sequence[Sheet], title: str) -> bytes:
    """The workbook, with each sheet's table marked as one and its head kept in sight."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True, **NO_FORMULA})
    book.set_properties({"title": title, "created": MADE, "author": "assay", "language": "en-GB"})
    looks = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "number": book.add_format({"num_format": "#,##0.##", "valign": "top", "align": "right"}),
        "count": book.add_format({"num_format": "#,##0", "valign": "top", "align": "right"}),
        "share": book.add_format({"num_format": "0.0%", "valign": "top", "align": "right"}),
        "link": book.add_format({"font_color": "#12436D", "underline": 1, "valign": "top"}),
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
    }
    for number, sheet in enumerate(sheets):
        _write(book, sheet, looks, number)
    book.close()
    return held.getvalue()


def _write(book: xlsxwriter.Workbook, sheet: Sheet, looks: dict[str, object], number: int) -> None:
    page = book.add_worksheet(sheet.tab)
    page.hide_gridlines(0)
    page.write_string(0, 0, sheet.title, looks["title"])
    for at, line in enumerate(sheet.lines, start=1):
        page.write_string(at, 0, line)
    top = len(sheet.lines) + 1
    last = top + len(sheet.rows)
    if sheet.rows:
        columns = [{"header": head, "header_format": looks["head"]} for head in sheet.heads]
        page.add_table(top, 0, last, len(sheet.heads) - 1, {
            "name": f"table_{number}_{sheet.tab}".lower(), "columns": columns, "autofilter": False, "style": None,
        })  # fmt: skip
    else:  # a table of Excel has at least one row; without this the heads would be missing too
        page.write_row(top, 0, sheet.heads, looks["head"])
    for at, row in enumerate(sheet.rows, start=top + 1):
        for place, cell in enumerate(row):
            _put(page, at, place, cell, sheet.kinds[place], looks)
        if sheet.links:
            page.write_url(at, 0, f"internal:'{sheet.links[at - top - 1]}'!A1", looks["link"], str(row[0]))
    page.freeze_panes(top + 1, 1)
    for place, width in enumerate(widths(sheet)):
        page.set_column(place, place, width)


def _put(page: object, at: int, place: int, cell: Cell, kind: str, looks: dict[str, object]) -> None:
    if isinstance(cell, str):
        page.write_string(at, place, cell, looks["text"] if kind == "text" else looks["number"])  # type: ignore[attr-defined]
    else:
        look = "count" if kind == "number" and float(cell).is_integer() else kind
        page.write_number(at, place, cell, looks[look])  # type: ignore[attr-defined]


def widths(sheet: Sheet) -> list[int]:
    """How wide each column is, in characters."""
    first = sheet.rows[:50]
    longest = [max([len(head) // 2, *(len(str(row[i])) for row in first)]) for i, head in enumerate(sheet.heads)]
    return [min(max(size + 2, NARROWEST), WIDEST) for size in longest]
