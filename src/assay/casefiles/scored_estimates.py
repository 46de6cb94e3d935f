"""Estimate answers for all records from a sample drawn by score: stratified, with a prediction-powered check.

The main estimate is stratified: it depends on known inclusion probabilities and not on the quality of the score. The
check is prediction-powered: it combines the ratings with the scores of all records. The largest number that the band
with the lowest scores may still contain is given as well, because no score can exclude it. Records without a score are
a band of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from assay.casefiles.file_allocation import design_of, missing_of, sample_ratings
from assay.casefiles.file_sampling import replace_missing, scores_of, strata_of
from assay.casefiles.ratings import inspector_ratings
from assay.casefiles.result_sentences import answer_text
from assay.casefiles.sample_designs import Design
from assay.casefiles.sample_drawing import FilesToRead
from assay.casefiles.sample_results import (
    NO_EVIDENCE,
    File,
    answers_to,
    informative_strata,
    is_applicable,
    is_met,
    reason_unread,
    sampled_file_key,
)
from assay.casefiles.sampling_frames import SEPARATOR, SUBJECT, bands_of
from assay.contract.question_sets import Question
from assay.indicators.question_set_catalogue import question_set
from assay.stats.interval_estimates import IntervalEstimate, missing_estimate
from assay.stats.samples.prediction_powered import SampledBand, maximum_remaining, prediction_powered, sampled_band
from assay.stats.samples.stratified_sampling import stratified_share
from assay.wording import count_phrase, format_number

ASSUMPTIONS = (
    "the inclusion probabilities are known. Nothing is assumed about the score: a bad score only widens the interval."
)
CHECK_ASSUMPTIONS = (
    "the score and the ratings are related in unread records as in the records that were read. Its "
    "interval is a normal approximation, which covers too little if few cases are found."
)
CONTRADICTION_NOTE = "The two estimates contradict each other: look at the bands before you use either."


@dataclass(frozen=True)
class ScoreBand:
    """One band of the score, with its numbers of records, files read, files with an answer, and files answered met."""

    name: str
    records: int
    read: int
    answered: int
    met: int


@dataclass(frozen=True)
class ScoredEstimate:
    """Estimates of one question over all records of a sample that was drawn by score."""

    question: Question
    bands: tuple[ScoreBand, ...]
    share: IntervalEstimate
    check: IntervalEstimate
    lowest_band_maximum: int

    @property
    def records(self) -> int:
        """Number of records to which the estimate applies."""
        return sum(score_band.records for score_band in self.bands)

    @property
    def contradicts(self) -> bool:
        """Return True if neither estimate lies in the interval of the other."""
        return not (_is_inside(self.share.value, self.check) or _is_inside(self.check.value, self.share))

    def as_dict(self) -> dict[str, Any]:
        """Return the result as JSON-ready values."""
        bands = [vars(score_band) for score_band in self.bands]
        identity = {"question": self.question.key, "records": self.records, "bands": bands, "apart": self.contradicts}
        share = {**vars(self.share), "assumptions": ASSUMPTIONS}
        check = {**vars(self.check), "assumptions": CHECK_ASSUMPTIONS}
        return {**identity, "share": share, "prediction_powered": check, "lowest_band_most": self.lowest_band_maximum}

    def summary_lines(self) -> list[str]:
        """Return the result as lines for a terminal."""
        low = self.bands[0]
        lines = [
            (
                f"{self.question.key}, of all {count_phrase(self.records, 'record')} by their score: "
                f"{answer_text(self.share)}; "
                f"prediction-powered, beside it: {answer_text(self.check)}."
            ),
            f"  {low.name}: {low.met} of {low.answered} with an answer; at most "
            f"{format_number(self.lowest_band_maximum)} of {format_number(low.records)} may be so.",
        ]
        return [*lines, f"  {CONTRADICTION_NOTE}"] if self.contradicts else lines


def scored_estimates(folder: Path, key: str, questions: str) -> list[ScoredEstimate]:
    """Return the estimates for every question with the answers met to not met; none if the design uses no score."""
    design = design_of(folder, key)
    if not design.score:
        return []
    found = replace_missing(folder, key, missing_of(folder, key, questions))
    ratings = inspector_ratings(sample_ratings(folder, key, questions))
    records, scores = dict(strata_of(folder, key)), scores_of(folder, key)
    return [
        estimate_question(question, design, found, records, scores, answers_to(ratings, question.key))
        for question in question_set(questions).questions
        if question.has_ladder_answer
    ]


def estimate_question(
    question: Question,
    design: Design,
    found: FilesToRead,
    records: Mapping[str, int],
    scores: pl.DataFrame,
    answers: Mapping[File, str],
) -> ScoredEstimate:
    """Estimate the answer to one question from the scores of all records and the answers in rated files."""
    strata = informative_strata(found, records, answers)
    names = {stratum: stratum.split(SEPARATOR)[design.strata.index(design.score)] for stratum in records}
    bands = [_band(name, names, found, records, answers) for name in bands_of(design, design.score)]
    filled_bands = tuple(score_band for score_band in bands if score_band.records)
    lowest = [stratum for stratum, name in names.items() if name == filled_bands[0].name]
    unmarked = sum(records[stratum] for stratum in lowest if stratum not in strata)
    silent = reason_unread(found, answers) if strata else NO_EVIDENCE
    return ScoredEstimate(
        question=question,
        bands=filled_bands,
        share=missing_estimate(silent) if silent else stratified_share(list(strata.values())),
        check=missing_estimate(silent) if silent else _check(found, scores, answers),
        lowest_band_maximum=maximum_remaining([strata[stratum] for stratum in lowest if stratum in strata]) + unmarked,
    )


def _band(
    name: str, names: Mapping[str, str], found: FilesToRead, records: Mapping[str, int], answers: Mapping[File, str]
) -> ScoreBand:
    band_answers = [
        answers[sampled_file_key(sampled_file)]
        for sampled_file in found.files
        if names[sampled_file.stratum] == name and sampled_file_key(sampled_file) in answers
    ]
    whole = sum(size for stratum, size in records.items() if names[stratum] == name)
    read = sum(names[sampled_file.stratum] == name for sampled_file in found.files)
    return ScoreBand(name, whole, read, sum(map(is_applicable, band_answers)), sum(map(is_met, band_answers)))


def _check(found: FilesToRead, scores: pl.DataFrame, answers: Mapping[File, str]) -> IntervalEstimate:
    """Return the prediction-powered estimate of the share, if every stratum has a rated file."""
    marked = {file: answers[file] for file in map(sampled_file_key, found.files) if file in answers}
    schema = {**dict.fromkeys(SUBJECT, pl.String), "answer": pl.String}
    answer_table = pl.DataFrame([(*file, answer) for file, answer in marked.items()], schema, orient="row")
    by_stratum = scores.partition_by("stratum", as_dict=True)
    strata = dict.fromkeys(sampled_file.stratum for sampled_file in found.files)
    return prediction_powered([_as_band(by_stratum.get((name,), scores.clear()), answer_table) for name in strata])


def _as_band(stratum_scores: pl.DataFrame, answer_table: pl.DataFrame) -> SampledBand:
    """Return scores and answers of one stratum; records without a score get a constant."""
    marked = stratum_scores.with_row_index("place").join(answer_table, on=SUBJECT, how="inner").sort("place")
    answers = marked["answer"].to_list()
    values = stratum_scores["score"].fill_null(0.0).to_numpy()
    return sampled_band(
        values, marked["place"].to_numpy(), list(map(is_met, answers)), list(map(is_applicable, answers))
    )


def _is_inside(value: float | None, other: IntervalEstimate) -> bool:
    """Return True if a value lies in an interval, or if either is not known."""
    return value is None or other.low is None or other.high is None or other.low <= value <= other.high
