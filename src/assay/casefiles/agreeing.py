"""Do two who read one file answer alike, is anybody severe, and what does disagreement do to a share?

From the files that were read twice, blind. Coefficients go by the order of the answers (not met, partly met, met, or
the three grades), of numbers by how far they lie apart; that a file did not tell, or a question did not arise, has no
place in that order, and counts only in how often the two answers were the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.casefiles.fieldwork import marks_of
from assay.casefiles.marks import Mark, standing
from assay.enquiries.question_sets import question_set
from assay.estimation.agreement.coefficients import agreement as coefficient
from assay.estimation.agreement.comparing import Direction, direction
from assay.estimation.agreement.facets import Given, facets
from assay.estimation.agreement.marked import Marks, marks
from assay.estimation.answers import Answer, unanswered
from assay.estimation.refusals import Refused
from assay.measure.question_sets import (
    GRADES,
    MET_ANSWER,
    NOT_MET_ANSWER,
    PARTLY,
    CountQuestion,
    Question,
    QuestionSet,
)

ORDER = (NOT_MET_ANSWER, PARTLY, MET_ANSWER)
READINGS = ("first", "second")
HUNDRED = 100
File = tuple[str, str]
Answers = dict[tuple[str, str, str], str]
"""(force_code, subject_ref, question) -> answer."""


@dataclass(frozen=True)
class Agreed:
    """Of one question: files read twice, the share with the same answer, coefficients, and Scott's of met or not."""

    question: str
    files: int
    same: float
    kappa: Answer
    ac2: Answer
    alpha: Answer
    of_two: Answer


@dataclass(frozen=True)
class Severe:
    """One marker: how severe beside the others (above 0: more), how far that drifts from the first file they read to
    the last, how many marks, and by how much the mean answer lies off an average marker's (0 to 1)."""

    marker: str
    severity: Answer
    drift: Answer
    share: float
    marks: int


def agreement(folder: Path, key: str, questions: str) -> list[Agreed]:
    """Every question of a set, from the files of a sample that were read twice by inspectors."""
    held = _of(standing(marks_of(folder, key, questions)), "inspector")
    return [_agreed(question, held) for question in question_set(questions).questions]


def severity(folder: Path, key: str, questions: str) -> list[Severe] | str:
    """Every marker; or why nothing can be said of them."""
    asked = question_set(questions)
    held = _of(standing(marks_of(folder, key, questions)), "inspector")
    given, files = _given(asked, held)
    try:
        found = facets(given)
    except Refused as refusal:
        return str(refusal)
    return [
        Severe(name, one.severity, _over(one.drift, read / HUNDRED), one.share, one.marks)
        for (name, read), one in zip(files.items(), found.markers, strict=True)
    ]


def auditors(folder: Path, key: str, questions: str) -> dict[str, Direction]:
    """By question that is answered in words: whether forces' own auditors answer better ("above") or worse than
    inspectors on the same files."""
    held = standing(marks_of(folder, key, questions))
    by_kind = {kind: _answers(_of(held, kind)) for kind in ("inspector", "force_auditor")}
    return {
        question.key: direction(_pairs(question, by_kind["inspector"], by_kind["force_auditor"]), 0, 1)
        for question in question_set(questions).questions
        if not isinstance(question, CountQuestion)
    }


def _agreed(question: Question, held: Sequence[Mark]) -> Agreed:
    first, second = (_answers([mark for mark in held if mark["marking_round"] == turn]) for turn in READINGS)
    twice = [file for file in first if file[2] == question.key and file in second]
    same = sum(first[file] == second[file] for file in twice) / len(twice) if twice else 0.0
    pairs, counts = _pairs(question, first, second), isinstance(question, CountQuestion)
    return Agreed(
        question=question.key,
        files=len(twice),
        same=same,
        kappa=coefficient(pairs, "kappa", "quadratic"),
        ac2=coefficient(pairs, "gwet", "quadratic"),
        alpha=coefficient(pairs, "alpha", "quadratic" if counts else "rank", way="jackknife"),
        of_two=unanswered("Numbers have no best answer.") if counts else _of_two(question, pairs),
    )


def _of_two(question: Question, pairs: Marks) -> Answer:
    """Agreement on whether it was met (or good), or anything less."""
    best = GRADES[0] if question.graded else MET_ANSWER
    rows = [[None if at < 0 else pairs.answers[at] == best for at in row] for row in pairs.places]
    return coefficient(marks(rows, (False, True)), "fleiss")


def _pairs(question: Question, first: Answers, second: Answers) -> Marks:
    """Both answers of the files that have two with a place in the order; a row a file, the first reading first."""
    files = [one for one in first if one[2] == question.key and one in second]
    if isinstance(question, CountQuestion):
        both = [(first[one], second[one]) for one in files]
        numbers = [(int(one), int(other)) for one, other in both if one.isdigit() and other.isdigit()]
        return marks(numbers or [(None, None)], None if numbers else (0,))
    order = tuple(reversed(GRADES)) if question.graded else ORDER
    rows = [[first[one], second[one]] for one in files if first[one] in order and second[one] in order]
    # A row that nobody marked stands for no row at all: the coefficients then say that they cannot be known.
    return marks(rows or [[None, None]], order)


def _answers(held: Sequence[Mark]) -> Answers:
    return {_key(mark): str(mark["answer"]) for mark in held}


def _key(mark: Mark) -> tuple[str, str, str]:
    return str(mark["force_code"]), str(mark["subject_ref"]), str(mark["question"])


def _of(held: Sequence[Mark], kind: str) -> list[Mark]:
    return [mark for mark in held if mark["marker_kind"] == kind]


def _over(drift: Answer, hundreds: float) -> Answer:
    """A drift over a hundred files as one over the files that were read: nobody knows what comes after them."""
    value, low, high = (None if one is None else one * hundreds for one in (drift.value, drift.low, drift.high))
    return Answer(value, low, high, drift.words)


def _given(asked: QuestionSet, held: Sequence[Mark]) -> tuple[list[Given], dict[str, int]]:
    """Marks for the model, in the order of sealing, and how many files each marker read; the time is how many hundred
    files the marker had read before."""
    names = sorted({str(mark["marker_code"]) for mark in held})
    places = {question.key: place for place, question in enumerate(asked.questions)}
    units: dict[tuple[str, str, str], int] = {}
    read: dict[str, dict[File, int]] = {}
    given = []
    for mark in held:
        question = asked.question(str(mark["question"]))
        order = tuple(reversed(GRADES)) if question is None or question.graded else ORDER
        if question is None or mark["answer"] not in order:  # numbers have no place among severities
            continue
        marker, file = str(mark["marker_code"]), _key(mark)
        files = read.setdefault(marker, {})
        before = files.setdefault(file[:2], len(files))
        unit = units.setdefault(file, len(units))
        place = order.index(str(mark["answer"]))
        given.append(Given(unit, names.index(marker), place, places[question.key], before / HUNDRED))
    return given, {name: len(read.get(name, {})) for name in names}
