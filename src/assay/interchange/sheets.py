"""Would whoever lays out the sheets of a workbook fill the memory?

A spreadsheet reader lays out every place between the first cell and the last, so two cells in a file of a few thousand
bytes can ask for all that a machine has, and the machine ends the program. So can a text that is written once and
stands in every cell, and a number that stands for so many blanks. The XML is asked first, in blocks.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

WIDEST, LAST_ROW = 30_000_000, 1 << 20
"""Places between the first cell and the last that memory holds, and rows of the longest sheet that there can be."""
MOST_TEXT = 1_000_000_000
"""Characters of all cells together that memory holds, each written out as often as it stands there."""
BLOCK = 1 << 22
_ROW_TAG = re.compile(rb"<(?:\w+:)?row\b")
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\sr\s*=\s*["'](\d+)["']""")
_COLUMN = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{2,})\d""")
_FAR_COLUMN = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{3,})\d""")
_PART = re.compile(rb"<(/?)table:(table-row|covered-table-cell|table-cell|table)\b([^>]*)>")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["'](-?\d+)""")
_BLANKS = re.compile(rb"""\btext:c\s*=\s*["'](\d+)""")
STRINGS = "xl/sharedStrings.xml"
_STRING = re.compile(rb"<(?:\w+:)?si\b")
_SHARED = re.compile(rb"""\st\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v>\s*(\d{1,9})""")
_NARROW, _WIDE = 26, 702
"""Columns that have a name of one letter, and of two at most."""


def fills_memory(archive: zipfile.ZipFile) -> bool:
    """Whether the cells of a workbook (.xlsx, .ods) have more places between them than memory holds, or more text."""
    names = archive.namelist()
    if "content.xml" in names:
        seen = _Sheets()
        return any(seen.is_too_much(block) for block in _blocks(archive, "content.xml"))
    sheets = [name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")]
    if any(_xlsx_is_wide(archive, name) for name in sheets):
        return True
    return any(name.lower() == STRINGS.lower() and _strings_are_long(archive, name, sheets) for name in names)


def _xlsx_is_wide(archive: zipfile.ZipFile, name: str) -> bool:
    last, widest, rows = 0, _NARROW, 0
    for block in _blocks(archive, name):
        rows += len(_ROW_TAG.findall(block))
        last = max(last, max(map(int, _ROW.findall(block)), default=0), rows)
        if _COLUMN.search(block):
            far = _FAR_COLUMN if _FAR_COLUMN.search(block) else _COLUMN
            widest = max(widest, max(_number(one) for one in set(far.findall(block))))
        last = _last_of_cells(block, last, widest)
    return widest * last > WIDEST


def _last_of_cells(block: bytes, last: int, widest: int) -> int:
    """The last row, as cells say it too: a cell may name another than the row in which it stands. Every cell is looked
    at only where one with as many digits could make the sheet too wide."""
    digits = len(str(last))
    if widest * 10**digits <= WIDEST:
        digits += 1
    found = _rows_from(digits)
    return max(last, max(map(int, found.findall(block)), default=0)) if found.search(block) else last


@lru_cache
def _rows_from(digits: int) -> re.Pattern[bytes]:
    """Rows of cells with at least so many digits."""
    return re.compile(rb"""\sr\s*=\s*["'][A-Za-z]+(\d{%d,})""" % digits)


def _strings_are_long(archive: zipfile.ZipFile, name: str, sheets: Sequence[str]) -> bool:
    """Whether the texts that a workbook keeps once are too much when each is written out wherever it stands."""
    begin, read = [], 0
    for block in _blocks(archive, name):
        begin += [read + found.start() for found in _STRING.finditer(block)]
        read += len(block)
    lengths = np.diff([*begin, read])
    if not begin or lengths.max() * sum(_strings(archive, sheets)) <= MOST_TEXT:
        return False
    numbers = (found for sheet in sheets for block in _blocks(archive, sheet) for found in _SHARED.findall(block))
    stand = np.fromiter(map(int, numbers), np.int64)
    return int(lengths[stand[stand < len(lengths)]].sum()) > MOST_TEXT


def _strings(archive: zipfile.ZipFile, sheets: Sequence[str]) -> Iterator[int]:
    """How many cells hold a text that is kept once, at most, block by block."""
    return (block.count(b'"s"') + block.count(b"'s'") for sheet in sheets for block in _blocks(archive, sheet))


class _Sheets:
    """The sheets of an .ods while they are gone through: how far down and how far right something stands, and how much
    text, each as often as it is repeated."""

    def __init__(self) -> None:
        self.line = self.last = self.widest = self.times = self.place = self.filled = 0
        self.cells = self.of_cell = self.of_row = self.text = 0
        self.is_open = False

    def is_too_much(self, block: bytes) -> bool:
        """Whether more is known of, with this block, than memory holds."""
        opened = 0  # where a cell's own tag ended, or the block began in the midst of one
        for found in _PART.finditer(block):
            ends, part, rest = found.groups()
            closed = bool(ends) or rest.endswith(b"/")
            if part == b"table":
                self.line = self.last = self.widest = 0
            elif part == b"table-row":
                self._row(_times(rest), ends=bool(ends), closed=closed)
            elif ends:
                self._cell_ends(block[opened : found.start()])
            else:
                self.cells, self.of_cell, self.is_open = _times(rest), 0, not closed
                self.place += self.cells
                opened = found.end()
                if b"value" in rest:
                    self.filled = self.place
                    self.of_row += len(rest) * self.cells
            if self._beyond():
                return True
        if self.is_open:
            self.of_cell += _written(block[opened:])
        return self._beyond()

    def _cell_ends(self, held: bytes) -> None:
        self.of_cell += _written(held)
        if self.of_cell:
            self.filled = self.place
        self.of_row += self.of_cell * self.cells
        self.of_cell, self.is_open = 0, False

    def _row(self, times: int, *, ends: bool, closed: bool) -> None:
        if not ends:
            self.times, self.place, self.filled, self.of_row = times, 0, 0, 0
        if closed:
            self.line += self.times
            self.text += self.of_row * self.times
            if self.filled:
                self.last, self.widest = self.line, max(self.widest, self.filled)

    def _beyond(self) -> bool:
        wide = self.line > 2 * LAST_ROW or self.filled > WIDEST or self.last * self.widest > WIDEST
        return wide or max(self.text, self.of_row, self.of_cell) > MOST_TEXT


def _written(held: bytes) -> int:
    """How many characters stand in a stretch of XML at most, with the blanks that it only counts."""
    blanks = sum(map(int, _BLANKS.findall(held))) if b"text:c" in held else 0
    return len(held) + blanks


def _times(attributes: bytes) -> int:
    found = _REPEATED.search(attributes)
    return max(int(found[1]), 0) if found else 1


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _blocks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A member in blocks that end where a tag ends."""
    rest = b""
    with archive.open(name) as stream:
        while more := stream.read(BLOCK):
            whole, end, after = (rest + more).rpartition(b">")
            yield whole + end
            rest = after
    yield rest
