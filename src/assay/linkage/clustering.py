"""Cluster likely pairs into persons, under constraints on which records may be one person.

Pairs are processed in order of decreasing match probability, and each may join two clusters (constrained agglomerative
clustering). A join is refused if the dates of birth or roles contradict (`contradictions`), if the names of the pair
have a cannot-link constraint, or if the mean match probability over all pairs between the two clusters is below
`least_support`; pairs with a cannot-link constraint count negatively in that mean.

The accepted joins form a forest, and each join has the probability of its pair. At a threshold, clusters connected by
joins at or above it are one person; a random draw accepts each join with its probability. So the persons of a higher
threshold, or of any draw, are always parts of the persons at the floor, and no refused join is undone.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from assay.linkage.contradictions import CONFLICTING_FORENAMES, WEAK_SUPPORT, BirthEvidence, find_contradiction
from assay.linkage.exact_match_clusters import REASONS, ExactMatchClusters, renumber_labels

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Probabilities = np.ndarray[Any, np.dtype[np.float64]]
ALREADY_JOINED = "one person already"


@dataclass(frozen=True)
class Joins:
    """Accepted links between clusters (`left` and `right`, with match probability), and refused links with reasons.

    `refused`: (cluster, cluster, probability, reason) of each pair that would have joined two clusters.
    """

    left: Numbers
    right: Numbers
    probability: Probabilities
    refused: tuple[tuple[int, int, float, str], ...]

    @property
    def refused_counts(self) -> dict[str, int]:
        """Number of refused links, by reason."""
        return dict(sorted(Counter(reason for *_, reason in self.refused).items()))


def cluster_pairs(pairs: pa.Table, clusters: ExactMatchClusters, least_support: float, apart_counts: float) -> Joins:
    """Link pairs of clusters in order of falling match probability, and record refused links with their reasons."""
    left, right = (pairs[name].to_numpy() for name in ("left_cluster", "right_cluster"))
    probability, cannot_link = pairs["probability"].to_numpy(), pairs["apart"].to_numpy(zero_copy_only=False)
    contradictions = clusters.contradictions(left, right)
    reasons = np.where(cannot_link, CONFLICTING_FORENAMES, np.array(REASONS, object)[contradictions])
    order = np.lexsort((right, left, -probability))
    # Most pairs share no cluster with another pair, and are decided at once.
    pair_counts = np.bincount(np.concatenate([left, right]), minlength=len(clusters))
    has_neighbours = (pair_counts[left] > 1) | (pair_counts[right] > 1)
    support = np.where(cannot_link, -apart_counts * probability, probability)
    places = order[has_neighbours[order]]
    forest = _ClusterForest(
        left[places].tolist(), right[places].tolist(), support[places].tolist(), clusters, least_support
    )
    for number, (place, reason) in enumerate(zip(places.tolist(), reasons[places].tolist(), strict=True)):
        reasons[place] = forest.try_join(number, reason)
    joined, refused = order[reasons[order] == ""], order[(reasons[order] != "") & (reasons[order] != ALREADY_JOINED)]
    refused_columns = (column[refused].tolist() for column in (left, right, probability, reasons))
    return Joins(left[joined], right[joined], probability[joined], tuple(zip(*refused_columns, strict=True)))


class _ClusterForest:
    """Union-find forest of merged clusters, with the support between neighbours; each tree is named after a node."""

    def __init__(
        self,
        left: list[int],
        right: list[int],
        support: list[float],
        clusters: ExactMatchClusters,
        least_support: float,
    ) -> None:
        self._left, self._right, self._clusters, self._least_support = left, right, clusters, least_support
        nodes = {*left, *right}
        self._root: dict[int, int] = {node: node for node in nodes}
        self._members: dict[int, list[int]] = {node: [node] for node in nodes}
        self._birth_evidence: dict[int, BirthEvidence] = {}
        # For each tree and each neighbouring tree, the sum of the support of the pairs between them.
        self._neighbour_support: dict[int, dict[int, float]] = {node: {} for node in nodes}
        for first, second, weight in zip(left, right, support, strict=True):
            self._neighbour_support[first][second] = self._neighbour_support[second][first] = weight

    def try_join(self, number: int, reason: str) -> str:
        """Join the trees of a pair and return '', or return the reason for refusal.

        `reason` is the reason already known against the pair itself, or ''.
        """
        first, second = self._root[self._left[number]], self._root[self._right[number]]
        if first == second:
            return ALREADY_JOINED
        pairs = len(self._members[first]) * len(self._members[second])
        if pairs > 1 and reason != CONFLICTING_FORENAMES:
            reason = find_contradiction(self._evidence(first), self._evidence(second))
        if not reason and pairs > 1 and self._neighbour_support[first][second] < self._least_support * pairs:
            reason = WEAK_SUPPORT
        if not reason:
            self._merge(first, second)
        return reason

    def _evidence(self, root: int) -> BirthEvidence:
        if root not in self._birth_evidence:
            self._birth_evidence[root] = self._clusters.birth_evidence(root)
        return self._birth_evidence[root]

    def _size(self, root: int) -> int:
        return len(self._neighbour_support[root]) + len(self._members[root])

    def _merge(self, first: int, second: int) -> None:
        if self._size(first) < self._size(second):
            first, second = second, first
        for node in self._members[second]:
            self._root[node] = first
        self._members[first] += self._members.pop(second)
        self._birth_evidence[first] = self._evidence(first).union(self._evidence(second))
        support, other_support = self._neighbour_support[first], self._neighbour_support.pop(second)
        support.pop(second)
        other_support.pop(first)
        for neighbour, weight in other_support.items():
            support[neighbour] = self._neighbour_support[neighbour][first] = support.get(neighbour, 0.0) + weight
            del self._neighbour_support[neighbour][second]


def number_persons(joins: Joins, selection: Any, clusters: int) -> Numbers:
    """Return the person number of each exact-match cluster, given the links between clusters that are used."""
    left, right = joins.left[selection], joins.right[selection]
    graph = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(clusters, clusters))
    return renumber_labels(connected_components(graph, directed=False)[1].astype(np.int64))
