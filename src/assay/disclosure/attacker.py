"""What could a reader with a linear programme work out about a count that is not shown?

Adding and subtracting sum by sum (`sums.narrowed`) uses one sum at a time; a linear programme uses all of them
together, and finds the very lowest and highest value that a count could have (HiGHS). Of whole numbers
the true range can only be narrower still where sums are knotted in three or more directions; in tables and
hierarchies of two it is the same.

Two programmes a count would be slow where thousands are hidden. One solution shows possible values of every count at
once, so a few solutions in changing directions clear most; only the others are asked one by one.

The programme is built once; each question changes only what is to be made small, and starts from the last answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np

from assay.disclosure.sums import NO_LIMIT, Cell, Range, Sum

ROUNDS = 6
"""So many pairs of programmes look at all counts together before those that are left are asked one by one."""
NEARLY = 1e-6
FAR = 1e7
"""Beyond every count of records: stands for no limit."""
PRIMAL_SIMPLEX = 4
Wanted = Mapping[int, float]
"""What is to be made small: how much of each count, by its place."""


@dataclass
class Attack:
    """Everything that a reader knows: the range of each count by itself, and every sum that must hold.

    `cannot_hold`: no set of counts obeys all the sums, so that they tell a reader nothing (they were not made from one
    set of records).
    """

    known: Mapping[Cell, Range]
    sums: Sequence[Sum]
    cannot_hold: bool = False
    _place: dict[Cell, int] = field(init=False)
    _solver: Any = field(init=False)
    _asked: set[int] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        cells = dict.fromkeys(cell for one in self.sums for cell in (one.total, *one.parts))
        self._place = {cell: place for place, cell in enumerate(cells)}
        self._solver = _solver(self._programme())

    def ranges(self, wanted: Collection[Cell], *, enough: int) -> dict[Cell, tuple[float, float]]:
        """The lowest and highest possible value of each count wanted; once they lie `enough` apart, no further."""
        inside = [cell for cell in wanted if cell in self._place]
        low, high = np.full(len(self._place), np.inf), np.full(len(self._place), -np.inf)
        for direction in self._directions(inside, low, high, enough):
            solved = self._solve(direction)
            if solved is None:
                self.cannot_hold = True
                break
            found = np.array(solved.col_value)
            np.minimum(low, found, out=low)
            np.maximum(high, found, out=high)
        told = {cell: (float(low[self._place[cell]]), float(high[self._place[cell]])) for cell in inside}
        alone = {cell: self.known[cell] for cell in wanted if cell not in told or self.cannot_hold}
        return told | alone

    def limits(self, cell: Cell) -> tuple[float, float, set[Cell]] | None:
        """The lowest and highest possible value of one count, and the counts whose own ranges stop it there: it can
        become freer only where one of these does. None where the sums cannot hold.
        """
        place, ends, stopping = self._place[cell], [], np.zeros(len(self._place), dtype=bool)
        for turned in (1.0, -1.0):
            solved = self._solve({place: turned})
            if solved is None:
                return None
            ends.append(float(solved.col_value[place]))
            stopping |= np.abs(np.array(solved.col_dual)) > NEARLY
        return ends[0], ends[1], {one for one, stops in zip(self._place, stopping, strict=True) if stops}

    def _directions(self, wanted: Sequence[Cell], low: np.ndarray, high: np.ndarray, enough: int) -> Iterator[Wanted]:
        """What to make small next: all counts that are still in question together, then one after another."""
        places = [self._place[cell] for cell in wanted]
        chance = np.random.default_rng(0)
        for number in range(ROUNDS):
            left = [place for place in places if not high[place] - low[place] >= enough - NEARLY]
            if not left:
                return
            signs = np.ones(len(left)) if number == 0 else chance.choice([-1.0, 1.0], len(left))
            for turned in (1.0, -1.0):
                yield {place: turned * sign for place, sign in zip(left, signs, strict=True)}
        for place in places:
            for turned in (1.0, -1.0):
                if not high[place] - low[place] >= enough - NEARLY:
                    yield {place: turned}

    def _programme(self) -> highspy.HighsLp:
        made = highspy.HighsLp()
        bounds = np.array([self.known[cell] for cell in self._place], dtype=float).reshape(-1, 2)
        bounds[bounds >= NO_LIMIT] = FAR
        made.num_col_, made.num_row_ = len(self._place), len(self.sums)
        made.col_cost_ = np.zeros(len(self._place))
        made.col_lower_, made.col_upper_ = bounds[:, 0], bounds[:, 1]
        made.row_lower_ = made.row_upper_ = np.zeros(len(self.sums))
        rows = [self._signs(one) for one in self.sums]
        made.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        made.a_matrix_.start_ = np.cumsum([0, *map(len, rows)]).astype(np.int32)
        made.a_matrix_.index_ = np.array([place for row in rows for place in row], dtype=np.int32)
        made.a_matrix_.value_ = np.array([sign for row in rows for sign in row.values()], dtype=float)
        return made

    def _signs(self, one: Sum) -> dict[int, float]:
        """The total less its parts; counts that are one and the same are one place, and HiGHS takes none twice."""
        signs = {self._place[one.total]: -1.0}
        for part in one.parts:
            signs[self._place[part]] = signs.get(self._place[part], 0.0) + 1.0
        return signs

    def _solve(self, wanted: Wanted) -> Any:
        """A solution in which what is wanted is as small as it can be; None where there is none at all."""
        costs = dict.fromkeys(self._asked, 0.0) | dict(wanted)
        self._asked = set(wanted)
        places = np.array(list(costs), dtype=np.int32)
        self._solver.changeColsCost(len(places), places, np.array(list(costs.values())))
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return self._solver.getSolution()


def _solver(programme: highspy.HighsLp) -> Any:
    made = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", 1), ("simplex_strategy", PRIMAL_SIMPLEX)):
        made.setOptionValue(name, value)
    made.passModel(programme)
    return made
