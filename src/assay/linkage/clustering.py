"""Cluster likely pairs into persons, under constraints on which records may be one person.

Pairs are taken from the likeliest down, and each may join two parts to one. It does not where something contradicts
(`contradictions`), where the pair is kept apart by its names, or where of all the pairs that would then be one person
too few are likely themselves; a pair that is kept apart by its names counts against it. What is joined is a forest:
each *join* has the probability of the pair that made it. All who are joined at or above a threshold are one person
there; a draw takes each join with its probability. So persons at a higher threshold, and of every draw, are always
parts of those at the floor, and nothing that was kept apart there can come together.
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
    """What was joined (knots `left` and `right`, and the probability of each join), and what was not, by reason.

    `refused`: (knot, knot, probability, reason) of each pair that would have joined two parts and was not let.
    """

    left: Numbers
    right: Numbers
    probability: Probabilities
    refused: tuple[tuple[int, int, float, str], ...]

    @property
    def refused_counts(self) -> dict[str, int]:
        """How many joins were refused, by reason."""
        return dict(sorted(Counter(reason for *_, reason in self.refused).items()))


def cluster_pairs(pairs: pa.Table, clusters: ExactMatchClusters, least_support: float, apart_counts: float) -> Joins:
    """Join pairs into clusters, from the most probable down, and record refused joins with their reasons."""
    left, right = (pairs[name].to_numpy() for name in ("knot_l", "knot_r"))
    probability, cannot_link = pairs["probability"].to_numpy(), pairs["apart"].to_numpy(zero_copy_only=False)
    contradictions = clusters.contradictions(left, right)
    reasons = np.where(cannot_link, CONFLICTING_FORENAMES, np.array(REASONS, object)[contradictions])
    order = np.lexsort((right, left, -probability))
    # Most pairs stand by themselves, and are decided at once.
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
    """The parts while they are joined; each is named by one of its knots."""

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
        # Of each part and each part beside it, what the pairs between them say together.
        self._neighbour_support: dict[int, dict[int, float]] = {node: {} for node in nodes}
        for first, second, weight in zip(left, right, support, strict=True):
            self._neighbour_support[first][second] = self._neighbour_support[second][first] = weight

    def try_join(self, number: int, reason: str) -> str:
        """Join the two parts of a pair ('' if so), or the reason why not; `reason`: what speaks against the pair."""
        first, second = self._root[self._left[number]], self._root[self._right[number]]
        if first == second:
            return ALREADY_JOINED
        pairs = len(self._members[first]) * len(self._members[second])
        if pairs > 1 and reason != CONFLICTING_FORENAMES:
            reason = find_contradiction(self._births_of(first), self._births_of(second))
        if not reason and pairs > 1 and self._neighbour_support[first][second] < self._least_support * pairs:
            reason = WEAK_SUPPORT
        if not reason:
            self._merge(first, second)
        return reason

    def _births_of(self, part: int) -> BirthEvidence:
        if part not in self._birth_evidence:
            self._birth_evidence[part] = self._clusters.birth_evidence(part)
        return self._birth_evidence[part]

    def _merge(self, first: int, second: int) -> None:
        if len(self._neighbour_support[first]) + len(self._members[first]) < len(self._neighbour_support[second]) + len(
            self._members[second]
        ):
            first, second = second, first
        for node in self._members[second]:
            self._root[node] = first
        self._members[first] += self._members.pop(second)
        self._birth_evidence[first] = self._births_of(first).union(self._births_of(second))
        support, other_support = self._neighbour_support[first], self._neighbour_support.pop(second)
        support.pop(second)
        other_support.pop(first)
        for neighbour, weight in other_support.items():
            support[neighbour] = self._neighbour_support[neighbour][first] = support.get(neighbour, 0.0) + weight
            del self._neighbour_support[neighbour][second]


def number_persons(joins: Joins, selection: Any, clusters: int) -> Numbers:
    """Return the person number of each cluster for a selection of joins."""
    left, right = joins.left[selection], joins.right[selection]
    graph = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(clusters, clusters))
    return renumber_labels(connected_components(graph, directed=False)[1].astype(np.int64))
