"""Marks as a table: a row a file (or one question of a file), a column a marker."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assay.stats.posterior_grid import Floats
from assay.stats.refusals import Refused

UNMARKED = -1


@dataclass(frozen=True)
class Marks:
    """`places`: for each unit and marker the place of the answer among `answers`, or -1 where there is no mark.

    `values`: a number for each answer, in their order; they decide how near two answers are.
    """

    places: NDArray[np.int64]
    answers: tuple[Hashable, ...]
    values: Floats

    @cached_property
    def counts(self) -> Floats:
        """How many markers gave each answer: a row a unit, a column an answer."""
        return np.asarray((self.places[:, :, None] == np.arange(len(self.answers))).sum(axis=1), dtype=float)

    @property
    def marked_twice(self) -> int:
        """How many units have two marks or more: only they speak of agreement."""
        return int((self.counts.sum(axis=1) >= 2).sum())

    def of_units(self, chosen: NDArray[np.int64] | NDArray[np.bool_]) -> "Marks":
        """The marks of some units, which may stand more than once."""
        return Marks(self.places[chosen], self.answers, self.values)

    def of_markers(self, chosen: Sequence[int]) -> "Marks":
        """The marks of some markers."""
        return Marks(self.places[:, list(chosen)], self.answers, self.values)


def marks(
    rows: Sequence[Sequence[Hashable | None]],
    answers: Sequence[Hashable] | None = None,
    values: Sequence[float] | None = None,
) -> Marks:
    """Marks from rows of answers; None where a marker did not mark.

    `answers`: all that may be given, in their order; without it those that were given, sorted. `values`: a number for
    each; without it numbers stand for themselves, and other answers for their places 1, 2, 3. Refuses an answer
    that is not among `answers`.
    """
    if not rows or len({len(row) for row in rows}) != 1:
        raise Refused("Marks are rows of one length: a row a file, a column a marker.")
    given = {one for row in rows for one in row if one is not None}
    order = tuple(sorted(given, key=_sorting) if answers is None else answers)
    if strangers := given - set(order):
        raise Refused(f"{len(strangers)} answers were given that the question does not have.")
    place = {answer: at for at, answer in enumerate(order)}
    codes = [[UNMARKED if one is None else place[one] for one in row] for row in rows]
    return Marks(np.array(codes, dtype=np.int64), order, _values(order, values))


def marks_of_table(table: ArrayLike, answers: Sequence[Hashable] | None = None) -> Marks:
    """Marks from a square table of two markers: the rows are the first one's answers, the columns the second one's."""
    cells = np.asarray(table, dtype=np.int64)
    if cells.ndim != 2 or cells.shape[0] != cells.shape[1] or (cells < 0).any():
        raise Refused("The table of two markers is square, and no number in it is below 0.")
    order = tuple(range(1, len(cells) + 1)) if answers is None else tuple(answers)
    pairs = np.argwhere(cells >= 0)
    return Marks(np.repeat(pairs, cells.ravel(), axis=0), order, _values(order, None))


def marks_of_counts(counts: ArrayLike) -> Marks:
    """Marks from how many markers gave each answer (a row a unit); who gave which is then not known."""
    table = np.asarray(counts, dtype=np.int64)
    widest = int(table.sum(axis=1).max())
    places = np.full((len(table), widest), UNMARKED, dtype=np.int64)
    for row, given in zip(places, table, strict=True):
        each = np.repeat(np.arange(table.shape[1]), given)
        row[: len(each)] = each
    order = tuple(range(1, table.shape[1] + 1))
    return Marks(places, order, _values(order, None))


def _values(order: Sequence[Hashable], values: Sequence[float] | None) -> Floats:
    if values is not None:
        return np.asarray(values, dtype=float)
    numbers = [one for one in order if isinstance(one, int | float)]
    return np.asarray(numbers if len(numbers) == len(order) else range(1, len(order) + 1), dtype=float)


def _sorting(answer: Hashable) -> tuple[bool, float, str]:
    number = isinstance(answer, int | float)
    return (not number, float(answer) if isinstance(answer, int | float) else 0.0, str(answer))
