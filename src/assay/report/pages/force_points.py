"""How is one force drawn among the others: as one of them, as unusual, as outside its prediction, or apart?"""

from collections.abc import Sequence

from assay.report.charts.comparison_charts import Point
from assay.report.quotable_figures import is_outside
from assay.report.report_tables import Row, Site


def state(row: Row, this: str = "") -> str:
    """How a force is to be drawn; see `Point.state`."""
    if row["not_comparable"]:
        return "not comparable"
    if row["place_code"] == this:
        return "this one"
    return "unusual" if row["unusual"] else "outside" if is_outside(row) else ""


def share_point(site: Site, row: Row, this: str = "") -> Point:
    """One force's share as a point."""
    return Point(
        site.name(row["place_code"]),
        row["share"],
        row["share_low"],
        row["share_high"],
        row["base"] or 0,
        state(row, this),
    )


def in_order(points: Sequence[Point]) -> list[Point]:
    """Highest first; forces that cannot be compared stand at the end."""
    return sorted(points, key=lambda p: (p.state == "not comparable", -(p.value or 0), p.name))
