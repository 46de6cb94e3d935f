"""Counts and shares that reports of inspections and inquiries give, each for one question.

The reports give them in prose and not in tables. Each row holds the number, its base and period, where it was read, and
the grade of that evidence. A count answers part of its question, or is context where `questions.csv` says that
the question has no published answer. None of them affects a grade.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.inspection_questions import questions
from assay.reference.reference_data import READ_GRADES, Register, check_address, parse_count, read_rows

COLUMNS = (
    "key", "question", "text", "number", "base", "percent", "days", "qualifier", "margin", "like_sample", "place",
    "period", "cannot_tell", "publisher", "source", "address", "evidence",
)  # fmt: skip
QUALIFIERS = ("", "about", "more than", "less than")
FIGURE = "{figure}"
"""Stands in `text` where the number belongs."""


@dataclass(frozen=True)
class PublishedCount:
    """One count, share or duration that was read in a report.

    Parameters
    ----------
    text
        The sentence without place and period, with `{figure}` for the number.
    number, base, percent, days
        A count of a base, a share in per cent (of a base where one was given), or a duration in days.
    qualifier
        'about', 'more than' or 'less than', where the report gives no exact share.
    margin
        Percentage points on both sides, as the publisher gave them.
    like_sample
        True if an interval as for a random sample is useful: for files that inspectors chose, it is a lower bound of
        the uncertainty.
    """

    key: str
    question: str
    text: str
    number: int | None
    base: int | None
    percent: float | None
    days: int | None
    qualifier: str
    margin: float | None
    like_sample: bool
    place: str
    period: str
    cannot_tell: str
    publisher: str
    source: str
    address: str
    evidence: str


class PublishedCounts(Register[PublishedCount]):
    """The published counts, in the order of the file."""

    member_name = "published count"


@lru_cache
def published_counts() -> PublishedCounts:
    """Return the register of published counts.

    Raises
    ------
    DefinitionError
        If a row names an unknown question, has not exactly one figure, or was not read in a source.
    """
    return PublishedCounts([_published_count(row) for row in read_rows("published_counts", COLUMNS)])


def _published_count(row: dict[str, str]) -> PublishedCount:
    place = f"published_counts.csv, {row['key']}"
    questions().get(row["question"])
    check_address(row, place)
    if row["evidence"] not in READ_GRADES:
        raise DefinitionError(f"{place}: a count that nobody read answers nothing. Remove the row until it was read.")
    if row["qualifier"] not in QUALIFIERS or row["like_sample"] not in ("", "yes"):
        raise DefinitionError(f"{place}: unknown qualifier or like_sample.")
    if FIGURE not in row["text"] or sum(bool(row[name]) for name in ("number", "percent", "days")) != 1:
        raise DefinitionError(f"{place}: the text has {FIGURE}, and the row either number and base, percent, or days.")
    if (row["number"] or row["like_sample"]) and not (row["number"] and row["base"]):
        raise DefinitionError(f"{place}: a number needs the base that it is counted out of.")
    parsed = {
        **{name: parse_count(row, name) for name in ("number", "base", "days")},
        **{name: float(row[name]) if row[name] else None for name in ("percent", "margin")},
        "like_sample": row["like_sample"] == "yes",
    }
    return PublishedCount(**{**row, **parsed})  # type: ignore[arg-type]
