"""Suppress outlier alerts that would reveal a suppressed count.

An alert, or its absence, is disclosive if it differs between possible values of a suppressed count. The comparison
(`assay.compare.alert_disclosure`) computes this for primary suppressed counts, and passes it on in internal columns,
which are never released. An alert beside a primary suppressed count is suppressed if it is disclosive, or if that is
not known. A secondary suppressed count can have any value, so an alert beside it is always suppressed. The decision
never depends on the count itself, so a suppressed alert reveals no more than the released table (decision 0154).

A combined test of a failure mode is a function of the counts of all its measures. Beside a primary suppressed count it
follows the same rule. Beside a suppressed comparison its number of measures and its alert are always suppressed: the
attack of `tests/sdc/combined_test_attack.py` narrows a count by them, however many other measures there are (0282).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from assay.errors import DisclosureError
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
from assay.stats.hierarchical_posterior import FEWEST_UNITS

FORCE_ESTIMATES, SPREAD, COMBINED_TESTS, FAILURE_MODES = (
    "force_estimates",
    "indicator_spread",
    "combined_tests",
    "failure_modes",
)
FUNNEL = "indicator_funnel"
SIDES = ("met", "not_met")
UNKNOWN_COUNTS = ("not_known", "not_known_if_counted")
ComparisonKey = tuple[str, str]
"""Key of an indicator and place code: one row of force estimates."""
ESTIMATE_COLUMNS = ("share", *INTERVAL_COLUMNS, *MODEL_BASED_COLUMNS, "q_value")
"""The columns of a row of force estimates that are estimated from counts."""
COMPARED_COLUMNS = (*MODEL_BASED_COLUMNS, "q_value")
"""Those that have a value only where the force is compared."""
TOO_FEW_FORCES_TEXT = "Not comparable: too few forces have figures that can be compared."
"""The reason of every force of an indicator if fewer than `FEWEST_UNITS` forces are left to compare."""
COMPARISON_SUPPRESSED_TEXT = "Not shown: whether this force is compared would reveal a suppressed count."
ALERT_SUPPRESSED_TEXT = "Not shown: an outlier alert here would reveal a suppressed count."


def suppress_comparisons(rows: Iterable[Row], form: Table, ladders: Iterable[Row]) -> None:
    """Suppress, in place, whether a force is compared, beside a secondary suppressed count that decides it.

    The counts decide it: "fewer than 20 records" beside a suppressed count is a bound on that count, and so is "more
    than a quarter not known" beside a suppressed count of records not known. All rows get the same reason and the same
    statuses, so that they do not reveal whether there was a figure. Beside a primary suppressed count the reason stays:
    it was decided from the counts as released (decisions 0279 and 0282).

    Parameters
    ----------
    rows
        Rows of `force_estimates`.
    ladders
        Rows of `ladders`, which have the counts of records not known.
    """
    decided_rows = [row for row in rows if _is_decided_by_counts(row)]
    suppressed = _keys_of_suppressed_comparisons(decided_rows, _keys_with_suppressed_unknowns(ladders))
    too_few = _indicators_left_with_too_few_forces(decided_rows, suppressed)
    for row in decided_rows:
        if _key(row) in suppressed or (row["indicator"] in too_few and _is_compared_or_too_few(row)):
            _suppress_comparison(row, form)


def _key(row: Row) -> ComparisonKey:
    return row["indicator"], row["place_code"]


def _is_decided_by_counts(row: Row) -> bool:
    """Return True if counts decided whether the force is compared; DisclosureError if the comparison did not say."""
    is_decided: bool | None = row.get("decided_by_counts")
    if is_decided is None:
        # Without the answer no comparison would be suppressed, so a missing answer must not pass as "no".
        raise DisclosureError(
            "Table 'force_estimates' does not say whether counts decided who is compared (column 'decided_by_counts'). "
            "Make the comparison again."
        )
    return is_decided


def _keys_of_suppressed_comparisons(
    decided_rows: Iterable[Row], suppressed_unknowns: Collection[ComparisonKey]
) -> set[ComparisonKey]:
    """Return the rows in which a count that decides whether the force is compared is secondary suppressed."""
    return {
        _key(row)
        for row in decided_rows
        if _key(row) in suppressed_unknowns or any(is_secondary_suppressed(row, name) for name in SIDES)
    }


def _indicators_left_with_too_few_forces(
    decided_rows: Sequence[Row], suppressed: Collection[ComparisonKey]
) -> set[str]:
    """Return the indicators whose other forces reveal whether a force with a suppressed comparison is compared.

    Four forces that are compared say that a fifth is compared too. "Too few forces" beside the four says that it is
    not. If five others are compared, nothing depends on the suppressed ones. If the others and the suppressed ones are
    fewer than five together, no force is compared whatever the suppressed counts are.
    """
    certain = Counter(
        row["indicator"] for row in decided_rows if _key(row) not in suppressed and _is_compared_or_too_few(row)
    )
    possible = certain + Counter(indicator for indicator, _ in suppressed)
    return {indicator for indicator, _ in suppressed if certain[indicator] < FEWEST_UNITS <= possible[indicator]}


def _keys_with_suppressed_unknowns(ladders: Iterable[Row]) -> set[ComparisonKey]:
    """Return the indicators and forces of which a count of records not known is secondary suppressed."""
    return {
        _key(row)
        for row in ladders
        # Only all reports together are compared; parts of them decide nothing.
        if row["when_reported"] == "all" and any(is_secondary_suppressed(row, name) for name in UNKNOWN_COUNTS)
    }


def _suppress_comparison(row: Row, form: Table) -> None:
    row |= _suppressed_alert(form) | {"not_comparable": COMPARISON_SUPPRESSED_TEXT}
    # Where met and not met are shown, so is the share itself: a reader can compute it.
    estimates = ESTIMATE_COLUMNS if any(is_suppressed(row, name) for name in SIDES) else COMPARED_COLUMNS
    for column in (form.alert_columns["alert_column"], *estimates):
        row[column] = None
        add_status(row, column)


def _is_compared_or_too_few(row: Row) -> bool:
    """Return True if a force is compared, or would be if there were more forces."""
    return (row["not_comparable"] or "") in ("", TOO_FEW_FORCES_TEXT)


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
        modes = tables[FAILURE_MODES].to_pylist()
        result[COMBINED_TESTS] = _protected_combined_tests(tables[COMBINED_TESTS], modes, estimates, policy)
    return result


def _protected_combined_tests(
    tests: pa.Table, modes: Iterable[Row], estimates: Iterable[Row], policy: Policy
) -> pa.Table:
    """Return `combined_tests` without its internal columns and with disclosive alerts suppressed."""
    rows = _suppress_failure_mode_alerts(tests.to_pylist(), modes, estimates)
    internal_columns = declared_tables()[COMBINED_TESTS].internal_columns
    fields = [field for field in tests.schema if field.name not in internal_columns]
    return pa.Table.from_pylist(rows, pa.schema(fields, {PROTECTED_METADATA_KEY: policy.sha256.encode()}))


def _recomputed_spread(spread: pa.Table, estimates: Sequence[Row], policy: Policy) -> pa.Table:
    """Return `indicator_spread` with its number of outliers and its statistics computed from released `estimates`."""
    outliers = Counter(row["indicator"] for row in estimates if row["outlier_alert"])
    form = declared_tables()[SPREAD]
    rows = [
        recompute_spread(row, _rows_of_indicator(estimates, row["indicator"]), policy)
        | {"outliers": outliers[row["indicator"]]}
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
    """Return the rows of `combined_tests` with everything suppressed that would reveal a suppressed count.

    The number of measures says whether a force is compared on each of them, and the alert depends on the counts of
    each. So both are suppressed beside a suppressed comparison (decision 0282).
    """
    measures = {row["failure_mode"]: row["shown_by"].split() for row in modes}
    # Rows that are not compared alone are kept: a measure on a small base counts in the combined test.
    row_at = {_key(row): row for row in estimates}
    undisclosed = _keys_of_undisclosed_comparisons(row_at.values())

    def comparisons_of(test: Row) -> list[Row]:
        keys = [(measure, test["place_code"]) for measure in measures.get(test["failure_mode"], ())]
        return [row_at[key] for key in keys if key in row_at]

    return [_suppress_failure_mode_alert(test, comparisons_of(test), undisclosed) for test in tests]


def _suppress_failure_mode_alert(row: Row, comparisons: Sequence[Row], undisclosed: Collection[ComparisonKey]) -> Row:
    """Return a row of `combined_tests` as it may be released, given the comparisons of its measures."""
    replacement = _suppressed_alert(declared_tables()[COMBINED_TESTS]) | {"not_comparable": ALERT_SUPPRESSED_TEXT}
    # Decided from released comparisons alone, so that the text says nothing of what the row had.
    if any(_key(comparison) in undisclosed for comparison in comparisons):
        return row | {"measures": None} | replacement
    is_disclosive = row["outlier_alert"] is not None and _failure_mode_reveals_count(row, comparisons)
    return row | replacement if is_disclosive else row


def _keys_of_undisclosed_comparisons(estimates: Collection[Row]) -> set[ComparisonKey]:
    """Return the rows of which it is not said whether the force is part of a combined test.

    If fewer than five forces are known to be compared, it is not known either whether a force on a small base is part
    of a combined test. So all forces of that indicator are returned.
    """
    suppressed = {_key(row) for row in estimates if row["not_comparable"] == COMPARISON_SUPPRESSED_TEXT}
    compared = Counter(row["indicator"] for row in estimates if not row["not_comparable"])
    uncertain = {indicator for indicator, _ in suppressed if compared[indicator] < FEWEST_UNITS}
    return suppressed | {_key(row) for row in estimates if row["indicator"] in uncertain}


def _failure_mode_reveals_count(row: Row, comparisons: Sequence[Row]) -> bool:
    """Return True if the alert of a failure mode would reveal a primary suppressed count of one of its measures."""
    has_primary = any(is_primary_suppressed(comparison, count) for comparison in comparisons for count in SIDES)
    return has_primary and row.get("alert_discloses") is not False
