"""Predictive interval of an amount of work, from an initial estimate and reported amounts (normal-inverse-gamma).

Amounts differ by factors rather than differences, so their logarithms are modelled as normal with unknown mean and
variance. The guess is a normal-inverse-gamma prior worth `PRIOR_WEIGHT` reports, for mean and variance alike. The
result is the posterior predictive of one more amount: a Student distribution of its logarithm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

PRIOR_WEIGHT = 3
"""Weight of the guess in reports: after three reports it counts for half."""
LEVEL = 0.8
"""Level of the guess as an interval, and of the predictive interval."""
MINIMUM_AMOUNT = 0.25
"""Smaller amounts are raised to this: some work was done, and the logarithm needs a positive number."""


@dataclass(frozen=True)
class AmountEstimate:
    """Predictive median and 80% interval of one more amount."""

    low: float
    likely: float
    high: float
    reports: int


def update_estimate(guess: tuple[float, float, float], reports: Sequence[float]) -> AmountEstimate:
    """Update an initial estimate (low, likely, high) with reported amounts in the same unit.

    Without reports the guess is returned. Reports far from the guess, or from one another, widen the interval.
    """
    if not reports:
        return AmountEstimate(*guess, reports=0)
    logs = [log(max(value, MINIMUM_AMOUNT)) for value in reports]
    count, mean = len(logs), sum(logs) / len(logs)
    weight = PRIOR_WEIGHT + count
    shift = PRIOR_WEIGHT * count / weight * (mean - log(guess[1])) ** 2
    squares = PRIOR_WEIGHT * _prior_sd(guess) ** 2 + sum((value - mean) ** 2 for value in logs) + shift
    middle = (PRIOR_WEIGHT * log(guess[1]) + count * mean) / weight
    half_width = _student_quantile(weight) * sqrt(squares / weight * (1 + 1 / weight))
    return AmountEstimate(exp(middle - half_width), exp(middle), exp(middle + half_width), count)


def _prior_sd(guess: tuple[float, float, float]) -> float:
    """Return the standard deviation of logarithms for which the guess covers `LEVEL` of all amounts."""
    return log(guess[2] / guess[0]) / 2 / _student_quantile(PRIOR_WEIGHT) / sqrt(1 + 1 / PRIOR_WEIGHT)


def _student_quantile(degrees: int) -> float:
    # Without reported amounts, as in the check of an extract, nothing here needs scipy, which takes long to load.
    from scipy import stats

    return float(stats.t.ppf((1 + LEVEL) / 2, degrees))
