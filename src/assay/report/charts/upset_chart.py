"""UpSet plot of several definitions: one row for each combination, with a bar of its count."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase

from assay.report.charts.chart_canvas import Canvas, Linear, ticks, wrap_text

Pattern = tuple[tuple[str, ...], int | None, str]
"""A pattern: its definitions (empty: all smaller patterns together), its count, and the count as text."""


def upset_plot(names: Sequence[tuple[str, str]], patterns: Sequence[Pattern], width: int, title: str, rest: str) -> str:
    """Draw the patterns in the order given; `names`: key and name of each definition, lettered in that order."""
    canvas = Canvas(width, 0, title)
    row_top = _legend(canvas, names, width)
    step = 18.0 if width < 500 else 26.0
    start = 16 + step * len(names)
    largest = max((number or 0 for _, number, _ in patterns), default=1)
    x = Linear(0, ticks(0, max(largest, 1), 4)[-1], start + 12, width - 76.0)
    for place, _ in enumerate(names):
        canvas.text(12 + step * place, row_top, ascii_uppercase[place], "strong mid small")
    row_top += 12
    keys = [key for key, _ in names]
    for definition_keys, number, label in patterns:
        y = row_top + 11
        if definition_keys:
            _dots(canvas, [keys.index(key) for key in definition_keys], len(names), step, y)
        else:
            canvas.text(4, y + 5, rest, "name")
        if number is not None:
            canvas.rect(x(0), y - 8, x(number) - x(0), 16, "fa", 1)
        canvas.text((x(number) if number is not None else x(0)) + 6, y + 5, label, "strong small")
        row_top += 26
    canvas.height = row_top + 6
    return canvas.svg()


def _legend(canvas: Canvas, names: Sequence[tuple[str, str]], width: int) -> float:
    y = 18.0
    for place, (_, name) in enumerate(names):
        canvas.text(4, y, ascii_uppercase[place], "strong")
        for line in wrap_text(name, width - 34):
            canvas.text(26, y, line)
            y += 18
    return y + 14


def _dots(canvas: Canvas, filled: Sequence[int], definition_count: int, step: float, y: float) -> None:
    canvas.line(12 + step * min(filled), y, 12 + step * max(filled), y, "tie")
    for place in range(definition_count):
        canvas.circle(12 + step * place, y, 5.5, "fa" if place in filled else "fl")
