"""What could a reader with a linear programme work out about a count that is not shown?

Adding and subtracting uses one sum at a time; a linear programme uses all of them together, and finds the very lowest
and highest value that a count could have (HiGHS). Of whole numbers the true range can only be narrower still where sums
are knotted in three or more directions; in tables and hierarchies of two it is the same.

Two programmes a count would be slow where thousands are hidden. One solution shows possible values of every count at
once, so a few solutions in changing directions clear most; only the others are asked one by one. The programme is built
once; each question changes only what is to be made small, and starts from the last answer. What a solution has shown to
be possible stays so when more is kept back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import highspy
import numpy as np

from assay.errors import DisclosureError
from assay.sdc.sum_ranges import NO_LIMIT, Range

Signs = Mapping[int, int]
"""One sum: which counts it holds, by number, and with which sign, so that nothing is left."""
Wanted = Mapping[int, float]
"""What is to be made small: how much of each count."""
ROUNDS = 6
"""So many pairs of programmes look at all counts together before those that are left are asked one by one."""
NEARLY = 1e-6
FAR = 1e5
"""No count is followed further than this, or than four times the largest that is shown: it stands for no limit."""
PRIMAL_SIMPLEX, DUAL_SIMPLEX = 4, 1
FEW_SUMS = 100
"""A programme of so few sums is solved sooner than it is made smaller (HiGHS calls that presolving)."""
SOLVED = highspy.HighsModelStatus.kOptimal


class Attack:
    """A reader who knows the range of each count by itself, and every sum that must hold.

    Where no set of counts obeys all the sums (they were not made from one set of records), as few as possible are not
    believed: their number is in `not_believed`.
    """

    def __init__(self, ranges: Sequence[Range], sums: Sequence[Signs]) -> None:
        self.sums = sums
        self.not_believed: list[int] = []
        highs = [high for _, high in ranges if high < NO_LIMIT]
        self._far = max(FAR, 4.0 * max(highs, default=0))
        self._bounds = np.array([self._within(one) for one in ranges], dtype=float).reshape(-1, 2)
        self._solver = _solver(_programme(self._bounds, sums))
        self._asked: set[int] = set()
        self.low, self.high = np.full(len(ranges), np.inf), np.full(len(ranges), -np.inf)

    def free(self, count: int, now: Range) -> None:
        """A count was kept back: it may lie anywhere in `now`, which holds its range until now."""
        self._bounds[count] = self._within(now)
        self._solver.changeColBounds(count, *self._bounds[count])

    def apart(self, count: int, enough: float) -> bool:
        """Whether two possible values of a count that have been found lie `enough` apart."""
        return bool(self.high[count] - self.low[count] >= enough - NEARLY)

    def look(self, wanted: Iterable[int], enough: float) -> list[int]:
        """Look at all counts that are wanted together; those whose values are not found to lie `enough` apart."""
        left = list(wanted)
        chance = np.random.default_rng(0)
        for number in range(ROUNDS):
            left = [count for count in left if not self.apart(count, enough)]
            if not left:
                break
            signs = np.ones(len(left)) if number == 0 else chance.choice([-1.0, 1.0], len(left))
            for turned in (1.0, -1.0):
                self._solve({count: turned * sign for count, sign in zip(left, signs, strict=True)})
        return [count for count in left if not self.apart(count, enough)]

    def stopping(self, count: int, enough: float) -> set[int]:
        """The counts whose own ranges stop this one from having values `enough` apart: it can become freer only where
        one of these does. None, if it has such values.
        """
        stops = np.zeros(len(self.low), dtype=bool)
        for turned in (1.0, -1.0):
            if self.apart(count, enough):
                return set()
            stops |= np.abs(np.array(self._solve({count: turned}).col_dual)) > NEARLY
        return set() if self.apart(count, enough) else set(map(int, np.flatnonzero(stops)))

    def learn(self, count: int, low: float, high: float) -> None:
        """Take over the ends of a count in solutions of more sums: they are solutions of these sums as well."""
        self.low[count], self.high[count] = min(self.low[count], low), max(self.high[count], high)

    def are_apart(self, count: int, enough: float) -> bool:
        """Return True if solutions of all sums lie `enough` apart in this count; False also where sums contradict each
        other, because then solutions of fewer sums may not be solutions of these.
        """
        for turned in self._open_ends(count):
            if not self.apart(count, enough):
                self._solve({count: turned})
        return self.apart(count, enough) and not self.not_believed

    def _open_ends(self, count: int) -> list[float]:
        """The directions in which a count may have values that were not found yet, the wider first."""
        below, above = self.low[count] - self._bounds[count, 0], self._bounds[count, 1] - self.high[count]
        room = sorted([(below, 1.0), (above, -1.0)], reverse=True)
        return [turned for width, turned in room if width > NEARLY]

    def _within(self, one: Range) -> tuple[float, float]:
        return float(one[0]), self._far if one[1] >= NO_LIMIT else float(one[1])

    def _solve(self, wanted: Wanted) -> Any:
        """A solution in which what is wanted is as small as it can be; it widens what is known to be possible."""
        costs = dict.fromkeys(self._asked, 0.0) | dict(wanted)
        self._asked = set(wanted)
        places = np.array(list(costs), dtype=np.int32)
        self._solver.changeColsCost(len(places), places, np.array(list(costs.values())))
        if self._run() != SOLVED and not self._is_solved_anew():
            self._disbelieve()
        solved = self._solver.getSolution()
        found = np.array(solved.col_value)
        np.minimum(self.low, found, out=self.low)
        np.maximum(self.high, found, out=self.high)
        return solved

    def _run(self) -> highspy.HighsModelStatus:
        self._solver.run()
        return self._solver.getModelStatus()

    def _is_solved_anew(self) -> bool:
        """Return True if the programme is solved from the beginning. The primal simplex method of HiGHS sometimes ends
        without an answer (status unknown) where the dual method finds one.
        """
        for method in (PRIMAL_SIMPLEX, DUAL_SIMPLEX):
            self._solver.clearSolver()
            self._solver.setOptionValue("simplex_strategy", method)
            found = self._run()
            self._solver.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
            if found == SOLVED:
                return True
        return False

    def _disbelieve(self) -> None:
        """Set aside the sums that are left over when all counts obey them as nearly as they can."""
        rows, columns = len(self.sums), len(self._bounds)
        with_slack = [{**signs, columns + at: 1, columns + rows + at: -1} for at, signs in enumerate(self.sums)]
        bounds = np.vstack([self._bounds, np.tile([0.0, np.inf], (2 * rows, 1))])
        loose = _solver(_programme(bounds, with_slack, costs=np.repeat([0.0, 1.0], [columns, 2 * rows])))
        loose.run()
        slack = np.array(loose.getSolution().col_value)[columns:].reshape(2, rows).sum(axis=0)
        self.not_believed = [int(at) for at in np.flatnonzero(slack > NEARLY)]
        for at in self.not_believed:
            self._solver.changeRowBounds(at, -np.inf, np.inf)
        if loose.getModelStatus() != SOLVED or not self._is_solved_anew():
            raise DisclosureError("What a reader could work out could not be calculated, so nothing is released.")


def _programme(bounds: np.ndarray, sums: Sequence[Signs], costs: np.ndarray | None = None) -> highspy.HighsLp:
    made = highspy.HighsLp()
    made.num_col_, made.num_row_ = len(bounds), len(sums)
    made.col_cost_ = np.zeros(len(bounds)) if costs is None else costs
    made.col_lower_, made.col_upper_ = bounds[:, 0], bounds[:, 1]
    made.row_lower_ = made.row_upper_ = np.zeros(len(sums))
    made.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    made.a_matrix_.start_ = np.cumsum([0, *map(len, sums)]).astype(np.int32)
    made.a_matrix_.index_ = np.array([count for signs in sums for count in signs], dtype=np.int32)
    made.a_matrix_.value_ = np.array([sign for signs in sums for sign in signs.values()], dtype=float)
    return made


def _solver(programme: highspy.HighsLp) -> Any:
    made = highspy.Highs()
    presolve = "off" if programme.num_row_ <= FEW_SUMS else "choose"
    options = {"output_flag": False, "threads": 1, "simplex_strategy": PRIMAL_SIMPLEX, "presolve": presolve}
    for name, value in options.items():
        made.setOptionValue(name, value)
    made.passModel(programme)
    return made
