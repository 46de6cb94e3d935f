"""How are lists of records written so that a spreadsheet opens them and changes nothing?

As CSV (UTF-8 with its mark, every cell as it is), and all together as one workbook whose cells are text, so that 0012
stays 0012. In CSV nothing is a formula.
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
LONGEST_NAME = 31
MOST_ROWS = 1_048_575
Line = Sequence[str]


@dataclass(frozen=True)
class File:
    """One list: its name without an ending, its columns, its lines."""

    name: str
    columns: Line
    lines: Sequence[Line]


def write_list(path: Path, file: File) -> None:
    """One list as CSV."""
    write_csv(path, file.columns, file.lines, ends="\r\n", encoding="utf-8-sig")


def write_workbook(path: Path, files: Iterable[File]) -> None:
    """Every list as a sheet of one workbook; all cells are text."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "Self-audit: records to look at", "created": CREATED})
    text, head = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "bottom": 1})
    for number, file in enumerate(files, start=1):
        sheet = book.add_worksheet(f"{number} {file.name}"[:LONGEST_NAME])
        sheet.write_row(0, 0, file.columns, head)
        sheet.set_column(0, len(file.columns) - 1, 24, text)
        sheet.freeze_panes(1, 0)
        for row, line in enumerate(file.lines[:MOST_ROWS], start=1):
            for place, cell in enumerate(line):
                sheet.write_string(row, place, cell, text)
    book.close()
