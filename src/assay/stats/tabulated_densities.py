"""Distributions tabulated on evenly spaced nodes: quantiles and probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy

from assay.stats.posterior_grid import Floats


@dataclass(frozen=True)
class TabulatedDensity:
    """Densities on evenly spaced nodes of a working scale (logit of a share, log of a rate), one for each row.

    `nodes` and `density` have shape (distributions, nodes). `below` and `above` are the exact probabilities outside the
    nodes; between them the density is integrated (Simpson's rule).
    """

    nodes: Floats
    density: Floats
    below: Floats
    above: Floats

    def select(self, rows: Sequence[int]) -> "TabulatedDensity":
        """Return the distributions of these rows."""
        index = list(rows)
        return TabulatedDensity(self.nodes[index], self.density[index], self.below[index], self.above[index])

    @cached_property
    def step(self) -> Floats:
        """Distance between neighbouring nodes of each row."""
        return np.asarray(self.nodes[:, 1] - self.nodes[:, 0])

    @cached_property
    def cumulative(self) -> Floats:
        """Cumulative probability at each node, one row for each distribution."""
        inside = scipy.integrate.cumulative_simpson(self.density, x=self.nodes, axis=1, initial=0.0)
        inside = np.maximum.accumulate(inside, axis=1)
        scale = (1 - self.below - self.above) / inside[:, -1]
        return np.asarray(self.below[:, None] + inside * scale[:, None])

    def quantile(self, level: float) -> Floats:
        """Return the quantile of each distribution."""
        rows = np.arange(len(self.nodes))
        interval = np.clip((self.cumulative < level).sum(axis=1) - 1, 0, self.nodes.shape[1] - 2)
        start, end = self.cumulative[rows, interval], self.cumulative[rows, interval + 1]
        interval_mass = end - start
        fraction = np.clip(
            np.divide(level - start, interval_mass, out=np.zeros(len(rows)), where=interval_mass > 0), 0.0, 1.0
        )
        linear, quadratic, cubic = (self._cubic_coefficients[power, rows, interval] for power in range(3))
        for _ in range(4):  # Newton steps; the curve is nearly straight between two nodes
            slope = linear + fraction * (2 * quadratic + fraction * 3 * cubic)
            error = start + fraction * (linear + fraction * (quadratic + fraction * cubic)) - level
            fraction = np.clip(fraction - np.divide(error, slope, out=np.zeros(len(rows)), where=slope > 0), 0.0, 1.0)
        return np.asarray(self.nodes[rows, interval] + fraction * self.step)

    def cdf(self, row: int, values: Floats) -> Floats:
        """Return the cumulative probability of distribution `row` at each of `values`."""
        cumulative = self.cumulative[row]
        fraction = (values - self.nodes[row, 0]) / self.step[row]
        interval = np.clip(fraction, 0, len(cumulative) - 2).astype(np.intp)
        fraction = np.clip(fraction - interval, 0.0, 1.0)
        linear, quadratic, cubic = self._cubic_coefficients[:, row]
        probabilities = cubic[interval]
        for power in (quadratic, linear, cumulative):
            probabilities *= fraction
            probabilities += power[interval]
        return np.asarray(np.clip(probabilities, cumulative[interval], cumulative[interval + 1]))

    def weights(self) -> Floats:
        """Return quadrature weights of the nodes of each row; they sum to 1, and the end nodes include the tails."""
        mass = self.density.copy()
        mass[:, [0, -1]] /= 2
        mass *= ((1 - self.below - self.above) / mass.sum(axis=1))[:, None]
        mass[:, 0] += self.below
        mass[:, -1] += self.above
        return mass

    @cached_property
    def _cubic_coefficients(self) -> Floats:
        """Coefficients of the cubic Hermite interpolation of the cumulative probability between neighbouring nodes.

        The slopes are the densities; coefficients of the first, second and third power of the fraction of the step.
        """
        interval_mass = np.diff(self.cumulative, axis=1)
        slopes = self.step[:, None] * self.density
        start, end = slopes[:, :-1], slopes[:, 1:]
        return np.array([start, 3 * interval_mass - 2 * start - end, start + end - 2 * interval_mass])
