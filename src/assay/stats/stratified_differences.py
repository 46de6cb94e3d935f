"""Stratified comparison of two groups: Mantel-Haenszel difference, stratified log-rank test.

Shares: the Mantel-Haenszel difference, which weights strata by their information, with Sato's variance (Biometrics 45,
1989, 1323-1324), valid for few large strata and for many small ones. Times to an event: the stratified log-rank test of
one ending, with other endings and open cases as censored. A stratum with only one of the groups has weight zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from assay.stats.posterior_grid import Floats

LEVEL = 0.95


@dataclass(frozen=True)
class Difference:
    """Mantel-Haenszel difference between the shares of two groups (-1 to 1), first minus second, with interval and
    p-value.

    `strata`: number of strata with both groups.
    """

    value: float
    low: float
    high: float
    p_value: float
    strata: int

    @property
    def half(self) -> float:
        """Half the width of the interval, about the smallest difference that could be detected."""
        return (self.high - self.low) / 2


def share_difference(met: ArrayLike, base: ArrayLike, other_met: ArrayLike, other_base: ArrayLike) -> Difference | None:
    """Return the Mantel-Haenszel difference from counts by stratum of the group and of the others.

    None if no stratum has both, or the variance is zero.
    """
    y1, n1, y0, n0 = (np.asarray(values, dtype=float) for values in (met, base, other_met, other_base))
    has_both = (n1 > 0) & (n0 > 0)
    if not has_both.any():
        return None
    y1, n1, y0, n0 = (values[has_both] for values in (y1, n1, y0, n0))
    n = n1 + n0
    weight = (n1 * n0 / n).sum()
    value = float(((y1 * n0 - y0 * n1) / n).sum() / weight)
    first = (y0 * (n1 / n) ** 2 - y1 * (n0 / n) ** 2 + n1 * n0 * (n0 - n1) / (2 * n**2)).sum()
    second = ((y1 * (n0 - y0) + y0 * (n1 - y1)) / (2 * n)).sum()
    variance = (value * first + second) / weight**2
    if variance <= 0:
        return None
    error, z = float(np.sqrt(variance)), float(scipy.stats.norm.ppf((1 + LEVEL) / 2))
    low, high = max(-1.0, value - z * error), min(1.0, value + z * error)
    return Difference(value, low, high, float(2 * scipy.stats.norm.sf(abs(value) / error)), int(has_both.sum()))


@dataclass(frozen=True)
class LogRankTest:
    """Stratified log-rank test: observed and expected endings of the group, variance, and number of strata."""

    observed: float
    expected: float
    variance: float
    strata: int

    @property
    def p_value(self) -> float:
        """Two-sided p-value (chi-squared with one degree of freedom)."""
        return float(scipy.stats.chi2.sf((self.observed - self.expected) ** 2 / self.variance, 1))

    @property
    def sooner(self) -> bool:
        """True if the group has more endings than expected."""
        return self.observed > self.expected


@dataclass(frozen=True)
class StratumWaits:
    """Times to event in one stratum, grouped; each array has one element per group of records with equal values.

    `days`: whole days. `ended`: 1 if the event occurred, 0 if censored. `in_group`: 1 if the records are in the group.
    `records`: number of records.
    """

    days: ArrayLike
    ended: ArrayLike
    in_group: ArrayLike
    records: ArrayLike


def log_rank_test(strata: Sequence[StratumWaits]) -> LogRankTest | None:
    """Return the stratified log-rank test; None if no stratum has both groups at risk at the time of an ending."""
    parts = [part for part in map(_stratum_terms, strata) if part[2] > 0]
    if not parts:
        return None
    observed, expected, variance = (float(sum(column)) for column in zip(*parts, strict=True))
    return LogRankTest(observed, expected, variance, len(parts))


def _stratum_terms(stratum: StratumWaits) -> tuple[float, float, float]:
    days, ended, group, records = (
        np.asarray(x) for x in (stratum.days, stratum.ended, stratum.in_group, stratum.records)
    )
    times = np.unique(days[ended.astype(bool)])
    at_risk, at_risk_group = _records_at_risk(days, records, times), _records_at_risk(days, records * group, times)
    ends, ends_group = (
        _records_ending(days, records * ended, times),
        _records_ending(days, records * ended * group, times),
    )
    share = at_risk_group / at_risk
    spread = np.divide(at_risk - ends, at_risk - 1, out=np.zeros_like(share), where=at_risk > 1)
    return float(ends_group.sum()), float((ends * share).sum()), float((ends * share * (1 - share) * spread).sum())


def _records_at_risk(days: Floats, records: Floats, times: Floats) -> Floats:
    """Return the number of records at risk at each time."""
    order = np.argsort(days)
    left_before = np.concatenate([[0], np.cumsum(records[order])])
    return np.asarray(left_before[-1] - left_before[np.searchsorted(days[order], times)], dtype=float)


def _records_ending(days: Floats, records: Floats, times: Floats) -> Floats:
    """Return the number of records that end at each time."""
    has_records = records > 0
    return np.bincount(np.searchsorted(times, days[has_records]), records[has_records], len(times)).astype(float)


def difference_bounds(
    met: int, base: int, other_met: int, other_base: int, lost_met: int, lost: int
) -> tuple[float, float]:
    """Return bounds of the difference of shares if records of unknown group may belong to either group.

    `lost` is the number of records of unknown group, `lost_met` of which met. Lower bound: all of them that did not
    meet belong to the group, all that met to the others; upper bound: the reverse.
    """
    lost_not_met = lost - lost_met
    minimum = _share(met, base + lost_not_met) - _share(other_met + lost_met, other_base + lost_met)
    maximum = _share(met + lost_met, base + lost_met) - _share(other_met, other_base + lost_not_met)
    return minimum, maximum


def _share(met: int, base: int) -> float:
    return met / base if base else 0.0


def e_value(ratio: float) -> float:
    """Return the E-value of a risk ratio.

    It is the smallest risk ratio that an unmeasured confounder must have with both exposure and outcome to explain away
    the difference (VanderWeele and Ding, Annals of Internal Medicine 167, 2017, 268-274).
    """
    risk_ratio = max(ratio, 1 / ratio) if ratio > 0 else float("inf")
    return risk_ratio + float(np.sqrt(risk_ratio * (risk_ratio - 1))) if np.isfinite(risk_ratio) else float("inf")
