"""Existence and identifiability of the maximum-likelihood estimate of a log-linear model.

An effect whose margin is zero is set to minus infinity, and every history that contains it is removed (the extended
estimate of Chan, Silverman & Vincent 2021, JASA 116:1297). On the rest, the estimate exists if and only if some table
with positive counts everywhere has the same margins (Fienberg & Rinaldo 2012, Annals of Statistics 40:996). Let A be
the design over histories, S the histories with a count, and N a basis of the null space of A on S: the estimate exists
if and only if no w has A N w >= 0 on the other histories and > 0 on one of them. N has few columns, mostly none, so the
test is rare and fast. The effects are identified if A N has full column rank; the two questions are different. The
result depends only on the set of non-zero counts and on the model, and is cached for both.

One result settles many tables (`estimate_statuses`): the change along w shows the same for every table and model where
its effects are in the model, no history decreases and none with a count changes. And an estimate that exists also
exists with more histories counted or fewer effects.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import numpy as np
import scipy
from scipy.linalg import svd

from assay.stats.multiple_systems.capture_histories import Bools, Floats, Ints, subset_sums, superset_sums

EXACT = 1e-9
"""Integer combinations smaller than this are zero."""
CANCELLED = 1e-7
"""Length of the sum of weighted moves below which they cancel; where they do not, it is of the order of 0.1."""


class EstimateStatus(Enum):
    """Status of a model on a table: whether its maximum-likelihood estimate exists and is identified."""

    EXISTS = "exists"
    NOT_EXISTING = "the likelihood has no maximum: it rises for ever as some effects run off to infinity"
    NOT_IDENTIFIED = "the counts do not tell the effects apart: several values fit equally well"
    NOT_EXISTING_NOR_IDENTIFIED = "the likelihood has no maximum, and the counts do not tell the effects apart"


def estimate_status(seen: Bools, effects: tuple[int, ...], observable: Bools) -> EstimateStatus:
    """Return whether the model with `effects` has an estimate if the histories `seen` have counts.

    `observable`: which histories can be observed (without covariates, all except that of the hidden).
    """
    return _estimate_status(seen.tobytes(), effects, observable.tobytes())[0]


def estimate_statuses(seen: Bools, models: Sequence[tuple[int, ...]], observable: Bools) -> list[EstimateStatus]:
    """Return `estimate_status` of each column of `seen` with its model.

    A column that is settled by an earlier one is NOT_EXISTING also where its effects are not identified.
    """
    statuses: list[EstimateStatus] = [EstimateStatus.EXISTS] * len(models)
    tables = _Tables.from_models(seen, models, observable)
    # Tables with few counted histories come first, because an estimate that exists there settles tables with more.
    unsettled = np.argsort(seen.sum(axis=0), kind="stable")
    while len(unsettled):
        first, unsettled = int(unsettled[0]), unsettled[1:]
        statuses[first], ray = _estimate_status(seen[:, first].tobytes(), models[first], observable.tobytes())
        if ray is not None:
            is_settled = tables.without_estimate(unsettled, ray)
        elif statuses[first] is EstimateStatus.EXISTS:
            is_settled = tables.with_estimate(unsettled, first)
        else:
            continue
        for column in unsettled[is_settled]:
            statuses[column] = statuses[first] if ray is None else EstimateStatus.NOT_EXISTING
        unsettled = unsettled[~is_settled]
    return statuses


@dataclass(frozen=True)
class _Ray:
    """Direction along which the likelihood of a table never falls, by history: which rise, and which stay the same.

    Histories that are neither fall, or were excluded. `effects` are those of the direction.
    """

    effects: tuple[int, ...]
    rises: Bools
    is_level: Bools


@dataclass(frozen=True)
class _Tables:
    """Counted histories, effects and histories that are not excluded, each of shape (histories, tables)."""

    seen: Bools
    effects: Bools
    included: Bools

    @classmethod
    def from_models(cls, seen: Bools, models: Sequence[tuple[int, ...]], observable: Bools) -> "_Tables":
        effects = np.zeros(seen.shape, dtype=bool)
        for column, model in enumerate(models):
            effects[list(model), column] = True
        without_margin = effects & (superset_sums(seen.astype(float)) == 0)
        return cls(seen, effects, observable[:, None] & (subset_sums(without_margin.astype(float)) == 0))

    def without_estimate(self, columns: Ints, ray: _Ray) -> Bools:
        """Return which of these columns have no estimate, because the direction is one of theirs too."""
        included = self.included[:, columns]
        return np.asarray(
            self.effects[list(ray.effects)][:, columns].all(axis=0)
            & ~included[~(ray.rises | ray.is_level)].any(axis=0)
            & included[ray.rises].any(axis=0)
            & ~self.seen[ray.rises][:, columns].any(axis=0)
        )

    def with_estimate(self, columns: Ints, existing: int) -> Bools:
        """Return which of these columns have an estimate, because that of `existing` has fewer counts or more effects.

        All with the same excluded histories.
        """
        is_same = (self.included[:, columns] == self.included[:, [existing]]).all(axis=0)
        has_counts = (self.seen[:, columns] >= self.seen[:, [existing]]).all(axis=0)
        return np.asarray(is_same & has_counts & (self.effects[:, columns] <= self.effects[:, [existing]]).all(axis=0))


@lru_cache(maxsize=200_000)
def _estimate_status(
    seen_bytes: bytes, effects: tuple[int, ...], observable_bytes: bytes
) -> tuple[EstimateStatus, _Ray | None]:
    seen = np.frombuffer(seen_bytes, dtype=bool)
    observable = np.frombuffer(observable_bytes, dtype=bool)
    cells, model = np.arange(len(seen)), np.array(effects)
    has_margin = superset_sums(seen.astype(float))[model] > 0
    remaining_effects, zero_margin_effects = model[has_margin], model[~has_margin]
    is_excluded = ((cells[:, None] & zero_margin_effects) == zero_margin_effects).any(axis=1)
    remaining_cells = cells[observable & ~is_excluded]
    design = ((remaining_cells[:, None] & remaining_effects) == remaining_effects).astype(float)
    is_seen = seen[remaining_cells]
    unseen_directions = _null_space(design[is_seen])
    if unseen_directions.shape[1] == 0:
        return EstimateStatus.EXISTS, None
    moves = design[~is_seen] @ unseen_directions
    rank = int(np.linalg.matrix_rank(moves, tol=1e-7)) if moves.size else 0
    change = _ray_change(moves)
    if change is None:
        is_identified = rank == unseen_directions.shape[1]
        return EstimateStatus.EXISTS if is_identified else EstimateStatus.NOT_IDENTIFIED, None
    rises, is_level = np.zeros(len(seen), dtype=bool), np.zeros(len(seen), dtype=bool)
    rises[remaining_cells[~is_seen][change > CANCELLED]] = True
    is_level[remaining_cells] = ~rises[remaining_cells]
    ray = _Ray(tuple(remaining_effects.tolist()), rises, is_level)
    if rank < unseen_directions.shape[1]:
        return EstimateStatus.NOT_EXISTING_NOR_IDENTIFIED, ray
    return EstimateStatus.NOT_EXISTING, ray


def _null_space(design: Floats) -> Floats:
    if not len(design):
        return np.eye(design.shape[1])
    _, values, rows = svd(design, full_matrices=True)
    rank = int((values > 1e-9 * max(design.shape)).sum())
    return np.asarray(rows[rank:].T)


def _ray_change(moves: Floats) -> Floats | None:
    """Return the change of each history along a direction that decreases none and increases at least one, if any.

    By Stiemke's lemma (1915, Mathematische Annalen 76:340) there is one if and only if no strictly positive weights
    make the moves of the histories cancel: weights 1 + z with z >= 0, found by non-negative least squares.
    """
    if not moves.size:
        return None
    rounded_moves = np.where(np.abs(moves) < EXACT, 0.0, moves)
    weights, _ = scipy.optimize.nnls(rounded_moves.T, -rounded_moves.sum(axis=0), maxiter=100 * len(rounded_moves))
    # The residual that `nnls` reports can be wrong (0 where it is 10: see the tests), so each answer is checked: if the
    # weighted moves cancel, there is no ray; if no history decreases along their sum, that sum is one.
    residual = rounded_moves.T @ (1 + weights)
    if np.linalg.norm(residual) <= CANCELLED:
        return None
    change = np.asarray(rounded_moves @ (residual / np.linalg.norm(residual)))
    if change.min() >= -CANCELLED and change.max() > CANCELLED:
        return change
    return _ray_change_by_linear_program(rounded_moves)


def _ray_change_by_linear_program(moves: Floats) -> Floats | None:
    """Look for a direction that decreases no history and increases their sum by one."""
    directions = moves.shape[1]
    found = scipy.optimize.linprog(
        np.zeros(directions),
        A_ub=-moves,
        b_ub=np.zeros(len(moves)),
        A_eq=moves.sum(axis=0)[None, :],
        b_eq=[1.0],
        bounds=[(None, None)] * directions,
    )
    return np.asarray(moves @ found.x) if found.status == 0 else None
