"""Which place does each unit take, and how sure is that?

Given the data units are independent, so at each value of a unit's own quantity the number of units above it
is a sum of coins of different bias (Poisson-binomial); that is averaged over the unit's own posterior. No
sampling.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.estimation.grid import Floats
from assay.estimation.posterior import Posterior
from assay.estimation.tabulated import Tabulated


@dataclass(frozen=True)
class Ranks:
    """One value a unit; 1 is the unit with the highest value. `middle` is the median rank."""

    expected: Floats
    middle: NDArray[np.int64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    probabilities: Floats

    def __iter__(self):  # type: ignore[no-untyped-def]
        """So that `expected, low, high = ranks(posterior)` reads as it should."""
        return iter((self.expected, self.low, self.high))


def ranks(posterior: Posterior, level: float = 0.95) -> Ranks:
    """Expected rank of each unit and the interval that holds it with at least probability `level`."""
    table = posterior.table
    probabilities = rank_probabilities(table)
    places = np.arange(1, probabilities.shape[1] + 1)
    reached = np.cumsum(probabilities, axis=1)

    def at(p: float) -> NDArray[np.int64]:
        return np.asarray((reached < p - 1e-9).sum(axis=1) + 1, dtype=np.int64)

    return Ranks(probabilities @ places, at(0.5), at((1 - level) / 2), at((1 + level) / 2), probabilities)


def rank_probabilities(table: Tabulated) -> Floats:
    """The probability that unit (row) takes rank (column + 1)."""
    units = len(table.nodes)
    weights = table.weights()
    above = np.stack([1 - table.cdf(other, table.nodes) for other in range(units)])
    found = np.zeros((units, table.nodes.shape[1], units))
    found[:, :, 0] = 1.0
    for other in range(units):
        chance = above[other].copy()
        chance[other] = 0.0
        moved = found[:, :, :-1] * chance[:, :, None]
        found *= 1 - chance[:, :, None]
        found[:, :, 1:] += moved
    return np.asarray(np.einsum("ut,utr->ur", weights, found))
