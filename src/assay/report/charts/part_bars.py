"""How large is each part of the problem: a bar where it was counted, an open range where it was estimated?

A range has two ends and nothing between them: no middle is drawn, and none can be read off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.report.charts.chart_canvas import Canvas, Linear, ticks, wrapped


@dataclass(frozen=True)
class Part:
    """A part: its name; how many (counted), or from low to high (estimated); in words; `css` is its fill."""

    name: str
    said: str
    number: int | None = None
    low: int | None = None
    high: int | None = None
    css: str = "fa"


def parts(shown: Sequence[Part], width: int, title: str, unit: str) -> str:
    """One row a part, all on one scale."""
    is_narrow = width < 500
    names = 0.0 if is_narrow else 300.0
    canvas = Canvas(width, 0, title)
    largest = max([end for one in shown for end in (one.number, one.high) if end is not None] or [1])
    x = Linear(0, ticks(0, max(largest, 1), 4)[-1], names + 12, width - (96.0 if is_narrow else 200.0))
    canvas.text(4, 16, unit, "tn")
    at = 40.0
    for one in shown:
        lines = wrapped(one.name, width - 20 if is_narrow else names - 8)
        for i, line in enumerate(lines):
            canvas.text(x.start if is_narrow else names, at + 15 + 17 * i, line, "" if is_narrow else "end")
        y = at + 17 * len(lines) + 6 if is_narrow else at + (17 * len(lines) - 17) / 2
        end = _mark(canvas, one, x, y)
        room = width - end - 8
        for i, line in enumerate(wrapped(one.said, room, 13)):
            canvas.text(end + 8, y + 15 + 17 * i, line, "strong name" if one.css else "tn name")
        said = len(wrapped(one.said, room, 13))
        at += max(17 * len(lines) + (42 if is_narrow else 18), (y - at) + 17 * said + 14)
    canvas.height = at
    return canvas.svg()


def _mark(canvas: Canvas, one: Part, x: Linear, y: float) -> float:
    """Draw the part; where its words may begin."""
    if one.number is not None:
        canvas.rect(x(0), y, x(one.number) - x(0), 20, one.css, 1)
        return x(one.number)
    if one.low is None or one.high is None:
        return x(0) - 6
    left, right = x(one.low), x(one.high)
    canvas.rect(left, y + 4, right - left, 12, "range")
    for end in (left, right):
        canvas.line(end, y, end, y + 20, "line c")
    canvas.line(left, y + 10, right, y + 10, "c dash")
    return right
