"""What is looked for in a force that responds well, and which questions tell whether it is there?

The characteristics of good, each tied to questions Q1 to Q50 and to the failure modes of which it is the opposite.
Every question stands behind at least one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.inspection_questions import lines, questions
from assay.reference.past_recommendations import failure_modes
from assay.reference.reference_data import Register, parts, read

COLUMNS = ("key", "line", "text", "questions", "failure_modes", "evidence", "source")


@dataclass(frozen=True)
class Characteristic:
    """One characteristic of good, on one line of enquiry: a sentence that holds of a force, or does not."""

    key: str
    line: str
    text: str
    questions: tuple[str, ...]
    failure_modes: tuple[str, ...]
    evidence: str
    source: str


class Characteristics(Register[Characteristic]):
    """The characteristics of good, in their order."""

    what = "characteristic of good"


@lru_cache
def characteristics() -> Characteristics:
    """The characteristics; refuses an unknown line, question or failure mode, and a question behind none."""
    found = Characteristics([_characteristic(row) for row in read("characteristics", COLUMNS)])
    behind = {number for one in found for number in one.questions}
    alone = [one.number for one in questions() if one.number not in behind]
    if alone:
        raise DefinitionError(f"characteristics.csv: no characteristic stands on {', '.join(alone)}.")
    return found


def _characteristic(row: dict[str, str]) -> Characteristic:
    asked, modes = (parts(row, name, " ") for name in ("questions", "failure_modes"))
    lines().get(row["line"])
    for number in asked:
        questions().get(number)
    for code in modes:
        failure_modes().get(code)
    if not asked:
        raise DefinitionError(f"characteristics.csv, {row['key']}: it stands on no question.")
    return Characteristic(**{**row, "questions": asked, "failure_modes": modes})  # type: ignore[arg-type]
