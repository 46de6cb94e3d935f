"""Agreement by question, force and rater, and the direction in which two raters differ.

Agreement by question or force uses the files of each. The agreement of one rater is that with the other raters of the
same files. The direction in which two raters differ is separate from agreement: a force that rates its own files
leniently may still agree with inspectors on most of them.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy import special

from assay.stats.agreement.agreement_coefficients import (
    Agreement,
    Coefficient,
    Weighting,
    agreement,
    coefficient_value,
    full_agreement_bound,
    jackknife_error,
    leave_one_out_values,
    log_scale_limits,
)
from assay.stats.agreement.rating_table import UNRATED, Ratings
from assay.stats.interval_estimates import IntervalEstimate
from assay.stats.refusals import EstimationRefused


@dataclass(frozen=True)
class Direction:
    """Numbers of files that the second rater rated higher than, equal to and lower than the first, and the balance.

    `balance`: share above less share below (-1 to 1), with its interval. `p_value`: two-sided sign test (mid-P).
    """

    above: int
    level: int
    below: int
    balance: IntervalEstimate
    p_value: float | None


def agreement_by_group(
    groups: Sequence[Hashable],
    ratings: Ratings,
    coefficient: Coefficient = "gwet",
    weighting: Weighting = "identity",
    level: float = 0.95,
    clusters: Sequence[Hashable] | None = None,
) -> dict[Hashable, Agreement]:
    """Return the agreement within each group of units, such as a question or a force, in order of first occurrence.

    `groups` has one group for each unit. `clusters` has one label for each unit: units with the same label, such as the
    questions of one file, are not independent, so the interval is from a jackknife over clusters.
    """
    if len(groups) != len(ratings.codes) or (clusters is not None and len(clusters) != len(groups)):
        raise EstimationRefused("Each unit needs one group, and one label.")
    results: dict[Hashable, Agreement] = {}
    for group in dict.fromkeys(groups):
        in_group = np.array([label == group for label in groups])
        if clusters is None:
            results[group] = agreement(ratings.select_units(in_group), coefficient, weighting, level=level)
        else:
            results[group] = _clustered_agreement(
                ratings.select_units(in_group), _label_numbers(clusters)[in_group], coefficient, weighting, level
            )
    return results


def agreement_by_rater(
    ratings: Ratings,
    coefficient: Coefficient = "gwet",
    weighting: Weighting = "identity",
    level: float = 0.95,
    clusters: Sequence[Hashable] | None = None,
) -> list[Agreement]:
    """Return the agreement of each rater with the others on common files; intervals by jackknife over units or
    `clusters`."""
    labels = np.arange(len(ratings.codes)) if clusters is None else _label_numbers(clusters)
    return [
        _rater_agreement(ratings, rater, labels, coefficient, weighting, level)
        for rater in range(ratings.codes.shape[1])
    ]


def direction(ratings: Ratings, first: int, second: int, level: float = 0.95) -> Direction:
    """Return the direction in which the second rater differs from the first, on the files that both rated."""
    pairs = ratings.codes[:, [first, second]]
    signs = np.sign(np.diff(pairs[(pairs != UNRATED).all(axis=1)], axis=1)[:, 0])
    above, equal, below = (int((signs == side).sum()) for side in (1, 0, -1))
    total = above + equal + below
    if total == 0:
        return Direction(0, 0, 0, IntervalEstimate(None, None, None, "The two marked no file in common."), None)
    return Direction(above, equal, below, _balance(above, below, total, level), _sign_test(above, below))


def _rater_agreement(
    ratings: Ratings,
    rater: int,
    labels: NDArray[np.int64],
    coefficient: Coefficient,
    weighting: Weighting,
    level: float,
) -> Agreement:
    """Return the agreement over all pairs with another rater; pairs with one label are left out together."""
    pairs = [
        np.column_stack([labels, ratings.codes[:, [rater, other_rater]]])
        for other_rater in range(ratings.codes.shape[1])
        if other_rater != rater
    ]
    rows = np.concatenate(pairs) if pairs else np.empty((0, 3), dtype=np.int64)
    rows = rows[(rows[:, 1:] != UNRATED).all(axis=1)]
    if not len(rows):
        return Agreement(None, None, None, "This marker marked no file that another marked too.")
    return _clustered_agreement(
        Ratings(rows[:, 1:], ratings.answers, ratings.values), rows[:, 0], coefficient, weighting, level
    )


def _clustered_agreement(
    ratings: Ratings, labels: NDArray[np.int64], coefficient: Coefficient, weighting: Weighting, level: float
) -> Agreement:
    """Return the agreement over all units, with the interval of a jackknife over clusters."""
    result = agreement(ratings, coefficient, weighting, level=level)
    rated_twice = (ratings.codes != UNRATED).sum(axis=1) >= 2
    clusters = np.unique(labels[rated_twice])
    if result.error is None and result.low is not None and result.expected is not None and len(clusters):
        return replace(result, low=full_agreement_bound(len(clusters), result.expected, level), units=len(clusters))
    if result.error is None or len(clusters) < 2:
        return result

    def value_without_cluster(positions: np.ndarray) -> float:
        return coefficient_value(ratings.select_units(np.isin(labels, clusters[positions])), coefficient, weighting)

    error = jackknife_error(leave_one_out_values(value_without_cluster, len(clusters)))
    half_width = float(scipy.stats.t.ppf((1 + level) / 2, len(clusters) - 1)) * error
    low, high = log_scale_limits(result.value or 0.0, half_width)
    return replace(result, low=max(-1.0, low), high=high, error=error, units=len(clusters))


def _label_numbers(labels: Sequence[Hashable]) -> NDArray[np.int64]:
    numbers = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    return np.array([numbers[label] for label in labels], dtype=np.int64)


def _balance(above: int, below: int, total: int, level: float) -> IntervalEstimate:
    """Return the adjusted interval of a difference of paired shares (Bonett and Price, 2012): 1 is added to each."""
    middle, added = (above - below) / total, 1.0
    up, down = (above + added) / (total + 2), (below + added) / (total + 2)
    half_width = float(special.ndtri((1 + level) / 2)) * float(np.sqrt((up + down - (up - down) ** 2) / (total + 2)))
    return IntervalEstimate(middle, max(-1.0, up - down - half_width), min(1.0, up - down + half_width))


def _sign_test(above: int, below: int) -> float | None:
    differing = above + below
    if differing == 0:
        return None
    fewer = min(above, below)
    tail = scipy.stats.binom.cdf(fewer, differing, 0.5) - scipy.stats.binom.pmf(fewer, differing, 0.5) / 2
    return float(min(1.0, 2 * tail))
