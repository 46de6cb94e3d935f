"""Which texts should people label next, so that a model learns most and what is known of it stays honest?

The first round is drawn at random from every stratum. After it half are those that the model is least sure of, a
quarter are unlike one another, and a quarter are again drawn at random: only these last, and the first round, have a
known chance and feed estimates. A fifth of each round is given to two people, who do not see one another's answer.
Labelling may stop when the random part shows that enough is found. (Settles 2009, Active learning literature survey.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.cluster import MiniBatchKMeans
from sklearn.decomposition import TruncatedSVD

from assay.errors import UsageError
from assay.stats.binomial_intervals import wilson
from assay.text.classifier.linear_classifier import Floats

SEED, UNSURE, UNLIKE, AT_RANDOM = "first round", "least sure", "unlike the others", "at random"
SHARES = {UNSURE: 0.5, UNLIKE: 0.25, AT_RANDOM: 0.25}
TWICE = 5
"""One in so many is labelled by two people."""
DIRECTIONS, LOOKED_AT = 50, 5_000
"""Of the space in which likeness is measured; texts, highest scores first, among which the unlike are sought."""


@dataclass(frozen=True)
class Pick:
    """A text to label: its row, why it was picked, its chance (None unless drawn at random), how many label it."""

    row: int
    why: str
    chance: float | None
    people: int = 1


@dataclass(frozen=True)
class Pool:
    """Texts that may be labelled: scores (n,), stratum (n,), the place each drew in the order of chance (n, any
    numbers, by a written seed), features (n, any), and which are labelled already (n)."""

    scores: Floats
    strata: Sequence[str]
    places: Floats
    rows: sparse.csr_matrix
    labelled: np.ndarray[Any, np.dtype[np.bool_]]


def next_round(pool: Pool, size: int) -> list[Pick]:
    """The texts of the next round, `size` of them or as many as are left; UsageError for a size under 4."""
    if size < 4:
        raise UsageError("A round has at least 4 texts, so that each way of picking has one.")
    if not pool.labelled.any():
        return _by_two([*_drawn(pool, size, set(), SEED)])
    taken: set[int] = set()
    picks = [*_drawn(pool, round(size * SHARES[AT_RANDOM]), taken, AT_RANDOM)]
    picks += _unlike(pool, round(size * SHARES[UNLIKE]), taken)
    picks += _unsure(pool, size - len(picks), taken)
    return _by_two(picks)


def _open(pool: Pool, taken: set[int]) -> np.ndarray[Any, Any]:
    free = ~pool.labelled
    free[list(taken)] = False
    return np.flatnonzero(free)


def _drawn(pool: Pool, size: int, taken: set[int], why: str) -> list[Pick]:
    """As even over the strata as they allow, in each the first by their place; the chance is of those still open."""
    strata = np.array(pool.strata)
    free = _open(pool, taken)
    groups = [free[strata[free] == name] for name in sorted(set(strata[free]))]
    wanted = _evenly([len(group) for group in groups], size)
    picks = []
    for group, number in zip(groups, wanted, strict=True):
        first = group[np.argsort(pool.places[group], kind="stable")][:number]
        picks += [Pick(int(row), why, number / len(group)) for row in first]
    taken.update(pick.row for pick in picks)
    return picks


def _evenly(held: Sequence[int], size: int) -> list[int]:
    wanted = [0] * len(held)
    for _ in range(min(size, sum(held))):
        least = min((place for place in range(len(held)) if wanted[place] < held[place]), key=lambda p: (wanted[p], p))
        wanted[least] += 1
    return wanted


def _unlike(pool: Pool, size: int, taken: set[int]) -> list[Pick]:
    """One of each of so many clusters: the one nearest to its middle, among the open texts that score highest."""
    free = _open(pool, taken)
    free = free[np.argsort(-pool.scores[free], kind="stable")][:LOOKED_AT]
    space = pool.rows[free]
    used = np.unique(space.indices)  # most of what a text could hold stands in none of these
    if not size or len(used) < 2:
        return []
    with np.errstate(invalid="ignore"):  # texts that are all alike have no variance, and scikit-learn divides by it
        flat = TruncatedSVD(min(DIRECTIONS, len(free), len(used)), random_state=0).fit_transform(space[:, used])
    clusters = MiniBatchKMeans(min(size, len(free)), random_state=0, n_init=3).fit(flat)
    far = clusters.transform(flat)
    nearest = dict.fromkeys(int(free[np.argmin(far[:, cluster])]) for cluster in range(far.shape[1]))
    taken.update(nearest)
    return [Pick(row, UNLIKE, None) for row in nearest]


def _unsure(pool: Pool, size: int, taken: set[int]) -> list[Pick]:
    free = _open(pool, taken)
    nearest = free[np.argsort(np.abs(pool.scores[free] - 0.5), kind="stable")][:size]
    return [Pick(int(row), UNSURE, None) for row in nearest]


def _by_two(picks: list[Pick]) -> list[Pick]:
    """Every fifth is labelled by two, counted over each way of picking, so that agreement is known for all of them."""
    counted: dict[str, int] = {}
    found = []
    for pick in picks:
        place = counted[pick.why] = counted.get(pick.why, -1) + 1
        found.append(Pick(pick.row, pick.why, pick.chance, 2 if place % TWICE == 0 else 1))
    return found


def may_stop(found: int, missed: int, recall: float) -> bool:
    """Whether texts drawn at random that say it, `found` above the threshold and `missed` below it, show that recall
    is at least so high: the lower end of its 95% interval is."""
    return wilson(found, found + missed)[0] >= recall
