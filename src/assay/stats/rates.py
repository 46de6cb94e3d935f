"""Hierarchical gamma-Poisson model of rates: shrunken estimates with intervals.

Unit i has count y_i over exposure e_i, y_i ~ Poisson(e_i r_i), and the true rates r_i follow a gamma distribution with
mean m and coefficient of variation v. Prior: log m flat; v / (1 + v) uniform between 0 and 1 (half the weight on
standard deviations below the mean, half above). The posterior is integrated on a grid (`posterior_grid.py`), not
sampled.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assay.stats.conjugate_kernels import GammaKernel, Kernel
from assay.stats.hierarchical_posterior import Estimate, Posterior, check_counts, weighted_estimate
from assay.stats.posterior_grid import Floats, PosteriorGrid, build_grid
from assay.stats.refusals import EstimationRefused
from assay.stats.rising_factorial import log_rising_factorial
from assay.stats.tabulated_densities import TabulatedDensity

TINY = 1e-300
"""Replaces an exposure of 0, to avoid division by zero."""


@dataclass(frozen=True)
class RatePosterior(Posterior):
    """Hierarchical gamma-Poisson posterior of each unit's rate; `x` of the grid is log m, `y` is log v."""

    kernel: ClassVar[Kernel] = GammaKernel()

    @property
    def overall(self) -> Estimate:
        """Mean rate of the population of units (each unit counts once, whatever its exposure)."""
        return weighted_estimate(np.exp(self.grid.x[self._heavy_points]), self._heavy_weights)

    @property
    def between_unit_sd(self) -> Estimate:
        """Standard deviation between units of the true rate."""
        return weighted_estimate(np.exp((self.grid.x + self.grid.y)[self._heavy_points]), self._heavy_weights)

    @property
    def between_unit_cv(self) -> Estimate:
        """Coefficient of variation between units of the true rate."""
        return weighted_estimate(np.exp(self.grid.y[self._heavy_points]), self._heavy_weights)

    def _build_grid(self, included: NDArray[np.bool_]) -> PosteriorGrid:
        return _rate_grid(self.counts, self.sizes, included)

    def _population(self, grid: PosteriorGrid, points: NDArray[np.intp]) -> tuple[Floats, Floats]:
        shape = np.exp(-2 * grid.y[points])
        return shape, shape / np.exp(grid.x[points])

    def _posterior_members(self, counts: Floats, sizes: Floats) -> tuple[Floats, Floats, Floats]:
        first, second = self._population(self.grid, self._heavy_points)
        rate = second + sizes[:, None]
        return first + counts[:, None], rate, second / rate

    def _member_means(self, first: Floats, second: Floats) -> Floats:
        return first / second

    def _count_tail_members(self, counts: Floats, sizes: Floats) -> tuple[Floats, Floats]:
        return np.maximum(counts + 1, 1), np.broadcast_to(np.maximum(sizes, TINY), counts.shape)

    def _largest_count(self, sizes: Floats, leave_one_out: TabulatedDensity) -> Floats:
        maximum_mean = sizes * np.exp(leave_one_out.nodes[:, -1])
        return np.asarray(np.ceil(maximum_mean + 10 * np.sqrt(maximum_mean) + 10))


def rate_posterior(counts: ArrayLike, exposures: ArrayLike, *, exclusion_p_value: float = 0.0) -> RatePosterior:
    """Return the hierarchical gamma-Poisson posterior of each unit's rate.

    Parameters
    ----------
    counts, exposures
        One value for each unit. A unit with exposure 0 is described by the population alone.
    exclusion_p_value
        A unit with a smaller leave-one-out p-value (0 to 1) is excluded from the predictive of all units.

    Raises
    ------
    EstimationRefused
        Fewer than five units, missing or negative numbers, a count without exposure, or all counts zero.
    """
    y, e = check_counts(np.asarray(counts), np.asarray(exposures), "rate")
    if ((e == 0) & (y > 0)).any():
        raise EstimationRefused("A unit has a count but no exposure: no rate can be worked out.")
    if y.sum() == 0:
        raise EstimationRefused("Every count is zero: how rates differ cannot be said.")
    return RatePosterior(y, e, _rate_grid(y, e, np.ones(len(y), dtype=bool)), exclusion_p_value)


def _rate_grid(counts: Floats, exposures: Floats, included: NDArray[np.bool_]) -> PosteriorGrid:
    """Return the posterior grid, around the pooled rate of all units (the included ones may all have count 0)."""
    middle = float(np.log(counts.sum() / exposures.sum()))

    def model(x: Floats, spread: Floats) -> tuple[Floats, Floats]:
        prior = -np.logaddexp(0, spread) - np.logaddexp(0, -spread)
        return np.asarray(prior), _log_likelihood(counts, exposures, x, spread)

    return build_grid(model, (middle - 14.0, middle + 14.0), (-18.0, 10.0), included)


def _log_likelihood(counts: Floats, exposures: Floats, x: Floats, y: Floats) -> Floats:
    """Return the log likelihood of shape (units, points), without terms that do not depend on the point."""
    shape = np.exp(-2 * y)
    hits = counts[:, None]
    thinned = (shape + hits) * np.log1p(exposures[:, None] * np.exp(x) / shape)
    levels, places = np.unique(shape, return_inverse=True)  # many points share one
    return np.asarray(log_rising_factorial(levels, hits)[:, places] + hits * x - thinned)
