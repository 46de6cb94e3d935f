"""Posterior ranks of units with intervals (Poisson-binomial, no sampling).

Units are independent given the data, so at each value of a unit the number of units above it has a Poisson-binomial
distribution; this is averaged over the posterior of the unit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.stats.hierarchical_posterior import Posterior
from assay.stats.posterior_grid import Floats
from assay.stats.tabulated_densities import TabulatedDensity

NEGLIGIBLE = 1e-10
"""Values with a smaller probability are skipped."""


@dataclass(frozen=True)
class Ranks:
    """Ranks of units, one value for each; rank 1 is the highest value.

    `middle` is the median rank; `low` and `high` are the limits of its interval; `probabilities` has one row for each
    unit and one column for each rank.
    """

    expected: Floats
    middle: NDArray[np.int64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    probabilities: Floats

    def __iter__(self):  # type: ignore[no-untyped-def]
        """Iterate over expected, low and high, for `expected, low, high = ranks(posterior)`."""
        return iter((self.expected, self.low, self.high))


def ranks(posterior: Posterior, level: float = 0.95) -> Ranks:
    """Return the posterior rank of each unit, with an interval of at least probability `level`."""
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
    """Return the probability that each unit (row) has rank (column + 1)."""
    weights = table.weights()
    unit, node = np.nonzero(weights > NEGLIGIBLE)
    values, weight = table.nodes[unit, node], weights[unit, node]
    above = np.array([1 - table.cdf(other, values) for other in range(len(weights))])
    above[unit, np.arange(len(unit))] = 0.0  # no unit is above itself
    found = weight * _poisson_binomial(above)
    starts = np.searchsorted(unit, np.arange(len(weights)))
    return np.asarray((np.add.reduceat(found, starts, axis=1) / np.add.reduceat(weight, starts)).T)


def _poisson_binomial(probabilities: Floats) -> Floats:
    """Return the probability of 0, 1, 2 ... successes (rows) of the trials in each column.

    At least one trial of each column has probability 0, so the result needs no row for all trials.
    """
    distribution = np.zeros_like(probabilities)
    distribution[0] = 1.0
    for trials, probability in enumerate(probabilities, start=1):
        shifted = distribution[: min(trials, len(distribution) - 1)] * probability
        distribution[:trials] *= 1 - probability
        distribution[1 : len(shifted) + 1] += shifted
    return distribution
