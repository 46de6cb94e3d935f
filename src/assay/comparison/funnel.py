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


def share_limits(
    overall: float, between_sd: float, bases: Sequence[float], level: float = 0.95
) -> FunnelLimits:
    """Limits around an overall share: naive ones at 3 standard errors, predictive ones at `level`.

    `between_sd` is the standard deviation between forces of the true share. The predictive limits are
    quantiles of the beta-binomial with that mean and spread (the two taken as known; the test of a force does
    not take them so).
    """
    sizes = np.asarray(bases, dtype=float)
    naive = 3 * np.sqrt(overall * (1 - overall) / sizes)
    room = overall * (1 - overall)
    together = max(room / max(between_sd, 1e-9) ** 2 - 1, 1e-6)
    belief = stats.betabinom(sizes.astype(int), overall * together, (1 - overall) * together)
    low, high = belief.ppf((1 - level) / 2) / sizes, belief.ppf((1 + level) / 2) / sizes
    return FunnelLimits(sizes, np.maximum(overall - naive, 0), np.minimum(overall + naive, 1), low, high)


def rate_limits(
    overall: float, between_sd: float, exposures: Sequence[float], level: float = 0.95
) -> FunnelLimits:
    """The same for rates per unit of exposure: gamma-Poisson (negative binomial) limits."""
    sizes = np.asarray(exposures, dtype=float)
    naive = 3 * np.sqrt(overall / sizes)
    shape = (overall / max(between_sd, 1e-9 * overall)) ** 2
    belief = stats.nbinom(shape, shape / (shape + sizes * overall))
    low, high = belief.ppf((1 - level) / 2) / sizes, belief.ppf((1 + level) / 2) / sizes
    return FunnelLimits(sizes, np.maximum(overall - naive, 0), overall + naive, low, high)
