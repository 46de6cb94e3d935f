"""What do the marks of a few say of all records, where a score of every record made the bands they were drawn from?

The figure is that of strata: it leans on chances that are known, and on nothing of the score. Beside it stands what the
score makes of the same marks (prediction-powered), as a cross-check, and what the band with the lowest scores may still
hold, which no score can exclude. Records without a score are a band of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from assay.casefiles.file_allocation import design_of, marks_of, missing_of
from assay.casefiles.file_sampling import replace_missing, scores_of, strata_of
from assay.casefiles.ratings import of_inspectors
from assay.casefiles.result_sentences import said
from assay.casefiles.sample_designs import Design
from assay.casefiles.sample_drawing import Opened
from assay.casefiles.sample_results import NOTHING_TOLD, File, answers_to, arose, file_of, strata_told, unread, was_met
from assay.casefiles.sampling_frames import BETWEEN, SUBJECT, bands_of
from assay.contract.question_sets import Question
from assay.indicators.question_set_catalogue import question_set
from assay.stats.interval_estimates import Answer, unanswered
from assay.stats.samples.prediction_powered import Band, band, most_left, prediction_powered
from assay.stats.samples.stratified_sampling import stratified_share
from assay.wording import counted, number

LEANS_ON = "Chances of being drawn that are known; on nothing of the score, since a bad one only widens the interval."
CHECK_LEANS_ON = (
    "The score going with the marks among records that nobody read as among those that were; its interval is normal, "
    "and covers too little where finds are few."
)
APART = "The two lie apart: look at the bands before either is used."


@dataclass(frozen=True)
class BandRead:
    """One band of the score: its records, the files that were read, those that told, and those where it was met."""

    name: str
    records: int
    read: int
    told: int
    met: int


@dataclass(frozen=True)
class Scored:
    """One question over all records: the figure of the bands; the cross-check; the bands that have records, from the
    lowest score up, those without a score last; and how many records of the lowest may have it."""

    question: Question
    bands: tuple[BandRead, ...]
    share: Answer
    check: Answer
    lowest_most: int

    @property
    def records(self) -> int:
        """How many records the figure speaks of."""
        return sum(one.records for one in self.bands)

    @property
    def apart(self) -> bool:
        """Whether figure and cross-check contradict one another: neither lies in the interval of the other."""
        return not (_within(self.share.value, self.check) or _within(self.check.value, self.share))

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        bands = [vars(one) for one in self.bands]
        told = {"question": self.question.key, "records": self.records, "bands": bands, "apart": self.apart}
        share = {**vars(self.share), "leans_on": LEANS_ON}
        check = {**vars(self.check), "leans_on": CHECK_LEANS_ON}
        return {**told, "share": share, "prediction_powered": check, "lowest_band_most": self.lowest_most}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        low = self.bands[0]
        lines = [
            f"{self.question.key}, of all {counted(self.records, 'record')} by their score: {said(self.share)}; "
            f"prediction-powered, beside it: {said(self.check)}.",
            f"  {low.name}: {low.met} of {low.told} that told; at most {number(self.lowest_most)} of "
            f"{number(low.records)} may be so.",
        ]
        return [*lines, f"  {APART}"] if self.apart else lines


def scored(folder: Path, key: str, questions: str) -> list[Scored]:
    """Every question that is answered in words, over all records; none where the design is by no score."""
    design = design_of(folder, key)
    if not design.score:
        return []
    found = replace_missing(folder, key, missing_of(folder, key, questions))
    marks = of_inspectors(marks_of(folder, key, questions))
    records, scores = dict(strata_of(folder, key)), scores_of(folder, key)
    return [
        of_scored(question, design, found, records, scores, answers_to(marks, question.key))
        for question in question_set(questions).questions
        if question.in_words
    ]


def of_scored(
    question: Question,
    design: Design,
    found: Opened,
    records: Mapping[str, int],
    scores: pl.DataFrame,
    answers: Mapping[File, str],
) -> Scored:
    """One question, from the scores of all records (as `scores_of` has them) and the answers of those read."""
    strata = strata_told(found, records, answers)
    names = {stratum: stratum.split(BETWEEN)[design.strata.index(design.score)] for stratum in records}
    bands = [_band(name, names, found, records, answers) for name in bands_of(design, design.score)]
    held = tuple(one for one in bands if one.records)
    lowest = [stratum for stratum, name in names.items() if name == held[0].name]
    unmarked = sum(records[stratum] for stratum in lowest if stratum not in strata)
    silent = unread(found, answers) if strata else NOTHING_TOLD
    return Scored(
        question=question,
        bands=held,
        share=unanswered(silent) if silent else stratified_share(list(strata.values())),
        check=unanswered(silent) if silent else _check(found, scores, answers),
        lowest_most=most_left([strata[stratum] for stratum in lowest if stratum in strata]) + unmarked,
    )


def _band(
    name: str, names: Mapping[str, str], found: Opened, records: Mapping[str, int], answers: Mapping[File, str]
) -> BandRead:
    mine = [answers[file_of(one)] for one in found.files if names[one.stratum] == name and file_of(one) in answers]
    whole = sum(size for stratum, size in records.items() if names[stratum] == name)
    read = sum(names[one.stratum] == name for one in found.files)
    return BandRead(name, whole, read, sum(map(arose, mine)), sum(map(was_met, mine)))


def _check(found: Opened, scores: pl.DataFrame, answers: Mapping[File, str]) -> Answer:
    """The share as the score corrects it, where a file of every stratum is marked."""
    marked = {file: answers[file] for file in map(file_of, found.files) if file in answers}
    schema = {**dict.fromkeys(SUBJECT, pl.String), "answer": pl.String}
    told = pl.DataFrame([(*file, answer) for file, answer in marked.items()], schema, orient="row")
    by_stratum = scores.partition_by("stratum", as_dict=True)
    strata = dict.fromkeys(one.stratum for one in found.files)
    return prediction_powered([_as_band(by_stratum.get((name,), scores.clear()), told) for name in strata])


def _as_band(mine: pl.DataFrame, told: pl.DataFrame) -> Band:
    """Records of one stratum; those that have no score stand in strata of their own, where one value serves for all."""
    marked = mine.with_row_index("place").join(told, on=SUBJECT, how="inner").sort("place")
    answers = marked["answer"].to_list()
    values = mine["score"].fill_null(0.0).to_numpy()
    return band(values, marked["place"].to_numpy(), list(map(was_met, answers)), list(map(arose, answers)))


def _within(value: float | None, other: Answer) -> bool:
    """Whether a value lies in an interval; where either is not known nothing speaks against it."""
    return value is None or other.low is None or other.high is None or other.low <= value <= other.high
