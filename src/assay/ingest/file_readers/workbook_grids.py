"""Read the sheets of a workbook (.xlsx, .xlsm, .xlsb, .xls, .ods) as grids of text.

Dates are `YYYY-MM-DD`, dates with a time `YYYY-MM-DDTHH:MM:SS`, times of day `HH:MM:SS`, truth values `yes` and `no`,
and whole numbers have no decimals. A column of times that are all midnight is a column of dates.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import fastexcel
import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.safe_files.archive_limits import ARCHIVE_ERRORS, Unreadable, is_too_large
from assay.engine.safe_files.workbook_limits import fills_memory
from assay.ingest.file_readers.cell_grid import CellGrid, stripped_text
from assay.ingest.file_readers.file_source import TableRefused
from assay.ingest.file_readers.sheet_markup import SheetMarkup, sheet_markup
from assay.wording import count_phrase, join_words

_MOMENT = r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$"
_MOMENT_PATTERN = re.compile(_MOMENT)
_TIME_OF_DAY_DAYS = ("1899-12-30", "1899-12-31")
"""The days on which a spreadsheet counts a time of day that has no date."""
_TRUTH = {"true": "yes", "false": "no"}


def read_workbook(path: Path) -> list[CellGrid]:
    """Read every sheet that holds a cell, hidden ones too; refuse a damaged, protected or too large workbook (R04)."""
    _check_limits(path)
    try:
        markup = sheet_markup(path)
        workbook = fastexcel.read_excel(path)
        grids = [_read_sheet(workbook, name, markup.get(name, SheetMarkup())) for name in workbook.sheet_names]
    except BaseException as error:
        if not _says_damaged(error):
            raise
        # The text of the error may hold what a cell holds.
        raise _refusal(path, "the workbook is damaged or protected by a password") from None
    return [grid for grid in grids if grid.cells.num_rows]


def _says_damaged(error: BaseException) -> bool:
    """Return True if the spreadsheet reader gave up; on some damaged .xls files it panics."""
    known_errors = (fastexcel.FastExcelError, ElementTree.ParseError, *ARCHIVE_ERRORS)
    return isinstance(error, known_errors) or type(error).__name__ == "PanicException"


def _refusal(path: Path, reason: str) -> TableRefused:
    return TableRefused("R04", f"{path.name}: {reason}. Open it, save it as .xlsx without a password, and read that.")


def _check_limits(path: Path) -> None:
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            if is_too_large(archive) or fills_memory(archive):
                raise _refusal(path, "a sheet is too large, or its cells are too far apart")
    except (Unreadable, *ARCHIVE_ERRORS):
        raise _refusal(path, "the workbook is damaged or cut short") from None


def _read_sheet(workbook: fastexcel.ExcelReader, name: str, markup: SheetMarkup) -> CellGrid:
    sheet = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    is_hidden = sheet.visible != "visible"
    batch = sheet.to_arrow()
    del sheet  # it holds every cell a second time
    cells = {f"c{position}": _sheet_column(column) for position, column in enumerate(batch.columns)}
    rows = pa.array(range(1, batch.num_rows + 1), pa.int64())
    remarks = tuple(_markup_remarks(name, markup))
    merged = markup.merged_areas
    return CellGrid(name, pa.table(cells), rows, merged_areas=merged, remarks=remarks, is_hidden=is_hidden)


def _markup_remarks(name: str, markup: SheetMarkup) -> Iterator[str]:
    if markup.n_errors:
        yield f"sheet {name}: {markup.n_errors} cells hold an error such as #REF! and are read as empty."
    if markup.formulas_by_column:
        columns = [
            f"{count_phrase(count, 'cell')} of column {column}" for column, count in markup.formulas_by_column.items()
        ]
        yield (
            f"sheet {name}: {join_words(columns)} hold formulas that were never calculated, and are read as empty. "
            "Open the workbook in a spreadsheet program, save it, and check again."
        )


def _sheet_column(column: pa.Array) -> pa.Array:
    """Return a column of a sheet in the forms that the module states."""
    text = stripped_text(column)
    if not pc.any(pc.match_substring_regex(text, rf"{_MOMENT}|^(true|false)$")).as_py():
        return text
    encoded = text.dictionary_encode()
    words = encoded.dictionary.to_pylist()
    convert = _converter(words)
    return pa.DictionaryArray.from_arrays(encoded.indices, pa.array(map(convert, words), pa.string())).cast(pa.string())


def _converter(words: list[str]) -> Callable[[str], str]:
    moments = {word: _rounded_moment(word) for word in words if _MOMENT_PATTERN.fullmatch(word)}
    only_days = all(moment.time() == datetime.min.time() for moment in moments.values())

    def convert(word: str) -> str:
        if word not in moments:
            return _TRUTH.get(word, word)
        if word.startswith(_TIME_OF_DAY_DAYS):
            return moments[word].strftime("%H:%M:%S")
        return moments[word].strftime("%Y-%m-%d" if only_days else "%Y-%m-%dT%H:%M:%S")

    return convert


def _rounded_moment(word: str) -> datetime:
    """Return a moment to the second: a spreadsheet holds 10:30 as a fraction of a day, a little more or less."""
    moment = datetime.fromisoformat(word[:26])
    return (moment + timedelta(milliseconds=500)).replace(microsecond=0)
