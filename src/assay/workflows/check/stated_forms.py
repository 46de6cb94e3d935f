"""Describe the date format of each column in words, and say where a workbook stores its dates as numbers."""

from __future__ import annotations

from dataclasses import replace

import pyarrow.compute as pc

from assay.ingest.extracts.extract_model import ColumnMeaning, Sheet, SplitPart
from assay.ingest.extracts.value_kinds_dates import EXCEL
from assay.workflows.check.key_figures import share_text

READER_FORM = "YYYY-MM-DD"
"""The form in which the reader of workbooks gives dates that are stored as such."""
_READER_DATE = r"^\d{4}-\d\d-\d\d([ T]|$)"
DATES_OF_WORKBOOK = "dates of the workbook"
DAY_NUMBERS = "dates of a spreadsheet as numbers of days, 45748 for 1 April 2025"


def with_stated_forms(part: SplitPart, sheet: Sheet) -> SplitPart:
    """Return a part of the split plan whose date columns are described as stored by a workbook, not by a format."""
    part = replace(part, columns={name: _with_day_numbers(item) for name, item in part.columns.items()})
    is_of_workbook = bool(sheet.name) and not sheet.delimiter
    if not is_of_workbook:
        return part
    return replace(part, columns={name: _with_stated_form(item, sheet) for name, item in part.columns.items()})


def _with_day_numbers(meaning: ColumnMeaning) -> ColumnMeaning:
    if meaning.form != EXCEL:
        return meaning
    reasons = tuple(reason.replace(f"in the form {EXCEL}", f"as {DAY_NUMBERS}") for reason in meaning.reasons)
    return replace(meaning, form=DAY_NUMBERS, reasons=reasons)


def _with_stated_form(meaning: ColumnMeaning, sheet: Sheet) -> ColumnMeaning:
    if "YY" not in meaning.form or meaning.heading not in sheet.cells.column_names:
        return meaning
    filled = sheet.cells[meaning.heading].drop_null()
    n_stored = pc.sum(pc.match_substring_regex(filled, _READER_DATE)).as_py() or 0
    if not n_stored:
        return meaning
    n_typed = len(filled) - n_stored
    is_all = meaning.form.startswith(READER_FORM) or not n_typed
    phrase = (
        DATES_OF_WORKBOOK
        if is_all
        else f"{DATES_OF_WORKBOOK}, {share_text(n_typed, len(filled))} written {meaning.form}"
    )
    reasons = tuple(reason.replace(f"in the form {meaning.form}", f"as {phrase}") for reason in meaning.reasons)
    return replace(meaning, form=phrase, reasons=reasons)
