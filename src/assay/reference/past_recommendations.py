"""Failure modes F1 to F19 of the inquiry, and past recommendations with their status.

Failure modes F1 to F19 are the findings of the inquiry, each with a test. Recommendations are those of inspections,
inquiries and reviews, with owner, deadline and last known status.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.inspection_questions import inspection_themes, questions
from assay.reference.reference_data import Register, read_rows, split_cell

FAILURE_COLUMNS = ("code", "line", "text", "test", "part", "evidence", "source")
RECOMMENDATION_COLUMNS = (
    "key", "report", "report_date", "number", "owner", "text", "deadline", "status", "status_on",
    "status_words", "questions", "theme", "evidence", "source",
)  # fmt: skip
STATUSES = {
    "carried out": "done, by the account of the source named",
    "in progress": "begun",
    "incomplete": "not done by the date of the status",
    "declined": "refused by its owner",
    "not known": "no status was found in a source",
}


@dataclass(frozen=True)
class FailureMode:
    """One way in which the response failed, and the test that finds it; `part` of the inquiry's report."""

    code: str
    line: str
    text: str
    test: str
    part: str
    evidence: str
    source: str

    @property
    def key(self) -> str:
        """The code: 'F1' to 'F19'."""
        return self.code


@dataclass(frozen=True)
class Recommendation:
    """One past recommendation; dates are ISO, empty where none was found; `questions` would test it."""

    key: str
    report: str
    report_date: str
    number: str
    owner: str
    text: str
    deadline: str
    status: str
    status_on: str
    status_words: str
    questions: tuple[str, ...]
    theme: str
    evidence: str
    source: str


class FailureModes(Register[FailureMode]):
    """The failure modes, in their order."""

    member_name = "failure mode"


class Recommendations(Register[Recommendation]):
    """The register of past recommendations."""

    member_name = "recommendation"


@lru_cache
def failure_modes() -> FailureModes:
    """Return the failure modes; refuses one on an unknown line of enquiry."""
    found = FailureModes([FailureMode(**row) for row in read_rows("failure_modes", FAILURE_COLUMNS)])
    for mode in found:
        inspection_themes().get(mode.line)
    return found


@lru_cache
def recommendations() -> Recommendations:
    """Return the past recommendations; refuses an unknown status or question."""
    return Recommendations([_recommendation(row) for row in read_rows("recommendations", RECOMMENDATION_COLUMNS)])


def _recommendation(row: dict[str, str]) -> Recommendation:
    question_numbers = split_cell(row, "questions", " ")
    if row["status"] not in STATUSES:
        raise DefinitionError(f"recommendations.csv, {row['key']}: unknown status {row['status']!r}.")
    for number in question_numbers:
        questions().get(number)
    return Recommendation(**{**row, "questions": question_numbers})  # type: ignore[arg-type]
