"""Stacked bars of the five answers: how many records meet a standard, do not meet it, or are not known?

One bar for each place. Its length stands for all records in scope of the question, in five parts. Records out of scope
are given as a number at the end, because there are often many times more of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.report.charts.chart_canvas import Canvas, Linear, width_of
from assay.report.number_words import whole

PARTS = ("met", "not met", "not known", "not known if counted", "left out")
FILLS = {"met": "fa", "not met": "fb", "not known": "fn", "not known if counted": "fl", "left out": "f0 n line thin"}
FEW_ON_ONE_SIDE = "few on one side"
INK = {"met": "tflag", "not met": "tink"}


@dataclass(frozen=True)
class Bar:
    """One place: the counts of the five answers in the order of PARTS (None: suppressed), and of records out of
    scope."""

    name: str
    counts: tuple[int | None, ...]
    outside: str = ""
    absent: str = ""


def answer_bars(bars: Sequence[Bar], width: int, title: str) -> str:
    """Draw the five answers of each place as a stacked bar of equal length, with counts where they fit.

    The bar is hollow if *met* or *not met* is suppressed, because the remaining parts would look like the whole.
    """
    is_narrow = width < 500
    left = 6.0 if is_narrow else min(max([width_of(bar.name) for bar in bars] or [80]) + 18, 300)
    right = width - (8.0 if is_narrow else 120.0)
    row_height, bar_height = (48.0, 22.0) if is_narrow else (34.0, 22.0)
    canvas = Canvas(width, 0, title)
    top = _key(canvas, width) + (6 if is_narrow else 30)
    if not is_narrow:
        canvas.text(width - 4, top - 10, "outside", "tn small end")
    for i, bar in enumerate(bars):
        row_top = top + row_height * i
        _name(canvas, bar, left, row_top, width, is_narrow)
        _bar(canvas, bar, left, right, row_top + (20 if is_narrow else 0), bar_height)
    canvas.height = top + row_height * len(bars) + 4
    return canvas.svg()


def _key(canvas: Canvas, width: int) -> float:
    """Draw the colour key of the five answers, on as many lines as needed; return the y position below it."""
    x, y = 4.0, 8.0
    for part in PARTS:
        wide = 20 + width_of(part, 13) + 18
        if x + wide > width and x > 4:
            x, y = 4.0, y + 24
        canvas.rect(x, y, 14, 14, FILLS[part], 1)
        canvas.text(x + 20, y + 12, part, "name")
        x += wide
    return y + 24


def _name(canvas: Canvas, bar: Bar, left: float, row_top: float, width: int, is_narrow: bool) -> None:
    if is_narrow:
        canvas.text(left, row_top + 14, bar.name, "name")
        canvas.text(width - 8, row_top + 14, f"outside {bar.outside}" if bar.outside else "", "small tn end")
        return
    canvas.text(left - 12, row_top + 16, bar.name, "end")
    canvas.text(width - 4, row_top + 16, bar.outside, "tn end")


def _bar(canvas: Canvas, bar: Bar, left: float, right: float, bar_top: float, bar_height: float) -> None:
    known = sum(count or 0 for count in bar.counts)
    if not known:
        canvas.text(left + 2, bar_top + 16, bar.absent or "no records", "tn small")
        return
    if None in bar.counts[:2]:
        canvas.rect(left + 0.75, bar_top, right - left - 1.5, bar_height, "f0 n line thin", 1)
        canvas.text((left + right) / 2, bar_top + 15.5, FEW_ON_ONE_SIDE, "mid small tn")
        return
    x, start = Linear(0, known, left, right), 0
    for part, count in zip(PARTS, bar.counts, strict=True):
        if not count:
            continue
        begin, finish = x(start), x(start + count)
        canvas.rect(begin + 0.75, bar_top, max(finish - begin - 1.5, 1), bar_height, FILLS[part], 1)
        label = whole(count)
        if finish - begin > width_of(label, 12) + 10:
            canvas.text((begin + finish) / 2, bar_top + 15.5, label, f"mid {INK.get(part, 'strong small')}")
        start += count
    if None in bar.counts:
        canvas.text(right + 6, bar_top + 16, "+ few", "tn small")


def describe_bar(bar: Bar) -> str:
    """Describe a bar as text, 'met 1,240, not met 900, ...'; a suppressed count is 'not shown'."""
    counts = zip(PARTS, bar.counts, strict=True)
    return ", ".join(f"{part} {whole(count) if count is not None else 'not shown'}" for part, count in counts)
