"""What does a piece of work usually take, when a guess made beforehand is corrected by what was measured?

Amounts differ by factors and not by differences, so their logarithms are taken as normal, with mean and spread both
unknown. The guess is a prior worth `GUESS_IS_WORTH` reports, of the mean and of the spread alike (normal with inverse
gamma); what is told is where one more amount will lie, which is then a Student distribution of its logarithm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from scipy import stats

GUESS_IS_WORTH = 3
"""Reports whose weight the guess has: after three reports it counts for half."""
LEVEL = 0.8
"""The share of amounts between the ends of the guess, and of the interval that is told."""
LEAST = 0.25
"""An amount reported as less than this is taken as this: work was done, and a logarithm needs more than zero."""


@dataclass(frozen=True)
class Amount:
    """Where one more amount will lie: half up to `likely`, 8 in 10 from `low` to `high`; `reports` stand behind it."""

    low: float
    likely: float
    high: float
    reports: int


def corrected(guess: tuple[float, float, float], reported: Sequence[float]) -> Amount:
    """The guess (low, likely, high; all above 0) after what was reported, in the same unit.

    Without a report it is the guess itself. Reports far from the guess, or from one another, widen the interval.
    """
    if not reported:
        return Amount(*guess, reports=0)
    logs = [log(max(value, LEAST)) for value in reported]
    many, mean = len(logs), sum(logs) / len(logs)
    weight = GUESS_IS_WORTH + many
    apart = GUESS_IS_WORTH * many / weight * (mean - log(guess[1])) ** 2
    squares = GUESS_IS_WORTH * _spread(guess) ** 2 + sum((value - mean) ** 2 for value in logs) + apart
    middle = (GUESS_IS_WORTH * log(guess[1]) + many * mean) / weight
    half = _t(weight) * sqrt(squares / weight * (1 + 1 / weight))
    return Amount(exp(middle - half), exp(middle), exp(middle + half), many)


def _spread(guess: tuple[float, float, float]) -> float:
    """The spread of logarithms for which the ends of the guess hold `LEVEL` of all amounts."""
    return log(guess[2] / guess[0]) / 2 / _t(GUESS_IS_WORTH) / sqrt(1 + 1 / GUESS_IS_WORTH)


def _t(degrees: int) -> float:
    return float(stats.t.ppf((1 + LEVEL) / 2, degrees))
