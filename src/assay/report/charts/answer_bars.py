"""What do the records answer: how many meet it, how many do not, and how many do not tell?

One bar a place, as long as all records that the question is about, in five parts. The records outside it stand as a
number at the end, since there are often many times more of them.
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
    """One place: the counts of the five answers in the order of PARTS (None: hidden), and of the records outside."""

    name: str
    counts: tuple[int | None, ...]
    outside: str = ""
    absent: str = ""


def answers(bars: Sequence[Bar], width: int, title: str) -> str:
    """The five answers of each place as a bar of equal length, with the count written where there is room for it.

    A place of which met or not met is hidden has a hollow bar: what is left would look like the whole.
    """
    is_narrow = width < 500
    left = 6.0 if is_narrow else min(max([width_of(bar.name) for bar in bars] or [80]) + 18, 300)
    right = width - (8.0 if is_narrow else 120.0)
    row, high = (48.0, 22.0) if is_narrow else (34.0, 22.0)
    canvas = Canvas(width, 0, title)
    top = _key(canvas, width) + (6 if is_narrow else 30)
    if not is_narrow:
        canvas.text(width - 4, top - 10, "outside", "tn small end")
    for i, bar in enumerate(bars):
        at = top + row * i
        _name(canvas, bar, left, at, width, is_narrow)
        _bar(canvas, bar, left, right, at + (20 if is_narrow else 0), high)
    canvas.height = top + row * len(bars) + 4
    return canvas.svg()


def _key(canvas: Canvas, width: int) -> float:
    """The five answers by colour, in as many lines as they need; returns where they end."""
    x, y = 4.0, 8.0
    for part in PARTS:
        wide = 20 + width_of(part, 13) + 18
        if x + wide > width and x > 4:
            x, y = 4.0, y + 24
        canvas.rect(x, y, 14, 14, FILLS[part], 1)
        canvas.text(x + 20, y + 12, part, "name")
        x += wide
    return y + 24


def _name(canvas: Canvas, bar: Bar, left: float, at: float, width: int, is_narrow: bool) -> None:
    if is_narrow:
        canvas.text(left, at + 14, bar.name, "name")
        canvas.text(width - 8, at + 14, f"outside {bar.outside}" if bar.outside else "", "small tn end")
        return
    canvas.text(left - 12, at + 16, bar.name, "end")
    canvas.text(width - 4, at + 16, bar.outside, "tn end")


def _bar(canvas: Canvas, bar: Bar, left: float, right: float, at: float, high: float) -> None:
    known = sum(count or 0 for count in bar.counts)
    if not known:
        canvas.text(left + 2, at + 16, bar.absent or "no records", "tn small")
        return
    if None in bar.counts[:2]:
        canvas.rect(left + 0.75, at, right - left - 1.5, high, "f0 n line thin", 1)
        canvas.text((left + right) / 2, at + 15.5, FEW_ON_ONE_SIDE, "mid small tn")
        return
    x, start = Linear(0, known, left, right), 0
    for part, count in zip(PARTS, bar.counts, strict=True):
        if not count:
            continue
        begin, finish = x(start), x(start + count)
        canvas.rect(begin + 0.75, at, max(finish - begin - 1.5, 1), high, FILLS[part], 1)
        said = whole(count)
        if finish - begin > width_of(said, 12) + 10:
            canvas.text((begin + finish) / 2, at + 15.5, said, f"mid {INK.get(part, 'strong small')}")
        start += count
    if None in bar.counts:
        canvas.text(right + 6, at + 16, "+ few", "tn small")


def said(bar: Bar) -> str:
    """A bar in words: 'met 1,240, not met 900, ...'; a hidden count is 'fewer than 8 or kept back'."""
    counts = zip(PARTS, bar.counts, strict=True)
    return ", ".join(f"{part} {whole(count) if count is not None else 'not shown'}" for part, count in counts)
