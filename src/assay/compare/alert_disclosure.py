"""Does publishing an outlier alert reveal a suppressed count?

A force gets an alert if its count lies beyond a limit that a reader can roughly reconstruct from the other forces. If
that limit falls inside the suppressed range (1 to the threshold), the alert, or its absence, tells a reader on which
side of the limit the count lies. So the alert is computed for the smallest and the largest count in the suppressed
range; if the two differ, neither may be published. Counts in between are never more extreme than both ends, so two
checks are enough (decision 0154).

A reader knows the other count of the force only as rounded, or that it is suppressed too. So the smallest count is
combined with the largest value that the other count can have, and the largest with the smallest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from assay.compare.outlier_alerts import side_of, side_weight
from assay.compare.previous_alerts import Alert, PreviousAlerts, alert_status
from assay.stats.false_discovery import p_value_limits
from assay.stats.posterior_grid import Floats

MET_DISCLOSIVE, NOT_MET_DISCLOSIVE = "alert_discloses_met", "alert_discloses_not_met"
MET_CASES, NOT_MET_CASES = slice(0, 2), slice(2, 4)
"""The cases of `extreme_cases` in which met is suppressed, and in which not met is."""
ExtremeCase = tuple[str, float]
"""The side of the leave-one-out predictive on which a force would lie, and its p-value."""


@dataclass(frozen=True)
class RoundingPolicy:
    """How released counts are suppressed and rounded.

    Parameters
    ----------
    threshold
        Suppression threshold: counts from 1 to this number are primary suppressed.
    base
        Rounding base: all other counts are rounded to the nearest multiple; halves round up.
    """

    threshold: int
    base: int

    def suppresses(self, count: int) -> bool:
        """Return True if the count is primary suppressed."""
        return 0 < count <= self.threshold

    def deciding_count(self, count: int, if_suppressed: int) -> int:
        """Return the count as a reader knows it: rounded, or `if_suppressed` for every primary suppressed count."""
        if self.suppresses(count):
            return if_suppressed
        return (count + self.base // 2) // self.base * self.base

    def rounding_interval(self, counts: ArrayLike) -> tuple[Floats, Floats]:
        """Return the smallest and the largest count that round to the same released value, of the shape of `counts`."""
        half = self.base // 2
        low = (np.asarray(counts) + half) // self.base * self.base - half
        return np.maximum(low, 0).astype(float), (low + self.base - 1).astype(float)

    def possible_counts(self, counts: ArrayLike) -> tuple[Floats, Floats]:
        """Return the smallest and largest true count that are consistent with the released value."""
        low, high = self.rounding_interval(counts)
        is_suppressed = (np.asarray(counts) > 0) & (np.asarray(counts) <= self.threshold)
        return np.where(is_suppressed, 1.0, low), np.where(is_suppressed, float(self.threshold), high)


def extreme_cases(met: ArrayLike, base: ArrayLike, policy: RoundingPolicy) -> tuple[Floats, Floats]:
    """Return, for each force, numerator and denominator at the four extremes that its suppressed counts permit.

    Rows: fewest met, most met (if met is suppressed), fewest not met, most not met (if not met is suppressed). The
    other count takes the end of its rounding interval that makes the case more extreme.

    Returns
    -------
    numerator, denominator
        Arrays of shape (4, number of forces).
    """
    lowest_met, highest_met = policy.possible_counts(met)
    lowest_not_met, highest_not_met = policy.possible_counts(np.asarray(base) - np.asarray(met))
    smallest, largest = np.ones_like(lowest_met), np.full_like(lowest_met, policy.threshold)
    counts = np.array([smallest, largest, highest_met, lowest_met])
    return counts, counts + np.array([highest_not_met, lowest_not_met, smallest, largest])


def write_extreme_sides(rows: Sequence[dict[str, Any]], policy: RoundingPolicy) -> None:
    """Record on which side of the leave-one-out predictive (higher or lower) each extreme case of a row lies."""
    counts, sizes = extreme_cases([row["numerator"] for row in rows], [row["base"] for row in rows], policy)
    for row, shares in zip(rows, (counts / sizes).T, strict=True):
        row["sides_of_few"] = [side_of(float(share), row["expected"]) for share in shares]


def read_extreme_cases(row: Mapping[str, Any], case_slice: slice) -> list[ExtremeCase] | None:
    """Return side and p-value of the two extreme cases of a suppressed count; None if they were not computed."""
    if row.get("p_of_few") is None:
        return None
    return list(zip(row["sides_of_few"][case_slice], row["p_of_few"][case_slice], strict=True))


def mark_disclosive_alerts(
    rows: Sequence[dict[str, Any]],
    p_values: Floats,
    better_sides: Mapping[str, str],
    previous: PreviousAlerts,
    q_threshold: float,
) -> None:
    """Record for each row whether an outlier alert would reveal a suppressed count of met, or of not met, records.

    Parameters
    ----------
    rows
        Compared shares, with the columns of their extreme cases.
    p_values
        The p-value of each row, as tested by `control_false_discovery_rate`.
    better_sides, previous, q_threshold
        As in `control_false_discovery_rate`.
    """
    for row, limit in zip(rows, p_value_limits(p_values, previous.q_threshold(q_threshold)), strict=True):
        alert, better_side = (
            previous.alerts.get((row["measure"], row["place_code"])),
            better_sides.get(row["measure"], ""),
        )
        for column, case_slice in ((MET_DISCLOSIVE, MET_CASES), (NOT_MET_DISCLOSIVE, NOT_MET_CASES)):
            cases = read_extreme_cases(row, case_slice)
            row[column] = None if cases is None else _alerts_differ(cases, float(limit), better_side, alert)


def _alerts_differ(cases: Sequence[ExtremeCase], limit: float, better_side: str, alert: Alert | None) -> bool:
    """Return True if the released alert differs between the two extreme cases; `limit` is the p-value limit."""
    outcomes = [released_alert(p / side_weight(better_side, side) <= limit, side, p, alert) for side, p in cases]
    return outcomes[0] != outcomes[1]


def released_alert(is_alert: bool, side: str, p_value: float, alert: Alert | None) -> tuple[Any, ...]:
    """Return the columns of an outlier alert as they would be released, for this side and p-value."""
    row = {
        "outlier_alert": bool(is_alert),
        "direction": side if is_alert else "",
        "side": side,
        "p_value": p_value,
        "q_value": 1.0,
    }
    row |= alert_status(row, alert)
    return tuple(row[name] for name in ("outlier_alert", "direction", "alert_status", "alerted_since"))
