"""Find the formula and error cells of an OpenDocument sheet."""

from __future__ import annotations

import zipfile
from xml.parsers import expat

from assay.ingest.official_statistics.sheet_grid import MarkedCell

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
