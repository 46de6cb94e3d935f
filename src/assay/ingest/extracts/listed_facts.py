"""Divide columns that list one fact of several persons: 'Victim Ages' with '14; 15', 'Victim Sex' with 'F; M'.

Each person becomes a block of columns, 'Victim 1 Ages' and 'Victim 2 Ages', as if the export had written them so. A
column is divided only if its own cells show that it is a list: what stands between separators recurs as a whole cell,
or each piece has a number of its person ('S1: named; S2: not named').
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from assay.ingest.extracts.extract_model import Sheet
from assay.ingest.extracts.person_cells import ROLE_WORDS, with_listed_persons
from assay.ingest.extracts.row_kinds import shape

SEPARATOR = re.compile(r"[^\S\r\n]*[;|]\s*|\s*[\r\n]+\s*")
_CLOSING = re.compile(r"[\s;|]+$")
MIN_LISTS, MIN_FAMILIAR, MAX_PERSONS = 3, 0.9, 12
"""Cells that list several persons at least, the share of their pieces that must be familiar, and persons of a list."""
_PERSON_NUMBER = re.compile(
    r"^(?:[vso]|vic|victim|sus|susp|suspect|off|offender)?\s*\(?\d{1,2}\s*[:.)=-]+\s*(?=\S)", re.I
)
_ROLE_IN_HEADING = re.compile(
    r"(?<![A-Za-z])("
    + "|".join(sorted(set().union(*ROLE_WORDS.values()), key=len, reverse=True))
    + r")(\(s\)|s)?(?![a-z])",
    re.I,
)


def expanded_sheet(sheet: Sheet) -> Sheet:
    """Return the sheet with columns for each person in the place of columns that list several persons."""
    return _with_listed_facts(with_listed_persons(sheet))


def _with_listed_facts(sheet: Sheet) -> Sheet:
    """Return the sheet with columns for each person in the place of columns that list one fact of several persons."""
    lists = {name: lists for name in sheet.cells.column_names if (lists := _lists_of_column(name, sheet.cells[name]))}
    if not lists:
        return sheet
    columns: dict[str, pa.ChunkedArray | pa.Array] = {}
    for name in sheet.cells.column_names:
        columns |= (
            _columns_of_persons(name, sheet.cells[name], lists[name]) if name in lists else {name: sheet.cells[name]}
        )
    return replace(sheet, cells=pa.table(columns))


def _lists_of_column(heading: str, cells: pa.ChunkedArray) -> Mapping[str, Sequence[str]]:
    """Return the pieces of each distinct cell; none if the column names no role, or its cells are no lists."""
    role = _ROLE_IN_HEADING.search(heading)
    if role is None or re.match(r"[\s_]*\d", heading[role.end() :]):
        return {}
    counts = pc.value_counts(cells.drop_null())
    texts = dict(zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True))
    pieces = {text: SEPARATOR.split(_CLOSING.sub("", text).strip()) for text in texts}
    lists = {text: found for text, found in pieces.items() if len(found) > 1}
    n_lists = sum(texts[text] for text in lists)
    if n_lists < MIN_LISTS or max(map(len, lists.values())) > MAX_PERSONS or not _are_familiar(pieces, lists):
        return {}
    return {text: [_PERSON_NUMBER.sub("", piece) for piece in found] for text, found in pieces.items()}


def _are_familiar(pieces: Mapping[str, Sequence[str]], lists: Mapping[str, Sequence[str]]) -> bool:
    """Return True if the pieces of lists look like whole cells, or all pieces have the number of a person."""
    if all(_PERSON_NUMBER.match(piece) for found in pieces.values() for piece in found if piece):
        return True
    whole = [found[0] for found in pieces.values() if len(found) == 1]
    words = {text.casefold() for text in whole}
    shapes = {pattern for pattern, count in Counter(map(shape, whole)).items() if count > 1}
    listed = [piece for found in lists.values() for piece in found if piece]
    n_familiar = sum(piece.casefold() in words or shape(piece) in shapes for piece in listed)
    return n_familiar >= MIN_FAMILIAR * len(listed)


def _columns_of_persons(
    heading: str, cells: pa.ChunkedArray, lists: Mapping[str, Sequence[str]]
) -> dict[str, pa.Array]:
    texts = cells.to_pylist()
    columns = {}
    for place in range(max(map(len, lists.values()))):
        facts = [
            lists[text][place] or None if text is not None and place < len(lists[text]) else None for text in texts
        ]
        columns[_numbered(heading, place + 1)] = pa.array(facts, pa.string())
    return columns


def _numbered(heading: str, number: int) -> str:
    """Return the heading with the number of the person behind the role: 'Victim 2 Ages'."""
    found = _ROLE_IN_HEADING.search(heading)
    assert found is not None
    rest = heading[found.end() :].strip()
    return f"{heading[: found.start()]}{found[1]} {number} {rest or 'status'}".strip()
