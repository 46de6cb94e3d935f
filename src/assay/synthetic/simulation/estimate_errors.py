"""Errors of published shares against the known truth, and coverage of their intervals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from assay.compare.comparability import is_total
from assay.stats.binomial_intervals import wilson
from assay.synthetic.simulation.alert_comparison import Row
from assay.synthetic.simulation.injected_failings import failings, measures
from assay.synthetic.simulation.truth_folder import Truth

TOLERANCE = 1e-9
"""Rounding tolerance for interval limits at 0 or 1."""


class TruthComparison(NamedTuple):
    """A published share with its interval (None: no interval), beside the true share.

    It also has whether a failing that affects the share is injected in the force.
    """

    measure: str
    place: str
    share: float
    low: float | None
    high: float | None
    truth: float
    has_injected_failing: bool

    @property
    def covers_truth(self) -> bool | None:
        """True if the interval covers the truth; None without an interval."""
        if self.low is None or self.high is None:
            return None
        return self.low - TOLERANCE <= self.truth <= self.high + TOLERANCE


def compare_with_truth(estimate_rows: Iterable[Row], truth: Truth) -> list[TruthComparison]:
    """Return every share with a known true share, by force and for all forces combined."""
    rows = [row for row in estimate_rows if row["indicator"] in measures() and row["share"] is not None]
    return [comparison for row in rows if (comparison := _truth_comparison(row, rows, truth)) is not None]


def _truth_comparison(row: Row, rows: list[Row], truth: Truth) -> TruthComparison | None:
    measure, place = row["indicator"], row["place_code"]
    true = _overall_truth(measure, rows, truth) if is_total(place) else _force_truth(measure, place, truth)
    if true is None:
        return None
    has_failing = _has_injected_failing(measure, place, truth)
    return TruthComparison(measure, place, row["share"], row["share_low"], row["share_high"], true, has_failing)


def _force_truth(measure: str, place: str, truth: Truth) -> float | None:
    return measures()[measure].truth(truth.rates.get(place, {}))


def _overall_truth(measure: str, rows: list[Row], truth: Truth) -> float | None:
    """Return the true share of all records: the mean over forces weighted by their records."""
    force_rows = [
        row for row in rows if row["indicator"] == measure and not is_total(row["place_code"]) and row["base"]
    ]
    known = [
        (row["base"], true)
        for row in force_rows
        if (true := _force_truth(measure, row["place_code"], truth)) is not None
    ]
    total_base = sum(base for base, _ in known)
    return (
        sum(base * true for base, true in known) / total_base if total_base and len(known) == len(force_rows) else None
    )


def _has_injected_failing(measure: str, place: str, truth: Truth) -> bool:
    injected_failings = (
        truth.failings_of_force(place)
        if not is_total(place)
        else tuple(key for key, codes in truth.injected.items() if codes)
    )
    return any(measure in failings()[key].shown_by for key in injected_failings if key in failings())


class IntervalCoverage(NamedTuple):
    """Bias and interval coverage of one measure, with the 95% interval of the coverage.

    `number` and `bias`: the number of shares and their mean error (share minus truth). `intervals` and `covering`: the
    number of intervals, and of those that cover the truth.
    """

    measure: str
    number: int
    bias: float
    intervals: int
    covering: int
    low: float
    high: float


def interval_coverage(comparisons: Iterable[TruthComparison]) -> list[IntervalCoverage]:
    """Return bias and interval coverage by measure."""
    by_measure: dict[str, list[TruthComparison]] = {}
    for comparison in comparisons:
        by_measure.setdefault(comparison.measure, []).append(comparison)
    return [_measure_coverage(measure, measure_comparisons) for measure, measure_comparisons in by_measure.items()]


def _measure_coverage(measure: str, comparisons: list[TruthComparison]) -> IntervalCoverage:
    with_interval = [comparison.covers_truth for comparison in comparisons if comparison.covers_truth is not None]
    bias = sum(comparison.share - comparison.truth for comparison in comparisons) / len(comparisons)
    covered = sum(with_interval)
    low, high = wilson(covered, len(with_interval))
    return IntervalCoverage(measure, len(comparisons), bias, len(with_interval), covered, low, high)
