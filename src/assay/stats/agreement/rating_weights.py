"""How near are two answers? One where they are the same, 0 where they are as far apart as can be.

`identity` knows only same and different; `linear`, `quadratic`, `radical` and `ratio` go by the answers' values;
`ordinal` by how many answers lie between (Gwet, Handbook of Inter-Rater Reliability, 2014, chapter 3); `rank` by how
many marks lie between, as Krippendorff's ordinal difference does (Content Analysis, 2018, chapter 12).
"""

from typing import Literal

import numpy as np

from assay.stats.agreement.rating_table import Marks
from assay.stats.posterior_grid import Floats

Closeness = Literal["identity", "linear", "quadratic", "radical", "ratio", "ordinal", "rank"]


def closeness(how: Closeness, marks: Marks) -> Floats:
    """A square of weights, one row and one column an answer."""
    first, second = marks.values[:, None], marks.values[None, :]
    if how == "identity":
        return np.eye(len(marks.answers))
    if how == "ordinal":
        between = np.abs(np.subtract.outer(np.arange(len(first)), np.arange(len(first)))) + 1.0
        return _nearness(between * (between - 1) / 2)
    if how == "rank":
        return _nearness(_ranks_apart(marks) ** 2)
    if how == "ratio":
        together = first + second
        return _nearness(np.divide(first - second, together, out=np.zeros_like(together), where=together != 0) ** 2)
    power = {"linear": 1.0, "quadratic": 2.0, "radical": 0.5}[how]
    return _nearness(np.abs(first - second) ** power)


def _nearness(distance: Floats) -> Floats:
    largest = distance.max()
    return np.asarray(1 - distance / largest if largest > 0 else np.ones_like(distance))


def _ranks_apart(marks: Marks) -> Floats:
    """How many marks lie from the middle of one answer to the middle of another, of units marked twice or more."""
    counts = marks.counts
    given = counts[counts.sum(axis=1) >= 2].sum(axis=0)
    middles = given.cumsum() - given / 2
    return np.asarray(np.abs(np.subtract.outer(middles, middles)))
