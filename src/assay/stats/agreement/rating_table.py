"""Ratings as a table: one row for each file or question of a file, one column for each rater."""

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
    """Ratings of units (rows) by raters (columns).

    `codes`: index of the answer in `answers`, or -1 if not rated. `values`: a number for each answer, on which the
    agreement weights are based.
    """

    codes: NDArray[np.int64]
    answers: tuple[Hashable, ...]
    values: Floats

    @cached_property
    def counts(self) -> Floats:
        """Number of raters who gave each answer, of shape (units, answers)."""
        return np.asarray((self.codes[:, :, None] == np.arange(len(self.answers))).sum(axis=1), dtype=float)

    @property
    def units_rated_twice(self) -> int:
        """Number of units with two or more ratings; only these measure agreement."""
        return int((self.counts.sum(axis=1) >= 2).sum())

    def select_units(self, units: NDArray[np.int64] | NDArray[np.bool_]) -> "Ratings":
        """Return the ratings of these units, which may be repeated."""
        return Ratings(self.codes[units], self.answers, self.values)

    def select_raters(self, raters: Sequence[int]) -> "Ratings":
        """Return the ratings of these raters."""
        return Ratings(self.codes[:, list(raters)], self.answers, self.values)


def ratings_from_rows(
    rows: Sequence[Sequence[Hashable | None]],
    answers: Sequence[Hashable] | None = None,
    values: Sequence[float] | None = None,
) -> Ratings:
    """Return ratings from rows of answers; None if not rated.

    `answers`: all possible answers in order; by default those given, sorted. `values`: a number for each answer; by
    default numeric answers themselves, otherwise 1, 2, 3. EstimationRefused if an answer is not among `answers`.
    """
    if not rows or len({len(row) for row in rows}) != 1:
        raise EstimationRefused("Marks are rows of one length: a row a file, a column a marker.")
    answers_given = {answer for row in rows for answer in row if answer is not None}
    order = tuple(sorted(answers_given, key=_sort_key) if answers is None else answers)
    if unknown_answers := answers_given - set(order):
        raise EstimationRefused(f"{len(unknown_answers)} answers were given that the question does not have.")
    positions = {answer: position for position, answer in enumerate(order)}
    codes = [[UNRATED if answer is None else positions[answer] for answer in row] for row in rows]
    return Ratings(np.array(codes, dtype=np.int64), order, _answer_values(order, values))


def ratings_from_table(table: ArrayLike, answers: Sequence[Hashable] | None = None) -> Ratings:
    """Return ratings from a square table of two raters: rows are the first rater's answers, columns the second's."""
    cells = np.asarray(table, dtype=np.int64)
    if cells.ndim != 2 or cells.shape[0] != cells.shape[1] or (cells < 0).any():
        raise EstimationRefused("The table of two markers is square, and no number in it is below 0.")
    order = tuple(range(1, len(cells) + 1)) if answers is None else tuple(answers)
    pairs = np.argwhere(cells >= 0)
    return Ratings(np.repeat(pairs, cells.ravel(), axis=0), order, _answer_values(order, None))


def ratings_from_counts(counts: ArrayLike) -> Ratings:
    """Return ratings from the number of raters who gave each answer, of shape (units, answers).

    The columns of the result are not particular raters.
    """
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
