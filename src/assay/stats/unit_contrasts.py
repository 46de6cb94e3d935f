"""Difference between the means of two kinds of units (random effects; Paule-Mandel, Hartung-Knapp).

Each unit has a value and a sampling variance from its own size. Units of one kind vary around their mean by more than
that; the between-unit variance, common to both kinds, is estimated by Paule and Mandel (Journal of Research of the
National Bureau of Standards 87, 1982, 377-385). The interval of the difference of means is that of Hartung and Knapp
(Statistics in Medicine 20, 2001, 3875-3889), which is valid for few units, with Student's distribution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from assay.stats.posterior_grid import Floats

LEVEL = 0.95


@dataclass(frozen=True)
class Contrast:
    """Mean of the first kind of unit minus that of the second, with interval, p-value and between-unit standard
    deviation."""

    value: float
    low: float
    high: float
    p_value: float
    between_sd: float


def contrast(
    values: Sequence[float], variances: Sequence[float], other_values: Sequence[float], other_variances: Sequence[float]
) -> Contrast | None:
    """Return the difference of the means of two kinds of units.

    None with fewer than two units of a kind, because the variation between them cannot be estimated.
    """
    if min(len(values), len(other_values)) < 2:
        return None
    groups = [np.asarray(group_values, dtype=float) for group_values in (values, other_values)]
    group_variances = [np.asarray(group_values, dtype=float) for group_values in (variances, other_variances)]
    degrees_of_freedom = sum(map(len, groups)) - 2
    between_variance = _between_variance(groups, group_variances, degrees_of_freedom)
    means, weights = zip(
        *(
            _mean(group_values, group_variance + between_variance)
            for group_values, group_variance in zip(groups, group_variances, strict=True)
        ),
        strict=True,
    )
    scale = (
        sum(
            _squares(group_values, group_variance + between_variance)
            for group_values, group_variance in zip(groups, group_variances, strict=True)
        )
        / degrees_of_freedom
    )
    # The interval is never narrower than the sampling variances of the units imply.
    error = float(np.sqrt(max(scale, 1.0) * sum(1 / weight for weight in weights)))
    value, half_width = means[0] - means[1], float(scipy.stats.t.ppf((1 + LEVEL) / 2, degrees_of_freedom)) * error
    p_value = float(2 * scipy.stats.t.sf(abs(value) / error, degrees_of_freedom)) if error > 0 else float(value == 0)
    return Contrast(value, value - half_width, value + half_width, p_value, float(np.sqrt(between_variance)))


def _mean(values: Floats, variances: Floats) -> tuple[float, float]:
    weight = 1 / variances
    return float((weight * values).sum() / weight.sum()), float(weight.sum())


def _squares(values: Floats, variances: Floats) -> float:
    mean, _ = _mean(values, variances)
    return float(((values - mean) ** 2 / variances).sum())


def _between_variance(groups: list[Floats], group_variances: list[Floats], degrees_of_freedom: int) -> float:
    """Return the Paule-Mandel variance: weighted squares equal their degrees of freedom; 0 if they are smaller."""

    def excess(between_variance: float) -> float:
        return (
            sum(
                _squares(group_values, group_variance + between_variance)
                for group_values, group_variance in zip(groups, group_variances, strict=True)
            )
            - degrees_of_freedom
        )

    if excess(0.0) <= 0:
        return 0.0
    upper = 1.0
    while excess(upper) > 0:
        upper *= 4
    return float(scipy.optimize.brentq(excess, 0.0, upper))
