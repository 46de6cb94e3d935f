"""Predictive interval of an amount of work, from a guess and the amounts reported (normal-inverse-gamma).

Amounts differ by factors and not by differences, so their logarithms are taken as normal, with mean and spread both
unknown. The guess is a prior worth `PRIOR_WEIGHT` reports, of the mean and of the spread alike (normal with inverse
gamma); what is told is where one more amount will lie, which is then a Student distribution of its logarithm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from scipy import stats

PRIOR_WEIGHT = 3
"""Reports whose weight the guess has: after three reports it counts for half."""
LEVEL = 0.8
"""The share of amounts between the ends of the guess, and of the interval that is told."""
MINIMUM_AMOUNT = 0.25
"""An amount reported as less than this is taken as this: work was done, and a logarithm needs more than zero."""


@dataclass(frozen=True)
class AmountEstimate:
    """Predictive median and 80% interval of one more amount."""

    low: float
    likely: float
    high: float
    reports: int


def update_estimate(guess: tuple[float, float, float], reports: Sequence[float]) -> AmountEstimate:
    """Update a guess (low, likely, high) with reported amounts in the same unit.

    Without a report it is the guess itself. Reports far from the guess, or from one another, widen the interval.
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
    """The spread of logarithms for which the ends of the guess hold `LEVEL` of all amounts."""
    return log(guess[2] / guess[0]) / 2 / _student_quantile(PRIOR_WEIGHT) / sqrt(1 + 1 / PRIOR_WEIGHT)


def _student_quantile(degrees: int) -> float:
    return float(stats.t.ppf((1 + LEVEL) / 2, degrees))
