"""Cumulative incidence curves: how long do cases wait, and how do they end, over all forces and in each?

Stacked areas of the cumulative incidence of each ending; the remainder up to 100% is still open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.report.charts.chart_canvas import Canvas, Linear, spread_labels, ticks, width_of, wrap_text
from assay.report.number_words import whole, whole_percent

FILLS = ("fa", "fn", "fm", "fc", "fd")


@dataclass(frozen=True)
class Ending:
    """One outcome that ends a waiting time: its name, and its cumulative incidence by day with interval (0 to 1)."""

    name: str
    days: tuple[int, ...]
    shares: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]


def cumulative_incidence(endings: Sequence[Ending], width: int, title: str, still: str, day: int | None = None) -> str:
    """Draw the cumulative incidence of each ending (Aalen-Johansen), the main ending with its 95% interval.

    `day` is marked, and shares are given at that day; by default the last day.
    """
    day = endings[0].days[-1] if day is None else day
    is_narrow = width < 500
    height, left = (400.0, 50.0) if is_narrow else (440.0, 52.0)
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


def share_by_day(end: Ending, day: int) -> float:
    """Return the share of cases that had this outcome by a day of the curve."""
    return end.shares[end.days.index(day)]


def open_share(endings: Sequence[Ending], day: int) -> float:
    """Return the share of cases that were still open on a day."""
    return max(0.0, 1 - sum(share_by_day(end, day) for end in endings))


def _day_text(day: int) -> str:
    return f"by day {whole(day)}"


def _areas(canvas: Canvas, endings: Sequence[Ending], x: Linear, y: Linear) -> list[tuple[float, float]]:
    """Draw the stacked areas; return where each begins and ends on the last day."""
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
    """Draw the 95% interval of the main ending as two dashed lines."""
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
    shares = [*(share_by_day(end, day) for end in endings), open_share(endings, day)]
    lines = [wrap_text(name, 190) for name in names]
    centres = [y((low + high) / 2) for low, high in spans]
    order = sorted(range(len(names)), key=lambda i: centres[i])
    gap = 19 * (max(len(label_lines) for label_lines in lines) + 1) + 2
    for i, spot in zip(order, spread_labels([centres[i] for i in order], gap, y(1) + 12, y(0) - 6), strict=True):
        for n, line in enumerate(lines[i]):
            canvas.text(right + 10, spot + 18 * n - 4, line, "strong")
        canvas.text(
            right + 10, spot + 18 * len(lines[i]) - 4, f"{whole_percent(shares[i])} {_day_text(day)}", "tn name"
        )


def _key(canvas: Canvas, endings: Sequence[Ending], still: str, width: int, day: int) -> float:
    row_top = 6.0
    for name, fill in [*((end.name, FILLS[i]) for i, end in enumerate(endings)), (still, "fl")]:
        share = next((share_by_day(end, day) for end in endings if end.name == name), open_share(endings, day))
        canvas.rect(4, row_top, 14, 14, fill, 1)
        words = f"{name}: {whole_percent(share)} {_day_text(day)}"
        for line in wrap_text(words, width - 30, 13):
            canvas.text(24, row_top + 12, line, "name")
            row_top += 19
        row_top += 4
    return row_top + 36


# Small multiples: one small chart for each force on common axes, beside the curve of all forces.
#
# Every panel has the same axes, so that shapes can be compared; the numbers are given as text beside the name. The thin
# grey line in each panel is the curve of all forces.

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
