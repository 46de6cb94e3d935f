"""Write sheets as an Excel workbook (.xlsx)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from itertools import islice

import xlsxwriter

from assay.report.spreadsheets.sheet_contents import Cell, Sheet
from assay.temporary_folders import temporary_folder

CREATION_DATE = datetime(2026, 1, 1)
"""The same for every file, so that the same figures give the same bytes."""
MAX_WIDTH, MIN_WIDTH = 60, 12
FIRST_ROWS = 50
"""The number of rows whose cells decide the width of a column."""
NO_FORMULA = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}


def as_xlsx(sheets: Sequence[Sheet], title: str) -> bytes:
    """Return the sheets as an XLSX workbook; each table is marked as a table, and its header row stays in view.

    The XML of the sheets is in temporary files, because the cells of a large report take memory enough.
    """
    buffer = io.BytesIO()
    with temporary_folder() as folder:
        workbook = xlsxwriter.Workbook(buffer, {"tmpdir": str(folder), **NO_FORMULA})
        _write_workbook(workbook, sheets, title)
        workbook.close()
    return buffer.getvalue()


def _write_workbook(workbook: xlsxwriter.Workbook, sheets: Sequence[Sheet], title: str) -> None:
    workbook.set_properties({"title": title, "created": CREATION_DATE, "author": "assay", "language": "en-GB"})
    looks = {
        "title": workbook.add_format({"bold": True, "font_size": 14}),
        "text": workbook.add_format({"text_wrap": True, "valign": "top"}),
        "number": workbook.add_format({"num_format": "#,##0.##", "valign": "top", "align": "right"}),
        "count": workbook.add_format({"num_format": "#,##0", "valign": "top", "align": "right"}),
        "share": workbook.add_format({"num_format": "0.0%", "valign": "top", "align": "right"}),
        "link": workbook.add_format({"font_color": "#12436D", "underline": 1, "valign": "top"}),
        "head": workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
    }
    for number, sheet in enumerate(sheets):
        _write_sheet(workbook, sheet, looks, number)


def _write_sheet(workbook: xlsxwriter.Workbook, sheet: Sheet, looks: dict[str, object], number: int) -> None:
    page = workbook.add_worksheet(sheet.tab)
    page.hide_gridlines(0)
    page.write_string(0, 0, sheet.title, looks["title"])
    for row_index, line in enumerate(sheet.lines, start=1):
        page.write_string(row_index, 0, line)
    top = len(sheet.lines) + 1
    last = top + len(sheet.rows)
    if sheet.rows:
        columns = [{"header": head, "header_format": looks["head"]} for head in sheet.heads]
        page.add_table(top, 0, last, len(sheet.heads) - 1, {
            "name": f"table_{number}_{sheet.tab}".lower(), "columns": columns, "autofilter": False, "style": None,
        })  # fmt: skip
    else:  # an Excel table has at least one row; without this the headings would be missing too
        page.write_row(top, 0, sheet.heads, looks["head"])
    for row_index, row in enumerate(sheet.rows, start=top + 1):
        for place, cell in enumerate(row):
            _write_cell(page, row_index, place, cell, sheet.kinds[place], looks)
        if sheet.links:
            page.write_url(
                row_index, 0, f"internal:'{sheet.links[row_index - top - 1]}'!A1", looks["link"], str(row[0])
            )
    page.freeze_panes(top + 1, 1)
    for place, width in enumerate(widths(sheet)):
        page.set_column(place, place, width)


def _write_cell(
    page: object, row_index: int, column_index: int, cell: Cell, kind: str, looks: dict[str, object]
) -> None:
    if isinstance(cell, str):
        page.write_string(row_index, column_index, cell, looks["text"] if kind == "text" else looks["number"])  # type: ignore[attr-defined]
    else:
        look = "count" if kind == "number" and float(cell).is_integer() else kind
        page.write_number(row_index, column_index, cell, looks[look])  # type: ignore[attr-defined]


def widths(sheet: Sheet) -> list[int]:
    """Return the width of each column, in characters."""
    first = [*islice(sheet.rows, FIRST_ROWS)]
    longest = [max([len(head) // 2, *(len(str(row[i])) for row in first)]) for i, head in enumerate(sheet.heads)]
    return [min(max(size + 2, MIN_WIDTH), MAX_WIDTH) for size in longest]
