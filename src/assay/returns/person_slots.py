"""Which rows of a flat file hold a person in the columns that are read as one, and which slots are empty?

Where the role is fixed for every row, a file with one row a crime is read as if each crime had a victim there. An empty
slot is no person. A slot that holds nothing but a word such as UNKNOWN or a made-up date of birth says no more. Yes and
no do not count: systems fill them by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assay.returns import contract
from assay.returns.contract import Column
from assay.returns.desk import Desk
from assay.returns.mapping import TableMapping
from assay.returns.said_words import EXPORTED, NOTHING, ONLY_MARKS
from assay.returns.sql import among, quoted
from assay.wording import counted

PEOPLE, ROLE = "involvements", "role"
NAMED_BY = ("person_ref", "forenames", "surname", "date_of_birth", "phone")
NO_DATE = r"0?1[-/. ]0?1[-/. ]190[01].*|190[01][-/.]?01[-/.]?01.*|0000[-/.]?00[-/.]?00.*|00[-/.]00[-/.]0000.*"
NO_SEX = ("u", "x", "9", "nk")
"""Codes of a sex that is not known, in the record systems of forces."""


@dataclass(frozen=True)
class Slots:
    """How many rows hold a person, and what is told of those that do not."""

    persons: int
    told: tuple[str, ...] = ()


def drop_empty(desk: Desk, places: Mapping[str, int], mapping: TableMapping) -> Slots | None:
    """Take the rows without a person from `raw_involvements`; None where rows stand for people by themselves."""
    read = [column for column in _of_a_person() if column.name in places]
    if ROLE not in mapping.fixed or not read:
        return None
    filled = " or ".join(is_filled(column.name) for column in read)
    person = " or ".join(_says(column, mapping) for column in read)
    named = " or ".join(_says(column, mapping) for column in read if column.name in NAMED_BY) or "false"
    counts = desk.look(
        f"select count(*) as rows, count(*) filter (where {person}) as persons, "
        f"count(*) filter (where ({filled}) and not ({person})) as words, "
        f"count(*) filter (where ({person}) and not ({named})) as nameless from raw_{PEOPLE}"
    )
    desk.keep(f"raw_{PEOPLE}", f"select * from raw_{PEOPLE} where {person} order by line")
    return Slots(counts["persons"], tuple(_told(counts, mapping.fixed[ROLE])))


def _of_a_person() -> list[Column]:
    """The columns that say something of a person: not what the row belongs to, not a role, not yes or no."""
    return [
        column
        for column in contract.table(PEOPLE).columns
        if not column.refers
        and column.kind != "yesno"
        and column.name not in (*contract.table(PEOPLE).key, ROLE)
        and not column.name.endswith("_missing_reason")
    ]


def _says(column: Column, mapping: TableMapping) -> str:
    emptied = [theirs for theirs, ours in mapping.values.get(column.name, {}).items() if not ours]
    return says_something(column.name, date=column.kind == "date", sex=column.name == "sex", emptied=emptied)


def is_filled(cell: str) -> str:
    """SQL that is true where a cell holds more than what a program writes for an empty one."""
    word = f"lower(trim(coalesce({cell}, '')))"
    return f"not (regexp_full_match({word}, {quoted(ONLY_MARKS)}) or {word} in {among(sorted(EXPORTED))})"


def says_something(cell: str, *, date: bool = False, sex: bool = False, emptied: Sequence[str] = ()) -> str:
    """SQL that is true where a cell says something of a person; `emptied` are words, in small letters, that do not."""
    word = f"lower(trim(coalesce({cell}, '')))"
    nothing = sorted({*NOTHING, *(NO_SEX if sex else ()), *emptied})
    empty = f"regexp_full_match({word}, {quoted(ONLY_MARKS)}) or {word} in {among(nothing)}"
    if date:
        empty += f" or regexp_full_match({word}, {quoted(NO_DATE)})"
    return f"not ({empty})"


def _told(counts: Mapping[str, int], role: str) -> Iterator[str]:
    empty = counts["rows"] - counts["persons"]
    if empty:
        words = counts["words"]
        only = f", {words:,} of them only a word such as unknown or a date such as 01/01/1900" if words else ""
        yield (
            f"{PEOPLE}: {empty:,} of {counted(counts['rows'], 'row')} hold no {role} in the columns that are read as "
            f"one{only}. No person was made of them; please confirm that none is meant."
        )
    if counts["nameless"]:
        yield (
            f"{PEOPLE}: {counts['nameless']:,} of {counts['persons']:,} hold no name, date of birth or number, and "
            "were read as persons all the same, since something else is told of them."
        )
