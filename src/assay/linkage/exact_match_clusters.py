"""Exact-match clusters: entries with the same force number, or the same names and date of birth.

The same keys as in `exact_matching`, but for chains of any length (connected components) and with one condition more.
If the entries of a cluster contradict one another (dates of birth far apart, a child and an adult suspect), the force
numbers in that cluster are ignored, because one of them was given to two people; the entries are then left to
probabilistic linkage.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from assay.linkage.contradictions import (
    ADULT_SUSPECT,
    CHILD,
    CHILD_AND_ADULT,
    CLOSE_DAYS,
    CONFLICTING_BIRTH_DATES,
    NO_BIRTH_EVIDENCE,
    BirthEvidence,
    birth_date_conflicts,
    find_internal_contradiction,
)
from assay.linkage.disputed_births import disputed_births
from assay.linkage.normalised_records import NormalisedRecords, day_numbers

Numbers = np.ndarray[Any, np.dtype[np.int64]]
STORED_CLUSTER, STORED_OTHER_CLUSTER = "knot", "other_knot"
"""Columns of stored tables with the first entry of an exact-match cluster. They change with a format only."""
NO_DAY = np.iinfo(np.int64).min
REASONS = ("", CONFLICTING_BIRTH_DATES, CHILD_AND_ADULT)
"""Reasons why two clusters cannot be one person; the first means that there is no contradiction."""


@dataclass(frozen=True)
class ExactMatchClusters:
    """The exact-match cluster of each entry, numbered by first entry, and the birth dates of each cluster.

    `births` has shape (n, 4), sorted by cluster: cluster, day of birth, recorded as a child (0 or 1), recorded as an
    adult suspect (0 or 1). `split_counts`: number of contradictory clusters that were split, by reason. `disputed`:
    True for each entry whose date of birth is disputed; None if no entry was compared.
    """

    entry_clusters: Numbers
    births: Numbers
    split_counts: dict[str, int]
    disputed: np.ndarray[Any, np.dtype[np.bool_]] | None = None

    def __len__(self) -> int:
        return int(self.entry_clusters.max(initial=-1)) + 1

    def birth_evidence(self, cluster: int) -> BirthEvidence:
        """Return the dates of birth recorded in a cluster."""
        rows = self.births[self._first_rows[cluster] : self._first_rows[cluster + 1]]
        return _birth_evidence_by_cluster(rows).get(cluster, NO_BIRTH_EVIDENCE)

    def contradictions(self, left: Numbers, right: Numbers) -> np.ndarray[Any, np.dtype[np.int8]]:
        """Return why each pair of clusters cannot be one person, as an index in `REASONS` (0: no contradiction)."""
        begin = self._first_rows
        pair, rows, other_rows = _cross_join(begin[left], begin[left + 1], begin[right], begin[right + 1])
        births, other_births = self.births[rows], self.births[other_rows]
        conflicts = birth_date_conflicts(births[:, 1], other_births[:, 1])
        child_and_adult = ((births[:, 2] * other_births[:, 3]) | (births[:, 3] * other_births[:, 2])).astype(bool)
        reasons = np.zeros(len(left), np.int8)
        reasons[pair[child_and_adult & (np.abs(births[:, 1] - other_births[:, 1]) > CLOSE_DAYS)]] = REASONS.index(
            CHILD_AND_ADULT
        )
        reasons[pair[conflicts]] = REASONS.index(CONFLICTING_BIRTH_DATES)
        return reasons

    @cached_property
    def _first_rows(self) -> Numbers:
        """First row of each cluster in `births`, and the number of rows as last element."""
        return np.searchsorted(self.births[:, 0], np.arange(len(self) + 1))


def _cross_join(begin: Numbers, end: Numbers, other_begin: Numbers, other_end: Numbers) -> tuple[Numbers, ...]:
    """Return the cross join of each pair of row ranges, as arrays: pair number, row of the first, row of the second."""
    lengths, other_lengths = end - begin, other_end - other_begin
    products = lengths * other_lengths
    pair = np.repeat(np.arange(len(begin)), products)
    offset = np.arange(len(pair)) - np.repeat(np.cumsum(products) - products, products)
    return pair, begin[pair] + offset // other_lengths[pair], other_begin[pair] + offset % other_lengths[pair]


def cluster_exact_matches(records: NormalisedRecords) -> ExactMatchClusters:
    """Cluster entries by exact keys, ignoring keys that give a contradictory cluster."""
    rows = records.rows
    days = day_numbers(rows["born"].combine_chunks())
    disputed = disputed_births(rows, days, NO_DAY)
    days = np.where(disputed, NO_DAY, days)
    by_number, by_names = _dictionary_codes(rows["number"]), _dictionary_codes(_names_and_birthday(rows))
    by_names = np.where(disputed, -1, by_names)
    clusters = connect_by_keys([by_number, by_names])
    split: Counter[str] = Counter()
    contradictory = _contradictory_clusters(clusters, days, rows["part"], split)
    if contradictory.size:
        by_number = np.where(np.isin(clusters, contradictory), -1, by_number)
        clusters = connect_by_keys([by_number, by_names])
        still_contradictory = _contradictory_clusters(clusters, days, rows["part"], Counter())
        if still_contradictory.size:  # the same names and birthday, as a child and as an adult suspect: two persons
            by_names = np.where(np.isin(clusters, still_contradictory), -1, by_names)
            clusters = connect_by_keys([by_number, by_names])
    return ExactMatchClusters(
        clusters, _births(np.flatnonzero(days != NO_DAY), clusters, days, rows["part"]), dict(split), disputed
    )


def connect_by_keys(keys: list[Numbers]) -> Numbers:
    """Return the cluster number of each entry; entries that share a key are in one cluster."""
    count = len(keys[0])
    edges, offset = [], count
    for key in keys:
        rows = np.flatnonzero(key >= 0)
        edges.append((rows, key[rows] + offset))
        offset += int(key.max(initial=-1)) + 1
    left, right = (np.concatenate(ends) for ends in zip(*edges, strict=True))
    graph = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(offset, offset))
    labels = connected_components(graph, directed=False)[1][:count]
    return renumber_labels(labels)


def renumber_labels(labels: Numbers) -> Numbers:
    """Renumber labels 0, 1, 2 ... in order of first occurrence."""
    first = first_positions(labels)
    rank: Numbers = np.empty(int(labels.max(initial=-1)) + 1, np.int64)
    rank[labels[np.sort(first)]] = np.arange(len(first))
    numbers: Numbers = rank[labels]
    return numbers


def first_positions(labels: Numbers) -> Numbers:
    """Return the position at which each label first occurs, by label."""
    first: Numbers = np.full(int(labels.max(initial=-1)) + 1, -1)
    # When numpy assigns several values to one index, the last one stays: read backwards, that is the first.
    first[labels[::-1]] = np.arange(len(labels) - 1, -1, -1)
    return first[first >= 0]


def _names_and_birthday(rows: pa.Table) -> pa.ChunkedArray:
    names = [pc.replace_substring(rows[name], " ", "") for name in ("family", "given_all")]
    return pc.binary_join_element_wise(*names, rows["born"].cast(pa.string()), ",")


def _dictionary_codes(column: pa.ChunkedArray) -> Numbers:
    encoded = column.combine_chunks().dictionary_encode()
    codes: Numbers = pc.fill_null(encoded.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    return codes


def _contradictory_clusters(cluster: Numbers, days: Numbers, part: pa.ChunkedArray, split: Counter[str]) -> Numbers:
    """Return the clusters whose entries contradict one another."""
    has_day = days != NO_DAY
    cluster_count = int(cluster.max(initial=-1)) + 1
    first, last = np.full(cluster_count, np.iinfo(np.int64).max), np.full(cluster_count, NO_DAY)
    np.minimum.at(first, cluster[has_day], days[has_day])
    np.maximum.at(last, cluster[has_day], days[has_day])
    doubtful = np.flatnonzero(last > first)
    rows = np.flatnonzero(has_day & np.isin(cluster, doubtful))
    evidence_by_cluster = _birth_evidence_by_cluster(_births(rows, cluster, days, part))
    contradictory = [
        (number, reason)
        for number, evidence in evidence_by_cluster.items()
        if (reason := find_internal_contradiction(evidence))
    ]
    split.update(reason for _, reason in contradictory)
    return np.array([number for number, _ in contradictory], dtype=np.int64)


def _births(rows: Numbers, cluster: Numbers, days: Numbers, part: pa.ChunkedArray) -> Numbers:
    """Return the distinct births of these entries: cluster, day, as a child, as an adult suspect."""
    parts = part.combine_chunks()
    part_masks = [pc.fill_null(pc.equal(parts, value), False) for value in (CHILD, ADULT_SUSPECT)]
    part_columns = [value.to_numpy(zero_copy_only=False)[rows] for value in part_masks]
    births = np.stack([cluster[rows], days[rows], *part_columns], axis=1).astype(np.int64)
    births = births[np.lexsort(births.T[::-1])]
    is_new = np.ones(len(births), bool)
    is_new[1:] = (births[1:] != births[:-1]).any(axis=1)
    return births[is_new]


def _birth_evidence_by_cluster(births: Numbers) -> dict[int, BirthEvidence]:
    days_by_cluster: dict[int, tuple[set[int], set[int], set[int]]] = {}
    for cluster, day, as_child, as_adult in births.tolist():
        birth_days, child_days, adult_days = days_by_cluster.setdefault(cluster, (set(), set(), set()))
        birth_days.add(day)
        if as_child:
            child_days.add(day)
        if as_adult:
            adult_days.add(day)
    return {cluster: BirthEvidence(*(frozenset(days) for days in sets)) for cluster, sets in days_by_cluster.items()}
