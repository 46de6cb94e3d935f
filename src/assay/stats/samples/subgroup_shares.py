"""Shares of a subgroup that crosses strata, and comparisons of two parts.

Three cases that strata do not answer (`stratified_sampling.py`):

- a part of the records (one author's role, half a period) cuts across the strata, and its few files lie in some of them
  only. Within a band every stratum that was read stands for the band, weighed by its records of the part; bands are put
  together by their squares (`combined_limits`). What leans: within a band, strata without a file are as the others.
  So are many forces together: their own limits put together by squares hold the truth too seldom where nearly every
  stratum has no find (88 in 100 at one in 500, of 43 forces; by bands 95).
- of what was found in two parts together, how much lies in the first (the recall of a score, the sensitivity of a
  flag): each part keeps its own limits, and the distances are put together by their squares (Zou and Donner, Statistics
  in Medicine 27, 2008, 1693-1702).
- a question that arises in few of the files: each file weighs as much as it stands for, and the interval is that of
  the effective number of files (Kish), which counts unequal weights against it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from assay.stats.interval_estimates import IntervalEstimate, missing_estimate
from assay.stats.samples.effective_sample_size import effective_limits
from assay.stats.samples.stratified_sampling import Stratum, combined_limits

Strata = Sequence[Stratum]
NONE_FOUND = "Nothing was found in either part: no share of it can be told."


def subgroup_share(bands: Sequence[Strata], level: float = 0.95) -> IntervalEstimate:
    """The share in a part of the records. `bands` of strata: each with its records, files and finds in the part."""
    filled_bands = [[stratum for stratum in band if stratum.size > 0] for band in bands]
    filled_bands = [band for band in filled_bands if band]
    if not filled_bands:
        return missing_estimate("There are no records: no share can be worked out.")
    if any(not sum(stratum.sample_size for stratum in band) for band in filled_bands):
        return missing_estimate("A band of the score has records here, and no file of it was read.")
    shares, files = np.array([_band_share(band) for band in filled_bands]).T
    size = np.array([sum(stratum.size for stratum in band) for band in filled_bands], dtype=float)
    low, high = effective_limits(shares, files, level)
    ends = combined_limits(shares, size / size.sum(), low, high)
    return IntervalEstimate(float(shares @ size / size.sum()), float(ends[0]), float(ends[1]))


def _band_share(band: Strata) -> tuple[float, float]:
    """The share of a band, and how many files of a simple random sample it is worth."""
    sampled = [stratum for stratum in band if stratum.sample_size]
    weights = np.array([stratum.size for stratum in sampled], dtype=float) / sum(stratum.size for stratum in sampled)
    sample_sizes, counts = (
        np.array([getattr(stratum, name) for stratum in sampled], dtype=float) for name in ("sample_size", "count")
    )
    return float(weights @ (counts / sample_sizes)), float(1 / (weights**2 / sample_sizes).sum())


def subgroup_count(strata: Strata, share: IntervalEstimate) -> IntervalEstimate:
    """How many records of these strata have it, from the share of them that does: never fewer than were found, and
    never more than those that were found and those that were not read."""
    size, sample_size, count = (
        sum(getattr(stratum, name) for stratum in strata) for name in ("size", "sample_size", "count")
    )
    if not size:
        return IntervalEstimate(0.0, 0.0, 0.0)
    if share.value is None or share.low is None or share.high is None:
        return share
    maximum = float(size - sample_size + count)
    return IntervalEstimate(share.value * size, max(share.low * size, float(count)), min(share.high * size, maximum))


def share_in_first_part(first: IntervalEstimate, second: IntervalEstimate) -> IntervalEstimate:
    """Of the records that have it in two parts (`subgroup_count` of each), the share that lies in the first."""
    if first.value is None or second.value is None or first.value + second.value <= 0:
        return missing_estimate(NONE_FOUND)
    a, b = first.value, second.value
    value = a / (a + b)
    below = np.hypot(value - _share(first.low, b), value - _share(a, second.high))
    above = np.hypot(_share(first.high, b) - value, _share(a, second.low) - value)
    return IntervalEstimate(value, max(0.0, float(value - below)), min(1.0, float(value + above)))


def _share(part: float | None, other_part: float | None) -> float:
    part, other_part = part or 0.0, other_part or 0.0
    return part / (part + other_part) if part + other_part > 0 else 0.0


def difference(before: IntervalEstimate, after: IntervalEstimate) -> IntervalEstimate:
    """After minus before, of two independent shares, with limits from their own."""
    ends = (before.value, before.low, before.high, after.value, after.low, after.high)
    if any(end is None for end in ends):
        return missing_estimate(before.words or after.words or "One of the two is not known.")
    b, b_low, b_high, a, a_low, a_high = (float(end or 0.0) for end in ends)
    change = a - b
    below, above = np.hypot(a - a_low, b_high - b), np.hypot(a_high - a, b - b_low)
    return IntervalEstimate(change, float(change - below), float(change + above))


def weighted_share(having: ArrayLike, weights: ArrayLike, level: float = 0.95) -> IntervalEstimate:
    """The share of files that have it (1 or 0), each weighed by how many records it stands for."""
    y, w = np.asarray(having, dtype=float), np.asarray(weights, dtype=float)
    if not y.size:
        return missing_estimate("The question arose in no file that was read.")
    value, files = float(w @ y / w.sum()), float(w.sum() ** 2 / (w**2).sum())
    low, high = effective_limits(np.array([value]), np.array([files]), level)
    return IntervalEstimate(value, float(low[0]), float(high[0]))


def equivalent_simple_sample(estimate: IntervalEstimate, records: int) -> tuple[int, int]:
    """The count and the number of files of a simple random sample that would have left an interval as wide: never more
    files than there are records, and (0, 0) where there is no interval."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return 0, 0
    half_width = (estimate.high - estimate.low) / 2
    middle = max(
        estimate.value, (estimate.low + estimate.high) / 2
    )  # of nothing found, the interval still has a middle
    spread = middle * (1 - middle)
    if half_width <= 0 or spread <= 0:
        return round(estimate.value * records), records
    files = min(records, max(1, round(spread * (1.96 / half_width) ** 2)))
    return round(estimate.value * files), files
