"""Model selection by AIC or BIC over all hierarchical models, or by a downhill search.

All hierarchical models up to an order are compared, or if there are too many, a downhill search starts from the model
without interactions (Silverman, Chan & Vincent 2024, Statistics and Computing 34:44). Every effect of a model counts as
a parameter, also those at minus infinity; the sample size of BIC is the number of persons seen. Models without an
estimate are left out and counted.
"""

from dataclasses import dataclass

import numpy as np

from assay.stats.multiple_systems.capture_histories import Floats, Ints
from assay.stats.multiple_systems.hierarchical_models import LogLinearModel, all_models, independence_model
from assay.stats.multiple_systems.newton_fits import Fits, fit_loglinear, pad_models, repeat_model

MINIMUM_LISTS_FOR_SEARCH = 8
"""Number of lists from which models are searched downhill."""


@dataclass(frozen=True)
class ModelRanking:
    """Models with an estimate on one table, best first, with their hidden counts and criterion.

    `refused`: number of models without an estimate.
    """

    models: tuple[LogLinearModel, ...]
    hidden: Floats
    criterion: Floats
    refused: int

    def weights(self) -> Floats:
        """Return approximate posterior weights, proportional to exp(-BIC / 2) (Raftery 1995); they sum to 1."""
        raw = np.exp(-(self.criterion - self.criterion.min()) / 2) if len(self.criterion) else self.criterion
        return np.asarray(raw / raw.sum()) if len(raw) else raw


def default_order(lists: int) -> int:
    """Return the default highest order of interactions: 3 for up to five lists, otherwise 2; always fewer than the
    lists."""
    return min(3 if lists <= 5 else 2, max(lists - 1, 1))


def rank_models(counts: Floats, lists: tuple[str, ...], *, order: int | None = None, kind: str = "bic") -> ModelRanking:
    """Fit all models up to `order` to one table (a vector over histories), and rank them by `kind` (aic or bic)."""
    models = all_models(lists, order or default_order(len(lists)))
    fits = _fit_all(counts, models)
    value = fits.criterion(np.full(len(models), counts[1:].sum()), kind)
    best_order = [number for number in np.argsort(value, kind="stable") if fits.exists[number]]
    ranked_models = tuple(models[number] for number in best_order)
    return ModelRanking(ranked_models, fits.hidden[best_order], value[best_order], len(models) - len(best_order))


def _fit_all(counts: Floats, models: list[LogLinearModel]) -> Fits:
    """Fit the models in batches of similar size, because all columns of a batch have the length of the largest."""
    size_order = sorted(range(len(models)), key=lambda number: len(models[number].effects))
    parts = []
    for start in range(0, len(models), BATCH_SIZE):
        batch_effects = [models[number].effects for number in size_order[start : start + BATCH_SIZE]]
        parts.append(fit_loglinear(np.repeat(counts[:, None], len(batch_effects), axis=1), pad_models(batch_effects)))
    return _reorder_fits(parts, np.argsort(size_order))


BATCH_SIZE = 500


def _reorder_fits(parts: list[Fits], order: Ints) -> Fits:
    """Return the fits in this order, without effects and coefficients, because their lengths differ."""
    empty = np.zeros((0, len(order)))

    def concatenate(name: str) -> Floats:
        return np.concatenate([getattr(part, name) for part in parts], axis=-1)[..., order]

    statuses = [status for part in parts for status in part.statuses]
    return Fits(
        effects=empty.astype(np.int64),
        coefficients=empty,
        fitted=concatenate("fitted"),
        hidden=concatenate("hidden"),
        log_likelihood=concatenate("log_likelihood"),
        parameters=concatenate("parameters").astype(np.int64),
        exists=concatenate("exists").astype(bool),
        statuses=tuple(statuses[number] for number in order),
    )


@dataclass(frozen=True)
class ModelFits:
    """Hidden counts and criterion, of shape (models, tables); NaN and infinity without an estimate."""

    hidden: Floats
    criterion: Floats

    def best(self, top: int | None = None) -> Floats:
        """Return the hidden count of each table by its best model among the first `top`."""
        values = self.criterion[:top]
        model_rows = values.argmin(axis=0)
        table_columns = np.arange(values.shape[1])
        return np.asarray(
            np.where(np.isfinite(values[model_rows, table_columns]), self.hidden[model_rows, table_columns], np.nan)
        )

    def average(self) -> Floats:
        """Return the hidden count of each table by Bayesian model averaging, of shape (tables,).

        The weights are proportional to exp(-BIC / 2); NaN if no model has an estimate.
        """
        minimum = self.criterion.min(axis=0)
        weights = np.exp(-(self.criterion - np.where(np.isfinite(minimum), minimum, 0.0)) / 2)
        total = weights.sum(axis=0)
        weighted_sum = (weights * np.where(weights > 0, np.nan_to_num(self.hidden), 0.0)).sum(axis=0)
        return np.asarray(np.divide(weighted_sum, total, out=np.full_like(total, np.nan), where=total > 0))


def fit_models(counts: Floats, models: tuple[LogLinearModel, ...], kind: str = "bic") -> ModelFits:
    """Fit each log-linear model to each table by maximum likelihood (Newton's method).

    `counts` has shape (histories, tables). The fit of the first table is the starting value of the others. `kind` is
    the criterion, aic or bic.
    """
    persons = counts[1:].sum(axis=0)
    hidden, criterion = np.empty((2, len(models), counts.shape[1]))
    for row, model in enumerate(models):
        effects = repeat_model(model.effects, 1)
        first = fit_loglinear(counts[:, :1], effects)
        start = np.repeat(np.where(np.isfinite(first.coefficients), first.coefficients, 0.0), counts.shape[1], axis=1)
        fits = fit_loglinear(
            counts, repeat_model(model.effects, counts.shape[1]), start=start if first.exists[0] else None
        )
        hidden[row], criterion[row] = fits.hidden, fits.criterion(persons, kind)
    return ModelFits(hidden, criterion)


def search_downhill(counts: Floats, lists: tuple[str, ...], *, order: int | None = None, kind: str = "bic") -> Floats:
    """Return the hidden count of each table by a downhill search from the independence model.

    Each step goes to the best neighbour with an estimate; the search ends if none is better.
    """
    return np.array([result[1] for result in downhill(counts, lists, order=order, kind=kind)])


def downhill(
    counts: Floats, lists: tuple[str, ...], *, order: int | None = None, kind: str = "bic"
) -> list[tuple[LogLinearModel, float]]:
    """Return for each table the model at which a downhill search by AIC or BIC ends, and its hidden count.

    `counts` has shape (histories, tables). The search starts from the independence model; see `search_downhill`.
    """
    order = order or default_order(len(lists))
    tables = counts.shape[1]
    current_models = [independence_model(lists)] * tables
    hidden, value = _evaluate_models(counts, [(table, current_models[0]) for table in range(tables)], kind)
    open_tables = list(range(tables))
    while open_tables:
        candidates = [
            (table, neighbour) for table in open_tables for neighbour in _neighbours(current_models[table], order)
        ]
        candidate_hidden, candidate_values = _evaluate_models(counts, candidates, kind)
        candidate_tables = np.array([table for table, _ in candidates])
        moved_tables = []
        for table in open_tables:
            rows = np.flatnonzero(candidate_tables == table)
            best = rows[candidate_values[rows].argmin()]
            if candidate_values[best] < value[table]:
                current_models[table], hidden[table], value[table] = (
                    candidates[best][1],
                    candidate_hidden[best],
                    candidate_values[best],
                )
                moved_tables.append(table)
        open_tables = moved_tables
    return list(zip(current_models, hidden.tolist(), strict=True))


_NEIGHBOURS: dict[tuple[LogLinearModel, int], list[LogLinearModel]] = {}


def _neighbours(model: LogLinearModel, order: int) -> list[LogLinearModel]:
    if (model, order) not in _NEIGHBOURS:
        _NEIGHBOURS[model, order] = model.neighbours(order)
    return _NEIGHBOURS[model, order]


def _evaluate_models(counts: Floats, candidates: list[tuple[int, LogLinearModel]], kind: str) -> tuple[Floats, Floats]:
    tables = np.array([table for table, _ in candidates])
    hidden, value = np.empty(len(candidates)), np.empty(len(candidates))
    for start in range(0, len(candidates), 20 * BATCH_SIZE):
        batch = slice(start, start + 20 * BATCH_SIZE)
        table_counts = counts[:, tables[batch]]
        fits = fit_loglinear(table_counts, pad_models([model.effects for _, model in candidates[batch]]))
        hidden[batch], value[batch] = fits.hidden, fits.criterion(table_counts[1:].sum(axis=0), kind)
    return hidden, value
