"""Combined test (Stouffer) of all measures of a failure mode, one test per force.

A failure can move several measures without making any of them an outlier among thousands of comparisons; or it moves
one measure, whose signal thousands of other tests would drown. So there is one one-sided test per failure mode and
force, in the direction of the failure, however many measures the mode has. The false discovery rate of these tests is
to be controlled at 5%, separately from single measures (`FAILURE_MODE_Q_THRESHOLD`). A measure on a small base counts
here although its share is not shown (`MIN_COMBINED_RECORDS`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from assay.compare.alert_disclosure import (
    MET_CASES,
    NOT_MET_CASES,
    ExtremeCase,
    RoundingPolicy,
    read_extreme_cases,
    released_alert,
)
from assay.compare.alert_thresholds import FAILURE_MODE_Q_THRESHOLD
from assay.compare.comparability import is_total
from assay.compare.comparison_tables import (
    ALERT_STATUS_COLUMNS,
    FLAG,
    INSIDE_COLUMNS,
    NUMBER,
    TEXT,
    WHOLE,
    Rows,
    as_rows,
    as_table,
)
from assay.compare.indicator_comparison import compare_indicators, compare_small_bases
from assay.compare.outlier_alerts import side_of
from assay.compare.previous_alerts import NO_PREVIOUS_ALERTS, Alert, PreviousAlerts, alert_status, is_previously_alerted
from assay.compare.watch_list import watch_list
from assay.indicators import Indicator
from assay.reference import Organisation
from assay.stats.combined_tests import combined_p_values, z_scores
from assay.stats.false_discovery import p_value_limits, q_values
from assay.stats.posterior_grid import Floats

TOWARDS_FAILURE, AWAY_FROM_FAILURE = "towards it", "away from it"
"""Side of a force: towards the failure if its one-sided p-value is below 0.5."""
NONE_COMPARED = "Compared on none of its measures."
FAILURE_MODE_TESTS = pa.schema(
    [
        ("failure_mode", TEXT), ("place_code", TEXT), ("measures", WHOLE), ("p_value", NUMBER),
        ("q_value", NUMBER), ("outlier_alert", FLAG),
        *((name, TEXT) for name in (*ALERT_STATUS_COLUMNS, "not_comparable")), ("alert_discloses", FLAG),
    ]
)  # fmt: skip
MeasuresByMode = Mapping[str, Mapping[str, str]]
"""By failure mode, its measures with the side ("lower" or "higher") on which a force with that failure would lie."""


def combine_measures(
    estimates: Rows,
    measures_by_mode: MeasuresByMode,
    previous: PreviousAlerts = NO_PREVIOUS_ALERTS,
    policy: RoundingPolicy | None = None,
) -> pa.Table:
    """Return one row for each failure mode and force, with the combined one-sided p-value, q-value and alert.

    `p_value` is one-sided (Stouffer's method, `stats/combined_tests.py`). `outlier_alert` is null if no measure is
    compared: it is then not known whether the force is an outlier.

    Parameters
    ----------
    estimates
        Rows of `force_estimates`, with extreme cases if there is a policy.
    previous
        Alerts of previous inspections, with the failure mode in place of the measure.
    policy
        How counts will be suppressed and rounded. With a policy, `alert_discloses` is True if an alert would reveal
        suppressed counts (if all of them were smallest or largest together), and null if that is not known.
    """
    rows = {(row["indicator"], row["place_code"]): row for row in as_rows(estimates) if not is_total(row["place_code"])}
    places = list(dict.fromkeys(place for _, place in rows))
    results = [row for mode, sides in measures_by_mode.items() for row in _mode_rows(mode, sides, rows, places, policy)]
    _write_alerts(results, previous)
    return as_table(results, FAILURE_MODE_TESTS)


def compare_with_failure_modes(
    indicators: Sequence[Indicator],
    ladders: Rows,
    organisations: Mapping[str, Organisation],
    measures_by_mode: MeasuresByMode,
    previous: PreviousAlerts = NO_PREVIOUS_ALERTS,
    policy: RoundingPolicy | None = None,
) -> dict[str, pa.Table]:
    """Return the tables of `compare_indicators`, with the combined tests of failure modes.

    With a policy also `watch_list`, which is never released.
    """
    tables = compare_indicators(indicators, ladders, organisations, previous, policy)
    measures = {measure for sides in measures_by_mode.values() for measure in sides}
    small = compare_small_bases(
        [indicator for indicator in indicators if indicator.key in measures], ladders, organisations, policy
    )
    estimates = [
        row | small.get((row["indicator"], row["place_code"]), {}) for row in as_rows(tables["force_estimates"])
    ]
    tables["combined_tests"] = combine_measures(estimates, measures_by_mode, previous, policy)
    if policy:
        tables["watch_list"] = watch_list(estimates, indicators, measures_by_mode)
        tables["force_estimates"] = tables["force_estimates"].drop_columns([name for name, _ in INSIDE_COLUMNS])
    return tables


def _mode_rows(
    mode: str,
    sides: Mapping[str, str],
    rows: Mapping[tuple[str, str], Mapping[str, Any]],
    places: Sequence[str],
    policy: RoundingPolicy | None,
) -> list[dict[str, Any]]:
    score_table = [
        [_scores(rows.get((measure, place)), side, policy) for place in places] for measure, side in sides.items()
    ]
    mode_scores, lowest, highest = np.moveaxis(np.array(score_table), -1, 0)
    numbers_compared, p_values = (~np.isnan(mode_scores)).sum(axis=0), combined_p_values(mode_scores)
    extremes = (
        [combined_p_values(extreme_scores, mode_scores) for extreme_scores in (lowest, highest)] if policy else []
    )
    return [
        {
            "failure_mode": mode,
            "place_code": place,
            "measures": int(number),
            **_p_value_columns(p_value),
            "ends": extreme_p_values,
        }
        for place, number, p_value, *extreme_p_values in zip(places, numbers_compared, p_values, *extremes, strict=True)
    ]


def _p_value_columns(p_value: float) -> dict[str, Any]:
    if np.isnan(p_value):
        return {"p_value": None, "not_comparable": NONE_COMPARED}
    return {"p_value": float(p_value), "not_comparable": ""}


def _scores(row: Mapping[str, Any] | None, side: str, policy: RoundingPolicy | None) -> tuple[float, float, float]:
    """Return the z-score on that side, with its extreme values if the count is suppressed; NaN if not compared."""
    if row is None or row["p_value"] is None:
        return np.nan, np.nan, np.nan
    score = _score((side_of(row["met"] / row["base"], row["expected"]), row["p_value"]), side)
    for count, case_slice in (("met", MET_CASES), ("not_met", NOT_MET_CASES)):
        if policy and policy.suppresses(row[count]) and (cases := read_extreme_cases(row, case_slice)):
            extreme_scores = [_score(case, side) for case in cases]
            return score, min(extreme_scores), max(extreme_scores)
    return score, score, score


def _score(case: ExtremeCase, side: str) -> float:
    case_side, p_value = case
    return float(z_scores(p_value, 1 if case_side == side else -1))


def _write_alerts(rows: Sequence[dict[str, Any]], previous: PreviousAlerts) -> None:
    """Write q-value, alert and alert status on each row (Benjamini-Hochberg q-values)."""
    alerts = [previous.alerts.get((row["failure_mode"], row["place_code"])) for row in rows]
    for row in rows:
        row["side"] = "" if row["p_value"] is None else _side(row["p_value"])
    persistence = [is_previously_alerted(alert, row["side"]) for row, alert in zip(rows, alerts, strict=True)]
    tested: Floats = np.array(
        [
            np.nan if row["p_value"] is None or persists else row["p_value"]
            for row, persists in zip(rows, persistence, strict=True)
        ]
    )
    level = previous.q_threshold(FAILURE_MODE_Q_THRESHOLD)
    for row, alert, q, limit in zip(rows, alerts, q_values(tested), p_value_limits(tested, level), strict=True):
        row["q_value"] = None if np.isnan(q) else float(q)
        is_alert = bool(q <= level)
        row |= {
            "outlier_alert": None if row["p_value"] is None else is_alert,
            "direction": TOWARDS_FAILURE if is_alert else "",
        }
        row |= alert_status(row | {"p_value": _two_sided(row["p_value"])}, alert)
        row["alert_discloses"] = _is_disclosive(row["ends"], float(limit), alert)


def _is_disclosive(extreme_p_values: Sequence[float], limit: float, alert: Alert | None) -> bool | None:
    """Return True if the released alert differs between the two extreme cases; None if that is not known."""
    if not extreme_p_values or np.isnan(extreme_p_values).any():
        return None
    first, second = (released_alert(p <= limit, _side(p), _two_sided(p) or 0.0, alert) for p in extreme_p_values)
    return first != second


def _side(p_value: float) -> str:
    return TOWARDS_FAILURE if p_value < 0.5 else AWAY_FROM_FAILURE


def _two_sided(p_value: float | None) -> float | None:
    """Return the two-sided p-value: `alert_status` compares two-sided p-values, as those of single measures are."""
    return None if p_value is None else min(1.0, 2 * p_value)
