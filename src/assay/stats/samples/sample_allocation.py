"""Allocate a sample to strata (proportional or Neyman), with a minimum in each.

Files are allocated in proportion to stratum size times a sampling factor, or, if shares are expected to differ, in
proportion to size times standard deviation (Neyman, Journal of the Royal Statistical Society 97, 1934). Every stratum
gets a minimum, because an unread stratum could have any share, and none gets more files than it has records. Exact
fractions make the result the same on any machine.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import sqrt

from assay.stats.refusals import EstimationRefused
from assay.stats.samples.sample_sizes import half_width

MINIMUM_FILES = 2
"""Default minimum for each stratum; with fewer files its variance cannot be estimated."""
SD_RESOLUTION = 10**9
"""Resolution of standard deviations; they are at least one unit, so that every stratum gets a share."""
Parts = dict[int, Fraction]


def allocate(
    files: int,
    sizes: Sequence[int],
    *,
    expected: Sequence[float] | None = None,
    times: Sequence[float] | None = None,
    minimum: int | Sequence[int] = MINIMUM_FILES,
) -> list[int]:
    """Return the number of files for each stratum; they add up to `files`, or to all records if these are fewer.

    Parameters
    ----------
    files
        Total number of files.
    sizes
        Number of records of each stratum.
    expected
        Expected share of each stratum (Neyman allocation); by default allocation is proportional to size.
    times
        Sampling factor of each stratum, relative to the others.
    minimum
        Minimum number of files of a stratum with records, for all or for each.

    Raises
    ------
    EstimationRefused
        If `files` is less than the sum of the minimums, or an expected share is not between 0 and 1.

    Notes
    -----
    If strata have an equal claim to one more file, the first gets it.
    """
    minimums = [minimum] * len(sizes) if isinstance(minimum, int) else minimum
    low = {
        number: Fraction(min(size, stratum_minimum))
        for number, (size, stratum_minimum) in enumerate(zip(sizes, minimums, strict=True))
    }
    if files < sum(low.values()):
        needed = sum(low.values())
        raise EstimationRefused(
            f"{files} files are too few: {len(sizes)} strata need {needed} for at least so many each."
        )
    standard_deviations = [Fraction(1)] * len(sizes) if expected is None else [_spread(share) for share in expected]
    factors = [Fraction(1)] * len(sizes) if times is None else [Fraction(factor) for factor in times]
    high = {number: Fraction(size) for number, size in enumerate(sizes) if size}
    weights = {number: size * standard_deviations[number] * factors[number] for number, size in high.items()}
    total = min(files, sum(sizes))
    allocation = _round_allocation(_allocate_within_bounds(weights, low, high, total), high, total)
    return [allocation.get(number, 0) for number in range(len(sizes))]


def allocation_half_width(
    sizes: Sequence[int], sample_sizes: Sequence[int], expected: Sequence[float], level: float = 0.95
) -> float:
    """Return the half-width of the normal interval of the total share under a design, at the expected shares."""
    population = sum(sizes)
    parts = [
        (size / population * half_width(sample_size, size, share, level)) ** 2
        for size, sample_size, share in zip(sizes, sample_sizes, expected, strict=True)
        if size > 0
    ]
    return sqrt(sum(parts))


def _spread(share: float) -> Fraction:
    if not 0 <= share <= 1:
        raise EstimationRefused("An expected share lies between 0 and 1.")
    return Fraction(max(round(SD_RESOLUTION * sqrt(share * (1 - share))), 1), SD_RESOLUTION)


def _allocate_within_bounds(weights: Parts, low: Parts, high: Parts, total: int) -> Parts:
    """Allocate by weight between the minimum and the maximum of each stratum, redistributing the difference."""
    fixed: Parts = {}
    while True:
        free = [number for number in weights if number not in fixed]
        remaining, weight_total = total - sum(fixed.values()), sum(weights[number] for number in free)
        shares = {number: remaining * weights[number] / weight_total for number in free}
        above_maximum = {number: high[number] for number in free if shares[number] > high[number]}
        below_minimum = {number: low[number] for number in free if shares[number] < low[number]}
        # Fix the strata on the side of their bounds with the larger total violation first.
        excess = sum(shares[number] - high[number] for number in above_maximum)
        lack = sum(low[number] - shares[number] for number in below_minimum)
        if not above_maximum and not below_minimum:
            return {**fixed, **shares}
        fixed |= above_maximum if excess >= lack else below_minimum


def _round_allocation(shares: Parts, high: Parts, total: int) -> dict[int, int]:
    """Round to integers with the given total by the largest remainder method; ties go to the first stratum."""
    whole_numbers = {number: int(share) for number, share in shares.items()}
    order = sorted(shares, key=lambda number: (whole_numbers[number] - shares[number], number))
    for number in [number for number in order if whole_numbers[number] < high[number]][
        : total - sum(whole_numbers.values())
    ]:
        whole_numbers[number] += 1
    return whole_numbers
