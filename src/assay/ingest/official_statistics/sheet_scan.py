"""Count the filled rows of a sheet and find formula and error cells, from its XML.

The spreadsheet reader shows the value that a formula had when the file was last saved, and shows an error as an empty
cell. Neither is what was published, so the XML of the sheet is read once more, in blocks, to find these cells.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from xml.etree import ElementTree
from xml.parsers import expat

from assay.engine.safe_files.archive_limits import Unreadable
from assay.ingest.official_statistics.sheet_grid import MarkedCell

BLOCK_BYTES = 1 << 22
_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]+)(\d+)"([^>]*)(?<!/)>(.*?)</c>', re.DOTALL)
_FORMULA = (b"<f>", b"<f ", b"<f/")
_ERROR = b't="e"'
_ROW_REPEATS = re.compile(rb'number-rows-repeated="(\d+)"')
_TABLE_NAME = re.compile(rb'table:name="([^"]*)"')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class SheetScan:
    """The result of scanning one sheet: its filled rows, and its formula and error cells.

    `filled_rows`: rows that hold a value (None: could not be counted); `marked_cells`: columns counted from the sheet's
    A.
    """

    filled_rows: int | None
    marked_cells: tuple[MarkedCell, ...]
    first_column: int = 0


class SheetScanner:
    """Scans the XML of one workbook: an xlsx sheet by sheet, an ods once for all sheets."""

    def __init__(self, data: bytes, kind: str) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        self.kind = kind

    def scan(self, sheet: str) -> SheetScan:
        """Return the filled rows, and the formula and error cells, of one sheet."""
        if self.kind == "xlsx":
            return _scan_xlsx(self.archive, sheet)
        filled, formulas = self._ods
        marked = tuple(find_marked_cells(self.archive, sheet)) if formulas else ()
        return SheetScan(filled.get(sheet), marked)

    @cached_property
    def _ods(self) -> tuple[dict[str, int], bool]:
        return _scan_ods(self.archive)


def _scan_xlsx(archive: zipfile.ZipFile, sheet: str) -> SheetScan:
    part = _sheet_part(archive, sheet)
    if part is None:
        return SheetScan(None, ())
    filled_count, rows_seen = 0, False
    marked_cells: list[MarkedCell] = []
    for block in _blocks(archive, part, b"</row>"):
        rows = block.split(b"</row>")
        rows_seen |= len(rows) > 1
        filled_count += sum(1 for row in rows if b"<v>" in row or b"<is>" in row)
        if _ERROR in block or any(mark in block for mark in _FORMULA):
            marked_cells += _marked_cells(block)
    first = _first_column(archive, part) if marked_cells else 0
    return SheetScan(filled_count if rows_seen else None, tuple(marked_cells), first)


def _marked_cells(block: bytes) -> Iterator[MarkedCell]:
    for letters, row, attributes, content in _CELL.findall(block):
        rule = "formula" if any(m in content for m in _FORMULA) else "error" if _ERROR in attributes else ""
        if rule:
            yield MarkedCell(int(row), _column_index(letters), rule)


def _first_column(archive: zipfile.ZipFile, part: str) -> int:
    cells = (_CELL.findall(block) for block in _blocks(archive, part, b"</row>"))
    return min((_column_index(cell[0]) for found in cells for cell in found), default=0)


def _column_index(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _sheet_part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    workbook, relations = (_parse_xml(archive, name) for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"))
    relation = next(
        (e.get(_RELATION) for e in workbook.iter() if _has_tag(e, "sheet") and e.get("name") == sheet), None
    )
    target = next((e.get("Target") for e in relations.iter() if e.get("Id") == relation), None)
    if target is None:
        return None
    part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
    return part if part in archive.namelist() else None


def _parse_xml(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(archive.read(name))
    except ElementTree.ParseError as error:
        raise Unreadable from error


def _has_tag(element: ElementTree.Element, name: str) -> bool:
    return element.tag.rpartition("}")[2] == name


def _scan_ods(archive: zipfile.ZipFile) -> tuple[dict[str, int], bool]:
    """Return the filled rows by sheet, and whether the workbook has a formula or an error anywhere."""
    filled: dict[str, int] = {}
    sheet, marks = "", False
    for block in _blocks(archive, "content.xml", b"</table:table-row>"):
        marks |= b"table:formula=" in block or b'value-type="error"' in block
        for row in block.split(b"</table:table-row>"):
            start = row.rfind(b"<table:table ")
            if start >= 0 and (match := _TABLE_NAME.search(row, start)):
                sheet = unescape(match[1].decode("utf-8"))
            if b"office:value" in row or b"<text:p" in row:
                repeats = _ROW_REPEATS.search(row[row.rfind(b"<table:table-row") :])
                filled[sheet] = filled.get(sheet, 0) + (int(repeats[1]) if repeats else 1)
    return filled, marks


def _blocks(archive: zipfile.ZipFile, part: str, end: bytes) -> Iterator[bytes]:
    """Yield the part in blocks that end where a row ends; the last block is what follows the last row."""
    rest = b""
    with archive.open(part) as stream:
        while piece := stream.read(BLOCK_BYTES):
            whole, found, rest = (rest + piece).rpartition(end)
            if found:
                yield whole + end
    yield rest


# Find the formula and error cells of an OpenDocument sheet.


CELLS = ("table:table-cell", "table:covered-table-cell")


class _CellWalker:
    """Counts rows and columns as a spreadsheet shows them, including repeated ones."""

    def __init__(self, sheet: str) -> None:
        self.sheet, self.is_inside, self.row, self.column, self.row_repeats = sheet, False, 0, 0, 1
        self.marked_cells: list[MarkedCell] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self.is_inside, self.row = attributes.get("table:name") == self.sheet, 0
        elif self.is_inside and name == "table:table-row":
            self.row += 1
            self.row_repeats = int(attributes.get("table:number-rows-repeated", 1))
            self.column = 0
        elif self.is_inside and name in CELLS:
            self._cell(attributes)

    def _cell(self, attributes: dict[str, str]) -> None:
        rule = "formula" if "table:formula" in attributes else ""
        if not rule and attributes.get("calcext:value-type") == "error":
            rule = "error"
        width = int(attributes.get("table:number-columns-repeated", 1))
        if rule:
            for row in range(self.row, self.row + self.row_repeats):
                self.marked_cells += [MarkedCell(row, self.column + i, rule) for i in range(width)]
        self.column += width

    def end(self, name: str) -> None:
        if name == "table:table-row":
            self.row += self.row_repeats - 1


def find_marked_cells(archive: zipfile.ZipFile, sheet: str) -> list[MarkedCell]:
    """Return the formula and error cells of one sheet; columns are counted from 0."""
    walker = _CellWalker(sheet)
    parser = expat.ParserCreate()
    parser.StartElementHandler = walker.start
    parser.EndElementHandler = walker.end
    with archive.open("content.xml") as stream:
        parser.ParseFile(stream)
    return walker.marked_cells
