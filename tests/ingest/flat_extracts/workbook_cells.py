"""Write cells of a workbook as text, numbers, and real dates with or without a time."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

from .extract_columns import Cell
from .force_records import Moment

CREATED = datetime(2026, 6, 8, 6, 15)
"""A fixed time of creation, so that the same force always gives the same bytes."""


def new_workbook(buffer: io.BytesIO) -> Any:
    """An empty workbook that is written to a buffer when it is closed."""
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    workbook.set_properties({"created": CREATED})
    return workbook


def moment_cell(moment: Moment | None) -> Cell:
    """A moment as a date with time, or as a date where only the day is known."""
    if moment is None:
        return None
    return moment.earliest if moment.clock else moment.day


def cell_formats(workbook: Any, time_form: str = "dd/mm/yyyy hh:mm") -> dict[str, Any]:
    """The formats of a workbook: title, heading, time, day and wrapped text."""
    return {
        "title": workbook.add_format({"bold": True, "font_size": 14}),
        "heading": workbook.add_format({"bold": True, "border": 1, "text_wrap": True}),
        "time": workbook.add_format({"num_format": time_form}),
        "day": workbook.add_format({"num_format": "dd/mm/yyyy"}),
        "wrapped": workbook.add_format({"text_wrap": True, "valign": "top"}),
    }


def write_cells(worksheet: Any, row: int, values: Sequence[Cell], formats: dict[str, Any]) -> None:
    """Write the cells of a row by their types; an empty text leaves the cell empty."""
    for column, value in enumerate(values):
        if value is None or value == "":
            continue
        if isinstance(value, date):
            form = formats["time"] if isinstance(value, datetime) else formats["day"]
            worksheet.write_datetime(row, column, value, form)
        elif isinstance(value, int):
            worksheet.write_number(row, column, value)
        else:
            worksheet.write_string(row, column, value, formats["wrapped"] if "\n" in value else None)
