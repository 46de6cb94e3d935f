"""Bar chart of how many records each definition includes, and how many more it may include."""

from __future__ import annotations

from collections.abc import Sequence

from assay.report.charts.chart_canvas import Canvas, Linear, ticks, wrap_text
from assay.report.number_words import whole

Bar = tuple[str, int | None, int | None, str]
"""A definition: its name, the records it includes (None: not shown), the records not known, and why none is shown."""


def _count_text(included: int, not_known: int | None) -> str:
    """Return '15, and 195 not known'; only the count where every record is known."""
    return f"{whole(included)}, and {whole(not_known)} not known" if not_known else whole(included)


def definitions(bars: Sequence[Bar], width: int, title: str, unit: str) -> str:
    """Draw a bar for each definition: records included, and in a paler part records whose inclusion is not known."""
    is_narrow = width < 500
    names = 0.0 if is_narrow else 330.0
    canvas = Canvas(width, 0, title)
    ends = [(included or 0) + (not_known or 0) for _, included, not_known, _ in bars]
    x = Linear(0, ticks(0, max([*ends, 1]), 4)[-1], names + 12, width - (150.0 if is_narrow else 190.0))
    canvas.text(4, 16, unit, "tn")
    canvas.rect(4, 28, 14, 14, "fa", 1)
    canvas.text(24, 40, "takes in", "name")
    canvas.rect(98, 28, 14, 14, "fn", 1)
    canvas.text(118, 40, "not known whether it does", "name")
    row_top = 62.0
    for name, included, not_known, absent in bars:
        lines = wrap_text(name, width - 20 if is_narrow else names - 8)
        for i, line in enumerate(lines):
            canvas.text(x.start if is_narrow else names, row_top + 15 + 17 * i, line, "" if is_narrow else "end")
        y = row_top + 17 * len(lines) + 6 if is_narrow else row_top + (17 * len(lines) - 17) / 2
        if included is None:
            canvas.text(x(0) + 2, y + 15, absent, "tn small")
        else:
            canvas.rect(x(0), y, x(included) - x(0), 20, "fa", 1)
            canvas.rect(x(included) + 1, y, x(included + (not_known or 0)) - x(included) - 1, 20, "fn", 1)
            canvas.text(x(included + (not_known or 0)) + 8, y + 15, _count_text(included, not_known), "strong")
        row_top += 17 * len(lines) + (42 if is_narrow else 18)
    canvas.height = row_top
    return canvas.svg()
