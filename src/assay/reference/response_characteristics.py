"""Characteristics of a good response, with the questions and failure modes that test them.

Each characteristic is linked to questions Q1 to Q50 and to the failure modes that are its opposite. Every question
belongs to at least one characteristic.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.inspection_questions import inspection_themes, questions
from assay.reference.past_recommendations import failure_modes
from assay.reference.reference_data import Register, read_rows, split_cell

COLUMNS = ("key", "line", "text", "questions", "failure_modes", "evidence", "source")


@dataclass(frozen=True)
class Characteristic:
    """One characteristic of a good response, within one inspection theme: a sentence that is true or false of a
    force."""

    key: str
    line: str
    text: str
    questions: tuple[str, ...]
    failure_modes: tuple[str, ...]
    evidence: str
    source: str


class Characteristics(Register[Characteristic]):
    """The characteristics of a good response, in their order."""

    member_name = "characteristic of good"


@lru_cache
def characteristics() -> Characteristics:
    """Return the characteristics; DefinitionError for an unknown reference, or a question that none of them covers."""
    found = Characteristics([_characteristic(row) for row in read_rows("characteristics", COLUMNS)])
    covered_questions = {number for item in found for number in item.questions}
    uncovered_questions = [item.number for item in questions() if item.number not in covered_questions]
    if uncovered_questions:
        raise DefinitionError(f"characteristics.csv: no characteristic stands on {', '.join(uncovered_questions)}.")
    return found


def _characteristic(row: dict[str, str]) -> Characteristic:
    question_numbers, modes = (split_cell(row, name, " ") for name in ("questions", "failure_modes"))
    inspection_themes().get(row["line"])
    for number in question_numbers:
        questions().get(number)
    for code in modes:
        failure_modes().get(code)
    if not question_numbers:
        raise DefinitionError(f"characteristics.csv, {row['key']}: it stands on no question.")
    return Characteristic(**{**row, "questions": question_numbers, "failure_modes": modes})  # type: ignore[arg-type]
