"""How many are hidden in each of many strata, when some are too thin to say it alone?

Each stratum has its own log-linear model, and each effect of it is drawn towards the mean of that effect over strata,
the more so the less the stratum says (a normal distribution over strata, its mean and spread found by
expectation-maximisation with the strata's own uncertainty, as in empirical Bayes). The number of hidden persons, the
intercept, is never drawn anywhere. Points of strata add up to that of the total, and so does each resample. Whose
stratum is not known is shared out over the strata that are possible, history by history, as they are expected there
(missing at random given the history).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.stats.multiple_systems.capture_histories import Floats, Ints
from assay.stats.multiple_systems.capture_input import NOT_KNOWN
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.covariates import ByStratum, by_stratum, drawn
from assay.stats.multiple_systems.estimation_refusals import NoEstimate, UnusableTable
from assay.stats.multiple_systems.newton_fits import NOTHING, Fits, Ridge, fit
from assay.stats.multiple_systems.stepwise import THRESHOLD, select_stepwise

ROUNDS = 25
"""Rounds of expectation-maximisation."""
LEAST_SPREAD, MOST_SPREAD = 0.05, 3.0
"""Standard deviations over strata, on the log scale, between which the spread of an effect is kept."""
REPLICATES = 200


@dataclass(frozen=True)
class Pooled:
    """Estimates by stratum and together; how far each effect differs over strata (standard deviation of its logarithm);
    and how many persons had a stratum that was not known in whole.
    """

    estimates: ByStratum
    spread: tuple[tuple[str, float], ...]
    shared_out: int


def pooled(
    tables: Sequence[CaptureTable],
    *,
    threshold: float = THRESHOLD,
    replicates: int = REPLICATES,
    seed: int = 1,
) -> Pooled:
    """Estimate strata that borrow from one another; tables with a value "not known" are shared out.

    Pairs of lists are chosen in steps on all strata together, anew in each resample. Refuses fewer than three strata.
    """
    whole = [table for table in tables if not _partly_known(table)]
    partly = [table for table in tables if _partly_known(table)]
    if len(whole) < 3:
        raise NoEstimate(f"{len(whole)} strata cannot show how far strata differ: at least three are needed to borrow.")
    if any(table.lists != whole[0].lists for table in tables):
        raise UnusableTable("The strata do not have the same lists in the same order.")
    counts = np.stack([table.counts for table in (*whole, *partly)], axis=1)
    random = np.random.default_rng(seed)
    every = drawn(counts, replicates, random)
    possible = np.array([[_may_be(one, other) for other in whole] for one in partly]).reshape(len(partly), len(whole))
    fits, filled, spread = _borrowing(every, len(whole), possible, threshold)
    hidden = np.where(fits.exists, fits.hidden, np.nan).reshape(len(whole), -1)
    completed = [_completed(t, filled[:, place, 0]) for place, t in enumerate(whole)]
    names = _names(fits.effects[:, 0], whole[0].lists)
    told = tuple((name, float(value)) for name, value in zip(names, spread[:, 0], strict=True) if name)
    shared = sum(table.persons for table in partly)
    return Pooled(by_stratum(completed, "strata that borrow", hidden, random), told, shared)


def _partly_known(table: CaptureTable) -> bool:
    return any(value == NOT_KNOWN for _, value in table.stratum)


def _may_be(partly: CaptureTable, whole: CaptureTable) -> bool:
    """Whether persons of a table with missing values may belong to a stratum."""
    return all(a in (b, NOT_KNOWN) for (_, a), (_, b) in zip(partly.stratum, whole.stratum, strict=True))


def _completed(table: CaptureTable, counts: Floats) -> CaptureTable:
    """The stratum with its part of those whose stratum is not known; a part of a person is no error here."""
    return CaptureTable(table.lists, counts, table.stratum, table.window, table.definition, table.linkage_draw)


def _borrowing(every: Floats, strata: int, possible: Floats, threshold: float) -> tuple[Fits, Floats, Floats]:
    """The fits of all strata in all resamples, columns by stratum and then by resample; completed counts; spreads."""
    cells, _, tables = every.shape
    effects = select_stepwise(every.sum(axis=1), threshold).fits.effects
    wide = np.tile(effects, (1, strata))
    shape = (len(effects), strata, tables)
    held = (effects != NOTHING)[:, None, :]
    free = (effects == 0)[:, None, :]
    start = fit(every.sum(axis=1), effects)
    centre = np.where(np.isfinite(start.coefficients), start.coefficients, -3.0)[:, None, :]
    variance = np.full((len(effects), 1, tables), 0.5)
    filled = _shared(every, strata, possible, None)
    coefficients = None
    for _ in range(ROUNDS):
        precision = np.where(free | ~held, 0.0, 1 / variance)
        ridge = Ridge(_flat(centre, shape), _flat(precision, shape))
        fits = fit(filled.reshape(cells, -1), wide, start=coefficients, ridge=ridge)
        coefficients = fits.coefficients
        means = coefficients.reshape(shape)
        doubt = _doubt(fits, wide, ridge).reshape(shape)
        centre = means.mean(axis=1, keepdims=True)
        variance = ((means - centre) ** 2 + doubt).mean(axis=1, keepdims=True)
        variance = np.clip(variance, LEAST_SPREAD**2, MOST_SPREAD**2)
        if len(possible):
            filled = _shared(every, strata, possible, fits.fitted.reshape(cells, strata, tables))
    spread = np.where(free | ~held, np.nan, np.sqrt(variance))[:, 0]
    return fits, filled, spread


def _flat(values: Floats, shape: tuple[int, ...]) -> Floats:
    return np.broadcast_to(values, shape).reshape(shape[0], -1)


def _shared(every: Floats, strata: int, possible: Floats, fitted: Floats | None) -> Floats:
    """Counts of the strata with those of tables partly known shared out as expected (at first: as counted)."""
    filled = every[:, :strata].copy()
    for place, may in enumerate(possible):
        weight = (every[:, :strata] + 0.5 if fitted is None else fitted) * may[None, :, None]
        filled += every[:, strata + place, None] * weight / weight.sum(axis=1, keepdims=True)
    filled[0] = 0.0
    return filled


def _doubt(fits: Fits, effects: Ints, ridge: Ridge) -> Floats:
    """The variance of each coefficient of each fit, given the mean and spread over strata."""
    cells = np.arange(1, len(fits.fitted))
    out = np.empty(effects.shape)
    models, which = np.unique(effects, axis=1, return_inverse=True)
    for place in range(models.shape[1]):
        chosen = np.flatnonzero(which == place)
        model = models[:, place]
        held = np.flatnonzero(model != NOTHING)
        design = ((cells[:, None] & model[held]) == model[held]).astype(float)
        products = (design[:, :, None] * design[:, None, :]).reshape(len(cells), -1)
        information = (fits.fitted[1:, chosen].T @ products).reshape(-1, len(held), len(held))
        diagonal = np.arange(len(held))
        information[:, diagonal, diagonal] += ridge.precision[held][:, chosen].T + 1e-9
        out[:, chosen] = 0.0
        out[np.ix_(held, chosen)] = np.linalg.inv(information)[:, diagonal, diagonal].T
    return out


def _names(effects: Ints, lists: tuple[str, ...]) -> list[str]:
    return [
        "*".join(lists[bit] for bit in range(len(lists)) if int(effect) >> bit & 1) if effect > 0 else ""
        for effect in effects
    ]
