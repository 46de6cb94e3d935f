"""Which of several definitions catches whom: a row a pattern, a dot a definition, a bar how many?"""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase

from assay.report.charts.chart_canvas import Canvas, Linear, ticks, wrapped

Pattern = tuple[tuple[str, ...], int | None, str]
"""The definitions of a pattern (none: all smaller patterns together), how many it holds, and that in words."""


def upset(names: Sequence[tuple[str, str]], patterns: Sequence[Pattern], width: int, title: str, rest: str) -> str:
    """Patterns in the order given; `names`: key and name of each definition, lettered in that order."""
    canvas = Canvas(width, 0, title)
    at = _legend(canvas, names, width)
    step = 18.0 if width < 500 else 26.0
    start = 16 + step * len(names)
    largest = max((number or 0 for _, number, _ in patterns), default=1)
    x = Linear(0, ticks(0, max(largest, 1), 4)[-1], start + 12, width - 76.0)
    for place, _ in enumerate(names):
        canvas.text(12 + step * place, at, ascii_uppercase[place], "strong mid small")
    at += 12
    keys = [key for key, _ in names]
    for held, number, said in patterns:
        y = at + 11
        if held:
            _dots(canvas, [keys.index(key) for key in held], len(names), step, y)
        else:
            canvas.text(4, y + 5, rest, "name")
        if number is not None:
            canvas.rect(x(0), y - 8, x(number) - x(0), 16, "fa", 1)
        canvas.text((x(number) if number is not None else x(0)) + 6, y + 5, said, "strong small")
        at += 26
    canvas.height = at + 6
    return canvas.svg()


def _legend(canvas: Canvas, names: Sequence[tuple[str, str]], width: int) -> float:
    at = 18.0
    for place, (_, name) in enumerate(names):
        canvas.text(4, at, ascii_uppercase[place], "strong")
        for line in wrapped(name, width - 34):
            canvas.text(26, at, line)
            at += 18
    return at + 14


def _dots(canvas: Canvas, on: Sequence[int], many: int, step: float, y: float) -> None:
    canvas.line(12 + step * min(on), y, 12 + step * max(on), y, "tie")
    for place in range(many):
        canvas.circle(12 + step * place, y, 5.5, "fa" if place in on else "fl")
