"""Ratings as a table: one row a file or question of a file, one column a rater."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assay.stats.posterior_grid import Floats
from assay.stats.refusals import EstimationRefused

UNRATED = -1


@dataclass(frozen=True)
class Ratings:
    """`codes`: for each unit and marker the place of the answer among `answers`, or -1 where there is no mark.

    `values`: a number for each answer, in their order; they decide how near two answers are.
    """

    codes: NDArray[np.int64]
    answers: tuple[Hashable, ...]
    values: Floats

    @cached_property
    def counts(self) -> Floats:
        """How many markers gave each answer: a row a unit, a column an answer."""
        return np.asarray((self.codes[:, :, None] == np.arange(len(self.answers))).sum(axis=1), dtype=float)

    @property
    def units_rated_twice(self) -> int:
        """How many units have two marks or more: only they speak of agreement."""
        return int((self.counts.sum(axis=1) >= 2).sum())

    def select_units(self, units: NDArray[np.int64] | NDArray[np.bool_]) -> "Ratings":
        """The marks of some units, which may stand more than once."""
        return Ratings(self.codes[units], self.answers, self.values)

    def select_raters(self, raters: Sequence[int]) -> "Ratings":
        """The marks of some markers."""
        return Ratings(self.codes[:, list(raters)], self.answers, self.values)


def ratings_from_rows(
    rows: Sequence[Sequence[Hashable | None]],
    answers: Sequence[Hashable] | None = None,
    values: Sequence[float] | None = None,
) -> Ratings:
    """Marks from rows of answers; None where a marker did not mark.

    `answers`: all that may be given, in their order; without it those that were given, sorted. `values`: a number for
    each; without it numbers stand for themselves, and other answers for their places 1, 2, 3. Refuses an answer
    that is not among `answers`.
    """
    if not rows or len({len(row) for row in rows}) != 1:
        raise EstimationRefused("Marks are rows of one length: a row a file, a column a marker.")
    answers_given = {answer_or_none for row in rows for answer_or_none in row if answer_or_none is not None}
    order = tuple(sorted(answers_given, key=_sort_key) if answers is None else answers)
    if unknown_answers := answers_given - set(order):
        raise EstimationRefused(f"{len(unknown_answers)} answers were given that the question does not have.")
    positions = {answer: position for position, answer in enumerate(order)}
    codes = [
        [UNRATED if answer_or_none is None else positions[answer_or_none] for answer_or_none in row] for row in rows
    ]
    return Ratings(np.array(codes, dtype=np.int64), order, _answer_values(order, values))


def ratings_from_table(table: ArrayLike, answers: Sequence[Hashable] | None = None) -> Ratings:
    """Marks from a square table of two markers: the rows are the first one's answers, the columns the second one's."""
    cells = np.asarray(table, dtype=np.int64)
    if cells.ndim != 2 or cells.shape[0] != cells.shape[1] or (cells < 0).any():
        raise EstimationRefused("The table of two markers is square, and no number in it is below 0.")
    order = tuple(range(1, len(cells) + 1)) if answers is None else tuple(answers)
    pairs = np.argwhere(cells >= 0)
    return Ratings(np.repeat(pairs, cells.ravel(), axis=0), order, _answer_values(order, None))


def ratings_from_counts(counts: ArrayLike) -> Ratings:
    """Marks from how many markers gave each answer (a row a unit); who gave which is then not known."""
    table = np.asarray(counts, dtype=np.int64)
    widest = int(table.sum(axis=1).max())
    codes = np.full((len(table), widest), UNRATED, dtype=np.int64)
    for row, row_counts in zip(codes, table, strict=True):
        row_codes = np.repeat(np.arange(table.shape[1]), row_counts)
        row[: len(row_codes)] = row_codes
    order = tuple(range(1, table.shape[1] + 1))
    return Ratings(codes, order, _answer_values(order, None))


def _answer_values(order: Sequence[Hashable], values: Sequence[float] | None) -> Floats:
    if values is not None:
        return np.asarray(values, dtype=float)
    numbers = [answer for answer in order if isinstance(answer, int | float)]
    return np.asarray(numbers if len(numbers) == len(order) else range(1, len(order) + 1), dtype=float)


def _sort_key(answer: Hashable) -> tuple[bool, float, str]:
    number = isinstance(answer, int | float)
    return (not number, float(answer) if isinstance(answer, int | float) else 0.0, str(answer))
