"""Hierarchical posterior of similar units: full posterior, and the leave-one-out predictive of each unit.

`share_posteriors.py` (beta-binomial) and `rates.py` (gamma-Poisson) define the family; the rest is here.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from assay.stats.conjugate_kernels import Kernel, densities, table_range, tabulate, widen_members
from assay.stats.posterior_grid import Floats, PosteriorGrid, weighted_quantile
from assay.stats.refusals import EstimationRefused
from assay.stats.tabulated_densities import TabulatedDensity

FEWEST_UNITS = 5
"""With fewer units the variation between them cannot be distinguished from chance."""
POINTS = 97
MAXIMUM_ROUNDS = 5
MAXIMUM_EXCLUDED_SHARE = 0.25
"""If more units than this share are extreme, they are not exceptions, and no further units are excluded."""
QUARTERS = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Estimate:
    """A mean with its 95% interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Predictive:
    """Leave-one-out predictive of each unit; every array has one value for each unit.

    `expected`, `low` and `high` are shares or rates of a unit of the same size; `p_value` is the two-sided mid-P value.
    """

    expected: Floats
    low: Floats
    high: Floats
    p_value: Floats


@dataclass(frozen=True)
class Posterior(ABC):
    """Hierarchical posterior of units with counts and sizes (bases or exposures), on a grid.

    `counts` and `sizes` have shape (units,), and so has every result with one value for each unit. True values are
    shares (0 to 1) of a beta-binomial model, or rates for one unit of exposure of a gamma-Poisson model.

    `exclusion_p_value`: a unit with a smaller leave-one-out p-value is excluded from the predictive of all units, so
    that several units with similar extreme values do not mask one another.
    """

    counts: Floats
    sizes: Floats
    grid: PosteriorGrid
    exclusion_p_value: float
    kernel: ClassVar[Kernel]

    @abstractmethod
    def _build_grid(self, included: NDArray[np.bool_]) -> PosteriorGrid:
        """The posterior grid from the included units only."""

    @abstractmethod
    def _population(self, grid: PosteriorGrid, points: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """The parameters of the population distribution at each of these grid points."""

    @abstractmethod
    def _posterior_members(self, counts: Floats, sizes: Floats) -> tuple[Floats, Floats, Floats]:
        """Each unit's posterior parameters at each heavy point, and the weight of the population in it (0 to 1)."""

    @abstractmethod
    def _member_means(self, first: Floats, second: Floats) -> Floats:
        """The mean of each member as a share or a rate."""

    @abstractmethod
    def _count_tail_members(self, counts: Floats, sizes: Floats) -> tuple[Floats, Floats]:
        """Parameters of the member whose upper tail at x is the probability of at most `counts`, given the value x.

        It is a beta for a binomial count and a gamma for a Poisson count.
        """

    @abstractmethod
    def _largest_count(self, sizes: Floats, leave_one_out: TabulatedDensity) -> Floats:
        """An upper limit of the predicted count of a unit of this size."""

    @property
    @abstractmethod
    def overall(self) -> Estimate:
        """Mean of the population of units, with its 95% interval."""

    @property
    @abstractmethod
    def between_unit_sd(self) -> Estimate:
        """Standard deviation between units of the true share or rate, with its 95% interval."""

    def mean(self) -> Floats:
        """Return the posterior mean of each unit (shrunken estimate)."""
        return self.mean_of(self.counts, self.sizes)

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Return the lower and upper limits of the equal-tailed credible interval of each unit's true value.

        `level` is its posterior probability (0 to 1).
        """
        return self.quantile((1 - level) / 2), self.quantile((1 + level) / 2)

    def quantile(self, level: float) -> Floats:
        """Return the posterior quantile of each unit's true share or rate."""
        return self.kernel.value(self.table.quantile(level))

    def probability_below(self, values: Floats) -> Floats:
        """Return the posterior probability that each unit's true share or rate is below the value given for the
        unit."""
        nodes = self.kernel.node(values)
        return np.array([float(self.table.cdf(unit, nodes[unit])) for unit in range(len(nodes))])

    def mean_of(self, counts: Floats, sizes: Floats) -> Floats:
        """Return the posterior mean of units that were not fitted, with the fitted population as their prior.

        `counts` and `sizes` have shape (new units,).
        """
        first, second, _, weights = self._members(counts, sizes)
        return np.asarray((self._member_means(first, second) * weights).sum(axis=1))

    def interval_of(self, counts: Floats, sizes: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
        """Return equal-tailed credible limits for units that were not fitted, with the fitted population as prior."""
        table = self.tabulated(counts, sizes)
        ends = table.quantile((1 - level) / 2), table.quantile((1 + level) / 2)
        return self.kernel.value(ends[0]), self.kernel.value(ends[1])

    @cached_property
    def table(self) -> TabulatedDensity:
        """Posterior density of each unit's true value, on the working scale."""
        return self.tabulated(self.counts, self.sizes)

    def tabulated(self, counts: Floats, sizes: Floats) -> TabulatedDensity:
        """Return the posterior density of the true value of units with these counts and sizes."""
        first, second, follows, weights = self._members(counts, sizes)
        first, second = widen_members(self.kernel, first, second, 0.5 * self.grid.step_x * follows)
        return tabulate(self.kernel, first, second, weights, POINTS)

    def _members(self, counts: Floats, sizes: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Return each unit's mixture: parameters, weight of the population, and weights (one row for all, or each)."""
        return *self._posterior_members(counts, sizes), self._heavy_weights

    @property
    def leave_one_out(self) -> TabulatedDensity:
        """Population density for each unit, estimated from the other units that are not excluded."""
        return self._leave_one_out_fit[0]

    @property
    def excluded(self) -> NDArray[np.bool_]:
        """True for each unit that is an excluded (extreme) outlier, which is not used in the predictive of any unit."""
        return self._leave_one_out_fit[2]

    @cached_property
    def _leave_one_out_fit(self) -> tuple[TabulatedDensity, Floats, NDArray[np.bool_]]:
        """Leave-one-out densities, p-values and excluded units.

        The fit is repeated without the extreme units until the set of extreme units no longer changes.
        """
        excluded = np.zeros(len(self.counts), dtype=bool)
        leave_one_out, p_values = self._leave_one_out_from_grid(self.grid)
        for _ in range(MAXIMUM_ROUNDS):
            extreme = p_values < self.exclusion_p_value
            if (
                (extreme == excluded).all()
                or extreme.mean() > MAXIMUM_EXCLUDED_SHARE
                or not self.counts[~extreme].any()
            ):
                break
            excluded = extreme
            leave_one_out, p_values = self._leave_one_out_from_grid(self._build_grid(~excluded))
        return leave_one_out, p_values, excluded

    def _leave_one_out_from_grid(self, grid: PosteriorGrid) -> tuple[TabulatedDensity, Floats]:
        """Return the leave-one-out density of each unit from a grid, and its two-sided mid-P value."""
        weights = grid.leave_one_out_weights
        points = np.flatnonzero((weights > 1e-8 * weights.max(axis=1, keepdims=True)).any(axis=0))
        first, second = self._population(grid, points)
        first, second = widen_members(self.kernel, first, second, 0.5 * grid.step_x)
        weights = weights[:, points] / weights[:, points].sum(axis=1, keepdims=True)
        leave_one_out = _tabulate_on_shared_nodes(self.kernel, first, second, weights, self._finest_step())
        return leave_one_out, self._two_sided_p_values(self.counts, self.sizes, leave_one_out)

    def p_values_at(self, counts: Floats, sizes: Floats) -> Floats:
        """Return two-sided leave-one-out mid-P values for other counts and sizes than those fitted.

        Each unit is tested as if it alone had changed. The last axis of `counts` and `sizes` is the unit.
        """
        return self._two_sided_p_values(counts, sizes, self.leave_one_out)

    def _two_sided_p_values(self, counts: Floats, sizes: Floats, leave_one_out: TabulatedDensity) -> Floats:
        lower = self._predictive_cdf(np.stack([counts, counts - 1]), sizes, leave_one_out).mean(axis=0)
        return np.asarray(np.clip(2 * np.minimum(lower, 1 - lower), 0.0, 1.0))

    def _finest_step(self) -> float:
        """Return half the standard error, on the working scale, of the unit with the largest count."""
        return float(0.5 / np.sqrt(max(self.counts.max(), 1.0)))

    def predictive(self, level: float = 0.95) -> Predictive:
        """Return the leave-one-out predictive of each unit, for a unit of its size."""
        expected = self.leave_one_out.weights() @ self.kernel.value(self.leave_one_out.nodes[0])
        low, high = self._predicted_counts(np.array([(1 - level) / 2, (1 + level) / 2]))
        sizes = np.where(self.sizes > 0, self.sizes, np.nan)
        return Predictive(expected, low / sizes, high / sizes, self.p_values())

    def predictive_of_unit(self, unit: int, level: float = 0.95) -> tuple[float, float, float, float]:
        """Return (expected, low, high, p-value) of the leave-one-out predictive of one unit."""
        prediction = self.predictive(level)
        expected, low, high, p = (
            float(part[unit]) for part in (prediction.expected, prediction.low, prediction.high, prediction.p_value)
        )
        return expected, low, high, p

    def p_values(self) -> Floats:
        """Return the two-sided mid-P value of each unit under its leave-one-out predictive."""
        return self._leave_one_out_fit[1]

    def _predictive_cdf(self, counts: Floats, sizes: Floats, leave_one_out: TabulatedDensity) -> Floats:
        """Return the leave-one-out probability that each unit counts at most `counts` (last axis: units).

        A binomial or Poisson sum is an incomplete beta or gamma function: the probability of at most `counts` at a
        given value is the upper tail of a known member of the family. So the sum over counts is one integral over the
        nodes, by the trapezium rule with its end correction. A member narrower than the distance between nodes (counts
        far beyond those observed) is widened to one step.
        """
        nodes, step, kernel = leave_one_out.nodes[0], float(leave_one_out.step[0]), self.kernel
        first, second = widen_members(kernel, *self._count_tail_members(counts, sizes), step)
        density = densities(kernel, first, second, kernel.log_norm(first, second), nodes)
        at_ends, ends = density[..., [0, -1]], nodes[[0, -1]]
        rises = leave_one_out.density[:, [0, -1]] * at_ends
        at_ends *= leave_one_out.cumulative[:, [0, -1]]
        rises += at_ends * kernel.slope(first[..., None], second[..., None], ends)
        integral = step * (np.einsum("...ut,ut->...u", density, leave_one_out.cumulative) - at_ends.mean(axis=-1))
        integral -= step**2 / 12 * (rises[..., 1] - rises[..., 0])
        probabilities = np.clip(integral + 1 - kernel.cdf(first, second, ends[1:]), 0.0, 1.0)
        return np.where(
            counts < 0, 0.0, np.where(counts >= self._largest_count(sizes, leave_one_out), 1.0, probabilities)
        )

    def _predicted_counts(self, levels: Floats) -> Floats:
        """Return the predictive quantile of the count of each unit (column) at each level (row), by interval search."""
        lower = np.full((len(levels), len(self.counts)), -1.0)
        upper = np.broadcast_to(self._largest_count(self.sizes, self.leave_one_out), lower.shape)
        while (upper - lower > 1).any():
            candidates = np.floor(lower + (upper - lower) * np.array(QUARTERS)[:, None, None])
            is_reached = self._predictive_cdf(candidates, self.sizes, self.leave_one_out) >= levels[:, None]
            new_upper = np.where(is_reached, candidates, upper).min(axis=0)
            upper, lower = new_upper, np.where(is_reached, lower, candidates).max(axis=0)
        return np.asarray(upper)

    @cached_property
    def _heavy_points(self) -> NDArray[np.intp]:
        return self.grid.heavy_points()

    @cached_property
    def _heavy_weights(self) -> Floats:
        weights = self.grid.weights[self._heavy_points]
        return np.asarray(weights / weights.sum())


def weighted_estimate(values: Floats, weights: Floats) -> Estimate:
    """Return the weighted mean of posterior points, with their 2.5% and 97.5% weighted quantiles as interval."""
    low, high = weighted_quantile(values, weights, np.array([0.025, 0.975]))
    return Estimate(float(values @ weights), float(low), float(high))


def check_counts(counts: Floats, sizes: Floats, quantity: str) -> tuple[Floats, Floats]:
    """Return counts and sizes as arrays; EstimationRefused with the reason if they cannot be compared."""
    counts, sizes = np.asarray(counts, dtype=float), np.asarray(sizes, dtype=float)
    if counts.shape != sizes.shape or counts.ndim != 1:
        raise EstimationRefused("Each unit needs one count and one size.")
    if len(counts) < FEWEST_UNITS:
        raise EstimationRefused(f"{len(counts)} units are too few to compare: at least {FEWEST_UNITS} are needed.")
    if not (np.isfinite(counts).all() and np.isfinite(sizes).all()):
        raise EstimationRefused("A count or a size is missing: leave that unit out, or say what it is.")
    if (counts < 0).any() or (sizes < 0).any():
        raise EstimationRefused(
            f"A negative count cannot be a {quantity}: leave that unit out and show it as published."
        )
    return counts, sizes


def _tabulate_on_shared_nodes(
    kernel: Kernel, first: Floats, second: Floats, weights: Floats, finest: float
) -> TabulatedDensity:
    """Tabulate mixtures of the same members with different weights, on nodes that all rows share."""
    rows = first[None, :], second[None, :]
    lows, highs = table_range(kernel, *rows, weights)
    low, high = float(lows.min()), float(highs.max())
    points = int(np.clip((high - low) / finest, 240, 2400))
    nodes = np.linspace(low, high, points)
    member_densities = densities(kernel, first, second, kernel.log_norm(first, second), nodes)
    below = weights @ kernel.cdf(first, second, np.array(low))
    above = np.maximum(1 - weights @ kernel.cdf(first, second, np.array(high)), 0.0)
    density = weights @ member_densities
    return TabulatedDensity(np.broadcast_to(nodes, density.shape), density, below, above)
