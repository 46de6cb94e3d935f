"""Fit many log-linear models to many tables at once, by Newton's method.

Each column is one fit: a table with its model. There is no design matrix: every margin of the fitted table comes from
one superset sum, X'WX is a gather of margins (the entry of effects a and b is the margin of their union), and the
linear predictor is a subset sum of the coefficients. One Newton step factorises all columns together; columns that have
converged drop out. An effect whose margin is zero is at minus infinity: its row becomes that of an identity matrix, and
the histories that contain it have fitted value zero.

Where the histories with a count alone identify every effect (a factorisation without a small pivot), the estimate
exists. Only the other columns need the test of `estimate_existence`, and only fits with an estimate are computed.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from assay.stats.multiple_systems.capture_histories import Bools, Floats, Ints, subset_sums, superset_sums
from assay.stats.multiple_systems.estimate_existence import EstimateStatus, estimate_statuses

NO_EFFECT = -1
"""Padding in an array of effects, so that models of different sizes fit in one array."""
MAXIMUM_STEPS, MAXIMUM_DAMPED_STEPS = 40, 200
MARGIN_TOLERANCE = 1e-8
"""Convergence tolerance of a margin in persons (or 1e-12 of the largest margin, if that is larger)."""
SMALLEST_PIVOT = 1e-10
CHUNK = 1000


@dataclass(frozen=True)
class Fits:
    """Fits of log-linear models; the last axis of every array is the fit.

    `hidden`: fitted number of persons with history 0 (NaN without an estimate). `log_likelihood`: Poisson, over the
    observable histories. `coefficients`: (effects, fits), minus infinity if the margin is zero. `fitted`: (histories,
    fits). Both are NaN without an estimate. `statuses`: whether the estimate exists, and if not why.
    """

    effects: Ints
    coefficients: Floats
    fitted: Floats
    hidden: Floats
    log_likelihood: Floats
    parameters: Ints
    exists: Bools
    statuses: tuple[EstimateStatus, ...]

    def criterion(self, persons: Floats, kind: str) -> Floats:
        """Return AIC or BIC (sample size: persons seen; every effect is a parameter); infinity without an estimate."""
        penalty = 2.0 if kind == "aic" else np.log(persons)
        return np.where(self.exists, penalty * self.parameters - 2 * self.log_likelihood, np.inf)


@dataclass(frozen=True)
class Ridge:
    """Normal prior on coefficients: `centre` and `precision` (0 is flat), both of shape (effects, fits)."""

    centre: Floats
    precision: Floats


def fit_loglinear(
    counts: Floats,
    effects: Ints,
    *,
    start: Floats | None = None,
    observable: Bools | None = None,
    ridge: Ridge | None = None,
    offset: Floats | None = None,
) -> Fits:
    """Fit the model in each column of `effects` to the counts in the same column.

    Parameters
    ----------
    counts
        Counts of shape (histories, fits).
    effects
        Effects of shape (effects, fits), padded with NO_EFFECT.
    start
        Starting values of the coefficients, for instance of a similar fit.
    observable
        Histories that can be observed; by default all except 0.
    ridge
        Normal prior; with it the estimate always exists, and no effect is at minus infinity.
    offset
        Fixed part of the linear predictor.
    """
    observable = _observable(len(counts)) if observable is None else observable
    starts = range(0, counts.shape[1], CHUNK)
    parts = [
        _fit_chunk(
            counts[:, i : i + CHUNK],
            effects[:, i : i + CHUNK],
            None if start is None else start[:, i : i + CHUNK],
            observable,
            None if ridge is None else Ridge(ridge.centre[:, i : i + CHUNK], ridge.precision[:, i : i + CHUNK]),
            None if offset is None else offset[:, i : i + CHUNK],
        )
        for i in starts
    ]
    return parts[0] if len(parts) == 1 else _join_fits(parts)


def repeat_model(effects: tuple[int, ...], fits: int) -> Ints:
    """Return effects with the same model in every column."""
    return np.repeat(np.array(effects, dtype=np.int64)[:, None], fits, axis=1)


def pad_models(models: list[tuple[int, ...]]) -> Ints:
    """Return effects with one model in each column, padded to the same length."""
    longest = max(len(model) for model in models)
    return np.array([[*model, *[NO_EFFECT] * (longest - len(model))] for model in models], dtype=np.int64).T


def _observable(cells: int) -> Bools:
    seen = np.ones(cells, dtype=bool)
    seen[0] = False
    return seen


def _join_fits(parts: list[Fits]) -> Fits:
    def concatenate(name: str) -> Floats:
        return np.concatenate([getattr(part, name) for part in parts], axis=-1)

    names = ("effects", "coefficients", "fitted", "hidden", "log_likelihood", "parameters", "exists")
    statuses = tuple(status for part in parts for status in part.statuses)
    return Fits(*(concatenate(name) for name in names), statuses)  # type: ignore[arg-type,call-arg]


@dataclass
class _FitBatch:
    """Columns of one chunk, with the values that do not change between steps."""

    counts: Floats
    effects: Ints
    included: Bools
    blocked: Bools
    live: Bools
    target_margins: Floats
    ridge: Ridge | None
    offset: Floats | None
    has_one_model: bool

    def select_columns(self, selection: Ints) -> "_FitBatch":
        ridge = self.ridge and Ridge(self.ridge.centre[:, selection], self.ridge.precision[:, selection])
        offset = None if self.offset is None else self.offset[:, selection]
        parts = (self.counts, self.effects, self.included, self.blocked, self.live, self.target_margins)
        return _FitBatch(*(part[:, selection] for part in parts), ridge, offset, self.has_one_model)  # type: ignore[arg-type,call-arg]


def _prepare_batch(
    counts: Floats, effects: Ints, observable: Bools, ridge: Ridge | None, offset: Floats | None
) -> _FitBatch:
    margins = superset_sums(np.where(observable[:, None], counts, 0.0))
    index = np.maximum(effects, 0)
    target_margins = np.take_along_axis(margins, index, axis=0)
    live = effects != NO_EFFECT
    blocked = np.zeros(counts.shape, dtype=bool)
    if ridge is None:
        zero_margins = live & (target_margins == 0)
        live = live & ~zero_margins
        if zero_margins.any():
            indicators = np.zeros_like(counts)
            rows, cols = np.nonzero(zero_margins)
            indicators[effects[rows, cols], cols] = 1.0
            blocked = subset_sums(indicators) > 0
    has_one_model = bool((effects == effects[:, :1]).all())
    included = observable[:, None] & ~blocked
    return _FitBatch(
        counts, effects, included, blocked, live, np.where(live, target_margins, 0.0), ridge, offset, has_one_model
    )


def _fit_chunk(
    counts: Floats,
    effects: Ints,
    start: Floats | None,
    observable: Bools,
    ridge: Ridge | None,
    offset: Floats | None,
) -> Fits:
    batch = _prepare_batch(counts, effects, observable, ridge, offset)
    statuses = _statuses(batch, observable)
    exists = np.array([status is EstimateStatus.EXISTS for status in statuses], dtype=bool)
    # A fit without an estimate would take all steps and diverge.
    existing = np.flatnonzero(exists)
    coefficients = np.full(effects.shape, np.nan)
    fitted = np.full(counts.shape, np.nan)
    if len(existing):
        existing_batch = batch if exists.all() else batch.select_columns(existing)
        coefficients[:, existing] = _maximise(existing_batch, None if start is None else start[:, existing])
        fitted[:, existing] = _fitted_values(existing_batch, coefficients[:, existing])
    return _collect_fits(batch, coefficients, fitted, exists, statuses)


def _maximise(batch: _FitBatch, start: Floats | None) -> Floats:
    """Return the coefficients at the maximum; a column that does not converge is tried again with damped steps."""
    coefficients, converged = _newton(batch, start, MAXIMUM_STEPS, damped=False)
    unconverged = np.flatnonzero(~converged)
    if len(unconverged):
        coefficients[:, unconverged] = _newton(
            batch.select_columns(unconverged), None, MAXIMUM_DAMPED_STEPS, damped=True
        )[0]
    return coefficients


def _statuses(batch: _FitBatch, observable: Bools) -> tuple[EstimateStatus, ...]:
    """Return the status of every column; a ridge always has an estimate."""
    statuses = [EstimateStatus.EXISTS] * batch.counts.shape[1]
    doubtful = np.flatnonzero(~_identified_by_positive_counts(batch)) if batch.ridge is None else ()
    if len(doubtful):
        models = [
            tuple(effect for effect in model if effect != NO_EFFECT) for model in batch.effects.T[doubtful].tolist()
        ]
        seen = (batch.counts[:, doubtful] > 0) & observable[:, None]
        for column, status in zip(doubtful, estimate_statuses(seen, models, observable), strict=True):
            statuses[column] = status
    return tuple(statuses)


def _identified_by_positive_counts(batch: _FitBatch) -> Bools:
    """Return for each column whether the histories with a count identify every effect; then the estimate exists."""
    margins = superset_sums((batch.included & (batch.counts > 0)).astype(float))
    return solve_systems(_information(margins, batch), np.zeros(batch.effects.shape))[1]


def _collect_fits(
    batch: _FitBatch, coefficients: Floats, fitted: Floats, exists: Bools, statuses: tuple[EstimateStatus, ...]
) -> Fits:
    seen = batch.included & (batch.counts > 0)
    logs = np.log(fitted, out=np.zeros_like(fitted), where=seen)
    expected = np.where(batch.included, fitted, 0.0).sum(axis=0)
    likelihood = (batch.counts * logs).sum(axis=0) - expected - gammaln(batch.counts + 1.0).sum(axis=0)
    is_effect = batch.effects != NO_EFFECT
    return Fits(
        effects=batch.effects,
        coefficients=np.where(is_effect & ~batch.live, -np.inf, coefficients),
        fitted=fitted,
        hidden=np.where(exists, fitted[0], np.nan),
        log_likelihood=np.where(exists, likelihood, np.nan),
        parameters=is_effect.sum(axis=0),
        exists=exists,
        statuses=statuses,
    )


def _fitted_values(batch: _FitBatch, coefficients: Floats) -> Floats:
    """Return fitted values of all histories, including the hidden; zero with an effect at minus infinity."""
    spread = np.zeros_like(batch.counts)
    values = np.where(batch.live, coefficients, 0.0)
    if batch.has_one_model:
        is_effect = batch.effects[:, 0] != NO_EFFECT
        spread[batch.effects[is_effect, 0]] = values[is_effect]
    else:
        np.put_along_axis(spread, np.where(batch.live, batch.effects, 0), values, axis=0)
        spread[0] = np.where(batch.live & (batch.effects == 0), coefficients, 0.0).sum(axis=0)
    predictor = subset_sums(spread)
    if batch.offset is not None:
        predictor += batch.offset
    means: Floats = np.exp(np.minimum(predictor, 60.0))
    means[batch.blocked] = 0.0
    return means


def _newton(batch: _FitBatch, start: Floats | None, steps: int, *, damped: bool) -> tuple[Floats, Bools]:
    """Return the coefficients of every column, and whether it converged with identified effects."""
    coefficients = _start_values(batch) if start is None else np.where(batch.live, start, 0.0)
    converged = np.zeros(batch.counts.shape[1], dtype=bool)
    active, active_batch, current = np.arange(len(converged)), batch, coefficients
    for step in range(steps):
        if not len(active):
            return coefficients, converged
        margins = superset_sums(np.where(active_batch.included, _fitted_values(active_batch, current), 0.0))
        score = _score(margins, active_batch, current)
        is_done = (np.abs(score) < np.maximum(MARGIN_TOLERANCE, 1e-12 * active_batch.target_margins.max(axis=0))).all(
            axis=0
        ) & (step > 0)
        if is_done.any():
            coefficients[:, active[is_done]] = current[:, is_done]
            converged[active[is_done]] = True
            active, active_batch, current = (
                active[~is_done],
                active_batch.select_columns(np.flatnonzero(~is_done)),
                current[:, ~is_done],
            )
            margins, score = margins[:, ~is_done], score[:, ~is_done]
            if not len(active):
                return coefficients, converged
        move, is_factorised = solve_systems(_information(margins, active_batch), score)
        current = current + (_damp_step(move) if damped else np.clip(move, -8.0, 8.0))
        if not is_factorised.all():
            coefficients[:, active[~is_factorised]] = current[:, ~is_factorised]
            active, active_batch, current = (
                active[is_factorised],
                active_batch.select_columns(np.flatnonzero(is_factorised)),
                current[:, is_factorised],
            )
    coefficients[:, active] = current
    return coefficients, converged


def _score(margins: Floats, batch: _FitBatch, current: Floats) -> Floats:
    score = np.where(batch.live, batch.target_margins - _gather_margins(margins, batch), 0.0)
    if batch.ridge is not None:
        score += batch.ridge.precision * (batch.ridge.centre - current) * batch.live
    return score


def _start_values(batch: _FitBatch) -> Floats:
    """Return coefficients from one weighted least-squares step at the counts plus 0.1."""
    means = np.where(batch.included, batch.counts + 0.1, 0.0)
    logs = np.log(means, out=np.zeros_like(means), where=means > 0)
    if batch.offset is not None:
        logs = logs - np.where(batch.included, batch.offset, 0.0)
    working = np.where(batch.included, means * logs + batch.counts - means, 0.0)
    margins, right = superset_sums(means), superset_sums(working)
    weights, target = _information(margins, batch), np.where(batch.live, _gather_margins(right, batch), 0.0)
    if batch.ridge is not None:
        target += batch.ridge.precision * batch.ridge.centre * batch.live
    return solve_systems(weights, target)[0]


def _gather_margins(margins: Floats, batch: _FitBatch) -> Floats:
    if batch.has_one_model:
        return margins[np.maximum(batch.effects[:, 0], 0)]
    return np.take_along_axis(margins, np.maximum(batch.effects, 0), axis=0)


def _information(margins: Floats, batch: _FitBatch) -> Floats:
    """Return X'WX of every column, (effects, effects, fits): margins of unions; identity rows without an effect."""
    size = len(batch.effects)
    index = np.maximum(batch.effects, 0)
    if batch.has_one_model:
        union = index[:, 0][:, None] | index[:, 0]
        information = margins[union]
    else:
        unions = index[:, None, :] | index[None, :, :]
        flat = unions.reshape(size * size, -1)
        information = margins[flat, np.arange(margins.shape[1])].reshape(unions.shape)
    if not batch.live.all():
        information *= batch.live[:, None] & batch.live
    diagonal = np.arange(size)
    information[diagonal, diagonal] += ~batch.live
    if batch.ridge is not None:
        information[diagonal, diagonal] += batch.ridge.precision * batch.live
    return information


def solve_systems(matrices: Floats, right: Floats) -> tuple[Floats, Bools]:
    """Solve symmetric positive definite systems by LDL' factorisation; return solutions and which were factorised.

    `matrices`: (k, k, fits), overwritten; `right`: (k, fits).
    """
    size = len(matrices)
    answer = right.copy()
    scale = matrices[np.arange(size), np.arange(size)].copy()
    is_factorised = np.ones(right.shape[1], dtype=bool)
    for j in range(size):
        pivot = matrices[j, j]
        is_singular = ~(pivot > SMALLEST_PIVOT * scale[j])
        if is_singular.any():
            is_factorised &= ~is_singular
            matrices[j, j][is_singular] = np.maximum(scale[j][is_singular], 1.0)
        if j + 1 < size:
            below = matrices[j + 1 :, j] / pivot
            matrices[j + 1 :, j + 1 :] -= below[:, None] * matrices[None, j, j + 1 :]
            answer[j + 1 :] -= below * answer[j]
    for j in range(size - 1, -1, -1):
        if j + 1 < size:
            answer[j] -= (matrices[j, j + 1 :] * answer[j + 1 :]).sum(axis=0)
        answer[j] /= matrices[j, j]
    return answer, is_factorised


def _damp_step(step: Floats) -> Floats:
    """Scale a step so that no coefficient changes by more than 1, for columns that did not converge otherwise."""
    return np.asarray(step / np.maximum(np.abs(step).max(axis=0), 1.0))
