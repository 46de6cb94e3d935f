"""Suppress outlier alerts that would reveal a suppressed count.

An alert, or its absence, is disclosive if it differs between possible values of a suppressed count. The comparison
(`assay.compare.alert_disclosure`) computes this for primary suppressed counts, and passes it on in internal columns,
which are never released. An alert beside a primary suppressed count is suppressed if it is disclosive, or if that is
not known. A secondary suppressed count can have any value, so an alert beside it is always suppressed. The decision
never depends on the count itself, so a suppressed alert reveals no more than the released table (decision 0154).

The same rule holds for the combined test of a failure mode, which uses one measure or several.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from assay.sdc.cell_status import (
    PROTECTED_METADATA_KEY,
    Row,
    add_status,
    is_primary_suppressed,
    is_protected,
    is_secondary_suppressed,
    is_suppressed,
)
from assay.sdc.release_tables import Column, Table, declared_tables
from assay.sdc.released_estimates import (
    INTERVAL_COLUMNS,
    MODEL_BASED_COLUMNS,
    recompute_funnel,
    recompute_spread,
)
from assay.sdc.rounding import round_to_resolution
from assay.sdc.suppression_policy import Policy

FORCE_ESTIMATES, SPREAD, COMBINED_TESTS, FAILURE_MODES = (
    "force_estimates",
    "indicator_spread",
    "combined_tests",
    "failure_modes",
)
FUNNEL = "indicator_funnel"
SIDES = ("met", "not_met")
ESTIMATE_COLUMNS = ("share", *INTERVAL_COLUMNS, *MODEL_BASED_COLUMNS, "q_value")
"""The columns of a row of force estimates that have a value only where the force is compared."""
COMPARISON_SUPPRESSED_TEXT = "Not shown: whether this force is compared would reveal a suppressed count."
ALERT_SUPPRESSED_TEXT = "Not shown: an outlier alert here would reveal a suppressed count."


def suppress_comparisons(rows: Iterable[Row], form: Table) -> None:
    """Suppress, in place, whether a force is compared, beside a secondary suppressed count of met or not met.

    The counts decide it: "fewer than 20 records" beside a suppressed count is a bound on that count. All rows get the
    same reason and the same statuses, so that they do not reveal whether there was a figure. Beside a primary
    suppressed count the reason stays: it was decided from the counts as released (decision 0279).
    """
    for row in rows:
        if not row.get("decided_by_counts") or not any(is_secondary_suppressed(row, name) for name in SIDES):
            continue
        row |= _suppressed_alert(form) | {"not_comparable": COMPARISON_SUPPRESSED_TEXT}
        for column in (form.alert_columns["alert_column"], *ESTIMATE_COLUMNS):
            row[column] = None
            add_status(row, column)


def suppress_alerts(rows: Iterable[Row], form: Table) -> None:
    """Suppress, in place, outlier alerts that would reveal a suppressed count, and probabilities beside such counts.

    The probability of an alert is suppressed beside every suppressed count. Its status is written even if there was no
    value: otherwise a missing status would reveal that there was none.
    """
    alert_column = form.alert_columns["alert_column"]
    probability_column = form.alert_columns["probability_column"]
    disclosure_columns = form.alert_columns["disclosure_columns"]
    for row in rows:
        if row[alert_column] is None or not any(is_suppressed(row, count) for count in disclosure_columns):
            continue
        row[probability_column] = None
        add_status(row, probability_column)
        if _reveals_count(row, disclosure_columns):
            row |= _suppressed_alert(form)
            add_status(row, alert_column)


def suppress_verdicts(rows: Iterable[Row], form: Table) -> None:
    """Suppress, in place, the verdict on a difference, its direction and its q-value beside a suppressed count.

    They are functions of that count. The text that replaces a verdict is the same for every verdict, so it reveals
    nothing (`verdict_rule` in `tables.toml`).
    """
    rule = form.verdict_rule
    for row in rows if rule else ():
        if not any(is_suppressed(row, count) for count in rule["counts"]):
            continue
        for column in rule["emptied_columns"]:
            row[column] = None
            add_status(row, column)
        for column, text in rule["replacement_texts"].items():
            if row[column] in rule.get("replaced_texts", [row[column]]):
                row[column] = text
                add_status(row, column)


def _reveals_count(row: Row, disclosure_columns: Mapping[str, str]) -> bool:
    """Return True if the alert of a row may be disclosive for one of its counts; `disclosure_columns` by count."""
    return any(
        is_secondary_suppressed(row, count) or (is_primary_suppressed(row, count) and row.get(column) is not False)
        for count, column in disclosure_columns.items()
    )


def _suppressed_alert(form: Table) -> dict[str, Any]:
    return {form.alert_columns["alert_column"]: None} | dict.fromkeys(form.alert_columns["text_columns"], "")


def recompute_from_released(tables: Mapping[str, pa.Table], policy: Policy) -> dict[str, pa.Table]:
    """Return the tables that are computed from `estimates`, computed again from the released estimates.

    `indicator_spread` counts as many outliers as `estimates` shows: one more would reveal a suppressed outlier alert.
    Its statistics, and the limits in `indicator_funnel`, are computed from released counts (`released_estimates`).
    Outlier alerts of `combined_tests` are suppressed. Without `estimates` the result is empty.
    """
    if FORCE_ESTIMATES not in tables:
        return {}
    estimates, result = tables[FORCE_ESTIMATES].to_pylist(), {}
    if SPREAD in tables:
        result[SPREAD] = _recomputed_spread(tables[SPREAD], estimates, policy)
        if FUNNEL in tables:
            result[FUNNEL] = _recomputed_funnel(result[SPREAD].to_pylist(), estimates, policy)
    if COMBINED_TESTS in tables and FAILURE_MODES in tables and not is_protected(tables[COMBINED_TESTS], policy):
        rows = _suppress_failure_mode_alerts(
            tables[COMBINED_TESTS].to_pylist(), tables[FAILURE_MODES].to_pylist(), estimates
        )
        inside = declared_tables()[COMBINED_TESTS].internal_columns
        fields = [field for field in tables[COMBINED_TESTS].schema if field.name not in inside]
        result[COMBINED_TESTS] = pa.Table.from_pylist(
            rows, pa.schema(fields, {PROTECTED_METADATA_KEY: policy.sha256.encode()})
        )
    return result


def _recomputed_spread(spread: pa.Table, estimates: Sequence[Row], policy: Policy) -> pa.Table:
    """Return `indicator_spread` with its number of outliers and its statistics computed from released `estimates`."""
    outliers = Counter(row["indicator"] for row in estimates if row["unusual"])
    form = declared_tables()[SPREAD]
    rows = [
        recompute_spread(row, _rows_of_indicator(estimates, row["indicator"]), policy)
        | {"unusual": outliers[row["indicator"]]}
        for row in spread.to_pylist()
    ]
    # Rounded before the funnel limits are computed from it, so that a reader can compute the same limits.
    rounded = [{column.name: _rounded(row.get(column.name), column) for column in form.columns} for row in rows]
    return pa.Table.from_pylist(rounded, schema=form.schema)


def _recomputed_funnel(spread: Iterable[Row], estimates: Sequence[Row], policy: Policy) -> pa.Table:
    points = [
        point
        for row in spread
        for point in recompute_funnel(row, _rows_of_indicator(estimates, row["indicator"]), policy)
    ]
    return pa.Table.from_pylist(points, schema=declared_tables()[FUNNEL].schema)


def _rows_of_indicator(estimates: Iterable[Row], indicator: str) -> list[Row]:
    return [row for row in estimates if row["indicator"] == indicator]


def _rounded(value: Any, column: Column) -> Any:
    return value if value is None or not column.is_float else round_to_resolution(value, column)


def _suppress_failure_mode_alerts(tests: Iterable[Row], modes: Iterable[Row], estimates: Iterable[Row]) -> list[Row]:
    """Return the rows of `combined_tests` with the alerts suppressed that would reveal a suppressed count."""
    replacement = _suppressed_alert(declared_tables()[COMBINED_TESTS]) | {"not_comparable": ALERT_SUPPRESSED_TEXT}
    measures = {row["failure_mode"]: row["shown_by"].split() for row in modes}
    # Rows that are not compared alone are kept: a measure on a small base counts in the combined test.
    compared = {(row["indicator"], row["place_code"]): row for row in estimates}

    def suppress_if_disclosive(row: Row) -> Row:
        keys = [(measure, row["place_code"]) for measure in measures.get(row["failure_mode"], ())]
        comparisons = [compared[key] for key in keys if key in compared]
        return (
            row | replacement if row["unusual"] is not None and _failure_mode_reveals_count(row, comparisons) else row
        )

    return [suppress_if_disclosive(row) for row in tests]


def _failure_mode_reveals_count(row: Row, comparisons: Sequence[Row]) -> bool:
    """Return True if the alert of a failure mode would reveal a suppressed count of one of its measures.

    A secondary suppressed count is revealed only by a test of one measure: in a combined test the other measures leave
    its value open.
    """
    has_primary, has_secondary = (
        any(test(comparison, count) for comparison in comparisons for count in ("met", "not_met"))
        for test in (is_primary_suppressed, is_secondary_suppressed)
    )
    return (has_primary and row.get("call_tells") is not False) or (has_secondary and row["measures"] == 1)
