"""A reader of released tables, with a linear programme of its own that shares no code with the program's.

The reader knows the policy, every declared constraint, and assumes each default constraint that the released counts do
not contradict: first by itself, then together with the others. Of constraints that contradict each other, those are
left out whose violations add up to the least.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from assay.sdc.linked_tables import sums_between
from assay.sdc.release_tables import Table
from assay.sdc.sum_ranges import DIFFERENCE_PREFIX, Cell, Sum
from assay.sdc.suppression_policy import Policy
from assay.sdc.usual_constraints import usual_constraints

UNLIMITED = 1e5
"""Upper end of the range of a count without an upper bound: more than any count of the countries that are attacked."""
NEARLY = 1e-6
MAX_PAIRS, MIN_CONFIRMED = 30, 4
"""Pairs of solutions for many counts together, and how many counts a pair must confirm to be followed by another."""
OPTIMAL = highspy.HighsModelStatus.kOptimal
Rows = Mapping[str, Sequence[Mapping[str, Any]]]
Equation = dict[int, float]
"""Coefficients of counts, by their number; counts times coefficients add up to 0."""


@dataclass
class Found:
    """What the reader worked out: how many suppressed counts, the default constraints left out, and the narrow counts."""

    attacked: int = 0
    dropped: list[Sum] = field(default_factory=list)
    narrow: dict[Cell, tuple[float, float]] = field(default_factory=dict)


def attack_released(rows: Rows, forms: Mapping[str, Table], policy: Policy, more: Sequence[Sum] = ()) -> Found:
    """Return the suppressed counts that the reader narrows to less than the minimum width of the policy.

    `more` are constraints that the reader knows to hold in these records.
    """
    certain = [*sums_between(rows, forms), *more]
    return attack(rows, forms, policy, certain, [*usual_constraints(rows, forms, policy=policy)])


def attack(
    rows: Rows, forms: Mapping[str, Table], policy: Policy, certain: Sequence[Sum], usual: Sequence[Sum]
) -> Found:
    """Attack the released rows by these constraints, in each group of counts that they connect."""
    row_at = {(name, tuple(row[part] for part in form.key)): row for name, form in forms.items() for row in rows[name]}
    constraints = [*certain, *usual]
    cells = list(dict.fromkeys(cell for item in constraints for cell in (item.total, *item.parts)))
    known = [known_range(row_at[cell[:2]], cell[2], policy) for cell in cells]
    ranges, is_suppressed = np.array([item[:2] for item in known]).reshape(-1, 2), [item[2] for item in known]
    number = {cell: index for index, cell in enumerate(cells)}
    equations = {
        index: equation
        for index, item in enumerate(constraints)
        if (equation := _equation(item, number, ranges)) and _is_possible(equation, ranges)
    }
    found = Found()
    for members in _groups(equations, len(cells)):
        counts = sorted({count for index in members for count in equations[index]})
        suppressed = [position for position, count in enumerate(counts) if is_suppressed[count]]
        place = {count: position for position, count in enumerate(counts)}
        sums = [{place[count]: sign for count, sign in equations[index].items()} for index in members]
        programme = _Programme(ranges[counts], sums)
        dropped = programme.leave_out([position for position, index in enumerate(members) if index >= len(certain)])
        found.attacked += len(suppressed)
        found.dropped += [constraints[members[position]] for position in dropped]
        for position, ends in programme.narrow_counts(suppressed, policy.protection_level).items():
            found.narrow[cells[counts[position]]] = ends
    return found


def known_range(row: Mapping[str, Any], column: str, policy: Policy) -> tuple[float, float, bool]:
    """Return the lowest and the highest possible value of a released count, and whether it is suppressed."""
    words, value = (row.get("suppressed_cells") or "").split(), row.get(column)
    if column.startswith(DIFFERENCE_PREFIX):
        return 0, UNLIMITED, False
    if column in words:
        return 1, policy.suppression_threshold, True
    if f"secondary:{column}" in words:
        return 1, UNLIMITED, True
    half = policy.rounding_base // 2
    return (max(value - half, policy.suppression_threshold + 1), value + half, False) if value else (0, 0, False)


def _equation(constraint: Sum, number: Mapping[Cell, int], ranges: np.ndarray) -> Equation:
    """Return the coefficients of a constraint, without counts that are known to be 0."""
    equation = {number[constraint.total]: -1.0}
    for part in constraint.parts:
        equation[number[part]] = equation.get(number[part], 0) + 1.0
    return {count: sign for count, sign in equation.items() if sign and ranges[count, 1] > 0}


def _is_possible(equation: Equation, ranges: np.ndarray) -> bool:
    ends = [sorted(sign * end for end in ranges[count]) for count, sign in equation.items()]
    return sum(low for low, _ in ends) <= 0 <= sum(high for _, high in ends)


def _groups(equations: Mapping[int, Equation], size: int) -> list[list[int]]:
    """Return the numbers of the equations in groups that have no count in common."""
    numbers = list(equations)
    pairs = [(size + row, count) for row, index in enumerate(numbers) for count in equations[index]]
    shape = (size + len(numbers), size + len(numbers))
    graph = csr_array((np.ones(len(pairs)), tuple(np.array(pairs).reshape(-1, 2).T)), shape=shape)
    labels = connected_components(graph, directed=False)[1][size:]
    groups: dict[int, list[int]] = {}
    for index, label in zip(numbers, labels, strict=True):
        groups.setdefault(label, []).append(index)
    return list(groups.values())


class _Programme:
    """The linear programme of one group, with the smallest and the largest value of each count in its solutions."""

    def __init__(self, ranges: np.ndarray, sums: Sequence[Equation]) -> None:
        self.ranges, self.sums, self.dropped, self.solver = ranges, sums, [], None
        self.low, self.high = np.full(len(ranges), np.inf), np.full(len(ranges), -np.inf)

    def leave_out(self, usual: Sequence[int]) -> list[int]:
        """Leave out the default constraints that are violated where the violations add up to the least."""
        solver = self._solver(elastic=usual)
        solver.run()
        assert solver.getModelStatus() == OPTIMAL, "constraints that always hold contradict each other"
        slack = np.array(solver.getSolution().col_value)[len(self.ranges) :].reshape(2, -1).sum(axis=0)
        self.dropped = [number for number, size in zip(usual, slack, strict=True) if size > NEARLY]
        return self.dropped

    def narrow_counts(self, counts: Sequence[int], width: float) -> dict[int, tuple[float, float]]:
        """Return the ends of the intervals that are narrower than the width, by count."""
        left, rng = [*counts], np.random.default_rng(7)
        for _ in range(MAX_PAIRS):
            costs = rng.choice([-1.0, 1.0], len(left)) * 10 ** rng.uniform(0, 2, len(left))
            self._solve(dict(zip(left, costs, strict=True)))
            self._solve(dict(zip(left, -costs, strict=True)))
            before, left = left, [count for count in left if not self._is_wide(count, width)]
            if len(before) - len(left) < MIN_CONFIRMED:
                break
        for count in left:
            self._solve({count: 1.0})
            self._solve({count: -1.0})
        return {
            count: (float(self.low[count]), float(self.high[count]))
            for count in left
            if not self._is_wide(count, width)
        }

    def _is_wide(self, count: int, width: float) -> bool:
        return bool(self.high[count] - self.low[count] >= width - NEARLY)

    def _solve(self, costs: Mapping[int, float]) -> None:
        if self.solver is None:
            self.solver = self._solver()
            self.solver.setOptionValue("simplex_strategy", 4)  # the primal method can start from the last solution
        objective = np.zeros(len(self.ranges))
        objective[list(costs)] = list(costs.values())
        self.solver.changeColsCost(len(objective), np.arange(len(objective), dtype=np.int32), objective)
        self.solver.run()
        if self.solver.getModelStatus() != OPTIMAL:
            self.solver.clearSolver()
            self.solver.run()
        assert self.solver.getModelStatus() == OPTIMAL
        values = np.array(self.solver.getSolution().col_value)
        self.low, self.high = np.minimum(self.low, values), np.maximum(self.high, values)

    def _solver(self, elastic: Sequence[int] = ()) -> highspy.Highs:
        """Return a solver; the elastic constraints may be violated, at the cost of the violation."""
        size, limit = len(self.ranges), np.zeros(len(self.sums))
        limit[self.dropped] = np.inf
        rows = [dict(equation) for equation in self.sums]
        for position, number in enumerate(elastic):
            rows[number] |= {size + position: 1.0, size + len(elastic) + position: -1.0}
        bounds = np.vstack([self.ranges, np.tile([0.0, np.inf], (2 * len(elastic), 1))])
        lengths = [len(row) for row in rows]
        programme = highspy.HighsLp()
        programme.num_col_, programme.num_row_ = len(bounds), len(rows)
        programme.col_cost_ = np.repeat([0.0, 1.0], [size, 2 * len(elastic)])
        programme.col_lower_, programme.col_upper_ = bounds.T
        programme.row_lower_, programme.row_upper_ = -limit, limit
        programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        programme.a_matrix_.start_ = np.cumsum([0, *lengths]).astype(np.int32)
        programme.a_matrix_.index_ = np.array([count for row in rows for count in row], dtype=np.int32)
        programme.a_matrix_.value_ = np.array([sign for row in rows for sign in row.values()])
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.passModel(programme)
        return solver
