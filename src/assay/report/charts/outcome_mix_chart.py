"""Bar chart of investigation outcomes: the share of offences with each outcome, here and in all forces."""

from collections.abc import Sequence

from assay.report.charts.chart_canvas import Canvas, Linear, ticks, width_of
from assay.report.number_words import percent


def outcome_mix(
    rows: Sequence[tuple[str, float | None, float | None]], width: int, title: str, reference_label: str
) -> str:
    """Draw a bar for each family of outcomes, and a mark at the share of the reference; no outcome yet is grey."""
    is_narrow = width < 500
    row, top = (50.0, 52.0) if is_narrow else (36.0, 52.0)
    left = 8.0 if is_narrow else max(width_of(name) for name, _, _ in rows) + 18
    right = width - 66.0
    ends = [v for _, share, reference_share in rows for v in (share, reference_share) if v is not None] or [1.0]
    x = Linear(0, ticks(0, max(ends), 4)[-1], left, right)
    canvas = Canvas(width, top + row * len(rows) + 8, title)
    canvas.text(4, 16, "Share of all offences recorded in the year", "tn")
    if reference_label:
        canvas.line(8, 30, 8, 44, "line mark")
        canvas.text(16, 42, reference_label, "tmark")
    for i, (name, share, reference_share) in enumerate(rows):
        bar_top = top + row * i + (22 if is_narrow else 4)
        css = "fn" if i == len(rows) - 1 else "fa"
        canvas.text(
            left if is_narrow else left - 12, bar_top + (-6 if is_narrow else 18), name, "" if is_narrow else "end"
        )
        canvas.rect(x(0), bar_top, x(share or 0) - x(0), 22, css, 1)
        canvas.text(width - 4, bar_top + 16, percent(share), "strong end")
        if reference_share is not None and reference_label:
            canvas.line(x(reference_share), bar_top - 3, x(reference_share), bar_top + 25, "case")
            canvas.line(x(reference_share), bar_top - 4, x(reference_share), bar_top + 26, "line mark")
    return canvas.svg()
