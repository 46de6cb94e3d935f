"""The answerability page: which questions can be assessed for which force, and why can the rest not?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from assay.report.derived_numbers import derived_number, row_count
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import place_cell
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.pages.later_questions_section import later_question_rows
from assay.report.report_tables import Row
from assay.sdc.released_rows.indicator_rows import AnswerabilityRow
from assay.sdc.released_rows.published_rows import QuestionsRow

CERTAINTY_NOTE = (
    "It follows from covers and files alone: which tables, columns and kinds of event came, and what each question "
    "reads. Which of these a question cannot do without is our own reading of it. Whether rows are missing from a "
    "table that came, it does not tell."
)
ANSWERS = ("whole", "part", "none")
ANSWER_MEANINGS = {
    "whole": "all that the question reads came",
    "part": "some of it came, or its case files are still to be read",
    "none": "it cannot be asked here, which is neither not known nor zero",
}


@dataclass(frozen=True)
class Matrix:
    """Answerability by force (rows) and question (columns)."""

    questions: tuple[str, ...]
    rows: tuple[tuple[Cell, tuple[str, ...]], ...]


def answerability_page(site: Inspection) -> Page:
    """Return the matrix of forces and questions, and the questions one by one."""
    context = {
        "matrix": _matrix(site),
        "means": ANSWER_MEANINGS,
        "questions": _question_table(site),
        "forces": _force_table(site),
        "later": later_question_rows(site),
    }
    return Page("answerable.html", "inspected/answerable.html", "What can be answered", CERTAINTY_NOTE, (), context)


def answerability_sentence(site: Inspection, place: str) -> str:
    """Summarise the answerability of the inspection questions for one force, in one sentence."""
    rows = _answerability_rows(site, place)
    counts = Counter(row["answer"] for row in rows)
    return (
        f"Of the {row_count(len(rows))} questions of the inspection, {row_count(counts['whole'])} can be asked whole, "
        f"{row_count(counts['part'])} in part and {row_count(counts['none'])} not at all."
    )


def answerability_table(site: Inspection, place: str) -> Grid | None:
    """Return the answerability of each question for one force, with the reason; None without an accepted return."""
    rows = _answerability_rows(site, place)
    if not rows or not site.return_rows(place):
        return None
    cells = [(_question(site, row["question"]), row["answer"], row["why"]) for row in rows]
    return grid("Its questions: whole, in part, or not at all", ("Question", "Can it be asked?", "Why"), cells)


def _question(site: Inspection, number: str) -> str:
    row = site.find_row(QuestionsRow, number=number)
    return f"{number} {row['text']}" if row else number


def _answerability_rows(site: Inspection, place: str) -> list[Row]:
    return sorted(
        site.find_rows(AnswerabilityRow, place_code=place), key=lambda row: _question_position(row["question"])
    )


def _question_position(number: str) -> int:
    return int(number.removeprefix("Q"))


def _question_numbers(site: Inspection) -> list[str]:
    return sorted({row["question"] for row in site.rows(AnswerabilityRow)}, key=_question_position)


def _matrix(site: Inspection) -> Matrix:
    rows = tuple((place_cell(site, place["place_code"]), _answers(site, place)) for place in site.forces)
    for number in _question_numbers(site):
        derived_number(number.removeprefix("Q"), "number of a question")
    return Matrix(tuple(_question_numbers(site)), tuple(row for row in rows if row[1]))


def _answers(site: Inspection, place: Row) -> tuple[str, ...]:
    return tuple(row["answer"] for row in _answerability_rows(site, place["place_code"]))


def _force_table(site: Inspection) -> Grid:
    rows: list[tuple[Cell | str, ...]] = []
    for place in site.forces:
        counts = Counter(_answers(site, place))
        rows.append((place_cell(site, place["place_code"]), *(row_count(counts[answer]) for answer in ANSWERS)))
    return grid("How many questions can be asked of each force", ("Force", "#Whole", "#In part", "#Not at all"), rows)


def _question_table(site: Inspection) -> Grid:
    rows = []
    for number in _question_numbers(site):
        counts = Counter(row["answer"] for row in site.find_rows(AnswerabilityRow, question=number))
        rows.append((_question(site, number), *(row_count(counts[answer]) for answer in ANSWERS)))
    heads = ("Question", "#Whole", "#In part", "#Not at all")
    return grid("Of how many forces each question can be asked", heads, rows)
