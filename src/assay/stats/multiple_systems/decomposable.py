"""Bayesian average over all decomposable graphs (Madigan and York 1997).

All decomposable graphs on two to seven lists, with a Dirichlet prior on the probabilities of the histories (Madigan &
York 1997, Biometrika 84:19). Given the number of hidden persons, the likelihood of a graph has a closed form, so the
average over graphs and numbers is exact on its grid and nothing is sampled. The log likelihood of a graph is a sum of
one term for each list, from a table of 2^(lists-1) terms for each list.

`concentration` is the prior count in each history, by default 2^-lists. The result is sensitive to it: at 0.5, five
sparse lists are almost entirely explained by the saturated graph, which carries no information on the hidden persons.
So the result is also given at half and twice the concentration, with a warning if the saturated graph dominates.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, logsumexp

from assay.stats.multiple_systems.capture_histories import Floats, set_bits
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.decomposable_graphs import Neighbours, decomposable_graphs, graph_edges
from assay.stats.multiple_systems.hidden_estimates import HiddenEstimate

# Grid of numbers of hidden persons, with quadrature weights.
#
# The numbers are equally spaced on the log scale. The weight of each is half the distance between its neighbours
# (trapezium rule). The grid extends to a thousand times the persons seen, and further while there is mass at its end: a
# grid that is too short can miss a whole mode although its tail looks negligible (Netherlands data: a third of the
# posterior is beyond ten times the persons seen).

INITIAL_REACH = 1000
"""Initial end of the grid, as a multiple of the persons seen."""
MAXIMUM_REACH = 1_000_000
"""Maximum end of the grid, as a multiple of the persons seen."""


@dataclass(frozen=True)
class HiddenCountGrid:
    """Possible numbers of hidden persons, increasing, with their quadrature weights over whole numbers."""

    hidden: Floats
    weight: Floats


def whole_numbers(last: int) -> HiddenCountGrid:
    """Return the grid of all whole numbers from 0 to `last`, as in the R package dga."""
    return HiddenCountGrid(np.arange(last + 1.0), np.ones(last + 1))


def log_grid(last: float, points: int) -> HiddenCountGrid:
    """Return about `points` numbers from 0 to `last`, equally spaced in log(1 + hidden)."""
    return trapezoid_grid(np.unique(np.round(np.expm1(np.linspace(0, np.log1p(last), points)))))


def trapezoid_grid(hidden: Floats) -> HiddenCountGrid:
    """Return the grid of these numbers, with the weights of the trapezium rule over whole numbers."""
    gaps = np.diff(hidden)
    weight = np.ones(len(hidden))
    weight[0] = (gaps[0] + 1) / 2
    weight[-1] = (gaps[-1] + 1) / 2
    weight[1:-1] = (gaps[:-1] + gaps[1:]) / 2
    return HiddenCountGrid(hidden, weight)


def refine_grid(grid: HiddenCountGrid, mass: Floats, points: int) -> HiddenCountGrid:
    """Return the grid with more points where the mass is: each gap is divided in proportion to its mass.

    A share of the new points is divided equally over all gaps, so that a narrow mode between two points is not missed.
    """
    gap_mass = (mass[1:] + mass[:-1]) / 2
    share = 0.85 * gap_mass / max(gap_mass.sum(), 1e-300) + 0.15 / len(gap_mass)
    gap_points = 1 + np.floor(points * share).astype(int)
    gap_values = [
        np.linspace(low, high, point_count, endpoint=False)
        for low, high, point_count in zip(grid.hidden[:-1], grid.hidden[1:], gap_points, strict=True)
    ]
    return trapezoid_grid(np.unique(np.round(np.concatenate([*gap_values, grid.hidden[-1:]]))))


def quantiles(grid: HiddenCountGrid, mass: Floats, levels: list[float]) -> Floats:
    """Return quantiles of the hidden count at these levels, to the nearest person.

    The mass of a grid point is spread evenly over the whole numbers around it.
    """
    edges = np.concatenate([[grid.hidden[0] - 0.5], (grid.hidden[1:] + grid.hidden[:-1]) / 2, [grid.hidden[-1] + 0.5]])
    cumulative = np.concatenate([[0.0], np.cumsum(mass) / mass.sum()])
    positions = np.interp(levels, cumulative, edges)
    return np.asarray(np.ceil(positions - 0.5))


LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
COARSE_POINTS = 129
FINE_POINTS = {6: 400, 7: 200}
"""Numbers of points added to the grid where the posterior is, by number of lists; 1,500 for up to five lists."""
TAIL = 1e-4
"""The grid is extended while its last tenth (on the log scale) has more mass than this."""
DOMINANT_WEIGHT = 0.5
"""Posterior weight from which the saturated graph dominates."""
MINIMUM_MODE_SHARE = 0.001
"""Modes with a smaller share of the posterior are not reported."""
GRAPH_BATCH = 500
"""Number of graphs processed at once."""
NUMBER_BATCH = 256
"""Number of grid points processed at once, so that the table stays in the processor cache."""

LogPrior = Callable[[Floats], Floats]
"""The log of the prior weight of each number of persons, up to a constant."""


def prior_inverse(population: Floats) -> Floats:
    """Return the log of the prior 1/N, which gives equal weight to each order of magnitude."""
    return np.asarray(-np.log(population))


def prior_negative_binomial(mean: float, size: float) -> LogPrior:
    """Return a negative binomial prior with this mean and size (variance mean + mean^2 / size)."""
    probability = size / (size + mean)
    return lambda population: np.asarray(
        gammaln(population + size) - gammaln(population + 1) + population * np.log1p(-probability)
    )


def prior_up_to(maximum: float, inner: LogPrior = prior_inverse) -> LogPrior:
    """Return a prior truncated at a maximum, for instance the number of children of that age in the country."""
    return lambda population: np.where(population <= maximum, inner(population), -np.inf)


@dataclass(frozen=True)
class Mode:
    """Mode of the posterior: its location, and the share of the posterior between the valleys around it."""

    population: float
    share: float
    low_valley: float
    high_valley: float


@dataclass(frozen=True)
class GraphWeight:
    """Posterior probability of a graph; `edges` are the pairs of dependent lists."""

    edges: tuple[tuple[str, str], ...]
    weight: float


@dataclass(frozen=True)
class DecomposableEstimate:
    """Posterior of the population, on a grid (`population`, `density` per person, `mass` of each grid point).

    `graphs`: those with the largest weights. `modes`: in increasing order. `saturated_weight`: weight of the saturated
    graph. `other_concentrations`: (prior count, median, 2.5% and 97.5% limits) at half and twice the concentration.
    """

    estimate: HiddenEstimate
    population: Floats
    density: Floats
    mass: Floats
    modes: tuple[Mode, ...]
    graphs: tuple[GraphWeight, ...]
    saturated_weight: float
    other_concentrations: tuple[tuple[float, float, float, float], ...] = ()


def average_decomposable_graphs(
    table: CaptureTable,
    *,
    concentration: float | None = None,
    log_prior: LogPrior = prior_inverse,
    grid: HiddenCountGrid | None = None,
    sensitivity: bool = True,
) -> DecomposableEstimate:
    """Average over all decomposable graphs; the grid adapts unless one is given.

    NoEstimate with more than seven lists.
    """
    lists = len(table.lists)
    prior_count = concentration or 2.0**-lists
    graphs = decomposable_graphs(lists)
    terms = _GraphLikelihoods(table.counts, prior_count, log_prior, graphs)
    adapted_grid, log_mass, weights = terms.evaluate_grid(grid) if grid else _adapt_grid(terms)
    mass = np.exp(log_mass - log_mass.max())
    mass /= mass.sum()
    modes = _modes(table.persons, adapted_grid, mass)
    other_concentrations = (
        tuple(
            _quantiles_at_concentration(table, prior_count * factor, log_prior, adapted_grid) for factor in (0.5, 2.0)
        )
        if sensitivity
        else ()
    )
    estimate = _estimate(table, prior_count, len(graphs), adapted_grid, mass)
    saturated = float(weights[_saturated_graph(graphs)])
    estimate = estimate.with_warnings(
        _saturation_warning(saturated, lists),
        _multimodality_warning(modes),
        _truncation_warning(mass, grid),
        _prior_warning(estimate, other_concentrations),
    )
    return DecomposableEstimate(
        estimate=estimate,
        population=table.persons + adapted_grid.hidden,
        density=mass / adapted_grid.weight,
        mass=mass,
        modes=modes,
        graphs=_top_graphs(graphs, weights, table.lists),
        saturated_weight=saturated,
        other_concentrations=other_concentrations,
    )


class _GraphLikelihoods:
    """Likelihoods of all graphs at given numbers of hidden persons."""

    def __init__(self, counts: Floats, prior_count: float, log_prior: LogPrior, graphs: Neighbours) -> None:
        self.counts, self.prior_count, self.log_prior, self.graphs = counts, prior_count, log_prior, graphs
        lists = graphs.shape[1]
        self.rows = graphs.astype(np.int64) + (np.arange(lists) << lists)

    def evaluate_grid(self, grid: HiddenCountGrid) -> tuple[HiddenCountGrid, Floats, Floats]:
        """Return the grid, the log posterior mass at each of its points, and the weight of each graph."""
        table, common = self._table(grid.hidden), self._common_terms(grid)
        by_number = np.full(len(grid.hidden), -np.inf)
        by_graph = np.full(len(self.rows), -np.inf)
        for first in range(0, len(self.rows), GRAPH_BATCH):
            graph_slice = slice(first, first + GRAPH_BATCH)
            for start in range(0, len(grid.hidden), NUMBER_BATCH):
                numbers = slice(start, start + NUMBER_BATCH)
                graph_sums, number_sums = self._sum_terms(self.rows[graph_slice], table[:, numbers], common[numbers])
                by_graph[graph_slice] = np.logaddexp(by_graph[graph_slice], graph_sums)
                by_number[numbers] = np.logaddexp(by_number[numbers], number_sums)
        return grid, by_number, np.exp(by_graph - logsumexp(by_graph))

    @staticmethod
    def _sum_terms(rows: NDArray[np.int64], table: Floats, common: Floats) -> tuple[Floats, Floats]:
        """Return the log likelihood of each graph summed over the numbers, and at each number summed over graphs."""
        log = table[rows[:, 0]] + common
        for place in range(1, rows.shape[1]):
            log += table[rows[:, place]]
        highest = max(log.max(), np.finfo(float).min)  # a prior may rule out all of these numbers
        log -= highest
        np.exp(log, out=log)
        with np.errstate(divide="ignore"):
            return np.log(log.sum(axis=1)) + highest, np.log(log.sum(axis=0)) + highest

    def _table(self, hidden: Floats) -> Floats:
        """Return the log likelihood of each list given each set of neighbours; shape (lists * 2^lists, numbers).

        The marginal likelihood of a set of lists is a Dirichlet-multinomial without its multinomial coefficient; that
        of a list given its neighbours is a ratio of two of these.
        """
        lists = self.graphs.shape[1]
        sets = np.array([self._set_likelihood(mask, hidden) for mask in range(1 << lists)])
        table = np.zeros((lists << lists, len(hidden)))
        for number in range(lists):
            for neighbours in range(1 << lists):
                if not neighbours >> number & 1:
                    table[number << lists | neighbours] = sets[neighbours | 1 << number] - sets[neighbours]
        return table

    def _set_likelihood(self, mask: int, hidden: Floats) -> Floats:
        lists = self.graphs.shape[1]
        bits = set_bits(mask)
        cells = np.arange(len(self.counts))
        index = np.zeros_like(cells)
        for new_bit, old_bit in enumerate(bits):
            index |= (cells >> old_bit & 1) << new_bit
        margin = np.bincount(index, weights=self.counts, minlength=1 << len(bits))
        prior = self.prior_count * 2.0 ** (lists - len(bits))
        seen = gammaln(margin[1:] + prior).sum()
        return np.asarray(gammaln(margin[0] + hidden + prior) + seen - gammaln(prior) * len(margin))

    def _common_terms(self, grid: HiddenCountGrid) -> Floats:
        """Return the terms that all graphs share: multinomial coefficient, prior, and weight of the grid.

        The term of the empty set, lgamma(N + a) - lgamma(a), cancels in the ratios once for each component.
        """
        seen = self.counts.sum()
        with np.errstate(divide="ignore"):
            weight = np.log(grid.weight)
        return np.asarray(
            gammaln(grid.hidden + seen + 1) - gammaln(grid.hidden + 1) + self.log_prior(grid.hidden + seen) + weight
        )


def _adapt_grid(terms: _GraphLikelihoods) -> tuple[HiddenCountGrid, Floats, Floats]:
    """Return a grid with a negligible tail beyond its end, and refined where the posterior is, with its masses."""
    reach = INITIAL_REACH * max(terms.counts.sum(), 1.0)
    while True:
        coarse, log_mass, _ = terms.evaluate_grid(log_grid(reach, COARSE_POINTS))
        mass = np.exp(log_mass - logsumexp(log_mass))
        if mass[coarse.hidden > reach**0.9].sum() < TAIL or reach >= MAXIMUM_REACH * terms.counts.sum():
            break
        reach *= 10
    return terms.evaluate_grid(refine_grid(coarse, mass, FINE_POINTS.get(terms.graphs.shape[1], 1500)))


def _estimate(
    table: CaptureTable, prior_count: float, graphs: int, grid: HiddenCountGrid, mass: Floats
) -> HiddenEstimate:
    limits = table.persons + quantiles(grid, mass, list(LEVELS))
    return HiddenEstimate(
        method="decomposable graphs, averaged",
        seen=table.persons,
        population=float(limits[2]),
        low=float(limits[0]),
        high=float(limits[-1]),
        interval=f"credible interval; median in the middle; prior count {prior_count:g} a history",
        model=f"average over {graphs:,} graphs",
        quantiles=tuple(zip(LEVELS, map(float, limits), strict=True)),
        fingerprint=table.fingerprint(),
    )


def _modes(persons: int, grid: HiddenCountGrid, mass: Floats) -> tuple[Mode, ...]:
    """Return the modes of the density of the log population, each with its share of the posterior."""
    population = persons + grid.hidden
    height = mass / grid.weight * population
    tops, valleys = _tops(height)
    edges_at = [0, *valleys, len(height)]
    modes = []
    for top, begin, end in zip(tops, edges_at[:-1], edges_at[1:], strict=True):
        share = float(mass[begin:end].sum())
        if share >= MINIMUM_MODE_SHARE:
            low, high = float(population[begin]), float(population[min(end, len(height)) - 1])
            modes.append(Mode(float(population[top]), share, low, high))
    return tuple(modes)


def _tops(height: Floats) -> tuple[list[int], list[int]]:
    """Return the local maxima that exceed the valleys beside them by at least 5%, and the valleys between them."""
    tops: list[int] = []
    valleys: list[int] = []
    local_maxima = [i for i in range(len(height)) if _is_top(height, i)]
    for top in local_maxima:
        if not tops:
            tops.append(top)
            continue
        valley = tops[-1] + int(height[tops[-1] : top].argmin())
        if height[valley] < 0.95 * min(height[tops[-1]], height[top]):
            tops.append(top)
            valleys.append(valley)
        elif height[top] > height[tops[-1]]:
            tops[-1] = top
    return tops, valleys


def _is_top(height: Floats, i: int) -> bool:
    left = i == 0 or height[i] > height[i - 1]
    right = i == len(height) - 1 or height[i] >= height[i + 1]
    return bool(left and right and height[i] > 0)


def _quantiles_at_concentration(
    table: CaptureTable, prior_count: float, log_prior: LogPrior, grid: HiddenCountGrid
) -> tuple[float, float, float, float]:
    terms = _GraphLikelihoods(table.counts, prior_count, log_prior, decomposable_graphs(len(table.lists)))
    _, log_mass, _ = terms.evaluate_grid(grid)
    low, middle, high = table.persons + quantiles(grid, np.exp(log_mass - log_mass.max()), [0.025, 0.5, 0.975])
    return prior_count, float(middle), float(low), float(high)


def _saturated_graph(graphs: Neighbours) -> int:
    lists = graphs.shape[1]
    joined = np.bitwise_count(graphs).sum(axis=1)
    return int(np.flatnonzero(joined == lists * (lists - 1) // 2)[0])


def _top_graphs(
    graphs: Neighbours, weights: Floats, lists: tuple[str, ...], maximum: int = 10
) -> tuple[GraphWeight, ...]:
    order = np.argsort(-weights, kind="stable")[:maximum]
    return tuple(
        GraphWeight(
            tuple((lists[first], lists[second]) for first, second in graph_edges(graphs[number])),
            float(weights[number]),
        )
        for number in order
    )


def _saturation_warning(weight: float, lists: int) -> str:
    if weight < DOMINANT_WEIGHT:
        return ""
    return (
        f"The graph in which all {lists} lists hang together holds {weight:.0%} of the weight. It knows nothing of the "
        "hidden, so that the prior speaks and not the lists: take a smaller concentration, or no estimate."
    )


def _multimodality_warning(modes: tuple[Mode, ...]) -> str:
    large_modes = [mode for mode in modes if mode.share >= 0.02]
    if len(large_modes) < 2:
        return ""
    descriptions = " and ".join(f"near {mode.population:,.0f} ({mode.share:.0%})" for mode in large_modes)
    return f"The posterior has {len(large_modes)} modes, {descriptions}: no one number stands for it."


def _truncation_warning(mass: Floats, grid: HiddenCountGrid | None) -> str:
    if grid is None:
        return ""
    return (
        f"The grid was given and ends at {grid.hidden[-1]:,.0f} hidden persons, with "
        f"{mass[-max(len(mass) // 100, 1) :].sum():.1%} of the posterior in its last hundredth: a mode beyond it would "
        "not be seen."
    )


def _prior_warning(
    estimate: HiddenEstimate, other_concentrations: tuple[tuple[float, float, float, float], ...]
) -> str:
    """Return a warning if the median depends strongly on the prior count, otherwise ''."""
    if not other_concentrations or estimate.population is None:
        return ""
    middles = [middle for _, middle, _, _ in other_concentrations]
    if max(middles) / min(middles) < 1.25:
        return ""
    descriptions = " and ".join(f"{middle:,.0f} at {count:g}" for count, middle, _, _ in other_concentrations)
    return f"The answer leans on the prior count: the median is {descriptions}."
