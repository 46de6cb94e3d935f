"""Chart points of forces: outlier, outside the prediction, not comparable, or the force of the page."""

from collections.abc import Sequence

from assay.report.charts.comparison_charts import Point
from assay.report.quotable_figures import is_outside
from assay.report.report_tables import ReleasedTables, Row


def point_state(row: Row, own_code: str = "") -> str:
    """Return the state in which a force is drawn; see `Point.state`."""
    if row["not_comparable"]:
        return "not comparable"
    if row["place_code"] == own_code:
        return "this one"
    return "unusual" if row["unusual"] else "outside" if is_outside(row) else ""


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
