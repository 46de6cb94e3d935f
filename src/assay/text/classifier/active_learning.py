"""Active learning: choose the texts to label next (random, uncertain and diverse), with inclusion probabilities.

The first round is a random sample of every stratum. In later rounds half of the texts are those with the most uncertain
scores, a quarter are diverse, and a quarter are again random: only these, and the first round, have a known inclusion
probability and are used in estimates. A fifth of each round is labelled by two people independently. Labelling may stop
when the random part shows sufficient recall. (Settles 2009, Active learning literature survey.)
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

SEED, UNCERTAIN, DIVERSE, AT_RANDOM = "first round", "least sure", "most different", "at random"
SHARES = {UNCERTAIN: 0.5, DIVERSE: 0.25, AT_RANDOM: 0.25}
DOUBLE_LABEL_INTERVAL = 5
"""One in this number of texts is labelled by two people."""
DIRECTIONS, MAX_CANDIDATES = 50, 5_000
"""Dimensions of the space for diversity, and number of texts with the highest scores among which they are picked."""


@dataclass(frozen=True)
class Pick:
    """A text chosen for labelling: its row, why it was chosen, inclusion probability (None unless random), and
    number of labellers."""

    row: int
    why: str
    inclusion_probability: float | None
    people: int = 1


@dataclass(frozen=True)
class Pool:
    """Texts that may be labelled.

    `scores` (n,), `strata` (n,), `places` (n,): random sort keys from a recorded seed, `rows`: features (n, any),
    `labelled` (n,): whether each text is labelled already.
    """

    scores: Floats
    strata: Sequence[str]
    places: Floats
    rows: sparse.csr_matrix
    labelled: np.ndarray[Any, np.dtype[np.bool_]]


def next_round(pool: Pool, size: int) -> list[Pick]:
    """Return the texts of the next round, at most `size`; UsageError for a size under 4."""
    if size < 4:
        raise UsageError("A round needs at least 4 texts, one for each way of selecting texts.")
    if not pool.labelled.any():
        return _assign_second_labels([*_random_picks(pool, size, set(), SEED)])
    selected: set[int] = set()
    picks = [*_random_picks(pool, round(size * SHARES[AT_RANDOM]), selected, AT_RANDOM)]
    picks += _diverse_picks(pool, round(size * SHARES[DIVERSE]), selected)
    picks += _uncertain_picks(pool, size - len(picks), selected)
    return _assign_second_labels(picks)


def _unlabelled(pool: Pool, selected: set[int]) -> np.ndarray[Any, Any]:
    free = ~pool.labelled
    free[list(selected)] = False
    return np.flatnonzero(free)


def _random_picks(pool: Pool, size: int, selected: set[int], why: str) -> list[Pick]:
    """Stratified random picks, allocated as evenly as the strata allow, with their inclusion probabilities."""
    strata = np.array(pool.strata)
    free = _unlabelled(pool, selected)
    groups = [free[strata[free] == name] for name in sorted(set(strata[free]))]
    sizes = _evenly([len(group) for group in groups], size)
    picks = []
    for group, number in zip(groups, sizes, strict=True):
        first = group[np.argsort(pool.places[group], kind="stable")][:number]
        picks += [Pick(int(row), why, number / len(group)) for row in first]
    selected.update(pick.row for pick in picks)
    return picks


def _evenly(group_sizes: Sequence[int], size: int) -> list[int]:
    allocation = [0] * len(group_sizes)
    for _ in range(min(size, sum(group_sizes))):
        smallest = min(
            (place for place in range(len(group_sizes)) if allocation[place] < group_sizes[place]),
            key=lambda p: (allocation[p], p),
        )
        allocation[smallest] += 1
    return allocation


def _diverse_picks(pool: Pool, size: int, selected: set[int]) -> list[Pick]:
    """Diverse picks: from each k-means cluster of the highest scores the text nearest to its centre."""
    free = _unlabelled(pool, selected)
    free = free[np.argsort(-pool.scores[free], kind="stable")][:MAX_CANDIDATES]
    space = pool.rows[free]
    used = np.unique(space.indices)  # most feature columns are empty
    if not size or len(used) < 2:
        return []
    with np.errstate(invalid="ignore"):  # identical texts have zero variance, by which scikit-learn divides
        flat = TruncatedSVD(min(DIRECTIONS, len(free), len(used)), random_state=0).fit_transform(space[:, used])
    clusters = MiniBatchKMeans(min(size, len(free)), random_state=0, n_init=3).fit(flat)
    distances = clusters.transform(flat)
    nearest = dict.fromkeys(int(free[np.argmin(distances[:, cluster])]) for cluster in range(distances.shape[1]))
    selected.update(nearest)
    return [Pick(row, DIVERSE, None) for row in nearest]


def _uncertain_picks(pool: Pool, size: int, selected: set[int]) -> list[Pick]:
    free = _unlabelled(pool, selected)
    nearest = free[np.argsort(np.abs(pool.scores[free] - 0.5), kind="stable")][:size]
    return [Pick(int(row), UNCERTAIN, None) for row in nearest]


def _assign_second_labels(picks: list[Pick]) -> list[Pick]:
    """Assign every fifth text of each kind of pick to two people, so that agreement can be estimated."""
    counts: dict[str, int] = {}
    found = []
    for pick in picks:
        place = counts[pick.why] = counts.get(pick.why, -1) + 1
        found.append(
            Pick(pick.row, pick.why, pick.inclusion_probability, 2 if place % DOUBLE_LABEL_INTERVAL == 0 else 1)
        )
    return found


def recall_is_reached(found: int, missed: int, recall: float) -> bool:
    """Return True if a random sample shows that recall above the threshold is high enough to stop labelling."""
    return wilson(found, found + missed)[0] >= recall
