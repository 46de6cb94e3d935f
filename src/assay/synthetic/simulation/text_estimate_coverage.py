"""Interval coverage of figures estimated from rated texts, for common and for rare properties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from assay.indicators import EVERYWHERE
from assay.indicators.audited_samples import FILE
from assay.indicators.catalogue.attitudes import blaming_language
from assay.stats.samples.finite_population import simple_sample_share
from assay.stats.samples.sample_allocation import allocate
from assay.stats.samples.stratified_sampling import Stratum, stratified_share
from assay.stats.samples.subgroup_shares import subgroup_share
from assay.workflows.run.confirmed_texts import QUESTIONS_OF_TABLE, SENSITIVITY, SPECIFICITY
from assay.workflows.run.text_stage import NOTES, SUMMARIES

NUMBER = "unflagged crimes"
TITLES = {
    blaming_language.BLAMING: "entries that blame",
    NUMBER: "crimes told of and unflagged",
    SENSITIVITY: "sensitivity of flags",
    SPECIFICITY: "specificity of flags",
}
TOLERANCE = 1e-6


@dataclass(frozen=True)
class TextEstimate:
    """A figure of one force (or of all) with its interval, and the true value for the same texts."""

    measure: str
    place: str
    value: float
    low: float
    high: float
    truth: float

    @property
    def covers_truth(self) -> bool:
        """True if the interval covers the truth, up to the rounding of stored figures."""
        return self.low - TOLERANCE <= self.truth <= self.high + TOLERANCE


def with_truth(frame: pl.DataFrame, table: str, marks: Any) -> pl.DataFrame:
    """Return every text of the sampling frame with its true answer; texts whose truth is unknown are dropped."""
    question = QUESTIONS_OF_TABLE[table][1][0]
    answers = [marks.true_answer(file, question) for file in frame.select(*FILE).rows()]
    true = [answer == "met" if answer else None for answer in answers]
    return frame.with_columns(true=pl.Series(true, dtype=pl.Boolean))


def text_estimates(
    rates: pl.DataFrame, flags: pl.DataFrame, true: Mapping[str, pl.DataFrame]
) -> Iterator[TextEstimate]:
    """Yield each estimate of victim-blaming language and unflagged exploitation, with the true value for the same
    texts."""
    police_notes = true[NOTES].filter(~pl.col("imported"))
    for row in rates.filter(pl.col("measure") == blaming_language.BLAMING, pl.col("share").is_not_null()).to_dicts():
        place_texts = _place_rows(police_notes, row["place_code"])
        if row["part_of"] == blaming_language.WHOLE:
            true_share = float(place_texts["true"].mean() or 0)  # type: ignore[arg-type]
            yield _estimate(blaming_language.BLAMING, row, ("share", "low", "high"), true_share)
    for row in flags.filter(pl.col("unflagged").is_not_null()).to_dicts():
        place_texts = _place_rows(true[SUMMARIES], row["place_code"]).filter("true")
        missed, total = int((~place_texts["cse_flagged"]).sum()), place_texts.height
        yield _estimate(NUMBER, row, ("unflagged", "unflagged_low", "unflagged_high"), missed)
        if total and row["sensitivity"] is not None:
            names = ("sensitivity", "sensitivity_low", "sensitivity_high")
            yield _estimate(SENSITIVITY, row, names, 1 - missed / total)
        negatives = _place_rows(true[SUMMARIES], row["place_code"]).filter(~pl.col("true"))
        if negatives.height and row["specificity"] is not None:
            names = ("specificity", "specificity_low", "specificity_high")
            yield _estimate(SPECIFICITY, row, names, 1 - float(negatives["cse_flagged"].mean()))  # type: ignore[arg-type]


def _estimate(measure: str, row: Mapping[str, Any], names: Sequence[str], truth: float) -> TextEstimate:
    value, low, high = (float(row[name]) for name in names)
    return TextEstimate(measure, row["place_code"], value, low, high, truth)


def _place_rows(rows: pl.DataFrame, place: str) -> pl.DataFrame:
    return rows if place == EVERYWHERE else rows.filter(pl.col("force_code") == place)


# Coverage and width of the interval of a rare prevalence under stratified sampling by score.
#
# Populations have a chosen prevalence (one in 500, one in 50); their score bands follow those of texts with known
# truth. Each is sampled many times by the documented design, with ratings taken as exact, and compared with a simple
# random sample of the same size.

OVERSAMPLING = (1.0, 2.0, 20.0)
"""Relative sampling rate of each band, from the lowest up: the documented design."""
MIN_FILES = 5
PREVALENCES = (0.002, 0.02)
Counts = NDArray[np.int64]
Bands = Sequence[tuple[int, int]]
"""For each band from the lowest up: the number of positive and of negative texts."""


@dataclass(frozen=True)
class SamplingCoverage:
    """Results of many samples: interval coverage and width, for stratified and simple random samples."""

    prevalence: float
    forces: int
    records: int
    files: int
    repeats: int
    covered: int
    width: float
    simple_covered: int
    simple_width: float


def simulate_sampling(
    bands: Bands, prevalence: float, *, records: int, files: int, forces: int = 1, repeats: int = 2000, seed: int = 1
) -> SamplingCoverage:
    """Simulate stratified and simple samples, and return the coverage and width of their intervals."""
    random = np.random.default_rng(seed)
    having, not_having = _sizes(bands, records, prevalence)
    sizes = having + not_having
    sample_sizes = np.array(allocate(files, sizes.tolist(), times=list(OVERSAMPLING), minimum=MIN_FILES))
    truth = float(having.sum() / records)
    counts = random.hypergeometric(having, not_having, sample_sizes, size=(repeats, forces, len(sizes)))
    simple = random.hypergeometric(having.sum(), not_having.sum(), files, size=(repeats, forces))
    ends = [
        _stratified(tuple(map(tuple, np.sort(repeat, axis=0).tolist())), tuple(sizes), tuple(sample_sizes))
        for repeat in counts
    ]
    plain = [_simple(int(repeat.sum()), files * forces, records * forces) for repeat in simple]
    return SamplingCoverage(
        prevalence, forces, records, files, repeats,
        sum(low <= truth + 1e-12 and truth <= high + 1e-12 for low, high in ends),
        float(np.mean([high - low for low, high in ends])),
        sum(low <= truth + 1e-12 and truth <= high + 1e-12 for low, high in plain),
        float(np.mean([high - low for low, high in plain])),
    )  # fmt: skip


def _sizes(bands: Bands, records: int, prevalence: float) -> tuple[Counts, Counts]:
    """Return the number of positive and negative records in each band at this prevalence."""
    known = np.array(bands, dtype=float)
    totals = np.array([round(records * prevalence), records - round(records * prevalence)])
    shares = known / known.sum(axis=0)
    whole = np.floor(shares * totals).astype(int)
    whole[0] += totals - whole.sum(axis=0)  # the rounding remainder, hardest to detect here
    return whole[:, 0], whole[:, 1]


@lru_cache(maxsize=200_000)
def _stratified(
    counts: tuple[tuple[int, ...], ...], sizes: tuple[int, ...], sample_sizes: tuple[int, ...]
) -> tuple[float, float]:
    bands = [
        [Stratum(int(size), int(read), force[place]) for force in counts]
        for place, (size, read) in enumerate(zip(sizes, sample_sizes, strict=True))
        if size
    ]
    answer = stratified_share([stratum for (stratum,) in bands]) if len(counts) == 1 else subgroup_share(bands)
    assert answer.low is not None
    assert answer.high is not None
    return answer.low, answer.high


@lru_cache(maxsize=10_000)
def _simple(count: int, files: int, records: int) -> tuple[float, float]:
    answer = simple_sample_share(count, files, records)
    assert answer.low is not None
    assert answer.high is not None
    return answer.low, answer.high


def combine_bands(bands: Sequence[Mapping[str, tuple[int, int]]], names: Sequence[str]) -> Bands:
    """Combine the texts of several countries within each score band."""
    pairs = [[country_bands.get(name, (0, 0)) for country_bands in bands] for name in names]
    return [(sum(a for a, _ in band_pairs), sum(b for _, b in band_pairs)) for band_pairs in pairs]
