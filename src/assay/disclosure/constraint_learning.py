"""Which equalities and sums hold between the exact counts of several countries, whatever was declared?

Every count column of every table, under fixed values of its key, is one vector over countries, places and groups. The
equalities a = b and the sums a = b + c that hold everywhere are found by linear hashing: the hash of a sum is the sum
of the hashes, so all triples are tried at the cost of all pairs. What holds by chance is told apart by its evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.disclosure.declared import Table
from assay.disclosure.equalities import GROUPS, PLACE, WHOLES, Figure, Rule, Where, cells_of
from assay.disclosure.sums import Cell

LEAST_EVIDENCE = 40.0
"""In bits. A few thousand figures make some 2 ** 33 triples, so that chance alone reaches about that many bits."""
FEWEST_POSITIONS = 4
ABSENT = -1
NAME_A_SPLIT = ("side", "characteristic", "split")
"""Of the columns that name a group, those that say by what people or records are split."""
Counts = NDArray[np.int64]
Rows = Mapping[str, Sequence[dict[str, Any]]]
Position = tuple[int, Where]
"""A country by number, and the place and group in it."""


@dataclass(frozen=True)
class Learned:
    """A constraint that holds in every country, and its evidence in bits.

    A position in which a part counts n gives it log2(1 + n) bits; of two parts that with less decides.
    """

    rule: Rule
    evidence: float


Vectors = Mapping[Figure, Mapping[Position, int]]


def learned_constraints(
    countries: Sequence[Rows],
    forms: Mapping[str, Table],
    least_evidence: float = LEAST_EVIDENCE,
    views: Sequence[Vectors] | None = None,
) -> list[Learned]:
    """The equalities and sums of two that hold wherever their figures were counted, those with most evidence first.

    Parameters
    ----------
    countries : the exact rows of each country's tables, by table.
    forms : the declared tables.
    least_evidence : constraints with less are left out: they may hold by chance.
    views : the `figure_vectors` of the countries, where they are there already.
    """
    found: dict[Rule, Learned] = {}
    for vectors in figure_vectors(countries, forms) if views is None else views:
        for one in constraints_between(vectors, least_evidence):
            found.setdefault(one.rule, one)
    return sorted(found.values(), key=lambda one: -one.evidence)


def figure_vectors(countries: Sequence[Rows], forms: Mapping[str, Table]) -> list[Vectors]:
    """The figures twice: each group of people as a figure of its own over all places, and as one more position."""
    return [_vectors(countries, forms, by_group=False), _vectors(countries, forms, by_group=True)]


def _vectors(countries: Sequence[Rows], forms: Mapping[str, Table], by_group: bool) -> Vectors:
    found: dict[Figure, dict[Position, int]] = {}
    for number, rows in enumerate(countries):
        value = {cell: count for table in rows for cell, count in _counts(table, rows[table], forms[table])}
        wanted = {one for table in rows for one in _figures(rows[table], forms[table], by_group)}
        for one, cells in cells_of(wanted, rows, forms).items():
            places = PLACE in forms[one.table].key
            held = {(number, where): value[cell] for where, cell in cells.items()
                    if cell in value and not (places and where[1] is not None)}  # fmt: skip
            found.setdefault(one, {}).update(held)
    order = list(forms)
    return {one: found[one] for one in sorted(found, key=lambda one: (order.index(one.table), str(one))) if found[one]}


def _figures(rows: Sequence[Mapping[str, Any]], form: Table, by_group: bool) -> Iterator[Figure]:
    if not by_group and PLACE not in form.key:
        return
    loose = (*WHOLES, *GROUPS) if by_group else tuple(WHOLES)
    names = sorted(name for name in form.key if name not in loose)
    for fixed in {tuple((name, row[name]) for name in names) for row in rows}:
        yield from (Figure(form.name, column, fixed) for column in form.protected_counts)


def _counts(table: str, rows: Iterable[Mapping[str, Any]], form: Table) -> Iterator[tuple[Cell, int]]:
    for row in rows:
        key = tuple(row[name] for name in form.key)
        yield from (((table, key, name), row[name]) for name in form.protected_counts if row.get(name) is not None)


def constraints_between(vectors: Vectors, least_evidence: float) -> Iterator[Learned]:
    """The constraints that hold in every position in which all their figures were counted."""
    names, positions = list(vectors), list(dict.fromkeys(one for held in vectors.values() for one in held))
    number = {position: at for at, position in enumerate(positions)}
    counts = np.full((len(names), len(positions)), ABSENT, dtype=np.int64)
    for at, one in enumerate(names):
        held = vectors[one]
        counts[at, [number[position] for position in held]] = list(held.values())
    for signs in dict.fromkeys(_candidates(counts, positions, least_evidence)):
        where = (counts[list(signs)] != ABSENT).all(axis=0)
        total, *parts = (counts[at, where] for at in signs)
        worth = _worth([one for one, is_there in zip(positions, where, strict=True) if is_there])
        evidence = min(float(_evidence(part, worth)) for part in parts)
        if evidence >= least_evidence and (total == sum(parts)).all():
            first, *others = (names[at] for at in signs)
            yield Learned(Rule(first, tuple(others)), evidence)


def _candidates(counts: Counts, positions: Sequence[Position], least: float) -> Iterator[tuple[int, ...]]:
    """Totals and parts, by row, that hold in all positions in which one of the figures was counted."""
    weights, there = _odd_weights(counts.shape[1]), counts != ABSENT
    for asked in np.unique(there, axis=0):
        where = np.flatnonzero(asked)
        if len(where) >= FEWEST_POSITIONS:
            figures = np.flatnonzero(there[:, where].all(axis=1))
            mine = counts[np.ix_(figures, where)]
            enough = _evidence(mine, _worth([positions[int(at)] for at in where])) >= least
            for signs in _by_hash(mine[enough], weights[where]):
                yield tuple(int(figures[enough][at]) for at in signs)


def _odd_weights(length: int) -> NDArray[np.uint64]:
    """Weights of a hash that is linear modulo 2 ** 64; the same on every run."""
    return np.random.default_rng(0).integers(0, 2**63, size=length, dtype=np.uint64) * np.uint64(2) + np.uint64(1)


def _worth(positions: Sequence[Position]) -> NDArray[np.float64]:
    """How much of a position is new: groups of several characteristics are the same records each time, and so are all
    together and those who were children when it was reported."""
    kinds = [(country, frozenset(_splitting(*one) for one in where[0])) for country, where in positions]
    several: dict[int, int] = {}
    for country, _ in dict.fromkeys(kinds):
        several[country] = several.get(country, 0) + 1
    return np.array([1 / several[country] for country, _ in kinds])


def _splitting(name: str, value: object) -> tuple[str, object]:
    return (name, value if name in NAME_A_SPLIT else "")


def _by_hash(counts: Counts, weights: NDArray[np.uint64]) -> Iterator[tuple[int, ...]]:
    hashes = (counts.astype(np.uint64) * weights).sum(axis=1, dtype=np.uint64)
    equal: dict[int, list[int]] = {}
    for at, value in enumerate(hashes.tolist()):
        equal.setdefault(value, []).append(at)
    for first, *others in equal.values():
        yield from ((first, other) for other in others)
    yield from _triples(np.array([held[0] for held in equal.values()], dtype=int), hashes)


def _triples(different: NDArray[np.int_], hashes: NDArray[np.uint64]) -> Iterator[tuple[int, int, int]]:
    """(a, b, c) with hash(a) = hash(b) + hash(c), b before c."""
    if not len(different):
        return
    order = different[np.argsort(hashes[different])]
    in_order = hashes[order]
    for total in different:
        rest = hashes[total] - hashes[different]
        at = np.searchsorted(in_order, rest).clip(max=len(order) - 1)
        for hit in np.flatnonzero(in_order[at] == rest):
            first, second = int(different[hit]), int(order[at[hit]])
            if first < second:
                yield int(total), first, second


def _evidence(counts: Counts, worth: NDArray[np.float64]) -> NDArray[np.float64]:
    return (np.log2(1 + np.maximum(counts, 0)) * worth).sum(axis=-1)
