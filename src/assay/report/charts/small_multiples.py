"""How did it go over time in each force, beside all together: one small panel each, on one scale?

Every panel has the same axes, so that the eye compares shapes and not numbers; the numbers stand in words beside the
name. All together is the thin grey line in each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.report.charts.chart_canvas import Canvas, Linear, width_of
from assay.report.number_words import whole

ROW, GAP, HEAD, FOOT = 104.0, 16.0, 36.0, 24.0


@dataclass(frozen=True)
class Panel:
    """One force: its name, what is said of it in words, and by each day a share (0 to 1) with its interval."""

    name: str
    said: str
    days: tuple[int, ...]
    shares: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]


def multiples(panels: Sequence[Panel], everyone: Panel, width: int, title: str) -> str:
    """One panel a force, in the order given, each with its interval as a band and all together as a thin line."""
    columns = 2 if width < 500 else 5
    left = 40.0
    each = (width - left - 4 - GAP * (columns - 1)) / columns
    rows = -(-len(panels) // columns)
    canvas = Canvas(width, HEAD + rows * (ROW + HEAD) + FOOT, title)
    canvas.line(left, 14, left + 22, 14, "line thin n")
    canvas.text(left + 30, 19, f"{everyone.name}: {everyone.said}", "tn")
    last = max(everyone.days, default=1)
    for at, panel in enumerate(panels):
        row, column = divmod(at, columns)
        x0, y0 = left + column * (each + GAP), HEAD + row * (ROW + HEAD) + HEAD
        x, y = Linear(0, last, x0, x0 + each), Linear(0, 1, y0 + ROW - 22, y0)
        _axes(canvas, x, y, is_first=column == 0, is_last=at + columns >= len(panels), last=last)
        _curve(canvas, everyone, x, y, "line thin n")
        canvas.band(_through(panel.days, panel.highs, x, y), _through(panel.days, panel.lows, x, y), "soft")
        _curve(canvas, panel, x, y, "line a")
        canvas.text(x0, y0 - 12, _cut(panel.name, each - width_of(panel.said, 13) - 8), "strong name")
        canvas.text(x0 + each, y0 - 12, panel.said, "ta name end")
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


def _cut(name: str, room: float) -> str:
    """A name without what stands in brackets, shortened with a point where there is no room for it."""
    plain = name.split(" (")[0]
    while width_of(plain, 13) > room and len(plain) > 4:
        plain = plain.rstrip(".")[:-1].rstrip() + "."
    return plain
