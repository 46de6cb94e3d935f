"""Points of a chart that compares forces, with the display status of each, and the finding beneath the chart."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assay.report.charts.comparison_charts import Point
from assay.report.derived_numbers import row_count
from assay.report.number_words import join_list
from assay.report.quotable_figures import is_outside
from assay.report.report_tables import ReleasedTables, Row


def point_state(row: Row, own_code: str = "") -> str:
    """Return the display status of a force in a chart; see `Point.state`."""
    if row["not_comparable"]:
        return "not comparable"
    if row["place_code"] == own_code:
        return "this one"
    return "outlier" if row["outlier_alert"] else "outside" if is_outside(row) else ""


def share_point(site: ReleasedTables, row: Row, own_code: str = "") -> Point:
    """Return one force's share as a chart point."""
    return Point(
        site.name(row["place_code"]),
        row["share"],
        row["share_low"],
        row["share_high"],
        row["base"] or 0,
        point_state(row, own_code),
    )


def sort_points(points: Sequence[Point]) -> list[Point]:
    """Sort points by value, highest first; forces that are not comparable come last."""
    return sorted(points, key=lambda p: (p.state == "not comparable", -(p.value or 0), p.name))


MAX_NAMES = 3
"""More outliers than these are counted, and not named in the title of a chart."""


def spread_finding(
    site: ReleasedTables,
    rows: Sequence[Row],
    spread: Mapping[str, Any],
    column: str,
    format_value: Callable[[float | None], str],
    named_column: str = "",
) -> str:
    """Return what a chart of sorted estimates shows: lowest, highest and centre of the forces compared, and outliers.

    A force is named only if it is an outlier, because the order of the others is not known; the limits are then those
    of the other forces. `named_column` holds the figure beside a name, so that a force has the same figure on every
    page. `rows` holds the estimates in `column`; `spread` their centre, which is left out where the
    forces that are shown lie on one side of it.
    """
    compared = [row for row in rows if not row["not_comparable"] and row[column] is not None]
    if len(compared) < 2:
        return "how far forces differ was not worked out"
    if spread.get("overall") is None:
        return f"{_range_text(compared, column, format_value)}; which is an outlier is not shown"
    outliers = [row for row in compared if row["outlier_alert"]]
    rest = [row for row in compared if not row["outlier_alert"]]
    if outliers and rest and _can_be_named(site, outliers):
        kind = "an outlier" if len(outliers) == 1 else "outliers"
        title_column = named_column or column
        names = sorted(f"{site.name(row['place_code'])} ({format_value(row[title_column])})" for row in outliers)
        return f"without {join_list(names)}, {kind}, {_range_text(rest, column, format_value)}"
    low, high = (limit(row[column] for row in compared) for limit in (min, max))
    centre = f", around {format_value(spread['overall'])}" if low <= spread["overall"] <= high else ""
    return f"{_range_text(compared, column, format_value)}{centre}; {_outlier_clause(compared, outliers)}"


def _range_text(rows: Sequence[Row], column: str, format_value: Callable[[float | None], str]) -> str:
    low, high = (format_value(limit(row[column] for row in rows)) for limit in (min, max))
    return f"forces lie from {low} to {high}" if low != high else f"forces lie at {low}"


def _can_be_named(site: ReleasedTables, outliers: Sequence[Row]) -> bool:
    return len(outliers) <= MAX_NAMES and not any(site.is_withheld(row["place_code"]) for row in outliers)


def _outlier_clause(compared: Sequence[Row], outliers: Sequence[Row]) -> str:
    if not outliers:
        is_withheld = any(row["outlier_alert"] is None for row in compared)
        return "no outlier is shown" if is_withheld else "none is an outlier"
    return f"{row_count(len(outliers))} of them {'is an outlier' if len(outliers) == 1 else 'are outliers'}"
