"""Existence and identifiability of the maximum-likelihood estimate of a log-linear model.

An effect whose margin is zero is put at minus infinity, and every history that contains it is taken out (the extended
estimate of Chan, Silverman & Vincent 2021, JASA 116:1297). Over the rest there is an estimate exactly when some table
with positive counts everywhere has the same margins (Fienberg & Rinaldo 2012, Annals of Statistics 40:996). With A the
design over histories, S those with a count and N a basis of what A on S cannot see, that is the case exactly when no w
has A N w >= 0 on the other histories and > 0 on one. N has few columns, mostly none, so that this is seldom asked and
soon answered. The effects are told apart when A N has full column rank; the two are different questions.
The answer depends on the set of non-zero counts and on the model alone, and is kept for both.
"""

from enum import Enum
from functools import lru_cache

import numpy as np
from scipy.linalg import svd
from scipy.optimize import nnls

from assay.stats.multiple_systems.capture_histories import Bools, Floats

EXACT = 1e-9
"""Below this a whole-number combination counts as zero."""
CANCELLED = 1e-7
"""Moves that leave less than this cancel each other; of those that do not, tenths are left."""


class EstimateStatus(Enum):
    """Whether a model has an estimate on a table."""

    EXISTS = "exists"
    NOT_EXISTING = "the likelihood has no maximum: it rises for ever as some effects run off to infinity"
    NOT_IDENTIFIED = "the counts do not tell the effects apart: several values fit equally well"
    NOT_EXISTING_NOR_IDENTIFIED = "the likelihood has no maximum, and the counts do not tell the effects apart"


def estimate_status(seen: Bools, effects: tuple[int, ...], observable: Bools) -> EstimateStatus:
    """Whether the model with `effects` has an estimate where the histories `seen` have counts.

    `observable`: which histories can be seen at all (all but that of the hidden, without covariates).
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
    """Whether some direction moves no history down and at least one up.

    By Stiemke's lemma (1915, Mathematische Annalen 76:340) that is so exactly when no weights, all of them positive,
    make the moves of the histories cancel each other: 1 + z with z >= 0, which least squares looks for.
    """
    if not moves.size:
        return False
    rounded_moves = np.where(np.abs(moves) < EXACT, 0.0, moves)
    _, residual = nnls(rounded_moves.T, -rounded_moves.sum(axis=0), maxiter=100 * len(rounded_moves))
    return bool(residual > CANCELLED)
