"""Posterior summary of like units: the estimate of each, its rank, and its leave-one-out prediction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay.stats.hierarchical_posterior import Posterior
from assay.stats.posterior_grid import Floats
from assay.stats.ranks import ranks

OUTLYING = 0.05
"""Prior probability that a unit is an outlier. It must allow for several that deviate in the same way."""
SET_APART_BELOW = 0.005
"""Leave-one-out p-value below which a unit is excluded from the estimate of the others."""


@dataclass(frozen=True)
class Standing:
    """What is kept of a posterior: one value a force of its figure, its rank and what the others lead one to expect,
    each with its interval; and the mean and the spread of all."""

    columns: Mapping[str, Sequence[Any]]
    overall: float
    between: float


def standing_of(posterior: Posterior, also_at: tuple[Floats, Floats] | None = None) -> Standing:
    """Where each of the posterior's units stands, in the unit of estimation; `p_of_few`: had it each of these counts
    and sizes instead (last axis: units), its p-values.
    """
    (low, high), places, predicted = posterior.interval(), ranks(posterior), posterior.predictive()
    columns = {
        "figure": posterior.mean(), "figure_low": low, "figure_high": high,
        "rank": places.middle, "rank_low": places.low, "rank_high": places.high,
        "expected": predicted.expected, "expected_low": predicted.low, "expected_high": predicted.high,
        "p_value": predicted.p_value,
    }  # fmt: skip
    told = {name: values.tolist() for name, values in columns.items()}
    if also_at is not None:
        told["p_of_few"] = posterior.p_values_at(*also_at).T.tolist()
    return Standing(told, posterior.overall.mean, posterior.between_unit_sd.mean)
