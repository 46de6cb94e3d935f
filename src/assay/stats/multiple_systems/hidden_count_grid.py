"""Grid of numbers of hidden persons, with quadrature weights.

The numbers are equally spaced on the log scale. The weight of each is half the distance between its neighbours
(trapezium rule). The grid extends to a thousand times the persons seen, and further while there is mass at its end: a
grid that is too short can miss a whole mode although its tail looks negligible (Netherlands data: a third of the
posterior is beyond ten times the persons seen).
"""

from dataclasses import dataclass

import numpy as np

from assay.stats.multiple_systems.capture_histories import Floats

INITIAL_REACH = 1000
"""Initial end of the grid, as a multiple of the persons seen."""
MAXIMUM_REACH = 1_000_000
"""Maximum end of the grid, as a multiple of the persons seen."""


@dataclass(frozen=True)
class HiddenCountGrid:
    """Increasing numbers of hidden persons, and their quadrature weights over whole numbers."""

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
