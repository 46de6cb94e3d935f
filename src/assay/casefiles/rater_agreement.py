"""Inter-rater agreement (weighted kappa, Gwet AC2, Krippendorff alpha) and rater severity (many-facet model).

Computed from the files that were read twice, blind. Coefficients weight disagreement by the order of the answers (not
met, partly met, met, or the three grades), and of numbers by their distance. "Not known" and "not applicable" have no
position in that order, so they count only in the share of equal answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.casefiles.file_allocation import sample_ratings
from assay.casefiles.file_assignment import FIRST, SECOND
from assay.casefiles.ratings import Rating, inspector_ratings
from assay.contract.question_sets import (
    GRADES,
    MET_ANSWER,
    NOT_MET_ANSWER,
    PARTLY_MET_ANSWER,
    CountQuestion,
    Question,
    QuestionSet,
)
from assay.indicators.question_set_catalogue import question_set
from assay.stats.agreement.agreement_coefficients import agreement as coefficient
from assay.stats.agreement.agreement_comparison import agreement_by_group
from assay.stats.agreement.agreement_comparison import agreement_by_rater as agreement_of_each
from assay.stats.agreement.many_facet_model import FacetRating, estimate_facets
from assay.stats.agreement.rating_table import Ratings, ratings_from_rows
from assay.stats.interval_estimates import IntervalEstimate, missing_estimate
from assay.stats.refusals import EstimationRefused

ORDER = (NOT_MET_ANSWER, PARTLY_MET_ANSWER, MET_ANSWER)
READINGS = (FIRST, SECOND)
LEVELS = (0, 1, 2)
FILES_PER_UNIT = 100
File = tuple[str, str]
Answers = dict[tuple[str, str, str], str]
"""By (force_code, subject_ref, question), the answer."""


@dataclass(frozen=True)
class QuestionAgreement:
    """Agreement on one question: files rated twice, share of equal answers, coefficients, Scott's pi (met or not)."""

    question: str
    files: int
    share_same: float
    kappa: IntervalEstimate
    ac2: IntervalEstimate
    alpha: IntervalEstimate
    binary_agreement: IntervalEstimate


@dataclass(frozen=True)
class RaterSeverity:
    """One rater: severity relative to the others (above 0 is more severe), and drift over the files read."""

    rater: str
    severity: IntervalEstimate
    drift: IntervalEstimate
    share: float
    marks: int


@dataclass(frozen=True)
class GroupAgreement:
    """Agreement of one rater with the others, or on the files of one force, all questions combined.

    The interval of Gwet AC2 leaves out whole files, not single answers.
    """

    name: str
    files: int
    share_same: float
    ac2: IntervalEstimate


def question_agreement(folder: Path, key: str, questions: str) -> list[QuestionAgreement]:
    """Agreement on every question except lists, from the files that two inspectors read."""
    current = inspector_ratings(sample_ratings(folder, key, questions))
    instrument = question_set(questions)
    return [
        _agreed(question, current) for question in instrument.questions if question not in instrument.list_questions
    ]


def rater_severity(folder: Path, key: str, questions: str) -> list[RaterSeverity] | str:
    """Estimate the severity and drift of every rater (many-facet Rasch model), or say why there is no estimate."""
    instrument = question_set(questions)
    current = inspector_ratings(sample_ratings(folder, key, questions))
    observations, files = _severity_inputs(instrument, current)
    try:
        found = estimate_facets(observations)
    except EstimationRefused as refusal:
        return str(refusal)
    return [
        RaterSeverity(
            name, rater.severity, _scale_drift(rater.drift, read / FILES_PER_UNIT), rater.share, rater.ratings
        )
        for (name, read), rater in zip(files.items(), found.raters, strict=True)
    ]


def agreement_by_force(folder: Path, key: str, questions: str) -> list[GroupAgreement]:
    """Agreement (Gwet AC2) on the files of each force that were read twice, all questions combined."""
    current = inspector_ratings(sample_ratings(folder, key, questions))
    first, second = (
        _answers([rating for rating in current if rating["marking_round"] == reading_round])
        for reading_round in READINGS
    )
    read_twice = [item for item in first if item in second]
    rows = _rows(question_set(questions), [(item, (first[item], second[item])) for item in read_twice])
    if not rows:
        return []
    codes, files = [file[0] for (file, _) in rows], [file[:2] for (file, _) in rows]
    found = agreement_by_group(
        codes, ratings_from_rows([list(row) for _, row in rows], LEVELS), "gwet", "quadratic", clusters=files
    )
    return [
        GroupAgreement(
            name=str(code),
            files=len({file[:2] for file in read_twice if file[0] == code}),
            share_same=_share_same([(first[item], second[item]) for item in read_twice if item[0] == code]),
            ac2=item,
        )
        for code, item in sorted(found.items(), key=lambda pair: str(pair[0]))
    ]


def agreement_by_rater(folder: Path, key: str, questions: str) -> list[GroupAgreement]:
    """Agreement (Gwet AC2) of each rater with the other raters of the same files."""
    current = inspector_ratings(sample_ratings(folder, key, questions))
    names = sorted({str(rating["marker_code"]) for rating in current if rating["marking_round"] in READINGS})
    answers_by_file: dict[tuple[str, str, str], dict[str, str]] = {}
    for rating in current:
        if rating["marking_round"] in READINGS:
            answers_by_file.setdefault(_key(rating), {})[str(rating["marker_code"])] = str(rating["answer"])
    read_twice = {file: file_answers for file, file_answers in answers_by_file.items() if len(file_answers) > 1}
    given_by = [(file, tuple(file_answers.get(name) for name in names)) for file, file_answers in read_twice.items()]
    rows = _rows(question_set(questions), given_by)
    if not rows:
        return []
    table = ratings_from_rows([list(row) for _, row in rows], LEVELS)
    coefficients = agreement_of_each(table, "gwet", "quadratic", clusters=[file[:2] for file, _ in rows])
    return [
        _rater_agreement(name, coefficient_value, read_twice)
        for name, coefficient_value in zip(names, coefficients, strict=True)
    ]


def _rater_agreement(
    name: str, ac2: IntervalEstimate, read_twice: Mapping[tuple[str, str, str], Mapping[str, str]]
) -> GroupAgreement:
    pairs = [
        (file_answers[name], file_answers[other])
        for file_answers in read_twice.values()
        if name in file_answers
        for other in file_answers
        if other != name
    ]
    return GroupAgreement(
        name,
        len({file[:2] for file, file_answers in read_twice.items() if name in file_answers}),
        _share_same(pairs),
        ac2,
    )


def _share_same(pairs: Sequence[tuple[str, str]]) -> float:
    return sum(first == second for first, second in pairs) / len(pairs) if pairs else 0.0


def _rows(
    instrument: QuestionSet, answered_files: Iterable[tuple[tuple[str, str, str], tuple[str | None, ...]]]
) -> list[tuple[tuple[str, str, str], tuple[int | None, ...]]]:
    """Return the answers of several questions as positions on one ladder of three, the lowest first.

    Answers without a position are missing, and rows with fewer than two positions are left out.
    """
    found = []
    for file, file_answers in answered_files:
        question = instrument.question(file[2])
        order = tuple(reversed(GRADES)) if question is not None and question.is_graded else ORDER
        places = tuple(order.index(answer) if answer in order else None for answer in file_answers)
        if sum(answer is not None for answer in places) > 1:
            found.append((file, places))
    return found


def _agreed(question: Question, current: Sequence[Rating]) -> QuestionAgreement:
    first, second = (
        _answers([rating for rating in current if rating["marking_round"] == reading_round])
        for reading_round in READINGS
    )
    read_twice = [file for file in first if file[2] == question.key and file in second]
    share_same = sum(first[file] == second[file] for file in read_twice) / len(read_twice) if read_twice else 0.0
    pairs, counts = pairs_of(question, first, second), isinstance(question, CountQuestion)
    return QuestionAgreement(
        question=question.key,
        files=len(read_twice),
        share_same=share_same,
        kappa=coefficient(pairs, "kappa", "quadratic"),
        ac2=coefficient(pairs, "gwet", "quadratic"),
        alpha=coefficient(pairs, "alpha", "quadratic" if counts else "rank", method="jackknife"),
        binary_agreement=missing_estimate("Numbers have no best answer.")
        if counts
        else _binary_agreement(question, pairs),
    )


def _binary_agreement(question: Question, pairs: Ratings) -> IntervalEstimate:
    """Return the agreement on met (or good) against all other answers."""
    best = GRADES[0] if question.is_graded else MET_ANSWER
    rows = [[None if index < 0 else pairs.answers[index] == best for index in row] for row in pairs.codes]
    return coefficient(ratings_from_rows(rows, (False, True)), "fleiss")


def pairs_of(question: Question, first: Answers, second: Answers) -> Ratings:
    """Return the two ratings of each file that was rated twice, one row per file, the first rating first."""
    files = [item for item in first if item[2] == question.key and item in second]
    if isinstance(question, CountQuestion):
        answer_pairs = [(first[item], second[item]) for item in files]
        numbers = [(int(item), int(other)) for item, other in answer_pairs if item.isdigit() and other.isdigit()]
        return ratings_from_rows(numbers or [(None, None)], None if numbers else (0,))
    order = tuple(reversed(GRADES)) if question.is_graded else ORDER
    rows = [[first[item], second[item]] for item in files if first[item] in order and second[item] in order]
    # A row that nobody marked stands for no row at all: the coefficients then say that they cannot be known.
    return ratings_from_rows(rows or [[None, None]], order)


def _answers(current: Sequence[Rating]) -> Answers:
    return {_key(rating): str(rating["answer"]) for rating in current}


def _key(rating: Rating) -> tuple[str, str, str]:
    return str(rating["force_code"]), str(rating["subject_ref"]), str(rating["question"])


def _scale_drift(drift: IntervalEstimate, hundreds: float) -> IntervalEstimate:
    """Scale a drift per hundred files to the number of files that the rater read."""
    value, low, high = (
        None if estimate is None else estimate * hundreds for estimate in (drift.value, drift.low, drift.high)
    )
    return IntervalEstimate(value, low, high, drift.words)


def _severity_inputs(instrument: QuestionSet, current: Sequence[Rating]) -> tuple[list[FacetRating], dict[str, int]]:
    """Return the ratings for the model, in order, and the number of files of each rater.

    The time of a rating is the number of files that its rater read before, in hundreds.
    """
    names = sorted({str(rating["marker_code"]) for rating in current})
    places = {question.key: place for place, question in enumerate(instrument.questions)}
    units: dict[tuple[str, str, str], int] = {}
    read: dict[str, dict[File, int]] = {}
    observations = []
    for rating in current:
        question = instrument.question(str(rating["question"]))
        order = tuple(reversed(GRADES)) if question is None or question.is_graded else ORDER
        if question is None or rating["answer"] not in order:  # numbers have no place among severities
            continue
        rater, file = str(rating["marker_code"]), _key(rating)
        files = read.setdefault(rater, {})
        before = files.setdefault(file[:2], len(files))
        unit = units.setdefault(file, len(units))
        place = order.index(str(rating["answer"]))
        observations.append(FacetRating(unit, names.index(rater), place, places[question.key], before / FILES_PER_UNIT))
    return observations, {name: len(read.get(name, {})) for name in names}
