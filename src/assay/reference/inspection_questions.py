"""What does the inspection ask, and how far can published statistics answer?

Fifty questions, Q1 to Q50, on the lines of the commission. For each: what would be measured, how far
official tables answer it, what is missing, and a request for information that a person can send to whoever
holds the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.reference_data import Register, parts, read

LINE_COLUMNS = ("key", "letter", "name", "asked", "question", "evidence", "source")
COLUMNS = (
    "number", "line", "line_name", "also_lines", "text", "modes", "data_needed", "measure", "standard",
    "commission_point", "from_published", "how_published", "missing", "request_to", "request", "evidence",
    "source",
)  # fmt: skip
FROM_PUBLISHED = {
    "answered": "published statistics answer it",
    "partly": "published statistics answer a part of it, which is named",
    "no": "published statistics do not answer it",
}
MODES = {
    "data": "records counted",
    "case audit": "case files read by people",
    "text": "texts searched, and what is found confirmed by people",
    "register": "a document or list checked",
}


@dataclass(frozen=True)
class Line:
    """One line of enquiry: what the commission asked, and the question it comes to."""

    key: str
    letter: str
    name: str
    asked: str
    question: str
    evidence: str
    source: str


@dataclass(frozen=True)
class Question:
    """One question; `request` is ready to send to `request_to`, and empty where nothing is missing."""

    number: str
    line: str
    line_name: str
    also_lines: tuple[str, ...]
    text: str
    modes: tuple[str, ...]
    data_needed: str
    measure: str
    standard: str
    commission_point: str
    from_published: str
    how_published: str
    missing: str
    request_to: str
    request: str
    evidence: str
    source: str

    @property
    def key(self) -> str:
        """The number: 'Q1' to 'Q50'."""
        return self.number


class Lines(Register[Line]):
    """The lines of enquiry, in the commission's order."""

    what = "line of enquiry"


class Questions(Register[Question]):
    """The questions, in their order."""

    what = "question"

    def of_line(self, line: str) -> tuple[Question, ...]:
        """The questions whose first line of enquiry this is."""
        return tuple(question for question in self.all if question.line == line)


@lru_cache
def lines() -> Lines:
    """The lines of enquiry."""
    return Lines([Line(**row) for row in read("lines", LINE_COLUMNS)])


@lru_cache
def questions() -> Questions:
    """The questions; refuses an unknown line, mode or answer."""
    return Questions([_question(row) for row in read("questions", COLUMNS)])


def _question(row: dict[str, str]) -> Question:
    modes, also = parts(row, "modes"), parts(row, "also_lines")
    unknown = [line for line in (row["line"], *also) if not lines().knows(line)]
    if unknown or row["from_published"] not in FROM_PUBLISHED or not set(modes) <= set(MODES):
        raise DefinitionError(f"questions.csv, {row['number']}: unknown line, mode or from_published.")
    return Question(**{**row, "modes": modes, "also_lines": also})  # type: ignore[arg-type]
