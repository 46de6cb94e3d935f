"""How likely is each value of each unit's quantity, read from a table of densities?"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.integrate import cumulative_simpson

from assay.estimation.grid import Floats


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
    def reached(self) -> Floats:
        """The probability up to each node, one row a distribution."""
        inside = cumulative_simpson(self.density, x=self.nodes, axis=1, initial=0.0)
        inside = np.maximum.accumulate(inside, axis=1)
        scale = (1 - self.below - self.above) / inside[:, -1]
        return np.asarray(self.below[:, None] + inside * scale[:, None])

    def quantile(self, level: float) -> Floats:
        """The value that each distribution stays under with probability `level`."""
        return np.array([self._row_quantile(row, level) for row in range(len(self.nodes))])

    def cdf(self, row: int, values: Floats) -> Floats:
        """The probability that distribution `row` lies at or under each of `values`."""
        nodes, reached, density = self.nodes[row], self.reached[row], self.density[row]
        place = np.clip(np.searchsorted(nodes, values) - 1, 0, len(nodes) - 2)
        step = nodes[1] - nodes[0]
        part = np.clip((values - nodes[place]) / step, 0.0, 1.0)
        inside = _hermite(part, reached[place], reached[place + 1], step * density[place], step * density[place + 1])
        return np.clip(inside, reached[place], reached[place + 1])

    def weights(self) -> Floats:
        """Quadrature weights for the nodes of each row: they sum to 1, the ends carry what lies beyond."""
        mass = self.density.copy()
        mass[:, [0, -1]] /= 2
        mass *= ((1 - self.below - self.above) / mass.sum(axis=1))[:, None]
        mass[:, 0] += self.below
        mass[:, -1] += self.above
        return mass

    def _row_quantile(self, row: int, level: float) -> float:
        nodes, reached, density = self.nodes[row], self.reached[row], self.density[row]
        if level <= reached[0] or level >= reached[-1]:
            return float(nodes[0] if level <= reached[0] else nodes[-1])
        place = int(np.clip(np.searchsorted(reached, level) - 1, 0, len(nodes) - 2))
        low, high = nodes[place], nodes[place + 1]
        gained = reached[place + 1] - reached[place]
        value = low + (high - low) * (level - reached[place]) / gained
        for _ in range(4):
            slope = np.interp(value, nodes, density)
            off = self.cdf(row, np.array([value]))[0] - level
            value = float(np.clip(value - off / slope, low, high)) if slope > 0 else value
        return float(value)


def _hermite(part: Floats, start: Floats, end: Floats, slope_start: Floats, slope_end: Floats) -> Floats:
    """The cubic through two values with two slopes, at `part` of the way between them."""
    squared, cubed = part**2, part**3
    return np.asarray(
        (2 * cubed - 3 * squared + 1) * start
        + (cubed - 2 * squared + part) * slope_start
        + (-2 * cubed + 3 * squared) * end
        + (cubed - squared) * slope_end
    )
