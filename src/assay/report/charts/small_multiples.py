"""Small multiples: one small chart for each force on common axes, beside the curve of all forces.

Every panel has the same axes, so that shapes can be compared; the numbers are given as text beside the name. The thin
grey line in each panel is the curve of all forces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.report.charts.chart_canvas import Canvas, Linear, width_of
from assay.report.number_words import whole

ROW, GAP, HEAD, FOOT = 104.0, 16.0, 36.0, 24.0


@dataclass(frozen=True)
class Panel:
    """One force: its name, a short text, and by day a share (0 to 1) with its interval."""

    name: str
    text: str
    days: tuple[int, ...]
    shares: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]


def small_multiples(panels: Sequence[Panel], overall: Panel, width: int, title: str) -> str:
    """Draw one panel for each force, in the order given: its curve, its interval as a band, and all forces as a thin
    line."""
    columns = 2 if width < 500 else 5
    left = 40.0
    panel_width = (width - left - 4 - GAP * (columns - 1)) / columns
    rows = -(-len(panels) // columns)
    canvas = Canvas(width, HEAD + rows * (ROW + HEAD) + FOOT, title)
    canvas.line(left, 14, left + 22, 14, "line thin n")
    canvas.text(left + 30, 19, f"{overall.name}: {overall.text}", "tn")
    last = max(overall.days, default=1)
    for index, panel in enumerate(panels):
        row, column = divmod(index, columns)
        x0, y0 = left + column * (panel_width + GAP), HEAD + row * (ROW + HEAD) + HEAD
        x, y = Linear(0, last, x0, x0 + panel_width), Linear(0, 1, y0 + ROW - 22, y0)
        _axes(canvas, x, y, is_first=column == 0, is_last=index + columns >= len(panels), last=last)
        _curve(canvas, overall, x, y, "line thin n")
        canvas.band(_through(panel.days, panel.highs, x, y), _through(panel.days, panel.lows, x, y), "soft")
        _curve(canvas, panel, x, y, "line a")
        canvas.text(x0, y0 - 12, _cut(panel.name, panel_width - width_of(panel.text, 13) - 8), "strong name")
        canvas.text(x0 + panel_width, y0 - 12, panel.text, "ta name end")
    return canvas.svg()


def _through(days: Sequence[int], shares: Sequence[float], x: Linear, y: Linear) -> list[tuple[float, float]]:
    return [(x(day), y(share)) for day, share in zip(days, shares, strict=True)]


def _curve(canvas: Canvas, panel: Panel, x: Linear, y: Linear, css: str) -> None:
    canvas.path(_through(panel.days, panel.shares, x, y), css)


def _axes(canvas: Canvas, x: Linear, y: Linear, *, is_first: bool, is_last: bool, last: int) -> None:
    for share in (0.0, 0.5, 1.0):
        canvas.line(x.start, y(share), x.stop, y(share), "axis" if share == 0 else "grid")
        if is_first:
            canvas.text(x.start - 6, y(share) + 4, f"{100 * share:g}%", "small tn end")
    if is_last:
        canvas.text(x.start, y(0) + 17, "0", "small tn")
        canvas.text(x.stop, y(0) + 17, f"{whole(last)} days", "small tn end")


def _cut(name: str, max_width: float) -> str:
    """Return a name without its part in brackets, shortened with a full stop if it is too long."""
    plain = name.split(" (")[0]
    while width_of(plain, 13) > max_width and len(plain) > 4:
        plain = plain.rstrip(".")[:-1].rstrip() + "."
    return plain
