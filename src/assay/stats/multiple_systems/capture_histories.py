"""Capture histories as bit masks, and sums of counts over histories.

With t lists a history is a number from 1 to 2^t - 1: bit i is set when list i holds the person. History 0 is that of
the hidden, whom no list holds. An effect of a log-linear model is written alike: bits 0 and 2 are the interaction of
the first and the third list, 0 is the intercept. In the interface lists have names; numbers stay in here.

Arrays hold one history a row and one table a column, so that a thousand tables are worked on at once.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def superset_sums(values: Floats) -> Floats:
    """For each effect, the sum over the histories that contain it: the margins of a table; shape (2^t, tables)."""
    out = values.copy()
    for bit in range(list_count(len(out))):
        halves = out.reshape(len(out) >> (bit + 1), 2, 1 << bit, *out.shape[1:])
        halves[:, 0] += halves[:, 1]
    return out


def subset_sums(values: Floats) -> Floats:
    """For each history, the sum over the effects it contains: the linear predictor; shape (2^t, tables)."""
    out = values.copy()
    for bit in range(list_count(len(out))):
        halves = out.reshape(len(out) >> (bit + 1), 2, 1 << bit, *out.shape[1:])
        halves[:, 1] += halves[:, 0]
    return out


def list_count(size: int) -> int:
    """The number of lists of an array with 2^t rows."""
    return size.bit_length() - 1


def lists_on(cells: int) -> Ints:
    """How many lists hold a person with each history."""
    return np.array([cell.bit_count() for cell in range(cells)])


def history_matrix(lists: int) -> Ints:
    """A row a history, a column a list, 1 where the list holds the person; shape (2^t, t)."""
    return (np.arange(1 << lists)[:, None] >> np.arange(lists)) & 1


def effects_of_order(lists: int, order: int) -> list[int]:
    """All effects of `order` lists, the first list running slowest: 12, 13, 14, 23, 24, 34."""
    return [bitmask(combination) for combination in combinations(range(lists), order)]


def bitmask(bits: Iterable[int]) -> int:
    """The number with these bits set."""
    return sum(1 << bit for bit in bits)


def set_bits(mask: int) -> tuple[int, ...]:
    """The bits that are set, lowest first."""
    return tuple(bit for bit in range(mask.bit_length()) if mask >> bit & 1)


def closure(generators: Iterable[int]) -> frozenset[int]:
    """The generators and everything they contain, the intercept included."""
    effects = {0}
    for generator in generators:
        subset = generator
        while subset:
            effects.add(subset)
            subset = (subset - 1) & generator
    return frozenset(effects)


def maximal_effects(effects: Iterable[int]) -> tuple[int, ...]:
    """The effects that no other contains, in the order of their lists."""
    distinct = set(effects)
    maximal_masks = [
        effect for effect in distinct if not any(effect != other and effect & other == effect for other in distinct)
    ]
    return tuple(sorted(maximal_masks, key=lambda mask: set_bits(mask)))


def effect_name(mask: int, lists: Sequence[str]) -> str:
    """An effect in the names of its lists: LA*NG."""
    return "*".join(lists[bit] for bit in set_bits(mask))
