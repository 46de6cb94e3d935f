"""Which cells of an OpenDocument sheet are formulas or errors? Read only when the file holds one at all."""

from __future__ import annotations

import zipfile
from xml.parsers import expat

from assay.ingest.official_statistics.sheet_grid import Marked

CELLS = ("table:table-cell", "table:covered-table-cell")


class _Walker:
    """Counts rows and columns as a person sees them, repeated ones included."""

    def __init__(self, sheet: str) -> None:
        self.sheet, self.inside, self.row, self.column, self.step = sheet, False, 0, 0, 1
        self.marked: list[Marked] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self.inside, self.row = attributes.get("table:name") == self.sheet, 0
        elif self.inside and name == "table:table-row":
            self.row += 1
            self.step = int(attributes.get("table:number-rows-repeated", 1))
            self.column = 0
        elif self.inside and name in CELLS:
            self._cell(attributes)

    def _cell(self, attributes: dict[str, str]) -> None:
        rule = "formula" if "table:formula" in attributes else ""
        if not rule and attributes.get("calcext:value-type") == "error":
            rule = "error"
        width = int(attributes.get("table:number-columns-repeated", 1))
        if rule:
            for row in range(self.row, self.row + self.step):
                self.marked += [Marked(row, self.column + i, rule) for i in range(width)]
        self.column += width

    def end(self, name: str) -> None:
        if name == "table:table-row":
            self.row += self.step - 1


def ods_marks(archive: zipfile.ZipFile, sheet: str) -> list[Marked]:
    """Formula and error cells of one sheet, columns counted from 0."""
    walker = _Walker(sheet)
    parser = expat.ParserCreate()
    parser.StartElementHandler = walker.start
    parser.EndElementHandler = walker.end
    with archive.open("content.xml") as stream:
        parser.ParseFile(stream)
    return walker.marked
