"""What do the marks of interviews, groups, observations and documents say? Counts; never a share, a rate or a rank.

For the inspection's own people, as the page of a sample is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.casefiles.fieldwork_plan import NOT_DRAWN, planned_of
from assay.casefiles.file_allocation import assigned_of, marks_of
from assay.casefiles.ratings import of_inspectors
from assay.casefiles.registered_documents import documents_of, is_registered, why_counted
from assay.casefiles.result_tables import ALL, WORDS
from assay.casefiles.sample_page import progress_table
from assay.casefiles.sample_results import answers_to
from assay.contract.question_sets import Question
from assay.errors import UsageError
from assay.indicators import EVERYWHERE
from assay.indicators.question_set_catalogue import question_set
from assay.indicators.voice_counts import Heard
from assay.ingest.inspection_folder import open_inspection
from assay.report.internal_page import write_inside_page
from assay.report.page_elements import Grid, grid
from assay.stats.interval_estimates import Answer, unanswered
from assay.wording import number


@dataclass(frozen=True)
class Counted:
    """The answers to one question in one place: how many gave each, and that there is no share, with the reason."""

    question: Question
    place: str
    answers: Mapping[str, Heard]
    why: str = NOT_DRAWN

    @property
    def share(self) -> Answer:
        """No figure, and why."""
        return unanswered(self.why)


@dataclass(frozen=True)
class Counts:
    """The page that was written, and what it holds."""

    path: Path
    found: tuple[Counted, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        rows = [
            {"question": one.question.key, "place": one.place, "answers": _told(one), "share": one.share.words}
            for one in self.found
        ]
        return {"page": str(self.path), "counts": rows}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        lines = [f"{one.question.key}: {_said(one)}" for one in self.found if one.place == EVERYWHERE]
        return [self.found[0].why, "", *lines, "", f"Open {self.path}"]


def counts(folder: Path, key: str, questions: str) -> list[Counted]:
    """Every question, of all forces together and of each; EvidenceError where the chain of marks is broken."""
    asked = question_set(questions)
    marks = of_inspectors(marks_of(folder, key, questions))
    found = []
    for question in asked.questions:
        answers = answers_to(marks, question.key)
        for place in (EVERYWHERE, *sorted({code for code, _ in answers})):
            mine = Counter(answer for (code, _), answer in answers.items() if place in (EVERYWHERE, code))
            told = {answer: Heard(mine[answer]) for answer in question.answers}
            found.append(Counted(question, place, told, why_counted(asked)))
    return found


def write_counts(folder: Path, key: str, questions: str, out: Path) -> Counts:
    """Write the page of a question set of a list or register; UsageError where it holds nothing of its kind."""
    asked, inspection = question_set(questions), open_inspection(folder)
    of_register = is_registered(folder, key)
    if not (documents_of(folder, key, questions) if of_register else planned_of(folder, key, asked.subject)):
        raise UsageError(f"{questions} is asked of a {asked.subject.replace('_', ' ')}, and {key} holds none.")
    names = {code: body.name for code, body in inspection.request.bodies.items()}
    found = tuple(counts(folder, key, questions))
    told = {
        "title": asked.title,
        "asked": asked,
        "not_drawn": why_counted(asked),
        "progress": progress_table(folder, key, questions) if assigned_of(folder, key, questions) else None,
        "results": [_table(question, found, names) for question in asked.questions],
    }
    write_inside_page(out, "assay.casefiles", "counts.html", names, told)
    return Counts(out, found)


def _table(question: Question, found: tuple[Counted, ...], names: Mapping[str, str]) -> Grid:
    heads = ("Force", *(f"#{WORDS[answer]}" for answer in question.answers))
    rows = [
        (
            ALL if one.place == EVERYWHERE else names.get(one.place, one.place),
            *(number(count.told or 0) for count in one.answers.values()),
        )
        for one in found
        if one.question.key == question.key
    ]
    note = f"{question.stage.capitalize()}; {question.asks.replace('|', ', ')}."
    return grid(question.text, heads, rows, dense=True, note=note)


def _told(one: Counted) -> dict[str, int | None]:
    return {answer: count.told for answer, count in one.answers.items()}


def _said(one: Counted) -> str:
    told = [f"{WORDS[answer].lower()} {count.told}" for answer, count in one.answers.items() if count.told]
    return ", ".join(told) or "nobody has answered yet"
