"""Capture histories as bit masks, and sums of counts over histories.

With t lists, a history is a number from 1 to 2^t - 1: bit i is set if the person is on list i. History 0 is that of the
hidden persons, who are on no list. An effect of a log-linear model is coded in the same way: bits 0 and 2 are the
interaction of the first and the third list, 0 is the intercept. Public interfaces use the names of lists.

Arrays have one row for each history and one column for each table, so that many tables are processed at once.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def superset_sums(values: Floats) -> Floats:
    """Return for each effect the sum over the histories that contain it (margins); shape (2^t, tables)."""
    out = values.copy()
    for bit in range(list_count(len(out))):
        halves = out.reshape(len(out) >> (bit + 1), 2, 1 << bit, *out.shape[1:])
        halves[:, 0] += halves[:, 1]
    return out


def subset_sums(values: Floats) -> Floats:
    """Return for each history the sum over the effects it contains (linear predictor); shape (2^t, tables)."""
    out = values.copy()
    for bit in range(list_count(len(out))):
        halves = out.reshape(len(out) >> (bit + 1), 2, 1 << bit, *out.shape[1:])
        halves[:, 1] += halves[:, 0]
    return out


def list_count(size: int) -> int:
    """Return the number of lists t of an array with 2^t rows."""
    return size.bit_length() - 1


def lists_on(cells: int) -> Ints:
    """Return the number of lists in each history."""
    return np.array([cell.bit_count() for cell in range(cells)])


def history_matrix(lists: int) -> Ints:
    """Return the matrix of histories (rows) and lists (columns), 1 if the history has the list; shape (2^t, t)."""
    return (np.arange(1 << lists)[:, None] >> np.arange(lists)) & 1


def effects_of_order(lists: int, order: int) -> list[int]:
    """Return all effects of `order` lists in lexicographic order: 12, 13, 14, 23, 24, 34."""
    return [bitmask(combination) for combination in combinations(range(lists), order)]


def bitmask(bits: Iterable[int]) -> int:
    """Return the number with these bits set."""
    return sum(1 << bit for bit in bits)


def set_bits(mask: int) -> tuple[int, ...]:
    """Return the bits that are set, lowest first."""
    return tuple(bit for bit in range(mask.bit_length()) if mask >> bit & 1)


def closure(generators: Iterable[int]) -> frozenset[int]:
    """Return the generators and all effects they contain, including the intercept."""
    effects = {0}
    for generator in generators:
        subset = generator
        while subset:
            effects.add(subset)
            subset = (subset - 1) & generator
    return frozenset(effects)


def maximal_effects(effects: Iterable[int]) -> tuple[int, ...]:
    """Return the effects that no other effect contains, in the order of their lists."""
    distinct = set(effects)
    maximal_masks = [
        effect for effect in distinct if not any(effect != other and effect & other == effect for other in distinct)
    ]
    return tuple(sorted(maximal_masks, key=lambda mask: set_bits(mask)))


def effect_name(mask: int, lists: Sequence[str]) -> str:
    """Return the name of an effect from the names of its lists: LA*NG."""
    return "*".join(lists[bit] for bit in set_bits(mask))
