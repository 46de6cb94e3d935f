"""Posterior summary of similar units: estimates, ranks with intervals, and leave-one-out predictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.stats.hierarchical_posterior import Posterior
from assay.stats.posterior_grid import Floats
from assay.stats.tabulated_densities import TabulatedDensity

# Posterior ranks of units with intervals (Poisson-binomial, no sampling).
#
# Units are independent given the data, so at each value of a unit the number of units above it has a Poisson-binomial
# distribution; this is averaged over the posterior of the unit.

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


def ranks(posterior: Posterior, level: float = 0.95, ranked: Sequence[int] | None = None) -> Ranks:
    """Return the posterior rank of each unit, with an interval of at least probability `level`.

    `ranked`: the positions of the units that are ranked, among themselves; all without it.
    """
    table = posterior.table if ranked is None else posterior.table.select(ranked)
    probabilities = rank_probabilities(table)
    places = np.arange(1, probabilities.shape[1] + 1)
    reached = np.cumsum(probabilities, axis=1)

    def rank_at(probability: float) -> NDArray[np.int64]:
        return np.asarray((reached < probability - 1e-9).sum(axis=1) + 1, dtype=np.int64)

    return Ranks(
        probabilities @ places, rank_at(0.5), rank_at((1 - level) / 2), rank_at((1 + level) / 2), probabilities
    )


def rank_probabilities(table: TabulatedDensity) -> Floats:
    """Return the posterior probability of each rank, by the Poisson binomial distribution of the units above.

    Shape (units, ranks); column 0 is rank 1, the highest value. The units are independent given the data.
    """
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


OUTLIER_PRIOR = 0.05
"""Prior probability that a unit is an outlier. It must allow for several that deviate in the same way."""
EXCLUSION_P_VALUE = 0.005
"""Leave-one-out p-value below which a unit is excluded from the estimate of the others."""


@dataclass(frozen=True)
class PosteriorSummary:
    """Estimate, rank and leave-one-out prediction of each unit, with intervals; overall mean and spread."""

    columns: Mapping[str, Sequence[Any]]
    overall: float
    between_sd: float


def summarise_posterior(
    posterior: Posterior,
    alternative_counts: tuple[Floats, Floats] | None = None,
    ranked: Sequence[int] | None = None,
) -> PosteriorSummary:
    """Summarise a posterior; each column has one value for each unit.

    Parameters
    ----------
    alternative_counts
        Counts and sizes for which the p-value of each unit is computed as well (column `p_of_few`).
    ranked
        The positions of the units that are ranked, among themselves; the ranks of all others are None. All are ranked
        without it, and none if there are fewer than two.
    """
    (low, high), predicted = posterior.interval(), posterior.predictive()
    columns = {
        "figure": posterior.mean(), "figure_low": low, "figure_high": high,
        "expected": predicted.expected, "expected_low": predicted.low, "expected_high": predicted.high,
        "p_value": predicted.p_value,
    }  # fmt: skip
    rows = {name: values.tolist() for name, values in columns.items()}
    rows |= _rank_columns(posterior, range(len(rows["figure"])) if ranked is None else ranked)
    if alternative_counts is not None:
        rows["p_of_few"] = posterior.p_values_at(*alternative_counts).T.tolist()
    return PosteriorSummary(rows, posterior.overall.mean, posterior.between_unit_sd.mean)


def _rank_columns(posterior: Posterior, ranked: Sequence[int]) -> dict[str, list[int | None]]:
    """Return rank and interval of each unit; None for units that are not ranked, and for one that is alone."""
    size = len(posterior.table.nodes)
    found: dict[str, list[int | None]] = {name: [None] * size for name in ("rank", "rank_low", "rank_high")}
    if len(ranked) < 2:
        return found
    table = ranks(posterior, ranked=ranked)
    for name, values in zip(found, (table.middle, table.low, table.high), strict=True):
        by_unit = dict(zip(ranked, values.tolist(), strict=True))
        found[name] = [by_unit.get(unit) for unit in range(size)]
    return found
