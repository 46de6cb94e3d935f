"""How far from the overall figure would a force of this size lie, by chance alone and as forces truly differ?

For the chart: limits that grow narrower as the base grows. The predictive limits never close, because forces
differ beyond chance; the naive ones do, which is why they call large forces unusual.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from assay.estimation.grid import Floats


@dataclass(frozen=True)
class FunnelLimits:
    """Limits of the share (0 to 1) or of the rate, at each of `sizes` (bases or exposures)."""

    sizes: Floats
    naive_low: Floats
    naive_high: Floats
    low: Floats
    high: Floats


def share_limits(overall: float, between_sd: float, bases: Sequence[float], level: float = 0.95) -> FunnelLimits:
    """Limits around an overall share: naive ones at 3 standard errors, predictive ones at `level`.

    `between_sd` is the standard deviation between forces of the true share. The predictive limits are quantiles of the
    beta with the mean and the variance of a force of that base, which draws them smooth; overall and spread are taken
    as known (the test of a force does not take them so).
    """
    sizes = np.asarray(bases, dtype=float)
    room = overall * (1 - overall)
    naive = 3 * np.sqrt(room / sizes)
    variance = np.minimum(room / sizes + between_sd**2 * (1 - 1 / sizes), 0.999 * room)
    together = room / variance - 1
    belief = stats.beta(overall * together, (1 - overall) * together)
    ends = belief.ppf((1 - level) / 2), belief.ppf((1 + level) / 2)
    return FunnelLimits(sizes, np.maximum(overall - naive, 0), np.minimum(overall + naive, 1), *ends)


def rate_limits(overall: float, between_sd: float, exposures: Sequence[float], level: float = 0.95) -> FunnelLimits:
    """The same for rates per unit of exposure: quantiles of the gamma with a force's mean and variance."""
    sizes = np.asarray(exposures, dtype=float)
    naive = 3 * np.sqrt(overall / sizes)
    variance = overall / sizes + between_sd**2
    belief = stats.gamma(overall**2 / variance, scale=variance / overall)
    ends = belief.ppf((1 - level) / 2), belief.ppf((1 + level) / 2)
    return FunnelLimits(sizes, np.maximum(overall - naive, 0), overall + naive, *ends)
