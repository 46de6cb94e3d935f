"""Grid of numbers of hidden persons, with quadrature weights.

The numbers are close together where they are small and lie ever further apart, in equal steps of the logarithm. Each
stands for those around it (its weight is half the way to its neighbours). The grid reaches to a thousand times the
persons seen and further while there is mass at its end: a grid that ends too soon can hide a whole mode behind a tidy
tail (Netherlands data: a third of the posterior lies beyond ten times the seen).
"""

from dataclasses import dataclass

import numpy as np

from assay.stats.multiple_systems.capture_histories import Floats

INITIAL_REACH = 1000
"""The grid reaches to so many times the persons seen, at first."""
MAXIMUM_REACH = 1_000_000
"""And to so many at most."""


@dataclass(frozen=True)
class HiddenCountGrid:
    """Numbers of hidden persons, rising, and how many whole numbers each stands for."""

    hidden: Floats
    weight: Floats


def whole_numbers(last: int) -> HiddenCountGrid:
    """Every whole number from 0 to `last`, as dga has it."""
    return HiddenCountGrid(np.arange(last + 1.0), np.ones(last + 1))


def log_grid(last: float, points: int) -> HiddenCountGrid:
    """About so many numbers from 0 to `last`, in equal steps of log(1 + hidden)."""
    return trapezoid_grid(np.unique(np.round(np.expm1(np.linspace(0, np.log1p(last), points)))))


def trapezoid_grid(hidden: Floats) -> HiddenCountGrid:
    """The grid of these numbers, with the weights of the trapezoid rule over whole numbers."""
    gaps = np.diff(hidden)
    weight = np.ones(len(hidden))
    weight[0] = (gaps[0] + 1) / 2
    weight[-1] = (gaps[-1] + 1) / 2
    weight[1:-1] = (gaps[:-1] + gaps[1:]) / 2
    return HiddenCountGrid(hidden, weight)


def refine_grid(grid: HiddenCountGrid, mass: Floats, points: int) -> HiddenCountGrid:
    """The grid with more numbers where the mass is: each gap is cut into parts in proportion to what it holds.

    A share of the new numbers goes to every gap alike, so that a narrow mode between two numbers is not passed over.
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
    """The least number of hidden at or under which is at least each share of the mass, to the nearest person.

    Between two numbers of the grid the mass is spread evenly over the whole numbers.
    """
    edges = np.concatenate([[grid.hidden[0] - 0.5], (grid.hidden[1:] + grid.hidden[:-1]) / 2, [grid.hidden[-1] + 0.5]])
    cumulative = np.concatenate([[0.0], np.cumsum(mass) / mass.sum()])
    positions = np.interp(levels, cumulative, edges)
    return np.asarray(np.ceil(positions - 0.5))
