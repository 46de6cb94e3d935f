"""Limits on the cells and text of a received workbook (.xlsx, .ods).

A spreadsheet reader allocates every position between the first cell and the last, so two cells in a file of a few
thousand bytes can use all memory. So can a shared text that is used in every cell, and a repeat count of blanks. The
XML is parsed first, by a strict parser: a file that is not well formed, or has a document type declaration, is refused,
because other parsers might read it differently.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TypeVar
from xml.parsers import expat

from assay.engine.safe_files.archive_limits import Unreadable

MAXIMUM_CELLS, MAXIMUM_ROW = 30_000_000, 1 << 20
"""Maximum number of positions between the first and the last cell, and maximum number of rows of a sheet."""
MAXIMUM_CHARACTERS = 1_000_000_000
"""Maximum number of characters of all cells, counting shared texts as often as they are used."""
MAXIMUM_SHARED_TEXTS = 30_000_000
"""Maximum number of shared texts."""
BLOCK_BYTES, MAXIMUM_TAG_BYTES = 1 << 20, 1 << 26
"""Bytes parsed at once, and maximum size of an unfinished tag."""
WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
SHARED_STRINGS, OPEN_DOCUMENT = "xl/sharedstrings.xml", "content.xml"
CELLS = ("table-cell", "covered-table-cell")
DIGITS = "0123456789"
Attributes = Mapping[str, str]
"""The attributes of a tag."""


PartType = TypeVar("PartType", bound="_PartReader")


class _LimitExceeded(Exception):
    """A limit of this module is exceeded."""


def fills_memory(archive: zipfile.ZipFile) -> bool:
    """Return True if a workbook (.xlsx, .ods) has more positions or text than memory holds.

    Unreadable if a part with cells is not well formed.
    """
    try:
        for name in _parts(archive, {OPEN_DOCUMENT}):
            _read(_OpenDocumentReader(), archive, name)
        texts = _SharedTextReader()
        for name in _parts(archive, {SHARED_STRINGS}):
            _read(texts, archive, name)
        sheets = list(_parts(archive, _sheet_paths(archive)))
        shared_text_cells = sum(_read(_SheetReader(), archive, name).shared_text_cells for name in sheets)
        if shared_text_cells * max(texts.lengths, default=0) > MAXIMUM_CHARACTERS:
            shared = _SheetTextReader(texts.lengths)
            for name in sheets:
                _read(shared, archive, name)
    except _LimitExceeded:
        return True
    return False


def _parts(archive: zipfile.ZipFile, paths: Iterable[str]) -> Iterator[str]:
    """Return the members at these paths, whatever the spelling of their names."""
    path_set = set(paths)
    return (name for name in dict.fromkeys(archive.namelist()) if _normalise_name(name) in path_set)


def _normalise_name(name: str) -> str:
    return posixpath.normpath(name.replace("\\", "/").lstrip("/")).casefold()


def _sheet_paths(archive: zipfile.ZipFile) -> set[str]:
    """Return the paths of sheets: those that the workbook names, and the standard folder."""
    names = {_normalise_name(name) for name in archive.namelist()}
    paths = {name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")}
    workbook = _WorkbookReader()
    for name in _parts(archive, {WORKBOOK, RELATIONS}):
        _read(workbook, archive, name)
    for sheet in workbook.sheets:
        for target in workbook.targets.get(sheet, ()):
            paths |= {_normalise_name(target), _normalise_name(f"xl/{target}")}
    return paths


class _PartReader:
    """Base class of XML handlers for a part of a workbook."""

    reads_end_tags = reads_text = False

    def start_tag(self, tag: str, attributes: Attributes) -> None:
        """Handle a start tag."""

    def end_tag(self, tag: str) -> None:
        """Handle an end tag."""

    def text(self, characters: str) -> None:
        """Handle text between tags."""


def _read(part: PartType, archive: zipfile.ZipFile, name: str) -> PartType:
    parser = expat.ParserCreate()
    parser.StartElementHandler = part.start_tag
    parser.StartDoctypeDeclHandler = _refuse_doctype
    if part.reads_end_tags:
        parser.EndElementHandler = part.end_tag
    if part.reads_text:
        parser.buffer_text, parser.CharacterDataHandler = True, part.text
    bytes_read = 0
    try:
        with archive.open(name) as stream:
            while block := stream.read(BLOCK_BYTES):
                parser.Parse(block, False)
                bytes_read += len(block)
                if bytes_read - parser.CurrentByteIndex > MAXIMUM_TAG_BYTES:
                    raise _LimitExceeded
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError) as error:
        raise Unreadable from error
    return part


def _refuse_doctype(*_: object) -> None:
    raise Unreadable


@lru_cache(maxsize=1000)
def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _largest_number(attributes: Attributes, name: str) -> int:
    """Return the largest value of an attribute with any prefix; 1 if absent, Unreadable if it is not a number."""
    try:
        return max([int(value) for attribute, value in attributes.items() if _local(attribute) == name], default=1)
    except ValueError:
        raise Unreadable from None


class _WorkbookReader(_PartReader):
    """Reads the sheets that a workbook names, and the paths of its relations."""

    def __init__(self) -> None:
        self.sheets: set[str] = set()
        self.targets: dict[str, list[str]] = {}

    def start_tag(self, tag: str, attributes: Attributes) -> None:
        if _local(tag) == "sheet":
            self.sheets |= {value for name, value in attributes.items() if _local(name) == "id"}
        elif "Target" in attributes:
            self.targets.setdefault(attributes.get("Id", ""), []).append(attributes["Target"])


class _SharedTextReader(_PartReader):
    """Reads the length of each shared text."""

    reads_text = True

    def __init__(self) -> None:
        self.lengths: list[int] = []

    def start_tag(self, tag: str, attributes: Attributes) -> None:
        if _local(tag) == "si":
            if len(self.lengths) >= MAXIMUM_SHARED_TEXTS:
                raise _LimitExceeded
            self.lengths.append(0)

    def text(self, characters: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(characters)


class _SheetReader(_PartReader):
    """Reads the extent of a sheet, and the number of cells with shared text."""

    def __init__(self) -> None:
        self.row = self.column = self.last = self.widest = self.shared_text_cells = 0
        self.digits = "0"

    def start_tag(self, tag: str, attributes: Attributes) -> None:
        name = _local(tag)
        if name == "c":
            self._cell(attributes.get("r"))
            if attributes.get("t") == "s":
                self.shared_text_cells += 1
        elif name == "row":
            self.row = _number(attributes["r"]) if "r" in attributes else self.row + 1
            self.digits, self.column = str(self.row), 0
            self._extend_to(self.row, 0)

    def _cell(self, cell_reference: str | None) -> None:
        row = self.row
        if cell_reference is None:
            self.column += 1
        elif cell_reference.endswith(self.digits) and (letters := cell_reference[: -len(self.digits)]).isalpha():
            self.column = _column(letters)
        else:  # it refers to another row than its own
            letters = cell_reference.rstrip(DIGITS)
            self.column, row = _column(letters), _number(cell_reference[len(letters) :])
        if self.column > self.widest or row > self.last:
            self._extend_to(row, self.column)

    def _extend_to(self, row: int, column: int) -> None:
        self.last, self.widest = max(row, self.last), max(column, self.widest)
        if self.last * self.widest > MAXIMUM_CELLS or self.last > 2 * MAXIMUM_ROW:
            raise _LimitExceeded


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


class _SheetTextReader(_PartReader):
    """Counts the characters of cells with shared text."""

    reads_end_tags = reads_text = True

    def __init__(self, lengths: list[int]) -> None:
        self.lengths, self.total = lengths, 0
        self.is_shared = self.is_number = False
        self.number_text = ""

    def start_tag(self, tag: str, attributes: Attributes) -> None:
        name = _local(tag)
        if name == "c":
            self.is_shared = attributes.get("t") == "s"
        elif name == "v":
            self.is_number, self.number_text = self.is_shared, ""

    def text(self, characters: str) -> None:
        if self.is_number:
            self.number_text += characters

    def end_tag(self, tag: str) -> None:
        if self.is_number and _local(tag) == "v":
            self.is_number, number = False, _number(self.number_text)
            self.total += self.lengths[number] if 0 <= number < len(self.lengths) else 0
            if self.total > MAXIMUM_CHARACTERS:
                raise _LimitExceeded


class _OpenDocumentReader(_PartReader):
    """Reads the extent and the amount of text of the sheets of an .ods, including repeat counts."""

    reads_end_tags = reads_text = True

    def __init__(self) -> None:
        self.line = self.last = self.widest = self.repetitions = self.column = self.filled = 0
        self.cells = self.cell_length = self.row_length = self.total = 0
        self.in_table = self.in_cell = self.has_content = False

    def start_tag(self, tag: str, attributes: Attributes) -> None:
        name = _local(tag)
        if name in CELLS:
            self.cells = max(_largest_number(attributes, "number-columns-repeated"), 0)
            self.column += self.cells
            values = [value for attribute, value in attributes.items() if _local(attribute).endswith("value")]
            self.in_cell, self.has_content, self.cell_length = True, bool(values), sum(map(len, values))
        elif self.in_cell:
            self.has_content = True
            self.cell_length += _largest_number(attributes, "c") if name == "s" else 1
        elif name == "table-row":
            self.repetitions = max(_largest_number(attributes, "number-rows-repeated"), 0)
            self.column = self.filled = self.row_length = 0
        if name == "table":
            if self.in_table:
                raise _LimitExceeded  # a table in a cell of another, which nobody publishes
            self.in_table = True
            self.line = self.last = self.widest = 0

    def text(self, characters: str) -> None:
        if self.in_cell:
            self.has_content = True
            self.cell_length += len(characters)

    def end_tag(self, tag: str) -> None:
        name = _local(tag)
        if name in CELLS:
            self.row_length += self.cell_length * self.cells
            self.filled = self.column if self.has_content else self.filled
            self.in_cell = False
        elif name == "table-row":
            self.line += self.repetitions
            self.total += self.row_length * self.repetitions
            if self.filled:
                self.last, self.widest = self.line, max(self.widest, self.filled)
            wide = self.line > 2 * MAXIMUM_ROW or self.filled > MAXIMUM_CELLS or self.last * self.widest > MAXIMUM_CELLS
            if wide or self.total > MAXIMUM_CHARACTERS:
                raise _LimitExceeded
        elif name == "table":
            self.in_table = False
