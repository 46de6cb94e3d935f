"""Charts that compare forces: funnel plots, sorted intervals, ranges and probabilities of a decline.

Four charts: the funnel plot (share against base), sorted intervals, the probability that each series fell, and
capture-recapture bounds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from assay.report.charts.chart_canvas import Canvas, Linear, spread_labels, ticks, width_of, wrap_text
from assay.report.charts.chart_canvas import Point as Spot
from assay.report.charts.label_placement import Box, place_labels
from assay.report.number_words import SHARES, percent, whole

LABELLED_STATES = ("outlier", "outside", "not comparable")
"""States of points that a funnel plot labels."""


@dataclass(frozen=True)
class Point:
    """One force in a chart: its name, figure with interval, base, and display status."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    base: float = 0
    state: str = ""  # '', 'outlier', 'outside' (of its own prediction, not flagged), 'not comparable', 'this one'
    absent: str = "no figure"  # text shown where there is no value
    label: str = ""  # the number beside an interval, if it is not `value`: the published share beside an estimate


@dataclass(frozen=True)
class Limit:
    """The funnel limits at one base: with between-force variation, and from sampling variation alone (naive)."""

    base: float
    low: float
    high: float
    naive_low: float
    naive_high: float


def is_in_band(point: Point, limits: Sequence[Limit]) -> bool:
    """Return True if a point lies in the band as drawn, between the limits of the nearest bases.

    The band is drawn from all compared forces, extreme ones included. A prediction for one force leaves these out, so a
    force can lie outside its own prediction and inside the band.
    """
    if point.value is None or not limits:
        return False
    ends = sorted((limit.base, limit.low, limit.high) for limit in limits)
    bases, lows, highs = zip(*ends, strict=True)
    low, high = (np.interp(point.base, bases, values) for values in (lows, highs))
    return bool(low <= point.value <= high)


def without_rings_in_band(points: Sequence[Point], limits: Sequence[Limit]) -> list[Point]:
    """Return the points of a funnel, where a point in the band has no ring: a reader would see a contradiction."""
    return [replace(p, state="") if p.state == "outside" and is_in_band(p, limits) else p for p in points]


def funnel(
    points: Sequence[Point],
    limits: Sequence[Limit],
    overall: float,
    width: int,
    title: str,
    unit: str,
    *,
    base: str = "Offences it is counted out of",
    format_value: Callable[[float | None], str] = percent,
) -> str:
    """Draw a funnel plot: the band is the 95% limit for a force, dotted lines are the naive three-sigma limits.

    A force outside its own prediction has a ring if it lies outside the band too.
    """
    is_narrow = width < 500
    height, left = (400, 52.0) if is_narrow else (460, 58.0)
    top, bottom, right = (56.0 if is_narrow else 40.0), height - 52.0, width - (16.0 if is_narrow else 120.0)
    plotted = without_rings_in_band([p for p in points if p.value is not None and p.base > 0], limits)
    highest = max([p.base for p in plotted] or [1])
    wide = [limit.high for limit in limits if limit.base >= highest / 40]
    tops = [*(p.value for p in plotted if p.value is not None), *wide] or [1.0]
    steps = ticks(0, max(tops), 5)
    x = Linear(0, highest * 1.04, left, right)
    y = Linear(0, steps[-1], bottom, top)
    canvas = Canvas(width, height, title)
    for step in steps:
        canvas.line(left, y(step), right, y(step), "axis" if step == 0 else "grid")
        canvas.text(left - 7, y(step) + 5, f"{step * 100:g}%", "end")
    for tick in ticks(0, highest, 3 if is_narrow else 6):
        if tick <= highest * 1.04:
            canvas.text(x(tick), bottom + 21, f"{tick:,.0f}", "mid" if tick else "")
    canvas.text(4, 16, unit, "tn")
    canvas.text(right, bottom + 42, base, "tn end")
    lines = _limits(canvas, limits, overall, x, y, steps[-1])
    if is_narrow:
        canvas.text(4, 33, f"Grey line: mean of the forces, {format_value(overall)}", "small tn")
    else:
        canvas.text(right + 8, y(overall) - 3, "mean of forces", "tn")
        canvas.text(right + 8, y(overall) + 14, format_value(overall), "tn")
    _points(canvas, plotted, x, y, lines, Box(left + 4, top, width - 4 if is_narrow else right, bottom - 3))
    return canvas.svg()


def _limits(
    canvas: Canvas, limits: Sequence[Limit], overall: float, x: Linear, y: Linear, ceiling: float
) -> list[Spot]:
    """Draw the limits; return points along their lines, which labels must avoid."""
    visible = [limit for limit in limits if limit.base <= x.high]
    upper = [(x(n.base), y(min(n.high, ceiling))) for n in visible]
    lower = [(x(n.base), y(n.low)) for n in visible]
    canvas.band(upper, lower, "range")
    curves = (
        ([point for point, n in zip(upper, visible, strict=True) if n.high <= ceiling], "line thin c"),
        (lower, "line thin c"),
        ([(x(n.base), y(n.naive_high)) for n in visible if n.naive_high <= ceiling], "line thin n dot"),
        ([(x(n.base), y(n.naive_low)) for n in visible if n.naive_low > 0], "line thin n dot"),
        ([(x.start, y(overall)), (x.stop, y(overall))], "line thin n"),
    )
    for points, css in curves:
        canvas.path(points, css)
    return [spot for points, _ in curves for spot in _along(points)]


def _along(points: Sequence[Spot]) -> list[Spot]:
    """Return points every few pixels along a line."""
    found: list[Spot] = []
    for (x1, y1), (x2, y2) in pairwise(points):
        parts = max(1, round(math.dist((x1, y1), (x2, y2)) / 5))
        found += [(x1 + (x2 - x1) * i / parts, y1 + (y2 - y1) * i / parts) for i in range(parts)]
    return found


def _points(canvas: Canvas, plotted: Sequence[Point], x: Linear, y: Linear, lines: Sequence[Spot], sheet: Box) -> None:
    spots = {p.name: (x(p.base), y(p.value or 0)) for p in plotted}
    labelled = [
        (p.name, spots[p.name], width_of(p.name, 13 if p.state == "not comparable" else 15))
        for p in plotted
        if p.state in LABELLED_STATES
    ]
    labels = place_labels(labelled, list(spots.values()), lines, sheet)
    for label in labels:
        if label.tie:
            canvas.line(*label.dot, *label.tie, "tie")
    for p in plotted:
        _dot(canvas, p.state, *spots[p.name])
    states = {p.name: p.state for p in plotted}
    for label in labels:
        css = {"outlier": "tb", "outside": "ta"}.get(states[label.name], "tn")
        canvas.text((label.box.left + label.box.right) / 2, label.box.bottom - 3.5, label.name, f"{css} mid name halo")


def _dot(canvas: Canvas, state: str, x: float, y: float) -> None:
    """Draw a dot; a force outside its predictive interval has a ring, a force that is not compared is hollow."""
    if state == "not comparable":
        canvas.circle(x, y, 5, "f0 n line thin")
    elif state == "outlier":
        canvas.circle(x, y, 6, "fb")
    else:
        canvas.circle(x, y, 4, "fa")
    if state == "outside":
        canvas.circle(x, y, 7.5, "line thin a")


def intervals(
    points: Sequence[Point],
    overall: float | None,
    width: int,
    title: str,
    unit: str,
    format_value: Callable[[float | None], str] = percent,
    *,
    maximum: float | None = None,
    label_head: str = "",
) -> str:
    """Draw each force's figure with its 95% interval, sorted; forces that are not comparable are hollow.

    `maximum` is where the scale ends; a longer interval ends in an arrow. `label_head` is the heading of the numbers
    beside the intervals, where these are not the values drawn.
    """
    is_narrow = width < 500
    row, top = (23 if is_narrow else 25), 62.0
    names = max([width_of(p.name, 13 if is_narrow else 14) for p in points] or [80])
    left = min(names + 14, width * (0.5 if is_narrow else 0.44))
    height = top + row * len(points) + 16
    right = width - (18.0 if is_narrow else 58.0)
    # The scale fits the compared forces: a longer interval of another force ends in an arrow.
    ends = [v for p in points for v in (p.value, p.high if p.state != "not comparable" else None) if v is not None]
    steps = ticks(0, maximum or max(ends, default=1.0), 3 if is_narrow else 6)
    x = Linear(0, steps[-1], left, right)
    canvas = Canvas(width, height, title)
    canvas.text(4, 16, unit, "tn")
    if label_head and not is_narrow:
        canvas.text(right + 54, 16, label_head, "tn end")
    for step in steps:
        canvas.line(x(step), top - 10, x(step), height - 12, "axis" if step == 0 else "grid")
        canvas.text(x(step), top - 17, f"{step * 100:g}%" if format_value in SHARES else f"{step:g}", "small mid")
    if overall is not None:
        canvas.line(x(overall), top - 10, x(overall), height - 12, "mark dash")
    for i, p in enumerate(points):
        _row(canvas, p, x, top + row * (i + 0.5), left, right, is_narrow, format_value)
    return canvas.svg()


def _row(
    canvas: Canvas,
    p: Point,
    x: Linear,
    y: float,
    left: float,
    right: float,
    is_narrow: bool,
    format_value: Callable[[float | None], str],
) -> None:
    ink = {"outlier": "b", "not comparable": "n"}.get(p.state, "a")
    css = {"this one": "strong", "outlier": "tb", "not comparable": "tn"}.get(p.state, "")
    canvas.text(left - 9, y + 5, p.name, f"end {css} {'small' if is_narrow else ''}".strip())
    if p.value is None:
        canvas.text(left + 8, y + 5, p.absent, "tn small")
        return
    if p.low is not None and p.high is not None:
        end = min(x(p.high), x.stop)
        canvas.line(x(p.low), y, end, y, f"line {ink}{' dash thin' if ink == 'n' else ''}")
        if x(p.high) > x.stop + 0.5:
            canvas.path([(end - 5, y - 4), (end, y), (end - 5, y + 4)], f"line thin {ink}")
    hollow = p.state == "not comparable"
    canvas.circle(x(p.value), y, 6 if p.state == "this one" else 4.5, "f0 n line thin" if hollow else f"f{ink}")
    if not is_narrow:
        canvas.text(right + 54, y + 5, p.label or format_value(p.value), f"end {css}".strip())


def decline_probabilities(
    series: Sequence[tuple[str, Sequence[tuple[int, float | None]]]], width: int, title: str
) -> str:
    """Draw, for each series, the probability that its level is lower than 1, 3 and 5 years ago (dots from 0 to 100)."""
    is_narrow = width < 500
    names = 0.0 if is_narrow else 400.0
    size = 13 if is_narrow else 14
    labels = [wrap_text(name, width - 24 if is_narrow else names - 10, size) for name, _ in series]
    heights = [len(lines) * 17 + (40.0 if is_narrow else 16.0) for lines in labels]
    top = 62.0
    x = Linear(0, 1, names + 18, width - 18)
    canvas = Canvas(width, top + sum(heights) + 12, title)
    canvas.text(names if names else 4, 16, "Probability in %, that the level is lower", "tn")
    for part in (0, 0.25, 0.5, 0.75, 1):
        canvas.line(x(part), top - 14, x(part), canvas.height - 4, "axis" if part == 0.5 else "grid")
        canvas.text(x(part), top - 20, f"{part * 100:.0f}", "small mid")
    for (_, probabilities), lines, height in zip(series, labels, heights, strict=True):
        y = top + height - 16 if is_narrow else top + height / 2
        first = y - 20 - 17 * (len(lines) - 1) if is_narrow else y + 5 - 17 * (len(lines) - 1) / 2
        for i, line in enumerate(lines):
            canvas.text(4, first + 17 * i, line, "name halo" if is_narrow else "")
        canvas.line(x(0), y, x(1), y, "grid")
        _dots(canvas, probabilities, x, y)
        top += height
    return canvas.svg()


def _dots(canvas: Canvas, probabilities: Sequence[tuple[int, float | None]], x: Linear, y: float) -> None:
    known = sorted(((p, years) for years, p in probabilities if p is not None))
    if not known:
        canvas.text(x(0.5), y + 5, "cannot be said", "tn mid halo small")
        return
    places = spread_labels([x(p) for p, _ in known], 23, x(0) + 2, x(1) - 2)
    for (_, years), place in zip(known, places, strict=True):
        canvas.circle(place, y, 11, {1: "fn", 3: "fa", 5: "fd"}.get(years, "fc"))
        canvas.text(place, y + 5, str(years), "mid " + ("strong" if years == 1 else "tflag"))


# Chart of capture-recapture bounds by place, beside the children known to police and to partners only.


@dataclass(frozen=True)
class Range:
    """The numbers of one place: children known to police, children known to partners only, and bounds on all
    children (None: not shown); `absent` says why there is no range."""

    name: str
    police: int | None
    partners_only: int | None
    low: float | None
    high: float | None
    absent: str


def ranges(rows: Sequence[Range], width: int, title: str) -> str:
    """Draw a bar of the known children, and a band from the lower to the upper bound."""
    is_narrow = width < 500
    names = 0.0 if is_narrow else 210.0
    canvas = Canvas(width, 0, title)
    known = [(row.police or 0) + (row.partners_only or 0) for row in rows]
    ends = ticks(0, max([*known, *(row.high or 0 for row in rows), 1]), 4)
    x = Linear(0, ends[-1], names + 12, width - (24.0 if is_narrow else 40.0))
    row_top = _key(canvas, is_narrow)
    top = row_top
    for row in rows:
        lines = wrap_text(row.name, width - 20 if is_narrow else names - 8)
        for i, line in enumerate(lines):
            canvas.text(x.start if is_narrow else names, row_top + 15 + 17 * i, line, "" if is_narrow else "end")
        y = row_top + 17 * len(lines) + 6 if is_narrow else row_top
        _range_row(canvas, x, y, row)
        row_top = y + 46
    for value in ends:
        canvas.line(x(value), top - 6, x(value), row_top - 8, "grid")
        canvas.text(min(x(value), width - 22), row_top + 10, whole(value), "small mid")
    canvas.height = row_top + 22
    return canvas.svg()


def _range_row(canvas: Canvas, x: Linear, y: float, row: Range) -> None:
    police, partners_only = row.police or 0, row.partners_only or 0
    canvas.rect(x(0), y + 2, x(police) - x(0), 14, "fa")
    canvas.rect(x(police), y + 2, x(police + partners_only) - x(police), 14, "fc")
    if row.low is None or row.high is None:
        canvas.text(x(0) + 2, y + 33, row.absent, "tn small")
        return
    canvas.rect(x(row.low), y + 19, x(row.high) - x(row.low), 6, "fm")
    words = f"{whole(row.low)} to {whole(row.high)}"
    canvas.text(min(x(row.low), x.stop - 8.0 * len(words)), y + 38, words, "small strong halo")


def _key(canvas: Canvas, is_narrow: bool) -> float:
    legend = (
        ("fa", "known to police"),
        ("fc", "known to others only"),
        ("fm", "what the lists allow, on a list or on none"),
    )
    left, top = 4.0, 10.0
    for css, words in legend:
        wide = 30 + 7.4 * len(words)
        if left > 4 and left + wide > canvas.width:
            left, top = 4.0, top + 22
        canvas.rect(left, top, 14, 14 if css != "fm" else 6, css)
        canvas.text(left + 20, top + 12, words, "name")
        left += wide
    return top + (34 if is_narrow else 32)
