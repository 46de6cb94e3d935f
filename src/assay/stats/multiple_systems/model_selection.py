"""Which model weighs fit against size best, among all that there are?

AIC and BIC over every hierarchical model up to an order, or downhill from the model without interactions where there
are too many (Silverman, Chan & Vincent 2024, Statistics and Computing 34:44). Every effect of a model is counted, those
at minus infinity too, and the sample size of BIC is the number of persons seen. Models without an estimate are left
out and counted.
"""

from dataclasses import dataclass

import numpy as np

from assay.stats.multiple_systems.capture_histories import Floats, Ints
from assay.stats.multiple_systems.hierarchical_models import Model, all_models, independence
from assay.stats.multiple_systems.newton_fits import Fits, columns, fit, padded

FEWEST_LISTS_SEARCHED = 8
"""From so many lists on, models are searched downhill."""


@dataclass(frozen=True)
class Ranking:
    """Models with an estimate on one table, best first; `refused` had none. `hidden` and `criterion`: one a model."""

    models: tuple[Model, ...]
    hidden: Floats
    criterion: Floats
    refused: int

    def weights(self) -> Floats:
        """Posterior weights that BIC approximates: exp(-BIC / 2), adding up to one (Raftery 1995)."""
        raw = np.exp(-(self.criterion - self.criterion.min()) / 2) if len(self.criterion) else self.criterion
        return np.asarray(raw / raw.sum()) if len(raw) else raw


def default_order(lists: int) -> int:
    """Interactions of up to three lists for up to five lists, of two for more; none of all lists together."""
    return min(3 if lists <= 5 else 2, max(lists - 1, 1))


def rank(counts: Floats, lists: tuple[str, ...], *, order: int | None = None, kind: str = "bic") -> Ranking:
    """All models up to `order`, fitted to one table (a vector over histories) and ranked by `kind` (aic or bic)."""
    models = all_models(lists, order or default_order(len(lists)))
    fits = _fit_all(counts, models)
    value = fits.criterion(np.full(len(models), counts[1:].sum()), kind)
    best = [place for place in np.argsort(value, kind="stable") if fits.exists[place]]
    kept = tuple(models[place] for place in best)
    return Ranking(kept, fits.hidden[best], value[best], len(models) - len(best))


def _fit_all(counts: Floats, models: list[Model]) -> Fits:
    """Models of like size stand side by side, since a column is as long as the longest of its neighbours."""
    by_size = sorted(range(len(models)), key=lambda place: len(models[place].effects))
    parts = []
    for begin in range(0, len(models), BESIDE):
        chosen = [models[place].effects for place in by_size[begin : begin + BESIDE]]
        parts.append(fit(np.repeat(counts[:, None], len(chosen), axis=1), padded(chosen)))
    return _in_order(parts, np.argsort(by_size))


BESIDE = 500


def _in_order(parts: list[Fits], order: Ints) -> Fits:
    """The fits in the order that was asked for; effects and coefficients are not kept, since their lengths differ."""
    nothing = np.zeros((0, len(order)))

    def all_of(name: str) -> Floats:
        return np.concatenate([getattr(part, name) for part in parts], axis=-1)[..., order]

    standings = [standing for part in parts for standing in part.standings]
    return Fits(
        effects=nothing.astype(np.int64),
        coefficients=nothing,
        fitted=all_of("fitted"),
        hidden=all_of("hidden"),
        log_likelihood=all_of("log_likelihood"),
        parameters=all_of("parameters").astype(np.int64),
        exists=all_of("exists").astype(bool),
        standings=tuple(standings[place] for place in order),
    )


@dataclass(frozen=True)
class OverModels:
    """Hidden and criterion of every model (rows) on every table (columns); NaN and infinity where there is none."""

    hidden: Floats
    criterion: Floats

    def best(self, top: int | None = None) -> Floats:
        """The hidden of each table by its best model among the first `top`."""
        values = self.criterion[:top]
        chosen = values.argmin(axis=0)
        there = np.arange(values.shape[1])
        return np.asarray(np.where(np.isfinite(values[chosen, there]), self.hidden[chosen, there], np.nan))

    def averaged(self) -> Floats:
        """The hidden of each table averaged over models with the weights that BIC approximates."""
        least = self.criterion.min(axis=0)
        weights = np.exp(-(self.criterion - np.where(np.isfinite(least), least, 0.0)) / 2)
        total = weights.sum(axis=0)
        summed = (weights * np.where(weights > 0, np.nan_to_num(self.hidden), 0.0)).sum(axis=0)
        return np.asarray(np.divide(summed, total, out=np.full_like(total, np.nan), where=total > 0))


def over_models(counts: Floats, models: tuple[Model, ...], kind: str = "bic") -> OverModels:
    """Each model fitted to each table in the columns of `counts`; the first table's fit is where the others start."""
    persons = counts[1:].sum(axis=0)
    hidden, criterion = np.empty((2, len(models), counts.shape[1]))
    for row, model in enumerate(models):
        effects = columns(model.effects, 1)
        first = fit(counts[:, :1], effects)
        start = np.repeat(np.where(np.isfinite(first.coefficients), first.coefficients, 0.0), counts.shape[1], axis=1)
        fits = fit(counts, columns(model.effects, counts.shape[1]), start=start if first.exists[0] else None)
        hidden[row], criterion[row] = fits.hidden, fits.criterion(persons, kind)
    return OverModels(hidden, criterion)


def search_downhill(counts: Floats, lists: tuple[str, ...], *, order: int | None = None, kind: str = "bic") -> Floats:
    """The hidden of each table by the model from which no neighbour is better, searched from independence.

    A step goes to the best of all neighbours that have an estimate; it ends where none is better.
    """
    return np.array([found[1] for found in downhill(counts, lists, order=order, kind=kind)])


def downhill(
    counts: Floats, lists: tuple[str, ...], *, order: int | None = None, kind: str = "bic"
) -> list[tuple[Model, float]]:
    """The model and the hidden that the search downhill ends with, for each table in the columns of `counts`."""
    order = order or default_order(len(lists))
    tables = counts.shape[1]
    here = [independence(lists)] * tables
    hidden, value = _evaluated(counts, [(table, here[0]) for table in range(tables)], kind)
    open_to = list(range(tables))
    while open_to:
        asked = [(table, near) for table in open_to for near in _neighbours(here[table], order)]
        near_hidden, near_value = _evaluated(counts, asked, kind)
        of_table = np.array([table for table, _ in asked])
        moved = []
        for table in open_to:
            rows = np.flatnonzero(of_table == table)
            best = rows[near_value[rows].argmin()]
            if near_value[best] < value[table]:
                here[table], hidden[table], value[table] = asked[best][1], near_hidden[best], near_value[best]
                moved.append(table)
        open_to = moved
    return list(zip(here, hidden.tolist(), strict=True))


_NEIGHBOURS: dict[tuple[Model, int], list[Model]] = {}


def _neighbours(model: Model, order: int) -> list[Model]:
    if (model, order) not in _NEIGHBOURS:
        _NEIGHBOURS[model, order] = model.neighbours(order)
    return _NEIGHBOURS[model, order]


def _evaluated(counts: Floats, asked: list[tuple[int, Model]], kind: str) -> tuple[Floats, Floats]:
    tables = np.array([table for table, _ in asked])
    hidden, value = np.empty(len(asked)), np.empty(len(asked))
    for begin in range(0, len(asked), 20 * BESIDE):
        part = slice(begin, begin + 20 * BESIDE)
        some = counts[:, tables[part]]
        fits = fit(some, padded([model.effects for _, model in asked[part]]))
        hidden[part], value[part] = fits.hidden, fits.criterion(some[1:].sum(axis=0), kind)
    return hidden, value
