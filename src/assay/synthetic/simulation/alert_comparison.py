"""Outlier alerts of each method: which force, on which measure, in which direction?

Assay's alerts are in `comparison/force_estimates.parquet`, and those on a failure mode (combined test of its measures)
in `comparison/combined_tests.parquet`. For a measure with one record for each force, the record itself gives the alert.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from assay.compare.comparability import OTHER_KIND, is_total
from assay.compare.outlier_alerts import side_of
from assay.synthetic.simulation.injected_failings import COMBINED_TEST, measures

CLAIMS, BETTER_AFTER_NOTICE = "claims_contradicted", "better_after_notice"
"""Names of the alerts of the lessons stage."""
MAX_Q_VALUE = 0.2
"""Candidates are kept up to this q-value, so that other thresholds can be evaluated."""
Row = Mapping[str, Any]


class Alert(NamedTuple):
    """An outlier alert: a force, a measure or failure mode, and a direction."""

    place: str
    measure: str
    direction: str


class AlertCandidate(NamedTuple):
    """A candidate for an alert: a force on a measure or failure mode, with its q-value."""

    measure: str
    place: str
    direction: str
    q_value: float


class ForceCounts(NamedTuple):
    """The counts of one force on one measure."""

    place: str
    measure: str
    met: int
    base: int


def assay_alerts(estimate_rows: Iterable[Row], combined_rows: Iterable[Row] = ()) -> frozenset[Alert]:
    """Return assay's outlier alerts on measures and failure modes (combined test); false discovery rate 5%."""
    rows = [row for row in estimate_rows if not is_total(row["place_code"])]
    measure_alerts = [
        Alert(row["place_code"], row["indicator"], row["direction"]) for row in rows if row["outlier_alert"]
    ]
    mode_alerts = [
        Alert(row["place_code"], row["failure_mode"], COMBINED_TEST) for row in combined_rows if row["outlier_alert"]
    ]
    return frozenset(measure_alerts) | frozenset(mode_alerts) | single_record_alerts(rows)


def alert_candidates(
    estimate_rows: Iterable[Row], combined_rows: Iterable[Row], max_q_value: float = MAX_Q_VALUE
) -> tuple[AlertCandidate, ...]:
    """Return the alerts and the candidates up to this q-value, so that other levels can be scored."""
    rows = [row for row in estimate_rows if not is_total(row["place_code"]) and _is_candidate(row, max_q_value)]
    sides = (side_of(row["met"] / row["base"], row["expected"]) for row in rows)
    single = [AlertCandidate(row["indicator"], row["place_code"], side, row["q_value"])
              for row, side in zip(rows, sides, strict=True)]  # fmt: skip
    modes = [row for row in combined_rows if _is_candidate(row, max_q_value)]
    return (
        *single,
        *(AlertCandidate(row["failure_mode"], row["place_code"], COMBINED_TEST, row["q_value"]) for row in modes),
    )


def _is_candidate(row: Row, max_q_value: float) -> bool:
    return row["q_value"] is not None and row["q_value"] <= max_q_value


def single_record_alerts(estimate_rows: Iterable[Row]) -> frozenset[Alert]:
    """Return an alert for each force that has a single record of a measure, which is not met."""
    return frozenset(Alert(row["place_code"], row["indicator"], "lower") for row in estimate_rows if _not_met(row))


def comparison_alerts(alerts: Iterable[Alert]) -> frozenset[Alert]:
    """Return the alerts that come from comparing forces, without single-record alerts."""
    return frozenset(alert for alert in alerts if not _is_single_record(alert.measure))


def force_counts(estimate_rows: Iterable[Row]) -> list[ForceCounts]:
    """Return the counts of every territorial force, for each measure that can be compared."""
    rows = [row for row in estimate_rows if row["base"] and not is_total(row["place_code"])]
    return [
        ForceCounts(row["place_code"], row["indicator"], row["met"], row["base"])
        for row in rows
        if row["not_comparable"] != OTHER_KIND and not _is_single_record(row["indicator"])
    ]


def _not_met(row: Row) -> bool:
    return _is_single_record(row["indicator"]) and row["not_met"] == 1


def _is_single_record(measure: str) -> bool:
    return measure == CLAIMS or (measure in measures() and measures()[measure].one_each)
