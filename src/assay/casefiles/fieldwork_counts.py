"""Counts of the answers from interviews, groups, observations and documents; never a share, a rate or a rank.

The counts are for inspectors only, as the page of a sample is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.casefiles.fieldwork_plan import NOT_RANDOM, planned_of
from assay.casefiles.file_allocation import assigned_of, sample_ratings
from assay.casefiles.ratings import inspector_ratings
from assay.casefiles.registered_documents import documents_of, is_registered, reason_for_counts
from assay.casefiles.result_tables import ALL_FORCES, WORDS
from assay.casefiles.sample_page import progress_table
from assay.casefiles.sample_results import answers_to
from assay.contract.question_sets import Question
from assay.errors import UsageError
from assay.indicators import EVERYWHERE
from assay.indicators.question_set_catalogue import question_set
from assay.indicators.voice_counts import RespondentCount
from assay.ingest.inspection_folder import open_inspection
from assay.report.internal_page import write_internal_page
from assay.report.page_elements import Grid, grid
from assay.stats.interval_estimates import IntervalEstimate, missing_estimate
from assay.wording import format_number


@dataclass(frozen=True)
class AnswerCounts:
    """The number of each answer to one question in one place, and the reason why there is no share."""

    question: Question
    place: str
    answers: Mapping[str, RespondentCount]
    why: str = NOT_RANDOM

    @property
    def share(self) -> IntervalEstimate:
        """Return an estimate without a value, with the reason why no share can be given."""
        return missing_estimate(self.why)


@dataclass(frozen=True)
class CountsPage:
    """The path of the page of fieldwork counts that was written, and the counts on it."""

    path: Path
    found: tuple[AnswerCounts, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        rows = [
            {"question": item.question.key, "place": item.place, "answers": _values(item), "share": item.share.words}
            for item in self.found
        ]
        return {"page": str(self.path), "counts": rows}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        lines = [f"{item.question.key}: {_counts_text(item)}" for item in self.found if item.place == EVERYWHERE]
        return [self.found[0].why, "", *lines, "", f"Open {self.path}"]


def count_answers(folder: Path, key: str, questions: str) -> list[AnswerCounts]:
    """Count the answers to every question, overall and by force; raise EvidenceError if the hash chain is broken."""
    instrument = question_set(questions)
    ratings = inspector_ratings(sample_ratings(folder, key, questions))
    found = []
    for question in instrument.questions:
        answers = answers_to(ratings, question.key)
        for place in (EVERYWHERE, *sorted({code for code, _ in answers})):
            place_answers = Counter(answer for (code, _), answer in answers.items() if place in (EVERYWHERE, code))
            respondents = {answer: RespondentCount(place_answers[answer]) for answer in question.answers}
            found.append(AnswerCounts(question, place, respondents, reason_for_counts(instrument)))
    return found


def write_counts(folder: Path, key: str, questions: str, out: Path) -> CountsPage:
    """Write the page that counts the answers to a question set, over all visits of a plan or documents of a register.

    Raises
    ------
    UsageError
        No visit of the plan, or no document of the register, is of the kind that the question set is about.
    """
    instrument, inspection = question_set(questions), open_inspection(folder)
    is_register = is_registered(folder, key)
    if not (documents_of(folder, key, questions) if is_register else planned_of(folder, key, instrument.subject)):
        raise UsageError(f"{questions} is asked of a {instrument.subject.replace('_', ' ')}, and {key} holds none.")
    names = {code: organisation.name for code, organisation in inspection.request.organisations.items()}
    found = tuple(count_answers(folder, key, questions))
    page = {
        "title": instrument.title,
        "asked": instrument,
        "not_drawn": reason_for_counts(instrument),
        "progress": progress_table(folder, key, questions) if assigned_of(folder, key, questions) else None,
        "results": [_table(question, found, names) for question in instrument.questions],
    }
    write_internal_page(out, "assay.casefiles", "counts.html", names, page)
    return CountsPage(out, found)


def _table(question: Question, found: tuple[AnswerCounts, ...], names: Mapping[str, str]) -> Grid:
    heads = ("Force", *(f"#{WORDS[answer]}" for answer in question.answers))
    rows = [
        (
            ALL_FORCES if item.place == EVERYWHERE else names.get(item.place, item.place),
            *(format_number(count.value or 0) for count in item.answers.values()),
        )
        for item in found
        if item.question.key == question.key
    ]
    note = f"{question.stage.capitalize()}; {question.asks.replace('|', ', ')}."
    return grid(question.text, heads, rows, dense=True, note=note)


def _values(item: AnswerCounts) -> dict[str, int | None]:
    return {answer: count.value for answer, count in item.answers.items()}


def _counts_text(item: AnswerCounts) -> str:
    phrases = [f"{WORDS[answer].lower()} {count.value}" for answer, count in item.answers.items() if count.value]
    return ", ".join(phrases) or "nobody has answered yet"
