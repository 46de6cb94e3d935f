"""Profile chart of one place: one row for each indicator, all on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from assay.report.charts.chart_canvas import Canvas, Linear, wrap_text
from assay.report.number_words import whole_percent


@dataclass(frozen=True)
class Mark:
    """One row of the chart: its name, a share (None: no share) with its interval, its leave-one-out predictive band,
    and its `state`: '', 'outlier' (an outlier), 'outside' (of the band, but no outlier) or 'not comparable'; `absent`
    says why there is no share.
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    band: tuple[float, float] | None = None
    state: str = ""
    absent: str = "not given"


@dataclass(frozen=True)
class Group:
    """Rows of the chart under one heading."""

    title: str
    marks: tuple[Mark, ...]


def force_profile(groups: Sequence[Group], width: int, title: str, unit: str) -> str:
    """Draw each row's share with its interval, over the grey band of its leave-one-out predictive interval."""
    is_narrow = width < 500
    names = 0.0 if is_narrow else 370.0
    canvas = Canvas(width, 0, title)
    x = Linear(0, 1, names + 14, width - (14.0 if is_narrow else 58.0))
    canvas.text(4, 16, unit, "tn")
    row_top, top = 58.0, 58.0
    placed_rows: list[tuple[float, Mark, list[str]]] = []
    headings: list[tuple[float, str]] = []
    for group in groups:
        for line in wrap_text(group.title, width - 8, 15):
            headings += [(row_top + 8, line)]
            row_top += 18
        row_top += 6
        for mark in group.marks:
            lines = wrap_text(mark.name, width - 30 if is_narrow else names - 16)
            high = len(lines) * 17 + (32.0 if is_narrow else 16.0)
            placed_rows.append((row_top, mark, lines))
            row_top += high
        row_top += 14
    canvas.height = row_top
    _scale(canvas, x, top, row_top - 14)
    for y, heading in headings:
        canvas.text(4, y, heading, "strong halo")
    for y, mark, lines in placed_rows:
        _row(canvas, mark, lines, x, y, names, width, is_narrow)
    return canvas.svg()


def _scale(canvas: Canvas, x: Linear, top: float, bottom: float) -> None:
    for step in (0, 0.25, 0.5, 0.75, 1):
        canvas.line(x(step), top - 8, x(step), bottom, "axis" if step == 0 else "grid")
        canvas.text(x(step), top - 15, f"{step * 100:g}%", "small mid" if step < 1 else "small end")


def _dot(canvas: Canvas, x: float, y: float, state: str, ink: str) -> None:
    """Draw a full dot; hollow if not compared; half full if outside the band and no outlier."""
    if state != "outside":
        canvas.circle(x, y, 5, "f0 n line thin" if ink == "n" else f"f{ink}")
        return
    canvas.circle(x, y, 5, f"f0 {ink} line thin")
    turns = [pi / 2 + pi * i / 12 for i in range(13)]
    canvas.band([(x + 5 * cos(t), y + 5 * sin(t)) for t in turns], [(x, y)], f"f{ink}")


def _row(
    canvas: Canvas, mark: Mark, lines: list[str], x: Linear, row_top: float, names: float, width: int, is_narrow: bool
) -> None:
    for i, line in enumerate(lines):
        canvas.text(12 if is_narrow else names - 4, row_top + 17 * (i + 1), line, "name halo" if is_narrow else "end")
    y = row_top + 17 * len(lines) + 14 if is_narrow else row_top + (17 * len(lines) + 8) / 2
    if mark.band:
        canvas.rect(x(mark.band[0]), y - 8, x(mark.band[1]) - x(mark.band[0]), 16, "range", 2)
    ink = {"outlier": "b", "not comparable": "n"}.get(mark.state, "a")
    if mark.value is None:
        canvas.text(x(0) + 6, y + 4, mark.absent, "tn small")
        return
    if mark.low is not None and mark.high is not None:
        canvas.line(x(mark.low), y, x(mark.high), y, f"line {ink}{' dash thin' if ink == 'n' else ''}")
    _dot(canvas, x(mark.value), y, mark.state, ink)
    share_text = whole_percent(mark.value)
    if is_narrow:
        canvas.text(width - 8, row_top + 17 * len(lines), share_text, "strong end halo")
    else:
        canvas.text(width - 4, y + 5, share_text, "strong end")
