"""Do the cells of a workbook lie so far apart that whoever lays the sheet out fills the memory?

A spreadsheet reader lays out every place between the first cell and the last, so two cells in a file of a few thousand
bytes can ask for all that a machine has, and the machine ends the program. The XML is asked first, in blocks.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache

WIDEST, LAST_ROW = 30_000_000, 1 << 20
"""Places between the first cell and the last that memory holds, and rows of the longest sheet that there can be."""
BLOCK = 1 << 22
_ROW_TAG = re.compile(rb"<(?:\w+:)?row\b")
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\sr\s*=\s*["'](\d+)["']""")
_COLUMN = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{2,})\d""")
_FAR_COLUMN = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{3,})\d""")
_PART = re.compile(rb"<(/?)table:(table-row|covered-table-cell|table-cell|table)\b([^>]*)>")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["'](-?\d+)""")
_NARROW, _WIDE = 26, 702
"""Columns that have a name of one letter, and of two at most."""


def far_apart(archive: zipfile.ZipFile) -> bool:
    """Whether a sheet of a workbook (.xlsx, .ods) has more places between its cells than memory holds."""
    names = archive.namelist()
    if "content.xml" in names:
        return _ods_is_wide(archive)
    sheets = [name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")]
    return any(_xlsx_is_wide(archive, name) for name in sheets)


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


def _ods_is_wide(archive: zipfile.ZipFile) -> bool:
    seen = _Sheets()
    return any(seen.is_wide(block) for block in _blocks(archive, "content.xml"))


class _Sheets:
    """The sheets of an .ods while they are gone through: how far down and how far right something stands."""

    def __init__(self) -> None:
        self.line = self.last = self.widest = self.times = self.place = self.filled = 0

    def is_wide(self, block: bytes) -> bool:
        """Whether more places are known of, with this block, than memory holds."""
        opened = -1  # where a cell's own tag ended: one that closes there holds nothing
        for found in _PART.finditer(block):
            ends, part, rest = found.groups()
            closed = bool(ends) or rest.endswith(b"/")
            if part == b"table":
                self.line = self.last = self.widest = 0
            elif part == b"table-row":
                self._row(_times(rest), ends=bool(ends), closed=closed)
            elif not ends:
                self.place += _times(rest)
                opened = found.end()
            if part.endswith(b"cell") and ((ends and found.start() != opened) or (closed and b"value" in rest)):
                self.filled = self.place
            if self.line > 2 * LAST_ROW or self.filled > WIDEST or self.last * self.widest > WIDEST:
                return True
        return False

    def _row(self, times: int, *, ends: bool, closed: bool) -> None:
        if not ends:
            self.times, self.place, self.filled = times, 0, 0
        if closed:
            self.line += self.times
            if self.filled:
                self.last, self.widest = self.line, max(self.widest, self.filled)


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
