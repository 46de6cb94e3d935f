"""The rows that a chart draws, as text cells for its CSV: the first row holds the heads.

The values are those handed to the drawing, which are released figures: shares from 0 to 1, counts as rounded. A value
that is not drawn is an empty cell, and the last column says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf

from assay.report.charts.bar_charts import PARTS, Bar
from assay.report.charts.comparison_charts import Point
from assay.report.charts.force_profile_chart import Group
from assay.report.charts.wait_curves import Ending

ChartRows = tuple[tuple[str, ...], ...]
NOT_SHOWN = "not shown"
STATES = {"outlier": "outlier", "outside": "outside the prediction, no outlier", "not comparable": "not compared"}


def number_cell(value: float | None) -> str:
    """Return a released number as text; '' if there is none, or if an interval has no upper end."""
    if value is None or value == inf:
        return ""
    return str(int(value)) if float(value).is_integer() else str(value)


def point_rows(points: Iterable[Point], value: str, *, base: str = "") -> ChartRows:
    """Return one row for each force of a chart of intervals, or of a funnel, which has a base."""
    heads = ("Force", value, "95% interval, lower end", "95% interval, upper end", "Note")
    rows = [(p.name, number_cell(p.value), number_cell(p.low), number_cell(p.high), _point_note(p)) for p in points]
    if not base:
        return (heads, *rows)
    base_rows = [(p.name, number_cell(p.value), number_cell(p.base), _point_note(p)) for p in points]
    return (("Force", value, base, "Note"), *base_rows)


def _point_note(point: Point) -> str:
    return point.absent if point.value is None else STATES.get(point.state, "")


def bar_rows(bars: Iterable[Bar], subject: str) -> ChartRows:
    """Return one row for each bar of the five answers."""
    heads = (subject, *(part.capitalize() for part in PARTS), "Out of scope", "Note")
    rows = (
        (
            bar.name,
            *(NOT_SHOWN if count is None else str(count) for count in bar.counts),
            bar.outside,
            "" if any(bar.counts) and None not in bar.counts else bar.absent,
        )
        for bar in bars
    )
    return (heads, *rows)


def mark_rows(groups: Iterable[Group], value: str, *, is_predicted: bool = True) -> ChartRows:
    """Return one row for each measure of a profile chart; `is_predicted`: with the range that the others predict."""
    band_heads = ("Others predict, lower end", "Others predict, upper end") if is_predicted else ()
    heads = ("Group", "Measure", value, "Lower end", "Upper end", *band_heads, "Note")
    rows = []
    for group in groups:
        for mark in group.marks:
            ends = (mark.value, mark.low, mark.high, *((mark.band or (None, None)) if is_predicted else ()))
            note = mark.absent if mark.value is None else STATES.get(mark.state, "")
            rows.append((group.title, mark.name, *map(number_cell, ends), note))
    return (heads, *rows)


def ending_rows(endings: Sequence[Ending]) -> ChartRows:
    """Return one row for each ending and day of a curve of waits."""
    heads = ("Ending", "Day", "Share ended", "95% interval, lower end", "95% interval, upper end")
    rows = (
        (end.name, str(day), number_cell(share), number_cell(low), number_cell(high))
        for end in endings
        for day, share, low, high in zip(end.days, end.shares, end.lows, end.highs, strict=True)
    )
    return (heads, *rows)
