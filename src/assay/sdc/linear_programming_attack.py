"""Linear programming attack: the smallest and the largest value that a suppressed count can have.

An attacker minimises and maximises a suppressed count subject to all additivity constraints at once; the two values are
the ends of its feasibility interval (HiGHS). The programme has continuous variables. Its interval equals that of whole
numbers in two-way tables and hierarchies; in tables of three or more dimensions the interval of whole numbers can be
narrower.

Two programmes for each count would be slow where thousands are suppressed. One solution gives a possible value of every
count at once, so a few solutions with random objectives show that most counts are protected; only the others are solved
one by one. Large programmes are solved for many counts by the interior point method, which needs no basis, and for one
count by the simplex method, which starts from the last basis. A further suppression only widens the intervals, so
possible values that were found stay possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import highspy
import numpy as np

from assay.errors import DisclosureError
from assay.sdc.sum_ranges import NO_LIMIT, Range

Signs = Mapping[int, int]
"""An additivity constraint: the coefficient of each count, by its number; counts times coefficients sum to 0."""
Objective = Mapping[int, float]
"""The function to minimise: the cost of each count, by its number."""
MAX_ROUNDS = 40
"""Largest number of pairs of programmes that are solved for many counts together."""
MIN_CONFIRMED, MIN_CONFIRMED_LARGE = 12, 40
"""Fewest counts that a pair of programmes must confirm, so that a further pair costs less than a programme for each. In
a large programme (`LARGE_PROGRAMME_SUMS`) a pair takes 1.2 seconds, and the programme of a protected count 0.03."""
WEIGHT_DECADES = 2.0
"""Decimal orders of magnitude between the largest and the smallest weight of a count in an objective."""
TOLERANCE = 1e-6
"""Largest numerical error of a solution, in records."""
INTERIOR_POINT_TOLERANCE = 1e-3
"""Largest distance of an interior point from the end of an interval, in records. The ends are fractions with small
denominators, because all bounds are whole numbers and nearly all coefficients are 1 or -1. So an interval that is this
close to the minimum width has that width."""
TIME_LIMIT = 600.0
"""Seconds after which a programme counts as not solved, so that a release ends with an error and not never."""
MIN_UPPER_BOUND = 1e5
"""Smallest upper bound of a count without limit; it is four times the largest shown count if that is larger."""
PRIMAL_SIMPLEX, DUAL_SIMPLEX = 4, 1
SMALL_PROGRAMME_SUMS = 100
"""Up to this number of constraints a programme is solved without presolve, which would take longer."""
LARGE_PROGRAMME_SUMS = 6000
"""From this number of constraints on, the interior point method is faster than simplex without a basis."""
OPTIMAL, INFEASIBLE = highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible
TIME_LIMIT_REACHED = highspy.HighsModelStatus.kTimeLimit


class Attack:
    """An attacker who knows the range of each count and every additivity constraint.

    If no counts satisfy all constraints (a default constraint is false, or the tables were not made from the same
    records), the constraints that are violated when the total violation is smallest are dropped; their numbers are in
    `contradictory_sums`. Only default constraints are dropped if that is enough. A dropped constraint stays dropped.

    Parameters
    ----------
    ranges
        The range of each count.
    sums
        The coefficients of each constraint.
    usual_sums
        The numbers of the constraints that have exceptions.

    Attributes
    ----------
    low, high
        The smallest and the largest value of each count in the solutions so far; arrays of the number of counts.
    """

    def __init__(self, ranges: Sequence[Range], sums: Sequence[Signs], usual_sums: Iterable[int] = ()) -> None:
        self.sums, self.usual_sums = sums, sorted(usual_sums)
        self.contradictory_sums: list[int] = []
        highs = [high for _, high in ranges if high < NO_LIMIT]
        self._upper_bound = max(MIN_UPPER_BOUND, 4.0 * max(highs, default=0))
        self._bounds = np.array([self._finite_range(count_range) for count_range in ranges], dtype=float).reshape(-1, 2)
        self._is_large = len(sums) >= LARGE_PROGRAMME_SUMS
        self._simplex_solver: Any = None
        self._interior_point_solvers: list[Any] = []
        self._objective_counts: set[int] = set()
        self._added_columns: list[tuple[int, float]] = []
        """The count and the sign of each column that was added to the simplex programme (`_add_columns`)."""
        self.low, self.high = np.full(len(ranges), np.inf), np.full(len(ranges), -np.inf)
        self._low_error, self._high_error = np.full(len(ranges), TOLERANCE), np.full(len(ranges), TOLERANCE)

    def relax_range(self, count: int, count_range: Range) -> None:
        """Widen the range of a count after the count was suppressed."""
        low, high = self._bounds[count]
        self._bounds[count] = self._finite_range(count_range)
        for solver in self._interior_point_solvers:
            solver.changeColBounds(count, *self._bounds[count])
        added = {-1.0: low - self._bounds[count, 0], 1.0: self._bounds[count, 1] - high}
        if min(added.values()) < 0:  # the range is not wider at both ends
            self._simplex_solver, self._added_columns = None, []
        if self._simplex_solver is not None:
            self._add_columns(count, added)

    def is_wide_enough(self, count: int, min_width: float) -> bool:
        """Return True if two possible values of the count, at least the minimum width apart, are known."""
        shortfall = max(self._low_error[count], self._high_error[count])
        return bool(self.high[count] - self.low[count] >= min_width - shortfall)

    def find_contradictory_sums(self) -> list[int]:
        """Return the numbers of the constraints that are dropped because they contradict others; none if all hold."""
        self._solve_for_many({})
        return self.contradictory_sums

    def find_narrow_counts(self, counts: Iterable[int], min_width: float, min_share: float = 0.0) -> list[int]:
        """Solve for many counts at once; return those whose possible values do not yet reach the minimum width.

        Each pair of programmes minimises and maximises a sum of all these counts with random signs. The weights differ
        by orders of magnitude: where counts limit each other, the one with the largest weight reaches both ends of its
        interval, while equal weights would let none of them do so.

        Parameters
        ----------
        min_share
            No further pair is solved after one that confirms a smaller share of the counts, or fewer than
            `MIN_CONFIRMED` (`MIN_CONFIRMED_LARGE`).
        """
        narrow = [count for count in dict.fromkeys(counts) if not self.is_wide_enough(count, min_width)]
        min_confirmed = MIN_CONFIRMED_LARGE if self._is_large else MIN_CONFIRMED
        rng = np.random.default_rng(0)
        for _ in range(MAX_ROUNDS):
            if not narrow:
                break
            costs = rng.choice([-1.0, 1.0], len(narrow)) * 10 ** rng.uniform(0, WEIGHT_DECADES, len(narrow))
            self._solve_for_many(*(dict(zip(narrow, sign * costs, strict=True)) for sign in (1.0, -1.0)))
            still_narrow = [count for count in narrow if not self.is_wide_enough(count, min_width)]
            is_worthwhile = len(narrow) - len(still_narrow) >= max(min_confirmed, min_share * len(narrow))
            narrow = still_narrow
            if not is_worthwhile:
                break
        return narrow

    def binding_counts(self, count: int, min_width: float) -> set[int]:
        """Return the counts whose bounds keep this count from reaching the minimum width.

        A bound is binding if its reduced cost is not 0; only a wider range of such a count can widen the interval. An
        empty set means that the count reaches the minimum width.
        """
        is_binding = np.zeros(len(self.low), dtype=bool)
        for direction in sorted((1.0, -1.0), key=lambda direction: -self._unexplored_width(count, direction)):
            if self.is_wide_enough(count, min_width):
                return set()
            has_reduced_cost = np.abs(np.array(self._solve({count: direction}).col_dual)) > TOLERANCE
            is_binding |= has_reduced_cost[: len(is_binding)]
            for (added_count, _), is_at_bound in zip(
                self._added_columns, has_reduced_cost[len(is_binding) :], strict=True
            ):
                is_binding[added_count] |= is_at_bound
        return set() if self.is_wide_enough(count, min_width) else set(map(int, np.flatnonzero(is_binding)))

    def add_possible_values(self, count: int, attack: Attack, number: int) -> None:
        """Copy possible values of a count from an attack with more constraints, in which the count has this number.

        The other attack must have dropped none of these constraints, or its values may contradict them.
        """
        if attack.low[number] < self.low[count]:
            self.low[count], self._low_error[count] = attack.low[number], attack._low_error[number]
        if attack.high[number] > self.high[count]:
            self.high[count], self._high_error[count] = attack.high[number], attack._high_error[number]

    def verify_width(self, count: int, min_width: float) -> bool:
        """Return True if two solutions of all constraints differ by `min_width` in this count.

        Returns False also if the constraints contradict each other, because then a solution of fewer constraints may
        not be a solution of these.
        """
        for direction in sorted((1.0, -1.0), key=lambda direction: -self._unexplored_width(count, direction)):
            if self._unexplored_width(count, direction) > TOLERANCE and not self.is_wide_enough(count, min_width):
                self._solve({count: direction})
        return self.is_wide_enough(count, min_width) and not self.contradictory_sums

    def _unexplored_width(self, count: int, direction: float) -> float:
        """Return the distance of the values so far from the lower bound of a count, or for -1 from the upper bound."""
        if direction > 0:
            return float(self.low[count] - self._bounds[count, 0])
        return float(self._bounds[count, 1] - self.high[count])

    def _finite_range(self, count_range: Range) -> tuple[float, float]:
        return float(count_range[0]), self._upper_bound if count_range[1] >= NO_LIMIT else float(count_range[1])

    def _add_columns(self, count: int, added: Mapping[float, float]) -> None:
        """Widen the range of a count in the simplex programme by this much below (-1) and above (1).

        A wider bound of the column would move it if it was at the old one, and the last solution would no longer be a
        solution. The first step of the simplex method would then take several times longer. So the column keeps its
        bounds, and what the count may have beyond them is added as further columns, which are 0 in the last solution.
        """
        rows = np.array([number for number, signs in enumerate(self.sums) if count in signs], dtype=np.int32)
        for sign, width in added.items():
            if width > 0:
                coefficients = np.array([sign * self.sums[number][count] for number in rows], dtype=float)
                self._simplex_solver.addCol(0.0, 0.0, width, len(rows), rows, coefficients)
                self._added_columns.append((count, sign))

    def _solvers(self) -> list[Any]:
        return [solver for solver in (self._simplex_solver, *self._interior_point_solvers) if solver is not None]

    def _solve_for_many(self, *objectives: Objective) -> None:
        """Minimise each objective, and add the values of the solutions to `low` and `high`."""
        if not self._is_large:
            for objective in objectives:
                self._solve(objective)
            return
        solvers = self._interior_point(len(objectives))
        for solver, objective in zip(solvers, objectives, strict=True):
            costs = np.zeros(len(self._bounds))
            costs[list(objective)] = list(objective.values())
            solver.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
        if INFEASIBLE in _run_together(solvers):
            self._drop_contradictory_sums()
            _run_together(solvers)
        for solver in solvers:
            # The status is unknown if the optimum was not quite reached; any solution of all constraints will do.
            if solver.getInfo().max_primal_infeasibility <= TOLERANCE:
                self._add_values(np.array(solver.getSolution().col_value), INTERIOR_POINT_TOLERANCE)

    def _solve(self, objective: Objective) -> Any:
        """Return a solution that minimises the objective, and add its values to `low` and `high`."""
        solver = self._simplex()
        costs = dict.fromkeys(self._objective_counts, 0.0) | dict(objective)
        self._objective_counts = set(objective)
        added = {len(self._bounds) + position: sign * costs[count]
                 for position, (count, sign) in enumerate(self._added_columns) if count in costs}  # fmt: skip
        costs |= added
        columns = np.array(list(costs), dtype=np.int32)
        solver.changeColsCost(len(columns), columns, np.array(list(costs.values())))
        if _run(solver) != OPTIMAL and not self._solve_from_scratch():
            self._drop_contradictory_sums()
            if not self._solve_from_scratch():
                raise _unsolved_error()
        solution = solver.getSolution()
        values = np.array(solution.col_value)
        for (count, sign), value in zip(self._added_columns, values[len(self._bounds) :], strict=True):
            values[count] += sign * value
        self._add_values(values[: len(self._bounds)])
        return solution

    def _add_values(self, values: np.ndarray, error: float = TOLERANCE) -> None:
        self._low_error[values < self.low] = error
        self._high_error[values > self.high] = error
        np.minimum(self.low, values, out=self.low)
        np.maximum(self.high, values, out=self.high)

    def _solve_from_scratch(self) -> bool:
        """Solve the programme without the last basis; return True if an optimal solution is found.

        The primal simplex method of HiGHS sometimes ends with status unknown where the dual method finds a solution.
        """
        solver = self._simplex()
        for method in (PRIMAL_SIMPLEX, DUAL_SIMPLEX):
            solver.setOptionValue("simplex_strategy", method)
            status = _run_from_scratch(solver)
            solver.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
            if status == OPTIMAL:
                return True
        return False

    def _simplex(self) -> Any:
        """Return the solver for one count after another, which is built when it is first needed."""
        if self._simplex_solver is None:
            self._simplex_solver = _solver(self._programme(), solver="simplex", simplex_strategy=PRIMAL_SIMPLEX)
            if self._is_large:
                # Crossover from an interior point finds a first basis sooner than simplex does.
                self._simplex_solver.setOptionValue("solver", "ipm")
                _run(self._simplex_solver)
                self._simplex_solver.setOptionValue("solver", "simplex")
        return self._simplex_solver

    def _interior_point(self, number: int) -> list[Any]:
        """Return this many solvers for many counts at once, which are built when they are first needed."""
        while len(self._interior_point_solvers) < number:
            self._interior_point_solvers.append(_solver(self._programme(), solver="ipm", run_crossover="off"))
        return self._interior_point_solvers[:number]

    def _programme(self) -> highspy.HighsLp:
        return _programme(self._bounds, self.sums, dropped=self.contradictory_sums)

    def _drop_contradictory_sums(self) -> None:
        """Drop the constraints that stay violated when the sum of all violations is minimised (elastic programme)."""
        violations = self._least_violations(self.usual_sums) or self._least_violations(range(len(self.sums)))
        if violations is None:
            raise _unsolved_error()
        violated = {number for number, violation in violations.items() if violation > TOLERANCE}
        self.contradictory_sums = sorted(violated.union(self.contradictory_sums))
        for solver in self._solvers():
            for number in self.contradictory_sums:
                solver.changeRowBounds(number, -np.inf, np.inf)

    def _least_violations(self, elastic: Sequence[int]) -> dict[int, float] | None:
        """Return the violation of each elastic constraint when their sum is smallest, or None if there is no solution.

        Constraints that were dropped before are violated by nothing.
        Crossover is needed: an interior point would spread one violation over many constraints.
        """
        columns, size = len(self._bounds), len(elastic)
        if not size:
            return None
        with_slack = [dict(signs) for signs in self.sums]
        for position, number in enumerate(elastic):
            with_slack[number] |= {columns + position: 1, columns + size + position: -1}
        bounds = np.vstack([self._bounds, np.tile([0.0, np.inf], (2 * size, 1))])
        costs = np.repeat([0.0, 1.0], [columns, 2 * size])
        programme = _programme(bounds, with_slack, costs, dropped=self.contradictory_sums)
        solver = _solver(programme, solver="ipm" if self._is_large else "choose")
        if _run(solver) != OPTIMAL:
            return None
        slack = np.array(solver.getSolution().col_value)[columns:].reshape(2, size).sum(axis=0)
        return dict(zip(elastic, map(float, slack), strict=True))


def _programme(
    bounds: np.ndarray, sums: Sequence[Signs], costs: np.ndarray | None = None, dropped: Sequence[int] = ()
) -> highspy.HighsLp:
    """Return the linear programme: one column per count with its bounds, one row per constraint, equal to 0."""
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = len(bounds), len(sums)
    programme.col_cost_ = np.zeros(len(bounds)) if costs is None else costs
    programme.col_lower_, programme.col_upper_ = bounds[:, 0], bounds[:, 1]
    limit = np.zeros(len(sums))
    limit[list(dropped)] = np.inf
    programme.row_lower_, programme.row_upper_ = -limit, limit
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_ = np.cumsum([0, *map(len, sums)]).astype(np.int32)
    programme.a_matrix_.index_ = np.array([count for signs in sums for count in signs], dtype=np.int32)
    programme.a_matrix_.value_ = np.array([sign for signs in sums for sign in signs.values()], dtype=float)
    return programme


def _solver(programme: highspy.HighsLp, **options: str | int) -> Any:
    solver = highspy.Highs()
    presolve = "off" if programme.num_row_ <= SMALL_PROGRAMME_SUMS else "choose"
    for name, value in {"output_flag": False, "threads": 1, "presolve": presolve, **options}.items():
        solver.setOptionValue(name, value)
    solver.passModel(programme)
    return solver


def _run_from_scratch(solver: Any) -> highspy.HighsModelStatus:
    solver.clearSolver()
    return _run(solver)


def _run_together(solvers: Sequence[Any]) -> list[highspy.HighsModelStatus]:
    """Solve independent programmes from scratch, each in a thread of its own (HiGHS releases the interpreter's lock).

    Each solution depends on its programme alone, so it is the same whichever ends first, and with one processor.
    """
    with ThreadPoolExecutor(len(solvers)) as pool:
        return list(pool.map(_run_from_scratch, solvers))


def _run(solver: Any) -> highspy.HighsModelStatus:
    """Solve the programme of a solver; return its status. HiGHS counts the time of all runs of a solver together."""
    solver.setOptionValue("time_limit", solver.getRunTime() + TIME_LIMIT)
    solver.run()
    status = solver.getModelStatus()
    if status == TIME_LIMIT_REACHED:
        raise _unsolved_error()
    return status


def _unsolved_error() -> DisclosureError:
    return DisclosureError("What a reader could work out could not be calculated, so nothing is released.")
