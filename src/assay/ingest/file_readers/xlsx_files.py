"""Read the first sheet of an XLSX workbook cell by cell, as formatted.

The XML of the sheet is read, because only there a day differs from a time, a formula from a value, and an error from an
empty cell. The spreadsheet reader counts the records a second time.
"""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import fastexcel
import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.safe_files.archive_limits import is_too_large
from assay.engine.safe_files.workbook_limits import fills_memory
from assay.errors import EvidenceError
from assay.ingest.column_headings import clean_heading
from assay.ingest.file_readers.file_source import MARKED_CELLS, TableRefused, UnreadRecord, header_error
from assay.ingest.staging_store import StagingStore

MAIN_NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
PROTECTED_SIGNATURE = b"\xd0\xcf\x11\xe0"
SUGGESTED_DATE_FORMATS, TIME_FORMATS = {14, 15, 27, 30, 31, 36, 50, 57, 58}, {18, 19, 20, 21, 22, 32, 33, 45, 46, 47}
INCOMPLETE_DATE_FORMATS = {16: "day and month", 17: "month and year"}
STRFTIME = {
    "date": "%Y-%m-%d", "time": "%Y-%m-%dT%H:%M:%S", "month and year": "%b-%Y", "year": "%Y", "day and month": "%d-%b",
    "month": "%b",
}  # fmt: skip
"""How a cell is written as text, by what its number format displays. Only a full date is read as a date (R71)."""
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_CELL_REFERENCE = re.compile(r"([A-Z]{1,3})(\d+)")
LAST_ROW, LAST_COLUMN = 1 << 20, 1 << 14
"""The largest sheet that the format permits."""
MAX_CELLS, MAX_TEXT_BYTES, MAX_AREA = 8_000_000, 1_000_000_000, 30_000_000
"""Maximum of filled cells, bytes of text, and positions between the first and last cell, to limit memory."""
READ_ERRORS = (
    zipfile.BadZipFile, ElementTree.ParseError, LookupError, OSError, EOFError, ValueError, StopIteration, RuntimeError,
    OverflowError, AttributeError, TypeError, zlib.error, lzma.LZMAError, fastexcel.FastExcelError,
)  # fmt: skip
"""Exceptions by which the workbook libraries report that a file is not a workbook."""
TOO_LARGE = "the sheet is too large, or its cells are too far apart"


Cells = dict[int, tuple[str, bool]]
"""The cells of a row: position (0 is the first column) -> (text, whether it is a formula or an error)."""


@dataclass(frozen=True)
class WorkbookSource:
    """The first sheet of a workbook: header, rows as text with row numbers, and marked cells (R17)."""

    path: Path
    columns: tuple[str, ...]
    rows: pa.Table
    unread_records: tuple[UnreadRecord, ...]
    marked_cells: pa.Table
    records: int
    remarks: tuple[str, ...] = ()

    def load_columns(self, store: StagingStore, name: str, columns: Mapping[str, int]) -> None:
        """Load the rows that are not wider than the header."""
        if self.rows.num_rows + len(self.unread_records) != self.records:
            raise EvidenceError(
                f"{self.path.name}: the spreadsheet reader counts {self.records} rows that hold something, and "
                f"{self.rows.num_rows + len(self.unread_records)} were read. Save the sheet as CSV and send that."
            )
        select_list = ", ".join(f"c{position} as {column}" for column, position in columns.items())
        with store.registered_rows(self.rows) as rows_view:
            store.store_query(name, f"select line, {select_list} from {rows_view}")


def open_workbook(path: Path) -> WorkbookSource:
    """Read a workbook; refuse a damaged or protected one, or a sheet with merged cells (R04)."""
    try:
        with path.open("rb") as file:
            if file.read(4) == PROTECTED_SIGNATURE:
                raise _refusal(path, "the workbook is protected by a password, or is in the old .xls format")
        with zipfile.ZipFile(path) as archive:
            if is_too_large(archive):
                raise _refusal(path, "unpacked, the workbook is too large to be read")
            if fills_memory(archive):
                raise _refusal(path, TOO_LARGE)
            sheet = _Sheet(archive)
            cells = list(_check_limits(path, sheet.rows()))
        if sheet.has_merged_cells:
            raise _refusal(path, "the first sheet has merged cells")
        return _workbook(path, cells)
    except READ_ERRORS:
        raise _refusal(path, "the workbook is damaged, cut short or not an .xlsx") from None


def _check_limits(path: Path, rows: Iterable[tuple[int, Cells]]) -> Iterator[tuple[int, Cells]]:
    """Yield the same rows; refuse rows out of order or too large for memory."""
    previous_line = filled = text = widest = 0
    for line, cells in rows:
        filled += len(cells)
        text += sum(len(cell) for cell, _ in cells.values())
        widest = max(widest, max(cells, default=-1) + 1)
        if not previous_line < line <= LAST_ROW or widest > LAST_COLUMN:
            raise _refusal(path, "the workbook is damaged: its rows or columns are out of order")
        if filled > MAX_CELLS or text > MAX_TEXT_BYTES or line * widest > MAX_AREA:
            raise _refusal(path, TOO_LARGE)
        previous_line = line
        yield line, cells


def sheet_names(path: Path) -> tuple[str, ...]:
    """Return the sheet names in order; only the first sheet is read. Empty if the file cannot be opened."""
    try:
        return tuple(fastexcel.read_excel(path).sheet_names)
    except fastexcel.FastExcelError:
        return ()


def _refusal(path: Path, reason: str) -> TableRefused:
    return TableRefused("R04", f"{path.name}: {reason}. Save it again as .xlsx without protection, or send a CSV.")


def _workbook(path: Path, cells: list[tuple[int, Cells]]) -> WorkbookSource:
    header_cells = cells[0][1] if cells and cells[0][0] == 1 else {}
    width = max(header_cells, default=-1) + 1
    columns = tuple(clean_heading(header_cells.get(index, ("", False))[0]) for index in range(width))
    problem = header_error(columns)
    if problem:
        raise TableRefused("R04", f"{path.name}: {problem}")
    rows = [(line, row_cells) for line, row_cells in cells[1:] if row_cells]
    read_rows = [(line, row_cells) for line, row_cells in rows if max(row_cells) < width]
    unread_rows = tuple(
        UnreadRecord(line, "\t".join(cell for cell, _ in row_cells.values()))
        for line, row_cells in rows
        if max(row_cells) >= width
    )
    texts = {
        f"c{index}": pa.array([_cell_text(row_cells, index) for _, row_cells in read_rows], pa.string())
        for index in range(width)
    }
    table = pa.table({"line": pa.array([line for line, _ in read_rows], pa.int64()), **texts})
    marks = [
        {"line": line, "place": position}
        for line, row_cells in read_rows
        for position, (_, marked) in row_cells.items()
        if marked
    ]
    return WorkbookSource(
        path, columns, table, unread_rows, pa.Table.from_pylist(marks, schema=MARKED_CELLS), _record_count(path)
    )


def _cell_text(cells: Cells, index: int) -> str | None:
    text, marked = cells.get(index, (None, False))
    return None if marked else text


def _record_count(path: Path) -> int:
    """Return the number of filled rows below the header, by the spreadsheet reader."""
    sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string")
    filled = pa.array([False] * sheet.height)
    for column in sheet.to_arrow().columns:
        filled = pc.or_(filled, pc.is_valid(column))
    return int(pc.sum(filled).as_py() or 0) - 1


class _Sheet:
    """The first sheet of an open workbook."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.has_merged_cells = False
        workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        properties = workbook.find(f"{MAIN_NAMESPACE}workbookPr")
        is_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.epoch = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30)
        self.part = self._sheet_part(workbook)
        self.shared_strings = list(self._read_shared_strings())
        self.formats = self._read_formats()

    def _sheet_part(self, workbook: Element) -> str:
        sheets = workbook.find(f"{MAIN_NAMESPACE}sheets")
        if sheets is None:
            raise KeyError
        relation = sheets[0].get(RELATION_ID)
        relations = ElementTree.fromstring(self.archive.read("xl/_rels/workbook.xml.rels"))
        target = next(entry.get("Target", "") for entry in relations if entry.get("Id") == relation)
        return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"

    def _read_shared_strings(self) -> Iterator[str]:
        if "xl/sharedStrings.xml" in self.archive.namelist():
            with self.archive.open("xl/sharedStrings.xml") as stream:
                for _, element in ElementTree.iterparse(stream):
                    if element.tag == f"{MAIN_NAMESPACE}si":
                        yield _string_text(element)
                        element.clear()

    def _read_formats(self) -> list[str]:
        """Return what each cell style displays: a key of `STRFTIME`, or '' if it is not a date."""
        if "xl/styles.xml" not in self.archive.namelist():
            return []
        styles = ElementTree.fromstring(self.archive.read("xl/styles.xml"))
        custom_formats = {
            int(element.get("numFmtId", 0)): element.get("formatCode", "")
            for element in styles.iter(f"{MAIN_NAMESPACE}numFmt")
        }
        cell_formats = styles.find(f"{MAIN_NAMESPACE}cellXfs")
        return [
            _format_kind(int(element.get("numFmtId", 0)), custom_formats)
            for element in (cell_formats if cell_formats is not None else [])
        ]

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield (row number, place -> (text, marked)) of every row, without empty cells."""
        number = 0
        with self.archive.open(self.part) as stream:
            for _, element in ElementTree.iterparse(stream):
                if element.tag == f"{MAIN_NAMESPACE}row":
                    number = int(element.get("r", number + 1))
                    yield number, self._row_cells(element)
                    element.clear()
                self.has_merged_cells |= element.tag == f"{MAIN_NAMESPACE}mergeCell"

    def _row_cells(self, row: Element) -> Cells:
        cells: Cells = {}
        index = -1
        for cell in row.iter(f"{MAIN_NAMESPACE}c"):
            match = _CELL_REFERENCE.fullmatch(cell.get("r", ""))
            index = _column_index(match[1]) if match else index + 1
            marked = cell.find(f"{MAIN_NAMESPACE}f") is not None or cell.get("t") == "e"
            text = self._cell_text(cell)
            if text or marked:
                cells[index] = (text, marked)
        return cells

    def _cell_text(self, cell: Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _string_text(cell)
        value = cell.findtext(f"{MAIN_NAMESPACE}v") or ""
        if kind == "s":
            return self.shared_strings[int(value)] if value else ""
        if kind == "b":
            return {"1": "yes", "0": "no"}.get(value, "")
        return self._formatted_value(value, int(cell.get("s", 0))) if kind == "n" and value else value

    def _formatted_value(self, value: str, style: int) -> str:
        format_kind = self.formats[style] if style < len(self.formats) else ""
        try:
            number = float(value)
            if not format_kind:
                return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)
            moment = self.epoch + timedelta(seconds=round(number * 86400))
        except (ValueError, OverflowError):
            return value  # no number, or no day that there ever was: the cell's own rule says so
        return moment.strftime(STRFTIME[format_kind])


def _string_text(element: Element) -> str:
    """Return the text of a string, without the phonetic guides that some spreadsheets add."""
    for guide in element.findall(f"{MAIN_NAMESPACE}rPh"):
        element.remove(guide)
    return "".join(run.text or "" for run in element.iter(f"{MAIN_NAMESPACE}t"))


def _column_index(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _format_kind(number: int, custom_formats: Mapping[int, str]) -> str:
    """Return what a number format displays of a date: a key of `STRFTIME`, or '' if it is not a date.

    A format with hours or seconds is a time. For others it depends on which of year, month and day they display.
    """
    if number in INCOMPLETE_DATE_FORMATS:
        return INCOMPLETE_DATE_FORMATS[number]
    if number in TIME_FORMATS or number in SUGGESTED_DATE_FORMATS:
        return "time" if number in TIME_FORMATS else "date"
    code = _QUOTED.sub("", _ELAPSED.sub("h", custom_formats.get(number, "").partition(";")[0])).casefold()
    if re.search(r"[hs]", code):
        return "time"
    has_year, has_month, has_day = (letter in code for letter in "ymd")
    if has_year:
        return "date" if has_day else "month and year" if has_month else "year"
    if has_month:
        return "day and month" if has_day else "month"
    return "date" if has_day else ""
