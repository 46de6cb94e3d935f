"""How do forces' own auditors answer beside inspectors, on the same files?

Auditors read files of the sample (`assigning`), or their force sent its own marks by the same question set, as a return
(contract, section 7.17). Either way neither saw the other's answers. The inspectors' answer of a file is the one that
counts (`results`); an auditor's never does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from assay.casefiles.file_allocation import marks_of
from assay.casefiles.file_assignment import AUDITOR
from assay.casefiles.rater_agreement import pairs_of
from assay.casefiles.ratings import Mark, of_inspectors, standing
from assay.casefiles.sample_results import answers_to
from assay.contract.question_sets import Question, QuestionSet
from assay.errors import PurposeRefused
from assay.indicators import EVERYWHERE
from assay.indicators.question_set_catalogue import question_set
from assay.ingest.accepted_returns import holding
from assay.ingest.inspection_folder import open_inspection
from assay.ingest.table_permission import Permission
from assay.stats.agreement.agreement_coefficients import agreement
from assay.stats.agreement.agreement_comparison import Direction, direction
from assay.stats.interval_estimates import Answer


@dataclass(frozen=True)
class Audited:
    """One question, of all forces or of one: whether auditors answer better ("above") or worse than inspectors on the
    same files, and weighted kappa of the two."""

    question: Question
    place: str
    direction: Direction
    kappa: Answer


def auditors(folder: Path, key: str, questions: str, today: date | None = None) -> list[Audited]:
    """Every question that is answered in words, of all forces together; and its grade in each force."""
    asked, marks = question_set(questions), marks_of(folder, key, questions)
    theirs = [mark for mark in standing(marks) if mark["marker_kind"] == AUDITOR]
    return beside(asked, of_inspectors(marks), [*sent(folder, asked, today or date.today()), *theirs])


def beside(asked: QuestionSet, inspectors: Sequence[Mark], theirs: Sequence[Mark]) -> list[Audited]:
    """The same, from the marks of both."""
    found = []
    for question in asked.questions:
        if not question.in_words:
            continue
        one, other = (
            {(*file, question.key): answer for file, answer in answers_to(marks, question.key).items()}
            for marks in (inspectors, theirs)
        )
        codes = sorted({file[0] for file in one if file in other}) if question.graded else []
        for place in (EVERYWHERE, *codes):
            mine = {file: answer for file, answer in one.items() if place in (EVERYWHERE, file[0])}
            pairs = pairs_of(question, mine, other)
            if pairs.marked_twice:
                found.append(Audited(question, place, direction(pairs, 0, 1), agreement(pairs, "kappa", "quadratic")))
    return found


def sent(folder: Path, asked: QuestionSet, today: date) -> list[Mark]:
    """The marks that forces sent as a return by this question set and version, those that hold; none where they may not
    be read."""
    inspection = open_inspection(folder)
    held = [one for one in holding(inspection) if (folder / one.stage / "marks.parquet").is_file()]
    paths = [folder / one.stage / "marks.parquet" for one in held]
    try:
        Permission(inspection, today).ask("marks", "samples", paths, "the comparison with forces' own audits")
    except PurposeRefused:
        return []
    wanted = (asked.key, asked.version, asked.subject)
    return [
        mark
        for path in paths
        for mark in standing(pq.read_table(path).to_pylist())
        if (mark["question_set"], mark["question_set_version"], mark["subject_kind"]) == wanted
    ]
