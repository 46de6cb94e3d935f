"""Do the cells of a workbook lie so far apart that whoever lays the sheet out fills the memory?

A spreadsheet reader lays out every place between the first cell and the last, so two cells in a file of a few thousand
bytes can ask for all that a machine has, and the machine ends the program. The XML is asked first, in blocks.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator

WIDEST, LAST_ROW = 30_000_000, 1 << 20
"""Places between the first cell and the last that memory holds, and rows of the longest sheet that there can be."""
BLOCK = 1 << 22
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
        found = _ROW.findall(block)
        rows += block.count(b"row")
        last = max(last, max(map(int, found), default=0))
        if _COLUMN.search(block):
            far = _FAR_COLUMN if _FAR_COLUMN.search(block) else _COLUMN
            widest = max(widest, max(_number(one) for one in set(far.findall(block))))
    return widest * min(last + rows, max(last, rows)) > WIDEST


def _ods_is_wide(archive: zipfile.ZipFile) -> bool:
    line = last = widest = place = row_times = 0
    filled = 0
    for block in _blocks(archive, "content.xml"):
        for end, part, rest in _PART.findall(block):
            if part == b"table":
                line = last = widest = 0
            elif part != b"table-row" and not end:
                place += _times(rest)
                filled = place if not rest.endswith(b"/") or b"value" in rest else filled
            elif not end:
                row_times, place, filled = _times(rest), 0, 0
            if part == b"table-row" and (end or rest.endswith(b"/")):
                line += row_times
                last, widest = (line, max(widest, filled)) if filled else (last, widest)
            if line > LAST_ROW or last * widest > WIDEST or filled > WIDEST:
                return True
    return False


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
