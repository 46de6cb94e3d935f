"""Questions Q1 to Q50 of the inspection by theme, and whether published statistics answer them.

For each question: what would be measured, whether official tables answer it wholly, partly or not, what is missing, and
an information request for the holder of the missing data.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.reference_data import Register, read_rows, split_cell

THEME_COLUMNS = ("key", "letter", "name", "commission_text", "question", "evidence", "source")
COLUMNS = (
    "number", "line", "line_name", "also_lines", "text", "modes", "data_needed", "measure", "standard",
    "commission_point", "from_published", "how_published", "partial_area", "missing", "request_to", "request",
    "evidence", "source",
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
class InspectionTheme:
    """One inspection theme: the commission's text, and the resulting question."""

    key: str
    letter: str
    name: str
    commission_text: str
    question: str
    evidence: str
    source: str


@dataclass(frozen=True)
class Question:
    """One question; `request` is the text to send to `request_to`, empty if no data are missing.

    `partial_area` names the part of England and Wales of which alone something is published; empty for the whole.
    """

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
    partial_area: str
    missing: str
    request_to: str
    request: str
    evidence: str
    source: str

    @property
    def key(self) -> str:
        """The number: 'Q1' to 'Q50'."""
        return self.number


class InspectionThemes(Register[InspectionTheme]):
    """The inspection themes, in the order of the commission."""

    member_name = "inspection theme"


class Questions(Register[Question]):
    """The questions, in their order."""

    member_name = "question"

    def by_theme(self, theme: str) -> tuple[Question, ...]:
        """Return the questions whose first inspection theme is this one."""
        return tuple(question for question in self.all if question.line == theme)


@lru_cache
def inspection_themes() -> InspectionThemes:
    """Return the inspection themes."""
    return InspectionThemes([InspectionTheme(**row) for row in read_rows("inspection_themes", THEME_COLUMNS)])


@lru_cache
def questions() -> Questions:
    """Return the questions; DefinitionError for an unknown theme, mode or answer."""
    return Questions([_question(row) for row in read_rows("questions", COLUMNS)])


def _question(row: dict[str, str]) -> Question:
    modes, other_themes = split_cell(row, "modes"), split_cell(row, "also_lines")
    unknown = [line for line in (row["line"], *other_themes) if not inspection_themes().knows(line)]
    if unknown or row["from_published"] not in FROM_PUBLISHED or not set(modes) <= set(MODES):
        raise DefinitionError(f"questions.csv, {row['number']}: unknown inspection theme, mode or from_published.")
    return Question(**{**row, "modes": modes, "also_lines": other_themes})  # type: ignore[arg-type]
