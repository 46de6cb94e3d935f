"""Control the false discovery rate: Benjamini-Hochberg q-values."""

import numpy as np
from numpy.typing import ArrayLike

from assay.stats.posterior_grid import Floats


def q_values(p_values: ArrayLike) -> Floats:
    """Return Benjamini-Hochberg q-values in the order given; a missing p-value (NaN) is not compared and stays NaN.

    Identifying everything with q <= 0.05 as an outlier keeps the expected share of false discoveries at or below 5%. If
    no unit is an outlier, the probability of any discovery is at most 5% for independent comparisons.
    """
    p = np.asarray(p_values, dtype=float)
    q = np.full(p.shape, np.nan)
    known = np.flatnonzero(~np.isnan(p))
    if len(known):
        order = known[np.argsort(p[known], kind="stable")]
        steps = p[order] * len(known) / np.arange(1, len(known) + 1)
        q[order] = np.minimum(1.0, np.minimum.accumulate(steps[::-1])[::-1])
    return q


def p_value_limits(p_values: ArrayLike, level: float) -> Floats:
    """Return the largest p-value of each comparison that gives a q-value up to `level`, other p-values fixed.

    For a missing p-value (NaN), the limit is that of one more comparison.
    """
    p = np.asarray(p_values, dtype=float)
    ordered = np.sort(p[~np.isnan(p)])
    return np.array([_limit(_leave_out(ordered, p_value), level) for p_value in p])


def _leave_out(ordered: Floats, p_value: float) -> Floats:
    return ordered if np.isnan(p_value) else np.delete(ordered, np.searchsorted(ordered, p_value))


def _limit(ordered: Floats, level: float) -> float:
    """Return the largest p-value that is significant when it joins these ordered p-values (step-up procedure)."""
    steps = level * (np.arange(len(ordered)) + 2) / (len(ordered) + 1)
    significant = np.flatnonzero(ordered <= steps)
    return float(steps[significant[-1]] if len(significant) else level / (len(ordered) + 1))
