"""Which decomposable graphs are there on a few lists?

A graph is decomposable when its lists can be taken away one by one, each with neighbours that are all joined to one
another. All graphs are gone through side by side: whoever can go, goes. What is kept of a graph is, for each list, the
neighbours that it had when it went; the likelihood of the graph is the product over lists of the chance of the list
given those neighbours, so that no cliques or separators need be known. There are 8, 61, 822, 18,154 and 617,675 for
three to seven lists (OEIS A058862).
"""

from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from assay.stats.multiple_systems.capture_histories import Bools, places
from assay.stats.multiple_systems.estimation_refusals import NoEstimate

FEWEST, MOST = 2, 7
Neighbours = NDArray[np.uint8]
"""(graphs, lists): for each list the neighbours, as bits, that it had when it was taken away."""


@cache
def decomposable_graphs(lists: int) -> Neighbours:
    """All decomposable graphs on so many lists; the first is that without an edge. Refuses more than seven lists."""
    if not FEWEST <= lists <= MOST:
        raise NoEstimate(
            f"Decomposable graphs are averaged over {FEWEST} to {MOST} lists, and there are {lists}: merge lists of "
            "one kind, or leave out the one that says least."
        )
    number = 1 << (lists * (lists - 1) // 2)
    adjacent = _adjacency(np.arange(number, dtype=np.uint32), lists)
    there = np.full(number, (1 << lists) - 1, dtype=np.uint8)
    had = np.zeros((lists, number), dtype=np.uint8)
    finished: list[Neighbours] = []
    while adjacent.shape[1]:
        before = there.copy()
        for place in range(lists):
            _take_away(place, adjacent, there, had)
        done = there == 0
        finished.append(had[:, done].T.copy())
        left = ~done & (there != before)
        adjacent, there, had = adjacent[:, left], there[left], had[:, left]
    return np.concatenate(finished)


def _adjacency(graphs: NDArray[np.uint32], lists: int) -> NDArray[np.uint8]:
    """(lists, graphs): the neighbours of each list as bits; bit k of a graph's number is its k-th possible edge."""
    adjacent = np.zeros((lists, len(graphs)), dtype=np.uint8)
    for bit, (a, b) in enumerate(combinations(range(lists), 2)):
        edge = (graphs >> np.uint32(bit) & np.uint32(1)).astype(np.uint8)
        adjacent[a] |= edge << np.uint8(b)
        adjacent[b] |= edge << np.uint8(a)
    return adjacent


def _take_away(place: int, adjacent: NDArray[np.uint8], there: NDArray[np.uint8], had: NDArray[np.uint8]) -> None:
    """Take one list out of every graph in which its neighbours are all joined, and note them."""
    near = adjacent[place] & there
    going = _joined(place, near, adjacent) & ((there >> np.uint8(place) & np.uint8(1)) == 1)
    had[place] = np.where(going, near, had[place])
    there &= ~(going.astype(np.uint8) << np.uint8(place))


def _joined(place: int, near: NDArray[np.uint8], adjacent: NDArray[np.uint8]) -> Bools:
    """Whether the neighbours are all joined to one another."""
    joined = np.ones(len(near), dtype=bool)
    for other in range(len(adjacent)):
        if other != place:
            without = near & ~np.uint8(1 << other)
            joined &= ((near >> np.uint8(other) & np.uint8(1)) == 0) | ((without & ~adjacent[other]) == 0)
    return joined


def edges(had: Neighbours) -> tuple[tuple[int, int], ...]:
    """The edges of one graph, as pairs of lists."""
    return tuple(sorted({(min(a, b), max(a, b)) for a, near in enumerate(had) for b in places(int(near))}))
