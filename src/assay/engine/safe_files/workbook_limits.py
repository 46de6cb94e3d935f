"""Would whoever lays out the sheets of a workbook fill the memory?

A spreadsheet reader lays out every place between the first cell and the last, so two cells in a file of a few thousand
bytes can ask for all that a machine has, and the machine ends the program. So can a text that is written once and
stands in every cell, and a number that stands for so many blanks. The XML is gone through first, by a parser that is
strict: what is not well formed, or declares a type of document, is no workbook here, since others might read it
otherwise.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TypeVar
from xml.parsers import expat

from assay.engine.safe_files.archive_limits import Unreadable

WIDEST, LAST_ROW = 30_000_000, 1 << 20
"""Places between the first cell and the last that memory holds, and rows of the longest sheet that there can be."""
MOST_TEXT = 1_000_000_000
"""Characters of all cells together that memory holds, each written out as often as it stands there."""
MOST_TEXTS = 30_000_000
"""Texts that a workbook may keep once."""
BLOCK, LONGEST_TAG = 1 << 20, 1 << 26
"""Bytes that are looked at at once, and that may wait for the end of their tag."""
BOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
STRINGS, OPEN_DOCUMENT = "xl/sharedstrings.xml", "content.xml"
CELLS = ("table-cell", "covered-table-cell")
DIGITS = "0123456789"
Told = Mapping[str, str]
"""The attributes of a tag."""


Heard = TypeVar("Heard", bound="_Part")


class _TooMuch(Exception):
    """More than memory holds."""


def fills_memory(archive: zipfile.ZipFile) -> bool:
    """Whether the cells of a workbook (.xlsx, .ods) have more places between them than memory holds, or more text.

    Unreadable where a part that holds cells is not well formed.
    """
    try:
        for name in _parts(archive, {OPEN_DOCUMENT}):
            _read(_Document(), archive, name)
        texts = _Texts()
        for name in _parts(archive, {STRINGS}):
            _read(texts, archive, name)
        sheets = list(_parts(archive, _places_of_sheets(archive)))
        shown = sum(_read(_Sheet(), archive, name).shown for name in sheets)
        if shown * max(texts.lengths, default=0) > MOST_TEXT:
            shared = _Shared(texts.lengths)
            for name in sheets:
                _read(shared, archive, name)
    except _TooMuch:
        return True
    return False


def _parts(archive: zipfile.ZipFile, places: Iterable[str]) -> Iterator[str]:
    """The parts that lie at these places, however their names are written."""
    wanted = set(places)
    return (name for name in dict.fromkeys(archive.namelist()) if _plainly(name) in wanted)


def _plainly(name: str) -> str:
    return posixpath.normpath(name.replace("\\", "/").lstrip("/")).casefold()


def _places_of_sheets(archive: zipfile.ZipFile) -> set[str]:
    """Where sheets lie: wherever the workbook says, and where they belong."""
    names = {_plainly(name) for name in archive.namelist()}
    found = {name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")}
    book = _Named()
    for name in _parts(archive, {BOOK, RELATIONS}):
        _read(book, archive, name)
    for one in book.sheets:
        for target in book.targets.get(one, ()):
            found |= {_plainly(target), _plainly(f"xl/{target}")}
    return found


class _Part:
    """What is heard of a part of a workbook, tag by tag."""

    hears_ends = hears_text = False

    def starts(self, tag: str, told: Told) -> None:
        """A tag opens."""

    def ends(self, tag: str) -> None:
        """A tag closes."""

    def text(self, said: str) -> None:
        """What stands between tags."""


def _read(part: Heard, archive: zipfile.ZipFile, name: str) -> Heard:
    parser = expat.ParserCreate()
    parser.StartElementHandler = part.starts
    parser.StartDoctypeDeclHandler = _no_type_of_document
    if part.hears_ends:
        parser.EndElementHandler = part.ends
    if part.hears_text:
        parser.buffer_text, parser.CharacterDataHandler = True, part.text
    taken = 0
    try:
        with archive.open(name) as stream:
            while block := stream.read(BLOCK):
                parser.Parse(block, False)
                taken += len(block)
                if taken - parser.CurrentByteIndex > LONGEST_TAG:
                    raise _TooMuch
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError) as error:
        raise Unreadable from error
    return part


def _no_type_of_document(*_: object) -> None:
    raise Unreadable


@lru_cache(maxsize=1000)
def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _largest(told: Told, name: str) -> int:
    """The largest number under a name, with whatever prefix; 1 where there is none. Unreadable if it is no number."""
    try:
        return max([int(value) for one, value in told.items() if _local(one) == name], default=1)
    except ValueError:
        raise Unreadable from None


class _Named(_Part):
    """Which sheets a workbook names, and where its relations say that they lie."""

    def __init__(self) -> None:
        self.sheets: set[str] = set()
        self.targets: dict[str, list[str]] = {}

    def starts(self, tag: str, told: Told) -> None:
        if _local(tag) == "sheet":
            self.sheets |= {value for name, value in told.items() if _local(name) == "id"}
        elif "Target" in told:
            self.targets.setdefault(told.get("Id", ""), []).append(told["Target"])


class _Texts(_Part):
    """How long each of the texts is that a workbook keeps once."""

    hears_text = True

    def __init__(self) -> None:
        self.lengths: list[int] = []

    def starts(self, tag: str, told: Told) -> None:
        if _local(tag) == "si":
            if len(self.lengths) >= MOST_TEXTS:
                raise _TooMuch
            self.lengths.append(0)

    def text(self, said: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(said)


class _Sheet(_Part):
    """How far down and how far right something stands on a sheet, and in how many cells a text that is kept once."""

    def __init__(self) -> None:
        self.row = self.column = self.last = self.widest = self.shown = 0
        self.digits = "0"

    def starts(self, tag: str, told: Told) -> None:
        name = _local(tag)
        if name == "c":
            self._cell(told.get("r"))
            if told.get("t") == "s":
                self.shown += 1
        elif name == "row":
            self.row = _number(told["r"]) if "r" in told else self.row + 1
            self.digits, self.column = str(self.row), 0
            self._reaches(self.row, 0)

    def _cell(self, place: str | None) -> None:
        row = self.row
        if place is None:
            self.column += 1
        elif place.endswith(self.digits) and (letters := place[: -len(self.digits)]).isalpha():
            self.column = _column(letters)
        else:  # it names another row than the one in which it stands
            letters = place.rstrip(DIGITS)
            self.column, row = _column(letters), _number(place[len(letters) :])
        if self.column > self.widest or row > self.last:
            self._reaches(row, self.column)

    def _reaches(self, row: int, column: int) -> None:
        self.last, self.widest = max(row, self.last), max(column, self.widest)
        if self.last * self.widest > WIDEST or self.last > 2 * LAST_ROW:
            raise _TooMuch


@lru_cache(maxsize=20_000)
def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z" or len(letters) > 4:
            raise Unreadable
        number = number * 26 + ord(letter) - 64
    return number


def _number(digits: str) -> int:
    try:
        return int(digits)
    except ValueError:
        raise Unreadable from None


class _Shared(_Part):
    """How much text stands in the cells of sheets that show a text which is kept once."""

    hears_ends = hears_text = True

    def __init__(self, lengths: list[int]) -> None:
        self.lengths, self.total = lengths, 0
        self.is_shared = self.is_number = False
        self.said = ""

    def starts(self, tag: str, told: Told) -> None:
        name = _local(tag)
        if name == "c":
            self.is_shared = told.get("t") == "s"
        elif name == "v":
            self.is_number, self.said = self.is_shared, ""

    def text(self, said: str) -> None:
        if self.is_number:
            self.said += said

    def ends(self, tag: str) -> None:
        if self.is_number and _local(tag) == "v":
            self.is_number, number = False, _number(self.said)
            self.total += self.lengths[number] if 0 <= number < len(self.lengths) else 0
            if self.total > MOST_TEXT:
                raise _TooMuch


class _Document(_Part):
    """The sheets of an .ods: how far down and how far right something stands, and how much text, each as often as it is
    repeated."""

    hears_ends = hears_text = True

    def __init__(self) -> None:
        self.line = self.last = self.widest = self.times = self.place = self.filled = 0
        self.cells = self.of_cell = self.of_row = self.total = 0
        self.in_table = self.in_cell = self.holds = False

    def starts(self, tag: str, told: Told) -> None:
        name = _local(tag)
        if name in CELLS:
            self.cells = max(_largest(told, "number-columns-repeated"), 0)
            self.place += self.cells
            values = [value for one, value in told.items() if _local(one).endswith("value")]
            self.in_cell, self.holds, self.of_cell = True, bool(values), sum(map(len, values))
        elif self.in_cell:
            self.holds = True
            self.of_cell += _largest(told, "c") if name == "s" else 1
        elif name == "table-row":
            self.times = max(_largest(told, "number-rows-repeated"), 0)
            self.place = self.filled = self.of_row = 0
        if name == "table":
            if self.in_table:
                raise _TooMuch  # a table in a cell of another, which nobody publishes
            self.in_table = True
            self.line = self.last = self.widest = 0

    def text(self, said: str) -> None:
        if self.in_cell:
            self.holds = True
            self.of_cell += len(said)

    def ends(self, tag: str) -> None:
        name = _local(tag)
        if name in CELLS:
            self.of_row += self.of_cell * self.cells
            self.filled = self.place if self.holds else self.filled
            self.in_cell = False
        elif name == "table-row":
            self.line += self.times
            self.total += self.of_row * self.times
            if self.filled:
                self.last, self.widest = self.line, max(self.widest, self.filled)
            wide = self.line > 2 * LAST_ROW or self.filled > WIDEST or self.last * self.widest > WIDEST
            if wide or self.total > MOST_TEXT:
                raise _TooMuch
        elif name == "table":
            self.in_table = False
