"""What is known about each of many like units, and what would be expected of one from the others?

`share_posteriors.py` and `rates.py` fill in the family; everything that the two have in common is here.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from assay.stats.conjugate_kernels import Kernel, densities, no_narrower, reach, tabulate
from assay.stats.posterior_grid import Floats, Grid, weighted_quantile
from assay.stats.refusals import Refused
from assay.stats.tabulated_densities import Tabulated

FEWEST_UNITS = 5
"""With fewer units the spread between them cannot be told from chance."""
POINTS = 97
MOST_ROUNDS = 5
MOST_SET_APART = 0.25
"""Where more units than this share lie far out they are no exceptions, and no more are set apart."""
QUARTERS = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Estimate:
    """A middle and an interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Predictive:
    """What the other units lead one to expect of each unit, and how far the unit is from it; one value a
    unit.

    `expected`, `low` and `high` are shares or rates of a unit of the same size; `p_value` is the two-sided
    mid-P value.
    """

    expected: Floats
    low: Floats
    high: Floats
    p_value: Floats


@dataclass(frozen=True)
class Posterior(ABC):
    """Units with counts and sizes (bases or exposures), and the grid over what they have in common.

    `set_apart_below`: a unit with a p value under it is set apart: what is expected of any unit then rests on the
    others alone, so that several that are far out alike do not hide one another.
    """

    counts: Floats
    sizes: Floats
    grid: Grid
    set_apart_below: float
    kernel: ClassVar[Kernel]

    @abstractmethod
    def _laid_out(self, counted: NDArray[np.bool_]) -> Grid:
        """The grid that rests on these units alone."""

    @abstractmethod
    def _population(self, grid: Grid, points: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """The population's member at each of these points of a grid."""

    @abstractmethod
    def _updated(self, counts: Floats, sizes: Floats) -> tuple[Floats, Floats, Floats]:
        """Each unit's member at each heavy point, and how far it still follows the population (0 to 1)."""

    @abstractmethod
    def _mean_of(self, first: Floats, second: Floats) -> Floats:
        """The mean of each member as a share or a rate."""

    @abstractmethod
    def _passing(self, counts: Floats, sizes: Floats) -> tuple[Floats, Floats]:
        """For each unit the member that a value stays under as often as a unit with it counts at most `counts`."""

    @abstractmethod
    def _largest_count(self, sizes: Floats, without: Tabulated) -> Floats:
        """A count that no prediction of a unit of this size will pass."""

    @property
    @abstractmethod
    def overall(self) -> Estimate:
        """The mean of the population of units, with its 95% interval."""

    @property
    @abstractmethod
    def between_unit_sd(self) -> Estimate:
        """The standard deviation between units of the true share or rate, with its 95% interval."""

    def mean(self) -> Floats:
        """The posterior mean of each unit: its own figure, drawn towards the others as far as it is thin."""
        return self.mean_of(self.counts, self.sizes)

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """The interval that holds each unit's true value with probability `level`."""
        return self.quantile((1 - level) / 2), self.quantile((1 + level) / 2)

    def quantile(self, level: float) -> Floats:
        """The value that each unit's true share or rate stays under with probability `level`."""
        return self.kernel.value(self.table.quantile(level))

    def mean_of(self, counts: Floats, sizes: Floats) -> Floats:
        """The mean of units that were not among those compared, seen against those that were."""
        first, second, _, weights = self._members(counts, sizes)
        return np.asarray((self._mean_of(first, second) * weights).sum(axis=1))

    def interval_of(self, counts: Floats, sizes: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
        """The interval of units that were not among those compared, seen against those that were."""
        table = self.tabulated(counts, sizes)
        ends = table.quantile((1 - level) / 2), table.quantile((1 + level) / 2)
        return self.kernel.value(ends[0]), self.kernel.value(ends[1])

    @cached_property
    def table(self) -> Tabulated:
        """The distribution of each unit's true value, on the working scale."""
        return self.tabulated(self.counts, self.sizes)

    def tabulated(self, counts: Floats, sizes: Floats) -> Tabulated:
        """The distribution of the true value of units with these counts and sizes."""
        first, second, follows, weights = self._members(counts, sizes)
        first, second = no_narrower(self.kernel, first, second, 0.5 * self.grid.step_x * follows)
        return tabulate(self.kernel, first, second, weights, POINTS)

    def _members(self, counts: Floats, sizes: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Each unit's members, how far each follows the population, and their weights (a row for all, or one each)."""
        return *self._updated(counts, sizes), self._heavy_weights

    @property
    def without(self) -> Tabulated:
        """For each unit, the distribution of the population's values as the *other* units show it that are not set
        apart."""
        return self._seen[0]

    @property
    def set_apart(self) -> NDArray[np.bool_]:
        """Which units are set apart: nobody is measured by them."""
        return self._seen[2]

    @cached_property
    def _seen(self) -> tuple[Tabulated, Floats, NDArray[np.bool_]]:
        """What the others show, each unit's p value, and who is set apart: asked again without these until it is the
        same units that lie far out."""
        apart = np.zeros(len(self.counts), dtype=bool)
        without, p = self._seen_by(self.grid)
        for _ in range(MOST_ROUNDS):
            far = p < self.set_apart_below
            if (far == apart).all() or far.mean() > MOST_SET_APART or not self.counts[~far].any():
                break
            apart = far
            without, p = self._seen_by(self._laid_out(~apart))
        return without, p, apart

    def _seen_by(self, grid: Grid) -> tuple[Tabulated, Floats]:
        """What a grid's other units show of each unit; how rarely one would be as far out, to either side (mid-P)."""
        weights = grid.weights_without
        points = np.flatnonzero((weights > 1e-8 * weights.max(axis=1, keepdims=True)).any(axis=0))
        first, second = self._population(grid, points)
        first, second = no_narrower(self.kernel, first, second, 0.5 * grid.step_x)
        weights = weights[:, points] / weights[:, points].sum(axis=1, keepdims=True)
        without = _shared_nodes(self.kernel, first, second, weights, self._finest())
        return without, self._out_at(self.counts, self.sizes, without)

    def p_values_at(self, counts: Floats, sizes: Floats) -> Floats:
        """The p-value of each unit (last axis), had it these counts and sizes, and all others theirs."""
        return self._out_at(counts, sizes, self.without)

    def _out_at(self, counts: Floats, sizes: Floats, without: Tabulated) -> Floats:
        lower = self._at_most(np.stack([counts, counts - 1]), sizes, without).mean(axis=0)
        return np.asarray(np.clip(2 * np.minimum(lower, 1 - lower), 0.0, 1.0))

    def _finest(self) -> float:
        """Half the standard deviation, on the working scale, of the best measured unit's own figure."""
        return float(0.5 / np.sqrt(max(self.counts.max(), 1.0)))

    def predictive(self, level: float = 0.95) -> Predictive:
        """For each unit, what the others lead one to expect of a unit of its size."""
        expected = self.without.weights() @ self.kernel.value(self.without.nodes[0])
        low, high = self._predicted_counts(np.array([(1 - level) / 2, (1 + level) / 2]))
        sizes = np.where(self.sizes > 0, self.sizes, np.nan)
        return Predictive(expected, low / sizes, high / sizes, self.p_values())

    def predictive_without(self, unit: int, level: float = 0.95) -> tuple[float, float, float, float]:
        """(expected, low, high, p value) of one unit, predicted from the others."""
        found = self.predictive(level)
        expected, low, high, p = (float(part[unit]) for part in (found.expected, found.low, found.high, found.p_value))
        return expected, low, high, p

    def p_values(self) -> Floats:
        """How rarely a unit predicted from the others would be as far out, to either side; mid-P, one a unit."""
        return self._seen[1]

    def _at_most(self, counts: Floats, sizes: Floats, without: Tabulated) -> Floats:
        """The probability that each unit, predicted from the others, counts at most `counts` (last axis: units).

        With a given value it counts so few as often as another quantity, of a known member of the family, lies above
        that value (a binomial or Poisson sum is an incomplete beta or gamma): so the sum over the counts is one
        integral over the nodes, by the trapezium rule with the correction for its ends. Counts so far beyond those seen
        that the other quantity would fall between two nodes have it spread over a node's step.
        """
        nodes, step, kernel = without.nodes[0], float(without.step[0]), self.kernel
        first, second = no_narrower(kernel, *self._passing(counts, sizes), step)
        density = densities(kernel, first, second, kernel.log_norm(first, second), nodes)
        at_ends, ends = density[..., [0, -1]], nodes[[0, -1]]
        rises = without.density[:, [0, -1]] * at_ends
        at_ends *= without.reached[:, [0, -1]]
        rises += at_ends * kernel.slope(first[..., None], second[..., None], ends)
        inside = step * (np.einsum("...ut,ut->...u", density, without.reached) - at_ends.mean(axis=-1))
        inside -= step**2 / 12 * (rises[..., 1] - rises[..., 0])
        found = np.clip(inside + 1 - kernel.cdf(first, second, ends[1:]), 0.0, 1.0)
        return np.where(counts < 0, 0.0, np.where(counts >= self._largest_count(sizes, without), 1.0, found))

    def _predicted_counts(self, levels: Floats) -> Floats:
        """The smallest count that each unit (column) stays at or under with each probability (row): a search by
        quarters of what is left."""
        under = np.full((len(levels), len(self.counts)), -1.0)
        reached = np.broadcast_to(self._largest_count(self.sizes, self.without), under.shape)
        while (reached - under > 1).any():
            tried = np.floor(under + (reached - under) * np.array(QUARTERS)[:, None, None])
            enough = self._at_most(tried, self.sizes, self.without) >= levels[:, None]
            above = np.where(enough, tried, reached).min(axis=0)
            reached, under = above, np.where(enough, under, tried).max(axis=0)
        return np.asarray(reached)

    @cached_property
    def _heavy(self) -> NDArray[np.intp]:
        return self.grid.heavy()

    @cached_property
    def _heavy_weights(self) -> Floats:
        weights = self.grid.weights[self._heavy]
        return np.asarray(weights / weights.sum())


def middle_and_interval(values: Floats, weights: Floats) -> Estimate:
    """Mean and 95% interval of points with weights."""
    low, high = weighted_quantile(values, weights, np.array([0.025, 0.975]))
    return Estimate(float(values @ weights), float(low), float(high))


def checked(counts: Floats, sizes: Floats, unit_word: str) -> tuple[Floats, Floats]:
    """Counts and sizes as arrays, or a refusal with its reason."""
    counts, sizes = np.asarray(counts, dtype=float), np.asarray(sizes, dtype=float)
    if counts.shape != sizes.shape or counts.ndim != 1:
        raise Refused("Each unit needs one count and one size.")
    if len(counts) < FEWEST_UNITS:
        raise Refused(f"{len(counts)} units are too few to compare: at least {FEWEST_UNITS} are needed.")
    if not (np.isfinite(counts).all() and np.isfinite(sizes).all()):
        raise Refused("A count or a size is missing: leave that unit out, or say what it is.")
    if (counts < 0).any() or (sizes < 0).any():
        raise Refused(f"A negative count cannot be a {unit_word}: leave that unit out and show it as published.")
    return counts, sizes


def _shared_nodes(kernel: Kernel, first: Floats, second: Floats, weights: Floats, finest: float) -> Tabulated:
    """Mixtures of the same members with different weights, tabulated on nodes that all rows share."""
    rows = first[None, :], second[None, :]
    lows, highs = reach(kernel, *rows, weights)
    low, high = float(lows.min()), float(highs.max())
    points = int(np.clip((high - low) / finest, 240, 2400))
    nodes = np.linspace(low, high, points)
    of_members = densities(kernel, first, second, kernel.log_norm(first, second), nodes)
    below = weights @ kernel.cdf(first, second, np.array(low))
    above = np.maximum(1 - weights @ kernel.cdf(first, second, np.array(high)), 0.0)
    density = weights @ of_members
    return Tabulated(np.broadcast_to(nodes, density.shape), density, below, above)
