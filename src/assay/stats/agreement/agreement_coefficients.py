"""How far do markers agree beyond what chance would give?

Each coefficient is (observed - expected) / (1 - expected); they differ in what they expect of chance.

    kappa   each marker's own habits (Cohen; for many markers Conger, Psychological Bulletin 88, 1980)
    fleiss  the habits of all markers together (Scott; Fleiss)
    gwet    chance is likely only where a file is hard (AC1, and AC2 with weights; Gwet, 2008): fit for rare answers
    alpha   Krippendorff's, with his small-sample correction

Marks may be missing. Standard errors are Gwet's, for units drawn at random (Handbook of Inter-Rater Reliability, 2014,
chapter 5; for kappa the same delta method). His Student's t interval (`published`) covers too little where markers
agree well and files are few, since a coefficient is skewed near 1; so by default it is taken on the scale of the
logarithm of what is lacking to full agreement (`log`; `benchmarks/samples.md`). Or units are left out one at a time, or
drawn again. Where nothing varies the answer is in words.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, sqrt
from typing import Literal

import numpy as np
from scipy import stats

from assay.stats.agreement.rating_table import UNMARKED, Marks
from assay.stats.agreement.rating_weights import Closeness, closeness
from assay.stats.interval_estimates import Answer
from assay.stats.posterior_grid import Floats

Coefficient = Literal["kappa", "fleiss", "gwet", "alpha"]
Way = Literal["log", "published", "jackknife", "bootstrap"]
DRAWS, SEED = 1000, 20260101
NOTHING = 1e-9


@dataclass(frozen=True)
class Agreement(Answer):
    """A coefficient with its interval; `observed` and `expected` agreement; `units` marked twice or more.

    `error`: the standard error, of the sample of units. Markers are taken as they are.
    """

    error: float | None = None
    observed: float | None = None
    expected: float | None = None
    units: int = 0


@dataclass(frozen=True)
class _Worked:
    """A coefficient and each unit's part in it; the mean of the parts is the coefficient they are parts of."""

    value: float
    observed: float
    expected: float
    parts: Floats


def agreement(
    marks: Marks,
    coefficient: Coefficient = "gwet",
    how: Closeness = "identity",
    way: Way = "log",
    population: int | None = None,
    level: float = 0.95,
) -> Agreement:
    """A coefficient of agreement with its interval, or why there is none.

    `population`: how many units there are, if they were drawn from few. `rank` closeness and small tables are better
    served by `way="jackknife"`, since the published error takes the weights as given.
    """
    units = marks.marked_twice
    if units == 0:
        return Agreement(None, None, None, "No file was marked by two markers: agreement cannot be known.")
    used = np.flatnonzero(marks.counts.sum(axis=0))
    if len(used) == 1 and (coefficient != "gwet" or len(marks.answers) == 1):
        words = "Every mark is the same answer: all agree, but chance alone would give that too."
        return Agreement(None, None, None, words, observed=1.0, expected=1.0, units=units)
    worked = _work(marks, coefficient, how)
    if worked is None:
        words = "Chance alone would give full agreement: there is no coefficient."
        return Agreement(None, None, None, words, units=units)
    low, high, error, words = _limits(marks, coefficient, how, way, worked, population, level)
    return Agreement(worked.value, low, high, words, error, worked.observed, worked.expected, units)


def _limits(
    marks: Marks,
    coefficient: Coefficient,
    how: Closeness,
    way: Way,
    worked: _Worked,
    population: int | None,
    level: float,
) -> tuple[float | None, float | None, float | None, str]:
    """Limits, standard error and words; a table without disagreement or variety, or of one unit, has no error."""
    units = marks.marked_twice
    if worked.observed >= 1 - 1e-12:
        low = if_all_agree(units, worked.expected, level)
        return low, 1.0, None, f"All markers agree on all of the files marked twice, {units} in number."
    if units == 1:
        return None, None, None, "One file was marked twice: there is no interval."
    low, high, error = _interval(marks, coefficient, how, way, worked, population, level)
    if error < NOTHING and population is None:
        return None, None, None, "A marker gave one answer only: these files cannot show how well markers agree."
    return max(-1.0, min(low, worked.value)), min(1.0, max(high, worked.value)), error, ""


def value_of(marks: Marks, coefficient: Coefficient, how: Closeness) -> float:
    """The coefficient alone; NaN where it cannot be worked out."""
    worked = _work(marks, coefficient, how) if marks.marked_twice else None
    return np.nan if worked is None else worked.value


def left_out_one_at_a_time(value: Callable[[np.ndarray], float], units: int) -> Floats:
    """A figure with each unit left out in turn; `value` takes the units that are kept."""
    everyone = np.arange(units)
    return np.array([value(np.delete(everyone, unit)) for unit in everyone])


def jackknife_error(without: Floats) -> float:
    """The standard error from a figure with each unit left out in turn."""
    known = without[np.isfinite(without)]
    return sqrt((len(known) - 1) * float(np.var(known))) if len(known) > 1 else np.nan


def around(value: float, half: float) -> tuple[float, float]:
    """Limits of a coefficient below 1, `half` to either side on the scale of the logarithm of what it lacks."""
    lacking = 1 - value
    return 1 - lacking * exp(half / lacking), 1 - lacking * exp(-half / lacking)


def _interval(
    marks: Marks,
    coefficient: Coefficient,
    how: Closeness,
    way: Way,
    worked: _Worked,
    population: int | None,
    level: float,
) -> tuple[float, float, float]:
    counted = marks.of_units(marks.counts.sum(axis=1) > 0)
    units = len(counted.places)
    unread = 1.0 if population is None else max(0.0, 1 - units / population)

    def of(chosen: np.ndarray) -> float:
        return value_of(counted.of_units(chosen), coefficient, how)

    if way == "bootstrap":
        random = np.random.default_rng(SEED)
        drawn = np.array([of(random.integers(0, units, units)) for _ in range(DRAWS)])
        low, high = np.nanquantile(drawn, [(1 - level) / 2, (1 + level) / 2])
        return float(low), float(high), float(np.nanstd(drawn, ddof=1))
    if way == "jackknife":
        error = jackknife_error(left_out_one_at_a_time(of, units)) * sqrt(unread)
    else:
        units = len(worked.parts)
        error = sqrt(unread * float(np.var(worked.parts, ddof=1)) / units)
    half = float(stats.t.ppf((1 + level) / 2, units - 1)) * error
    if way == "log":
        return *around(worked.value, half), error
    return worked.value - half, worked.value + half, error


def if_all_agree(units: int, expected: float, level: float) -> float:
    """The coefficient at the largest share of disagreement that so many units without any leave possible."""
    disagree = 1 - ((1 - level) / 2) ** (1 / units)
    return float(max(-1.0, (1 - disagree - expected) / (1 - expected)))


def _work(marks: Marks, coefficient: Coefficient, how: Closeness) -> _Worked | None:
    weights = closeness(how, marks)
    counts = marks.counts
    kept = counts.sum(axis=1) >= (2 if coefficient == "alpha" else 1)
    counts = counts[kept]
    if coefficient == "alpha":
        return _alpha(counts, weights)
    each = counts.sum(axis=1, keepdims=True)
    shares = counts / each
    if coefficient == "kappa":
        expected, moves = _kappa_chance(marks.places[kept], weights)
    else:
        expected, moves = _gwet_chance(shares, weights) if coefficient == "gwet" else _fleiss_chance(shares, weights)
    if expected >= 1 - 1e-12:
        return None
    twice = each[:, 0] >= 2
    agreeing = _agreeing(counts, weights, each)
    observed = float(agreeing[twice].mean())
    value = (observed - expected) / (1 - expected)
    parts = len(counts) / twice.sum() * np.where(twice, agreeing - expected, 0.0) - (1 - value) * moves
    return _Worked(float(value), observed, expected, parts / (1 - expected))


def _agreeing(counts: Floats, weights: Floats, each: Floats) -> Floats:
    """The share of pairs of marks of each unit that agree, in part where weights say so; 0 for a single mark."""
    pairs = np.maximum(each * (each - 1), 1)
    return np.asarray((counts * (counts @ weights - 1) / pairs).sum(axis=1))


def _gwet_chance(shares: Floats, weights: Floats) -> tuple[float, Floats]:
    """What chance gives, and how far each unit moves it."""
    answers, mean = len(weights), shares.mean(axis=0)
    scale = weights.sum() / (answers * (answers - 1))
    return float(scale * mean @ (1 - mean)), scale * (shares - mean) @ (1 - 2 * mean)


def _fleiss_chance(shares: Floats, weights: Floats) -> tuple[float, Floats]:
    mean = shares.mean(axis=0)
    return float(mean @ weights @ mean), (shares - mean) @ ((weights + weights.T) @ mean)


def _kappa_chance(places: np.ndarray, weights: Floats) -> tuple[float, Floats]:
    """Pairs of different markers, each with its own habits."""
    places = places[:, (places != UNMARKED).any(axis=0)]
    units, markers = places.shape
    if markers < 2:
        return 1.0, np.zeros(units)
    given = (places[:, :, None] == np.arange(len(weights))).astype(float)
    marked = places != UNMARKED
    habits = given.sum(axis=0) / marked.sum(axis=0)[:, None]
    others = habits.sum(axis=0) - habits
    pairs = markers * (markers - 1)
    expected = float(np.einsum("gk,kl,gl->", habits, weights, others)) / pairs
    pull = others @ (weights + weights.T).T / pairs
    moved = np.where(marked[:, :, None], given - habits, 0.0) * (units / marked.sum(axis=0))[:, None]
    return expected, np.asarray(np.einsum("ugk,gk->u", moved, pull))


def _alpha(counts: Floats, weights: Floats) -> _Worked | None:
    each = counts.sum(axis=1)
    mean_marks, mean = each.mean(), counts.sum(axis=0) / each.sum()
    expected = float(mean @ weights @ mean)
    if expected >= 1 - 1e-12:
        return None
    agreeing = (counts * (counts @ weights - 1) / (each[:, None] - 1)).sum(axis=1)
    plain = float(agreeing.sum() / each.sum())
    correction = 1 / each.sum()
    observed = (1 - correction) * plain + correction
    value, uncorrected = (observed - expected) / (1 - expected), (plain - expected) / (1 - expected)
    moves = (counts - mean * each[:, None]) @ ((weights + weights.T) @ mean) / mean_marks
    matching = agreeing / mean_marks - observed * (each / mean_marks - 1)  # as published: with the corrected share
    parts = (matching - expected - (1 - uncorrected) * moves) / (1 - expected)
    return _Worked(float(value), float(observed), expected, parts)
