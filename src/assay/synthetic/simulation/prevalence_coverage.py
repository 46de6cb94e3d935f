"""Coverage and width of the interval of a rare prevalence under stratified sampling by score.

Populations have a chosen prevalence (one in 500, one in 50); their score bands follow those of texts with known truth.
Each is sampled many times by the documented design, with ratings taken as exact, and compared with a simple random
sample of the same size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assay.stats.samples.finite_population import simple_sample_share
from assay.stats.samples.sample_allocation import allocate
from assay.stats.samples.stratified_sampling import Stratum, stratified_share
from assay.stats.samples.subgroup_shares import subgroup_share

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
    """Return the texts of several countries combined in each band."""
    pairs = [[country_bands.get(name, (0, 0)) for country_bands in bands] for name in names]
    return [(sum(a for a, _ in band_pairs), sum(b for _, b in band_pairs)) for band_pairs in pairs]
