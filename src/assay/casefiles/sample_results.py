"""Estimates from sampled files for all files: stratified shares by force, shrunken estimates and missing-data bounds.

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

from assay.casefiles.file_allocation import design_of, missing_of, sample_ratings
from assay.casefiles.file_sampling import replace_missing, strata_of
from assay.casefiles.ratings import Rating, inspector_ratings
from assay.casefiles.sample_designs import Design
from assay.casefiles.sample_drawing import FilesToRead, SampledFile
from assay.contract.question_sets import ANSWERS, GRADES, NOT_APPLICABLE, NOT_ENOUGH, Question
from assay.indicators import EVERYWHERE
from assay.indicators.question_set_catalogue import question_set
from assay.stats.binomial_intervals import wilson
from assay.stats.hierarchical_posterior import FEWEST_UNITS
from assay.stats.interval_estimates import IntervalEstimate, missing_estimate
from assay.stats.samples.domain_estimates import domain_shares
from assay.stats.samples.nonresponse import StratumResponse as Counted
from assay.stats.samples.nonresponse import share_with_missing
from assay.stats.samples.sample_sizes import cluster_design_effect
from assay.stats.samples.stratified_sampling import Stratum, stratified_share
from assay.stats.samples.two_stage_sampling import two_stage_share
from assay.stats.samples.unequal_probability import domain_share, unequal_probability_sample
from assay.wording import count_phrase

FILES_TODAY, FORCES_TODAY = 52, 6
"""How many files the inspection of 2023 read, and in how many forces."""
INTRA_CLUSTER_CORRELATION = 0.1
"""The correlation of two files of one force, as far as it is assumed before any is read."""
EFFECTIVE_FILES_TODAY = FILES_TODAY / cluster_design_effect(FILES_TODAY / FORCES_TODAY, INTRA_CLUSTER_CORRELATION)
"""How many files drawn by equal chance would tell as much: files of one force are alike."""
NO_EVIDENCE = "No file told: nothing can be said."
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
    share: IntervalEstimate
    pooled: IntervalEstimate
    bounds: IntervalEstimate

    @property
    def base(self) -> int:
        """Files in which the question arose and the file told."""
        return sum(number for answer, number in self.answers.items() if answer not in (NOT_ENOUGH, NOT_APPLICABLE))

    @property
    def today(self) -> tuple[float, float] | None:
        """The interval that 52 files in six forces would have left around the same share."""
        if self.share.value is None:
            return None
        return wilson(EFFECTIVE_FILES_TODAY * self.share.value, EFFECTIVE_FILES_TODAY)


def results(folder: Path, key: str, questions: str) -> list[Result]:
    """Every question that is answered in words, of all forces together and of each; EvidenceError where the chain of
    marks is broken."""
    design, instrument = design_of(folder, key), question_set(questions)
    found = replace_missing(folder, key, missing_of(folder, key, questions))
    ratings = inspector_ratings(sample_ratings(folder, key, questions))
    records = dict(strata_of(folder, key))
    return [
        result
        for question in instrument.questions
        if question.has_ladder_answer
        for result in question_results(question, design, found, records, answers_to(ratings, question.key))
    ]


def answers_to(ratings: Iterable[Rating], question: str) -> dict[File, str]:
    """The answer of every file to one question: adjudicated, else first, else second reading."""
    best: dict[File, tuple[int, str]] = {}
    for rating in ratings:
        if rating["question"] == question:
            file = (str(rating["force_code"]), str(rating["subject_ref"]))
            candidate = (ROUNDS.index(str(rating["marking_round"])), str(rating["answer"]))
            best[file] = min(best.get(file, candidate), candidate)
    return {file: answer for file, (_, answer) in best.items()}


def question_results(
    question: Question, design: Design, found: FilesToRead, records: Mapping[str, int], answers: Mapping[File, str]
) -> list[Result]:
    """Results of one question for all forces combined and each force that was read.

    `records`: how many each stratum has; `answers`: by (force_code, subject_ref).
    """
    codes = sorted({sampled_file.force_code for sampled_file in found.files})
    whole = [_result(question, EVERYWHERE, design, found, records, answers)]
    files_by_force = {code: (files_of_force(found, code), records_of_force(found, code, records)) for code in codes}
    force_results = [_result(question, code, design, *files_by_force[code], answers) for code in codes]
    return [
        *whole,
        *_shrink_forces(
            force_results,
            design,
            {code: list(informative_strata(*files_by_force[code], answers).values()) for code in codes},
        ),
    ]


def _result(
    question: Question,
    place: str,
    design: Design,
    found: FilesToRead,
    records: Mapping[str, int],
    answers: Mapping[File, str],
) -> Result:
    answer_counts = Counter(
        answers[sampled_file_key(sampled_file)]
        for sampled_file in found.files
        if sampled_file_key(sampled_file) in answers
    )
    ladder = GRADES if question.is_graded else ANSWERS
    strata = list(informative_strata(found, records, answers).values())
    share = _share(design, place, strata, found, records, answers)
    return Result(
        question=question,
        place=place,
        answers={answer: answer_counts[answer] for answer in ladder},
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
    found: FilesToRead,
    records: Mapping[str, int],
    answers: Mapping[File, str],
) -> IntervalEstimate:
    if not answers or not strata:
        return missing_estimate(NO_EVIDENCE)
    if silent := reason_unread(found, answers):
        return missing_estimate(silent)
    if design.sized_by:
        files = [sampled_file for sampled_file in found.files if sampled_file_key(sampled_file) in answers]
        yes = [float(is_met(answers[sampled_file_key(sampled_file)])) for sampled_file in files]
        inside = [float(is_applicable(answers[sampled_file_key(sampled_file)])) for sampled_file in files]
        probabilities = list(rating_probabilities(found, files).values())
        return domain_share(
            yes,
            inside,
            unequal_probability_sample(probabilities, strata=[sampled_file.stratum for sampled_file in files]),
        )
    if design.forces and place == EVERYWHERE:
        return two_stage_share(len(records), strata)
    return stratified_share(strata)


def informative_strata(
    found: FilesToRead, records: Mapping[str, int], answers: Mapping[File, str]
) -> dict[str, Stratum]:
    """Each stratum with its informative files; its size is the part of its records to which the question applies."""
    strata = {}
    for stratum in dict.fromkeys(sampled_file.stratum for sampled_file in found.files):
        marked = [
            answers[sampled_file_key(sampled_file)]
            for sampled_file in found.files
            if sampled_file.stratum == stratum and sampled_file_key(sampled_file) in answers
        ]
        inside = [answer for answer in marked if is_applicable(answer)]
        if inside:
            size = max(round(records[stratum] * len(inside) / len(marked)), len(inside))
            strata[stratum] = Stratum(size, len(inside), sum(is_met(answer) for answer in inside))
    return strata


def reason_unread(found: FilesToRead, answers: Collection[File]) -> str:
    """The reason why there is no estimate if a stratum has no rated file; '' if all have one."""
    strata = dict.fromkeys(sampled_file.stratum for sampled_file in (*found.files, *found.missing))
    read = {sampled_file.stratum for sampled_file in found.files if sampled_file_key(sampled_file) in answers}
    n_unread = sum(stratum not in read for stratum in strata)
    if not n_unread:
        return ""
    return (
        f"From {n_unread} of {count_phrase(len(strata), 'stratum', 'strata')} no file is marked: only bounds are known."
    )


def _bounds(found: FilesToRead, records: Mapping[str, int], answers: Mapping[File, str]) -> IntervalEstimate:
    """Missing-data bounds: the share over all possible answers of missing or unrated files."""
    counted_strata = []
    for stratum in dict.fromkeys(sampled_file.stratum for sampled_file in (*found.files, *found.missing)):
        stratum_files = [
            sampled_file for sampled_file in (*found.files, *found.missing) if sampled_file.stratum == stratum
        ]
        marked = [
            answers[sampled_file_key(sampled_file)]
            for sampled_file in stratum_files
            if sampled_file_key(sampled_file) in answers
        ]
        inside = [answer for answer in marked if is_applicable(answer)]
        open_files = len(stratum_files) - len(marked)
        if inside or open_files:
            part = len(inside) / len(marked) if marked else 1.0
            n_applicable = len(inside) + round(open_files * part)
            size = max(round(records[stratum] * part), n_applicable)
            counted_strata.append(Counted(size, n_applicable, len(inside), sum(is_met(answer) for answer in inside)))
    return share_with_missing(counted_strata).bounds if counted_strata else missing_estimate("No file was drawn.")


def _shrink_forces(
    force_results: Sequence[Result], design: Design, strata: Mapping[str, Sequence[Stratum]]
) -> list[Result]:
    """Shrunken force estimates (hierarchical model of domains), where forces have few files; not for size sampling."""
    with_share = [result for result in force_results if strata[result.place] and result.share.value is not None]
    if design.sized_by or len(with_share) < FEWEST_UNITS:
        return list(force_results)
    shares = domain_shares([strata[result.place] for result in with_share])
    by_place = {result.place: answer.pooled for result, answer in zip(with_share, shares.domains, strict=True)}
    return [_replace_pooled(result, by_place.get(result.place, result.pooled)) for result in force_results]


def _replace_pooled(result: Result, pooled: IntervalEstimate) -> Result:
    return Result(
        result.question, result.place, result.answers, result.files, result.missing, result.share, pooled, result.bounds
    )


def files_of_force(found: FilesToRead, code: str) -> FilesToRead:
    """What was opened in one force."""
    files, missing = (
        tuple(sampled_file for sampled_file in file_group if sampled_file.force_code == code)
        for file_group in (found.files, found.missing)
    )
    return FilesToRead(files, missing, found.short)


def records_of_force(found: FilesToRead, code: str, records: Mapping[str, int]) -> dict[str, int]:
    """How many records of one force each stratum has; where a stratum lies in several forces, as its files say."""
    opened = [*found.files, *found.missing]
    sizes = {}
    for stratum, size in records.items():
        in_force = [sampled_file.force_code == code for sampled_file in opened if sampled_file.stratum == stratum]
        if sum(in_force):
            sizes[stratum] = max(round(size * sum(in_force) / len(in_force)), sum(in_force))
    return sizes


def rating_probabilities(found: FilesToRead, marked: Sequence[SampledFile]) -> dict[SampledFile, float]:
    """Probability of each file to be sampled and rated: rated files stand for all of their stratum."""
    opened = Counter(sampled_file.stratum for sampled_file in (*found.files, *found.missing))
    rated_counts = Counter(sampled_file.stratum for sampled_file in marked)
    part = {stratum: number / opened[stratum] for stratum, number in rated_counts.items()}
    return {
        sampled_file: float(sampled_file.chance * sampled_file.chance_of_force) * part[sampled_file.stratum]
        for sampled_file in marked
    }


def sampled_file_key(sampled_file: SampledFile) -> File:
    """By what the marks of a file name it."""
    return sampled_file.force_code, sampled_file.subject_ref


def is_applicable(answer: str) -> bool:
    """Whether the question arose, and the file told."""
    return answer not in (NOT_ENOUGH, NOT_APPLICABLE)


def is_met(answer: str) -> bool:
    """Whether it was met, or good."""
    return answer in (ANSWERS[0], GRADES[0])
