"""How many cells will be read in which way, where their words do not say it, and what is a force to confirm?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from assay.returns import offence_codes
from assay.returns.preparing import marks
from assay.returns.preparing.evidence import TIMES
from assay.returns.preparing.mappings import Written
from assay.returns.preparing.shapes import ZONE, Shape
from assay.returns.zones import names_another_clock

_ZONED = re.compile(rf".*\d:\d{{2}}(:\d{{2}}([.,]\d+)?)?{ZONE}")
_TIMED = re.compile(r".*\d:\d{2}.*")


def readings(one: Written) -> list[str]:
    """Sentences on one file, each with counts and no cell."""
    columns = {column.name: column for column in one.proposal.table.columns}
    told = list[str]()
    for name, match in one.proposal.matches.items():
        shape = one.proposal.export.shape(match.heading)
        if name not in columns:
            continue
        if columns[name].values == "offence_code":
            told += [f"{name}: {sentence}" for sentence in offences(shape.values)]
        if columns[name].kind in TIMES:
            told += [f"{name}: {sentence}" for sentence in _times(match.heading, shape, one.forms.time)]
        if columns[name] == marks.COLUMN and one.name == "flags" and marks.apart(shape):
            told.append(marks.several_sentence(match.heading, shape, one.proposal.export.records))
    return [*told, *marks.sentences(one.marks, one.proposal), *_slots(one)]


def offences(counts: Mapping[str, int]) -> Iterator[str]:
    """What forms of offence codes stand in a column, and which of them are not read."""
    found = Counter[str]()
    for word, rows in counts.items():
        found[_form(word)] += rows
    cells = sum(counts.values())
    with_sub_code = found["whole"] + found["divided"]
    if with_sub_code:
        yield (
            f"of {cells:,} cells, {with_sub_code:,} hold a class with a sub-code: {found['whole']:,} are read as their "
            f"class, which is one code; {found['divided']:,} are of a class that the list divides, and are not read "
            "until you say which code each is"
        )
    if found["alone"]:
        yield (
            f"{found['alone']:,} of {cells:,} cells name a class alone that the list divides: if the sub-code stands "
            "in another column, export the two as one, such as 020/05"
        )


def _form(word: str) -> str:
    parts = offence_codes.class_and_sub_code(word)
    if parts is None or (parts[1] and f"{parts[0]}.{parts[1]}" == offence_codes.code_of(word)):
        return "code"
    if not parts[1]:
        return "alone" if offence_codes.is_divided_class(word) else "code"
    return "divided" if parts[0] in offence_codes.divided() else "whole"


def _times(heading: str, shape: Shape, form: str) -> Iterator[str]:
    """What is said of the cells of a column of dates or times; the last case holds those that carry a zone."""
    if shape.filled and not shape.dates.order:
        yield (
            f"its {shape.filled:,} cells are dates in no form that is known (a clock of 12 hours with AM and PM is "
            "none), and none of them is read: export them as DD/MM/YYYY HH:MM"
        )
    elif names_another_clock(heading) and shape.dates.time and not shape.dates.time.endswith("Z"):
        yield (
            "its heading names universal time, and its cells carry no zone: they would be read as times of London, an "
            "hour wrong in summer; export them with a zone, such as 2026-07-01T09:00:00Z"
        )
    else:
        yield from _zones(shape, form)


def _zones(shape: Shape, form: str) -> Iterator[str]:
    zoned = sum(rows for cell, rows in shape.values.items() if _ZONED.fullmatch(cell))
    timed = sum(rows for cell, rows in shape.values.items() if _TIMED.fullmatch(cell))
    if not zoned:
        return
    if not form.endswith("Z"):
        yield f"{zoned:,} of {timed:,} cells carry a zone and are not read: most times of the file carry none"
        return
    yield f"{zoned:,} of {timed:,} cells carry a zone and are read as the time in London at that instant"
    if timed > zoned:
        yield f"{timed - zoned:,} carry none and are not read: export all alike, with a zone or as times of London"


def _slots(one: Written) -> Iterator[str]:
    for slot in one.proposal.export.slots:
        if one.name == "involvements" and not slot.numbered:
            continue
        words = f" and {slot.only_words:,} hold only a word such as unknown" if slot.only_words else ""
        yield (
            f"{slot.label}: {slot.persons:,} of {one.proposal.export.records:,} rows hold a person, {slot.empty:,} are "
            f"empty{words}; no person is made of a slot that is empty or holds only such a word"
        )
