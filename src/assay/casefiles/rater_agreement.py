"""Do two who read one file answer alike, is anybody severe, and what does disagreement do to a share?

From the files that were read twice, blind. Coefficients go by the order of the answers (not met, partly met, met, or
the three grades), of numbers by how far they lie apart; that a file did not tell, or a question did not arise, has no
place in that order, and counts only in how often the two answers were the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.casefiles.file_allocation import marks_of
from assay.casefiles.file_assignment import FIRST, SECOND
from assay.casefiles.ratings import Mark, of_inspectors
from assay.contract.question_sets import (
    GRADES,
    MET_ANSWER,
    NOT_MET_ANSWER,
    PARTLY,
    CountQuestion,
    Question,
    QuestionSet,
)
from assay.indicators.question_set_catalogue import question_set
from assay.stats.agreement.agreement_coefficients import agreement as coefficient
from assay.stats.agreement.agreement_comparison import agreement_by, agreement_of_each
from assay.stats.agreement.many_facet_model import Given, facets
from assay.stats.agreement.rating_table import Marks, marks
from assay.stats.interval_estimates import Answer, unanswered
from assay.stats.refusals import Refused

ORDER = (NOT_MET_ANSWER, PARTLY, MET_ANSWER)
READINGS = (FIRST, SECOND)
LEVELS = (0, 1, 2)
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


@dataclass(frozen=True)
class Together:
    """All questions of one marker, or of one force's files: files read twice, the share of answers that were the same,
    and Gwet's AC2, whose interval leaves out files and not answers."""

    name: str
    files: int
    same: float
    ac2: Answer


def agreement(folder: Path, key: str, questions: str) -> list[Agreed]:
    """Every question of a set but lists, from the files of a sample that were read twice by inspectors."""
    held = of_inspectors(marks_of(folder, key, questions))
    asked = question_set(questions)
    return [_agreed(question, held) for question in asked.questions if question not in asked.lists]


def severity(folder: Path, key: str, questions: str) -> list[Severe] | str:
    """Every marker; or why nothing can be said of them."""
    asked = question_set(questions)
    held = of_inspectors(marks_of(folder, key, questions))
    given, files = _given(asked, held)
    try:
        found = facets(given)
    except Refused as refusal:
        return str(refusal)
    return [
        Severe(name, one.severity, _over(one.drift, read / HUNDRED), one.share, one.marks)
        for (name, read), one in zip(files.items(), found.markers, strict=True)
    ]


def agreement_of_forces(folder: Path, key: str, questions: str) -> list[Together]:
    """Every force of which a file was read twice, all questions that are answered in words together."""
    held = of_inspectors(marks_of(folder, key, questions))
    first, second = (_answers([mark for mark in held if mark["marking_round"] == turn]) for turn in READINGS)
    both = [one for one in first if one in second]
    rows = _rows(question_set(questions), [(one, (first[one], second[one])) for one in both])
    if not rows:
        return []
    codes, files = [file[0] for (file, _) in rows], [file[:2] for (file, _) in rows]
    found = agreement_by(codes, marks([list(row) for _, row in rows], LEVELS), "gwet", "quadratic", together=files)
    return [
        Together(
            name=str(code),
            files=len({file[:2] for file in both if file[0] == code}),
            same=_share_same([(first[one], second[one]) for one in both if one[0] == code]),
            ac2=one,
        )
        for code, one in sorted(found.items(), key=lambda pair: str(pair[0]))
    ]


def agreement_of_markers(folder: Path, key: str, questions: str) -> list[Together]:
    """Every marker beside those who read the same files, all questions that are answered in words together."""
    held = of_inspectors(marks_of(folder, key, questions))
    names = sorted({str(mark["marker_code"]) for mark in held if mark["marking_round"] in READINGS})
    given: dict[tuple[str, str, str], dict[str, str]] = {}
    for mark in held:
        if mark["marking_round"] in READINGS:
            given.setdefault(_key(mark), {})[str(mark["marker_code"])] = str(mark["answer"])
    twice = {file: told for file, told in given.items() if len(told) > 1}
    given_by = [(file, tuple(told.get(name) for name in names)) for file, told in twice.items()]
    rows = _rows(question_set(questions), given_by)
    if not rows:
        return []
    table = marks([list(row) for _, row in rows], LEVELS)
    each = agreement_of_each(table, "gwet", "quadratic", together=[file[:2] for file, _ in rows])
    return [_of_marker(name, one, twice) for name, one in zip(names, each, strict=True)]


def _of_marker(name: str, ac2: Answer, twice: Mapping[tuple[str, str, str], Mapping[str, str]]) -> Together:
    pairs = [(told[name], told[other]) for told in twice.values() if name in told for other in told if other != name]
    return Together(name, len({file[:2] for file, told in twice.items() if name in told}), _share_same(pairs), ac2)


def _share_same(pairs: Sequence[tuple[str, str]]) -> float:
    return sum(one == other for one, other in pairs) / len(pairs) if pairs else 0.0


def _rows(
    asked: QuestionSet, given: Iterable[tuple[tuple[str, str, str], tuple[str | None, ...]]]
) -> list[tuple[tuple[str, str, str], tuple[int | None, ...]]]:
    """Answers of several questions as places on one ladder of three, from the lowest; answers without a place in the
    order are gaps, and rows that have fewer than two answers left are left out."""
    found = []
    for file, told in given:
        question = asked.question(file[2])
        order = tuple(reversed(GRADES)) if question is not None and question.graded else ORDER
        places = tuple(order.index(one) if one in order else None for one in told)
        if sum(one is not None for one in places) > 1:
            found.append((file, places))
    return found


def _agreed(question: Question, held: Sequence[Mark]) -> Agreed:
    first, second = (_answers([mark for mark in held if mark["marking_round"] == turn]) for turn in READINGS)
    twice = [file for file in first if file[2] == question.key and file in second]
    same = sum(first[file] == second[file] for file in twice) / len(twice) if twice else 0.0
    pairs, counts = pairs_of(question, first, second), isinstance(question, CountQuestion)
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


def pairs_of(question: Question, first: Answers, second: Answers) -> Marks:
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
