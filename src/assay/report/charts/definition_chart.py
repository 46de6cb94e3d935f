"""How many are there, under each definition, and how many more may there be?"""

from __future__ import annotations

from collections.abc import Sequence

from assay.report.charts.chart_canvas import Canvas, Linear, ticks, wrapped
from assay.report.number_words import whole

Bar = tuple[str, int | None, int | None, str]
"""A definition's name, how many records it takes in (None: not shown), how many it may, and why none is shown."""


def _told(found: int, may: int | None) -> str:
    """'15, and 195 not known'; the count alone where every record tells."""
    return f"{whole(found)}, and {whole(may)} not known" if may else whole(found)


def definitions(bars: Sequence[Bar], width: int, title: str, unit: str) -> str:
    """One bar a definition: what it takes in, and in a paler part what it may take in, for all that is known."""
    is_narrow = width < 500
    names = 0.0 if is_narrow else 330.0
    canvas = Canvas(width, 0, title)
    ends = [(found or 0) + (may or 0) for _, found, may, _ in bars]
    x = Linear(0, ticks(0, max([*ends, 1]), 4)[-1], names + 12, width - (150.0 if is_narrow else 190.0))
    canvas.text(4, 16, unit, "tn")
    canvas.rect(4, 28, 14, 14, "fa", 1)
    canvas.text(24, 40, "takes in", "name")
    canvas.rect(98, 28, 14, 14, "fn", 1)
    canvas.text(118, 40, "not known whether it does", "name")
    at = 62.0
    for name, found, may, absent in bars:
        lines = wrapped(name, width - 20 if is_narrow else names - 8)
        for i, line in enumerate(lines):
            canvas.text(x.start if is_narrow else names, at + 15 + 17 * i, line, "" if is_narrow else "end")
        y = at + 17 * len(lines) + 6 if is_narrow else at + (17 * len(lines) - 17) / 2
        if found is None:
            canvas.text(x(0) + 2, y + 15, absent, "tn small")
        else:
            canvas.rect(x(0), y, x(found) - x(0), 20, "fa", 1)
            canvas.rect(x(found) + 1, y, x(found + (may or 0)) - x(found) - 1, 20, "fn", 1)
            canvas.text(x(found + (may or 0)) + 8, y + 15, _told(found, may), "strong")
        at += 17 * len(lines) + (42 if is_narrow else 18)
    canvas.height = at
    return canvas.svg()
