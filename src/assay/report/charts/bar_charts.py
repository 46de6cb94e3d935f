"""Bar charts: the five answers, records that definitions include and share, parts of a total, and the mix of outcomes.

Stacked bars of the five answers show how many records meet a standard, do not meet it, or are not known. One bar for
each place. Its length stands for all records in scope of the question, in five parts. Records out of scope
are given as a number at the end, because there are often many times more of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from assay.report.charts.chart_canvas import Canvas, Linear, ticks, width_of, wrap_text
from assay.report.number_words import percent, whole

PARTS = ("met", "not met", "not known", "not known if counted", "left out")
FILLS = {"met": "fa", "not met": "fb", "not known": "fn", "not known if counted": "fl", "left out": "f0 n line thin"}
FEW_ON_ONE_SIDE, FEW_MORE = "few on one side", "+ few"
BOLD_SIZE = 16
"""Size by which the width of bold text of 13 or 14 pixels is estimated: bold letters are wider."""
INK = {"met": "tflag", "not met": "tink"}


@dataclass(frozen=True)
class Bar:
    """The bar of one place: the counts of the five answers in the order of PARTS (None: suppressed), and of records
    out of scope."""

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
    suffix_width = width_of(FEW_MORE, 12) + 6 if any(None in bar.counts for bar in bars) else 0.0
    right = width - (8.0 + suffix_width if is_narrow else 120.0)
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
        canvas.text(right + 6, bar_top + 16, FEW_MORE, "tn small")


def describe_bar(bar: Bar) -> str:
    """Describe a bar as text, 'met 1,240, not met 900, ...'; a suppressed count is 'not shown'."""
    counts = zip(PARTS, bar.counts, strict=True)
    return ", ".join(f"{part} {whole(count) if count is not None else 'not shown'}" for part, count in counts)


# Bar chart of how many records each definition includes, and how many more it may include.

DefinitionBar = tuple[str, int | None, int | None, str]
"""A definition: its name, the records it includes (None: not shown), the records not known, and why none is shown."""


def _count_text(included: int, not_known: int | None) -> str:
    """Return '15, and 195 not known'; only the count where every record is known."""
    return f"{whole(included)}, and {whole(not_known)} not known" if not_known else whole(included)


def definitions(bars: Sequence[DefinitionBar], width: int, title: str, unit: str) -> str:
    """Draw a bar for each definition: records included and, in a paler part, records that may be included."""
    is_narrow = width < 500
    names = 0.0 if is_narrow else 330.0
    canvas = Canvas(width, 0, title)
    ends = [(included or 0) + (not_known or 0) for _, included, not_known, _ in bars]
    texts = [_count_text(included, not_known) for _, included, not_known, _ in bars if included is not None]
    text_width = max([width_of(text, BOLD_SIZE) for text in texts] or [0]) + 16
    x = Linear(0, ticks(0, max([*ends, 1]), 4)[-1], names + 12, width - max(text_width, 150.0 if is_narrow else 190.0))
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


# UpSet plot of several definitions: one row for each combination, with a bar of its count.

Pattern = tuple[tuple[str, ...], int | None, str]
"""A pattern: its definitions (empty: all smaller patterns together), its count, and the count as text."""


def upset_plot(names: Sequence[tuple[str, str]], patterns: Sequence[Pattern], width: int, title: str, rest: str) -> str:
    """Draw how many records each combination of definitions includes (an UpSet plot); `names` has the key and name
    of each definition."""
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


# Bar chart of the parts of the problem: bars for counts, open ranges for estimates. A range shows its two ends only,
# so that no midpoint can be read off.


@dataclass(frozen=True)
class Part:
    """A part of a total: its name, text, count or estimated range (`low` to `high`), and the CSS class of its fill."""

    name: str
    text: str
    number: int | None = None
    low: int | None = None
    high: int | None = None
    css: str = "fa"


def part_bars(rows: Sequence[Part], width: int, title: str, unit: str) -> str:
    """Draw one bar for each part of a total, all on the same scale."""
    is_narrow = width < 500
    names = 0.0 if is_narrow else 300.0
    canvas = Canvas(width, 0, title)
    largest = max([end for part in rows for end in (part.number, part.high) if end is not None] or [1])
    x = Linear(0, ticks(0, max(largest, 1), 4)[-1], names + 12, width - (96.0 if is_narrow else 200.0))
    canvas.text(4, 16, unit, "tn")
    row_top = 40.0
    for part in rows:
        lines = wrap_text(part.name, width - 20 if is_narrow else names - 8)
        for i, line in enumerate(lines):
            canvas.text(x.start if is_narrow else names, row_top + 15 + 17 * i, line, "" if is_narrow else "end")
        y = row_top + 17 * len(lines) + 6 if is_narrow else row_top + (17 * len(lines) - 17) / 2
        end = _mark(canvas, part, x, y)
        text_lines = wrap_text(part.text, width - end - 8, BOLD_SIZE)
        for i, line in enumerate(text_lines):
            canvas.text(end + 8, y + 15 + 17 * i, line, "strong name" if part.css else "tn name")
        row_top += max(17 * len(lines) + (42 if is_narrow else 18), (y - row_top) + 17 * len(text_lines) + 14)
    canvas.height = row_top
    return canvas.svg()


def _mark(canvas: Canvas, part: Part, x: Linear, y: float) -> float:
    """Draw the part; return the x position where its text may begin."""
    if part.number is not None:
        canvas.rect(x(0), y, x(part.number) - x(0), 20, part.css, 1)
        return x(part.number)
    if part.low is None or part.high is None:
        return x(0) - 6
    left, right = x(part.low), x(part.high)
    canvas.rect(left, y + 4, right - left, 12, "range")
    for end in (left, right):
        canvas.line(end, y, end, y + 20, "line c")
    canvas.line(left, y + 10, right, y + 10, "c dash")
    return right


# Bar chart of investigation outcomes: the share of offences with each outcome, here and in all forces.


def outcome_mix(
    rows: Sequence[tuple[str, float | None, float | None]], width: int, title: str, reference_label: str
) -> str:
    """Draw a bar for each family of outcomes, with a tick at the reference share; 'no outcome yet' is grey."""
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
