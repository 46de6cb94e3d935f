"""Detection scores: which injected failings were found, and which alerts are false?

A failing is found in a force if the force has an alert, in the failing's direction, on a measure that shows it, or on
its failure mode (combined test). An alert is false if no failing injected in that force shows in that measure and
direction, or moves that measure; an alert on a failure mode, if this holds for each of its measures and no injected
failing has that mode. Single-record alerts are never false: some forces have an old profile in a country without
failings. A failing injected in more than half of the forces is judged against the standard, because a peer comparison
cannot show it: it is found if the interval of the mean share of forces lies below the standard.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from assay.compare.comparability import MIN_RECORDS
from assay.indicators.failure_mode_measures import MEASURES_OF_MODE
from assay.synthetic.simulation.alert_comparison import Alert, ForceCounts, comparison_alerts
from assay.synthetic.simulation.injected_failings import InjectedFailing, failings, measures
from assay.synthetic.simulation.truth_folder import Truth

MAJORITY = 0.5
MIN_FORCES = 5


@dataclass(frozen=True)
class FailingResult:
    """The result for one failing: where it was injected and found, and the false alerts on its measures.

    `is_below_standard` (only for a failing in most forces): whether the mean of all forces lies below the standard.
    """

    failing: InjectedFailing
    injected: tuple[str, ...]
    found: tuple[str, ...]
    false_alerts: tuple[Alert, ...]
    strength: float | None = None
    is_below_standard: bool | None = None

    @property
    def missed(self) -> tuple[str, ...]:
        """The forces in which the failing was injected and not found."""
        return tuple(code for code in self.injected if code not in self.found)

    @property
    def is_not_detectable(self) -> bool:
        """True if no measure, text rating or alert of the lessons stage can show the failing yet."""
        return not (self.failing.shown_by or self.failing.in_texts or self.failing.in_lessons)


def score_failings(
    alerts: Collection[Alert], truth: Truth, counts: Sequence[ForceCounts], *, by_standard: bool = True
) -> tuple[FailingResult, ...]:
    """Return the result for every failing, given the alerts of one method."""
    false_alert_set = false_alerts(alerts, truth)
    return tuple(
        _failing_result(failing, alerts, false_alert_set, truth, counts if by_standard else None)
        for failing in failings().values()
    )


def false_alerts(alerts: Iterable[Alert], truth: Truth) -> frozenset[Alert]:
    """Return the comparison-based alerts that no injected failing explains."""
    comparison_based = comparison_alerts(alerts)
    return frozenset(
        alert
        for alert in comparison_based
        if not any(_explains(key, alert) for key in truth.failings_of_force(alert.place))
    )


def _explains(key: str, alert: Alert) -> bool:
    failing = failings().get(key)
    if failing is None:
        return False
    direction_by_measure = {alert.measure: alert.direction, **MEASURES_OF_MODE.get(alert.measure, {})}
    return any(
        failing.shows(measure, direction) or measure in failing.moves
        for measure, direction in direction_by_measure.items()
    )


def _failing_result(
    failing: InjectedFailing,
    alerts: Collection[Alert],
    false_alert_set: Collection[Alert],
    truth: Truth,
    counts: Sequence[ForceCounts] | None,
) -> FailingResult:
    injected = truth.forces_with_failing(failing.key)
    matching_alerts = {alert for alert in alerts if failing.shows(alert.measure, alert.direction)}
    found = tuple(code for code in injected if any(alert.place == code for alert in matching_alerts))
    false = tuple(sorted(matching_alerts & set(false_alert_set)))
    is_below = None
    compared = [measure for measure in failing.shown_by if not measures()[measure].one_each]
    if compared and counts is not None and len(injected) > MAJORITY * max(len(truth.rates), 1):
        is_below = any(is_below_standard(measure, counts) for measure in compared)
        found = injected if is_below else ()
    return FailingResult(
        failing, injected, found, false, truth.strength.get(failing.key) if injected else None, is_below
    )


def is_below_standard(measure: str, counts: Iterable[ForceCounts]) -> bool:
    """Return True if all forces together lie below the standard of a measure.

    This is the case if the 95% interval of the mean share of forces (each counts once) lies below it.
    """
    standard = measures()[measure].standard
    measure_counts = [
        force_count for force_count in counts if force_count.measure == measure and force_count.base >= MIN_RECORDS
    ]
    if standard is None or len(measure_counts) < MIN_FORCES:
        return False
    shares = np.array([force_count.met / force_count.base for force_count in measure_counts])
    half_width = stats.t.ppf(0.975, len(shares) - 1) * shares.std(ddof=1) / np.sqrt(len(shares))
    return bool(shares.mean() + half_width < standard)


def largest_base(failing: InjectedFailing, place: str, bases: Mapping[tuple[str, str], int]) -> int:
    """Return the largest number of records that any measure of a failing counts in a force.

    `bases`: the number of records by (place, measure).
    """
    return max((bases.get((place, measure), 0) for measure in failing.shown_by), default=0)
