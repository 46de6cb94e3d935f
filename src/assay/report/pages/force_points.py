"""Points of a chart that compares forces, with the display status of each, and the finding in its title."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assay.report.charts.comparison_charts import Point
from assay.report.derived_numbers import row_count
from assay.report.number_words import join_list, percent
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
    """Return the estimate of one force's share as a chart point, labelled with the published share."""
    return Point(
        site.name(row["place_code"]),
        row["share"],
        row["share_low"],
        row["share_high"],
        row["base"] or 0,
        point_state(row, own_code),
        label=percent(row["raw_share"]) if row["raw_share"] is not None else "",
    )


def sort_points(points: Sequence[Point]) -> list[Point]:
    """Sort points by value, highest first; forces that are not comparable come last."""
    return sorted(points, key=lambda p: (p.state == "not comparable", -(p.value or 0), p.name))


FIGURE_LABELS = {"estimates": "estimate ", "own shares": "own share "}
"""Words before the figure of a named force, by the subject of the title; a published figure needs none."""
MAX_NAMES = 3
"""More outliers than these are counted, and not named in the title of a chart."""


def spread_finding(
    site: ReleasedTables,
    rows: Sequence[Row],
    spread: Mapping[str, Any],
    column: str,
    format_value: Callable[[float | None], str],
    named_column: str = "",
    subject: str = "estimates",
) -> str:
    """Return what a chart of sorted estimates shows: lowest, highest and centre of the forces compared, and outliers.

    A force is named only if it is an outlier, because the others cannot be ranked reliably; the lowest and the highest
    figure are then those of the other forces. `subject` names the figures in `column`: estimates, own shares, or forces
    with their published figures. `named_column` holds the own share of a force, which is given with its name, so that a
    force has the same figure on every page. `spread` holds the centre of the estimates, given only if it lies within
    their range.
    """
    compared = [row for row in rows if not row["not_comparable"] and row[column] is not None]
    if len(compared) < 2:
        return "how far forces differ was not worked out"
    if spread.get("overall") is None:
        return f"{_range_text(compared, column, subject, format_value)}; which is an outlier is not shown"
    outliers = [row for row in compared if row["outlier_alert"]]
    rest = [row for row in compared if not row["outlier_alert"]]
    if outliers and rest and _can_be_named(site, outliers):
        kind = "an outlier" if len(outliers) == 1 else "outliers"
        figure = (named_column, "own share ") if named_column else (column, FIGURE_LABELS.get(subject, ""))
        names = sorted(_outlier_text(site, row, *figure, format_value) for row in outliers)
        return f"without {join_list(names)}, {kind}, {_range_text(rest, column, subject, format_value)}"
    low, high = (limit(row[column] for row in compared) for limit in (min, max))
    has_centre = subject == "estimates" and low <= spread["overall"] <= high
    centre = f", around {format_value(spread['overall'])}" if has_centre else ""
    return f"{_range_text(compared, column, subject, format_value)}{centre}; {_outlier_clause(compared, outliers)}"


def _outlier_text(
    site: ReleasedTables, row: Row, column: str, label: str, format_value: Callable[[float | None], str]
) -> str:
    """Return the name of a force with its figure and what that figure is; the name alone without a figure."""
    name, value = site.name(row["place_code"]), row[column]
    return name if value is None else f"{name} ({label}{format_value(value)})"


def _range_text(rows: Sequence[Row], column: str, subject: str, format_value: Callable[[float | None], str]) -> str:
    low, high = (format_value(limit(row[column] for row in rows)) for limit in (min, max))
    return f"{subject} lie from {low} to {high}" if low != high else f"{subject} lie at {low}"


def _can_be_named(site: ReleasedTables, outliers: Sequence[Row]) -> bool:
    return len(outliers) <= MAX_NAMES and not any(site.is_withheld(row["place_code"]) for row in outliers)


def _outlier_clause(compared: Sequence[Row], outliers: Sequence[Row]) -> str:
    if not outliers:
        is_withheld = any(row["outlier_alert"] is None for row in compared)
        return "no outlier is shown" if is_withheld else "none is an outlier"
    return f"{row_count(len(outliers))} of them {'is an outlier' if len(outliers) == 1 else 'are outliers'}"
