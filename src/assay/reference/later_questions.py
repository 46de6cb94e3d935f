"""Questions N1 to N8, raised in 2026 in addition to Q1 to Q50: data that answer part of each, and whom to ask for more.

They have their own numbers, so that counts of the 50 questions stay comparable between editions. None of them affects a
grade.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.reference_data import Register, check_address, read_rows, split_cell

COLUMNS = (
    "number", "text", "why", "data_needed", "columns", "indicators", "case_file_questions", "ask_whom", "request",
    "cannot_tell", "evidence", "source", "address",
)  # fmt: skip
LISTS = ("columns", "indicators", "case_file_questions")
RECORDS, FILES, NOT_HERE = "records", "case files or documents", "not here"


@dataclass(frozen=True)
class LaterQuestion:
    """One question that was raised in 2026.

    Parameters
    ----------
    columns
        Optional columns of the data return that answer part of it, as `table.column`.
    indicators
        Keys of the indicators that answer part of it.
    case_file_questions
        Case-file and document questions that answer part of it, as `set:question`.
    ask_whom, request
        Who could answer it, and an information request that is ready to send.
    """

    number: str
    text: str
    why: str
    data_needed: str
    columns: tuple[str, ...]
    indicators: tuple[str, ...]
    case_file_questions: tuple[str, ...]
    ask_whom: str
    request: str
    cannot_tell: str
    evidence: str
    source: str
    address: str

    @property
    def key(self) -> str:
        """The number: 'N1' to 'N8'."""
        return self.number

    @property
    def answered_by(self) -> str:
        """Return which data of assay answer part of the question: records, rated files or neither."""
        ways = [way for way, keys in ((RECORDS, self.indicators), (FILES, self.case_file_questions)) if keys]
        return " and ".join(ways) or NOT_HERE


class LaterQuestions(Register[LaterQuestion]):
    """The questions of 2026, in their order."""

    member_name = "question of 2026"


@lru_cache
def later_questions() -> LaterQuestions:
    """Return the register of questions that were raised in 2026.

    Raises
    ------
    DefinitionError
        If a question names nobody to ask, or a source that was read has no address.
    """
    return LaterQuestions([_later_question(row) for row in read_rows("later_questions", COLUMNS)])


def _later_question(row: dict[str, str]) -> LaterQuestion:
    place = f"later_questions.csv, {row['number']}"
    if not all(row[name] for name in ("text", "data_needed", "ask_whom", "request", "cannot_tell")):
        raise DefinitionError(f"{place}: say what would answer it, whom to ask, and what even that cannot tell.")
    check_address(row, place)
    return LaterQuestion(**{**row, **{name: split_cell(row, name, " ") for name in LISTS}})  # type: ignore[arg-type]
