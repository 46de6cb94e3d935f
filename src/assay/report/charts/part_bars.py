"""Bar chart of the parts of the problem: bars for counts, open ranges for estimates. A range shows its two ends only,
so that no midpoint can be read off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.report.charts.chart_canvas import Canvas, Linear, ticks, wrap_text


@dataclass(frozen=True)
class Part:
    """A part: its name, text, count or estimated range (`low` to `high`), and the CSS class of its fill."""

    name: str
    text: str
    number: int | None = None
    low: int | None = None
    high: int | None = None
    css: str = "fa"


def part_bars(rows: Sequence[Part], width: int, title: str, unit: str) -> str:
    """Draw one row for each part, on one scale."""
    is_narrow = width < 500
    names = 0.0 if is_narrow else 300.0
    canvas = Canvas(width, 0, title)
    largest = max([end for part in rows for end in (part.number, part.high) if end is not None] or [1])
    x = Linear(0, ticks(0, max(largest, 1), 4)[-1], names + 12, width - (96.0 if is_narrow else 200.0))
    canvas.text(4, 16, unit, "tn")
    row_top = 40.0
    for part in rows:
        lines = wrap_text(part.name, width - 20 if is_narrow else names - 8)
        for i, line in enumerate(lines):
            canvas.text(x.start if is_narrow else names, row_top + 15 + 17 * i, line, "" if is_narrow else "end")
        y = row_top + 17 * len(lines) + 6 if is_narrow else row_top + (17 * len(lines) - 17) / 2
        end = _mark(canvas, part, x, y)
        text_width = width - end - 8
        for i, line in enumerate(wrap_text(part.text, text_width, 13)):
            canvas.text(end + 8, y + 15 + 17 * i, line, "strong name" if part.css else "tn name")
        line_count = len(wrap_text(part.text, text_width, 13))
        row_top += max(17 * len(lines) + (42 if is_narrow else 18), (y - row_top) + 17 * line_count + 14)
    canvas.height = row_top
    return canvas.svg()


def _mark(canvas: Canvas, part: Part, x: Linear, y: float) -> float:
    """Draw the part; return the x position where its text may begin."""
    if part.number is not None:
        canvas.rect(x(0), y, x(part.number) - x(0), 20, part.css, 1)
        return x(part.number)
    if part.low is None or part.high is None:
        return x(0) - 6
    left, right = x(part.low), x(part.high)
    canvas.rect(left, y + 4, right - left, 12, "range")
    for end in (left, right):
        canvas.line(end, y, end, y + 20, "line c")
    canvas.line(left, y + 10, right, y + 10, "c dash")
    return right
