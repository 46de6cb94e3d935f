"""Estimates for all files from a sample: stratified shares by force, shrunken estimates and missing-data bounds.

Each file and question has one answer: the adjudicated one if there is one, otherwise that of the first rater. The share
is met (or good) / (met + partly met + not met). "Not known" and "not applicable" are counted separately and never
treated as not met. Files that were not found give missing-data bounds.

The number of records of a stratum to which a question applies is not known without reading all of them, so it is
estimated from the files that were read.
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
from assay.stats.samples.nonresponse import StratumResponse, nonresponse_share
from assay.stats.samples.sample_sizes import cluster_design_effect
from assay.stats.samples.stratified_sampling import Stratum, stratified_share
from assay.stats.samples.two_stage_sampling import two_stage_share
from assay.stats.samples.unequal_probability import domain_share, unequal_probability_sample
from assay.wording import count_phrase

FILES_TODAY, FORCES_TODAY = 52, 6
"""The number of files that the inspection of 2023 read, and of forces."""
INTRA_CLUSTER_CORRELATION = 0.1
"""The intra-cluster correlation of files of one force that is assumed before any is read."""
EFFECTIVE_FILES_TODAY = FILES_TODAY / cluster_design_effect(FILES_TODAY / FORCES_TODAY, INTRA_CLUSTER_CORRELATION)
"""The effective sample size of these files, because files of one force are correlated."""
NO_EVIDENCE = "No file gives an answer, so there is no estimate."
ROUNDS = ("adjudicated", "first", "second")
File = tuple[str, str]


@dataclass(frozen=True)
class Result:
    """The results of one question in one place.

    Parameters
    ----------
    answers
        Counts of answers.
    share
        Estimated share of met (or good), with its interval.
    pooled
        Shrunken estimate of the share.
    bounds
        Missing-data bounds of the share.
    """

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
        """The number of files that have an answer: the question applies to them, and there is enough evidence."""
        return sum(number for answer, number in self.answers.items() if answer not in (NOT_ENOUGH, NOT_APPLICABLE))

    @property
    def today(self) -> tuple[float, float] | None:
        """Confidence interval that this share would have in an inspection of today's size (52 files in six forces)."""
        if self.share.value is None:
            return None
        return wilson(EFFECTIVE_FILES_TODAY * self.share.value, EFFECTIVE_FILES_TODAY)


def results(folder: Path, key: str, questions: str) -> list[Result]:
    """Return the results of every question with ladder answers; raise EvidenceError if the chain is broken."""
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
    """Return the answer of every file to one question, from its adjudicated, else first, else second rating."""
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
    """Return the results of one question, for all forces together and for each force whose files were read.

    `records` has the number of records by stratum, `answers` the answers by (force_code, subject_ref).
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
    """Return the strata with their rated files; the size of a stratum is its number of records in scope."""
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
    """Return the reason why there is no estimate if a stratum has no rated file; '' if every stratum has one."""
    strata = dict.fromkeys(sampled_file.stratum for sampled_file in (*found.files, *found.missing))
    read = {sampled_file.stratum for sampled_file in found.files if sampled_file_key(sampled_file) in answers}
    n_unread = sum(stratum not in read for stratum in strata)
    if not n_unread:
        return ""
    return (
        f"From {n_unread} of {count_phrase(len(strata), 'stratum', 'strata')} no file is rated: only bounds are known."
    )


def _bounds(found: FilesToRead, records: Mapping[str, int], answers: Mapping[File, str]) -> IntervalEstimate:
    """Return missing-data bounds: the share over all possible answers of missing or unrated files."""
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
            counted_strata.append(
                StratumResponse(size, n_applicable, len(inside), sum(is_met(answer) for answer in inside))
            )
    return nonresponse_share(counted_strata).bounds if counted_strata else missing_estimate("No file was drawn.")


def _shrink_forces(
    force_results: Sequence[Result], design: Design, strata: Mapping[str, Sequence[Stratum]]
) -> list[Result]:
    """Add shrunken estimates of forces with few files (hierarchical model of domains); not for size sampling."""
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
    """Return the files of one force: those to read, and those that could not be found."""
    files, missing = (
        tuple(sampled_file for sampled_file in file_group if sampled_file.force_code == code)
        for file_group in (found.files, found.missing)
    )
    return FilesToRead(files, missing, found.short)


def records_of_force(found: FilesToRead, code: str, records: Mapping[str, int]) -> dict[str, int]:
    """Return the number of records of one force by stratum.

    If a stratum is in several forces, the number is estimated from its files.
    """
    opened = [*found.files, *found.missing]
    sizes = {}
    for stratum, size in records.items():
        in_force = [sampled_file.force_code == code for sampled_file in opened if sampled_file.stratum == stratum]
        if sum(in_force):
            sizes[stratum] = max(round(size * sum(in_force) / len(in_force)), sum(in_force))
    return sizes


def rating_probabilities(found: FilesToRead, marked: Sequence[SampledFile]) -> dict[SampledFile, float]:
    """Return the probability of each file to be sampled and rated; the rated files represent all of their stratum."""
    opened = Counter(sampled_file.stratum for sampled_file in (*found.files, *found.missing))
    rated_counts = Counter(sampled_file.stratum for sampled_file in marked)
    part = {stratum: number / opened[stratum] for stratum, number in rated_counts.items()}
    return {
        sampled_file: float(sampled_file.chance * sampled_file.chance_of_force) * part[sampled_file.stratum]
        for sampled_file in marked
    }


def sampled_file_key(sampled_file: SampledFile) -> File:
    """Return the key by which ratings refer to a sampled file."""
    return sampled_file.force_code, sampled_file.subject_ref


def is_applicable(answer: str) -> bool:
    """Return True if the answer of a file says that the question applies to it and can be answered."""
    return answer not in (NOT_ENOUGH, NOT_APPLICABLE)


def is_met(answer: str) -> bool:
    """Return True if the answer is ‘met’ or ‘good’."""
    return answer in (ANSWERS[0], GRADES[0])
