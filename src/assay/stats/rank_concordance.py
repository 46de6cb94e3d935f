"""Of two, one whom it met later and one whom it did not: how often did the first stand higher?

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
FEWEST_EACH = 10
"""With fewer on either side the interval says next to nothing, and its own width is not to be trusted."""


@dataclass(frozen=True)
class Order:
    """The share of pairs in which the one whom it met stood higher (0.5: the scale tells nothing), and its interval."""

    value: float
    low: float
    high: float


def order(met: Sequence[int], not_met: Sequence[int]) -> Order | None:
    """From how many it met and did not meet at each step, the lowest first; None with fewer than `FEWEST_EACH`."""
    y, n = np.asarray(met, dtype=float), np.asarray(not_met, dtype=float)
    if min(y.sum(), n.sum()) < FEWEST_EACH:
        return None
    below = (np.cumsum(n) - n / 2) / n.sum()  # for one whom it met at this step: the others below, ties half
    above = 1 - (np.cumsum(y) - y / 2) / y.sum()  # for one whom it did not meet: those met who stand higher
    value = float((y * below).sum() / y.sum())
    spread = _variance(below, y, value) / y.sum() + _variance(above, n, value) / n.sum()
    if not 0 < value < 1 or spread <= 0:
        return Order(value, value, value) if spread <= 0 else None
    error = float(np.sqrt(spread)) / (value * (1 - value))
    z = float(stats.norm.ppf((1 + LEVEL) / 2))
    low, high = special.expit(special.logit(value) + np.array([-z, z]) * error)
    return Order(value, float(low), float(high))


def _variance(values: np.ndarray, counts: np.ndarray, mean: float) -> float:
    return float((counts * (values - mean) ** 2).sum() / (counts.sum() - 1))
