"""Bayesian change point of a monthly share: at a known date, at another date, or none (beta-binomial).

Each hypothesis is weighted by its exact marginal likelihood: shares before and after the change are unknown, with
uniform priors (beta-binomial). The marginal likelihood penalises the second share, so a change needs evidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.special import betaln

NO_CHANGE, OTHER_MONTH = "not at all", "at another time"
NO_CHANGE_PRIOR = 0.75
"""Prior probability of no change, three times that of a change: most measures of most places do not change in a given
year."""


def change_point_probabilities(
    met: Sequence[float], base: Sequence[float], known: Mapping[str, int]
) -> dict[str, float]:
    """Return the posterior probability of no change, of a change at each known date, and of one in another month."""
    counts, sizes = np.asarray(met, dtype=float), np.asarray(base, dtype=float)
    months = len(counts)
    if any(not 0 < month < months for month in known.values()):
        raise ValueError("A known day must have a month on each side.")
    other_months = [month for month in range(1, months) if month not in set(known.values())]
    share = (1 - NO_CHANGE_PRIOR) / (len(known) + bool(other_months))
    logs = {NO_CHANGE: np.log(NO_CHANGE_PRIOR) + _log_weight(counts, sizes, None)}
    logs |= {name: np.log(share) + _log_weight(counts, sizes, month) for name, month in known.items()}
    if other_months:
        log_weights = [_log_weight(counts, sizes, month) for month in other_months]
        logs[OTHER_MONTH] = np.log(share / len(other_months)) + float(np.logaddexp.reduce(log_weights))
    maximum = max(logs.values())
    weights = {name: float(np.exp(log_weight - maximum)) for name, log_weight in logs.items()}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def _log_weight(met: np.ndarray, base: np.ndarray, month: int | None) -> float:
    parts = [(met, base)] if month is None else [(met[:month], base[:month]), (met[month:], base[month:])]
    return float(sum(betaln(1 + m.sum(), 1 + (b - m).sum()) for m, b in parts))
