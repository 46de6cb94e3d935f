"""Shares of a subgroup that crosses strata, and comparisons of two subgroups.

Three cases that stratified estimates do not cover (`stratified_sampling.py`):

- A subgroup (one author's role, half a period) crosses the strata, and its few files are in some of them only. Within a
  band, the strata with files represent the band, weighted by their records of the subgroup; limits of bands are
  combined (`combined_limits`). The assumption: within a band, strata without a file are like the others. The same holds
  for many forces together: combining limits of single forces covers too little if nearly every stratum has no successes
  (88% at a share of one in 500, of 43 forces; by bands 95%).
- The share of successes in the first of two parts (recall of a score, sensitivity of a flag): each part keeps its own
  limits, which are combined by MOVER (Zou and Donner, Statistics in Medicine 27, 2008, 1693-1702).
- A question that applies to few of the files: each file has its sampling weight, and the interval is that of Kish's
  effective sample size, which accounts for unequal weights.
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
    """Return the share in a subgroup; the strata of `bands` have the records, files and successes of the subgroup."""
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
    """Return the share of a band, and its effective sample size."""
    sampled = [stratum for stratum in band if stratum.sample_size]
    weights = np.array([stratum.size for stratum in sampled], dtype=float) / sum(stratum.size for stratum in sampled)
    sample_sizes, counts = (
        np.array([getattr(stratum, name) for stratum in sampled], dtype=float) for name in ("sample_size", "count")
    )
    return float(weights @ (counts / sample_sizes)), float(1 / (weights**2 / sample_sizes).sum())


def subgroup_count(strata: Strata, share: IntervalEstimate) -> IntervalEstimate:
    """Return the number of records with the property from its share.

    The limits are at least the number found, and at most the number found plus the records not read.
    """
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
    """Return the share of records with the property that lies in the first of two subgroups (from their
    `subgroup_count`)."""
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
    """Return the difference (after minus before) of two independent shares, with MOVER limits."""
    ends = (before.value, before.low, before.high, after.value, after.low, after.high)
    if any(end is None for end in ends):
        return missing_estimate(before.words or after.words or "One of the two is not known.")
    b, b_low, b_high, a, a_low, a_high = (float(end or 0.0) for end in ends)
    change = a - b
    below, above = np.hypot(a - a_low, b_high - b), np.hypot(a_high - a, b - b_low)
    return IntervalEstimate(change, float(change - below), float(change + above))


def weighted_share(having: ArrayLike, weights: ArrayLike, level: float = 0.95) -> IntervalEstimate:
    """Return the weighted share of files with the property (1 or 0), with the interval of Kish's effective size."""
    y, w = np.asarray(having, dtype=float), np.asarray(weights, dtype=float)
    if not y.size:
        return missing_estimate("The question arose in no file that was read.")
    value, files = float(w @ y / w.sum()), float(w.sum() ** 2 / (w**2).sum())
    low, high = effective_limits(np.array([value]), np.array([files]), level)
    return IntervalEstimate(value, float(low[0]), float(high[0]))


def equivalent_simple_sample(estimate: IntervalEstimate, records: int) -> tuple[int, int]:
    """Return count and size of the simple random sample whose interval would be as wide.

    The size is at most `records`; (0, 0) without an interval.
    """
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return 0, 0
    half_width = (estimate.high - estimate.low) / 2
    # If nothing was found, the value is 0, but the middle of the interval is not.
    middle = max(estimate.value, (estimate.low + estimate.high) / 2)
    spread = middle * (1 - middle)
    if half_width <= 0 or spread <= 0:
        return round(estimate.value * records), records
    files = min(records, max(1, round(spread * (1.96 / half_width) ** 2)))
    return round(estimate.value * files), files
