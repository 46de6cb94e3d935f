"""Cumulative incidence with competing risks (Aalen-Johansen), and Kaplan-Meier for one kind of ending.

The input is grouped counts: how many records ended in which way on which whole day, and how many were censored (last
seen waiting). Events precede censoring on the same day, so records censored that day were at risk. Variances are by the
delta method (M. Pintilie, Competing Risks, 2006, section 4.3; Greenwood's with one ending); intervals are on the
log-log scale. A quantile is the first day by which that share has ended (one half: the median); it is None if the curve
does not reach it. With one ending the curve is one minus the Kaplan-Meier estimate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from assay.stats.binomial_intervals import wilson
from assay.stats.posterior_grid import Floats

MEDIAN_SHARE = 0.5
ROUNDING = 1e-12  # tolerance for the rounding error of sums


@dataclass(frozen=True)
class TimeQuantile:
    """Day by which a share has ended, with its interval; None if it is not reached."""

    days: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True)
class RestrictedMean:
    """Restricted mean time in days, with its interval; None if it is not known."""

    days: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class IncidenceCurve:
    """Cumulative incidence of one ending: the share that has ended in this way by each day.

    `days`: increasing days on which any record ended. `share`, `variance`, `low`, `high`: values at the end of each
    day; the share is 0 before the first day and constant between days. `records`: number of records followed. `ended`:
    number of records with this ending.
    """

    days: np.ndarray
    share: Floats
    variance: Floats
    low: Floats
    high: Floats
    records: int
    ended: int

    @cached_property
    def median(self) -> TimeQuantile:
        """The first day by which half have had this ending."""
        return self.quantile(MEDIAN_SHARE)

    def quantile(self, share: float) -> TimeQuantile:
        """Return the first day by which this share has ended, with an interval from the confidence limits of the curve.

        A day is None if the curve (or its limit) does not reach the share. ValueError if the share is not between 0 and
        1.
        """
        if not 0 < share < 1:
            raise ValueError("A quantile is of a share between 0 and 1.")
        return TimeQuantile(*(self._first_day(bound, share) for bound in (self.share, self.high, self.low)))

    @property
    def median_among_ended(self) -> int | None:
        """The first day by which the curve reaches half of its last value; None if no record had this ending.

        It is the median time among the records with this ending, within the follow-up time and adjusted for censoring.
        """
        reached = (
            np.flatnonzero(self.share >= MEDIAN_SHARE * self.share[-1] - ROUNDING) if self.ended else np.empty(0, int)
        )
        return int(self.days[reached[0]]) if reached.size else None

    def at_day(self, day: int) -> float:
        """Return the share ended by the end of a day."""
        place = int(np.searchsorted(self.days, day, side="right"))
        return float(self.share[place - 1]) if place else 0.0

    def interval_at(self, day: int) -> tuple[float, float, float]:
        """Return the share ended by the end of a day, with the limits of its interval."""
        position = int(np.searchsorted(self.days, day, side="right"))
        if not position:
            return 0.0, 0.0, wilson(0, self.records)[1]
        return tuple(float(values[position - 1]) for values in (self.share, self.low, self.high))  # type: ignore[return-value]

    def _first_day(self, shares: Floats, share: float) -> int | None:
        reached = np.flatnonzero(shares >= share - ROUNDING)
        return int(self.days[reached[0]]) if reached.size else None


def cumulative_incidence(
    days: ArrayLike,
    endings: Sequence[str],
    counts: ArrayLike,
    *,
    waiting: str,
    required_endings: Iterable[str] = (),
    level: float = 0.95,
) -> dict[str, IncidenceCurve]:
    """Return the Aalen-Johansen curve of each ending from grouped counts.

    `counts[i]` records had `endings[i]` after `days[i]` whole days; groups may repeat. `waiting` is the label of
    censored records. `required_endings`: endings that get a curve even if no record had them. ValueError if a day or
    count is negative.
    """
    day, count = np.asarray(days, dtype=np.int64), np.asarray(counts, dtype=np.float64)
    days, ended, any_ended, at_risk = _event_days(day, endings, count, waiting, required_endings)
    return _curves(days, ended, any_ended, at_risk, int(count.sum()), level)


def restricted_mean(
    days: ArrayLike,
    endings: Sequence[str],
    counts: ArrayLike,
    *,
    waiting: str,
    ending: str,
    until: int,
    level: float = 0.95,
) -> RestrictedMean:
    """Return the restricted mean time to this ending within the first `until` days.

    The variance is that of the area under the curve: in the formula for the curve, each increment is multiplied by the
    days until `until`. None if no record was followed that long and some are still waiting, because the rest of the
    area is not known.
    """
    day, count = np.asarray(days, dtype=np.int64), np.asarray(counts, dtype=np.float64)
    event_days, ended, any_ended, at_risk = _event_days(day, endings, count, waiting, (ending,))
    survived = np.cumprod(1 - any_ended / at_risk)
    last_day = day[count > 0].max(initial=-1)
    closed = survived.size > 0 and survived[-1] <= ROUNDING
    if until <= 0 or (last_day < until and not closed):
        return RestrictedMean(None, None, None)
    is_before_end = event_days < until
    still_waiting = np.concatenate([[1.0], survived[:-1]])[is_before_end]
    endings_of_kind, all_endings, risk_set, days_left = (
        ended[ending][is_before_end],
        any_ended[is_before_end],
        at_risk[is_before_end],
        until - event_days[is_before_end].astype(float),
    )
    increments = still_waiting * endings_of_kind / risk_set
    areas = increments * days_left
    later_areas = np.cumsum(areas[::-1])[::-1] - areas  # area of the later increments
    variance = _area_variance(later_areas, still_waiting * days_left, endings_of_kind, all_endings, risk_set)
    mean, half_width = until - float(areas.sum()), float(special.ndtri((1 + level) / 2) * np.sqrt(variance))
    return RestrictedMean(mean, max(mean - half_width, 0.0), min(mean + half_width, float(until)))


def _area_variance(
    later_areas: Floats, own_areas: Floats, endings_of_kind: Floats, all_endings: Floats, risk_set: Floats
) -> float:
    """Return the sum over days of H^2 d/(n(n-d)) + a^2 k(n-k)/n^3 - 2 H a k/n^2.

    H is the area of later increments, a the days left times the share still waiting, n the number at risk, d the
    endings of any kind and k those of this kind.
    """
    remain = risk_set - all_endings
    spread = np.divide(
        later_areas**2 * all_endings, risk_set * remain, out=np.zeros_like(later_areas), where=remain > 0
    )
    own_term = own_areas**2 * endings_of_kind * (risk_set - endings_of_kind) / risk_set**3
    cross_term = later_areas * own_areas * endings_of_kind / risk_set**2
    return float(max((spread + own_term - 2 * cross_term).sum(), 0.0))


Steps = tuple[np.ndarray, Mapping[str, Floats], Floats, Floats]


def _event_days(
    day: np.ndarray, endings: Sequence[str], count: Floats, waiting: str, required_endings: Iterable[str]
) -> Steps:
    """Return the days with any ending, and on each the endings by kind, all endings, and the number at risk."""
    if not day.shape == count.shape == (len(endings),):
        raise ValueError("days, endings and counts must be of one length.")
    if (day < 0).any() or (count < 0).any():
        raise ValueError("Days and counts cannot be below 0: what ended before it began is not a wait.")
    labels = [label for label in dict.fromkeys((*required_endings, *endings)) if label != waiting]
    distinct_days, day_index = np.unique(day, return_inverse=True)
    kind = np.asarray(endings, dtype=object)
    ended = {label: _sum_by_day(day_index, np.where(kind == label, count, 0.0), len(distinct_days)) for label in labels}
    leaving = _sum_by_day(day_index, count, len(distinct_days))
    at_risk = np.cumsum(leaving[::-1])[::-1]  # those who left on the day itself were still at risk on it
    any_ended = np.sum(list(ended.values()), axis=0) if ended else np.zeros(len(distinct_days))
    happened = any_ended > 0
    ended_by_label = {label: counts[happened] for label, counts in ended.items()}
    return distinct_days[happened], ended_by_label, any_ended[happened], at_risk[happened]


def kaplan_meier(days: ArrayLike, ended: ArrayLike, counts: ArrayLike, *, level: float = 0.95) -> IncidenceCurve:
    """Return the share ended by each day for one ending: one minus Kaplan-Meier survival, Greenwood's variance."""
    labels = ["ended" if has_ended else "waiting" for has_ended in np.asarray(ended, dtype=bool)]
    return cumulative_incidence(days, labels, counts, waiting="waiting", required_endings=("ended",), level=level)[
        "ended"
    ]


def _sum_by_day(day_index: np.ndarray, counts: Floats, length: int) -> Floats:
    return np.bincount(day_index, counts, length).astype(np.float64)


def _curves(
    days: np.ndarray, ended: Mapping[str, Floats], any_ended: Floats, at_risk: Floats, records: int, level: float
) -> dict[str, IncidenceCurve]:
    survived = np.cumprod(1 - any_ended / at_risk)
    before = np.concatenate([[1.0], survived[:-1]])
    return {label: _curve(days, counts, any_ended, at_risk, before, records, level) for label, counts in ended.items()}


def _curve(
    days: np.ndarray, ended: Floats, any_ended: Floats, at_risk: Floats, before: Floats, records: int, level: float
) -> IncidenceCurve:
    share = np.cumsum(before * ended / at_risk)
    variance = _variance(share, ended, any_ended, at_risk, before)
    low, high = _interval(share, variance, at_risk, records, level)
    return IncidenceCurve(days, share, variance, low, high, records, int(ended.sum()))


def _variance(share: Floats, ended: Floats, any_ended: Floats, at_risk: Floats, before: Floats) -> Floats:
    """Return the delta-method variance of the curve at each day t: the sum over days i until t of
    (F(t) - F(i))^2 d/(n(n-d)) + S(i-)^2 k(n-k)/n^3 - 2 (F(t) - F(i)) S(i-) k/n^2.

    n is the number at risk, d the endings of any kind and k those of this kind. If all remaining records end on one
    day, F(t) = F(i) from then on, and the first and third terms are zero.
    """
    remain = at_risk - any_ended
    risk = np.divide(any_ended, at_risk * remain, out=np.zeros_like(share), where=remain > 0)
    cross_increments = before * ended / at_risk**2
    own_term = np.cumsum(before**2 * ended * (at_risk - ended) / at_risk**3)
    spread = share**2 * np.cumsum(risk) - 2 * share * np.cumsum(share * risk) + np.cumsum(share**2 * risk)
    cross_term = share * np.cumsum(cross_increments) - np.cumsum(share * cross_increments)
    return np.asarray(np.maximum(spread + own_term - 2 * cross_term, 0.0), dtype=np.float64)


def _interval(share: Floats, variance: Floats, at_risk: Floats, records: int, level: float) -> tuple[Floats, Floats]:
    """Return limits on the log-log scale.

    At a share of 0 the upper limit is Wilson's for none of those at risk. At a share of 1 the variance is zero, so the
    lower limit is that of the day before (the share cannot have fallen), or Wilson's for all.
    """
    z = float(special.ndtri((1 + level) / 2))
    inside = (share > 0) & (share < 1 - ROUNDING)
    safe = np.where(inside, share, MEDIAN_SHARE)
    width = np.exp(z * np.sqrt(variance) / (safe * np.abs(np.log(safe))))
    low, high = np.where(inside, safe**width, 0.0), np.where(inside, safe ** (1 / width), 1.0)
    for position in np.flatnonzero(~inside):
        if share[position] <= 0:
            high[position] = wilson(0, float(at_risk[position]), level)[1]
        else:
            low[position] = low[position - 1] if position else wilson(records, records, level)[0]
    return low, high
