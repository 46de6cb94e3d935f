"""Survey estimates: post-stratified shares where there is a frame, counts where there is none.

Cell weighting: the people who answered in a cell represent all of its members. This assumes that, within each cell,
people who did not answer are like those who did, which no figure can verify. `lowest` and `highest` make no assumption:
they are the bounds of the share for any answers of the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assay.casefiles.surveys.questionnaire_forms import FORCE, Questionnaire, SurveyQuestion
from assay.casefiles.surveys.survey_frames import Cell, Frame
from assay.stats.refusals import EstimationRefused
from assay.stats.samples.stratified_sampling import Stratum, stratified_share
from assay.wording import count_phrase

ALL = "ALL"
NO_FRAME = "The number of people who could have answered is not known, so there are counts but no shares."
Row = Mapping[str, str]


@dataclass(frozen=True)
class Response:
    """The response in one weighting cell: number of members (None without a sampling frame) and number of answers."""

    cell: Cell
    members: int | None
    answered: int

    @property
    def rate(self) -> float | None:
        """The share of members who answered; None without a frame."""
        return self.answered / self.members if self.members else None

    @property
    def weight(self) -> float | None:
        """The number of members that each answer represents; None without a frame or an answer."""
        return self.members / self.answered if self.members and self.answered else None


@dataclass(frozen=True)
class SurveyResult:
    """One answer option of a question in one place: the people who chose it, among those who answered the question.

    Parameters
    ----------
    share, low, high
        Estimate and 95% interval; None without a frame.
    lowest, highest
        Missing-data bounds over all possible answers of people who did not answer.
    why
        The reason why there is no share.
    """

    place: str
    question: str
    option: str
    people: int
    answered: int
    share: float | None = None
    low: float | None = None
    high: float | None = None
    lowest: float | None = None
    highest: float | None = None
    why: str = ""


def responses(questionnaire: Questionnaire, rows: Sequence[Row], frame: Frame | None) -> list[Response]:
    """Return the response in every cell of the sampling frame; without a frame, in every cell with an answer."""
    answered = Counter(_cell(questionnaire, row) for row in rows)
    cells = sorted({*answered, *(frame or {})})
    return [Response(cell, None if frame is None else frame.get(cell, 0), answered[cell]) for cell in cells]


def results(questionnaire: Questionnaire, rows: Sequence[Row], frame: Frame | None) -> list[SurveyResult]:
    """Return the estimate of every answer option, for all forces together and for each force with an answer."""
    forces = sorted({row[FORCE] for row in rows} | {cell[0] for cell in frame or {}})
    return [
        result
        for place in (ALL, *forces)
        for question in questionnaire.questions
        for result in _place_results(questionnaire, question, place, rows, frame)
    ]


def _place_results(
    questionnaire: Questionnaire, question: SurveyQuestion, place: str, rows: Sequence[Row], frame: Frame | None
) -> list[SurveyResult]:
    place_rows = [row for row in rows if place in (ALL, row[FORCE]) and row[question.key]]
    members = {cell: size for cell, size in (frame or {}).items() if place in (ALL, cell[0])}
    return [
        _result(questionnaire, question.key, option, place, place_rows, None if frame is None else members)
        for option in question.options
    ]


def _result(
    questionnaire: Questionnaire, question: str, option: str, place: str, rows: Sequence[Row], members: Frame | None
) -> SurveyResult:
    option_rows = [row for row in rows if row[question] == option]
    plain = SurveyResult(place, question, option, len(option_rows), len(rows), why=NO_FRAME)
    if members is None:
        return plain
    answered, people = (Counter(_cell(questionnaire, row) for row in row_group) for row_group in (rows, option_rows))
    why = _why_not(answered, members)
    if why:
        return _replace_result(plain, why=why)
    strata = [Stratum(size, answered[cell], people[cell]) for cell, size in members.items() if size]
    try:
        found = stratified_share(strata)
    except EstimationRefused:
        empty = sum(not stratum.sample_size for stratum in strata)
        return _replace_result(
            plain, why=f"{empty} of {len(strata)} cells have members but no answer: nothing is known of them."
        )
    whole = sum(stratum.size for stratum in strata)
    return _replace_result(
        plain, share=found.value, low=found.low, high=found.high, lowest=len(option_rows) / whole,
        highest=(len(option_rows) + whole - len(rows)) / whole, why="",
    )  # fmt: skip


def _why_not(answered: Mapping[Cell, int], members: Frame) -> str:
    """Return the reason why a frame does not match the answers, or ''."""
    if not any(members.values()):
        return "The sampling frame has no member here, so there is no share."
    n_cells = sum(number > members.get(cell, 0) for cell, number in answered.items())
    cells = count_phrase(n_cells, "cell")
    return (
        f"In {cells} more people answered than the frame has, so it is not the frame of these answers."
        if n_cells
        else ""
    )


def _replace_result(plain: SurveyResult, **more: float | str | None) -> SurveyResult:
    return SurveyResult(**{**vars(plain), **more})


def _cell(questionnaire: Questionnaire, row: Row) -> Cell:
    return tuple(row[name] for name in questionnaire.cell_names)
