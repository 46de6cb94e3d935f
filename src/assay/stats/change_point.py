"""Did a share change once, and after which day: a known one, another, or none?

Each possibility is weighed by how well it foretells every month's count, exactly: shares before and after are
unknown, any alike likely (beta-binomial). More parts are not more likely: a change must earn its second share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.special import betaln

NONE, OTHER = "not at all", "at another time"
PRIOR_NONE = 0.75
"""Before anything is seen, that nothing changed is three times as likely as that something did: most measures of most
places do not turn in a given year."""


def turning(met: Sequence[float], base: Sequence[float], known: Mapping[str, int]) -> dict[str, float]:
    """The probability of each: no change, a change at each of `known` (name: index of the first month after), or at
    another month. Months without a record say nothing; ValueError where a known day lies outside the months."""
    counts, sizes = np.asarray(met, dtype=float), np.asarray(base, dtype=float)
    months = len(counts)
    if any(not 0 < at < months for at in known.values()):
        raise ValueError("A known day must have a month on each side.")
    others = [at for at in range(1, months) if at not in set(known.values())]
    share = (1 - PRIOR_NONE) / (len(known) + bool(others))
    logs = {NONE: np.log(PRIOR_NONE) + _log_weight(counts, sizes, None)}
    logs |= {name: np.log(share) + _log_weight(counts, sizes, at) for name, at in known.items()}
    if others:
        every = [_log_weight(counts, sizes, at) for at in others]
        logs[OTHER] = np.log(share / len(others)) + float(np.logaddexp.reduce(every))
    most = max(logs.values())
    weights = {name: float(np.exp(one - most)) for name, one in logs.items()}
    whole = sum(weights.values())
    return {name: weight / whole for name, weight in weights.items()}


def _log_weight(met: np.ndarray, base: np.ndarray, at: int | None) -> float:
    parts = [(met, base)] if at is None else [(met[:at], base[:at]), (met[at:], base[at:])]
    return float(sum(betaln(1 + m.sum(), 1 + (b - m).sum()) for m, b in parts))
