"""Among many comparisons, which stand out so far that few of those named are named by chance?"""

import numpy as np
from numpy.typing import ArrayLike

from assay.stats.posterior_grid import Floats


def q_values(p_values: ArrayLike) -> Floats:
    """Benjamini-Hochberg q-values, in the order given; a missing p-value (NaN) was not compared and stays
    missing.

    Naming everything with q <= 0.05 keeps the expected part of false names under 5%; where nothing is wrong
    at all, the chance that any name is given is at most 5% for independent comparisons.
    """
    p = np.asarray(p_values, dtype=float)
    q = np.full(p.shape, np.nan)
    known = np.flatnonzero(~np.isnan(p))
    if len(known):
        order = known[np.argsort(p[known], kind="stable")]
        steps = p[order] * len(known) / np.arange(1, len(known) + 1)
        q[order] = np.minimum(1.0, np.minimum.accumulate(steps[::-1])[::-1])
    return q


def named_up_to(p_values: ArrayLike, level: float) -> Floats:
    """Up to which p-value each comparison would be named (its q-value at most `level`), all others as they are.

    For one that was not compared (NaN): were it compared as well.
    """
    p = np.asarray(p_values, dtype=float)
    known = np.sort(p[~np.isnan(p)])
    return np.array([_limit(_without(known, one), level) for one in p])


def _without(ordered: Floats, one: float) -> Floats:
    return ordered if np.isnan(one) else np.delete(ordered, np.searchsorted(ordered, one))


def _limit(others: Floats, level: float) -> float:
    """Where a p-value joins these, each named one makes room for the next."""
    steps = level * (np.arange(len(others)) + 2) / (len(others) + 1)
    named = np.flatnonzero(others <= steps)
    return float(steps[named[-1]] if len(named) else level / (len(others) + 1))
