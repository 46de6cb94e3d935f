"""Count the cells whose interpretation the force must confirm: offence codes, times, flags, columns of persons."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from assay.ingest import offence_codes
from assay.ingest.date_formats import ZONE_PATTERN
from assay.ingest.preparation import flag_columns
from assay.ingest.preparation.cell_shapes import ColumnShape
from assay.ingest.preparation.column_fit import TIME_KINDS
from assay.ingest.preparation.mapping_draft import TableDraft
from assay.ingest.time_zones import names_universal_time

_TIME_WITH_ZONE = re.compile(rf".*\d:\d{{2}}(:\d{{2}}([.,]\d+)?)?{ZONE_PATTERN}")
_TIME = re.compile(r".*\d:\d{2}.*")
LISTED_CODE, CLASS_ALONE, UNDIVIDED_SUB_CODE, DIVIDED_SUB_CODE = "code", "class alone", "undivided", "divided"
"""Notations of an offence: a listed code; a class that the list divides, without its sub-code; a class with a sub-code,
which the list does not divide or divides."""


def reading_notes(table: TableDraft) -> list[str]:
    """Return sentences on how the cells of one file will be read, with counts and without the text of a cell."""
    columns = {column.name: column for column in table.proposal.table.columns}
    notes = list[str]()
    for name, match in table.proposal.matches.items():
        shape = table.proposal.export.shape(match.heading)
        if name not in columns:
            continue
        if columns[name].values == "offence_code":
            notes += [f"{name}: {sentence}" for sentence in offence_notes(shape.values)]
        if columns[name].kind in TIME_KINDS:
            notes += [f"{name}: {sentence}" for sentence in _time_notes(match.heading, shape, table.forms.time)]
        is_flag = columns[name] == flag_columns.FLAG_COLUMN and table.name == "flags"
        if is_flag and flag_columns.count_cells_with_several_flags(shape):
            records = table.proposal.export.records
            notes.append(flag_columns.list_column_sentence(match.heading, shape, records))
    return [*notes, *flag_columns.flag_column_sentences(table.flag_columns, table.proposal), *_slot_notes(table)]


def offence_notes(counts: Mapping[str, int]) -> Iterator[str]:
    """Yield sentences on the notations of the offence codes in a column, and which of these are rejected.

    Parameters
    ----------
    counts
        Text of a cell -> number of cells.
    """
    notations = Counter[str]()
    for word, rows in counts.items():
        notations[_offence_notation(word)] += rows
    cells = sum(counts.values())
    n_divided, n_undivided = notations[DIVIDED_SUB_CODE], notations[UNDIVIDED_SUB_CODE]
    if n_divided + n_undivided:
        yield (
            f"of {cells:,} cells, {n_divided + n_undivided:,} hold a class with a sub-code: {n_undivided:,} are read "
            f"as their class, which is one code; {n_divided:,} are of a class that the list divides, and are not read "
            "until you say which code each is"
        )
    if notations[CLASS_ALONE]:
        yield (
            f"{notations[CLASS_ALONE]:,} of {cells:,} cells name a class alone that the list divides: if the "
            "sub-code is in another column, export both in one column, such as 020/05"
        )


def _offence_notation(word: str) -> str:
    parts = offence_codes.class_and_sub_code(word)
    if parts is None or (parts[1] and f"{parts[0]}.{parts[1]}" == offence_codes.parse_offence_code(word)):
        return LISTED_CODE
    if not parts[1]:
        return CLASS_ALONE if offence_codes.is_divided_class(word) else LISTED_CODE
    return DIVIDED_SUB_CODE if parts[0] in offence_codes.divided_classes() else UNDIVIDED_SUB_CODE


def _time_notes(heading: str, shape: ColumnShape, time_format: str) -> Iterator[str]:
    if shape.filled and not shape.dates.day_form:
        yield (
            f"none of its {shape.filled:,} cells is in a known date format (12-hour times with AM and PM are "
            "not), so none of them is read: export them as DD/MM/YYYY HH:MM"
        )
    elif names_universal_time(heading) and shape.dates.time and not shape.dates.time.endswith("Z"):
        yield (
            "its heading names universal time, and its cells carry no zone: they would be read as times of London, an "
            "hour wrong in summer; export them with a zone, such as 2026-07-01T09:00:00Z"
        )
    else:
        yield from _zone_notes(shape, time_format)


def _zone_notes(shape: ColumnShape, time_format: str) -> Iterator[str]:
    n_with_zone = sum(rows for cell, rows in shape.values.items() if _TIME_WITH_ZONE.fullmatch(cell))
    n_times = sum(rows for cell, rows in shape.values.items() if _TIME.fullmatch(cell))
    if not n_with_zone:
        return
    if not time_format.endswith("Z"):
        yield f"{n_with_zone:,} of {n_times:,} cells carry a zone and are not read: most times of the file carry none"
        return
    yield f"{n_with_zone:,} of {n_times:,} cells carry a zone and are read as the time in London at that instant"
    if n_times > n_with_zone:
        n_without = n_times - n_with_zone
        yield f"{n_without:,} carry none and are not read: export all alike, with a zone or as times of London"


def _slot_notes(table: TableDraft) -> Iterator[str]:
    records = table.proposal.export.records
    for slot in table.proposal.export.slots:
        if table.name == "involvements" and not slot.is_numbered:
            continue
        words = f" and {slot.n_uninformative:,} hold only a word such as unknown" if slot.n_uninformative else ""
        yield (
            f"{slot.label}: {slot.n_persons:,} of {records:,} rows hold a person, {slot.n_empty:,} are empty{words}; "
            "a slot that is empty or holds only such a word is not read as a person"
        )
