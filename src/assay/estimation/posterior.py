"""What is known about each of many like units, and what would be expected of one from the others?

`shares.py` and `rates.py` fill in the family; everything that the two have in common is here.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from assay.estimation.grid import Floats, Grid, weighted_quantile
from assay.estimation.kernels import Kernel, no_narrower, reach, tabulate
from assay.estimation.refusals import Refused
from assay.estimation.tabulated import Tabulated

FEWEST_UNITS = 5
"""With fewer units the spread between them cannot be told from chance."""
POINTS = 97


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
    """Units with counts and sizes (bases or exposures), and the grid over what they have in common."""

    counts: Floats
    sizes: Floats
    grid: Grid
    kernel: ClassVar[Kernel]

    @abstractmethod
    def _population(self, points: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """The population's member at each of the grid's points."""

    @abstractmethod
    def _updated(self, counts: Floats, sizes: Floats) -> tuple[Floats, Floats, Floats]:
        """Each unit's member at each heavy point, and how far it still follows the population (0 to 1)."""

    @abstractmethod
    def _mean_of(self, first: Floats, second: Floats) -> Floats:
        """The mean of each member as a share or a rate."""

    @abstractmethod
    def _count_cdf(self, counts: Floats, sizes: Floats, values: Floats) -> Floats:
        """The probability of at most `counts`, given the share or rate."""

    @abstractmethod
    def _largest_count(self) -> Floats:
        """A count that no unit's prediction will pass."""

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

    @cached_property
    def without(self) -> Tabulated:
        """For each unit, the distribution of the population's values as the *other* units show it."""
        weights = self.grid.weights_without
        points = np.flatnonzero((weights > 1e-8 * weights.max(axis=1, keepdims=True)).any(axis=0))
        first, second = self._population(points)
        first, second = no_narrower(self.kernel, first, second, 0.5 * self.grid.step_x)
        weights = weights[:, points] / weights[:, points].sum(axis=1, keepdims=True)
        return _shared_nodes(self.kernel, first, second, weights, self._finest())

    def _finest(self) -> float:
        """Half the standard deviation, on the working scale, of the best measured unit's own figure."""
        return float(0.5 / np.sqrt(max(self.counts.max(), 1.0)))

    def predictive(self, level: float = 0.95) -> Predictive:
        """For each unit, what the others lead one to expect of a unit of its size."""
        weights, values = self._predicted
        low = self._predicted_count((1 - level) / 2, weights, values)
        high = self._predicted_count((1 + level) / 2, weights, values)
        sizes = np.where(self.sizes > 0, self.sizes, np.nan)
        return Predictive((weights * values).sum(axis=1), low / sizes, high / sizes, self.p_values())

    def predictive_without(self, unit: int, level: float = 0.95) -> tuple[float, float, float, float]:
        """(expected, low, high, p value) of one unit, predicted from the others."""
        found = self.predictive(level)
        expected, low, high, p = (float(part[unit]) for part in (found.expected, found.low, found.high, found.p_value))
        return expected, low, high, p

    def p_values(self) -> Floats:
        """How rarely a unit predicted from the others would be as far out, to either side; mid-P, one a unit."""
        weights, values = self._predicted
        counts, sizes = self.counts[:, None], self.sizes[:, None]
        at_most = (weights * self._count_cdf(counts, sizes, values)).sum(axis=1)
        fewer = (weights * self._count_cdf(counts - 1, sizes, values)).sum(axis=1)
        lower = (at_most + fewer) / 2
        return np.asarray(np.clip(2 * np.minimum(lower, 1 - lower), 0.0, 1.0))

    @cached_property
    def _predicted(self) -> tuple[Floats, Floats]:
        return self.without.weights(), self.kernel.value(self.without.nodes)

    def _predicted_count(self, level: float, weights: Floats, values: Floats) -> Floats:
        """The smallest count that each unit stays at or under with probability `level`, by bisection."""
        under, reached = -np.ones(len(self.counts)), self._largest_count()
        stride = max(1, weights.shape[1] // 160)
        coarse = np.add.reduceat(weights, np.arange(0, weights.shape[1], stride), axis=1)
        places = np.add.reduceat(weights * values, np.arange(0, weights.shape[1], stride), axis=1)
        places = places / np.where(coarse > 0, coarse, 1)
        while (reached - under > 1).any():
            middle = np.floor((under + reached) / 2)
            enough = (coarse * self._count_cdf(middle[:, None], self.sizes[:, None], places)).sum(axis=1) >= level
            reached, under = np.where(enough, middle, reached), np.where(enough, under, middle)
        return reached

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
    rows = np.broadcast_to(first, weights.shape), np.broadcast_to(second, weights.shape)
    lows, highs = reach(kernel, *rows, weights)
    low, high = float(lows.min()), float(highs.max())
    points = int(np.clip((high - low) / finest, 240, 2400))
    nodes = np.linspace(low, high, points)
    density = weights @ np.exp(kernel.log_density(first[:, None], second[:, None], nodes[None, :]))
    below = weights @ kernel.cdf(first, second, np.array(low))
    above = np.maximum(1 - weights @ kernel.cdf(first, second, np.array(high)), 0.0)
    return Tabulated(np.broadcast_to(nodes, density.shape), density, below, above)
