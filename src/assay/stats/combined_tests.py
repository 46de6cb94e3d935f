"""Combined test of several measures by unit (Stouffer, with correlations between the measures).

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
EXTREME_SCORE = 2.807
"""A unit that lies so far out on any measure, as one in 200 does by luck, does not tell how measures go together."""
MAXIMUM_SCORE = 8.0
"""A measure counts no more than so many standard deviations: no p-value is exact beyond."""


def z_scores(p_values: ArrayLike, sides: ArrayLike) -> Floats:
    """Return signed z-scores from two-sided p-values and sides (1 or -1); NaN stays NaN."""
    p = np.asarray(p_values, dtype=float)
    magnitudes = np.minimum(stats.norm.isf(p / 2), MAXIMUM_SCORE)
    return np.asarray(magnitudes * np.asarray(sides, dtype=float))


def combined_p_values(scores: Floats, correlation_scores: Floats | None = None) -> Floats:
    """Return one combined one-sided p-value for each unit; NaN for a unit with no measure.

    Half of the chance is for the sum of its measures (`stouffer_scores`), the other half is dealt out among them. A
    unit with one measure is asked that one. `scores` and `correlation_scores` are as there.
    """
    counts, single_p_values = (~np.isnan(scores)).sum(axis=0), stats.norm.sf(scores)
    sum_p_values, smallest_p_values = (
        stats.norm.sf(stouffer_scores(scores, correlation_scores)),
        np.fmin.reduce(single_p_values, axis=0),
    )
    bonferroni = np.minimum(1.0, 2 * np.minimum(sum_p_values, counts * smallest_p_values))
    return np.asarray(np.where(counts > 1, bonferroni, sum_p_values))


def stouffer_scores(scores: Floats, correlation_scores: Floats | None = None) -> Floats:
    """Return Stouffer's combined score of each unit; NaN for a unit with no measure.

    `scores`: the scores, (measures, units), of which the sign says on which side a unit lies; NaN where a unit was not
    compared on a measure. What a unit lacks tells nothing of it, nor of how its other measures go together.
    `correlation_scores`: the scores that tell how far measures go together, where they are others.
    """
    known = ~np.isnan(scores)
    counts, indicators = known.sum(axis=0), known.astype(float)
    correlation_scores = scores if correlation_scores is None else correlation_scores
    ordinary = correlation_scores[:, ~(np.abs(correlation_scores) > EXTREME_SCORE).any(axis=0)]
    covariance = np.einsum("iu,ij,ju->u", indicators, rank_correlations(ordinary), indicators)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(known, scores, 0.0).sum(axis=0) / np.sqrt(counts + np.maximum(covariance, 0.0)))


def rank_correlations(scores: Floats) -> Floats:
    """Return the correlation matrix of the measures, estimated from Spearman's rank correlations."""
    correlations = np.zeros((len(scores), len(scores)))
    for first, second in combinations(range(len(scores)), 2):
        correlations[first, second] = correlations[second, first] = _pair_correlation(scores[first], scores[second])
    return correlations


def _pair_correlation(first: Floats, second: Floats) -> float:
    common = ~np.isnan(first) & ~np.isnan(second)
    if common.sum() < FEWEST_UNITS or not np.ptp(first[common]) or not np.ptp(second[common]):
        return 1.0
    spearman = float(stats.spearmanr(first[common], second[common]).statistic)
    return float(2 * np.sin(np.pi * spearman / 6))
