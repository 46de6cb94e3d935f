"""How likely is each value of each unit's quantity, read from a table of densities?"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.integrate import cumulative_simpson

from assay.stats.posterior_grid import Floats


@dataclass(frozen=True)
class Tabulated:
    """One distribution a row, on evenly spaced nodes of a working scale (logit of a share, log of a rate).

    `below` and `above` hold the exact probability that lies outside the nodes; inside, the density is
    integrated.
    """

    nodes: Floats
    density: Floats
    below: Floats
    above: Floats

    @cached_property
    def step(self) -> Floats:
        """How far neighbouring nodes of each row lie apart."""
        return np.asarray(self.nodes[:, 1] - self.nodes[:, 0])

    @cached_property
    def reached(self) -> Floats:
        """The probability up to each node, one row a distribution."""
        inside = cumulative_simpson(self.density, x=self.nodes, axis=1, initial=0.0)
        inside = np.maximum.accumulate(inside, axis=1)
        scale = (1 - self.below - self.above) / inside[:, -1]
        return np.asarray(self.below[:, None] + inside * scale[:, None])

    def quantile(self, level: float) -> Floats:
        """The value that each distribution stays under with probability `level`."""
        rows = np.arange(len(self.nodes))
        place = np.clip((self.reached < level).sum(axis=1) - 1, 0, self.nodes.shape[1] - 2)
        start, end = self.reached[rows, place], self.reached[rows, place + 1]
        gained = end - start
        part = np.clip(np.divide(level - start, gained, out=np.zeros(len(rows)), where=gained > 0), 0.0, 1.0)
        one, two, three = (self._curves[power, rows, place] for power in range(3))
        for _ in range(4):  # Newton's steps, on a curve that is nearly straight between two nodes
            slope = one + part * (2 * two + part * 3 * three)
            off = start + part * (one + part * (two + part * three)) - level
            part = np.clip(part - np.divide(off, slope, out=np.zeros(len(rows)), where=slope > 0), 0.0, 1.0)
        return np.asarray(self.nodes[rows, place] + part * self.step)

    def cdf(self, row: int, values: Floats) -> Floats:
        """The probability that distribution `row` lies at or under each of `values`."""
        reached = self.reached[row]
        part = (values - self.nodes[row, 0]) / self.step[row]
        place = np.clip(part, 0, len(reached) - 2).astype(np.intp)
        part = np.clip(part - place, 0.0, 1.0)
        one, two, three = self._curves[:, row]
        found = three[place]
        for power in (two, one, reached):
            found *= part
            found += power[place]
        return np.asarray(np.clip(found, reached[place], reached[place + 1]))

    def weights(self) -> Floats:
        """Quadrature weights for the nodes of each row: they sum to 1, the ends carry what lies beyond."""
        mass = self.density.copy()
        mass[:, [0, -1]] /= 2
        mass *= ((1 - self.below - self.above) / mass.sum(axis=1))[:, None]
        mass[:, 0] += self.below
        mass[:, -1] += self.above
        return mass

    @cached_property
    def _curves(self) -> Floats:
        """Between each two nodes the cubic through what is reached there with the densities as slopes: the factors of
        the first, second and third power of the part of the way."""
        gained = np.diff(self.reached, axis=1)
        slopes = self.step[:, None] * self.density
        start, end = slopes[:, :-1], slopes[:, 1:]
        return np.array([start, 3 * gained - 2 * start - end, start + end - 2 * gained])
