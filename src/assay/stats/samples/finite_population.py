"""Blaker's interval of a share from a simple random sample of a finite population.

Blaker's interval (Canadian Journal of Statistics 28, 2000, 783-798): a share is held possible unless the count, and
every count that is as far out on the other side, have together no more than one chance in twenty. It never covers less
than it promises, and is narrower than Clopper and Pearson's. Counts follow the hypergeometric distribution, so that a
sample of everything leaves nothing open; without a population they follow the binomial.

`mid_p_limits` is for strata, whose limits are put together (`stratified_sampling.py`) and should leave equal chances
to each side.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from assay.stats.interval_estimates import IntervalEstimate
from assay.stats.posterior_grid import Floats
from assay.stats.refusals import EstimationRefused

SEARCH_POINTS = 257
"""Points at which acceptance is looked up between the limits that bracket an end."""
SHARE_TOLERANCE = 1e-7
"""How finely the ends of a share are told; what is left is rounded outwards."""
ROUNDING = 1e-9
"""Two tails that differ by less than this part are the same."""


def simple_sample_share(
    count: int, sample_size: int, population: int | None = None, level: float = 0.95
) -> IntervalEstimate:
    """The share of a simple random sample, with the interval of the population's share (0 to 1).

    Refuses (`EstimationRefused`) a count above what was drawn, or more drawn than there are.
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
    """Refuse figures that no sample can have."""
    if count < 0 or count > sample_size:
        raise EstimationRefused(f"{count:g} of {sample_size:g} files cannot be: the count lies outside what was read.")
    if population is not None and sample_size > population:
        raise EstimationRefused(f"{sample_size:g} files were read of {population:g}: more than there are.")


@lru_cache(maxsize=4096)
def mid_p_limits(count: int, sample_size: int, population: int, level: float = 0.95) -> tuple[float, float]:
    """Mid-P limits of the share in a finite population; where nothing was drawn, 0 and 1."""
    tail = (1 - level) / 2
    low, high = (
        _mid_p_lower(number, sample_size, population, tail) / population for number in (count, sample_size - count)
    )
    return low, 1 - high


def share_if_none_found(sample_size: int, population: int | None = None, level: float = 0.95) -> IntervalEstimate:
    """The largest share that `sample_size` files without a single find leave possible: one-sided, the rule of three."""
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
    """The chance of each count, one a row; one column a share or, in a population, a number in it.

    `counts`: without it all from 0 to `sample_size`.
    """
    column = (np.arange(sample_size + 1) if counts is None else counts)[:, None]
    if population is None:
        return np.asarray(stats.binom.pmf(column, sample_size, parameters))
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
    """Which counts, from 0 to `sample_size`, speak against one share, or number in the population: Blaker's test.

    A count's interval holds what its test does not reject, and what lies between.
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
    """The logarithm of the number of ways to choose; accurate where populations are large."""
    return np.asarray(-np.log1p(total) - special.betaln(total - number + 1, number + 1))


def _mid_p_lower(count: int, sample_size: int, population: int, tail: float) -> int:
    """The smallest number in the population under which as many as were counted are not too rare."""

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
    """The first whole number above `low` from which on it holds; it is taken to hold at `high`."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _blaker_lower(count: int, sample_size: int, population: int | None, alpha: float) -> float:
    """Blaker's lower limit. It lies between the one-sided exact limits at half of alpha and at alpha."""
    if count == 0:
        return 0.0
    if population is None:
        low, high = (float(special.betaincinv(count, sample_size - count + 1, tail)) for tail in (alpha / 2, alpha))
        return _first_accepted(np.linspace(low, high, SEARCH_POINTS), count, sample_size, None, alpha)
    first, last = (_exact_lower(count, sample_size, population, tail) for tail in (alpha / 2, alpha))
    points = np.unique(np.linspace(first, last, min(last - first + 1, SEARCH_POINTS)).round())
    return _first_accepted(points, count, sample_size, population, alpha) / population


def _first_accepted(points: Floats, count: int, sample_size: int, population: int | None, alpha: float) -> float:
    """The first point that is accepted, looked for again between it and the one before."""
    while True:
        accepted = _acceptance(points, count, sample_size, population) > alpha
        position = int(accepted.argmax()) if accepted.any() else len(points) - 1
        previous, point = float(points[max(position - 1, 0)]), float(points[position])
        if point - previous <= (1 if population else SHARE_TOLERANCE):
            return point if population else previous
        points = np.linspace(previous, point, 17)
        points = np.unique(points.round()) if population else points


def _acceptance(points: Floats, count: int, sample_size: int, population: int | None) -> Floats:
    """At each share, or number in the population: the chance of a count as far out as this one, on either side."""
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
    """The counts within ten standard deviations of what the shares give: the others have no chance to speak of."""
    low, high = float(shares.min()), float(shares.max())
    reach = 10 * np.sqrt(sample_size * max(low * (1 - low), high * (1 - high))) + 30
    first, last = max(0, int(sample_size * low - reach)), min(sample_size, int(sample_size * high + reach))
    return np.arange(first, last + 1, dtype=float)


def _largest_tail_by_column(tails: Floats, limits: Floats) -> Floats:
    return np.asarray(np.where(tails <= limits, tails, 0.0).max(axis=0))
