"""Where do markers agree, and which way do they differ?

Agreement question by question or force by force is that of the files of each. A marker's own agreement is that with the
others who marked the same files. Which way two markers differ is told apart from how far: a force that marks its own
files kindly may agree with inspectors on most of them.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from assay.stats.agreement.agreement_coefficients import (
    Agreement,
    Coefficient,
    agreement,
    around,
    if_all_agree,
    jackknife_error,
    left_out_one_at_a_time,
    value_of,
)
from assay.stats.agreement.rating_table import UNMARKED, Marks
from assay.stats.agreement.rating_weights import Closeness
from assay.stats.interval_estimates import Answer
from assay.stats.refusals import Refused


@dataclass(frozen=True)
class Direction:
    """How often the second marker is above, level with or below the first, and the balance of the two.

    `balance`: the share above less the share below, with its interval, from -1 to 1. `p_value`: the two-sided sign
    test (mid-P) of whether above and below are equally likely.
    """

    above: int
    level: int
    below: int
    balance: Answer
    p_value: float | None


def agreement_by(
    groups: Sequence[Hashable],
    marks: Marks,
    coefficient: Coefficient = "gwet",
    how: Closeness = "identity",
    level: float = 0.95,
    together: Sequence[Hashable] | None = None,
) -> dict[Hashable, Agreement]:
    """Agreement within each group of units, such as a question or a force: one group a unit, first met first.

    `together`: one label a unit; units of one label, such as the questions of one file, are no two draws, and the
    interval is that of leaving them out together.
    """
    if len(groups) != len(marks.places) or (together is not None and len(together) != len(groups)):
        raise Refused("Each unit needs one group, and one label.")
    found: dict[Hashable, Agreement] = {}
    for group in dict.fromkeys(groups):
        mine = np.array([one == group for one in groups])
        if together is None:
            found[group] = agreement(marks.of_units(mine), coefficient, how, level=level)
        else:
            found[group] = _in_clusters(marks.of_units(mine), _numbers(together)[mine], coefficient, how, level)
    return found


def agreement_of_each(
    marks: Marks,
    coefficient: Coefficient = "gwet",
    how: Closeness = "identity",
    level: float = 0.95,
    together: Sequence[Hashable] | None = None,
) -> list[Agreement]:
    """For each marker, agreement with the others on the files that both marked; intervals by leaving out units, or
    those of one label `together`."""
    labels = np.arange(len(marks.places)) if together is None else _numbers(together)
    return [_of_one(marks, marker, labels, coefficient, how, level) for marker in range(marks.places.shape[1])]


def direction(marks: Marks, first: int, second: int, level: float = 0.95) -> Direction:
    """Which way the second marker differs from the first, on the files that both marked."""
    pairs = marks.places[:, [first, second]]
    apart = np.sign(np.diff(pairs[(pairs != UNMARKED).all(axis=1)], axis=1)[:, 0])
    above, same, below = (int((apart == side).sum()) for side in (1, 0, -1))
    both = above + same + below
    if both == 0:
        return Direction(0, 0, 0, Answer(None, None, None, "The two marked no file in common."), None)
    return Direction(above, same, below, _balance(above, below, both, level), _sign_test(above, below))


def _of_one(
    marks: Marks, marker: int, labels: NDArray[np.int64], coefficient: Coefficient, how: Closeness, level: float
) -> Agreement:
    """The marker's marks beside each other marker's, pair by pair; pairs of one label are left out together."""
    pairs = [
        np.column_stack([labels, marks.places[:, [marker, other]]])
        for other in range(marks.places.shape[1])
        if other != marker
    ]
    stacked = np.concatenate(pairs) if pairs else np.empty((0, 3), dtype=np.int64)
    stacked = stacked[(stacked[:, 1:] != UNMARKED).all(axis=1)]
    if not len(stacked):
        return Agreement(None, None, None, "This marker marked no file that another marked too.")
    return _in_clusters(Marks(stacked[:, 1:], marks.answers, marks.values), stacked[:, 0], coefficient, how, level)


def _in_clusters(
    marks: Marks, labels: NDArray[np.int64], coefficient: Coefficient, how: Closeness, level: float
) -> Agreement:
    """Agreement over all units, with the interval of leaving out those of one label together."""
    told = agreement(marks, coefficient, how, level=level)
    twice = (marks.places != UNMARKED).sum(axis=1) >= 2
    files = np.unique(labels[twice])
    if told.error is None and told.low is not None and told.expected is not None and len(files):
        return replace(told, low=if_all_agree(len(files), told.expected, level), units=len(files))
    if told.error is None or len(files) < 2:
        return told

    def without(kept: np.ndarray) -> float:
        return value_of(marks.of_units(np.isin(labels, files[kept])), coefficient, how)

    error = jackknife_error(left_out_one_at_a_time(without, len(files)))
    half = float(stats.t.ppf((1 + level) / 2, len(files) - 1)) * error
    low, high = around(told.value or 0.0, half)
    return replace(told, low=max(-1.0, low), high=high, error=error, units=len(files))


def _numbers(labels: Sequence[Hashable]) -> NDArray[np.int64]:
    places = {label: place for place, label in enumerate(dict.fromkeys(labels))}
    return np.array([places[label] for label in labels], dtype=np.int64)


def _balance(above: int, below: int, both: int, level: float) -> Answer:
    """The adjusted interval of a difference of paired shares (Bonett and Price, 2012): one is added to either side."""
    middle, added = (above - below) / both, 1.0
    up, down = (above + added) / (both + 2), (below + added) / (both + 2)
    half = float(special.ndtri((1 + level) / 2)) * float(np.sqrt((up + down - (up - down) ** 2) / (both + 2)))
    return Answer(middle, max(-1.0, up - down - half), min(1.0, up - down + half))


def _sign_test(above: int, below: int) -> float | None:
    apart = above + below
    if apart == 0:
        return None
    fewer = min(above, below)
    tail = stats.binom.cdf(fewer, apart, 0.5) - stats.binom.pmf(fewer, apart, 0.5) / 2
    return float(min(1.0, 2 * tail))
