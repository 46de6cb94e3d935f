"""What does the first sheet of an XLSX workbook hold, cell by cell, as it was formatted?

The sheet's own XML is read, because it alone tells a day from a time, a formula from a value and an error from an
empty cell. Its records are counted a second time by the spreadsheet reader.
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

from assay.engine.safe_files.archive_limits import too_large
from assay.engine.safe_files.workbook_limits import fills_memory
from assay.errors import EvidenceError
from assay.ingest.column_headings import cleaned
from assay.ingest.file_readers.file_source import MARKED, TableRefused, Unread, header_fault
from assay.ingest.staging_store import Desk

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
PROTECTED = b"\xd0\xcf\x11\xe0"
DAYS_FORMATS, TIMES_FORMATS = {14, 15, 27, 30, 31, 36, 50, 57, 58}, {18, 19, 20, 21, 22, 32, 33, 45, 46, 47}
INCOMPLETE_DATE_FORMATS = {16: "day and month", 17: "month and year"}
STRFTIME = {
    "date": "%Y-%m-%d", "time": "%Y-%m-%dT%H:%M:%S", "month and year": "%b-%Y", "year": "%Y", "day and month": "%d-%b",
    "month": "%b",
}  # fmt: skip
"""How a cell is written as text, by what its number format displays. Only a full date is read as a date (R71)."""
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_PLACE = re.compile(r"([A-Z]{1,3})(\d+)")
LAST_ROW, LAST_COLUMN = 1 << 20, 1 << 14
"""The largest sheet that there can be."""
MOST_CELLS, MOST_TEXT, WIDEST = 8_000_000, 1_000_000_000, 30_000_000
"""Filled cells, bytes of text in them, and places between the first cell and the last: what memory holds."""
BROKEN = (
    zipfile.BadZipFile, ElementTree.ParseError, LookupError, OSError, EOFError, ValueError, StopIteration, RuntimeError,
    OverflowError, AttributeError, TypeError, zlib.error, lzma.LZMAError, fastexcel.FastExcelError,
)  # fmt: skip
"""How the libraries that read a workbook say that it is none."""
TOO_FAR = "the sheet is too large, or its cells lie too far apart"


Cells = dict[int, tuple[str, bool]]
"""What stands in a row: place (0 is the first column) -> (text, whether it is a formula or an error)."""


@dataclass(frozen=True)
class Workbook:
    """The first sheet of a workbook: its header, its rows as text with their numbers, and the cells marked (R17)."""

    path: Path
    columns: tuple[str, ...]
    rows: pa.Table
    unread: tuple[Unread, ...]
    marked: pa.Table
    records: int
    remarks: tuple[str, ...] = ()

    def lay(self, desk: Desk, name: str, columns: Mapping[str, int]) -> None:
        """Lay the rows that are no wider than the header."""
        if self.rows.num_rows + len(self.unread) != self.records:
            raise EvidenceError(
                f"{self.path.name}: the spreadsheet reader counts {self.records} rows that hold something, and "
                f"{self.rows.num_rows + len(self.unread)} were read. Save the sheet as CSV and send that."
            )
        chosen = ", ".join(f"c{place} as {column}" for column, place in columns.items())
        with desk.lent(self.rows) as lent:
            desk.keep(name, f"select line, {chosen} from {lent}")


def open_workbook(path: Path) -> Workbook:
    """Read a workbook; refuses one that is damaged or protected, or whose sheet has merged cells (R04)."""
    try:
        with path.open("rb") as file:
            if file.read(4) == PROTECTED:
                raise _refused(path, "the workbook is protected by a password, or is in the old .xls form")
        with zipfile.ZipFile(path) as archive:
            if too_large(archive):
                raise _refused(path, "unpacked, the workbook is too large to be read")
            if fills_memory(archive):
                raise _refused(path, TOO_FAR)
            sheet = _Sheet(archive)
            cells = list(_within(path, sheet.rows()))
        if sheet.merged:
            raise _refused(path, "the first sheet has merged cells")
        return _workbook(path, cells)
    except BROKEN:
        raise _refused(path, "the workbook is damaged, cut short or no .xlsx") from None


def _within(path: Path, rows: Iterable[tuple[int, Cells]]) -> Iterator[tuple[int, Cells]]:
    """The same rows, while they are in order and memory holds them."""
    before = filled = text = widest = 0
    for line, held in rows:
        filled += len(held)
        text += sum(len(cell) for cell, _ in held.values())
        widest = max(widest, max(held, default=-1) + 1)
        if not before < line <= LAST_ROW or widest > LAST_COLUMN:
            raise _refused(path, "the workbook is damaged: its rows or columns are out of order")
        if filled > MOST_CELLS or text > MOST_TEXT or line * widest > WIDEST:
            raise _refused(path, TOO_FAR)
        before = line
        yield line, held


def sheet_names(path: Path) -> tuple[str, ...]:
    """The sheets of a workbook in their order, of which only the first is read; none if it cannot be opened."""
    try:
        return tuple(fastexcel.read_excel(path).sheet_names)
    except fastexcel.FastExcelError:
        return ()


def _refused(path: Path, why: str) -> TableRefused:
    return TableRefused("R04", f"{path.name}: {why}. Save it again as .xlsx without protection, or send a CSV.")


def _workbook(path: Path, cells: list[tuple[int, Cells]]) -> Workbook:
    first = cells[0][1] if cells and cells[0][0] == 1 else {}
    width = max(first, default=-1) + 1
    columns = tuple(cleaned(first.get(place, ("", False))[0]) for place in range(width))
    fault = header_fault(columns)
    if fault:
        raise TableRefused("R04", f"{path.name}: {fault}")
    rows = [(line, held) for line, held in cells[1:] if held]
    read = [(line, held) for line, held in rows if max(held) < width]
    wide = tuple(
        Unread(line, "\t".join(cell for cell, _ in held.values())) for line, held in rows if max(held) >= width
    )
    texts = {f"c{place}": pa.array([_cell(held, place) for _, held in read], pa.string()) for place in range(width)}
    table = pa.table({"line": pa.array([line for line, _ in read], pa.int64()), **texts})
    marks = [{"line": line, "place": at} for line, held in read for at, (_, marked) in held.items() if marked]
    return Workbook(path, columns, table, wide, pa.Table.from_pylist(marks, schema=MARKED), _counted(path))


def _cell(held: Cells, place: int) -> str | None:
    text, marked = held.get(place, (None, False))
    return None if marked else text


def _counted(path: Path) -> int:
    """Rows below the header that hold something, by the spreadsheet reader."""
    sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string")
    filled = pa.array([False] * sheet.height)
    for column in sheet.to_arrow().columns:
        filled = pc.or_(filled, pc.is_valid(column))
    return int(pc.sum(filled).as_py() or 0) - 1


class _Sheet:
    """The first sheet of an open workbook."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.merged = False
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        about = book.find(f"{MAIN}workbookPr")
        old = about is not None and about.get("date1904") in ("1", "true")
        self.epoch = datetime(1904, 1, 1) if old else datetime(1899, 12, 30)
        self.part = self._part(book)
        self.shared = list(self._shared())
        self.formats = self._formats()

    def _part(self, book: Element) -> str:
        sheets = book.find(f"{MAIN}sheets")
        if sheets is None:
            raise KeyError
        relation = sheets[0].get(RELATION)
        relations = ElementTree.fromstring(self.archive.read("xl/_rels/workbook.xml.rels"))
        target = next(one.get("Target", "") for one in relations if one.get("Id") == relation)
        return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"

    def _shared(self) -> Iterator[str]:
        if "xl/sharedStrings.xml" in self.archive.namelist():
            with self.archive.open("xl/sharedStrings.xml") as stream:
                for _, one in ElementTree.iterparse(stream):
                    if one.tag == f"{MAIN}si":
                        yield _words(one)
                        one.clear()

    def _formats(self) -> list[str]:
        """Return what each cell style displays: a key of `STRFTIME`, or '' if it is not a date."""
        if "xl/styles.xml" not in self.archive.namelist():
            return []
        styles = ElementTree.fromstring(self.archive.read("xl/styles.xml"))
        own = {int(one.get("numFmtId", 0)): one.get("formatCode", "") for one in styles.iter(f"{MAIN}numFmt")}
        used = styles.find(f"{MAIN}cellXfs")
        return [_shown_as(int(one.get("numFmtId", 0)), own) for one in (used if used is not None else [])]

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """(row number, place -> (text, marked)) of every row; empty cells are left out."""
        number = 0
        with self.archive.open(self.part) as stream:
            for _, one in ElementTree.iterparse(stream):
                if one.tag == f"{MAIN}row":
                    number = int(one.get("r", number + 1))
                    yield number, self._cells(one)
                    one.clear()
                self.merged |= one.tag == f"{MAIN}mergeCell"

    def _cells(self, row: Element) -> Cells:
        held: Cells = {}
        place = -1
        for cell in row.iter(f"{MAIN}c"):
            found = _PLACE.fullmatch(cell.get("r", ""))
            place = _number(found[1]) if found else place + 1
            marked = cell.find(f"{MAIN}f") is not None or cell.get("t") == "e"
            text = self._text(cell)
            if text or marked:
                held[place] = (text, marked)
        return held

    def _text(self, cell: Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _words(cell)
        value = cell.findtext(f"{MAIN}v") or ""
        if kind == "s":
            return self.shared[int(value)] if value else ""
        if kind == "b":
            return {"1": "yes", "0": "no"}.get(value, "")
        return self._shown(value, int(cell.get("s", 0))) if kind == "n" and value else value

    def _shown(self, value: str, style: int) -> str:
        shown_as = self.formats[style] if style < len(self.formats) else ""
        try:
            number = float(value)
            if not shown_as:
                return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)
            moment = self.epoch + timedelta(seconds=round(number * 86400))
        except (ValueError, OverflowError):
            return value  # no number, or no day that there ever was: the cell's own rule says so
        return moment.strftime(STRFTIME[shown_as])


def _words(element: Element) -> str:
    """The text of a string, without the phonetic guides that some spreadsheets add."""
    for guide in element.findall(f"{MAIN}rPh"):
        element.remove(guide)
    return "".join(one.text or "" for one in element.iter(f"{MAIN}t"))


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _shown_as(number: int, own: Mapping[int, str]) -> str:
    """Return what a number format displays of a date: a key of `STRFTIME`, or '' if it is not a date.

    A format with hours or seconds is a time. For others it depends on which of year, month and day they display.
    """
    if number in INCOMPLETE_DATE_FORMATS:
        return INCOMPLETE_DATE_FORMATS[number]
    if number in TIMES_FORMATS or number in DAYS_FORMATS:
        return "time" if number in TIMES_FORMATS else "date"
    code = _QUOTED.sub("", _ELAPSED.sub("h", own.get(number, "").partition(";")[0])).casefold()
    if re.search(r"[hs]", code):
        return "time"
    has_year, has_month, has_day = (letter in code for letter in "ymd")
    if has_year:
        return "date" if has_day else "month and year" if has_month else "year"
    if has_month:
        return "day and month" if has_day else "month"
    return "date" if has_day else ""
