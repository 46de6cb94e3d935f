"""Partial pooling of strata: shrunken log-linear effects (empirical Bayes).

Each stratum has its own log-linear model, and each effect is shrunken towards the mean of that effect over strata, more
so for small strata. The distribution over strata is normal, with mean and variance estimated by
expectation-maximisation that includes the uncertainty within strata (empirical Bayes). The intercept, which determines
the number of hidden persons, is not shrunken. Point estimates of strata add up to that of the total, as does each
resample. Persons of unknown stratum are allocated to the possible strata, history by history, in proportion to the
fitted counts (missing at random given the history).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.stats.multiple_systems.capture_histories import Floats, Ints
from assay.stats.multiple_systems.capture_input import NOT_KNOWN
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.covariates import StratumEstimates, resample_strata, stratum_estimates
from assay.stats.multiple_systems.estimation_refusals import NoEstimate, UnusableTable
from assay.stats.multiple_systems.newton_fits import NO_EFFECT, Fits, Ridge, fit_loglinear
from assay.stats.multiple_systems.stepwise import THRESHOLD, select_stepwise

ROUNDS = 25
"""Rounds of expectation-maximisation."""
MINIMUM_SPREAD, MAXIMUM_SPREAD = 0.05, 3.0
"""Limits of the standard deviation of an effect over strata, on the log scale."""
REPLICATES = 200


@dataclass(frozen=True)
class PooledEstimates:
    """Estimates of the strata and their total, by partial pooling.

    `spread`: name of each effect and its standard deviation over strata, on the log scale. `reallocated_persons`:
    number of persons with a partly or wholly unknown stratum.
    """

    estimates: StratumEstimates
    spread: tuple[tuple[str, float], ...]
    reallocated_persons: int


def pool_strata(
    tables: Sequence[CaptureTable],
    *,
    threshold: float = THRESHOLD,
    replicates: int = REPLICATES,
    seed: int = 1,
) -> PooledEstimates:
    """Estimate strata by partial pooling; tables with a value "not known" are allocated to the possible strata.

    Interactions of lists are selected stepwise on the sum of strata, in each resample. NoEstimate with fewer than three
    strata; UnusableTable if their lists differ.
    """
    complete_tables = [table for table in tables if not _has_missing_stratum(table)]
    incomplete_tables = [table for table in tables if _has_missing_stratum(table)]
    if len(complete_tables) < 3:
        raise NoEstimate(
            f"{len(complete_tables)} strata cannot show how far strata differ: at least three are needed to borrow."
        )
    if any(table.lists != complete_tables[0].lists for table in tables):
        raise UnusableTable("The strata do not have the same lists in the same order.")
    counts = np.stack([table.counts for table in (*complete_tables, *incomplete_tables)], axis=1)
    generator = np.random.default_rng(seed)
    resampled = resample_strata(counts, replicates, generator)
    possible = np.array(
        [[_is_compatible(incomplete, complete) for complete in complete_tables] for incomplete in incomplete_tables]
    ).reshape(len(incomplete_tables), len(complete_tables))
    fits, filled, spread = _fit_pooled(resampled, len(complete_tables), possible, threshold)
    hidden = np.where(fits.exists, fits.hidden, np.nan).reshape(len(complete_tables), -1)
    completed = [
        _replace_counts(complete_table, filled[:, number, 0]) for number, complete_table in enumerate(complete_tables)
    ]
    names = _effect_names(fits.effects[:, 0], complete_tables[0].lists)
    named_spreads = tuple((name, float(value)) for name, value in zip(names, spread[:, 0], strict=True) if name)
    reallocated = sum(table.persons for table in incomplete_tables)
    return PooledEstimates(
        stratum_estimates(completed, "strata that borrow", hidden, generator), named_spreads, reallocated
    )


def _has_missing_stratum(table: CaptureTable) -> bool:
    return any(value == NOT_KNOWN for _, value in table.stratum)


def _is_compatible(incomplete: CaptureTable, complete: CaptureTable) -> bool:
    """Return True if persons of a table with missing values may belong to a stratum."""
    return all(
        value in (complete_value, NOT_KNOWN)
        for (_, value), (_, complete_value) in zip(incomplete.stratum, complete.stratum, strict=True)
    )


def _replace_counts(table: CaptureTable, counts: Floats) -> CaptureTable:
    """Return the stratum with allocated counts, which need not be whole."""
    return CaptureTable(table.lists, counts, table.stratum, table.window, table.definition, table.linkage_draw)


def _fit_pooled(resampled: Floats, strata: int, possible: Floats, threshold: float) -> tuple[Fits, Floats, Floats]:
    """Return the fits (columns by stratum, then by resample), the completed counts, and the spread of each effect."""
    cells, _, tables = resampled.shape
    effects = select_stepwise(resampled.sum(axis=1), threshold).fits.effects
    tiled_effects = np.tile(effects, (1, strata))
    shape = (len(effects), strata, tables)
    is_effect = (effects != NO_EFFECT)[:, None, :]
    is_intercept = (effects == 0)[:, None, :]
    start = fit_loglinear(resampled.sum(axis=1), effects)
    centre = np.where(np.isfinite(start.coefficients), start.coefficients, -3.0)[:, None, :]
    variance = np.full((len(effects), 1, tables), 0.5)
    filled = _reallocate(resampled, strata, possible, None)
    coefficients = None
    for _ in range(ROUNDS):
        precision = np.where(is_intercept | ~is_effect, 0.0, 1 / variance)
        ridge = Ridge(_flat(centre, shape), _flat(precision, shape))
        fits = fit_loglinear(filled.reshape(cells, -1), tiled_effects, start=coefficients, ridge=ridge)
        coefficients = fits.coefficients
        means = coefficients.reshape(shape)
        uncertainty = _coefficient_variances(fits, tiled_effects, ridge).reshape(shape)
        centre = means.mean(axis=1, keepdims=True)
        variance = ((means - centre) ** 2 + uncertainty).mean(axis=1, keepdims=True)
        variance = np.clip(variance, MINIMUM_SPREAD**2, MAXIMUM_SPREAD**2)
        if len(possible):
            filled = _reallocate(resampled, strata, possible, fits.fitted.reshape(cells, strata, tables))
    spread = np.where(is_intercept | ~is_effect, np.nan, np.sqrt(variance))[:, 0]
    return fits, filled, spread


def _flat(values: Floats, shape: tuple[int, ...]) -> Floats:
    return np.broadcast_to(values, shape).reshape(shape[0], -1)


def _reallocate(resampled: Floats, strata: int, possible: Floats, fitted: Floats | None) -> Floats:
    """Return the counts of strata with unknown strata allocated by the fitted counts (at first: by the counts)."""
    filled = resampled[:, :strata].copy()
    for number, possible_strata in enumerate(possible):
        weight = (resampled[:, :strata] + 0.5 if fitted is None else fitted) * possible_strata[None, :, None]
        filled += resampled[:, strata + number, None] * weight / weight.sum(axis=1, keepdims=True)
    filled[0] = 0.0
    return filled


def _coefficient_variances(fits: Fits, effects: Ints, ridge: Ridge) -> Floats:
    """Return the variance of each coefficient of each fit, given the prior over strata."""
    cells = np.arange(1, len(fits.fitted))
    variances = np.empty(effects.shape)
    models, model_index = np.unique(effects, axis=1, return_inverse=True)
    for number in range(models.shape[1]):
        fit_columns = np.flatnonzero(model_index == number)
        model = models[:, number]
        effect_rows = np.flatnonzero(model != NO_EFFECT)
        design = ((cells[:, None] & model[effect_rows]) == model[effect_rows]).astype(float)
        products = (design[:, :, None] * design[:, None, :]).reshape(len(cells), -1)
        information = (fits.fitted[1:, fit_columns].T @ products).reshape(-1, len(effect_rows), len(effect_rows))
        diagonal = np.arange(len(effect_rows))
        information[:, diagonal, diagonal] += ridge.precision[effect_rows][:, fit_columns].T + 1e-9
        variances[:, fit_columns] = 0.0
        variances[np.ix_(effect_rows, fit_columns)] = np.linalg.inv(information)[:, diagonal, diagonal].T
    return variances


def _effect_names(effects: Ints, lists: tuple[str, ...]) -> list[str]:
    return [
        "*".join(lists[bit] for bit in range(len(lists)) if int(effect) >> bit & 1) if effect > 0 else ""
        for effect in effects
    ]
