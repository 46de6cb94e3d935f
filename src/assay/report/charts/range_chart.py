"""Chart of capture-recapture bounds by place, beside the children known to police and to partners only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.report.charts.chart_canvas import Canvas, Linear, ticks, wrap_text
from assay.report.number_words import whole


@dataclass(frozen=True)
class Range:
    """One place: children known to police, known to partners only, and the bounds on all children. None: not shown;
    `absent`: why there is no range."""

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
        _row(canvas, x, y, row)
        row_top = y + 46
    for value in ends:
        canvas.line(x(value), top - 6, x(value), row_top - 8, "grid")
        canvas.text(min(x(value), width - 22), row_top + 10, whole(value), "small mid")
    canvas.height = row_top + 22
    return canvas.svg()


def _row(canvas: Canvas, x: Linear, y: float, row: Range) -> None:
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
