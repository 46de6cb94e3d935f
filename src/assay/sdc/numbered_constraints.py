"""Additivity constraints between numbered cells, as arrays: test them against ranges, merge equal counts, group them.

Tables have tens of thousands of cells, and after each round of secondary suppression all constraints are tested, merged
and grouped again. With numbers instead of cells this takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

NumberedSum = tuple[int, ...]
"""A constraint: the number of its total, then the numbers of its parts."""


@dataclass(frozen=True)
class NumberedSums:
    """Additivity constraints between numbered cells: each total is the sum of its parts.

    Parameters
    ----------
    totals
        The number of the total of each constraint.
    parts
        The numbers of the parts of all constraints, one constraint after another; each has one part at least.
    starts
        The position in `parts` of the first part of each constraint.
    is_usual
        Whether each constraint may be false (`usual_constraints`).
    """

    totals: np.ndarray
    parts: np.ndarray
    starts: np.ndarray
    is_usual: np.ndarray

    @staticmethod
    def from_sums(sums: Sequence[NumberedSum], is_usual: Sequence[bool]) -> NumberedSums:
        """Return these constraints as arrays; those without parts are left out."""
        items = [(item, usual) for item, usual in zip(sums, is_usual, strict=True) if len(item) > 1]
        lengths = [len(item) - 1 for item, _ in items]
        return NumberedSums(
            np.array([item[0] for item, _ in items], dtype=np.intp),
            np.array([part for item, _ in items for part in item[1:]], dtype=np.intp),
            np.cumsum([0, *lengths], dtype=np.intp)[:-1],
            np.array([usual for _, usual in items], dtype=bool),
        )

    def __len__(self) -> int:
        return len(self.totals)

    @property
    def lengths(self) -> np.ndarray:
        """Return the number of parts of each constraint."""
        return np.diff(self.starts, append=len(self.parts))

    def select(self, is_kept: np.ndarray, is_part_kept: np.ndarray | None = None) -> NumberedSums:
        """Return the constraints that are kept, with the parts that are kept; those without parts are left out."""
        owners = np.repeat(np.arange(len(self)), self.lengths)
        part_selection = is_kept[owners] if is_part_kept is None else is_kept[owners] & is_part_kept
        lengths = np.bincount(owners[part_selection], minlength=len(self))
        is_total = is_kept & (lengths > 0)
        starts = np.cumsum([0, *lengths[is_total]], dtype=np.intp)[:-1]
        return NumberedSums(self.totals[is_total], self.parts[part_selection], starts, self.is_usual[is_total])

    def without_zeros(self, low: np.ndarray, high: np.ndarray) -> NumberedSums:
        """Return the constraints that some values in the ranges of the cells satisfy, without cells known to be 0.

        `low` and `high` are the smallest and largest value of each cell, of shape (cells,).
        """
        if not len(self):
            return self
        low_sums, high_sums = (np.add.reduceat(ends[self.parts], self.starts) for ends in (low, high))
        is_zero = (low == 0) & (high == 0)
        is_consistent = (low_sums <= high[self.totals]) & (low[self.totals] <= high_sums)
        return self.select(is_consistent & ~is_zero[self.totals], ~is_zero[self.parts])

    def equalities(self, *, with_usual: bool) -> list[tuple[int, int]]:
        """Return the total and the part of each constraint with one part."""
        positions = np.flatnonzero((self.lengths == 1) & (with_usual | ~self.is_usual))
        return list(zip(self.totals[positions].tolist(), self.parts[self.starts[positions]].tolist(), strict=True))

    def merged(self, representative: np.ndarray) -> list[NumberedSum]:
        """Return each constraint with equal cells merged.

        `representative` has the number of the cell that replaces each cell, of shape (cells,): see `merge_equal`.
        """
        totals, parts = representative[self.totals].tolist(), representative[self.parts].tolist()
        ends = (self.starts + self.lengths).tolist()
        return [
            (total, *parts[start:end]) for total, start, end in zip(totals, self.starts.tolist(), ends, strict=True)
        ]


def usual_by_sum(merged: Iterable[NumberedSum], is_usual: Iterable[bool]) -> dict[NumberedSum, bool]:
    """Return each constraint of two counts or more, with True if it is usual and follows from no other."""
    result: dict[NumberedSum, bool] = {}
    for item, usual in zip(merged, is_usual, strict=True):
        if item[1:] != item[:1]:
            result[item] = result.get(item, True) and bool(usual)
    return result


def merge_equal(pairs: Iterable[tuple[int, int]], size: int) -> tuple[np.ndarray, dict[int, list[int]]]:
    """Merge equal cells (union-find with path halving).

    Parameters
    ----------
    pairs
        Equal cells. The representative of the first cell becomes the one of both.
    size
        Number of all cells.

    Returns
    -------
    representative, members
        The representative of each cell, and the cells of each representative that has others.
    """
    parent = list(range(size))

    def find_root(cell: int) -> int:
        while parent[cell] != cell:
            parent[cell] = cell = parent[parent[cell]]
        return cell

    linked: dict[int, None] = {}
    for first, other in pairs:
        linked[first] = linked[other] = None
        parent[find_root(other)] = find_root(first)
    members: dict[int, list[int]] = {}
    for cell in linked:
        members.setdefault(find_root(cell), []).append(cell)
    representative = np.arange(size, dtype=np.intp)
    representative[list(linked)] = [find_root(cell) for cell in linked]
    return representative, members


def component_labels(sums: Sequence[NumberedSum], size: int) -> np.ndarray:
    """Return the connected component of each cell, of shape (size,): cells linked by a chain of constraints."""
    if not sums:
        return np.arange(size)
    totals = np.repeat([item[0] for item in sums], [len(item) - 1 for item in sums])
    parts = np.array([part for item in sums for part in item[1:]], dtype=np.intp)
    graph = coo_array((np.ones(len(parts), dtype=bool), (totals.astype(np.intp), parts)), shape=(size, size))
    labels: np.ndarray = connected_components(graph, directed=False)[1]
    return labels


def disjoint_groups(sums: Sequence[NumberedSum], labels: np.ndarray) -> list[list[NumberedSum]]:
    """Return the constraints in groups that have no count in common, in order of their first constraints."""
    groups: dict[int, list[NumberedSum]] = {}
    for item, label in zip(sums, labels[[item[0] for item in sums]].tolist() if sums else (), strict=True):
        groups.setdefault(label, []).append(item)
    return list(groups.values())
