"""Hierarchical beta-binomial model of shares: shrunken estimates with intervals.

Unit i has y_i of n_i, with y_i ~ Binomial(n_i, p_i) and p_i ~ Beta(mk, (1-m)k). m is the mean share of units;
s = 1 / sqrt(1 + k) is the standard deviation between units as a share of the largest that the mean allows,
sqrt(m(1-m)). Prior: m and s independent and uniform between 0 and 1. The posterior is integrated on a grid
(`posterior_grid.py`), not sampled, so the same data give the same estimates.

With `outlier_prior` above 0, a unit may with this prior probability not belong to the population, and then has a
uniform share (a contaminated model, as in Box and Tiao, Biometrika 55, 1968, 119-129). Several similar extreme units
then neither widen the predictive of the others nor mask one another.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from assay.stats.conjugate_kernels import BetaKernel, Kernel
from assay.stats.hierarchical_posterior import Estimate, Posterior, check_counts, weighted_estimate
from assay.stats.posterior_grid import Floats, PosteriorGrid, build_grid
from assay.stats.refusals import EstimationRefused
from assay.stats.rising_factorial import log_rising_factorial
from assay.stats.tabulated_densities import TabulatedDensity


@dataclass(frozen=True)
class SharePosterior(Posterior):
    """Hierarchical beta-binomial posterior of each unit's share; `x` of the grid is logit m, `y` is logit s.

    `outlier_prior`: prior probability that a unit does not belong to the population.
    """

    outlier_prior: float
    kernel: ClassVar[Kernel] = BetaKernel()

    @property
    def overall(self) -> Estimate:
        """Mean share of the population of units (each unit counts once, whatever its size)."""
        points = self._heavy_points
        return weighted_estimate(special.expit(self.grid.x[points]), self._heavy_weights)

    @property
    def between_unit_sd(self) -> Estimate:
        """Standard deviation between units of the true share, 0 to 0.5."""
        m, s = special.expit(self.grid.x[self._heavy_points]), special.expit(self.grid.y[self._heavy_points])
        return weighted_estimate(s * np.sqrt(m * (1 - m)), self._heavy_weights)

    def _population(self, grid: PosteriorGrid, points: NDArray[np.intp]) -> tuple[Floats, Floats]:
        return _beta_parameters(grid.x[points], grid.y[points])

    def _build_grid(self, included: NDArray[np.bool_]) -> PosteriorGrid:
        return _share_grid(self.counts, self.sizes, self.outlier_prior, included)

    def _posterior_members(self, counts: Floats, sizes: Floats) -> tuple[Floats, Floats, Floats]:
        first, second = self._population(self.grid, self._heavy_points)
        concentration = first + second
        shrinkage = concentration / (concentration + sizes[:, None])
        return first + counts[:, None], second + (sizes - counts)[:, None], shrinkage

    def _members(self, counts: Floats, sizes: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Add one member to the mixture of each unit if it may be an outlier: its posterior under a uniform prior."""
        first, second, shrinkage, weights = super()._members(counts, sizes)
        if not self.outlier_prior:
            return first, second, shrinkage, weights
        member_weights = weights * self._population_probability(counts, sizes)
        outlier_weight = 1 - member_weights.sum(axis=1, keepdims=True)
        first, second = np.hstack([first, counts[:, None] + 1]), np.hstack([second, (sizes - counts)[:, None] + 1])
        return (
            first,
            second,
            np.hstack([shrinkage, np.zeros_like(outlier_weight)]),
            np.hstack([member_weights, outlier_weight]),
        )

    def _population_probability(self, counts: Floats, sizes: Floats) -> Floats:
        """Return the probability at each heavy point that a unit with these counts belongs to the population."""
        points, outlier_log_likelihood = (
            self._heavy_points,
            np.log(self.outlier_prior) + _log_outlier_likelihood(counts, sizes),
        )
        if counts is self.counts and sizes is self.sizes:  # the grid has the likelihood of the mixture
            return np.asarray(-np.expm1(outlier_log_likelihood - self.grid.log_likelihood[:, points]))
        member_log_likelihood = _log_likelihood(counts, sizes, self.grid.x[points], self.grid.y[points])
        return np.asarray(special.expit(member_log_likelihood + np.log1p(-self.outlier_prior) - outlier_log_likelihood))

    def _member_means(self, first: Floats, second: Floats) -> Floats:
        return first / (first + second)

    def _count_tail_members(self, counts: Floats, sizes: Floats) -> tuple[Floats, Floats]:
        return np.maximum(counts + 1, 1), np.maximum(sizes - counts, 1)

    def _largest_count(self, sizes: Floats, leave_one_out: TabulatedDensity) -> Floats:
        return sizes


def share_posterior(
    counts: ArrayLike, bases: ArrayLike, *, outlier_prior: float = 0.0, exclusion_p_value: float = 0.0
) -> SharePosterior:
    """Return the hierarchical beta-binomial posterior of each unit's share.

    Parameters
    ----------
    counts, bases
        One value for each unit. A unit with base 0 is described by the population alone.
    outlier_prior
        Prior probability (0 to 1) that a unit does not belong to the population, and has a uniform share.
    exclusion_p_value
        A unit with a smaller leave-one-out p-value (0 to 1) is excluded from the predictive of all units.

    Raises
    ------
    EstimationRefused
        Fewer than five units, missing or negative numbers, a count above its base, or all bases zero.
    """
    y, n = check_counts(np.asarray(counts), np.asarray(bases), "share")
    if (y > n).any():
        raise EstimationRefused("A count is larger than its base: no share can be worked out.")
    if n.sum() == 0:
        raise EstimationRefused("Every base is zero: there is nothing to compare.")

    grid = _share_grid(y, n, outlier_prior, np.ones(len(y), dtype=bool))
    return SharePosterior(y, n, grid, exclusion_p_value, outlier_prior)


def _share_grid(counts: Floats, bases: Floats, outlier_prior: float, included: NDArray[np.bool_]) -> PosteriorGrid:
    def model(x: Floats, spread: Floats) -> tuple[Floats, Floats]:
        likelihood = _log_likelihood(counts, bases, x, spread)
        return _log_prior(x) + _log_prior(spread), _outlier_mixture(likelihood, counts, bases, outlier_prior)

    return build_grid(model, (-25.0, 25.0), (-18.0, 12.0), included)


def _outlier_mixture(log_likelihood: Floats, counts: Floats, bases: Floats, outlier_prior: float) -> Floats:
    """Return the log likelihood of the contaminated model, in which an outlier has a uniform share."""
    if not outlier_prior:
        return log_likelihood
    member_log_likelihood = np.log1p(-outlier_prior) + log_likelihood
    return np.asarray(
        np.logaddexp(member_log_likelihood, np.log(outlier_prior) + _log_outlier_likelihood(counts, bases))
    )


def _log_outlier_likelihood(counts: Floats, bases: Floats) -> Floats:
    """Return the log likelihood of a unit with a uniform share, without the binomial coefficient."""
    return np.asarray(special.betaln(counts + 1, bases - counts + 1)[:, None])


def _log_prior(logit: Floats) -> Floats:
    """Return the log density of a uniform on (0, 1), on the logit scale."""
    return np.asarray(-np.logaddexp(0, logit) - np.logaddexp(0, -logit))


def _beta_parameters(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return (mk, (1-m)k) from logit m and logit s; k = 1/s^2 - 1, in a form that loses no digits for s near 1."""
    k = np.exp(-2 * y) + 2 * np.exp(-y)
    return np.asarray(special.expit(x) * k), np.asarray(special.expit(-x) * k)


def _log_likelihood(counts: Floats, bases: Floats, x: Floats, y: Floats) -> Floats:
    """Return the log likelihood of shape (units, points), without the binomial coefficient."""
    first, second = _beta_parameters(x, y)
    hits, misses = counts[:, None], (bases - counts)[:, None]
    log_likelihood = log_rising_factorial(first, hits)
    log_likelihood += log_rising_factorial(second, misses)
    # first + second depends on y alone, and many points share one y
    levels, level_index = np.unique(y, return_inverse=True)
    log_likelihood -= log_rising_factorial(np.exp(-2 * levels) + 2 * np.exp(-levels), hits + misses)[:, level_index]
    log_likelihood -= np.hstack([hits, misses]) @ np.vstack([np.logaddexp(0, -x), np.logaddexp(0, x)])
    return np.asarray(log_likelihood)
