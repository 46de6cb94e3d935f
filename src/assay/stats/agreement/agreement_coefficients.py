"""Chance-corrected agreement: kappa, Fleiss, Gwet's AC and Krippendorff's alpha, with intervals and weights.

Each coefficient is (observed - expected) / (1 - expected); they differ in what they expect of chance.

    kappa   each rater's own distribution of answers (Cohen; for many raters Conger, Psychological Bulletin 88, 1980)
    fleiss  the distribution of all raters together (Scott; Fleiss)
    gwet    chance agreement only on hard files (AC1, and AC2 with weights; Gwet, 2008): suited to rare answers
    alpha   Krippendorff's, with his small-sample correction

Ratings may be missing. Standard errors are Gwet's, for a random sample of units (Handbook of Inter-Rater Reliability,
2014, chapter 5; for kappa the same delta method). His Student's t interval (`published`) covers too little if raters
agree well and files are few, because a coefficient is skewed near 1. So the default interval (`log`) is on the scale of
log(1 - coefficient) (`benchmarks/samples.md`). Alternatives are the jackknife and the bootstrap over units. If nothing
varies, there is no coefficient and the reason is given in words.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, sqrt
from typing import Literal

import numpy as np
import scipy

from assay.stats.agreement.rating_table import UNRATED, Ratings
from assay.stats.interval_estimates import IntervalEstimate
from assay.stats.posterior_grid import Floats

# Agreement weights of pairs of answers: 1 for the same answer, 0 for the most distant.
#
# `identity` distinguishes only same and different; `linear`, `quadratic`, `radical` and `ratio` use the values of the
# answers; `ordinal` uses the number of answers in between (Gwet, Handbook of Inter-Rater Reliability, 2014, chapter 3);
# `rank` uses the number of ratings in between, like Krippendorff's ordinal difference (Content Analysis, 2018, chapter
# 12).

Weighting = Literal["identity", "linear", "quadratic", "radical", "ratio", "ordinal", "rank"]


def agreement_weights(weighting: Weighting, ratings: Ratings) -> Floats:
    """Return the agreement weights of shape (answers, answers)."""
    first, second = ratings.values[:, None], ratings.values[None, :]
    if weighting == "identity":
        return np.eye(len(ratings.answers))
    if weighting == "ordinal":
        answers_spanned = np.abs(np.subtract.outer(np.arange(len(first)), np.arange(len(first)))) + 1.0
        return _weights_from_distance(answers_spanned * (answers_spanned - 1) / 2)
    if weighting == "rank":
        return _weights_from_distance(_rank_distances(ratings) ** 2)
    if weighting == "ratio":
        total = first + second
        return _weights_from_distance(np.divide(first - second, total, out=np.zeros_like(total), where=total != 0) ** 2)
    power = {"linear": 1.0, "quadratic": 2.0, "radical": 0.5}[weighting]
    return _weights_from_distance(np.abs(first - second) ** power)


def _weights_from_distance(distance: Floats) -> Floats:
    largest = distance.max()
    return np.asarray(1 - distance / largest if largest > 0 else np.ones_like(distance))


def _rank_distances(ratings: Ratings) -> Floats:
    """Return the number of ratings between the midpoints of two answers, over units rated twice or more."""
    counts = ratings.counts
    answer_counts = counts[counts.sum(axis=1) >= 2].sum(axis=0)
    middles = answer_counts.cumsum() - answer_counts / 2
    return np.asarray(np.abs(np.subtract.outer(middles, middles)))


Coefficient = Literal["kappa", "fleiss", "gwet", "alpha"]
IntervalMethod = Literal["log", "published", "jackknife", "bootstrap"]
DRAWS, SEED = 1000, 20260101
NEGLIGIBLE_ERROR = 1e-9


@dataclass(frozen=True)
class Agreement(IntervalEstimate):
    """A coefficient with its interval, `observed` and `expected` agreement, and `units` rated twice or more.

    `error`: the standard error over random samples of units; the raters are fixed.
    """

    error: float | None = None
    observed: float | None = None
    expected: float | None = None
    units: int = 0


@dataclass(frozen=True)
class _CoefficientParts:
    """A coefficient and the contribution of each unit; the mean of the contributions is the coefficient."""

    value: float
    observed: float
    expected: float
    parts: Floats


def agreement(
    ratings: Ratings,
    coefficient: Coefficient = "gwet",
    weighting: Weighting = "identity",
    method: IntervalMethod = "log",
    population: int | None = None,
    level: float = 0.95,
) -> Agreement:
    """Return a coefficient of agreement with its interval, or the reason why there is none.

    Parameters
    ----------
    ratings
        The ratings; only units rated twice or more count.
    coefficient
        Definition of chance agreement (see the module).
    weighting
        Agreement weights.
    method
        Interval method. Use "jackknife" with `rank` weights and for small tables, because the published standard error
        takes the weights as fixed.
    population
        Number of units in a finite population, for the finite population correction.
    level
        Confidence level.
    """
    units = ratings.units_rated_twice
    if units == 0:
        return Agreement(None, None, None, "No file was marked by two markers: agreement cannot be known.")
    used_answers = np.flatnonzero(ratings.counts.sum(axis=0))
    if len(used_answers) == 1 and (coefficient != "gwet" or len(ratings.answers) == 1):
        words = "Every mark is the same answer: all agree, but chance alone would give that too."
        return Agreement(None, None, None, words, observed=1.0, expected=1.0, units=units)
    parts = _coefficient_parts(ratings, coefficient, weighting)
    if parts is None:
        words = "Chance alone would give full agreement: there is no coefficient."
        return Agreement(None, None, None, words, units=units)
    low, high, error, words = _limits(ratings, coefficient, weighting, method, parts, population, level)
    return Agreement(parts.value, low, high, words, error, parts.observed, parts.expected, units)


def _limits(
    ratings: Ratings,
    coefficient: Coefficient,
    weighting: Weighting,
    method: IntervalMethod,
    parts: _CoefficientParts,
    population: int | None,
    level: float,
) -> tuple[float | None, float | None, float | None, str]:
    """Return limits, standard error and words; without disagreement or variety, or with one unit, no error."""
    units = ratings.units_rated_twice
    if parts.observed >= 1 - 1e-12:
        low = full_agreement_bound(units, parts.expected, level)
        return low, 1.0, None, f"All markers agree on all of the files marked twice, {units} in number."
    if units == 1:
        return None, None, None, "One file was marked twice: there is no interval."
    low, high, error = _interval(ratings, coefficient, weighting, method, parts, population, level)
    if error < NEGLIGIBLE_ERROR and population is None:
        return None, None, None, "A marker gave one answer only: these files cannot show how well markers agree."
    return max(-1.0, min(low, parts.value)), min(1.0, max(high, parts.value)), error, ""


def coefficient_value(ratings: Ratings, coefficient: Coefficient, weighting: Weighting) -> float:
    """Return the coefficient without interval; NaN if it cannot be computed."""
    parts = _coefficient_parts(ratings, coefficient, weighting) if ratings.units_rated_twice else None
    return np.nan if parts is None else parts.value


def leave_one_out_values(statistic: Callable[[np.ndarray], float], units: int) -> Floats:
    """Return jackknife replicates: the statistic with each unit left out in turn, of shape (units,).

    `statistic` takes the indices of the units that stay.
    """
    all_units = np.arange(units)
    return np.array([statistic(np.delete(all_units, unit)) for unit in all_units])


def jackknife_error(leave_one_out: Floats) -> float:
    """Return the jackknife standard error (Efron) from leave-one-out values of shape (units,).

    Missing values are left out; NaN if fewer than two values are known.
    """
    known = leave_one_out[np.isfinite(leave_one_out)]
    return sqrt((len(known) - 1) * float(np.var(known))) if len(known) > 1 else np.nan


def log_scale_limits(value: float, half_width: float) -> tuple[float, float]:
    """Return limits of a coefficient below 1 on the scale of log(1 - value), from the half-width on the raw scale."""
    lacking = 1 - value
    return 1 - lacking * exp(half_width / lacking), 1 - lacking * exp(-half_width / lacking)


def _interval(
    ratings: Ratings,
    coefficient: Coefficient,
    weighting: Weighting,
    method: IntervalMethod,
    coefficient_parts: _CoefficientParts,
    population: int | None,
    level: float,
) -> tuple[float, float, float]:
    rated = ratings.select_units(ratings.counts.sum(axis=1) > 0)
    units = len(rated.codes)
    unread = 1.0 if population is None else max(0.0, 1 - units / population)

    def statistic(sample: np.ndarray) -> float:
        return coefficient_value(rated.select_units(sample), coefficient, weighting)

    if method == "bootstrap":
        generator = np.random.default_rng(SEED)
        replicates = np.array([statistic(generator.integers(0, units, units)) for _ in range(DRAWS)])
        low, high = np.nanquantile(replicates, [(1 - level) / 2, (1 + level) / 2])
        return float(low), float(high), float(np.nanstd(replicates, ddof=1))
    if method == "jackknife":
        error = jackknife_error(leave_one_out_values(statistic, units)) * sqrt(unread)
    else:
        units = len(coefficient_parts.parts)
        error = sqrt(unread * float(np.var(coefficient_parts.parts, ddof=1)) / units)
    half_width = float(scipy.stats.t.ppf((1 + level) / 2, units - 1)) * error
    if method == "log":
        return *log_scale_limits(coefficient_parts.value, half_width), error
    return coefficient_parts.value - half_width, coefficient_parts.value + half_width, error


def full_agreement_bound(units: int, expected: float, level: float) -> float:
    """Return the lower confidence bound of a coefficient if all raters agreed (exact binomial bound of
    disagreement)."""
    disagree = 1 - ((1 - level) / 2) ** (1 / units)
    return float(max(-1.0, (1 - disagree - expected) / (1 - expected)))


def _coefficient_parts(ratings: Ratings, coefficient: Coefficient, weighting: Weighting) -> _CoefficientParts | None:
    weights = agreement_weights(weighting, ratings)
    counts = ratings.counts
    is_used = counts.sum(axis=1) >= (2 if coefficient == "alpha" else 1)
    counts = counts[is_used]
    if coefficient == "alpha":
        return _alpha_parts(counts, weights)
    unit_totals = counts.sum(axis=1, keepdims=True)
    shares = counts / unit_totals
    if coefficient == "kappa":
        expected, expected_influence = _kappa_expected(ratings.codes[is_used], weights)
    else:
        expected, expected_influence = (
            _gwet_expected(shares, weights) if coefficient == "gwet" else _fleiss_expected(shares, weights)
        )
    if expected >= 1 - 1e-12:
        return None
    rated_twice = unit_totals[:, 0] >= 2
    unit_agreement = _observed_agreement(counts, weights, unit_totals)
    observed = float(unit_agreement[rated_twice].mean())
    value = (observed - expected) / (1 - expected)
    parts = (
        len(counts) / rated_twice.sum() * np.where(rated_twice, unit_agreement - expected, 0.0)
        - (1 - value) * expected_influence
    )
    return _CoefficientParts(float(value), observed, expected, parts / (1 - expected))


def _observed_agreement(counts: Floats, weights: Floats, unit_totals: Floats) -> Floats:
    """Return the weighted share of agreeing pairs of ratings of each unit; 0 for a unit with one rating."""
    pairs = np.maximum(unit_totals * (unit_totals - 1), 1)
    return np.asarray((counts * (counts @ weights - 1) / pairs).sum(axis=1))


def _gwet_expected(shares: Floats, weights: Floats) -> tuple[float, Floats]:
    """Return Gwet's chance agreement, and the influence of each unit on it."""
    answers, mean = len(weights), shares.mean(axis=0)
    scale = weights.sum() / (answers * (answers - 1))
    return float(scale * mean @ (1 - mean)), scale * (shares - mean) @ (1 - 2 * mean)


def _fleiss_expected(shares: Floats, weights: Floats) -> tuple[float, Floats]:
    """Return Fleiss' chance agreement, and the influence of each unit on it."""
    mean = shares.mean(axis=0)
    return float(mean @ weights @ mean), (shares - mean) @ ((weights + weights.T) @ mean)


def _kappa_expected(codes: np.ndarray, weights: Floats) -> tuple[float, Floats]:
    """Return Conger's chance agreement over pairs of different raters, and the influence of each unit on it."""
    codes = codes[:, (codes != UNRATED).any(axis=0)]
    units, raters = codes.shape
    if raters < 2:
        return 1.0, np.zeros(units)
    answer_indicators = (codes[:, :, None] == np.arange(len(weights))).astype(float)
    is_rated = codes != UNRATED
    rater_shares = answer_indicators.sum(axis=0) / is_rated.sum(axis=0)[:, None]
    other_shares = rater_shares.sum(axis=0) - rater_shares
    pairs = raters * (raters - 1)
    expected = float(np.einsum("gk,kl,gl->", rater_shares, weights, other_shares)) / pairs
    derivative = other_shares @ (weights + weights.T).T / pairs
    deviations = (
        np.where(is_rated[:, :, None], answer_indicators - rater_shares, 0.0) * (units / is_rated.sum(axis=0))[:, None]
    )
    return expected, np.asarray(np.einsum("ugk,gk->u", deviations, derivative))


def _alpha_parts(counts: Floats, weights: Floats) -> _CoefficientParts | None:
    unit_totals = counts.sum(axis=1)
    mean_ratings, mean = unit_totals.mean(), counts.sum(axis=0) / unit_totals.sum()
    expected = float(mean @ weights @ mean)
    if expected >= 1 - 1e-12:
        return None
    unit_agreement = (counts * (counts @ weights - 1) / (unit_totals[:, None] - 1)).sum(axis=1)
    uncorrected_observed = float(unit_agreement.sum() / unit_totals.sum())
    correction = 1 / unit_totals.sum()
    observed = (1 - correction) * uncorrected_observed + correction
    value, uncorrected = (observed - expected) / (1 - expected), (uncorrected_observed - expected) / (1 - expected)
    expected_influence = (counts - mean * unit_totals[:, None]) @ ((weights + weights.T) @ mean) / mean_ratings
    # As published: with the observed agreement after the small-sample correction.
    observed_influence = unit_agreement / mean_ratings - observed * (unit_totals / mean_ratings - 1)
    parts = (observed_influence - expected - (1 - uncorrected) * expected_influence) / (1 - expected)
    return _CoefficientParts(float(value), float(observed), expected, parts)
