"""Compare the ratings of forces' own auditors with those of inspectors on the same files.

Auditors read files of the sample (`file_assignment`), or their force sent its own ratings by the same question set as a
return (contract, section 7.17). In both cases neither saw the other's answers. Only the inspectors' answers count in
estimates (`sample_results`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from assay.casefiles.file_allocation import sample_ratings
from assay.casefiles.file_assignment import AUDITOR
from assay.casefiles.rater_agreement import pairs_of
from assay.casefiles.ratings import Rating, current_ratings, inspector_ratings
from assay.casefiles.sample_results import answers_to
from assay.contract.question_sets import Question, QuestionSet
from assay.errors import PurposeRefused
from assay.indicators import EVERYWHERE
from assay.indicators.question_set_catalogue import question_set
from assay.ingest.accepted_returns import current_returns
from assay.ingest.inspection_folder import open_inspection
from assay.ingest.table_permission import ReadPermission
from assay.stats.agreement.agreement_coefficients import agreement
from assay.stats.agreement.agreement_comparison import Direction, direction
from assay.stats.interval_estimates import IntervalEstimate


@dataclass(frozen=True)
class AuditorComparison:
    """The comparison of auditors' and inspectors' answers to one question, in all forces or in one force.

    Parameters
    ----------
    direction
        On how many files auditors answer better, equally or worse than inspectors.
    kappa
        Weighted kappa of auditors and inspectors.
    """

    question: Question
    place: str
    direction: Direction
    kappa: IntervalEstimate


def compare_auditors(folder: Path, key: str, questions: str, today: date | None = None) -> list[AuditorComparison]:
    """Compare the answers to every question with ladder answers: over all forces and, for grades, also by force."""
    instrument, ratings = question_set(questions), sample_ratings(folder, key, questions)
    auditor_ratings = [rating for rating in current_ratings(ratings) if rating["marker_kind"] == AUDITOR]
    return compare_answers(
        instrument,
        inspector_ratings(ratings),
        [*auditor_returns(folder, instrument, today or date.today()), *auditor_ratings],
    )


def compare_answers(
    instrument: QuestionSet, inspectors: Sequence[Rating], auditor_ratings: Sequence[Rating]
) -> list[AuditorComparison]:
    """Compare the answers of inspectors and auditors, question by question."""
    found = []
    for question in instrument.questions:
        if not question.has_ladder_answer:
            continue
        inspector_answers, auditor_answers = (
            {(*file, question.key): answer for file, answer in answers_to(ratings, question.key).items()}
            for ratings in (inspectors, auditor_ratings)
        )
        codes = sorted({file[0] for file in inspector_answers if file in auditor_answers}) if question.is_graded else []
        for place in (EVERYWHERE, *codes):
            place_answers = {
                file: answer for file, answer in inspector_answers.items() if place in (EVERYWHERE, file[0])
            }
            pairs = pairs_of(question, place_answers, auditor_answers)
            if pairs.units_rated_twice:
                found.append(
                    AuditorComparison(question, place, direction(pairs, 0, 1), agreement(pairs, "kappa", "quadratic"))
                )
    return found


def auditor_returns(folder: Path, instrument: QuestionSet, today: date) -> list[Rating]:
    """Return the current ratings that forces sent in their data returns for this version of the question set.

    The list is empty if the ratings may not be read for this purpose.
    """
    inspection = open_inspection(folder)
    with_marks = [
        accepted for accepted in current_returns(inspection) if (folder / accepted.stage / "marks.parquet").is_file()
    ]
    paths = [folder / accepted.stage / "marks.parquet" for accepted in with_marks]
    try:
        ReadPermission(inspection, today).require("marks", "samples", paths, "the comparison with forces' own audits")
    except PurposeRefused:
        return []
    identity = (instrument.key, instrument.version, instrument.subject)
    return [
        rating
        for path in paths
        for rating in current_ratings(pq.read_table(path).to_pylist())
        if (rating["question_set"], rating["question_set_version"], rating["subject_kind"]) == identity
    ]
