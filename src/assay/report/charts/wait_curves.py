"""How long do they wait, and what becomes of those who still wait?

Cumulative incidence as an area for each ending, one on another; what is left up to 100% is still open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.report.charts.chart_canvas import Canvas, Linear, spread_out, ticks, wrapped
from assay.report.number_words import whole, whole_percent

FILLS = ("fa", "fn", "fm", "fc", "fd")


@dataclass(frozen=True)
class Ending:
    """One ending: its name, and by each day the share that had ended so, with its interval (shares from 0 to 1)."""

    name: str
    days: tuple[int, ...]
    shares: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]


def waiting(endings: Sequence[Ending], width: int, title: str, still: str, day: int | None = None) -> str:
    """The share that had ended in each way by each day, the ending asked for at the bottom with its 95% interval.

    `day` is the one on which shares are said, and is marked; the last day where it is not given.
    """
    day = endings[0].days[-1] if day is None else day
    is_narrow = width < 500
    height, left = (400.0, 46.0) if is_narrow else (440.0, 52.0)
    right = width - (14.0 if is_narrow else 208.0)
    canvas = Canvas(width, height, title)
    top = _key(canvas, endings, still, width, day) if is_narrow else 34.0
    bottom = height - 52.0
    last = max((end.days[-1] for end in endings if end.days), default=1)
    x, y = Linear(0, last, left, right), Linear(0, 1, bottom, top)
    canvas.text(4, top - 14, "Share of all that could be followed", "tn")
    for step in (0, 0.25, 0.5, 0.75, 1):
        canvas.text(left - 7, y(step) + 5, f"{step * 100:g}%", "end")
    floors = _areas(canvas, endings, x, y)
    for step in (0, 0.25, 0.5, 0.75, 1):
        canvas.line(left, y(step), right, y(step), "axis" if step in (0, 0.5) else "grid")
    _interval(canvas, endings[0], x, y)
    _days(canvas, x, last, bottom, is_narrow)
    if day < last:
        canvas.line(x(day), top, x(day), bottom, "break")
    if not is_narrow:
        _labels(canvas, endings, still, floors, y, right, day)
    return canvas.svg()


def share_on(end: Ending, day: int) -> float:
    """The share that had ended so by a day on which the curve stands."""
    return end.shares[end.days.index(day)]


def left_on(endings: Sequence[Ending], day: int) -> float:
    """The share that was still open on a day."""
    return max(0.0, 1 - sum(share_on(end, day) for end in endings))


def _on(day: int) -> str:
    return f"by day {whole(day)}"


def _areas(canvas: Canvas, endings: Sequence[Ending], x: Linear, y: Linear) -> list[tuple[float, float]]:
    """The stacked areas; returns where each begins and ends on the last day."""
    days = endings[0].days
    floor, ends = [0.0] * len(days), []
    canvas.rect(x.start, y(1), x.stop - x.start, y(0) - y(1), "fl")
    for end, fill in zip(endings, FILLS, strict=False):
        roof = [min(1.0, low + share) for low, share in zip(floor, end.shares, strict=True)]
        upper = [(x(day), y(share)) for day, share in zip(days, roof, strict=True)]
        lower = [(x(day), y(share)) for day, share in zip(days, floor, strict=True)]
        canvas.band(upper, lower, fill)
        canvas.path(upper, "line thin edge")
        ends.append((floor[-1], roof[-1]))
        floor = roof
    return [*ends, (floor[-1], 1.0)]


def _interval(canvas: Canvas, main: Ending, x: Linear, y: Linear) -> None:
    """The 95% interval of the ending asked for, as two dashed lines."""
    for shares in (main.lows, main.highs):
        canvas.path([(x(day), y(share)) for day, share in zip(main.days, shares, strict=True)], "line thin dash edge")


def _days(canvas: Canvas, x: Linear, last: int, bottom: float, is_narrow: bool) -> None:
    for day in ticks(0, last, 4 if is_narrow else 7):
        if day <= last:
            canvas.line(x(day), bottom, x(day), bottom + 5, "axis")
            canvas.text(x(day), bottom + 22, f"{day:g}", "mid")
    canvas.text(x.stop, bottom + 44, "Days since the start", "tn end")


def _labels(
    canvas: Canvas,
    endings: Sequence[Ending],
    still: str,
    spans: Sequence[tuple[float, float]],
    y: Linear,
    right: float,
    day: int,
) -> None:
    names = [*(end.name for end in endings), still]
    shares = [*(share_on(end, day) for end in endings), left_on(endings, day)]
    lines = [wrapped(name, 190) for name in names]
    at = [y((low + high) / 2) for low, high in spans]
    order = sorted(range(len(names)), key=lambda i: at[i])
    gap = 19 * (max(len(found) for found in lines) + 1) + 2
    for i, spot in zip(order, spread_out([at[i] for i in order], gap, y(1) + 12, y(0) - 6), strict=True):
        for n, line in enumerate(lines[i]):
            canvas.text(right + 10, spot + 18 * n - 4, line, "strong")
        canvas.text(right + 10, spot + 18 * len(lines[i]) - 4, f"{whole_percent(shares[i])} {_on(day)}", "tn name")


def _key(canvas: Canvas, endings: Sequence[Ending], still: str, width: int, day: int) -> float:
    at = 6.0
    for name, fill in [*((end.name, FILLS[i]) for i, end in enumerate(endings)), (still, "fl")]:
        share = next((share_on(end, day) for end in endings if end.name == name), left_on(endings, day))
        canvas.rect(4, at, 14, 14, fill, 1)
        words = f"{name}: {whole_percent(share)} {_on(day)}"
        for line in wrapped(words, width - 30, 13):
            canvas.text(24, at + 12, line, "name")
            at += 19
        at += 4
    return at + 36
