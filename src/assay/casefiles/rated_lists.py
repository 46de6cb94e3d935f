"""Whom do the lists of a sample's marks name: in how many files, and how many are they?

A list names by reference who stands in a file, such as the suspects beside a child who were not addressed. Of the files
in which somebody is named a share is told like any other; who is named is counted, in the files that were read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.casefiles.file_allocation import design_of, listed_of, marks_of, missing_of
from assay.casefiles.file_sampling import replace_missing, strata_of
from assay.casefiles.ratings import of_inspectors
from assay.casefiles.result_sentences import on_page, said
from assay.casefiles.result_tables import place_name
from assay.casefiles.sample_results import File, Result, answers_to, of_question
from assay.contract.question_sets import MET_ANSWER, NONE, NOT_ENOUGH, NOT_MET_ANSWER, ListQuestion
from assay.indicators import EVERYWHERE
from assay.indicators.question_set_catalogue import question_set
from assay.report.page_elements import Grid, grid
from assay.stats.interval_estimates import Answer
from assay.wording import counted, number

BETWEEN = ", "


@dataclass(frozen=True)
class Listed:
    """One list, of all forces together or of one: files that tell, files that name somebody, files that do not tell;
    how many are `named`, each once in the force that holds them; and the share of all files that name somebody."""

    question: ListQuestion
    place: str
    told: int
    naming: int
    untold: int
    named: int
    share: Answer

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        counts = {name: getattr(self, name) for name in ("place", "told", "naming", "untold", "named")}
        share = {"value": self.share.value, "low": self.share.low, "high": self.share.high, "words": self.share.words}
        return {"question": self.question.key, **counts, "share": share}

    def in_words(self) -> str:
        """The same, for a person at a terminal."""
        files, named = counted(self.naming, "file"), counted(self.named, "reference")
        return f"{self.question.key}: {files} of {number(self.told)} that tell, {named}; {said(self.share)}"


def lists(folder: Path, key: str, questions: str) -> list[Listed]:
    """Every list of a question set; EvidenceError where the chain of marks is broken."""
    asked, design = question_set(questions), design_of(folder, key)
    if not asked.lists:
        return []
    found = replace_missing(folder, key, missing_of(folder, key, questions))
    marks, known = of_inspectors(marks_of(folder, key, questions)), listed_of(folder, key, questions)
    records = dict(strata_of(folder, key))
    made = []
    for question in asked.lists:
        answers = answers_to(marks, question.key)
        kinds = {file: _kind(answer) for file, answer in answers.items()}
        results = of_question(question, design, found, records, kinds)
        made += [_listed(question, one, named_in(answers, known, one.place)) for one in results]
    return made


def named_in(
    answers: Mapping[File, str], known: Mapping[File, Mapping[str, str]], place: str
) -> frozenset[tuple[str, str]]:
    """Who is named in the files of a place, (force that holds them, reference): each once, in however many files."""
    return frozenset(
        (known.get(file, {}).get(ref, file[0]), ref)
        for file, answer in answers.items()
        if place in (EVERYWHERE, file[0]) and _kind(answer) == MET_ANSWER
        for ref in answer.split(BETWEEN)
    )


def lists_table(question: ListQuestion, found: Iterable[Listed], names: Mapping[str, str]) -> Grid:
    """One list, of all forces and of each."""
    rows = [
        (
            place_name(one.place, names),
            *(number(value) for value in (one.told, one.naming, one.named, one.untold)),
            on_page(said(one.share)),
        )
        for one in found
        if one.question.key == question.key
    ]
    whom = question.lists.capitalize()
    heads = ("Force", "#Files that tell", "#With one or more", f"#{whom}", "#Not enough evidence",
             "#With one or more, of all files")  # fmt: skip
    note = (
        f"{question.stage.capitalize()}; {question.asks.replace('|', ', ')}. {whom} are counted "
        "in the files that were read, each once in the force that holds them; the last column is of all files, each "
        "weighed by its chance."
    )
    return grid(question.text, heads, rows, note=note, dense=True)


def _kind(answer: str) -> str:
    """Whether a list names somebody, nobody, or does not tell."""
    return {NONE: NOT_MET_ANSWER, NOT_ENOUGH: NOT_ENOUGH}.get(answer, MET_ANSWER)


def _listed(question: ListQuestion, one: Result, named: frozenset[tuple[str, str]]) -> Listed:
    naming, untold = one.answers[MET_ANSWER], one.answers[NOT_ENOUGH]
    return Listed(question, one.place, naming + one.answers[NOT_MET_ANSWER], naming, untold, len(named), one.share)
