"""Register of official statistics: where and how often they appear, what each counts, and whether assay reads it."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.inspection_questions import questions
from assay.reference.reference_data import Register, read_rows, split_cell

COLUMNS = (
    "key", "publisher", "title", "address", "every_months", "smallest_area", "counts", "does_not_count", "questions",
    "read_by", "read_as", "newest_edition", "newest_to", "next_due", "carried_to", "checked_on", "evidence", "source",
)  # fmt: skip
DAYS = ("newest_to", "next_due", "carried_to", "checked_on")
READ_BY = {
    "reader": "Assay has a reader for it",
    "long form": "Assay reads it with a mapping file, through the long form",
    "no": "No table of figures, or cannot be had",
}


REGISTER = "register"
"""Kind of a table that the program carries as a register of its own, such as the residents of each force area."""


@dataclass(frozen=True)
class PublishedTable:
    """One published table; dates are None where they are not known.

    Parameters
    ----------
    every_months
        Months between two editions; 0 for a single release or irregular editions.
    newest_to, carried_to
        Last day covered by the newest known edition, and by the figures in the program.
    next_due
        Day by which an edition later than the newest known should be out.
    read_as
        Kinds of official file as which it is read; `REGISTER` if it is part of a register of the program.
    checked_on
        Day on which somebody last looked for the table.
    """

    key: str
    publisher: str
    title: str
    address: str
    every_months: int
    smallest_area: str
    counts: str
    does_not_count: str
    questions: tuple[str, ...]
    read_by: str
    read_as: tuple[str, ...]
    newest_edition: str
    newest_to: date | None
    next_due: date | None
    carried_to: date | None
    checked_on: date | None
    evidence: str
    source: str

    def used(self, kinds: Container[str]) -> str:
        """Return whether figures of the table were read ('yes', 'in part' or 'no'), given the kinds of table read."""
        if not any(kind == REGISTER or kind in kinds for kind in self.read_as):
            return "no"
        return "in part" if self.read_by == "long form" else "yes"


class PublishedTables(Register[PublishedTable]):
    """The published tables, in the order of the file."""

    member_name = "published table"


@lru_cache
def published_tables() -> PublishedTables:
    """Return the register; DefinitionError for an unknown question, reading method or date."""
    return PublishedTables([_published_table(row) for row in read_rows("published_tables", COLUMNS)])


def _published_table(row: dict[str, str]) -> PublishedTable:
    place = f"published_tables.csv, {row['key']}"
    if row["read_by"] not in READ_BY:
        raise DefinitionError(f"{place}: read_by must be one of {', '.join(READ_BY)}.")
    if not row["every_months"].isdigit():
        raise DefinitionError(f"{place}: every_months must be a whole number of months, 0 for no rhythm.")
    numbers = split_cell(row, "questions", " ")
    for number in numbers:
        questions().get(number)
    kinds = split_cell(row, "read_as", " ")
    parsed = {"every_months": int(row["every_months"]), "questions": numbers, "read_as": kinds}
    return PublishedTable(**{**row, **parsed, **parse_days(row, DAYS, place)})  # type: ignore[arg-type]


def parse_days(row: dict[str, str], columns: Iterable[str], place: str) -> dict[str, date | None]:
    """Return the dates in these columns of a row, None for empty cells; `place` names the row in error messages."""
    try:
        return {column: date.fromisoformat(row[column]) if row[column] else None for column in columns}
    except ValueError:
        raise DefinitionError(f"{place}: write each day as YYYY-MM-DD, or leave its cell empty.") from None


def questions_helped(read_by: Iterable[str] = READ_BY) -> tuple[str, ...]:
    """Return the inspection questions, in order, that published tables with these reading methods help to answer."""
    ways = set(read_by)
    numbers = {number for table in published_tables() if table.read_by in ways for number in table.questions}
    return tuple(question.number for question in questions() if question.number in numbers)
