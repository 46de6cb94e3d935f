"""Are connected components found, and large ones divided into communities?"""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.stats.graph_components import components, degrees, divide_communities

EDGES = st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=30)


def arrays(edges):
    return (np.array([edge[place] for edge in edges], dtype=np.int64) for place in (0, 1))


def found(edges, nodes):
    return components(*arrays(edges), nodes).tolist()


def test_two_chains_are_two_parts_named_by_their_smallest_nodes_and_who_has_no_edge_is_alone():
    assert found([(3, 1), (1, 5), (2, 4)], 6) == [0, 1, 2, 1, 2, 1]


def test_no_edges_leave_everybody_alone():
    assert found([], 3) == [0, 1, 2]


@given(EDGES, st.randoms())
def test_parts_are_those_of_another_library_whatever_the_order_of_the_edges(edges, random):
    shuffled = [edge if random.random() < 0.5 else edge[::-1] for edge in edges]
    random.shuffle(shuffled)
    graph = nx.Graph(edges)
    graph.add_nodes_from(range(20))
    expected = {node: min(part) for part in nx.connected_components(graph) for node in part}
    assert found(edges, 20) == found(shuffled, 20) == [expected[node] for node in range(20)]


def test_an_edge_that_stands_twice_counts_once():
    left, right = arrays([(0, 1), (1, 0), (0, 2)])
    assert degrees(left, right, 3).tolist() == [2, 1, 1]


def ring_of_cliques(number, size):
    """So many heaps of so many nodes, each tied to the next by one edge."""
    inside = [(h * size + a, h * size + b) for h in range(number) for a in range(size) for b in range(a)]
    return inside + [(h * size, (h + 1) % number * size + 1) for h in range(number)]


def test_heaps_that_one_edge_ties_to_the_next_fall_apart_where_they_are_large_and_stay_whole_where_not():
    left, right = arrays(ring_of_cliques(6, 6))
    parts = components(left, right, 36)
    assert set(parts.tolist()) == {0}
    divided = divide_communities(left, right, parts, maximum_size=10)
    assert divided.tolist() == [6 * (node // 6) for node in range(36)]
    assert divide_communities(left, right, parts, maximum_size=36).tolist() == parts.tolist()


@pytest.mark.parametrize("seed", [1, 2])
def test_communities_are_the_same_whatever_the_order_of_the_edges(seed):
    edges = np.array(ring_of_cliques(8, 5))
    mixed = np.random.default_rng(seed).permutation(edges)
    parts = components(edges[:, 0], edges[:, 1], 40)
    communities = divide_communities(edges[:, 0], edges[:, 1], parts, maximum_size=10)
    assert communities.tolist() == divide_communities(mixed[:, 1], mixed[:, 0], parts, maximum_size=10).tolist()
