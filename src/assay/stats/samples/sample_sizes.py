"""Sample sizes for a half width or a power, and the precision of a given sample size.

Sizes for a half-width h follow Cochran (Sampling Techniques, 1977, sections 4.4 and 4.5): z^2 p(1 - p) / h^2, with the
finite population correction, rounded to the nearest file: 96 files for 10 percentage points to either side, 73 of 300
records, 49 of 100. Power is computed exactly from Blaker's test, whose intervals are reported, not from the normal
approximation.
"""

from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
from scipy import special

from assay.stats.posterior_grid import Floats
from assay.stats.refusals import EstimationRefused
from assay.stats.samples.finite_population import count_probabilities, rejected_counts, share_if_none_found

POWER = 0.8


def files_for_half_width(
    half_width: float,
    population: int | None = None,
    share: float = 0.5,
    level: float = 0.95,
    design_effect: float = 1.0,
) -> int:
    """Return the number of files for an interval with this half-width (0.1 is 10 percentage points).

    `share`: expected share; 0.5 is the worst case. `design_effect`: ratio of the variance to that of a simple random
    sample. EstimationRefused if half-width or share is not between 0 and 1.
    """
    if not 0 < half_width < 1 or not 0 < share < 1:
        raise EstimationRefused("A half width and a share lie between 0 and 1.")
    unlimited = _z(level) ** 2 * share * (1 - share) / half_width**2 * design_effect
    return _finite_population_size(unlimited, population, design_effect)


def half_width(
    files: float, population: int | None = None, share: float = 0.5, level: float = 0.95, design_effect: float = 1.0
) -> float:
    """Return the half-width of the interval for a number of files: the inverse of `files_for_half_width`."""
    if files <= 0 or (population is not None and files > population):
        raise EstimationRefused("At least one file is read, and no more than there are.")
    unread = 1.0 if population is None else (population - files) / max(population - 1, 1)
    return _z(level) * sqrt(share * (1 - share) * design_effect * unread / files)


def power(share: float, standard: float, files: int, population: int | None = None, level: float = 0.95) -> float:
    """Return the probability that Blaker's test rejects the standard, on the side of the true share.

    With a population, share and standard are rounded to whole numbers of records.
    """
    return float(_powers(np.array([share]), standard, files, population, level)[0])


def _powers(shares: Floats, standard: float, files: int, population: int | None, level: float) -> Floats:
    """Return the power at each true share."""
    scale = 1 if population is None else population
    if population is not None:
        shares, standard = np.round(shares * population) / population, round(standard * population) / population
    is_rejected = rejected_counts(standard * scale, files, population, level)
    observed_shares = (np.arange(files + 1) / files)[:, None]
    side = np.where(shares > standard, observed_shares > standard, observed_shares < standard)
    return np.asarray(
        (count_probabilities(files, population, shares * scale) * (is_rejected[:, None] & side)).sum(axis=0)
    )


def files_for_power(
    share: float, standard: float, target_power: float = POWER, population: int | None = None, level: float = 0.95
) -> int:
    """Return the smallest number of files that detects, with the target power, that a share differs from a standard.

    Counts are discrete, so power is not monotone: every number of files from the result to about half as many again has
    at least the target power. EstimationRefused if share and standard are equal (in whole records of a population).
    """
    gap = round((share - standard) * (population or 1e12))
    if gap == 0:
        raise EstimationRefused("The share is the standard: no number of files tells them apart.")
    guess = _normal_size(share, standard, target_power, level)
    files = ceil(1.5 * guess) + 20
    if population is not None:
        files = min(population, ceil(1.5 * guess / (1 + (guess - 1) / population)) + 20)
    while power(share, standard, files, population, level) < target_power and files != population:
        files = min(2 * files, population or 2 * files)
    while files > 1 and power(share, standard, files - 1, population, level) >= target_power:
        files -= 1
    return files


def cluster_design_effect(files_per_force: float, intra_cluster_correlation: float) -> float:
    """Return the design effect of sampling forces first, from the intra-cluster correlation of files of one force."""
    return 1 + (files_per_force - 1) * intra_cluster_correlation


@dataclass(frozen=True)
class SamplePrecision:
    """Precision of a number of files; shares and half-widths are between 0 and 1.

    `half_width`: at a share of 0.5. `maximum_if_none_found`: upper limit of the share if no file has the property.
    `detectable_below`, `detectable_above`: the shares nearest to the standard that are detected with power 0.8; None if
    there is no such share.
    """

    files: int
    half_width: float
    maximum_if_none_found: float
    detectable_below: float | None
    detectable_above: float | None


def sample_precision(
    files: int, population: int | None = None, standard: float = 0.9, level: float = 0.95
) -> SamplePrecision:
    """Return the precision of this number of files, before any is read."""
    maximum = share_if_none_found(files, population, level).high
    steps = np.arange(1, 100) / 100
    detectable = steps[_powers(steps, standard, files, population, level) >= POWER].tolist()
    return SamplePrecision(
        files,
        half_width(files, population, level=level),
        1.0 if maximum is None else maximum,
        max((share for share in detectable if share < standard), default=None),
        min((share for share in detectable if share > standard), default=None),
    )


def _finite_population_size(unlimited: float, population: int | None, correction: float = 1.0) -> int:
    """Return the nearest whole number of files after the finite population correction, at most the population."""
    if population is None:
        return max(1, round(unlimited))
    return min(population, max(1, round(unlimited / (1 + (unlimited - correction) / population))))


def _normal_size(share: float, standard: float, target_power: float, level: float) -> float:
    null, true = sqrt(standard * (1 - standard)), sqrt(share * (1 - share))
    return float(((_z(level) * null + special.ndtri(target_power) * true) / (share - standard)) ** 2)


def _z(level: float) -> float:
    return float(special.ndtri((1 + level) / 2))
