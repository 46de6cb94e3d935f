"""Learn which additivity constraints hold between the exact counts of several synthetic countries.

Each count column of each table, under fixed values of its key, is one vector over countries, places and groups. All
equalities a = b and sums a = b + c between these vectors are found by a random linear hash. The hash of a sum is the
sum of the hashes, so testing all triples costs no more than testing all pairs. Each candidate is then verified exactly.
Coincidences are excluded by a minimum of evidence, in bits (decision 0158).

References
----------
Baran, Demaine and Patrascu (2008), "Subquadratic Algorithms for 3SUM", Algorithmica 50: linear hashing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.sdc.additivity_constraints import GROUPS, PLACE, TOTAL_VALUES, CountSeries, PlaceAndGroup, Rule, cells_of
from assay.sdc.release_tables import Table
from assay.sdc.sum_ranges import Cell

MIN_EVIDENCE_BITS = 40.0
"""A few thousand figures have some 2 ** 33 triples, so the best coincidence among them has about that many bits."""
MIN_POSITIONS = 4
"""A constraint that holds in fewer positions is not considered."""
NOT_COUNTED = -1
SPLIT_COLUMNS = ("side", "characteristic", "split")
"""Key columns that say by which characteristic people or records are divided into groups."""
Counts = NDArray[np.int64]
Rows = Mapping[str, Sequence[dict[str, Any]]]
"""Rows by table."""
Position = tuple[int, PlaceAndGroup]
"""The number of a country, and the place and group in it."""
Vectors = Mapping[CountSeries, Mapping[Position, int]]
"""The count of each figure in each position in which it was counted."""


@dataclass(frozen=True)
class LearnedConstraint:
    """An additivity constraint that holds in every synthetic country, and the strength of the evidence for it.

    Parameters
    ----------
    rule
        The equality or sum.
    evidence
        In bits. A position in which a part counts n adds log2(1 + n) bits; of a sum, the part with the smaller evidence
        is decisive.
    """

    rule: Rule
    evidence: float


def learn_constraints(
    countries: Sequence[Rows],
    forms: Mapping[str, Table],
    min_evidence: float = MIN_EVIDENCE_BITS,
    views: Sequence[Vectors] | None = None,
) -> list[LearnedConstraint]:
    """Return the equalities and sums of two parts that hold wherever all their figures were counted.

    Parameters
    ----------
    countries
        Exact rows of each country, by table.
    forms
        The declared tables.
    min_evidence
        Constraints with fewer bits of evidence are excluded, because they may be coincidences.
    views
        The result of `figure_vectors` for these countries, if it was computed before.

    Returns
    -------
    list
        Sorted by evidence, the strongest first.
    """
    learned: dict[Rule, LearnedConstraint] = {}
    for vectors in figure_vectors(countries, forms) if views is None else views:
        for constraint in constraints_between(vectors, min_evidence):
            learned.setdefault(constraint.rule, constraint)
    return sorted(learned.values(), key=lambda constraint: -constraint.evidence)


def figure_vectors(countries: Sequence[Rows], forms: Mapping[str, Table]) -> list[Vectors]:
    """Return each figure as a vector in two views: one figure for each group of people, or all groups as one figure.

    Some constraints hold for one group only, and others have enough evidence only in all groups together.
    """
    return [_vectors(countries, forms, group_is_position=False), _vectors(countries, forms, group_is_position=True)]


def _vectors(countries: Sequence[Rows], forms: Mapping[str, Table], group_is_position: bool) -> Vectors:
    vectors: dict[CountSeries, dict[Position, int]] = {}
    for number, rows in enumerate(countries):
        count_at = {cell: count for table in rows for cell, count in _counts(table, rows[table], forms[table])}
        figures = {figure for table in rows for figure in _figures(rows[table], forms[table], group_is_position)}
        for figure, cells in cells_of(figures, rows, forms).items():
            has_places = PLACE in forms[figure.table].key
            # The total of all places follows from the places, so it is no evidence of its own.
            counts = {(number, where): count_at[cell] for where, cell in cells.items()
                      if cell in count_at and not (has_places and where[1] is not None)}  # fmt: skip
            vectors.setdefault(figure, {}).update(counts)
    order = list(forms)
    figures_in_order = sorted(vectors, key=lambda figure: (order.index(figure.table), str(figure)))
    return {figure: vectors[figure] for figure in figures_in_order if vectors[figure]}


def _figures(rows: Sequence[Mapping[str, Any]], form: Table, group_is_position: bool) -> Iterator[CountSeries]:
    if not group_is_position and PLACE not in form.key:
        return
    position_columns = (*TOTAL_VALUES, *GROUPS) if group_is_position else tuple(TOTAL_VALUES)
    names = sorted(name for name in form.key if name not in position_columns)
    for fixed in {tuple((name, row[name]) for name in names) for row in rows}:
        yield from (CountSeries(form.name, column, fixed) for column in form.protected_counts)


def _counts(table: str, rows: Iterable[Mapping[str, Any]], form: Table) -> Iterator[tuple[Cell, int]]:
    for row in rows:
        key = tuple(row[name] for name in form.key)
        yield from (((table, key, name), row[name]) for name in form.protected_counts if row.get(name) is not None)


def constraints_between(vectors: Vectors, min_evidence: float) -> Iterator[LearnedConstraint]:
    """Yield the constraints that hold wherever all their figures were counted."""
    figures = list(vectors)
    positions = list(dict.fromkeys(position for counts in vectors.values() for position in counts))
    index = {position: i for i, position in enumerate(positions)}
    matrix = np.full((len(figures), len(positions)), NOT_COUNTED, dtype=np.int64)
    for i, figure in enumerate(figures):
        counts = vectors[figure]
        matrix[i, [index[position] for position in counts]] = list(counts.values())
    for rows in dict.fromkeys(_candidates(matrix, positions, min_evidence)):
        shared = (matrix[list(rows)] != NOT_COUNTED).all(axis=0)
        total, *parts = (matrix[i, shared] for i in rows)
        weights = _position_weights(
            [position for position, is_shared in zip(positions, shared, strict=True) if is_shared]
        )
        evidence = min(float(_evidence(part, weights)) for part in parts)
        if evidence >= min_evidence and (total == sum(parts)).all():
            total_figure, *part_figures = (figures[i] for i in rows)
            yield LearnedConstraint(Rule(total_figure, tuple(part_figures)), evidence)


def _candidates(matrix: Counts, positions: Sequence[Position], min_evidence: float) -> Iterator[tuple[int, ...]]:
    """Yield row numbers (total, then parts) of constraints that hold in all positions in which some figure was counted.

    A figure may lack positions in which it was not asked. So for each distinct set of positions, all figures that were
    counted in the whole set are compared in it.
    """
    weights, is_counted = _hash_weights(matrix.shape[1]), matrix != NOT_COUNTED
    for pattern in np.unique(is_counted, axis=0):
        columns = np.flatnonzero(pattern)
        if len(columns) >= MIN_POSITIONS:
            rows = np.flatnonzero(is_counted[:, columns].all(axis=1))
            counts = matrix[np.ix_(rows, columns)]
            position_weights = _position_weights([positions[int(column)] for column in columns])
            has_evidence = _evidence(counts, position_weights) >= min_evidence
            for candidate in _equal_hashes(counts[has_evidence], weights[columns]):
                yield tuple(int(rows[has_evidence][i]) for i in candidate)


def _hash_weights(length: int) -> NDArray[np.uint64]:
    """Return random odd weights of a hash that is linear modulo 2 ** 64, the same in every run."""
    return np.random.default_rng(0).integers(0, 2**63, size=length, dtype=np.uint64) * np.uint64(2) + np.uint64(1)


def _position_weights(positions: Sequence[Position]) -> NDArray[np.float64]:
    """Return how much each position counts as evidence: 1 / the number of ways in which its records are divided.

    Groups by several characteristics contain the same records each time, and the total contains them once more.
    """
    divisions = [(country, frozenset(_division(*key_value) for key_value in where[0])) for country, where in positions]
    number: dict[int, int] = {}
    for country, _ in dict.fromkeys(divisions):
        number[country] = number.get(country, 0) + 1
    return np.array([1 / number[country] for country, _ in divisions])


def _division(name: str, value: object) -> tuple[str, object]:
    return (name, value if name in SPLIT_COLUMNS else "")


def _equal_hashes(counts: Counts, weights: NDArray[np.uint64]) -> Iterator[tuple[int, ...]]:
    """Yield the row numbers of pairs and triples whose hashes satisfy the constraint."""
    hashes = (counts.astype(np.uint64) * weights).sum(axis=1, dtype=np.uint64)
    groups: dict[int, list[int]] = {}
    for i, value in enumerate(hashes.tolist()):
        groups.setdefault(value, []).append(i)
    for first, *duplicates in groups.values():
        yield from ((first, duplicate) for duplicate in duplicates)
    yield from _triples(np.array([group[0] for group in groups.values()], dtype=int), hashes)


def _triples(rows: NDArray[np.int_], hashes: NDArray[np.uint64]) -> Iterator[tuple[int, int, int]]:
    """Yield row numbers (a, b, c) with hash(a) = hash(b) + hash(c) and b < c; `rows` have different hashes."""
    if not len(rows):
        return
    order = rows[np.argsort(hashes[rows])]
    sorted_hashes = hashes[order]
    for total in rows:
        differences = hashes[total] - hashes[rows]
        candidates = np.searchsorted(sorted_hashes, differences).clip(max=len(order) - 1)
        for match in np.flatnonzero(sorted_hashes[candidates] == differences):
            first, second = int(rows[match]), int(order[candidates[match]])
            if first < second:
                yield int(total), first, second


def _evidence(counts: Counts, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return (np.log2(1 + np.maximum(counts, 0)) * weights).sum(axis=-1)
