"""How many are hidden, by log-linear models of how the lists overlap?

Five ways to the model: in steps by p-value, the best of all by AIC or BIC, downhill by BIC, all together with weights
by BIC, or one that is given. Each repeats its choice in every resample. Each is also there for many tables at once,
strata or linkage draws, as `estimate_all(tables, method)`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.stats.multiple_systems.bootstrap import LEVELS, REPLICATES, Method, Resampling, resample_all
from assay.stats.multiple_systems.capture_histories import Floats, named
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.estimate_existence import Standing
from assay.stats.multiple_systems.estimation_refusals import NoEstimate
from assay.stats.multiple_systems.hidden_estimates import Estimate
from assay.stats.multiple_systems.hierarchical_models import Model
from assay.stats.multiple_systems.model_selection import (
    FEWEST_LISTS_SEARCHED,
    Ranking,
    default_order,
    downhill,
    over_models,
    rank,
    search_downhill,
)
from assay.stats.multiple_systems.newton_fits import columns, fit
from assay.stats.multiple_systems.stepwise import THRESHOLD, select_stepwise

TOP = 60
"""Models, best first on the data, among which each resample chooses (Silverman, Chan & Vincent 2024)."""


@dataclass(frozen=True)
class LogLinear:
    """An estimate with its resampling, the way to its model, and all models that were weighed, if they were."""

    estimate: Estimate
    resampling: Resampling | None
    path: tuple[str, ...] = ()
    ranking: Ranking | None = None


def stepwise(
    table: CaptureTable, *, threshold: float = THRESHOLD, replicates: int = REPLICATES, seed: int = 1
) -> LogLinear:
    """Pairs enter one by one while their p-value is under `threshold`; BCa interval with the steps repeated."""
    (found,) = stepwise_all([table], threshold=threshold, replicates=replicates, seed=seed)
    return found


def stepwise_all(
    tables: Sequence[CaptureTable], *, threshold: float = THRESHOLD, replicates: int = REPLICATES, seed: int = 1
) -> tuple[LogLinear, ...]:
    """`stepwise` for many tables over as many lists, all in one batch."""
    done = resample_all(tables, lambda c: select_stepwise(c, threshold).hidden, replicates=replicates, seed=seed)
    return tuple(_stepwise_told(table, threshold, one) for table, one in zip(tables, done, strict=True))


def _stepwise_told(table: CaptureTable, threshold: float, resampling: Resampling) -> LogLinear:
    chosen = select_stepwise(table.counts[:, None], threshold)
    model = Model.of(table.lists, [step.pair for step in chosen.steps])
    path = tuple(
        f"{named(step.pair, table.lists)} enters (p = {step.p_value:.2g}): {table.persons + step.hidden:,.0f}"
        for step in chosen.steps
    )
    told = _estimate(f"stepwise, p < {threshold:g}", table, model, resampling, chosen.fits.standings[0])
    return LogLinear(told.warned(_jump(table, chosen.fits.hidden[0], path)), resampling, path)


def _jump(table: CaptureTable, hidden: float, path: tuple[str, ...]) -> str:
    """Whether the last step alone moved the estimate by half or more: then the path is to be read."""
    said = [float(line.rsplit(": ", 1)[1].replace(",", "")) for line in path]
    if len(said) < 2 or not np.isfinite(hidden):
        return ""
    ratio = max(said[-1] / said[-2], said[-2] / said[-1])
    return f"The last pair alone changed the estimate {ratio:.1f}-fold." if ratio >= 1.5 else ""


def fixed(table: CaptureTable, model: str | Model, *, replicates: int = REPLICATES, seed: int = 1) -> LogLinear:
    """One model that is given, written in the names of the lists ("LA*NG, PF"); BCa interval without any choice.

    Refuses (NoEstimate) a model that has no estimate on this table, and says why.
    """
    model = Model.named(table.lists, model) if isinstance(model, str) else model
    one = fit(table.counts[:, None], columns(model.effects, 1))
    if not one.exists[0]:
        raise NoEstimate(f"The model {model} has no estimate here: {one.standings[0].value}.")
    (done,) = resample_all([table], _of_model(model), replicates=replicates, seed=seed)
    return LogLinear(_estimate("fixed model", table, model, done, one.standings[0]), done)


def _of_model(model: Model) -> Method:
    return lambda counts: fit(counts, columns(model.effects, counts.shape[1])).hidden


def best(
    table: CaptureTable,
    *,
    kind: str = "bic",
    order: int | None = None,
    top: int | None = TOP,
    replicates: int = REPLICATES,
    seed: int = 1,
) -> LogLinear:
    """The best of all hierarchical models by "bic" or "aic"; each resample chooses among the `top` (None: all)."""
    ranking = _ranking(table, order, kind)
    kept = ranking.models[:top]
    (done,) = resample_all([table], lambda c: over_models(c, kept, kind).best(), replicates=replicates, seed=seed)
    told = _estimate(f"best of {len(ranking.models):,} by {kind.upper()}", table, ranking.models[0], done)
    return LogLinear(told.warned(_left_out(ranking), _rivals(table, ranking)), done, ranking=ranking)


def averaged(
    table: CaptureTable,
    *,
    order: int | None = None,
    top: int | None = TOP,
    replicates: int = REPLICATES,
    seed: int = 1,
) -> LogLinear:
    """All hierarchical models together, weighted as BIC approximates; weights are worked out anew in each resample.

    Weights over all models are reported; the average and its resamples are over the `top` (None: all).
    """
    ranking = _ranking(table, order, "bic")
    kept = ranking.models[:top]
    (done,) = resample_all([table], lambda c: over_models(c, kept).averaged(), replicates=replicates, seed=seed)
    outside = 1 - float(ranking.weights()[: len(kept)].sum())
    said = f"Models outside the {len(kept)} averaged hold {outside:.1%} of the weight." if outside > 0.005 else ""
    told = _estimate(f"averaged over {len(kept):,} by BIC", table, ranking.models[0], done)
    return LogLinear(told.warned(_left_out(ranking), said), done, ranking=ranking)


def searched(
    table: CaptureTable,
    *,
    kind: str = "bic",
    order: int | None = None,
    replicates: int = REPLICATES,
    seed: int = 1,
) -> LogLinear:
    """The model that a search downhill ends with; for eight lists and more, or to see whether the search misses."""
    lists = table.lists
    ((model, _),) = downhill(table.counts[:, None], lists, order=order, kind=kind)

    def method(counts: Floats) -> Floats:
        return search_downhill(counts, lists, order=order, kind=kind)

    (done,) = resample_all([table], method, replicates=replicates, seed=seed)
    return LogLinear(_estimate(f"downhill by {kind.upper()}", table, model, done), done)


def _ranking(table: CaptureTable, order: int | None, kind: str) -> Ranking:
    if len(table.lists) >= FEWEST_LISTS_SEARCHED:
        raise NoEstimate(
            f"{len(table.lists)} lists have too many models to fit them all: use `searched`, or merge lists."
        )
    ranking = rank(table.counts, table.lists, order=order or default_order(len(table.lists)), kind=kind)
    if not ranking.models:
        raise NoEstimate("No hierarchical model has an estimate on this table.")
    return ranking


def _left_out(ranking: Ranking) -> str:
    return f"{ranking.refused:,} models have no estimate and were left out." if ranking.refused else ""


def _rivals(table: CaptureTable, ranking: Ranking) -> str:
    """How far apart the models lie that are nearly as good as the best."""
    near = ranking.criterion <= ranking.criterion[0] + 2
    if near.sum() < 2:
        return ""
    low, high = table.persons + ranking.hidden[near].min(), table.persons + ranking.hidden[near].max()
    return f"{near.sum()} models are within 2 of the best, with {low:,.0f} to {high:,.0f}." if high > 1.2 * low else ""


def _estimate(
    method: str,
    table: CaptureTable,
    model: Model,
    resampling: Resampling,
    standing: Standing = Standing.EXISTS,
) -> Estimate:
    about = {"method": method, "seen": table.persons, "model": str(model), "fingerprint": table.fingerprint()}
    if not np.isfinite(resampling.hidden):
        why = f"The model {model} has no estimate here: {standing.value}."
        return Estimate(**about, refusal=why)  # type: ignore[arg-type]
    if not len(resampling.replicates):
        return Estimate(**about, population=table.persons + resampling.hidden)  # type: ignore[arg-type]
    limits = resampling.limits(LEVELS)
    return Estimate(
        **about,  # type: ignore[arg-type]
        population=table.persons + resampling.hidden,
        low=float(limits[0]),
        high=float(limits[-1]),
        interval=f"BCa bootstrap, {len(resampling.replicates):,} resamples, choice of model repeated",
        warnings=resampling.warnings(),
        quantiles=tuple(zip(LEVELS, map(float, limits), strict=True)),
    )
