"""Several measures of the same units, taken together: which unit lies out a little on each, as none does by luck?

Scores of one failing add up (Stouffer and others, The American Soldier, 1949, vol. 1, p. 45), and measures that rest on
the same records go together, so that their sum differs more (Strube, Psychological Bulletin 97, 1985, 334-341). How far
each two go together is told by the units themselves, by ranks; over all of a unit it is never taken to be less than
nothing.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from assay.estimation.grid import Floats

FEWEST_MEASURES = 2
"""One measure by itself is nothing taken together."""
FEWEST_UNITS = 5
"""With fewer units it cannot be told how far two measures go together, and they are taken to be one."""
FURTHEST = 8.0
"""A measure counts no more than so many standard deviations: no p-value is exact beyond."""


def scores(p_values: ArrayLike, sides: ArrayLike) -> Floats:
    """How many standard deviations each lies out: `p_values` are two-sided, `sides` 1 or -1; missing (NaN) stays so."""
    p = np.asarray(p_values, dtype=float)
    out = np.minimum(stats.norm.isf(p / 2), FURTHEST)
    return np.asarray(out * np.asarray(sides, dtype=float))


def taken_together(each: Floats) -> Floats:
    """The score of each unit over all its measures, in standard deviations; NaN for a unit with fewer than two.

    `each`: the scores, (measures, units), of which the sign says on which side a unit lies; NaN where a unit was not
    compared on a measure. What a unit lacks tells nothing of it, nor of how its other measures go together.
    """
    known = ~np.isnan(each)
    number, has = known.sum(axis=0), known.astype(float)
    shared = np.einsum("iu,ij,ju->u", has, going_together(each), has)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(known, each, 0.0).sum(axis=0) / np.sqrt(number + np.maximum(shared, 0.0))
    return np.where(number >= FEWEST_MEASURES, found, np.nan)


def going_together(each: Floats) -> Floats:
    """The correlation of each two of the measures over units, (measures, measures), from ranks (Spearman; by the sine
    of it as normal values would have it); 0 of one with itself, 1 where too few units have both, or all are alike."""
    found = np.zeros((len(each), len(each)))
    for one, other in combinations(range(len(each)), 2):
        found[one, other] = found[other, one] = _of_two(each[one], each[other])
    return found


def _of_two(one: Floats, other: Floats) -> float:
    both = ~np.isnan(one) & ~np.isnan(other)
    if both.sum() < FEWEST_UNITS or not np.ptp(one[both]) or not np.ptp(other[both]):
        return 1.0
    by_rank = float(stats.spearmanr(one[both], other[both]).statistic)
    return float(2 * np.sin(np.pi * by_rank / 6))
