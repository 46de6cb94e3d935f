"""What do the marks say of all the files that might have been read, force by force, and how sure is that?

One answer a file and question: the adjudicated one if there is one, else the first marker's. The share is of files in
which the question arose and the file told: met (or good) among met, partly met and not met. What nobody could mark, and
what did not arise, is counted beside it, never taken for a no. Files that were never found are told as bounds.

How many records of a stratum a question arises in is not known without reading all of them: it is estimated from the
files that were read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.casefiles.file_allocation import design_of, marks_of, missing_of
from assay.casefiles.file_sampling import replace_missing, strata_of
from assay.casefiles.ratings import Mark, of_inspectors
from assay.casefiles.sample_designs import Design
from assay.casefiles.sample_drawing import Chosen, Opened
from assay.contract.question_sets import GRADES, MARKS, NOT_APPLICABLE, NOT_ENOUGH, Question
from assay.indicators import EVERYWHERE
from assay.indicators.question_set_catalogue import question_set
from assay.stats.binomial_intervals import wilson
from assay.stats.hierarchical_posterior import FEWEST_UNITS
from assay.stats.interval_estimates import Answer, unanswered
from assay.stats.samples.domain_estimates import domain_shares
from assay.stats.samples.nonresponse import Answered as Counted
from assay.stats.samples.nonresponse import share_with_missing
from assay.stats.samples.sample_sizes import two_stage_effect
from assay.stats.samples.stratified_sampling import Stratum, stratified_share
from assay.stats.samples.two_stage_sampling import two_stage_share
from assay.stats.samples.unequal_probability import domain_share, drawn
from assay.wording import counted

FILES_TODAY, FORCES_TODAY = 52, 6
"""How many files the inspection of 2023 read, and in how many forces."""
LIKENESS = 0.1
"""The correlation of two files of one force, as far as it is assumed before any is read."""
WORTH_TODAY = FILES_TODAY / two_stage_effect(FILES_TODAY / FORCES_TODAY, LIKENESS)
"""How many files drawn by equal chance would tell as much: files of one force are alike."""
NOTHING_TOLD = "No file told: nothing can be said."
ROUNDS = ("adjudicated", "first", "second")
File = tuple[str, str]


@dataclass(frozen=True)
class Result:
    """What the marks of one question say of one place: counts of answers; the share that was met (or good) with its
    interval; the same drawn in towards other forces; the bounds if the files that are not known were all one way."""

    question: Question
    place: str
    answers: Mapping[str, int]
    files: int
    missing: int
    share: Answer
    pooled: Answer
    bounds: Answer

    @property
    def base(self) -> int:
        """Files in which the question arose and the file told."""
        return sum(number for answer, number in self.answers.items() if answer not in (NOT_ENOUGH, NOT_APPLICABLE))

    @property
    def today(self) -> tuple[float, float] | None:
        """The interval that 52 files in six forces would have left around the same share."""
        if self.share.value is None:
            return None
        return wilson(WORTH_TODAY * self.share.value, WORTH_TODAY)


def results(folder: Path, key: str, questions: str) -> list[Result]:
    """Every question that is answered in words, of all forces together and of each; EvidenceError where the chain of
    marks is broken."""
    design, asked = design_of(folder, key), question_set(questions)
    found = replace_missing(folder, key, missing_of(folder, key, questions))
    marks = of_inspectors(marks_of(folder, key, questions))
    records = dict(strata_of(folder, key))
    return [
        one
        for question in asked.questions
        if question.in_words
        for one in of_question(question, design, found, records, answers_to(marks, question.key))
    ]


def answers_to(marks: Iterable[Mark], question: str) -> dict[File, str]:
    """The one answer of every file to a question: the adjudicated, else the first, else the second."""
    best: dict[File, tuple[int, str]] = {}
    for mark in marks:
        if mark["question"] == question:
            file = (str(mark["force_code"]), str(mark["subject_ref"]))
            told = (ROUNDS.index(str(mark["marking_round"])), str(mark["answer"]))
            best[file] = min(best.get(file, told), told)
    return {file: answer for file, (_, answer) in best.items()}


def of_question(
    question: Question, design: Design, found: Opened, records: Mapping[str, int], answers: Mapping[File, str]
) -> list[Result]:
    """What the marks of one question say of all forces together, and of each force that was read.

    `records`: how many each stratum has; `answers`: by (force_code, subject_ref).
    """
    codes = sorted({one.force_code for one in found.files})
    whole = [_result(question, EVERYWHERE, design, found, records, answers)]
    held = {code: (within(found, code), records_within(found, code, records)) for code in codes}
    each = [_result(question, code, design, *held[code], answers) for code in codes]
    return [*whole, *_pooled(each, design, {code: list(strata_told(*held[code], answers).values()) for code in codes})]


def _result(
    question: Question,
    place: str,
    design: Design,
    found: Opened,
    records: Mapping[str, int],
    answers: Mapping[File, str],
) -> Result:
    told = Counter(answers[file_of(one)] for one in found.files if file_of(one) in answers)
    ladder = GRADES if question.graded else MARKS
    strata = list(strata_told(found, records, answers).values())
    share = _share(design, place, strata, found, records, answers)
    return Result(
        question=question,
        place=place,
        answers={answer: told[answer] for answer in ladder},
        files=len(found.files),
        missing=len(found.missing),
        share=share,
        pooled=share,
        bounds=_bounds(found, records, answers),
    )


def _share(
    design: Design,
    place: str,
    strata: Sequence[Stratum],
    found: Opened,
    records: Mapping[str, int],
    answers: Mapping[File, str],
) -> Answer:
    if not answers or not strata:
        return unanswered(NOTHING_TOLD)
    if silent := unread(found, answers):
        return unanswered(silent)
    if design.sized_by:
        files = [one for one in found.files if file_of(one) in answers]
        yes = [float(was_met(answers[file_of(one)])) for one in files]
        inside = [float(arose(answers[file_of(one)])) for one in files]
        chances = list(chances_marked(found, files).values())
        return domain_share(yes, inside, drawn(chances, strata=[one.stratum for one in files]))
    if design.forces and place == EVERYWHERE:
        return two_stage_share(len(records), strata)
    return stratified_share(strata)


def strata_told(found: Opened, records: Mapping[str, int], answers: Mapping[File, str]) -> dict[str, Stratum]:
    """Each stratum as far as its files told: its size is the part of its records in which the question arises."""
    made = {}
    for stratum in dict.fromkeys(one.stratum for one in found.files):
        marked = [answers[file_of(one)] for one in found.files if one.stratum == stratum and file_of(one) in answers]
        inside = [answer for answer in marked if arose(answer)]
        if inside:
            size = max(round(records[stratum] * len(inside) / len(marked)), len(inside))
            made[stratum] = Stratum(size, len(inside), sum(was_met(answer) for answer in inside))
    return made


def unread(found: Opened, answers: Collection[File]) -> str:
    """Why nothing is said where a stratum has no file that is marked: it could hold anything. '' where all have."""
    strata = dict.fromkeys(one.stratum for one in (*found.files, *found.missing))
    read = {one.stratum for one in found.files if file_of(one) in answers}
    silent = sum(stratum not in read for stratum in strata)
    if not silent:
        return ""
    return f"From {silent} of {counted(len(strata), 'stratum', 'strata')} no file is marked: only bounds are known."


def _bounds(found: Opened, records: Mapping[str, int], answers: Mapping[File, str]) -> Answer:
    """What is possible whatever the files hold that were not found, or are not marked."""
    counted = []
    for stratum in dict.fromkeys(one.stratum for one in (*found.files, *found.missing)):
        mine = [one for one in (*found.files, *found.missing) if one.stratum == stratum]
        marked = [answers[file_of(one)] for one in mine if file_of(one) in answers]
        inside = [answer for answer in marked if arose(answer)]
        open_files = len(mine) - len(marked)
        if inside or open_files:
            part = len(inside) / len(marked) if marked else 1.0
            asked = len(inside) + round(open_files * part)
            size = max(round(records[stratum] * part), asked)
            counted.append(Counted(size, asked, len(inside), sum(was_met(answer) for answer in inside)))
    return share_with_missing(counted).bounds if counted else unanswered("No file was drawn.")


def _pooled(each: Sequence[Result], design: Design, strata: Mapping[str, Sequence[Stratum]]) -> list[Result]:
    """Forces drawn in towards one another as far as their own files are few; not where chances went by size."""
    told = [one for one in each if strata[one.place] and one.share.value is not None]
    if design.sized_by or len(told) < FEWEST_UNITS:
        return list(each)
    shares = domain_shares([strata[one.place] for one in told])
    by_place = {one.place: answer.pooled for one, answer in zip(told, shares.each, strict=True)}
    return [_with(one, by_place.get(one.place, one.pooled)) for one in each]


def _with(one: Result, pooled: Answer) -> Result:
    return Result(one.question, one.place, one.answers, one.files, one.missing, one.share, pooled, one.bounds)


def within(found: Opened, code: str) -> Opened:
    """What was opened in one force."""
    files, missing = (tuple(one for one in held if one.force_code == code) for held in (found.files, found.missing))
    return Opened(files, missing, found.short)


def records_within(found: Opened, code: str, records: Mapping[str, int]) -> dict[str, int]:
    """How many records of one force each stratum has; where a stratum lies in several forces, as its files say."""
    opened = [*found.files, *found.missing]
    sizes = {}
    for stratum, size in records.items():
        mine = [one.force_code == code for one in opened if one.stratum == stratum]
        if sum(mine):
            sizes[stratum] = max(round(size * sum(mine) / len(mine)), sum(mine))
    return sizes


def chances_marked(found: Opened, marked: Sequence[Chosen]) -> dict[Chosen, float]:
    """The chance of each file to be drawn and marked: those of a stratum that were marked stand for all that were
    opened there."""
    opened = Counter(one.stratum for one in (*found.files, *found.missing))
    of_marked = Counter(one.stratum for one in marked)
    part = {stratum: number / opened[stratum] for stratum, number in of_marked.items()}
    return {one: float(one.chance * one.chance_of_force) * part[one.stratum] for one in marked}


def file_of(one: Chosen) -> File:
    """By what the marks of a file name it."""
    return one.force_code, one.subject_ref


def arose(answer: str) -> bool:
    """Whether the question arose, and the file told."""
    return answer not in (NOT_ENOUGH, NOT_APPLICABLE)


def was_met(answer: str) -> bool:
    """Whether it was met, or good."""
    return answer in (MARKS[0], GRADES[0])
