"""Read from the XML of an .xlsx workbook what the spreadsheet reader does not report.

These are merged cells, errors, and formulas that no spreadsheet program has calculated.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from assay.ingest.file_readers.cell_grid import MergedArea

MAIN_NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
BLOCK_BYTES, OVERLAP_BYTES = 1 << 22, 1 << 14
"""The overlap holds the longest formula (8,192 characters), so that no cell is missed at the end of a block."""
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"')
_ERROR = re.compile(rb'<(?:\w+:)?c [^<>]*t="e"')
_FORMULA = re.compile(
    rb'<(?:\w+:)?c r="([A-Z]{1,3})\d+"([^<>]*)>\s*<(?:\w+:)?f\b[^<>]*(?:/>|>[^<>]*</(?:\w+:)?f>)'
    rb"\s*(<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
"""A cell with a formula and without a value: its column, its attributes, and the empty value if it has one."""
_CELL = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})\d')


@dataclass(frozen=True)
class SheetMarkup:
    """The merged areas, error cells and formulas never calculated of a sheet.

    Columns of areas are counted from the first that is used (0); columns of formulas are named by letters.
    """

    merged_areas: tuple[MergedArea, ...] = ()
    n_errors: int = 0
    formulas_by_column: Mapping[str, int] = field(default_factory=dict)


def sheet_markup(path: Path) -> dict[str, SheetMarkup]:
    """Return the markup of each sheet by name; empty for a workbook of another format.

    The caller has checked that the archive is sound and not too large.
    """
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as archive:
        members = set(archive.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= members:
            return {}
        parts = _sheet_parts(archive)
        return {name: _markup(archive, part) for name, part in parts.items() if part in members}


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {entry.get("Id"): entry.get("Target", "") for entry in relations}
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    parts = {}
    for sheet in workbook.iter(f"{MAIN_NAMESPACE}sheet"):
        target = targets.get(sheet.get(RELATION_ID), "")
        parts[sheet.get("name", "")] = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return parts


def _markup(archive: zipfile.ZipFile, part: str) -> SheetMarkup:
    references: set[tuple[bytes, ...]] = set()
    formulas: Counter[str] = Counter()
    n_errors, first_column = 0, 1 << 14
    for new_bytes, text in _overlapping_blocks(archive, part):
        n_errors += sum(match.end() > new_bytes for match in _ERROR.finditer(text)) if b't="e"' in text else 0
        formulas.update(_formulas_without_value(text, new_bytes))
        references |= set(_MERGED.findall(text)) if b"mergeCell " in text else set()
        if new_bytes == 0:
            first_column = min((_column(letters) for letters in _CELL.findall(text)), default=0)
    areas = (_area(reference, first_column) for reference in references)
    ordered = sorted(areas, key=lambda area: (area.first_row, area.first_column))
    return SheetMarkup(tuple(area for area in ordered if area.first_column >= 0), n_errors, formulas)


def _formulas_without_value(text: bytes, start: int) -> Iterator[str]:
    """Yield the column of each formula without a value that ends after `start`; an empty text is a value."""
    if b"f>" not in text and b"f/>" not in text:
        return
    for match in _FORMULA.finditer(text):
        is_empty_text = match[3] is not None and b't="str"' in match[2]
        if match.end() > start and not is_empty_text:
            yield match[1].decode()


def _overlapping_blocks(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[int, bytes]]:
    """Yield each block behind the last bytes of the one before, with the number of those bytes."""
    tail = b""
    with archive.open(part) as stream:
        while block := stream.read(BLOCK_BYTES):
            text = tail + block
            yield len(tail), text
            tail = text[-OVERLAP_BYTES:]


def _area(reference: tuple[bytes, ...], first_column: int) -> MergedArea:
    left, top, right, bottom = reference
    return MergedArea(int(top), int(bottom), _column(left) - first_column, _column(right) - first_column)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
