"""Linear programming attack: the smallest and the largest value that a suppressed count can have.

An attacker minimises and maximises a suppressed count subject to all additivity constraints at once; the two values are
the ends of its feasibility interval (HiGHS). The programme has continuous variables. Its interval equals that of whole
numbers in two-way tables and hierarchies; in tables of three or more dimensions the interval of whole numbers can be
narrower.

Two programmes for each count would be slow where thousands are suppressed. One solution gives a possible value of every
count at once, so a few solutions with random objectives show that most counts are protected; only the others are solved
one by one. The programme is built once. Each solution changes only the objective, and starts from the last basis. A
further suppression only widens the intervals, so possible values that were found stay possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import highspy
import numpy as np

from assay.errors import DisclosureError
from assay.sdc.sum_ranges import NO_LIMIT, Range

Signs = Mapping[int, int]
"""An additivity constraint: the coefficient of each count, by its number; counts times coefficients sum to 0."""
Objective = Mapping[int, float]
"""The function to minimise: the cost of each count, by its number."""
ROUNDS = 6
"""Pairs of programmes that are solved for all counts together, before the others are solved one by one."""
TOLERANCE = 1e-6
"""Largest numerical error of a solution, in records."""
MIN_UPPER_BOUND = 1e5
"""Smallest upper bound of a count without limit; it is four times the largest shown count if that is larger."""
PRIMAL_SIMPLEX, DUAL_SIMPLEX = 4, 1
SMALL_PROGRAMME_SUMS = 100
"""Up to this number of constraints a programme is solved without presolve, which would take longer."""
OPTIMAL = highspy.HighsModelStatus.kOptimal


class Attack:
    """An attacker who knows the range of each count and every additivity constraint.

    If no counts satisfy all constraints (the tables were not made from the same records), the constraints that are
    violated when the total violation is smallest are dropped; their numbers are in `contradictory_sums`.

    Attributes
    ----------
    low, high
        The smallest and the largest value of each count in the solutions so far; arrays of the number of counts.
    """

    def __init__(self, ranges: Sequence[Range], sums: Sequence[Signs]) -> None:
        self.sums = sums
        self.contradictory_sums: list[int] = []
        highs = [high for _, high in ranges if high < NO_LIMIT]
        self._upper_bound = max(MIN_UPPER_BOUND, 4.0 * max(highs, default=0))
        self._bounds = np.array([self._finite_range(count_range) for count_range in ranges], dtype=float).reshape(-1, 2)
        self._solver = _solver(_programme(self._bounds, sums))
        self._objective_counts: set[int] = set()
        self.low, self.high = np.full(len(ranges), np.inf), np.full(len(ranges), -np.inf)

    def relax_range(self, count: int, count_range: Range) -> None:
        """Replace the range of a count that was suppressed by a wider one."""
        self._bounds[count] = self._finite_range(count_range)
        self._solver.changeColBounds(count, *self._bounds[count])

    def is_wide_enough(self, count: int, min_width: float) -> bool:
        """Return True if two possible values of the count are known that differ by the minimum width."""
        return bool(self.high[count] - self.low[count] >= min_width - TOLERANCE)

    def find_narrow_counts(self, counts: Iterable[int], min_width: float) -> list[int]:
        """Solve for many counts at once; return those whose possible values do not yet reach the minimum width."""
        narrow = list(counts)
        # Minimising a random mix of +count and -count moves many counts to one end of their interval in one solution.
        rng = np.random.default_rng(0)
        for number in range(ROUNDS):
            narrow = [count for count in narrow if not self.is_wide_enough(count, min_width)]
            if not narrow:
                break
            signs = np.ones(len(narrow)) if number == 0 else rng.choice([-1.0, 1.0], len(narrow))
            for direction in (1.0, -1.0):
                self._solve({count: direction * sign for count, sign in zip(narrow, signs, strict=True)})
        return [count for count in narrow if not self.is_wide_enough(count, min_width)]

    def binding_counts(self, count: int, min_width: float) -> set[int]:
        """Return the counts whose bounds are binding, so that this count cannot reach the minimum width.

        A bound is binding if its reduced cost is not 0; only a wider range of such a count can widen the interval. An
        empty set means that the count reaches the minimum width.
        """
        is_binding = np.zeros(len(self.low), dtype=bool)
        for direction in (1.0, -1.0):
            if self.is_wide_enough(count, min_width):
                return set()
            is_binding |= np.abs(np.array(self._solve({count: direction}).col_dual)) > TOLERANCE
        return set() if self.is_wide_enough(count, min_width) else set(map(int, np.flatnonzero(is_binding)))

    def add_possible_values(self, count: int, low: float, high: float) -> None:
        """Add possible values of a count from solutions that satisfy more sums; they satisfy these sums too."""
        self.low[count], self.high[count] = min(self.low[count], low), max(self.high[count], high)

    def verify_width(self, count: int, min_width: float) -> bool:
        """Return True if two solutions of all constraints differ by `min_width` in this count.

        Returns False also if the constraints contradict each other, because then a solution of fewer constraints may
        not be a solution of these.
        """
        for direction in self._unexplored_directions(count):
            if not self.is_wide_enough(count, min_width):
                self._solve({count: direction})
        return self.is_wide_enough(count, min_width) and not self.contradictory_sums

    def _unexplored_directions(self, count: int) -> list[float]:
        """Return the objective signs for which a count may have values that were not found yet, the wider gap first."""
        below, above = self.low[count] - self._bounds[count, 0], self._bounds[count, 1] - self.high[count]
        gaps = sorted([(below, 1.0), (above, -1.0)], reverse=True)
        return [direction for width, direction in gaps if width > TOLERANCE]

    def _finite_range(self, count_range: Range) -> tuple[float, float]:
        return float(count_range[0]), self._upper_bound if count_range[1] >= NO_LIMIT else float(count_range[1])

    def _solve(self, objective: Objective) -> Any:
        """Return a solution that minimises the objective, and add its values to `low` and `high`."""
        costs = dict.fromkeys(self._objective_counts, 0.0) | dict(objective)
        self._objective_counts = set(objective)
        columns = np.array(list(costs), dtype=np.int32)
        self._solver.changeColsCost(len(columns), columns, np.array(list(costs.values())))
        if self._run() != OPTIMAL and not self._solve_from_scratch():
            self._drop_contradictory_sums()
        solution = self._solver.getSolution()
        values = np.array(solution.col_value)
        np.minimum(self.low, values, out=self.low)
        np.maximum(self.high, values, out=self.high)
        return solution

    def _run(self) -> highspy.HighsModelStatus:
        self._solver.run()
        return self._solver.getModelStatus()

    def _solve_from_scratch(self) -> bool:
        """Solve the programme without the last basis; return True if an optimal solution is found.

        The primal simplex method of HiGHS sometimes ends with status unknown where the dual method finds a solution.
        """
        for method in (PRIMAL_SIMPLEX, DUAL_SIMPLEX):
            self._solver.clearSolver()
            self._solver.setOptionValue("simplex_strategy", method)
            status = self._run()
            self._solver.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
            if status == OPTIMAL:
                return True
        return False

    def _drop_contradictory_sums(self) -> None:
        """Drop the constraints that stay violated when the sum of all violations is minimised (elastic programme)."""
        rows, columns = len(self.sums), len(self._bounds)
        with_slack = [
            {**signs, columns + number: 1, columns + rows + number: -1} for number, signs in enumerate(self.sums)
        ]
        bounds = np.vstack([self._bounds, np.tile([0.0, np.inf], (2 * rows, 1))])
        relaxed = _solver(_programme(bounds, with_slack, costs=np.repeat([0.0, 1.0], [columns, 2 * rows])))
        relaxed.run()
        slack = np.array(relaxed.getSolution().col_value)[columns:].reshape(2, rows).sum(axis=0)
        self.contradictory_sums = [int(number) for number in np.flatnonzero(slack > TOLERANCE)]
        for number in self.contradictory_sums:
            self._solver.changeRowBounds(number, -np.inf, np.inf)
        if relaxed.getModelStatus() != OPTIMAL or not self._solve_from_scratch():
            raise DisclosureError("What a reader could work out could not be calculated, so nothing is released.")


def _programme(bounds: np.ndarray, sums: Sequence[Signs], costs: np.ndarray | None = None) -> highspy.HighsLp:
    """Return the linear programme: one column per count with its bounds, one row per constraint, equal to 0."""
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = len(bounds), len(sums)
    programme.col_cost_ = np.zeros(len(bounds)) if costs is None else costs
    programme.col_lower_, programme.col_upper_ = bounds[:, 0], bounds[:, 1]
    programme.row_lower_ = programme.row_upper_ = np.zeros(len(sums))
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_ = np.cumsum([0, *map(len, sums)]).astype(np.int32)
    programme.a_matrix_.index_ = np.array([count for signs in sums for count in signs], dtype=np.int32)
    programme.a_matrix_.value_ = np.array([sign for signs in sums for sign in signs.values()], dtype=float)
    return programme


def _solver(programme: highspy.HighsLp) -> Any:
    solver = highspy.Highs()
    presolve = "off" if programme.num_row_ <= SMALL_PROGRAMME_SUMS else "choose"
    options = {"output_flag": False, "threads": 1, "simplex_strategy": PRIMAL_SIMPLEX, "presolve": presolve}
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(programme)
    return solver
