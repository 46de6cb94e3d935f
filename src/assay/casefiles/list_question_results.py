"""Results of list questions: in how many files somebody is named, and how many distinct people are named.

A list names people of a file by reference, such as other suspects who were not addressed. The share of files that name
somebody is estimated as any other share; the people are counted, in the files that were read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.casefiles.file_allocation import design_of, listed_of, missing_of, sample_ratings
from assay.casefiles.file_sampling import replace_missing, strata_of
from assay.casefiles.ratings import inspector_ratings
from assay.casefiles.result_sentences import answer_text, keep_interval_together
from assay.casefiles.result_tables import place_name
from assay.casefiles.sample_results import File, Result, answers_to, question_results
from assay.contract.question_sets import EMPTY_LIST_ANSWER, MET_ANSWER, NOT_ENOUGH, NOT_MET_ANSWER, ListQuestion
from assay.indicators import EVERYWHERE
from assay.indicators.question_set_catalogue import question_set
from assay.report.page_elements import Grid, grid
from assay.stats.interval_estimates import IntervalEstimate
from assay.wording import count_phrase, format_number

SEPARATOR = ", "


@dataclass(frozen=True)
class ListResult:
    """The answers to one list question in one place: the files that name somebody, and the distinct people named.

    Parameters
    ----------
    answered, not_enough
        Files that answer the question, and files that do not.
    naming
        Files that name somebody.
    people
        Distinct people named, each counted once in the force that holds the record.
    share
        Estimated share of all files that name somebody.
    """

    question: ListQuestion
    place: str
    answered: int
    naming: int
    not_enough: int
    people: int
    share: IntervalEstimate

    def as_dict(self) -> dict[str, Any]:
        """Return the result as JSON-ready values."""
        counts = {name: getattr(self, name) for name in ("place", "answered", "naming", "not_enough", "people")}
        share = {"value": self.share.value, "low": self.share.low, "high": self.share.high, "words": self.share.words}
        return {"question": self.question.key, **counts, "share": share}

    def summary_line(self) -> str:
        """Return the result as a line for a terminal."""
        files, references = count_phrase(self.naming, "file"), count_phrase(self.people, "reference")
        return (
            f"{self.question.key}: {files} of {format_number(self.answered)} with an answer, {references}; "
            f"{answer_text(self.share)}"
        )


def list_results(folder: Path, key: str, questions: str) -> list[ListResult]:
    """Return the result of every list question, by place; raise EvidenceError if the hash chain is broken."""
    instrument, design = question_set(questions), design_of(folder, key)
    if not instrument.list_questions:
        return []
    found = replace_missing(folder, key, missing_of(folder, key, questions))
    ratings, known = inspector_ratings(sample_ratings(folder, key, questions)), listed_of(folder, key, questions)
    records = dict(strata_of(folder, key))
    list_table = []
    for question in instrument.list_questions:
        answers = answers_to(ratings, question.key)
        kinds = {file: _kind(answer) for file, answer in answers.items()}
        results = question_results(question, design, found, records, kinds)
        list_table += [_listed(question, result, named_references(answers, known, result.place)) for result in results]
    return list_table


def named_references(
    answers: Mapping[File, str], known: Mapping[File, Mapping[str, str]], place: str
) -> frozenset[tuple[str, str]]:
    """Return the distinct person references named in the files of a place: (force that holds the record, reference)."""
    return frozenset(
        (known.get(file, {}).get(ref, file[0]), ref)
        for file, answer in answers.items()
        if place in (EVERYWHERE, file[0]) and _kind(answer) == MET_ANSWER
        for ref in answer.split(SEPARATOR)
    )


def lists_table(question: ListQuestion, found: Iterable[ListResult], names: Mapping[str, str]) -> Grid:
    """Return the table of results of one list question, with one row for all forces and one for each force."""
    rows = [
        (
            place_name(result.place, names),
            *(format_number(value) for value in (result.answered, result.naming, result.people, result.not_enough)),
            keep_interval_together(answer_text(result.share)),
        )
        for result in found
        if result.question.key == question.key
    ]
    list_noun = question.lists.capitalize()
    heads = ("Force", "#Files with an answer", "#With one or more", f"#{list_noun}", "#Not enough evidence",
             "#With one or more, of all files")  # fmt: skip
    note = (
        f"{question.stage.capitalize()}; {question.asks.replace('|', ', ')}. {list_noun} are counted once in "
        "each force, in the files that were read. The last column is an estimate for all files, weighted by "
        "inclusion probability."
    )
    return grid(question.text, heads, rows, note=note, dense=True)


def _kind(answer: str) -> str:
    """Return the kind of answer: a list with names, an empty list, or not known."""
    return {EMPTY_LIST_ANSWER: NOT_MET_ANSWER, NOT_ENOUGH: NOT_ENOUGH}.get(answer, MET_ANSWER)


def _listed(question: ListQuestion, result: Result, references: frozenset[tuple[str, str]]) -> ListResult:
    naming, not_enough = result.answers[MET_ANSWER], result.answers[NOT_ENOUGH]
    return ListResult(
        question,
        result.place,
        naming + result.answers[NOT_MET_ANSWER],
        naming,
        not_enough,
        len(references),
        result.share,
    )
