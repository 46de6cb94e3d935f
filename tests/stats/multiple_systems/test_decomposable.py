"""Are all decomposable graphs enumerated, the average exact, and every mode reported?"""

from functools import partial
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln, logsumexp

from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.decomposable import (
    average_decomposable_graphs,
    log_grid,
    prior_inverse,
    prior_negative_binomial,
    prior_up_to,
    quantiles,
    refine_grid,
    trapezoid_grid,
    whole_numbers,
)
from assay.stats.multiple_systems.decomposable_graphs import decomposable_graphs, graph_edges
from assay.stats.multiple_systems.estimation_refusals import NoEstimate

ABC = ("A", "B", "C")


@pytest.mark.parametrize(("lists", "number"), [(2, 2), (3, 8), (4, 61), (5, 822), (6, 18_154)])
def test_there_are_as_many_decomposable_graphs_as_are_known(lists, number):
    graphs = decomposable_graphs(lists)
    assert len(graphs) == number == len({graph_edges(graph) for graph in graphs})


def test_the_circle_of_four_lists_is_not_decomposable_and_the_others_are():
    found = {graph_edges(graph) for graph in decomposable_graphs(4)}
    circles = [
        edges
        for edges in combinations(list(combinations(range(4), 2)), 4)
        if all(sum(v in edge for edge in edges) == 2 for v in range(4))
    ]
    assert len(circles) == 3 == 2**6 - 61
    assert not any(tuple(sorted(circle)) in found for circle in circles)


def test_eight_lists_are_too_many():
    with pytest.raises(NoEstimate, match="2 to 7 lists, and there are 8"):
        decomposable_graphs(8)


def by_hand(counts, hidden, joined, prior):
    """The log likelihood of one graph on three lists by cliques and separators, with the multinomial coefficient."""

    def weight_of_edges(edges):
        margin = {}
        for cell in product((0, 1), repeat=3):
            key = tuple(cell[place] for place in edges)
            margin[key] = margin.get(key, 0) + (hidden if cell == (0, 0, 0) else counts[cell])
        weight = prior * 2 ** (3 - len(edges))
        return sum(gammaln(count + weight) - gammaln(weight) for count in margin.values())

    whole = gammaln(8 * prior) - gammaln(sum(counts.values()) + hidden + 8 * prior)
    cliques, separators, parts = {
        (): ([(0,), (1,), (2,)], [], 3),
        ((0, 1),): ([(0, 1), (2,)], [], 2),
        ((0, 1), (1, 2)): ([(0, 1), (1, 2)], [(1,)], 1),
        ((0, 1), (0, 2), (1, 2)): ([(0, 1, 2)], [], 1),
    }[joined]
    total = sum(map(weight_of_edges, cliques)) - sum(map(weight_of_edges, separators)) + parts * whole
    return total + gammaln(sum(counts.values()) + hidden + 1) - gammaln(hidden + 1)


def test_the_weights_of_graphs_are_those_of_cliques_and_separators():
    counts = dict(zip(product((0, 1), repeat=3), [0, 9, 14, 5, 20, 6, 4, 3], strict=True))
    lists = {"A" * c[0] + "B" * c[1] + "C" * c[2]: n for c, n in counts.items() if any(c)}
    table = CaptureTable.from_histories(ABC, {"*".join(key): n for key, n in lists.items()})
    found = average_decomposable_graphs(table, concentration=0.5, grid=whole_numbers(400), sensitivity=False)
    weight = {tuple((ABC.index(a), ABC.index(b)) for a, b in g.edges): g.weight for g in found.graphs}
    seen, numbers = sum(counts.values()), np.arange(401)
    log = {
        joined: logsumexp([by_hand(counts, n, joined, 0.5) - np.log(seen + n) for n in numbers])
        for joined in [(), ((0, 1),), ((0, 1), (1, 2)), ((0, 1), (0, 2), (1, 2))]
    }
    for joined, value in log.items():
        assert weight[joined] / weight[()] == pytest.approx(np.exp(value - log[()]), rel=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=7, max_size=7).filter(lambda c: sum(c) > 20))
def test_a_grid_in_steps_of_the_logarithm_says_what_every_whole_number_says(counts):
    table = CaptureTable(ABC, np.array([0, *counts], dtype=float))
    steps = average_decomposable_graphs(table, grid=log_grid(8000, 1500), sensitivity=False)
    whole = average_decomposable_graphs(table, grid=whole_numbers(8000), sensitivity=False)
    for level in (0.1, 0.5, 0.9):
        assert steps.estimate.quantile(level) == pytest.approx(whole.estimate.quantile(level), rel=0.003, abs=1)


def test_the_grid_that_adapts_says_what_every_whole_number_says():
    histories = {"A": 60, "B": 50, "C": 40, "A*B": 12, "A*C": 9, "B*C": 8, "A*B*C": 3}
    table = CaptureTable.from_histories(ABC, histories)
    adapted = average_decomposable_graphs(table, sensitivity=False).estimate
    whole = average_decomposable_graphs(table, grid=whole_numbers(50_000), sensitivity=False).estimate
    for level in (0.025, 0.1, 0.5, 0.9, 0.975):
        assert adapted.quantile(level) == pytest.approx(whole.quantile(level), rel=0.002, abs=1)


def test_the_order_of_the_lists_does_not_matter():
    histories = {"A": 60, "B": 50, "C": 40, "D": 30, "A*B": 12, "A*C": 9, "B*D": 8, "A*B*C": 3}
    first_estimate = average_decomposable_graphs(
        CaptureTable.from_histories(("A", "B", "C", "D"), histories), sensitivity=False
    )
    other = average_decomposable_graphs(CaptureTable.from_histories(("D", "B", "A", "C"), histories), sensitivity=False)
    assert first_estimate.estimate.quantiles == other.estimate.quantiles


def test_a_quantile_is_the_least_number_at_which_the_mass_is_reached():
    grid = whole_numbers(3)
    assert quantiles(grid, np.array([0.1, 0.4, 0.4, 0.1]), [0.05, 0.1, 0.3, 0.5, 0.95]).tolist() == [0, 0, 1, 1, 3]


def test_the_weights_of_a_grid_add_up_to_the_numbers_it_stands_for():
    assert trapezoid_grid(np.array([0.0, 1, 2, 10, 20])).weight.sum() == pytest.approx(21)
    coarse = log_grid(10_000, 50)
    assert coarse.weight.sum() == pytest.approx(10_001)
    assert refine_grid(coarse, np.ones(len(coarse.hidden)), 100).weight.sum() == pytest.approx(10_001)


def test_a_prior_that_knows_how_many_there_can_be_is_kept():
    histories = {"A": 60, "B": 50, "C": 40, "A*B": 3, "A*C": 2, "B*C": 2}
    table = CaptureTable.from_histories(ABC, histories)
    free = average_decomposable_graphs(table, sensitivity=False).estimate
    bounded = partial(average_decomposable_graphs, table, log_prior=prior_up_to(600), sensitivity=False)
    assert free.high > 600 >= bounded().estimate.high
    # Of 2,000 numbers most are ruled out, many at a time: they leave what the numbers that are not say alone.
    upper_bound = 600 - int(table.persons)
    long, cut = (bounded(grid=whole_numbers(last)) for last in (2000, upper_bound))
    assert long.mass[: upper_bound + 1] == pytest.approx(cut.mass)
    assert long.mass[upper_bound + 1 :].sum() == 0
    assert long.saturated_weight == pytest.approx(cut.saturated_weight)


def test_a_negative_binomial_prior_adds_up_to_one_and_has_its_mean():
    n = np.arange(0, 5000.0)
    weight = np.exp(prior_negative_binomial(mean=100, size=3)(n))
    weight /= weight.sum()
    assert (weight * n).sum() == pytest.approx(100, rel=1e-6)
    assert prior_inverse(np.array([1.0, 10.0])).tolist() == pytest.approx([0, -np.log(10)])
