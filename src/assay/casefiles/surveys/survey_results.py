"""What do the answers say of all who were asked; and where is there no share, because nobody knows who they are?

Cell weighting: those who answered in a cell stand for all of its members. It leans on one thing that no figure can
show: that in each cell those who did not answer are like those who did. `lowest` and `highest` lean on nothing: they
are what the share could be whatever the others would have said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assay.casefiles.surveys.questionnaire_forms import FORCE, Asked, Questionnaire
from assay.casefiles.surveys.survey_frames import Cell, Frame
from assay.stats.refusals import Refused
from assay.stats.samples.stratified_sampling import Stratum, stratified_share
from assay.wording import counted

ALL = "ALL"
NO_FRAME = "Nobody knows how many could have answered, so there are counts and no share."
Row = Mapping[str, str]


@dataclass(frozen=True)
class Response:
    """One cell: members (None without a frame), how many answered, the response rate and the weight of each answer."""

    cell: Cell
    members: int | None
    answered: int

    @property
    def rate(self) -> float | None:
        """The share of members who answered; None without a frame."""
        return self.answered / self.members if self.members else None

    @property
    def weight(self) -> float | None:
        """How many members each answer stands for; None without a frame or an answer."""
        return self.members / self.answered if self.members and self.answered else None


@dataclass(frozen=True)
class Result:
    """One option of one question in one place: people who chose it, of how many who answered the question.

    `share`, `low`, `high`: estimate and 95% interval, with a frame only; `lowest`, `highest`: what is possible whatever
    those who did not answer would have said. `why`: why there is no share.
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


def responses(asked: Questionnaire, rows: Sequence[Row], frame: Frame | None) -> list[Response]:
    """Every cell of the frame, or without one every cell that answered."""
    answered = Counter(_cell(asked, row) for row in rows)
    cells = sorted({*answered, *(frame or {})})
    return [Response(cell, None if frame is None else frame.get(cell, 0), answered[cell]) for cell in cells]


def results(asked: Questionnaire, rows: Sequence[Row], frame: Frame | None) -> list[Result]:
    """Every option of every question, of all together and of each force that anybody speaks of."""
    forces = sorted({row[FORCE] for row in rows} | {cell[0] for cell in frame or {}})
    return [
        one
        for place in (ALL, *forces)
        for question in asked.questions
        for one in _of_place(asked, question, place, rows, frame)
    ]


def _of_place(
    asked: Questionnaire, question: Asked, place: str, rows: Sequence[Row], frame: Frame | None
) -> list[Result]:
    mine = [row for row in rows if place in (ALL, row[FORCE]) and row[question.key]]
    members = {cell: size for cell, size in (frame or {}).items() if place in (ALL, cell[0])}
    return [_result(asked, question.key, option, place, mine, None if frame is None else members) for option in
            question.options]  # fmt: skip


def _result(
    asked: Questionnaire, question: str, option: str, place: str, rows: Sequence[Row], members: Frame | None
) -> Result:
    chosen = [row for row in rows if row[question] == option]
    plain = Result(place, question, option, len(chosen), len(rows), why=NO_FRAME)
    if members is None:
        return plain
    answered, people = (Counter(_cell(asked, row) for row in some) for some in (rows, chosen))
    why = _why_not(answered, members)
    if why:
        return _with(plain, why=why)
    strata = [Stratum(size, answered[cell], people[cell]) for cell, size in members.items() if size]
    try:
        found = stratified_share(strata)
    except Refused:
        empty = sum(not one.drawn for one in strata)
        return _with(plain, why=f"{empty} of {len(strata)} cells have members and no answer: they could say anything.")
    whole = sum(one.size for one in strata)
    return _with(
        plain, share=found.value, low=found.low, high=found.high, lowest=len(chosen) / whole,
        highest=(len(chosen) + whole - len(rows)) / whole, why="",
    )  # fmt: skip


def _why_not(answered: Mapping[Cell, int], members: Frame) -> str:
    """Why a frame does not fit the answers, or ''."""
    if not any(members.values()):
        return "The frame has nobody here, so there is no share."
    over = sum(number > members.get(cell, 0) for cell, number in answered.items())
    cells = counted(over, "cell")
    return f"In {cells} more people answered than the frame has: it is not the frame of these answers." if over else ""


def _with(plain: Result, **more: float | str | None) -> Result:
    return Result(**{**vars(plain), **more})


def _cell(asked: Questionnaire, row: Row) -> Cell:
    return tuple(row[name] for name in asked.cell_names)
