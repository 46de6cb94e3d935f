"""Blaker's interval of a share from a simple random sample of a finite population.

Blaker's interval (Canadian Journal of Statistics 28, 2000, 783-798) contains a share unless the probability of the
count, and of every count that is as extreme on the other side, is at most 5% in total. Its coverage is never below its
level, and it is narrower than Clopper-Pearson. Counts follow the hypergeometric distribution, so that a complete sample
has no uncertainty; without a population size they follow the binomial.

`mid_p_limits` is for strata, whose limits are combined (`stratified_sampling.py`) and should have equal tails.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy import special

from assay.stats.interval_estimates import IntervalEstimate
from assay.stats.posterior_grid import Floats
from assay.stats.refusals import EstimationRefused

SEARCH_POINTS = 257
"""Number of points at which acceptance is evaluated between the bracketing limits."""
SHARE_TOLERANCE = 1e-7
"""Precision of the limits of a share; they are rounded outwards."""
ROUNDING = 1e-9
"""Relative difference below which two tails are equal."""


def simple_sample_share(
    count: int, sample_size: int, population: int | None = None, level: float = 0.95
) -> IntervalEstimate:
    """Return the share of a simple random sample with Blaker's interval of the population share (0 to 1).

    EstimationRefused if the count is above the sample size, or the sample size above the population.
    """
    check_sample(count, sample_size, population)
    if sample_size == 0:
        return IntervalEstimate(None, 0.0, 1.0, "No file was read: nothing is known.")
    if population is not None and population == sample_size:
        return IntervalEstimate(
            count / sample_size, count / sample_size, count / sample_size, "Every file was read: nothing is left open."
        )
    low = _blaker_lower(count, sample_size, population, 1 - level)
    high = 1 - _blaker_lower(sample_size - count, sample_size, population, 1 - level)
    return IntervalEstimate(count / sample_size, low, high)


def check_sample(count: float, sample_size: float, population: float | None) -> None:
    """Raise EstimationRefused for impossible sample figures."""
    if count < 0 or count > sample_size:
        raise EstimationRefused(f"{count:g} of {sample_size:g} files cannot be: the count lies outside what was read.")
    if population is not None and sample_size > population:
        raise EstimationRefused(f"{sample_size:g} files were read of {population:g}: more than there are.")


@lru_cache(maxsize=4096)
def mid_p_limits(count: int, sample_size: int, population: int, level: float = 0.95) -> tuple[float, float]:
    """Return mid-P limits of the share in a finite population; 0 and 1 without a sample."""
    tail = (1 - level) / 2
    low, high = (
        _mid_p_lower(number, sample_size, population, tail) / population for number in (count, sample_size - count)
    )
    return low, 1 - high


def share_if_none_found(sample_size: int, population: int | None = None, level: float = 0.95) -> IntervalEstimate:
    """Return a one-sided upper limit of the share if no file of the sample has the property (rule of three)."""
    check_sample(0, sample_size, population)
    if sample_size == 0:
        return IntervalEstimate(None, 0.0, 1.0, "No file was read: nothing is known.")
    if population is None:
        return IntervalEstimate(0.0, 0.0, float(1 - (1 - level) ** (1 / sample_size)))
    too_many = _bisect_first(
        lambda k: count_probabilities(sample_size, population, k)[0] <= 1 - level, 0, population - sample_size + 1
    )
    return IntervalEstimate(0.0, 0.0, (too_many - 1) / population)


def count_probabilities(
    sample_size: int, population: int | None, parameters: Floats | float, counts: Floats | None = None
) -> Floats:
    """Return the probability of each count (rows) for each parameter (columns).

    The parameters are shares, or with a `population` numbers in it. `counts`: by default all from 0 to `sample_size`.
    """
    column = (np.arange(sample_size + 1) if counts is None else counts)[:, None]
    if population is None:
        return np.asarray(scipy.stats.binom.pmf(column, sample_size, parameters))
    number = np.atleast_1d(np.asarray(parameters, dtype=float))
    possible = (column <= number) & (sample_size - column <= population - number)
    found, missed = np.where(possible, column, 0), np.where(possible, sample_size - column, 0)
    log_probabilities = (
        _log_binomial(number, found)
        + _log_binomial(population - number, missed)
        - _log_binomial(population, sample_size)
    )
    return np.asarray(np.where(possible, np.exp(log_probabilities), 0.0))


def rejected_counts(
    parameter: float, sample_size: int, population: int | None = None, level: float = 0.95
) -> NDArray[np.bool_]:
    """Return which counts from 0 to `sample_size` reject a share (or number in the population) by Blaker's test.

    The interval of a count is the smallest interval that contains all parameters that the test does not reject.
    """
    probabilities = (
        count_probabilities(sample_size, population, parameter)[:, 0]
        if population is not None
        else count_probabilities(sample_size, None, parameter).ravel()
    )
    lower_tails, upper_tails = probabilities.cumsum(), probabilities[::-1].cumsum()
    nearer = np.minimum(lower_tails, upper_tails[::-1]) * (1 + ROUNDING)
    tails = np.where(
        upper_tails[::-1] <= lower_tails, _largest_tail(lower_tails, nearer), _largest_tail(upper_tails, nearer)
    )
    return np.asarray(nearer + tails <= 1 - level)


def _largest_tail(tails: Floats, limits: Floats) -> Floats:
    position = np.searchsorted(tails, limits, side="right")
    return np.asarray(np.where(position > 0, tails[np.maximum(position - 1, 0)], 0.0))


def _log_binomial(total: Floats | float, number: Floats | float) -> Floats:
    """Return the log binomial coefficient, accurate for large populations."""
    return np.asarray(-np.log1p(total) - special.betaln(total - number + 1, number + 1))


def _mid_p_lower(count: int, sample_size: int, population: int, tail: float) -> int:
    """Return the smallest number in the population with a mid-P upper tail of the count above `tail`."""

    def common(number: int) -> bool:
        probabilities = count_probabilities(sample_size, population, number)[:, 0]
        return bool(probabilities[count] / 2 + probabilities[count + 1 :].sum() > tail)

    return 0 if count == 0 else _bisect_first(common, count - 1, population - sample_size + count)


def _exact_lower(count: int, sample_size: int, population: int, tail: float) -> int:
    return _bisect_first(
        lambda k: count_probabilities(sample_size, population, k)[count:].sum() > tail,
        count - 1,
        population - sample_size + count,
    )


def _bisect_first(holds: Callable[[int], bool | np.bool_], low: int, high: int) -> int:
    """Return the first integer above `low` from which a monotone condition holds; it is assumed to hold at `high`."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _blaker_lower(count: int, sample_size: int, population: int | None, alpha: float) -> float:
    """Return Blaker's lower limit, which is between the one-sided exact limits at alpha / 2 and at alpha."""
    if count == 0:
        return 0.0
    if population is None:
        low, high = (float(special.betaincinv(count, sample_size - count + 1, tail)) for tail in (alpha / 2, alpha))
        return _first_accepted(np.linspace(low, high, SEARCH_POINTS), count, sample_size, None, alpha)
    first, last = (_exact_lower(count, sample_size, population, tail) for tail in (alpha / 2, alpha))
    points = np.unique(np.linspace(first, last, min(last - first + 1, SEARCH_POINTS)).round())
    return _first_accepted(points, count, sample_size, population, alpha) / population


def _first_accepted(points: Floats, count: int, sample_size: int, population: int | None, alpha: float) -> float:
    """Return the first accepted point, refined between it and the point before."""
    while True:
        accepted = _acceptance(points, count, sample_size, population) > alpha
        position = int(accepted.argmax()) if accepted.any() else len(points) - 1
        previous, point = float(points[max(position - 1, 0)]), float(points[position])
        if point - previous <= (1 if population else SHARE_TOLERANCE):
            return point if population else previous
        points = np.linspace(previous, point, 17)
        points = np.unique(points.round()) if population else points


def _acceptance(points: Floats, count: int, sample_size: int, population: int | None) -> Floats:
    """Return Blaker's acceptance of each parameter: the probability of counts at least as extreme, on both sides."""
    counts = _relevant_counts(points / (population or 1), sample_size)
    probabilities, position = count_probabilities(sample_size, population, points, counts), count - int(counts[0])
    lower_tails, upper_tails = probabilities.cumsum(axis=0), probabilities[::-1].cumsum(axis=0)[::-1]
    nearer = np.minimum(lower_tails[position], upper_tails[position]) * (1 + ROUNDING)
    opposite = np.where(
        upper_tails[position] <= lower_tails[position],
        _largest_tail_by_column(lower_tails, nearer),
        _largest_tail_by_column(upper_tails, nearer),
    )
    return np.asarray(np.minimum(1.0, nearer + opposite))


def _relevant_counts(shares: Floats, sample_size: int) -> Floats:
    """Return the counts within ten standard deviations of the expected ones; the others are negligible."""
    low, high = float(shares.min()), float(shares.max())
    reach = 10 * np.sqrt(sample_size * max(low * (1 - low), high * (1 - high))) + 30
    first, last = max(0, int(sample_size * low - reach)), min(sample_size, int(sample_size * high + reach))
    return np.arange(first, last + 1, dtype=float)


def _largest_tail_by_column(tails: Floats, limits: Floats) -> Floats:
    return np.asarray(np.where(tails <= limits, tails, 0.0).max(axis=0))
