"""Which likely pairs become one person, so that every person holds together?

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

from assay.linkage.contradictions import KIN, WEAK, Known, contradiction
from assay.linkage.exact_match_clusters import REASONS, Knots, in_order

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Shares = np.ndarray[Any, np.dtype[np.float64]]
TOGETHER = "one person already"


@dataclass(frozen=True)
class Joins:
    """What was joined (knots `left` and `right`, and the probability of each join), and what was not, by reason.

    `refused`: (knot, knot, probability, reason) of each pair that would have joined two parts and was not let.
    """

    left: Numbers
    right: Numbers
    probability: Shares
    refused: tuple[tuple[int, int, float, str], ...]

    @property
    def split(self) -> dict[str, int]:
        """How many joins were refused, by reason."""
        return dict(sorted(Counter(reason for *_, reason in self.refused).items()))


def join(pairs: pa.Table, knots: Knots, least_support: float, apart_counts: float) -> Joins:
    """The joins among scored pairs of knots (knot_l, knot_r, probability, apart)."""
    left, right = (pairs[name].to_numpy() for name in ("knot_l", "knot_r"))
    probability, apart = pairs["probability"].to_numpy(), pairs["apart"].to_numpy(zero_copy_only=False)
    against = knots.contradictions(left, right)
    reasons = np.where(apart, KIN, np.array(REASONS, object)[against])
    order = np.lexsort((right, left, -probability))
    # Most pairs stand by themselves, and are decided at once.
    beside = np.bincount(np.concatenate([left, right]), minlength=len(knots))
    among_others = (beside[left] > 1) | (beside[right] > 1)
    counts = np.where(apart, -apart_counts * probability, probability)
    places = order[among_others[order]]
    parts = _Parts(left[places].tolist(), right[places].tolist(), counts[places].tolist(), knots, least_support)
    for turn, (place, reason) in enumerate(zip(places.tolist(), reasons[places].tolist(), strict=True)):
        reasons[place] = parts.take(turn, reason)
    taken, refused = order[reasons[order] == ""], order[(reasons[order] != "") & (reasons[order] != TOGETHER)]
    told = (part[refused].tolist() for part in (left, right, probability, reasons))
    return Joins(left[taken], right[taken], probability[taken], tuple(zip(*told, strict=True)))


class _Parts:
    """The parts while they are joined; each is named by one of its knots."""

    def __init__(self, left: list[int], right: list[int], counts: list[float], knots: Knots, least: float) -> None:
        self._left, self._right, self._knots, self._least = left, right, knots, least
        nodes = {*left, *right}
        self._of: dict[int, int] = {node: node for node in nodes}
        self._members: dict[int, list[int]] = {node: [node] for node in nodes}
        self._births: dict[int, Known] = {}
        # Of each part and each part beside it, what the pairs between them say together.
        self._beside: dict[int, dict[int, float]] = {node: {} for node in nodes}
        for one, other, says in zip(left, right, counts, strict=True):
            self._beside[one][other] = self._beside[other][one] = says

    def take(self, turn: int, reason: str) -> str:
        """Join the two parts of a pair ('' if so), or the reason why not; `reason`: what speaks against the pair."""
        one, other = self._of[self._left[turn]], self._of[self._right[turn]]
        if one == other:
            return TOGETHER
        pairs = len(self._members[one]) * len(self._members[other])
        if pairs > 1 and reason != KIN:
            reason = contradiction(self._known(one), self._known(other))
        if not reason and pairs > 1 and self._beside[one][other] < self._least * pairs:
            reason = WEAK
        if not reason:
            self._unite(one, other)
        return reason

    def _known(self, part: int) -> Known:
        if part not in self._births:
            self._births[part] = self._knots.known(part)
        return self._births[part]

    def _unite(self, one: int, other: int) -> None:
        if len(self._beside[one]) + len(self._members[one]) < len(self._beside[other]) + len(self._members[other]):
            one, other = other, one
        for node in self._members[other]:
            self._of[node] = one
        self._members[one] += self._members.pop(other)
        self._births[one] = self._known(one).and_of(self._known(other))
        ours, theirs = self._beside[one], self._beside.pop(other)
        ours.pop(other)
        theirs.pop(one)
        for third, likely in theirs.items():
            ours[third] = self._beside[third][one] = ours.get(third, 0.0) + likely
            del self._beside[third][other]


def persons_of(joins: Joins, taken: Any, knots: int) -> Numbers:
    """The number of each knot's person where these joins are taken; persons are numbered by their first knots."""
    left, right = joins.left[taken], joins.right[taken]
    graph = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(knots, knots))
    return in_order(connected_components(graph, directed=False)[1].astype(np.int64))
