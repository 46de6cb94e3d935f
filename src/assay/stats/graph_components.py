"""Connected components and communities (Louvain) of a graph.

A graph is two integer arrays of edges: `left[i]` is connected to `right[i]`; nodes are 0 to `nodes` - 1. Components and
communities are named after their smallest node, so the order of the edges does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

Nodes = NDArray[np.int64]
SEED = 20_250_616
"""Fixed seed, so that the same graph gives the same communities on every run."""


def components(left: Nodes, right: Nodes, nodes: int) -> Nodes:
    """Return the connected component of each node, named after its smallest node."""
    edge_weights = np.ones(len(left), dtype=np.int8)
    graph = sparse.coo_matrix((edge_weights, (left, right)), shape=(nodes, nodes))
    component_count, labels = csgraph.connected_components(graph, directed=False)
    smallest = np.zeros(component_count, dtype=np.int64)
    smallest[labels[::-1]] = np.arange(nodes - 1, -1, -1)  # of several writes the last one stays: the smallest node
    names: Nodes = smallest[labels]
    return names


def degrees(left: Nodes, right: Nodes, nodes: int) -> Nodes:
    """Return the degree of each node; a repeated edge counts once."""
    low, high = np.minimum(left, right), np.maximum(left, right)
    pairs = np.unique(low.astype(np.int64) * nodes + high)
    ends = np.concatenate([pairs // nodes, pairs % nodes])
    return np.bincount(ends, minlength=nodes).astype(np.int64)


def divide_communities(left: Nodes, right: Nodes, parts: Nodes, *, maximum_size: int, seed: int = SEED) -> Nodes:
    """Divide each component of more than `maximum_size` nodes into communities (Louvain); others stay whole.

    `parts` is the result of `components`. Source: Blondel, Guillaume, Lambiotte and Lefebvre, Fast unfolding of
    communities in large networks, Journal of Statistical Mechanics, 2008.
    """
    names = parts.copy()
    edge_parts = parts[left]
    sizes = np.bincount(parts, minlength=len(parts))
    large = np.flatnonzero(sizes > maximum_size)
    order = np.argsort(edge_parts, kind="stable")
    starts = np.searchsorted(edge_parts[order], large, side="left")
    stops = np.searchsorted(edge_parts[order], large, side="right")
    for start, stop in zip(starts, stops, strict=True):
        edges = order[start:stop]
        for members in _louvain(left[edges], right[edges], seed):
            names[members] = members.min()
    return names


def _louvain(left: Nodes, right: Nodes, seed: int) -> Iterator[Nodes]:
    import networkx as nx

    graph = nx.Graph()
    # Sorted, because the result of the algorithm depends on the order of the nodes.
    edges = np.unique(np.stack([np.minimum(left, right), np.maximum(left, right)]), axis=1)
    graph.add_edges_from(edges.T.tolist())
    for members in nx.community.louvain_communities(graph, seed=seed):
        yield np.array(sorted(members), dtype=np.int64)
