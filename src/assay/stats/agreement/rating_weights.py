"""Agreement weights of pairs of answers: 1 for the same answer, 0 for the most distant.

`identity` distinguishes only same and different; `linear`, `quadratic`, `radical` and `ratio` use the values of the
answers; `ordinal` uses the number of answers in between (Gwet, Handbook of Inter-Rater Reliability, 2014, chapter 3);
`rank` uses the number of ratings in between, like Krippendorff's ordinal difference (Content Analysis, 2018, chapter
12).
"""

from typing import Literal

import numpy as np

from assay.stats.agreement.rating_table import Ratings
from assay.stats.posterior_grid import Floats

Weighting = Literal["identity", "linear", "quadratic", "radical", "ratio", "ordinal", "rank"]


def agreement_weights(weighting: Weighting, ratings: Ratings) -> Floats:
    """Return the agreement weights of shape (answers, answers)."""
    first, second = ratings.values[:, None], ratings.values[None, :]
    if weighting == "identity":
        return np.eye(len(ratings.answers))
    if weighting == "ordinal":
        answers_spanned = np.abs(np.subtract.outer(np.arange(len(first)), np.arange(len(first)))) + 1.0
        return _weights_from_distance(answers_spanned * (answers_spanned - 1) / 2)
    if weighting == "rank":
        return _weights_from_distance(_rank_distances(ratings) ** 2)
    if weighting == "ratio":
        total = first + second
        return _weights_from_distance(np.divide(first - second, total, out=np.zeros_like(total), where=total != 0) ** 2)
    power = {"linear": 1.0, "quadratic": 2.0, "radical": 0.5}[weighting]
    return _weights_from_distance(np.abs(first - second) ** power)


def _weights_from_distance(distance: Floats) -> Floats:
    largest = distance.max()
    return np.asarray(1 - distance / largest if largest > 0 else np.ones_like(distance))


def _rank_distances(ratings: Ratings) -> Floats:
    """Return the number of ratings between the midpoints of two answers, over units rated twice or more."""
    counts = ratings.counts
    answer_counts = counts[counts.sum(axis=1) >= 2].sum(axis=0)
    middles = answer_counts.cumsum() - answer_counts / 2
    return np.asarray(np.abs(np.subtract.outer(middles, middles)))
