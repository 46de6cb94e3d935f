"""Which entries are tied for certain: by a force's own number, or by the same names and birthday?

What `exact` says of any number of entries, and for chains of any length, with one condition more: where entries so tied
contradict one another (two dates of birth far apart, a child and an adult suspect), the force's numbers in that knot
count for nothing, since one of them was given to two people, and what remains is left to the comparison. A *knot* is a
set of entries that are tied.
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
    FAR_BIRTHS,
    NOTHING,
    Known,
    contradicts_itself,
    far_apart_days,
)
from assay.linkage.normalised_records import Plain, day_numbers

Numbers = np.ndarray[Any, np.dtype[np.int64]]
NO_DAY = np.iinfo(np.int64).min
REASONS = ("", FAR_BIRTHS, CHILD_AND_ADULT)
"""Why two knots cannot be one person; first, that nothing speaks against it."""


@dataclass(frozen=True)
class Knots:
    """The knot of each entry (0, 1, 2 ... in the order of their first entries), and the births that stand with each.

    `births`: rows of knot, day, whether on a record of a child, whether of an adult suspect; by knot. `split`: how many
    knots were untied, by reason.
    """

    of_entry: Numbers
    births: Numbers
    split: dict[str, int]

    def __len__(self) -> int:
        return int(self.of_entry.max(initial=-1)) + 1

    def known(self, knot: int) -> Known:
        """What is known of the births of a knot."""
        rows = self.births[self._begin[knot] : self._begin[knot + 1]]
        return _by_knot(rows).get(knot, NOTHING)

    def contradictions(self, left: Numbers, right: Numbers) -> np.ndarray[Any, np.dtype[np.int8]]:
        """Of each pair of knots, why the two cannot be one person, as its place in `REASONS`."""
        begin = self._begin
        pair, one, other = _crossed(begin[left], begin[left + 1], begin[right], begin[right + 1])
        a, b = self.births[one], self.births[other]
        far = far_apart_days(a[:, 1], b[:, 1])
        both = ((a[:, 2] * b[:, 3]) | (a[:, 3] * b[:, 2])).astype(bool)
        found = np.zeros(len(left), np.int8)
        found[pair[both & (np.abs(a[:, 1] - b[:, 1]) > CLOSE_DAYS)]] = REASONS.index(CHILD_AND_ADULT)
        found[pair[far]] = REASONS.index(FAR_BIRTHS)
        return found

    @cached_property
    def _begin(self) -> Numbers:
        """Where in `births` the rows of each knot begin, and at last where they end."""
        return np.searchsorted(self.births[:, 0], np.arange(len(self) + 1))


def _crossed(begin: Numbers, end: Numbers, other_begin: Numbers, other_end: Numbers) -> tuple[Numbers, ...]:
    """Of each pair of two runs of rows, every row of the one with every row of the other: pair, row, row."""
    ours, theirs = end - begin, other_end - other_begin
    times = ours * theirs
    pair = np.repeat(np.arange(len(begin)), times)
    turn = np.arange(len(pair)) - np.repeat(np.cumsum(times) - times, times)
    return pair, begin[pair] + turn // theirs[pair], other_begin[pair] + turn % theirs[pair]


def tie(plain: Plain) -> Knots:
    """The knots of entries."""
    rows = plain.rows
    by_number, by_names = _codes(rows["number"]), _codes(_names_and_birthday(rows))
    days = day_numbers(rows["born"].combine_chunks())
    first = connected([by_number, by_names])
    split: Counter[str] = Counter()
    bad = _contradicting(first, days, rows["part"], split)
    if bad.size:
        by_number = np.where(np.isin(first, bad), -1, by_number)
        first = connected([by_number, by_names])
        apart = _contradicting(first, days, rows["part"], Counter())
        if apart.size:  # the same names and birthday as a child and as an adult suspect, each alone
            by_names = np.where(np.isin(first, apart), -1, by_names)
            first = connected([by_number, by_names])
    return Knots(first, _births(np.flatnonzero(days != NO_DAY), first, days, rows["part"]), dict(split))


def connected(keys: list[Numbers]) -> Numbers:
    """The number of each entry's knot: entries with a key in common are tied; a key below 0 is missing."""
    count = len(keys[0])
    edges, offset = [], count
    for key in keys:
        has = np.flatnonzero(key >= 0)
        edges.append((has, key[has] + offset))
        offset += int(key.max(initial=-1)) + 1
    left, right = (np.concatenate(part) for part in zip(*edges, strict=True))
    graph = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(offset, offset))
    labels = connected_components(graph, directed=False)[1][:count]
    return in_order(labels)


def in_order(labels: Numbers) -> Numbers:
    """Labels as 0, 1, 2 ... in the order in which they first stand."""
    first = first_of_each(labels)
    rank: Numbers = np.empty(int(labels.max(initial=-1)) + 1, np.int64)
    rank[labels[np.sort(first)]] = np.arange(len(first))
    found: Numbers = rank[labels]
    return found


def first_of_each(labels: Numbers) -> Numbers:
    """The place at which each label (a whole number from 0) first stands, by label; labels that stand nowhere are left
    out."""
    first: Numbers = np.full(int(labels.max(initial=-1)) + 1, -1)
    # Of several values for one place the last stays: read backwards, that is the first.
    first[labels[::-1]] = np.arange(len(labels) - 1, -1, -1)
    return first[first >= 0]


def _names_and_birthday(rows: pa.Table) -> pa.ChunkedArray:
    letters = [pc.replace_substring(rows[name], " ", "") for name in ("family", "given_all")]
    return pc.binary_join_element_wise(*letters, rows["born"].cast(pa.string()), ",")


def _codes(column: pa.ChunkedArray) -> Numbers:
    coded = column.combine_chunks().dictionary_encode()
    found: Numbers = pc.fill_null(coded.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    return found


def _contradicting(knot: Numbers, days: Numbers, part: pa.ChunkedArray, split: Counter[str]) -> Numbers:
    """The knots in which entries contradict one another."""
    has = days != NO_DAY
    knots = int(knot.max(initial=-1)) + 1
    first, last = np.full(knots, np.iinfo(np.int64).max), np.full(knots, NO_DAY)
    np.minimum.at(first, knot[has], days[has])
    np.maximum.at(last, knot[has], days[has])
    doubtful = np.flatnonzero(last > first)
    among = np.flatnonzero(has & np.isin(knot, doubtful))
    known = _by_knot(_births(among, knot, days, part))
    bad = [(one, reason) for one, told in known.items() if (reason := contradicts_itself(told))]
    split.update(reason for _, reason in bad)
    return np.array([one for one, _ in bad], dtype=np.int64)


def _births(places: Numbers, knot: Numbers, days: Numbers, part: pa.ChunkedArray) -> Numbers:
    """The births on the entries in these places, each once: knot, day, as a child, as an adult suspect."""
    parts = part.combine_chunks()
    is_part = [pc.fill_null(pc.equal(parts, one), False) for one in (CHILD, ADULT_SUSPECT)]
    marks = [one.to_numpy(zero_copy_only=False)[places] for one in is_part]
    told = np.stack([knot[places], days[places], *marks], axis=1).astype(np.int64)
    told = told[np.lexsort(told.T[::-1])]
    new = np.ones(len(told), bool)
    new[1:] = (told[1:] != told[:-1]).any(axis=1)
    return told[new]


def _by_knot(births: Numbers) -> dict[int, Known]:
    found: dict[int, tuple[set[int], set[int], set[int]]] = {}
    for one, day, as_child, as_adult in births.tolist():
        born, young, grown = found.setdefault(one, (set(), set(), set()))
        born.add(day)
        if as_child:
            young.add(day)
        if as_adult:
            grown.add(day)
    return {one: Known(*(frozenset(days) for days in sets)) for one, sets in found.items()}
