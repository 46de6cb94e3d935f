"""Existence and identifiability of the maximum-likelihood estimate of a log-linear model.

An effect whose margin is zero is set to minus infinity, and every history that contains it is removed (the extended
estimate of Chan, Silverman & Vincent 2021, JASA 116:1297). On the rest, the estimate exists if and only if some table
with positive counts everywhere has the same margins (Fienberg & Rinaldo 2012, Annals of Statistics 40:996). Let A be
the design over histories, S the histories with a count, and N a basis of the null space of A on S: the estimate exists
if and only if no w has A N w >= 0 on the other histories and > 0 on one of them. N has few columns, mostly none, so the
test is rare and fast. The effects are identified if A N has full column rank; the two questions are different. The
result depends only on the set of non-zero counts and on the model, and is cached for both.
"""

from enum import Enum
from functools import lru_cache

import numpy as np
import scipy
from scipy.linalg import svd

from assay.stats.multiple_systems.capture_histories import Bools, Floats

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
    return _estimate_status(seen.tobytes(), effects, observable.tobytes())


@lru_cache(maxsize=200_000)
def _estimate_status(seen_bytes: bytes, effects: tuple[int, ...], observable_bytes: bytes) -> EstimateStatus:
    seen = np.frombuffer(seen_bytes, dtype=bool)
    observable = np.frombuffer(observable_bytes, dtype=bool)
    cells = np.arange(len(seen))
    zero_margin_effects = [e for e in effects if not seen[(cells & e) == e].any()]
    remaining_effects = np.array([e for e in effects if e not in zero_margin_effects])
    is_excluded = np.zeros(len(seen), dtype=bool)
    for effect in zero_margin_effects:
        is_excluded |= (cells & effect) == effect
    remaining_cells = cells[observable & ~is_excluded]
    design = ((remaining_cells[:, None] & remaining_effects) == remaining_effects).astype(float)
    unseen_directions = _null_space(design[seen[remaining_cells]])
    if unseen_directions.shape[1] == 0:
        return EstimateStatus.EXISTS
    moves = design[~seen[remaining_cells]] @ unseen_directions
    rank = int(np.linalg.matrix_rank(moves, tol=1e-7)) if moves.size else 0
    has_ray = _has_ray(moves)
    if rank < unseen_directions.shape[1]:
        return EstimateStatus.NOT_EXISTING_NOR_IDENTIFIED if has_ray else EstimateStatus.NOT_IDENTIFIED
    return EstimateStatus.NOT_EXISTING if has_ray else EstimateStatus.EXISTS


def _null_space(design: Floats) -> Floats:
    if not len(design):
        return np.eye(design.shape[1])
    _, values, rows = svd(design, full_matrices=True)
    rank = int((values > 1e-9 * max(design.shape)).sum())
    return np.asarray(rows[rank:].T)


def _has_ray(moves: Floats) -> bool:
    """Return True if some direction decreases no history and increases at least one.

    By Stiemke's lemma (1915, Mathematische Annalen 76:340) this is the case if and only if no strictly positive weights
    make the moves of the histories cancel: weights 1 + z with z >= 0, found by non-negative least squares.
    """
    if not moves.size:
        return False
    rounded_moves = np.where(np.abs(moves) < EXACT, 0.0, moves)
    weights, _ = scipy.optimize.nnls(rounded_moves.T, -rounded_moves.sum(axis=0), maxiter=100 * len(rounded_moves))
    # The residual that `nnls` reports can be wrong (0 where it is 10: see the tests), so each answer is checked: if the
    # weighted moves cancel, there is no ray; if no history decreases along their sum, that sum is one.
    residual = rounded_moves.T @ (1 + weights)
    if np.linalg.norm(residual) <= CANCELLED:
        return False
    change = rounded_moves @ (residual / np.linalg.norm(residual))
    if change.min() >= -CANCELLED and change.max() > CANCELLED:
        return True
    return _has_ray_by_linear_program(rounded_moves)


def _has_ray_by_linear_program(moves: Floats) -> bool:
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
    return bool(found.status == 0)
