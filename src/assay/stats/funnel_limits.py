"""Limits of a funnel plot for shares, predictive and naive, and the count of units outside the naive limits.

The predictive limits do not converge with size, because units differ by more than chance. The naive limits do, and so
identify large units as outliers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Required, TypedDict

import numpy as np
import scipy

from assay.stats.binomial_intervals import naive_funnel_z, naive_funnel_z_of_rates
from assay.stats.posterior_grid import Floats


@dataclass(frozen=True)
class FunnelLimits:
    """Limits of the share (0 to 1) at each of `sizes` (bases)."""

    sizes: Floats
    naive_low: Floats
    naive_high: Floats
    low: Floats
    high: Floats


def share_limits(overall: float, between_sd: float, bases: Sequence[float], level: float = 0.95) -> FunnelLimits:
    """Return limits around an overall share: naive limits at 3 standard errors, predictive limits at `level`.

    `between_sd` is the standard deviation between forces of the true share. The predictive limits are quantiles of the
    beta distribution with the mean and variance of a force with that base, which makes them smooth. `overall` and
    `between_sd` are taken as known (the test of a force integrates over them).
    """
    sizes = np.asarray(bases, dtype=float)
    binomial_variance = overall * (1 - overall)
    naive = 3 * np.sqrt(binomial_variance / sizes)
    variance = np.minimum(binomial_variance / sizes + between_sd**2 * (1 - 1 / sizes), 0.999 * binomial_variance)
    concentration = binomial_variance / variance - 1
    predictive = scipy.stats.beta(overall * concentration, (1 - overall) * concentration)
    ends = predictive.ppf((1 - level) / 2), predictive.ppf((1 + level) / 2)
    return FunnelLimits(sizes, np.maximum(overall - naive, 0), np.minimum(overall + naive, 1), *ends)


class NaiveFunnel(TypedDict, total=False):
    """Forces outside the limits of a naive funnel plot; only `naive_forces` if the limits cannot be computed."""

    naive_forces: Required[int]
    naive_outside_3_sigma: int
    naive_outside_2_sigma: int
    mean_z_squared: float


def naive_funnel(counts: Sequence[float], sizes: Sequence[float], *, is_rate: bool) -> NaiveFunnel:
    """Count the forces that a naive funnel plot, with one value for all forces, would put outside its limits.

    The counts and sizes are those of all territorial forces with figures, because a naive funnel has no reason to
    exclude any.
    """
    count, size = np.array(counts, dtype=float), np.array(sizes, dtype=float)
    if count.sum() <= 0 or (not is_rate and count.sum() >= size.sum()):
        return {"naive_forces": len(count)}
    z = (naive_funnel_z_of_rates if is_rate else naive_funnel_z)(count, size)
    return {
        "naive_forces": len(count),
        "naive_outside_3_sigma": int((np.abs(z) > 3).sum()),
        "naive_outside_2_sigma": int((np.abs(z) > 2).sum()),
        "mean_z_squared": float((z**2).mean()),
    }
