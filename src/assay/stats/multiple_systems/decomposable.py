"""How many are hidden, averaged over every way in which the lists may hang together?

Every decomposable graph on three to seven lists, with a Dirichlet prior on the chances of the histories (Madigan &
York 1997, Biometrika 84:19): given the number of hidden persons the likelihood of a graph is in closed form, so that
the average over graphs and numbers is exact on its grid and nothing is sampled. The likelihood of a graph is a sum of
one term a list, looked up in a table of 2^(lists-1) terms a list.

`concentration` is the prior count in each history, 2^-lists if not said. It matters much more than it looks: at 0.5
five sparse lists are all but explained by the graph in which everything hangs together, which knows nothing of the
hidden. So the answer is also given at half and twice the concentration, and a warning when that graph takes over.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, logsumexp

from assay.stats.multiple_systems.capture_histories import Floats, places
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.decomposable_graphs import Neighbours, decomposable_graphs, edges
from assay.stats.multiple_systems.hidden_count_grid import FARTHEST, REACH, Grid, log_grid, quantiles, refined
from assay.stats.multiple_systems.hidden_estimates import Estimate

LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
COARSE = 129
FINE = {6: 400, 7: 200}
"""Further numbers of the grid, where the posterior is; for up to five lists 1,500."""
TAIL = 1e-4
"""The grid is made longer while its last tenth (in logarithms) holds more than this."""
TAKES_OVER = 0.5
"""From this weight on, the graph in which all lists hang together is said to have taken over."""
SHOWN_MODE = 0.001
"""Modes with less of the posterior than this are not told."""
TOGETHER = 500
"""Graphs worked on at a time."""
AT_ONCE = 256
"""Numbers of the grid at which they are: what lies in the processor's own memory is not fetched anew for each list."""

LogPrior = Callable[[Floats], Floats]
"""The log of the prior weight of each number of persons, up to a constant."""


def prior_inverse(population: Floats) -> Floats:
    """1/N, which is no more partial to one order of magnitude than to another."""
    return np.asarray(-np.log(population))


def prior_negative_binomial(mean: float, size: float) -> LogPrior:
    """A negative binomial with this mean and size (variance mean + mean^2 / size)."""
    chance = size / (size + mean)
    return lambda n: np.asarray(gammaln(n + size) - gammaln(n + 1) + n * np.log1p(-chance))


def prior_up_to(most: float, inner: LogPrior = prior_inverse) -> LogPrior:
    """A prior that rules out more persons than there are, for instance than children of that age in the country."""
    return lambda n: np.where(n <= most, inner(n), -np.inf)


@dataclass(frozen=True)
class Mode:
    """A hill of the posterior: where its top is, and what share of the posterior lies between its valleys."""

    population: float
    share: float
    low_valley: float
    high_valley: float


@dataclass(frozen=True)
class GraphWeight:
    """A graph's posterior probability; `joined` are the pairs of lists that hang together."""

    joined: tuple[tuple[str, str], ...]
    weight: float


@dataclass(frozen=True)
class Decomposable:
    """The posterior over numbers of persons (`population`, `density` a person, `mass` a number of the grid).

    `graphs`: those with most weight. `modes`: from the smallest number on. `other_concentrations`: (prior count,
    median, 2.5% and 97.5% limits) at half and twice the concentration.
    """

    estimate: Estimate
    population: Floats
    density: Floats
    mass: Floats
    modes: tuple[Mode, ...]
    graphs: tuple[GraphWeight, ...]
    saturated_weight: float
    other_concentrations: tuple[tuple[float, float, float, float], ...] = ()


def decomposable(
    table: CaptureTable,
    *,
    concentration: float | None = None,
    log_prior: LogPrior = prior_inverse,
    grid: Grid | None = None,
    sensitivity: bool = True,
) -> Decomposable:
    """Average over all decomposable graphs; the grid adapts unless one is given. Refuses more than seven lists."""
    lists = len(table.lists)
    prior_count = concentration or 2.0**-lists
    graphs = decomposable_graphs(lists)
    terms = _Terms(table.counts, prior_count, log_prior, graphs)
    found, log_mass, weights = terms.on(grid) if grid else _adapted(terms)
    mass = np.exp(log_mass - log_mass.max())
    mass /= mass.sum()
    modes = _modes(table.persons, found, mass)
    others = tuple(_at(table, prior_count * k, log_prior, found) for k in (0.5, 2.0)) if sensitivity else ()
    estimate = _estimate(table, prior_count, len(graphs), found, mass)
    saturated = float(weights[_saturated(graphs)])
    estimate = estimate.warned(
        _taken_over(saturated, lists), _many_modes(modes), _cut_off(mass, grid), _moved(estimate, others)
    )
    return Decomposable(
        estimate=estimate,
        population=table.persons + found.hidden,
        density=mass / found.weight,
        mass=mass,
        modes=modes,
        graphs=_heaviest(graphs, weights, table.lists),
        saturated_weight=saturated,
        other_concentrations=others,
    )


class _Terms:
    """The likelihood of all graphs at given numbers of hidden persons."""

    def __init__(self, counts: Floats, prior_count: float, log_prior: LogPrior, graphs: Neighbours) -> None:
        self.counts, self.prior_count, self.log_prior, self.graphs = counts, prior_count, log_prior, graphs
        lists = graphs.shape[1]
        self.rows = graphs.astype(np.int64) + (np.arange(lists) << lists)

    def on(self, grid: Grid) -> tuple[Grid, Floats, Floats]:
        """The grid, the log posterior mass at each of its numbers, and the weight of each graph."""
        table, common = self._table(grid.hidden), self._common(grid)
        by_number = np.full(len(grid.hidden), -np.inf)
        by_graph = np.full(len(self.rows), -np.inf)
        for first in range(0, len(self.rows), TOGETHER):
            some = slice(first, first + TOGETHER)
            for begin in range(0, len(grid.hidden), AT_ONCE):
                numbers = slice(begin, begin + AT_ONCE)
                of_graphs, of_numbers = self._summed(self.rows[some], table[:, numbers], common[numbers])
                by_graph[some] = np.logaddexp(by_graph[some], of_graphs)
                by_number[numbers] = np.logaddexp(by_number[numbers], of_numbers)
        return grid, by_number, np.exp(by_graph - logsumexp(by_graph))

    @staticmethod
    def _summed(rows: NDArray[np.int64], table: Floats, common: Floats) -> tuple[Floats, Floats]:
        """The log likelihood of each of these graphs over all these numbers, and at each number over all graphs."""
        log = table[rows[:, 0]] + common
        for place in range(1, rows.shape[1]):
            log += table[rows[:, place]]
        highest = max(log.max(), np.finfo(float).min)  # a prior may rule out all of these numbers
        log -= highest
        np.exp(log, out=log)
        with np.errstate(divide="ignore"):
            return np.log(log.sum(axis=1)) + highest, np.log(log.sum(axis=0)) + highest

    def _table(self, hidden: Floats) -> Floats:
        """For each list and each set of neighbours, the log chance of the list given them; (lists * 2^lists, numbers).

        The marginal likelihood of the counts over a set of lists is that of a Dirichlet-multinomial without its
        multinomial coefficient; that of a list given its neighbours is a ratio of two.
        """
        lists = self.graphs.shape[1]
        sets = np.array([self._of_set(mask, hidden) for mask in range(1 << lists)])
        table = np.zeros((lists << lists, len(hidden)))
        for place in range(lists):
            for near in range(1 << lists):
                if not near >> place & 1:
                    table[place << lists | near] = sets[near | 1 << place] - sets[near]
        return table

    def _of_set(self, mask: int, hidden: Floats) -> Floats:
        lists = self.graphs.shape[1]
        chosen = places(mask)
        cells = np.arange(len(self.counts))
        index = np.zeros_like(cells)
        for new, old in enumerate(chosen):
            index |= (cells >> old & 1) << new
        margin = np.bincount(index, weights=self.counts, minlength=1 << len(chosen))
        prior = self.prior_count * 2.0 ** (lists - len(chosen))
        seen = gammaln(margin[1:] + prior).sum()
        return np.asarray(gammaln(margin[0] + hidden + prior) + seen - gammaln(prior) * len(margin))

    def _common(self, grid: Grid) -> Floats:
        """What all graphs share: the multinomial coefficient, the prior, and the weight of the grid.

        The chance of no list at all, lgamma(N + a) - lgamma(a), is part of each set and is taken off once a component
        by the ratios; nothing is left of it here.
        """
        seen = self.counts.sum()
        with np.errstate(divide="ignore"):
            weight = np.log(grid.weight)
        return np.asarray(
            gammaln(grid.hidden + seen + 1) - gammaln(grid.hidden + 1) + self.log_prior(grid.hidden + seen) + weight
        )


def _adapted(terms: _Terms) -> tuple[Grid, Floats, Floats]:
    """A grid wide enough that nothing is left beyond it, and close where the posterior is."""
    reach = REACH * max(terms.counts.sum(), 1.0)
    while True:
        coarse, log_mass, _ = terms.on(log_grid(reach, COARSE))
        mass = np.exp(log_mass - logsumexp(log_mass))
        if mass[coarse.hidden > reach**0.9].sum() < TAIL or reach >= FARTHEST * terms.counts.sum():
            break
        reach *= 10
    return terms.on(refined(coarse, mass, FINE.get(terms.graphs.shape[1], 1500)))


def _estimate(table: CaptureTable, prior_count: float, graphs: int, grid: Grid, mass: Floats) -> Estimate:
    limits = table.persons + quantiles(grid, mass, list(LEVELS))
    return Estimate(
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


def _modes(persons: int, grid: Grid, mass: Floats) -> tuple[Mode, ...]:
    """The hills of the density over the logarithm of the population, each with what lies between its valleys."""
    population = persons + grid.hidden
    height = mass / grid.weight * population
    tops, valleys = _tops(height)
    edges_at = [0, *valleys, len(height)]
    found = []
    for top, begin, end in zip(tops, edges_at[:-1], edges_at[1:], strict=True):
        share = float(mass[begin:end].sum())
        if share >= SHOWN_MODE:
            low, high = float(population[begin]), float(population[min(end, len(height)) - 1])
            found.append(Mode(float(population[top]), share, low, high))
    return tuple(found)


def _tops(height: Floats) -> tuple[list[int], list[int]]:
    """Tops that stand at least a twentieth above the valleys beside them, and the valleys between neighbours."""
    tops: list[int] = []
    valleys: list[int] = []
    rising = [i for i in range(len(height)) if _is_top(height, i)]
    for top in rising:
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


def _at(table: CaptureTable, prior_count: float, log_prior: LogPrior, grid: Grid) -> tuple[float, float, float, float]:
    terms = _Terms(table.counts, prior_count, log_prior, decomposable_graphs(len(table.lists)))
    _, log_mass, _ = terms.on(grid)
    low, middle, high = table.persons + quantiles(grid, np.exp(log_mass - log_mass.max()), [0.025, 0.5, 0.975])
    return prior_count, float(middle), float(low), float(high)


def _saturated(graphs: Neighbours) -> int:
    lists = graphs.shape[1]
    joined = np.bitwise_count(graphs).sum(axis=1)
    return int(np.flatnonzero(joined == lists * (lists - 1) // 2)[0])


def _heaviest(graphs: Neighbours, weights: Floats, lists: tuple[str, ...], shown: int = 10) -> tuple[GraphWeight, ...]:
    best = np.argsort(-weights, kind="stable")[:shown]
    return tuple(
        GraphWeight(tuple((lists[a], lists[b]) for a, b in edges(graphs[place])), float(weights[place]))
        for place in best
    )


def _taken_over(weight: float, lists: int) -> str:
    if weight < TAKES_OVER:
        return ""
    return (
        f"The graph in which all {lists} lists hang together holds {weight:.0%} of the weight. It knows nothing of the "
        "hidden, so that the prior speaks and not the lists: take a smaller concentration, or no estimate."
    )


def _many_modes(modes: tuple[Mode, ...]) -> str:
    big = [mode for mode in modes if mode.share >= 0.02]
    if len(big) < 2:
        return ""
    told = " and ".join(f"near {mode.population:,.0f} ({mode.share:.0%})" for mode in big)
    return f"The posterior has {len(big)} modes, {told}: no one number stands for it."


def _cut_off(mass: Floats, given: Grid | None) -> str:
    if given is None:
        return ""
    return (
        f"The grid was given and ends at {given.hidden[-1]:,.0f} hidden persons, with "
        f"{mass[-max(len(mass) // 100, 1) :].sum():.1%} of the posterior in its last hundredth: a mode beyond it would "
        "not be seen."
    )


def _moved(estimate: Estimate, others: tuple[tuple[float, float, float, float], ...]) -> str:
    """How much the answer leans on the prior count."""
    if not others or estimate.population is None:
        return ""
    middles = [middle for _, middle, _, _ in others]
    if max(middles) / min(middles) < 1.25:
        return ""
    told = " and ".join(f"{middle:,.0f} at {count:g}" for count, middle, _, _ in others)
    return f"The answer leans on the prior count: the median is {told}."
