"""Concordance of an ordered scale with a later outcome (area under the ROC curve, DeLong's variance).

Ties count half. DeLong's variance (Biometrics 44, 1988, 837-845) is computed from the counts of each step of the scale;
the interval is on the logit scale, so that it stays between 0 and 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from scipy import special

LEVEL = 0.95
MINIMUM_CASES = 10
"""With fewer cases with or without the outcome, the interval is too wide to be useful and its width unreliable."""


@dataclass(frozen=True)
class Concordance:
    """Share of pairs of cases in which the case with the outcome ranks higher, with its 95% interval (ties half).

    0.5 means that the scale does not predict the outcome.
    """

    value: float
    low: float
    high: float


def concordance(met: Sequence[int], not_met: Sequence[int]) -> Concordance | None:
    """Return the concordance from the numbers of cases at each level of an ordered scale, lowest first.

    `met` and `not_met`: cases with and without the outcome; None with fewer than `MINIMUM_CASES` of either.
    """
    met_counts, not_met_counts = np.asarray(met, dtype=float), np.asarray(not_met, dtype=float)
    if min(met_counts.sum(), not_met_counts.sum()) < MINIMUM_CASES:
        return None
    # For a case with the outcome at this step: share of cases without it that are lower, ties half.
    below = (np.cumsum(not_met_counts) - not_met_counts / 2) / not_met_counts.sum()
    # For a case without the outcome at this step: share of cases with it that are higher, ties half.
    above = 1 - (np.cumsum(met_counts) - met_counts / 2) / met_counts.sum()
    value = float((met_counts * below).sum() / met_counts.sum())
    spread = (
        _variance(below, met_counts, value) / met_counts.sum()
        + _variance(above, not_met_counts, value) / not_met_counts.sum()
    )
    if not 0 < value < 1 or spread <= 0:
        return Concordance(value, value, value) if spread <= 0 else None
    error = float(np.sqrt(spread)) / (value * (1 - value))
    z = float(scipy.stats.norm.ppf((1 + LEVEL) / 2))
    low, high = special.expit(special.logit(value) + np.array([-z, z]) * error)
    return Concordance(value, float(low), float(high))


def _variance(values: np.ndarray, counts: np.ndarray, mean: float) -> float:
    return float((counts * (values - mean) ** 2).sum() / (counts.sum() - 1))
