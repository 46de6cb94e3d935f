"""Compare forces on every indicator: shrunken estimates, ranks and outlier alerts.

The share is met / (met + not met), compared by the same model as published shares; records that are not known take the
place of pending ones. Only territorial forces are ranked. British Transport Police is shown with its own interval; the
agency and the regional units have counts only. The false discovery rate is controlled over all indicators and forces
together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assay.compare.alert_disclosure import MET_DISCLOSIVE, NOT_MET_DISCLOSIVE, RoundingPolicy, mark_disclosive_alerts
from assay.compare.alert_thresholds import MEASURE_Q_THRESHOLD
from assay.compare.comparability import (
    MIN_COMBINED_RECORDS,
    MIN_RECORDS,
    indicator_exclusion_reason,
    is_decided_by_counts,
    is_total,
)
from assay.compare.comparison_tables import (
    ALERT_STATUS_COLUMNS,
    FLAG,
    INSIDE_COLUMNS,
    NUMBER,
    SHARES,
    TEXT,
    WHOLE,
    Rows,
    as_rows,
    as_table,
)
from assay.compare.funnel_plot import funnel_table
from assay.compare.outlier_alerts import control_false_discovery_rate, count_outliers, sides, tested_p_values
from assay.compare.previous_alerts import NO_PREVIOUS_ALERTS, PreviousAlerts, alert_status
from assay.compare.share_comparison import compare_shares
from assay.indicators import ALL, Indicator
from assay.reference import Organisation

FORCE_RECORD = "force"
"""Kind of record of which each force has one, so that there is nothing to rank."""
AXIS_STEP = 50
"""The limits of a funnel end at a multiple of this number, so that they do not reveal the largest base."""
SPREAD_DECIMALS = 3
"""Decimals of the mean and the standard deviation between forces: more would help to derive the counts of a force."""
ONE_RECORD_EACH = "Not comparable: each force has one, so there is nothing to rank."
FORCE_ESTIMATES = pa.schema(
    [("indicator", TEXT), ("place_code", TEXT), ("met", WHOLE), ("not_met", WHOLE), ("base", WHOLE)]
    + [(name, NUMBER) for name in ("share", "share_low", "share_high", "rank", "rank_low", "rank_high")]
    + [(name, NUMBER) for name in ("expected", "expected_low", "expected_high", "p_value", "q_value")]
    + [("outlier_alert", FLAG), ("direction", TEXT), ("alert_status", TEXT), ("alerted_since", TEXT)]
    + [
        ("not_known_share", NUMBER),
        ("not_comparable", TEXT),
        ("suppressed_cells", TEXT),
        (MET_DISCLOSIVE, FLAG),
        (NOT_MET_DISCLOSIVE, FLAG),
        ("decided_by_counts", FLAG),
    ]
)
FORCE_ESTIMATES_INSIDE = pa.schema([*FORCE_ESTIMATES, *INSIDE_COLUMNS])
SPREAD = pa.schema(
    [
        ("indicator", TEXT), ("forces_compared", WHOLE), ("overall", NUMBER), ("between_force_sd", NUMBER),
        ("naive_outside_3_sigma", WHOLE), ("mean_z_squared", NUMBER), ("outliers", WHOLE),
    ]
)  # fmt: skip
FUNNEL = pa.schema([("indicator", TEXT)] + [(n, NUMBER) for n in ("base", "low", "high", "naive_low", "naive_high")])


def compare_indicators(
    indicators: Sequence[Indicator],
    ladders: Rows,
    organisations: Mapping[str, Organisation],
    previous: PreviousAlerts = NO_PREVIOUS_ALERTS,
    policy: RoundingPolicy | None = None,
) -> dict[str, pa.Table]:
    """Return `force_estimates`, `indicator_spread` and `indicator_funnel`, from the exact counts of all indicators.

    Every row of `ladders` for all reports together ('all') has a row in `force_estimates`; an indicator that is not
    answerable keeps its sentence and has no figure. `outlier_alert` is null for a force that was not compared: it is
    then not known whether the force is an outlier.

    Parameters
    ----------
    ladders
        Rows of the table `ladders`, with exact counts.
    organisations
        Organisations by place code.
    previous
        Alerts of previous inspections; `alert_status` has the status of each alert (new, persists or ended).
    policy
        How counts will be suppressed and rounded. With a policy, each row notes if an alert would reveal a suppressed
        count (`alert_disclosure`); without, that is not known.
    """
    indicator_by_key = {indicator.key: indicator for indicator in indicators}
    rows = [row for row in as_rows(ladders) if row["when_reported"] == ALL and row["indicator"] in indicator_by_key]
    share_rows = [_as_share(row, organisations, policy) for row in rows if not row["not_askable"]]
    shares, spread = compare_shares(
        [row for row in share_rows if indicator_by_key[row["measure"]].record != FORCE_RECORD],
        exclusion_rule=indicator_exclusion_reason,
        policy=policy,
    )
    better_sides = {
        key: indicator.better for key, indicator in indicator_by_key.items() if indicator.better != "neither"
    }
    p_values = tested_p_values(shares, better_sides, previous)
    [shares] = control_false_discovery_rate([shares], better_sides, previous, MEASURE_Q_THRESHOLD)
    compared = _with_alert_status(shares, previous)
    mark_disclosive_alerts(compared, p_values, better_sides, previous, MEASURE_Q_THRESHOLD)
    shares = as_table(compared, SHARES)
    spread = _rounded(count_outliers(spread, [shares]))
    compared_rows = {(row["measure"], row["place_code"]): row for row in compared}
    estimates = [_estimate_row(row, compared_rows, organisations, indicator_by_key[row["indicator"]]) for row in rows]
    return {
        "force_estimates": as_table(estimates, FORCE_ESTIMATES_INSIDE if policy else FORCE_ESTIMATES),
        "indicator_spread": as_table([row | {"indicator": row["measure"]} for row in spread.to_pylist()], SPREAD),
        "indicator_funnel": _funnel(shares, spread),
    }


def compare_small_bases(
    indicators: Sequence[Indicator],
    ladders: Rows,
    organisations: Mapping[str, Organisation],
    policy: RoundingPolicy | None = None,
) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the compared rows with bases too small for an alert of their own, for use in combined tests only.

    They are for the combined tests only. The other forces are compared beside them, so that the population is whole.
    """
    keys = {indicator.key for indicator in indicators if indicator.record != FORCE_RECORD}
    rows = [row for row in as_rows(ladders) if row["when_reported"] == ALL and row["indicator"] in keys]
    share_rows = [_as_share(row, organisations, policy) for row in rows if not row["not_askable"]]
    small = {(row["measure"], row["place_code"]) for row in share_rows if _has_small_base(row)}
    measures = {measure for measure, _ in small}
    shares, _ = compare_shares(
        [row for row in share_rows if row["measure"] in measures],
        exclusion_rule=partial(indicator_exclusion_reason, min_records=MIN_COMBINED_RECORDS),
        policy=policy,
    )
    compared = {(row["measure"], row["place_code"]): row for row in shares.to_pylist() if row["p_value"] is not None}
    return {key: row | _counts(row) for key, row in compared.items() if key in small}


def _has_small_base(row: Mapping[str, Any]) -> bool:
    return bool(MIN_COMBINED_RECORDS <= row["deciding_base"] < MIN_RECORDS)


def _counts(row: Mapping[str, Any]) -> dict[str, int]:
    return {"met": row["numerator"], "not_met": row["base"] - row["numerator"]}


def _with_alert_status(shares: pa.Table, previous: PreviousAlerts) -> list[dict[str, Any]]:
    """Return the rows with their alert status; an alert that persists keeps its q-value."""
    rows = [row | {"side": side} for row, side in zip(shares.to_pylist(), sides(shares), strict=True)]
    for row in rows:
        row |= alert_status(row, previous.alerts.get((row["measure"], row["place_code"])))
    return rows


def not_known_share(row: Mapping[str, Any]) -> float | None:
    """Return the share of not known records among met, not met and not known; None if there are no records."""
    unknown = row["not_known"] + row["not_known_if_counted"]
    total = row["met"] + row["not_met"] + unknown
    return unknown / total if total else None


def _as_share(
    row: Mapping[str, Any], organisations: Mapping[str, Organisation], policy: RoundingPolicy | None
) -> dict[str, Any]:
    """Return a ladder as the row of a share."""
    place = row["place_code"]
    deciding = row if policy is None else {**row, **_deciding_counts(row, policy)}
    return {
        "measure": row["indicator"],
        "place_code": place,
        "offence_key": "",
        "financial_year": "",
        "numerator": row["met"],
        "base": row["met"] + row["not_met"],
        "deciding_base": deciding["met"] + deciding["not_met"],
        "pending_share": not_known_share(deciding),
        "body_kind": organisations[place].kind if place in organisations else "",
        "one_sided": _is_one_sided(row),
    }


def _deciding_counts(row: Mapping[str, Any], policy: RoundingPolicy) -> dict[str, int]:
    """Return the counts that decide whether a force is compared, as a reader knows them.

    Whether a force is compared is public. Decided from exact counts it would reveal a suppressed one: with 18 not met,
    "fewer than 20" says that 1 is met. So every suppressed count has the value that lets the force be compared.
    """
    largest = {name: policy.deciding_count(row[name], policy.threshold) for name in ("met", "not_met")}
    smallest = {name: policy.deciding_count(row[name], 1) for name in ("not_known", "not_known_if_counted")}
    return largest | smallest


def _is_one_sided(row: Mapping[str, Any]) -> bool:
    """Return True if the ladder has known answers and no share: only one answer can be known (`is_one_sided`)."""
    return bool(row["share"] is None and row["met"] + row["not_met"] > 0)


def _estimate_row(
    row: Mapping[str, Any],
    compared_rows: Mapping[tuple[str, str], Mapping[str, Any]],
    organisations: Mapping[str, Organisation],
    indicator: Indicator,
) -> dict[str, Any]:
    result = {
        "indicator": indicator.key,
        "place_code": row["place_code"],
        "suppressed_cells": "",
        "direction": "",
        "outlier_alert": None,
        "alert_status": "",
        "alerted_since": "",
        "decided_by_counts": False,
    }
    if row["not_askable"]:
        return result | {"not_comparable": row["not_askable"]}
    base = row["met"] + row["not_met"]
    result |= {"met": row["met"], "not_met": row["not_met"], "base": base, "not_known_share": not_known_share(row)}
    if indicator.record == FORCE_RECORD:
        return result | {"share": row["share"], "not_comparable": ONE_RECORD_EACH}
    compared = dict(compared_rows[indicator.key, row["place_code"]])
    organisation = organisations.get(row["place_code"])
    if (organisation is not None and organisation.is_national) or _is_one_sided(row):
        compared |= {"share": None, "share_low": None, "share_high": None}
    # Of a force that was not compared it is not known whether it is an outlier, so the value is null and not False.
    is_outlier = None if compared["p_value"] is None else compared["outlier_alert"]
    return (
        compared
        | result
        | {"decided_by_counts": not is_total(row["place_code"]) and is_decided_by_counts(compared["not_comparable"])}
        | {"outlier_alert": is_outlier, **{name: compared[name] for name in ("direction", *ALERT_STATUS_COLUMNS)}}
    )


def _rounded(spread: pa.Table) -> pa.Table:
    for name in ("overall", "between_force_sd"):
        index = spread.column_names.index(name)
        spread = spread.set_column(index, name, pc.round(spread[name], SPREAD_DECIMALS))
    return spread


def _funnel(shares: pa.Table, spread: pa.Table) -> pa.Table:
    lines = funnel_table(shares, spread, axis_step=AXIS_STEP).to_pylist()
    return as_table([row | {"indicator": row["measure"]} for row in lines], FUNNEL)
