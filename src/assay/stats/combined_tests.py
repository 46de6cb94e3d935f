"""Combined test of several measures by unit (Stouffer, with correlations between the measures).

Scores of one failing add up (Stouffer and others, The American Soldier, 1949, vol. 1, p. 45). Measures that use the
same records are correlated, so their sum has a larger variance (Strube, Psychological Bulletin 97, 1985, 334-341). The
correlation of each pair of measures is estimated from the units by ranks, without extreme units: several units that
fail alike would make measures look correlated, and so hide one another. The total covariance of a unit is never taken
to be negative.

A failing that only one of several measures shows is lost in the sum, so half of the error rate is reserved for the
single measures (Bonferroni's inequality, which holds for any correlation).
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import scipy
from numpy.typing import ArrayLike

from assay.stats.posterior_grid import Floats

FEWEST_UNITS = 5
"""With fewer units that have both measures and are not extreme, the correlation cannot be estimated and is set to 1."""
EXTREME_SCORE = 2.807
"""Absolute score (two-sided p-value 0.005) above which a unit is an extreme outlier, excluded from the correlations."""
MAXIMUM_SCORE = 8.0
"""Largest absolute score of a measure: p-values are not exact beyond."""


def z_scores(p_values: ArrayLike, sides: ArrayLike) -> Floats:
    """Return signed z-scores from two-sided p-values and directions (1 or -1), by the normal quantile function.

    The result has the shape of `p_values`. Scores are limited to `MAXIMUM_SCORE`; NaN stays NaN.
    """
    p = np.asarray(p_values, dtype=float)
    magnitudes = np.minimum(scipy.stats.norm.isf(p / 2), MAXIMUM_SCORE)
    return np.asarray(magnitudes * np.asarray(sides, dtype=float))


def combined_p_values(scores: Floats, correlation_scores: Floats | None = None) -> Floats:
    """Return one combined one-sided p-value for each unit; NaN for a unit with no measure.

    Half of the error rate is for the combined score (`stouffer_scores`), the other half is divided among the single
    measures (Bonferroni). A unit with one measure gets the p-value of that measure. For the parameters see
    `stouffer_scores`.
    """
    counts, single_p_values = (~np.isnan(scores)).sum(axis=0), scipy.stats.norm.sf(scores)
    sum_p_values, smallest_p_values = (
        scipy.stats.norm.sf(stouffer_scores(scores, correlation_scores)),
        np.fmin.reduce(single_p_values, axis=0),
    )
    bonferroni = np.minimum(1.0, 2 * np.minimum(sum_p_values, counts * smallest_p_values))
    return np.asarray(np.where(counts > 1, bonferroni, sum_p_values))


def stouffer_scores(scores: Floats, correlation_scores: Floats | None = None) -> Floats:
    """Return Stouffer's combined score of each unit; NaN for a unit with no measure.

    Parameters
    ----------
    scores
        Signed z-scores of shape (measures, units); NaN if a unit was not compared on a measure. Missing measures carry
        no information about the unit, nor about correlations.
    correlation_scores
        Scores from which the correlations are estimated, if not `scores`.
    """
    known = ~np.isnan(scores)
    counts, indicators = known.sum(axis=0), known.astype(float)
    correlation_scores = scores if correlation_scores is None else correlation_scores
    ordinary = correlation_scores[:, ~(np.abs(correlation_scores) > EXTREME_SCORE).any(axis=0)]
    covariance = np.einsum("iu,ij,ju->u", indicators, rank_correlations(ordinary), indicators)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(known, scores, 0.0).sum(axis=0) / np.sqrt(counts + np.maximum(covariance, 0.0)))


def rank_correlations(scores: Floats) -> Floats:
    """Return the correlations of the measures from Spearman's rank correlations r, as 2 sin(pi r / 6); diagonal 0."""
    correlations = np.zeros((len(scores), len(scores)))
    for first, second in combinations(range(len(scores)), 2):
        correlations[first, second] = correlations[second, first] = _pair_correlation(scores[first], scores[second])
    return correlations


def _pair_correlation(first: Floats, second: Floats) -> float:
    common = ~np.isnan(first) & ~np.isnan(second)
    if common.sum() < FEWEST_UNITS or not np.ptp(first[common]) or not np.ptp(second[common]):
        return 1.0
    spearman = float(scipy.stats.spearmanr(first[common], second[common]).statistic)
    return float(2 * np.sin(np.pi * spearman / 6))
