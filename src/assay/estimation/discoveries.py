"""Among many comparisons, which stand out so far that few of those named are named by chance?"""

import numpy as np
from numpy.typing import ArrayLike

from assay.estimation.grid import Floats


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
