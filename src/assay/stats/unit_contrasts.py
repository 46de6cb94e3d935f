"""Do units of one kind differ from units of another, when units differ among themselves too?

Each unit brings a value and the variance of it that its own size gives. Units vary around the mean of their kind by
more than that (Paule and Mandel, Journal of Research of the National Bureau of Standards 87, 1982, 377-385, one
variance for both kinds); the interval of the difference of means is that of Hartung and Knapp (Statistics in Medicine
20, 2001, 3875-3889), which is right for few units, with Student's distribution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from assay.stats.posterior_grid import Floats

LEVEL = 0.95


@dataclass(frozen=True)
class Contrast:
    """The first kind's mean less the other's, its interval, its p-value, and how much units differ (`between_sd`)."""

    value: float
    low: float
    high: float
    p_value: float
    between_sd: float


def contrast(
    values: Sequence[float], variances: Sequence[float], others: Sequence[float], other_variances: Sequence[float]
) -> Contrast | None:
    """None with fewer than two units of a kind: then nobody can tell how much such units differ."""
    if min(len(values), len(others)) < 2:
        return None
    kinds = [np.asarray(one, dtype=float) for one in (values, others)]
    spreads = [np.asarray(one, dtype=float) for one in (variances, other_variances)]
    freedom = sum(map(len, kinds)) - 2
    between = _between(kinds, spreads, freedom)
    means, weights = zip(
        *(_mean(one, spread + between) for one, spread in zip(kinds, spreads, strict=True)), strict=True
    )
    left = sum(_squares(one, spread + between) for one, spread in zip(kinds, spreads, strict=True)) / freedom
    # Never narrower than what the units' own sizes allow.
    error = float(np.sqrt(max(left, 1.0) * sum(1 / weight for weight in weights)))
    value, reach = means[0] - means[1], float(stats.t.ppf((1 + LEVEL) / 2, freedom)) * error
    p_value = float(2 * stats.t.sf(abs(value) / error, freedom)) if error > 0 else float(value == 0)
    return Contrast(value, value - reach, value + reach, p_value, float(np.sqrt(between)))


def _mean(values: Floats, variances: Floats) -> tuple[float, float]:
    weight = 1 / variances
    return float((weight * values).sum() / weight.sum()), float(weight.sum())


def _squares(values: Floats, variances: Floats) -> float:
    mean, _ = _mean(values, variances)
    return float(((values - mean) ** 2 / variances).sum())


def _between(kinds: list[Floats], spreads: list[Floats], freedom: int) -> float:
    """The variance between units at which their squares are what chance leads one to expect; 0 if they are less."""

    def too_much(between: float) -> float:
        return sum(_squares(one, spread + between) for one, spread in zip(kinds, spreads, strict=True)) - freedom

    if too_much(0.0) <= 0:
        return 0.0
    top = 1.0
    while too_much(top) > 0:
        top *= 4
    return float(optimize.brentq(too_much, 0.0, top))
