"""Read the tables of a web page (HTML) and of a spreadsheet in XML: record systems export them as .xls files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
from lxml import etree, html

from assay.ingest.file_readers.cell_grid import CellGrid, MergedArea, stripped_cell
from assay.ingest.file_readers.file_source import TableRefused
from assay.ingest.file_readers.text_detection import detect_encoding

MAX_BYTES, MAX_SPAN, MAX_AREA = 200_000_000, 2000, 30_000_000
SPREADSHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
_TRUTH = {"1": "yes", "0": "no"}
Rows = dict[int, dict[int, str | None]]
"""Row (1 is the first) -> column (0 is the first) -> cell."""


def read_web_page(path: Path) -> list[CellGrid]:
    """Read each table of a web page that holds no other table; refuse a page without one (R04)."""
    data = _read_bytes(path)
    encoding = detect_encoding([data])
    try:
        page = html.document_fromstring(data, parser=html.HTMLParser(encoding=encoding, no_network=True))
        tables = [table for table in page.iter("table") if next(table.iterdescendants("table"), None) is None]
        names = [""] if len(tables) == 1 else [f"table {number}" for number in range(1, len(tables) + 1)]
        grids = [_web_grid(table, name, encoding) for table, name in zip(tables, names, strict=True)]
    except (etree.LxmlError, ValueError):
        raise _refusal(path) from None
    if not any(grid.cells.num_rows for grid in grids):
        raise _refusal(path)
    return [grid for grid in grids if grid.cells.num_rows]


def read_xml_workbook(path: Path) -> list[CellGrid]:
    """Read each visible sheet of a spreadsheet in XML (2003); refuse a damaged file (R04)."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=False)
    try:
        workbook = etree.fromstring(_read_bytes(path), parser)
        sheets = [sheet for sheet in workbook.iter(f"{SPREADSHEET}Worksheet") if not _is_hidden(sheet)]
        grids = [_xml_grid(sheet) for sheet in sheets]
    except (etree.LxmlError, ValueError):
        raise _refusal(path) from None
    return [grid for grid in grids if grid.cells.num_rows]


def _read_bytes(path: Path) -> bytes:
    if path.stat().st_size > MAX_BYTES:
        raise _refusal(path)
    return path.read_bytes()


def _refusal(path: Path) -> TableRefused:
    sentence = f"{path.name}: no table can be read in it. Open it in a spreadsheet program and save it as .xlsx."
    return TableRefused("R04", sentence)


def _web_grid(table: html.HtmlElement, name: str, encoding: str) -> CellGrid:
    rows: Rows = {}
    areas: list[MergedArea] = []
    covered: set[tuple[int, int]] = set()
    for line, row in enumerate(table.iter("tr"), start=1):
        column = 0
        for cell in row.iterchildren("td", "th"):
            while (line, column) in covered:
                column += 1
            height, width = _span(cell, "rowspan"), _span(cell, "colspan")
            rows.setdefault(line, {})[column] = stripped_cell(" ".join(cell.text_content().split()))
            if height * width > 1:
                areas.append(MergedArea(line, line + height - 1, column, column + width - 1))
                covered |= {(line + down, column + right) for down in range(height) for right in range(width)}
            column += width
    return _grid(name, rows, areas, encoding)


def _span(cell: html.HtmlElement, name: str) -> int:
    text = cell.get(name, "1").strip()
    return min(max(int(text), 1), MAX_SPAN) if text.isdecimal() else 1


def _is_hidden(sheet: etree._Element) -> bool:
    return any((element.text or "") != "SheetVisible" for element in sheet.iter("{*}Visible"))


def _xml_grid(sheet: etree._Element) -> CellGrid:
    rows: Rows = {}
    areas: list[MergedArea] = []
    line = 0
    for row in sheet.iter(f"{SPREADSHEET}Row"):
        line = int(row.get(f"{SPREADSHEET}Index", line + 1))
        column = -1
        for cell in row.iterchildren(f"{SPREADSHEET}Cell"):
            column = int(cell.get(f"{SPREADSHEET}Index", column + 2)) - 1
            right, down = (int(cell.get(f"{SPREADSHEET}{name}", 0)) for name in ("MergeAcross", "MergeDown"))
            rows.setdefault(line, {})[column] = _xml_cell(cell)
            if right or down:
                areas.append(MergedArea(line, line + down, column, column + right))
            column += right
        line += int(row.get(f"{SPREADSHEET}Span", 0))
    return _grid(sheet.get(f"{SPREADSHEET}Name", ""), rows, areas)


def _xml_cell(cell: etree._Element) -> str | None:
    data = cell.find(f"{SPREADSHEET}Data")
    if data is None:
        return None
    text, kind = "".join(data.itertext()).strip(), data.get(f"{SPREADSHEET}Type")
    if kind == "Boolean":
        return _TRUTH.get(text)
    if kind == "Number":
        return text.removesuffix(".0")
    if kind == "DateTime":
        return text.partition(".")[0].removesuffix("T00:00:00")
    return None if kind == "Error" else stripped_cell(text)


def _grid(name: str, rows: Rows, areas: Iterable[MergedArea], encoding: str = "") -> CellGrid:
    width = max((column for cells in rows.values() for column in cells), default=-1) + 1
    last = max(rows, default=0)
    if last * width > MAX_AREA:
        raise ValueError("the cells are too far apart")
    columns = {f"c{column}": pa.array(_column(rows, column, last), pa.string()) for column in range(width)}
    lines = pa.array(range(1, last + 1), pa.int64())
    return CellGrid(
        name, pa.table(columns), lines if width else lines.slice(0, 0), merged_areas=tuple(areas), encoding=encoding
    )


def _column(rows: Rows, column: int, last: int) -> Iterator[str | None]:
    return (rows.get(line, {}).get(column) for line in range(1, last + 1))
