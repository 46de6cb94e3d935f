"""Which rows of a sheet are records, and which are totals, notes, page headings or blank?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

Row = Sequence[str | None]

BLANK, TITLE, TOTAL = "blank row", "title row", "total row"
REPEATED, UNREADABLE, NOTE, RULE = "repeated header", "unreadable row", "note row", "ruled line"
MAX_LABEL_CHARACTERS = 250
MAX_SHAPES = 12
"""Patterns of a column above which it is free text."""
_DIGITS, _LETTERS = re.compile(r"\d+"), re.compile(r"[^\W\d_]+")
_DATA_CELL = re.compile(
    r"\d{1,4}[-/.\\]\d{1,2}[-/.\\]\d{2,4}([T ,].*)?"  # a date of numbers
    r"|\d{1,2}[-/ ]?[A-Za-z]{3,9}[-/ ,]{0,2}\d{2,4}([T ,].*)?"  # a date with the name of its month
    r"|\d{1,2}:\d{2}(:\d{2})?"
    r"|[-+]?[\d,. ]*\d%?"  # a number
    r"|(?=(\D*\d){3})[A-Za-z0-9]+([-/\\_.:][A-Za-z0-9]+)*"  # a reference
    r"|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"  # a postcode
)
_TOTAL = re.compile(
    r"(grand|sub|report|overall|page|running|final)?[ -]*totals?\b.*"
    r"|(total |record |row |crime |overall )?(counts?|sum)( of [\w ]+)?\s*[:=]?\s*[\d,]*"
    r"|(total )?(number|no\.?) of [\w ]+[:=]?\s*[\d,]*"
    r"|\(?[\d,]+ (row|record|crime|offence|result|item|line)(s|\(s\))?\b.*\)?"
    r"|(rows?|records?|crimes?|results?)( returned| selected| found| exported)?\s*[:=]\s*[\d,]+",
    re.IGNORECASE,
)
_GROUP_TOTAL = re.compile(r"\S.*\b(sub-?)?totals?\s*:?", re.IGNORECASE)
"""The total of a group, as pivot tables write it beneath the group: 'Apr-25 Total'."""
_COUNT_CELL = re.compile(r"[-£$]?[\d,. ]+%?|-")
_NOTE = re.compile(
    r"\W*(end of|end\b|report (run|produced|generated|created|date|title|parameters?)|(run|printed|produced|generated"
    r"|created|extracted|exported|prepared) (on|by|at|from|date)|page \d+|source\s*:|notes?\b\s*[:.\d]?|please note"
    r"|(applied )?filters?( applied)?\b"
    r"|official\b|restricted\b|confidential\b|protective marking|©|copyright|disclaimer|this (report|extract|data)"
    r"|data (as at|correct|extracted)|\*+).*",
    re.IGNORECASE | re.DOTALL,
)
_RULE_CELL = re.compile(r"[-=_+*~.\s]{2,}|[-=_]+")


@lru_cache(maxsize=100_000)
def shape(cell: str) -> str:
    """Return the pattern of a cell: 9 for digits, A for letters, all other signs as they are ('CR/12' is 'A/9')."""
    return _LETTERS.sub("A", _DIGITS.sub("9", cell))


def is_data_cell(cell: str) -> bool:
    """Return True if a cell is a date, time, number, reference or postcode, and so not the heading of a column."""
    return bool(_DATA_CELL.fullmatch(cell))


def is_label(cell: str) -> bool:
    """Return True if a cell may be the heading of a column."""
    return len(cell) <= MAX_LABEL_CHARACTERS and bool(_LETTERS.search(cell)) and not is_data_cell(cell)


def filled(row: Row) -> list[int]:
    """Return the positions of the filled cells."""
    return [position for position, cell in enumerate(row) if cell]


def is_rule(row: Row) -> bool:
    """Return True if a row is a line of dashes below the headings."""
    cells = [cell for cell in row if cell]
    return bool(cells) and all(_RULE_CELL.fullmatch(cell) for cell in cells)


def is_total(row: Row) -> bool:
    """Return True if the first filled cell says total or count, and the other cells are numbers or empty.

    The total of a group needs a number beside it: alone, 'Offences in total' may be a cell of free text.
    """
    cells = [cell for cell in row if cell]
    if not cells:
        return False
    if len(cells) > 1 and _GROUP_TOTAL.fullmatch(cells[0]):
        return all(_COUNT_CELL.fullmatch(cell) for cell in cells[1:])
    if not _TOTAL.fullmatch(cells[0]):
        return False
    return all(_COUNT_CELL.fullmatch(cell) or _TOTAL.fullmatch(cell) for cell in cells[1:])


def is_note(row: Row) -> bool:
    """Return True if a row begins like a title, a note or a protective marking, and has few other cells."""
    cells = [cell for cell in row if cell]
    return bool(cells) and len(cells) <= max(2, len(row) // 3) and bool(_NOTE.fullmatch(cells[0]))


class UsualCells:
    """What the cells of a column look like: a few words, a few patterns, or free text.

    Parameters
    ----------
    cells
        The first cells of the column.
    """

    def __init__(self, cells: Iterable[str | None]) -> None:
        values = [cell for cell in cells if cell]
        words = {cell.casefold() for cell in values}
        self.words = words if 4 * len(words) <= len(values) else None
        counts = Counter(map(shape, values))
        shapes = {pattern for pattern, count in counts.items() if 50 * count >= len(values)}
        is_patterned = 2 * sum(counts[pattern] for pattern in shapes) > len(values)
        self.shapes = shapes if is_patterned and len(shapes) <= MAX_SHAPES else None

    def fits(self, cell: str) -> bool:
        """Return True if a cell may belong to the column; any cell may belong to a column of free text."""
        if self.words is not None and cell.casefold() in self.words:
            return True
        if self.words is not None and not is_data_cell(cell):
            return False
        return self.shapes is None or shape(cell) in self.shapes

    def recognises(self, cell: str) -> bool:
        """Return True if a cell is a usual word of the column, or a date, number or reference with a usual pattern."""
        is_usual_word = self.words is not None and cell.casefold() in self.words
        return is_usual_word or (self.shapes is not None and is_data_cell(cell) and shape(cell) in self.shapes)
