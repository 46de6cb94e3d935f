"""Several measures of one failing, taken together: which unit lies out a little on each, or far on one, as none does by
luck?

Scores of one failing add up (Stouffer and others, The American Soldier, 1949, vol. 1, p. 45), and measures that rest on
the same records go together, so that their sum differs more (Strube, Psychological Bulletin 97, 1985, 334-341). How far
each two go together is told by the units themselves, by ranks, save those that lie far out: several that fail alike
would make measures go together that do not, and hide one another. Over all of a unit it is never taken to be less than
nothing. A failing that one of several measures shows is lost in their sum, so half of the chance that is allowed is
kept for the measures one by one (Bonferroni's inequality: it holds however they go together).
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from assay.stats.posterior_grid import Floats

FEWEST_UNITS = 5
"""With fewer units that have both and do not lie far out it cannot be told how far two measures go together, and they
are taken to be one."""
FAR_OUT = 2.807
"""A unit that lies so far out on any measure, as one in 200 does by luck, does not tell how measures go together."""
FURTHEST = 8.0
"""A measure counts no more than so many standard deviations: no p-value is exact beyond."""


def scores(p_values: ArrayLike, sides: ArrayLike) -> Floats:
    """How many standard deviations each lies out: `p_values` are two-sided, `sides` 1 or -1; missing (NaN) stays so."""
    p = np.asarray(p_values, dtype=float)
    out = np.minimum(stats.norm.isf(p / 2), FURTHEST)
    return np.asarray(out * np.asarray(sides, dtype=float))


def p_values_together(each: Floats, told_by: Floats | None = None) -> Floats:
    """How often a unit of which nothing is wrong would lie so far out by luck, on the side that is above 0: one value a
    unit, NaN for a unit with no measure.

    Half of the chance is for the sum of its measures (`taken_together`), the other half is dealt out among them. A unit
    with one measure is asked that one. `each` and `told_by` are as there.
    """
    number, one = (~np.isnan(each)).sum(axis=0), stats.norm.sf(each)
    summed, furthest = stats.norm.sf(taken_together(each, told_by)), np.fmin.reduce(one, axis=0)
    of_several = np.minimum(1.0, 2 * np.minimum(summed, number * furthest))
    return np.asarray(np.where(number > 1, of_several, summed))


def taken_together(each: Floats, told_by: Floats | None = None) -> Floats:
    """The sum of each unit's measures, in standard deviations of such a sum; NaN for a unit with none.

    `each`: the scores, (measures, units), of which the sign says on which side a unit lies; NaN where a unit was not
    compared on a measure. What a unit lacks tells nothing of it, nor of how its other measures go together. `told_by`:
    the scores that tell how far measures go together, where they are others.
    """
    known = ~np.isnan(each)
    number, has = known.sum(axis=0), known.astype(float)
    told_by = each if told_by is None else told_by
    others = told_by[:, ~(np.abs(told_by) > FAR_OUT).any(axis=0)]
    shared = np.einsum("iu,ij,ju->u", has, going_together(others), has)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(known, each, 0.0).sum(axis=0) / np.sqrt(number + np.maximum(shared, 0.0)))


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
