"""Estimates by log-linear models: selected stepwise, best by criterion, averaged, found by downhill search, or fixed.

The model is selected stepwise by p-value, as the best of all by AIC or BIC, by a downhill search, averaged with weights
from BIC, or given. Every method repeats its selection in each resample. `estimate_stepwise_all` does many tables at
once, such as strata or linkage draws.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.stats.multiple_systems.bootstrap import LEVELS, REPLICATES, Method, Resampling, resample_all
from assay.stats.multiple_systems.capture_histories import Floats, effect_name
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.estimate_existence import EstimateStatus
from assay.stats.multiple_systems.estimation_refusals import NoEstimate
from assay.stats.multiple_systems.hidden_estimates import HiddenEstimate
from assay.stats.multiple_systems.hierarchical_models import LogLinearModel
from assay.stats.multiple_systems.model_selection import (
    MINIMUM_LISTS_FOR_SEARCH,
    ModelRanking,
    default_order,
    downhill,
    fit_models,
    rank_models,
    search_downhill,
)
from assay.stats.multiple_systems.newton_fits import fit_loglinear, repeat_model
from assay.stats.multiple_systems.stepwise import THRESHOLD, select_stepwise

TOP_MODELS = 60
"""Number of models, ranked on the data, from which each resample selects (Silverman, Chan & Vincent 2024)."""


@dataclass(frozen=True)
class LogLinearEstimate:
    """Estimate with its resampling, the selection path of its model, and the ranking of models, if there is one."""

    estimate: HiddenEstimate
    resampling: Resampling | None
    path: tuple[str, ...] = ()
    ranking: ModelRanking | None = None


def estimate_stepwise(
    table: CaptureTable, *, threshold: float = THRESHOLD, replicates: int = REPLICATES, seed: int = 1
) -> LogLinearEstimate:
    """Estimate by stepwise selection of pairs with p-value below `threshold`; BCa interval, selection repeated."""
    (estimate,) = estimate_stepwise_all([table], threshold=threshold, replicates=replicates, seed=seed)
    return estimate


def estimate_stepwise_all(
    tables: Sequence[CaptureTable], *, threshold: float = THRESHOLD, replicates: int = REPLICATES, seed: int = 1
) -> tuple[LogLinearEstimate, ...]:
    """Apply `estimate_stepwise` to many tables with the same number of lists, in one batch."""
    resamplings = resample_all(
        tables, lambda counts: select_stepwise(counts, threshold).hidden, replicates=replicates, seed=seed
    )
    return tuple(
        _stepwise_estimate(table, threshold, resampling) for table, resampling in zip(tables, resamplings, strict=True)
    )


def _stepwise_estimate(table: CaptureTable, threshold: float, resampling: Resampling) -> LogLinearEstimate:
    selection = select_stepwise(table.counts[:, None], threshold)
    model = LogLinearModel.from_effects(table.lists, [step.pair for step in selection.steps])
    path = tuple(
        f"{effect_name(step.pair, table.lists)} enters (p = {step.p_value:.2g}): {table.persons + step.hidden:,.0f}"
        for step in selection.steps
    )
    estimate = _estimate(f"stepwise, p < {threshold:g}", table, model, resampling, selection.fits.statuses[0])
    return LogLinearEstimate(
        estimate.with_warnings(_jump_warning(table, selection.fits.hidden[0], path)), resampling, path
    )


def _jump_warning(table: CaptureTable, hidden: float, path: tuple[str, ...]) -> str:
    """Return a warning if the last step alone changed the estimate by half or more, otherwise ''."""
    values = [float(line.rsplit(": ", 1)[1].replace(",", "")) for line in path]
    if len(values) < 2 or not np.isfinite(hidden):
        return ""
    ratio = max(values[-1] / values[-2], values[-2] / values[-1])
    return f"The last pair alone changed the estimate {ratio:.1f}-fold." if ratio >= 1.5 else ""


def estimate_fixed_model(
    table: CaptureTable, model: str | LogLinearModel, *, replicates: int = REPLICATES, seed: int = 1
) -> LogLinearEstimate:
    """Estimate by a given model in the names of the lists ("LA*NG, PF"); BCa interval without selection.

    NoEstimate, with the reason, if the model has no estimate on this table.
    """
    model = LogLinearModel.from_text(table.lists, model) if isinstance(model, str) else model
    fitted = fit_loglinear(table.counts[:, None], repeat_model(model.effects, 1))
    if not fitted.exists[0]:
        raise NoEstimate(f"The model {model} has no estimate here: {fitted.statuses[0].value}.")
    (resampling,) = resample_all([table], _fixed_model_method(model), replicates=replicates, seed=seed)
    return LogLinearEstimate(_estimate("fixed model", table, model, resampling, fitted.statuses[0]), resampling)


def _fixed_model_method(model: LogLinearModel) -> Method:
    return lambda counts: fit_loglinear(counts, repeat_model(model.effects, counts.shape[1])).hidden


def estimate_best_model(
    table: CaptureTable,
    *,
    kind: str = "bic",
    order: int | None = None,
    top: int | None = TOP_MODELS,
    replicates: int = REPLICATES,
    seed: int = 1,
) -> LogLinearEstimate:
    """Estimate by the best hierarchical model by "bic" or "aic"; resamples choose among the `top` models (None:
    all)."""
    ranking = _ranking(table, order, kind)
    top_models = ranking.models[:top]
    (resampling,) = resample_all(
        [table], lambda counts: fit_models(counts, top_models, kind).best(), replicates=replicates, seed=seed
    )
    estimate = _estimate(f"best of {len(ranking.models):,} by {kind.upper()}", table, ranking.models[0], resampling)
    return LogLinearEstimate(
        estimate.with_warnings(_refusals_warning(ranking), _rival_models_warning(table, ranking)),
        resampling,
        ranking=ranking,
    )


def estimate_model_average(
    table: CaptureTable,
    *,
    order: int | None = None,
    top: int | None = TOP_MODELS,
    replicates: int = REPLICATES,
    seed: int = 1,
) -> LogLinearEstimate:
    """Estimate by Bayesian model averaging with BIC weights, recomputed in each resample.

    Weights over all models are reported; the average and its resamples are over the `top` (None: all).
    """
    ranking = _ranking(table, order, "bic")
    top_models = ranking.models[:top]
    (resampling,) = resample_all(
        [table], lambda counts: fit_models(counts, top_models).average(), replicates=replicates, seed=seed
    )
    outside_weight = 1 - float(ranking.weights()[: len(top_models)].sum())
    sentence = (
        f"Models outside the {len(top_models)} averaged hold {outside_weight:.1%} of the weight."
        if outside_weight > 0.005
        else ""
    )
    estimate = _estimate(f"averaged over {len(top_models):,} by BIC", table, ranking.models[0], resampling)
    return LogLinearEstimate(estimate.with_warnings(_refusals_warning(ranking), sentence), resampling, ranking=ranking)


def estimate_downhill_model(
    table: CaptureTable,
    *,
    kind: str = "bic",
    order: int | None = None,
    replicates: int = REPLICATES,
    seed: int = 1,
) -> LogLinearEstimate:
    """Estimate by the model of a downhill search, for eight or more lists, or to check the search."""
    lists = table.lists
    ((model, _),) = downhill(table.counts[:, None], lists, order=order, kind=kind)

    def method(counts: Floats) -> Floats:
        return search_downhill(counts, lists, order=order, kind=kind)

    (resampling,) = resample_all([table], method, replicates=replicates, seed=seed)
    return LogLinearEstimate(_estimate(f"downhill by {kind.upper()}", table, model, resampling), resampling)


def _ranking(table: CaptureTable, order: int | None, kind: str) -> ModelRanking:
    if len(table.lists) >= MINIMUM_LISTS_FOR_SEARCH:
        raise NoEstimate(
            f"{len(table.lists)} lists have too many models to fit them all: search them downhill, or merge lists."
        )
    ranking = rank_models(table.counts, table.lists, order=order or default_order(len(table.lists)), kind=kind)
    if not ranking.models:
        raise NoEstimate("No hierarchical model has an estimate on this table.")
    return ranking


def _refusals_warning(ranking: ModelRanking) -> str:
    return f"{ranking.refused:,} models have no estimate and were left out." if ranking.refused else ""


def _rival_models_warning(table: CaptureTable, ranking: ModelRanking) -> str:
    """Return a warning if models within 2 of the best criterion give very different estimates, otherwise ''."""
    is_close = ranking.criterion <= ranking.criterion[0] + 2
    if is_close.sum() < 2:
        return ""
    low, high = table.persons + ranking.hidden[is_close].min(), table.persons + ranking.hidden[is_close].max()
    return (
        f"{is_close.sum()} models are within 2 of the best, with {low:,.0f} to {high:,.0f}." if high > 1.2 * low else ""
    )


def _estimate(
    method: str,
    table: CaptureTable,
    model: LogLinearModel,
    resampling: Resampling,
    status: EstimateStatus = EstimateStatus.EXISTS,
) -> HiddenEstimate:
    attributes = {"method": method, "seen": table.persons, "model": str(model), "fingerprint": table.fingerprint()}
    if not np.isfinite(resampling.hidden):
        reason = f"The model {model} has no estimate here: {status.value}."
        return HiddenEstimate(**attributes, refusal=reason)  # type: ignore[arg-type]
    if not len(resampling.replicates):
        return HiddenEstimate(**attributes, population=table.persons + resampling.hidden)  # type: ignore[arg-type]
    limits = resampling.limits(LEVELS)
    return HiddenEstimate(
        **attributes,  # type: ignore[arg-type]
        population=table.persons + resampling.hidden,
        low=float(limits[0]),
        high=float(limits[-1]),
        interval=f"BCa bootstrap, {len(resampling.replicates):,} resamples, choice of model repeated",
        warnings=resampling.warnings(),
        quantiles=tuple(zip(LEVELS, map(float, limits), strict=True)),
    )
