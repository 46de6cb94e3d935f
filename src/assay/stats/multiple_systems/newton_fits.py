"""How are thousands of log-linear models fitted to thousands of tables in one go?

Each column is one fit: a table with its model. There is no design matrix: every margin of the fitted table comes from
one superset sum, X'WX is a gather of them (the entry of effects a and b is the margin of their union), and the linear
predictor is a subset sum of the coefficients. One Newton step factorises all columns together; columns that have
converged drop out. An effect whose margin is zero stands at minus infinity: its row becomes that of a unit matrix,
and the histories that contain it have the fitted value zero.

A fit that has converged with every fitted value clear of zero is itself the proof that the estimate exists, and a
factorisation that ran through is the proof that the effects are told apart. Only for the others is it asked.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from assay.stats.multiple_systems.capture_histories import Bools, Floats, Ints, subset_sums, superset_sums
from assay.stats.multiple_systems.estimate_existence import Standing, standing

NOTHING = -1
"""In an array of effects: no effect, so that models of different sizes can stand side by side."""
STEPS, MORE_STEPS = 40, 200
CLOSE = 1e-8
"""A margin is met when it is this near, in persons (a millionth of a millionth of them where they are very many)."""
CLEAR_OF_ZERO = 1e-4
"""A fitted value above this, in persons, is no sign of one that runs to zero."""
SMALLEST_PIVOT = 1e-10
CHUNK = 1000


@dataclass(frozen=True)
class Fits:
    """One column a fit.

    `hidden`: fitted number of persons with history 0 (NaN where there is no estimate); `log_likelihood`: Poisson, over
    the histories that can be seen; `coefficients`: (effects, fits), minus infinity where the margin is zero; `fitted`:
    (histories, fits); `standings`: why there is no estimate, where there is none.
    """

    effects: Ints
    coefficients: Floats
    fitted: Floats
    hidden: Floats
    log_likelihood: Floats
    parameters: Ints
    exists: Bools
    standings: tuple[Standing, ...]

    def criterion(self, persons: Floats, kind: str) -> Floats:
        """AIC or BIC (with the number of persons seen as sample size; every effect of the model is counted)."""
        penalty = 2.0 if kind == "aic" else np.log(persons)
        return np.where(self.exists, penalty * self.parameters - 2 * self.log_likelihood, np.inf)


@dataclass(frozen=True)
class Ridge:
    """A normal prior on coefficients: `centre` and `precision` (0 is flat), both of shape (effects, fits)."""

    centre: Floats
    precision: Floats


def fit(
    counts: Floats,
    effects: Ints,
    *,
    start: Floats | None = None,
    observable: Bools | None = None,
    ridge: Ridge | None = None,
    offset: Floats | None = None,
) -> Fits:
    """Fit the model in each column of `effects` (effects, fits) to the counts in the same column (histories, fits).

    `start`: coefficients of a nearby fit. `observable`: histories that can be seen, all but 0 if not said. `offset`:
    a fixed part of the linear predictor. With a `ridge` the estimate always exists and no margin is at minus infinity.
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
    return parts[0] if len(parts) == 1 else _joined(parts)


def columns(effects: tuple[int, ...], fits: int) -> Ints:
    """The same model in every column."""
    return np.repeat(np.array(effects, dtype=np.int64)[:, None], fits, axis=1)


def padded(models: list[tuple[int, ...]]) -> Ints:
    """Models of different sizes side by side."""
    longest = max(len(model) for model in models)
    return np.array([[*model, *[NOTHING] * (longest - len(model))] for model in models], dtype=np.int64).T


def _observable(cells: int) -> Bools:
    seen = np.ones(cells, dtype=bool)
    seen[0] = False
    return seen


def _joined(parts: list[Fits]) -> Fits:
    def side_by_side(name: str) -> Floats:
        return np.concatenate([getattr(part, name) for part in parts], axis=-1)

    names = ("effects", "coefficients", "fitted", "hidden", "log_likelihood", "parameters", "exists")
    standings = tuple(s for part in parts for s in part.standings)
    return Fits(*(side_by_side(name) for name in names), standings)  # type: ignore[arg-type,call-arg]


@dataclass
class _Job:
    """The columns of one chunk, with what does not change from step to step."""

    counts: Floats
    effects: Ints
    there: Bools
    blocked: Bools
    live: Bools
    wanted: Floats
    ridge: Ridge | None
    offset: Floats | None
    same: bool

    def take(self, chosen: Ints) -> "_Job":
        ridge = self.ridge and Ridge(self.ridge.centre[:, chosen], self.ridge.precision[:, chosen])
        offset = None if self.offset is None else self.offset[:, chosen]
        parts = (self.counts, self.effects, self.there, self.blocked, self.live, self.wanted)
        return _Job(*(part[:, chosen] for part in parts), ridge, offset, self.same)  # type: ignore[arg-type,call-arg]


def _job(counts: Floats, effects: Ints, observable: Bools, ridge: Ridge | None, offset: Floats | None) -> _Job:
    margins = superset_sums(np.where(observable[:, None], counts, 0.0))
    index = np.maximum(effects, 0)
    wanted = np.take_along_axis(margins, index, axis=0)
    live = effects != NOTHING
    blocked = np.zeros(counts.shape, dtype=bool)
    if ridge is None:
        gone = live & (wanted == 0)
        live = live & ~gone
        if gone.any():
            marks = np.zeros_like(counts)
            rows, cols = np.nonzero(gone)
            marks[effects[rows, cols], cols] = 1.0
            blocked = subset_sums(marks) > 0
    same = bool((effects == effects[:, :1]).all())
    there = observable[:, None] & ~blocked
    return _Job(counts, effects, there, blocked, live, np.where(live, wanted, 0.0), ridge, offset, same)


def _fit_chunk(
    counts: Floats,
    effects: Ints,
    start: Floats | None,
    observable: Bools,
    ridge: Ridge | None,
    offset: Floats | None,
) -> Fits:
    job = _job(counts, effects, observable, ridge, offset)
    coefficients, met = _newton(job, start, STEPS, damped=False)
    fitted = _fitted(job, coefficients)
    exists = met & (np.where(job.there, fitted, np.inf).min(axis=0) > CLEAR_OF_ZERO)
    standings = np.full(counts.shape[1], Standing.EXISTS, dtype=object)
    if ridge is not None:
        exists[:] = True
    doubtful = np.flatnonzero(~exists)
    if len(doubtful):
        exists[doubtful] = _told_apart_by_what_was_seen(job.take(doubtful))
    for column in np.flatnonzero(~exists):
        standings[column] = _asked(job, int(column), observable)
        exists[column] = standings[column] is Standing.EXISTS
    again = np.flatnonzero(exists & ~met)
    if len(again):
        coefficients[:, again], met[again] = _newton(job.take(again), None, MORE_STEPS, damped=True)
        fitted[:, again] = _fitted(job.take(again), coefficients[:, again])
    return _told(job, coefficients, fitted, exists, tuple(standings))


def _told_apart_by_what_was_seen(job: _Job) -> Bools:
    """Whether the histories that have a count determine every effect: then the estimate exists."""
    margins = superset_sums((job.there & (job.counts > 0)).astype(float))
    return solved(_information(margins, job), np.zeros(job.effects.shape))[1]


def _asked(job: _Job, column: int, observable: Bools) -> Standing:
    model = tuple(int(e) for e in job.effects[:, column] if e != NOTHING)
    return standing((job.counts[:, column] > 0) & observable, model, observable)


def _told(job: _Job, coefficients: Floats, fitted: Floats, exists: Bools, standings: tuple[Standing, ...]) -> Fits:
    seen = job.there & (job.counts > 0)
    logs = np.log(fitted, out=np.zeros_like(fitted), where=seen)
    expected = np.where(job.there, fitted, 0.0).sum(axis=0)
    likelihood = (job.counts * logs).sum(axis=0) - expected - gammaln(job.counts + 1.0).sum(axis=0)
    held = job.effects != NOTHING
    return Fits(
        effects=job.effects,
        coefficients=np.where(held & ~job.live, -np.inf, coefficients),
        fitted=fitted,
        hidden=np.where(exists, fitted[0], np.nan),
        log_likelihood=np.where(exists, likelihood, np.nan),
        parameters=held.sum(axis=0),
        exists=exists,
        standings=standings,
    )


def _fitted(job: _Job, coefficients: Floats) -> Floats:
    """Fitted values of every history, the hidden included; zero where an effect at minus infinity is contained."""
    spread = np.zeros_like(job.counts)
    values = np.where(job.live, coefficients, 0.0)
    if job.same:
        held = job.effects[:, 0] != NOTHING
        spread[job.effects[held, 0]] = values[held]
    else:
        np.put_along_axis(spread, np.where(job.live, job.effects, 0), values, axis=0)
        spread[0] = np.where(job.live & (job.effects == 0), coefficients, 0.0).sum(axis=0)
    predictor = subset_sums(spread)
    if job.offset is not None:
        predictor += job.offset
    means: Floats = np.exp(np.minimum(predictor, 60.0))
    means[job.blocked] = 0.0
    return means


def _newton(job: _Job, start: Floats | None, steps: int, *, damped: bool) -> tuple[Floats, Bools]:
    """Coefficients of every column, and whether its margins were met with effects that are told apart."""
    coefficients = _first(job) if start is None else np.where(job.live, start, 0.0)
    met = np.zeros(job.counts.shape[1], dtype=bool)
    active, here, current = np.arange(len(met)), job, coefficients
    for step in range(steps):
        if not len(active):
            return coefficients, met
        margins = superset_sums(np.where(here.there, _fitted(here, current), 0.0))
        score = _score(margins, here, current)
        done = (np.abs(score) < np.maximum(CLOSE, 1e-12 * here.wanted.max(axis=0))).all(axis=0) & (step > 0)
        if done.any():
            coefficients[:, active[done]] = current[:, done]
            met[active[done]] = True
            active, here, current = active[~done], here.take(np.flatnonzero(~done)), current[:, ~done]
            margins, score = margins[:, ~done], score[:, ~done]
            if not len(active):
                return coefficients, met
        move, sound = solved(_information(margins, here), score)
        current = current + (_damped(move) if damped else np.clip(move, -8.0, 8.0))
        if not sound.all():
            coefficients[:, active[~sound]] = current[:, ~sound]
            active, here, current = active[sound], here.take(np.flatnonzero(sound)), current[:, sound]
    coefficients[:, active] = current
    return coefficients, met


def _score(margins: Floats, job: _Job, current: Floats) -> Floats:
    score = np.where(job.live, job.wanted - _gathered(margins, job), 0.0)
    if job.ridge is not None:
        score += job.ridge.precision * (job.ridge.centre - current) * job.live
    return score


def _first(job: _Job) -> Floats:
    """Coefficients from one weighted least-squares step at the counts themselves, a tenth added."""
    means = np.where(job.there, job.counts + 0.1, 0.0)
    logs = np.log(means, out=np.zeros_like(means), where=means > 0)
    if job.offset is not None:
        logs = logs - np.where(job.there, job.offset, 0.0)
    working = np.where(job.there, means * logs + job.counts - means, 0.0)
    margins, right = superset_sums(means), superset_sums(working)
    weights, target = _information(margins, job), np.where(job.live, _gathered(right, job), 0.0)
    if job.ridge is not None:
        target += job.ridge.precision * job.ridge.centre * job.live
    return solved(weights, target)[0]


def _gathered(margins: Floats, job: _Job) -> Floats:
    if job.same:
        return margins[np.maximum(job.effects[:, 0], 0)]
    return np.take_along_axis(margins, np.maximum(job.effects, 0), axis=0)


def _information(margins: Floats, job: _Job) -> Floats:
    """X'WX of every column, (effects, effects, fits): the margin of the union; a unit row where there is no effect."""
    size = len(job.effects)
    index = np.maximum(job.effects, 0)
    if job.same:
        union = index[:, 0][:, None] | index[:, 0]
        gathered = margins[union]
    else:
        both = index[:, None, :] | index[None, :, :]
        flat = both.reshape(size * size, -1)
        gathered = margins[flat, np.arange(margins.shape[1])].reshape(both.shape)
    if not job.live.all():
        gathered *= job.live[:, None] & job.live
    diagonal = np.arange(size)
    gathered[diagonal, diagonal] += ~job.live
    if job.ridge is not None:
        gathered[diagonal, diagonal] += job.ridge.precision * job.live
    return gathered


def solved(matrices: Floats, right: Floats) -> tuple[Floats, Bools]:
    """Solutions of symmetric positive systems side by side, by LDL'; and which of them could be factorised.

    `matrices`: (k, k, fits), overwritten; `right`: (k, fits).
    """
    size = len(matrices)
    answer = right.copy()
    scale = matrices[np.arange(size), np.arange(size)].copy()
    sound = np.ones(right.shape[1], dtype=bool)
    for j in range(size):
        pivot = matrices[j, j]
        bad = ~(pivot > SMALLEST_PIVOT * scale[j])
        if bad.any():
            sound &= ~bad
            matrices[j, j][bad] = np.maximum(scale[j][bad], 1.0)
        if j + 1 < size:
            below = matrices[j + 1 :, j] / pivot
            matrices[j + 1 :, j + 1 :] -= below[:, None] * matrices[None, j, j + 1 :]
            answer[j + 1 :] -= below * answer[j]
    for j in range(size - 1, -1, -1):
        if j + 1 < size:
            answer[j] -= (matrices[j, j + 1 :] * answer[j + 1 :]).sum(axis=0)
        answer[j] /= matrices[j, j]
    return answer, sound


def _damped(step: Floats) -> Floats:
    """A step that changes no coefficient by more than one, for columns that did not settle otherwise."""
    return np.asarray(step / np.maximum(np.abs(step).max(axis=0), 1.0))
