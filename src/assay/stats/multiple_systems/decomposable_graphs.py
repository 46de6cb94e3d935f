"""Enumerate all decomposable graphs on two to seven lists.

A graph is decomposable if its lists can be eliminated one by one, each with neighbours that are all connected to one
another (a perfect elimination order). All graphs are processed at once. For each graph we store the neighbours that
each list had when it was eliminated; the likelihood of the graph is the product over lists of the conditional
likelihood given those neighbours, so that cliques and separators are not needed. There are 8, 61, 822, 18,154 and
617,675 graphs for three to seven lists (OEIS A058862).
"""

from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from assay.stats.multiple_systems.capture_histories import Bools, set_bits
from assay.stats.multiple_systems.estimation_refusals import NoEstimate

MINIMUM_LISTS, MAXIMUM_LISTS = 2, 7
Neighbours = NDArray[np.uint8]
"""Array of shape (graphs, lists): the neighbours of each list, as bits, when it was eliminated."""


@cache
def decomposable_graphs(lists: int) -> Neighbours:
    """Return all decomposable graphs on this many lists; the first has no edge. NoEstimate with more than seven."""
    if not MINIMUM_LISTS <= lists <= MAXIMUM_LISTS:
        raise NoEstimate(
            f"Decomposable graphs are averaged over {MINIMUM_LISTS} to {MAXIMUM_LISTS} lists, and there are "
            f"{lists}: merge lists of "
            "one kind, or leave out the one that says least."
        )
    number = 1 << (lists * (lists - 1) // 2)
    adjacent = _adjacency(np.arange(number, dtype=np.uint32), lists)
    remaining = np.full(number, (1 << lists) - 1, dtype=np.uint8)
    neighbours = np.zeros((lists, number), dtype=np.uint8)
    finished: list[Neighbours] = []
    while adjacent.shape[1]:
        previous = remaining.copy()
        for list_number in range(lists):
            _eliminate_list(list_number, adjacent, remaining, neighbours)
        is_done = remaining == 0
        finished.append(neighbours[:, is_done].T.copy())
        is_open = ~is_done & (remaining != previous)
        adjacent, remaining, neighbours = adjacent[:, is_open], remaining[is_open], neighbours[:, is_open]
    return np.concatenate(finished)


def _adjacency(graphs: NDArray[np.uint32], lists: int) -> NDArray[np.uint8]:
    """Return the neighbours of each list as bits, shape (lists, graphs); bit k of a graph number is the k-th edge."""
    adjacent = np.zeros((lists, len(graphs)), dtype=np.uint8)
    for bit, (a, b) in enumerate(combinations(range(lists), 2)):
        edge = (graphs >> np.uint32(bit) & np.uint32(1)).astype(np.uint8)
        adjacent[a] |= edge << np.uint8(b)
        adjacent[b] |= edge << np.uint8(a)
    return adjacent


def _eliminate_list(
    number: int, adjacent: NDArray[np.uint8], remaining: NDArray[np.uint8], neighbours: NDArray[np.uint8]
) -> None:
    """Eliminate one list from every graph in which its neighbours form a clique, and store them."""
    present_neighbours = adjacent[number] & remaining
    is_eliminated = _is_clique(number, present_neighbours, adjacent) & (
        (remaining >> np.uint8(number) & np.uint8(1)) == 1
    )
    neighbours[number] = np.where(is_eliminated, present_neighbours, neighbours[number])
    remaining &= ~(is_eliminated.astype(np.uint8) << np.uint8(number))


def _is_clique(number: int, neighbours: NDArray[np.uint8], adjacent: NDArray[np.uint8]) -> Bools:
    """Return for each graph whether these neighbours are all connected to one another."""
    is_joined = np.ones(len(neighbours), dtype=bool)
    for other in range(len(adjacent)):
        if other != number:
            other_neighbours = neighbours & ~np.uint8(1 << other)
            is_joined &= ((neighbours >> np.uint8(other) & np.uint8(1)) == 0) | (
                (other_neighbours & ~adjacent[other]) == 0
            )
    return is_joined


def graph_edges(neighbours: Neighbours) -> tuple[tuple[int, int], ...]:
    """Return the edges of one graph as pairs of lists."""
    return tuple(
        sorted(
            {
                (min(first, second), max(first, second))
                for first, neighbour_bits in enumerate(neighbours)
                for second in set_bits(int(neighbour_bits))
            }
        )
    )
