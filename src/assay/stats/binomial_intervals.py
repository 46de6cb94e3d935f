"""Wilson, Jeffreys and mid-P intervals of a share, and z-scores of a naive funnel plot."""

import numpy as np
import scipy
from numpy.typing import ArrayLike
from scipy import special

from assay.stats.posterior_grid import Floats


def wilson(count: float, base: float, level: float = 0.95) -> tuple[float, float]:
    """Return Wilson's score interval for a share (0 to 1); (0, 1) if the base is 0."""
    if base == 0:
        return 0.0, 1.0
    z = float(special.ndtri((1 + level) / 2))
    share, extra = count / base, z * z / base
    middle = (share + extra / 2) / (1 + extra)
    half = z * np.sqrt(share * (1 - share) / base + extra / (4 * base)) / (1 + extra)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def jeffreys(count: float, base: float, level: float = 0.95) -> tuple[float, float]:
    """Return Jeffreys' interval for a share; it starts at 0 if the count is 0, and ends at 1 if it is the base."""
    if base == 0:
        return 0.0, 1.0
    tail = (1 - level) / 2
    posterior = scipy.stats.beta(count + 0.5, base - count + 0.5)
    low = 0.0 if count == 0 else float(posterior.ppf(tail))
    high = 1.0 if count == base else float(posterior.ppf(1 - tail))
    return low, high


def mid_p(count: float, base: float, level: float = 0.95) -> tuple[float, float]:
    """Return the mid-P interval for a share: exact binomial tails, with half the probability of the count itself."""
    if base == 0:
        return 0.0, 1.0
    tail = (1 - level) / 2

    def upper(share: float) -> float:
        return float(scipy.stats.binom.sf(count, base, share) + scipy.stats.binom.pmf(count, base, share) / 2)

    low = 0.0 if count == 0 else scipy.optimize.brentq(lambda p: upper(p) - tail, 0.0, count / base)
    high = 1.0 if count == base else scipy.optimize.brentq(lambda p: 1 - upper(p) - tail, count / base, 1.0)
    return float(low), float(high)


def naive_funnel_z(counts: ArrayLike, bases: ArrayLike) -> Floats:
    """Return the z-score of each unit against the pooled share, with binomial standard errors.

    It assumes that units differ by chance alone. It is only reported to show what a naive funnel plot would do, and
    identifies no outliers. NaN for a unit with base 0.
    """
    y, n = np.asarray(counts, dtype=float), np.asarray(bases, dtype=float)
    pooled = y.sum() / n.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((y / n - pooled) / np.sqrt(pooled * (1 - pooled) / n))


def naive_funnel_z_of_rates(counts: ArrayLike, exposures: ArrayLike) -> Floats:
    """Return the funnel-plot z-score of each unit against the pooled rate, with Poisson standard errors.

    `counts` and `exposures` have shape (units,). There is no overdispersion term: see `naive_funnel_z`.
    """
    y, e = np.asarray(counts, dtype=float), np.asarray(exposures, dtype=float)
    expected = e * (y.sum() / e.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((y - expected) / np.sqrt(expected))
