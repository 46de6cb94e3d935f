"""Write lists of records as CSV, and as a workbook whose cells are all text.

The CSV files are UTF-8 with a byte order mark and unchanged cells. All lists together form one workbook whose cells are
text, so that 0012 stays 0012. No cell of a CSV file becomes a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import xlsxwriter

from assay.engine.safe_files.spreadsheet_cells import write_csv

CREATED = datetime(2026, 1, 1)
"""One date for every workbook, so that the same lists are the same bytes."""
MAX_SHEET_NAME = 31
MAX_ROWS = 1_048_575
Line = Sequence[str]


@dataclass(frozen=True)
class File:
    """One list: its name without an ending, its columns, its lines."""

    name: str
    columns: Line
    lines: Sequence[Line]


def write_list(path: Path, file: File) -> None:
    """Write one list as CSV."""
    write_csv(path, file.columns, file.lines, line_end="\r\n", encoding="utf-8-sig")


def write_list_workbook(path: Path, files: Iterable[File]) -> None:
    """Write every list as a sheet of one workbook; all cells are text."""
    workbook = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({"title": "Self-audit: records to look at", "created": CREATED})
    text, header_format = workbook.add_format({"num_format": "@"}), workbook.add_format({"bold": True, "bottom": 1})
    for number, file in enumerate(files, start=1):
        sheet = workbook.add_worksheet(f"{number} {file.name}"[:MAX_SHEET_NAME])
        sheet.write_row(0, 0, file.columns, header_format)
        sheet.set_column(0, len(file.columns) - 1, 24, text)
        sheet.freeze_panes(1, 0)
        for row, line in enumerate(file.lines[:MAX_ROWS], start=1):
            for column_number, cell in enumerate(line):
                sheet.write_string(row, column_number, cell, text)
    workbook.close()
