"""Posterior summary of similar units: the estimate of each, its rank, and its leave-one-out prediction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay.stats.hierarchical_posterior import Posterior
from assay.stats.posterior_grid import Floats
from assay.stats.ranks import ranks

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
    posterior: Posterior, alternative_counts: tuple[Floats, Floats] | None = None
) -> PosteriorSummary:
    """Summarise a posterior; each column has one value for each unit.

    `alternative_counts`: counts and sizes for which the p-value of each unit is computed as well (column `p_of_few`).
    """
    (low, high), rank_table, predicted = posterior.interval(), ranks(posterior), posterior.predictive()
    columns = {
        "figure": posterior.mean(), "figure_low": low, "figure_high": high,
        "rank": rank_table.middle, "rank_low": rank_table.low, "rank_high": rank_table.high,
        "expected": predicted.expected, "expected_low": predicted.low, "expected_high": predicted.high,
        "p_value": predicted.p_value,
    }  # fmt: skip
    rows = {name: values.tolist() for name, values in columns.items()}
    if alternative_counts is not None:
        rows["p_of_few"] = posterior.p_values_at(*alternative_counts).T.tolist()
    return PosteriorSummary(rows, posterior.overall.mean, posterior.between_unit_sd.mean)
