"""Write sheets as an Excel workbook (.xlsx)."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from assay.report.spreadsheets.sheet_contents import Cell, Sheet, SheetRows
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


class _StreamedSheet(Worksheet):  # type: ignore[misc]
    """A worksheet that writes the rows of its table when the file is written, and holds none of them in memory.

    The library holds every cell, and passes it through nine functions: of a million cells, that took a sixth of the
    processor time of a report and more memory than all its pages. The XML is the same as that of the library.
    """

    def set_rows(self, rows: SheetRows, kinds: tuple[str, ...], head_row: int, looks: Mapping[str, Any]) -> None:
        """Take the rows that follow the row of heads, and put their texts into the shared strings of the workbook."""
        self.rows, self.kinds, self.head_row, self.looks = rows, kinds, head_row, looks
        self.text_indices: dict[str, int] = {}
        text_cells = [cell for row in rows for cell in row if isinstance(cell, str)]
        for text in dict.fromkeys(text_cells):
            self.text_indices[text] = self.str_table._get_shared_string_index(text)
        self.str_table.count += len(text_cells) - len(self.text_indices)  # the library counts each use
        self.dim_rowmax = head_row + len(rows)

    def _write_rows(self) -> None:
        """Write title, lines and heads as the library does, then the rows."""
        last_row, self.dim_rowmax = self.dim_rowmax, self.head_row
        super()._write_rows()
        self.dim_rowmax = last_row
        styles = {name: look._get_xf_index() for name, look in self.looks.items()}
        contents = {kind: _CellContents(kind, styles, self.text_indices) for kind in set(self.kinds)}
        column_contents = [contents[kind] for kind in self.kinds]
        letters = [xl_col_to_name(place) for place in range(len(self.kinds))]
        row_cells = "".join(f'<c r="{letter}#%s</c>' for letter in letters)
        row_xml = f'<row r="#" spans="1:{len(letters)}">{row_cells}</row>'
        for number, row in enumerate(self.rows, start=self.head_row + 2):
            cells = [content[cell] for cell, content in zip(row, column_contents, strict=True)]
            self.fh.write(row_xml.replace("#", str(number)) % tuple(cells))


class _CellContents(dict[Cell, str]):
    """The XML of a cell from the end of its place on, by its content, for one kind of column; each is made once."""

    def __init__(self, kind: str, styles: Mapping[str, int], text_indices: Mapping[str, int]) -> None:
        super().__init__()
        self.kind, self.styles, self.text_indices = kind, styles, text_indices

    def __missing__(self, cell: Cell) -> str:
        """Return the XML of a cell that was not in the table before."""
        if isinstance(cell, str):
            style = self.styles["text" if self.kind == "text" else "number"]
            xml = f'" s="{style}" t="s"><v>{self.text_indices[cell]}</v>'
        else:
            xml = f'" s="{self.styles[_number_look(cell, self.kind)]}"><v>{cell:.16G}</v>'
        if cell != 0:  # 0.0 and -0.0 are equal, but are not written alike
            self[cell] = xml
        return xml


def _number_look(number: float, kind: str) -> str:
    return "count" if kind == "number" and float(number).is_integer() else kind


def _write_sheet(workbook: xlsxwriter.Workbook, sheet: Sheet, looks: dict[str, Any], number: int) -> None:
    page = workbook.add_worksheet(sheet.tab, worksheet_class=None if sheet.links else _StreamedSheet)
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
        page.table_cells.clear()  # an entry for each cell, to find a second table that overlaps; there is none
    else:  # an Excel table has at least one row; without this the headings would be missing too
        page.write_row(top, 0, sheet.heads, looks["head"])
    if sheet.links:
        _write_linked_rows(page, sheet, looks, top)
    else:
        page.set_rows(sheet.rows, sheet.kinds, top, looks)
    page.freeze_panes(top + 1, 1)
    for place, width in enumerate(widths(sheet)):
        page.set_column(place, place, width)


def _write_linked_rows(page: Worksheet, sheet: Sheet, looks: dict[str, Any], top: int) -> None:
    """Write rows of text of which the first cell is a link to another sheet."""
    for row_index, (row, target) in enumerate(zip(sheet.rows, sheet.links, strict=True), start=top + 1):
        for place, cell in enumerate(row):
            page.write_string(row_index, place, str(cell), looks["text"])
        page.write_url(row_index, 0, f"internal:'{target}'!A1", looks["link"], str(row[0]))


def widths(sheet: Sheet) -> list[int]:
    """Return the width of each column, in characters."""
    first = [*islice(sheet.rows, FIRST_ROWS)]
    longest = [max([len(head) // 2, *(len(str(row[i])) for row in first)]) for i, head in enumerate(sheet.heads)]
    return [min(max(size + 2, MIN_WIDTH), MAX_WIDTH) for size in longest]
