"""What became of the offences: which part of them had each outcome, here and in all forces together?"""

from collections.abc import Sequence

from assay.report.charts.chart_canvas import Canvas, Linear, ticks, width_of
from assay.report.number_words import percent


def mix(rows: Sequence[tuple[str, float | None, float | None]], width: int, title: str, beside: str) -> str:
    """One bar for each family of outcomes (share here), and a mark where `beside` stands; no outcome yet is grey."""
    is_narrow = width < 500
    row, top = (50.0, 52.0) if is_narrow else (36.0, 52.0)
    left = 8.0 if is_narrow else max(width_of(name) for name, _, _ in rows) + 18
    right = width - 66.0
    ends = [v for _, here, there in rows for v in (here, there) if v is not None] or [1.0]
    x = Linear(0, ticks(0, max(ends), 4)[-1], left, right)
    canvas = Canvas(width, top + row * len(rows) + 8, title)
    canvas.text(4, 16, "Share of all offences recorded in the year", "tn")
    if beside:
        canvas.line(8, 30, 8, 44, "line mark")
        canvas.text(16, 42, beside, "tmark")
    for i, (name, here, there) in enumerate(rows):
        at = top + row * i + (22 if is_narrow else 4)
        css = "fn" if i == len(rows) - 1 else "fa"
        canvas.text(left if is_narrow else left - 12, at + (-6 if is_narrow else 18), name, "" if is_narrow else "end")
        canvas.rect(x(0), at, x(here or 0) - x(0), 22, css, 1)
        canvas.text(width - 4, at + 16, percent(here), "strong end")
        if there is not None and beside:
            canvas.line(x(there), at - 3, x(there), at + 25, "case")
            canvas.line(x(there), at - 4, x(there), at + 26, "line mark")
    return canvas.svg()
