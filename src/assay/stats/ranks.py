"""Posterior ranks of units with intervals (Poisson-binomial, no sampling).

Given the data units are independent, so at each value of a unit's own quantity the number of units above it
is a sum of coins of different bias (Poisson-binomial); that is averaged over the unit's own posterior. No
sampling.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.stats.hierarchical_posterior import Posterior
from assay.stats.posterior_grid import Floats
from assay.stats.tabulated_densities import TabulatedDensity

NEGLIGIBLE = 1e-10
"""A value that a unit has with less than this probability is passed over."""


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

    def rank_at(probability: float) -> NDArray[np.int64]:
        return np.asarray((reached < probability - 1e-9).sum(axis=1) + 1, dtype=np.int64)

    return Ranks(
        probabilities @ places, rank_at(0.5), rank_at((1 - level) / 2), rank_at((1 + level) / 2), probabilities
    )


def rank_probabilities(table: TabulatedDensity) -> Floats:
    """The probability that unit (row) takes rank (column + 1)."""
    weights = table.weights()
    unit, node = np.nonzero(weights > NEGLIGIBLE)
    values, weight = table.nodes[unit, node], weights[unit, node]
    above = np.array([1 - table.cdf(other, values) for other in range(len(weights))])
    above[unit, np.arange(len(unit))] = 0.0  # no unit is above itself
    found = weight * _poisson_binomial(above)
    starts = np.searchsorted(unit, np.arange(len(weights)))
    return np.asarray((np.add.reduceat(found, starts, axis=1) / np.add.reduceat(weight, starts)).T)


def _poisson_binomial(probabilities: Floats) -> Floats:
    """How probable it is that 0, 1, 2 ... of these coins (rows) fall on their face; one column a set of coins.

    At least one coin of each set never does, so that the last row is one short of all.
    """
    distribution = np.zeros_like(probabilities)
    distribution[0] = 1.0
    for trials, probability in enumerate(probabilities, start=1):
        shifted = distribution[: min(trials, len(distribution) - 1)] * probability
        distribution[:trials] *= 1 - probability
        distribution[1 : len(shifted) + 1] += shifted
    return distribution
