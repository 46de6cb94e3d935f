"""Which question can be asked of which body, before any result, and why not of another?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from assay.report.derived_numbers import tallied, worked_out
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import place_cell
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.report_tables import Row

SURE = (
    "It follows from covers and files alone: which tables, columns and kinds of event came, and what each question "
    "reads. Which of these a question cannot do without is our own reading of it. Whether rows are missing from a "
    "table that came, it does not tell."
)
ANSWERS = ("whole", "part", "none")
MEANS = {
    "whole": "all that the question reads came",
    "part": "some of it came, or its case files are still to be read",
    "none": "it cannot be asked here, which is neither not known nor zero",
}


@dataclass(frozen=True)
class Matrix:
    """Bodies down, questions across: for each body its answers in the order of the questions."""

    questions: tuple[str, ...]
    rows: tuple[tuple[Cell, tuple[str, ...]], ...]


def answerable_page(site: Inspection) -> Page:
    """The matrix of bodies and questions, and the questions one by one."""
    told = {"matrix": _matrix(site), "means": MEANS, "questions": _questions(site), "bodies": _bodies(site)}
    return Page("answerable.html", "inspected/answerable.html", "What can be asked of whom", SURE, (), told)


def asked_words(site: Inspection, place: str) -> str:
    """'Of the 50 questions of the inspection, 19 can be asked whole, 27 in part and 4 not at all.'"""
    rows = _asked(site, place)
    held = Counter(row["answer"] for row in rows)
    return (
        f"Of the {tallied(len(rows))} questions of the inspection, {tallied(held['whole'])} can be asked whole, "
        f"{tallied(held['part'])} in part and {tallied(held['none'])} not at all."
    )


def asked_grid(site: Inspection, place: str) -> Grid | None:
    """The questions one by one for one body, with the reason; None where no return of it was taken in."""
    rows = _asked(site, place)
    if not rows or not site.returned_by(place):
        return None
    told = [(_question(site, row["question"]), row["answer"], row["why"]) for row in rows]
    return grid("Its questions: whole, in part, or not at all", ("Question", "Can it be asked?", "Why"), told)


def _question(site: Inspection, number: str) -> str:
    row = site.one("questions", number=number)
    return f"{number} {row['text']}" if row else number


def _asked(site: Inspection, place: str) -> list[Row]:
    return sorted(site.by("answerability", place_code=place), key=lambda row: _place(row["question"]))


def _place(number: str) -> int:
    return int(number.removeprefix("Q"))


def _numbers(site: Inspection) -> list[str]:
    return sorted({row["question"] for row in site.rows("answerability")}, key=_place)


def _matrix(site: Inspection) -> Matrix:
    rows = tuple((place_cell(site, place["place_code"]), _answers(site, place)) for place in site.forces)
    for number in _numbers(site):
        worked_out(number.removeprefix("Q"), "number of a question")
    return Matrix(tuple(_numbers(site)), tuple(row for row in rows if row[1]))


def _answers(site: Inspection, place: Row) -> tuple[str, ...]:
    return tuple(row["answer"] for row in _asked(site, place["place_code"]))


def _bodies(site: Inspection) -> Grid:
    rows: list[tuple[Cell | str, ...]] = []
    for place in site.forces:
        held = Counter(_answers(site, place))
        rows.append((place_cell(site, place["place_code"]), *(tallied(held[answer]) for answer in ANSWERS)))
    return grid("How many questions can be asked of each body", ("Body", "#Whole", "#In part", "#Not at all"), rows)


def _questions(site: Inspection) -> Grid:
    rows = []
    for number in _numbers(site):
        held = Counter(row["answer"] for row in site.by("answerability", question=number))
        rows.append((_question(site, number), *(tallied(held[answer]) for answer in ANSWERS)))
    heads = ("Question", "#Whole", "#In part", "#Not at all")
    return grid("Of how many bodies each question can be asked", heads, rows)
