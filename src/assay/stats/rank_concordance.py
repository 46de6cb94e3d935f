"""Concordance of an ordered scale with a later outcome (area under the ROC curve, DeLong's variance).

The concordance of an ordered scale with what came after (the area under the ROC curve), ties counting half, with
DeLong's variance (Biometrics 44, 1988, 837-845) worked out from the counts of each step; the interval is on the logit
scale, so that it stays within 0 and 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

LEVEL = 0.95
MINIMUM_CASES = 10
"""With fewer on either side the interval says next to nothing, and its own width is not to be trusted."""


@dataclass(frozen=True)
class Concordance:
    """The share of pairs in which the one whom it met stood higher (0.5: the scale tells nothing), and its interval."""

    value: float
    low: float
    high: float


def concordance(met: Sequence[int], not_met: Sequence[int]) -> Concordance | None:
    """Return the concordance from counts by step, lowest first; None with fewer than `MINIMUM_CASES` on a side."""
    met_counts, not_met_counts = np.asarray(met, dtype=float), np.asarray(not_met, dtype=float)
    if min(met_counts.sum(), not_met_counts.sum()) < MINIMUM_CASES:
        return None
    below = (
        np.cumsum(not_met_counts) - not_met_counts / 2
    ) / not_met_counts.sum()  # for one whom it met at this step: the others below, ties half
    above = (
        1 - (np.cumsum(met_counts) - met_counts / 2) / met_counts.sum()
    )  # for one whom it did not meet: those met who stand higher
    value = float((met_counts * below).sum() / met_counts.sum())
    spread = (
        _variance(below, met_counts, value) / met_counts.sum()
        + _variance(above, not_met_counts, value) / not_met_counts.sum()
    )
    if not 0 < value < 1 or spread <= 0:
        return Concordance(value, value, value) if spread <= 0 else None
    error = float(np.sqrt(spread)) / (value * (1 - value))
    z = float(stats.norm.ppf((1 + LEVEL) / 2))
    low, high = special.expit(special.logit(value) + np.array([-z, z]) * error)
    return Concordance(value, float(low), float(high))


def _variance(values: np.ndarray, counts: np.ndarray, mean: float) -> float:
    return float((counts * (values - mean) ** 2).sum() / (counts.sum() - 1))
