"""Charts of quarterly counts: the trend with its level, and the process chart with its limits.

Two charts on one time axis: the trend (the count of each quarter, and the level with its interval) and the process
behaviour chart (limits, and the quarters that meet a signal rule). Both mark breaks in the series, and March 2022, when
the inspection was commissioned.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from assay.report.charts.chart_canvas import Canvas, Linear, ticks

COMMISSION = 2021 * 4 + 3 + 0.97  # 24 March 2022 stands at the end of the fourth quarter of 2021/22


@dataclass(frozen=True)
class Quarter:
    """One quarter: its position, the count (None where it is not published), and its estimates."""

    position: int  # quarters since 0/01 Q1: 2024/25 Q1 is 2024 * 4
    count: float | None
    level: float | None = None
    low: float | None = None
    high: float | None = None
    phase: int | None = None
    signal: bool = False


@dataclass(frozen=True)
class SeriesBreak:
    """A break in the series: its letter on the chart, and the quarter in which it begins."""

    letter: str
    position: int


def quarter_position(financial_year: str, quarter: int) -> int:
    """Return the position of a quarter on the time axis (quarters since 0/01 Q1)."""
    return int(financial_year[:4]) * 4 + quarter - 1


@dataclass(frozen=True)
class _Frame:
    canvas: Canvas
    x: Linear
    y: Linear
    top: float
    bottom: float
    right: float
    is_narrow: bool


def _frame(quarters: Sequence[Quarter], breaks: Sequence[SeriesBreak], width: int, title: str, unit: str) -> _Frame:
    is_narrow = width < 500
    height = 330 if is_narrow else 400
    top, bottom, left, right = 66.0, height - 34.0, 10.0, width - (14.0 if is_narrow else 128.0)
    values = [v for q in quarters for v in (q.count, q.high, q.low) if v is not None] or [0, 1]
    steps = ticks(min(0, *values), max(values), 4 if is_narrow else 5)
    canvas = Canvas(width, height, title)
    y = Linear(steps[0], steps[-1], bottom, top)
    left = 14 + max(len(f"{step:,.0f}") for step in steps) * 8.5
    first, last = quarters[0].position, quarters[-1].position
    x = Linear(first, max(last, first + 1), left + 8, right - 4)
    for step in steps:
        canvas.line(left, y(step), right, y(step), "axis" if step == 0 else "grid")
        canvas.text(left - 7, y(step) + 5, f"{step:,.0f}", "end")
    canvas.text(4, 16, unit, "tn")
    _years(canvas, x, first, last, bottom, is_narrow)
    frame = _Frame(canvas, x, y, top, bottom, right, is_narrow)
    _marks(frame, breaks, first, last)
    return frame


def _years(canvas: Canvas, x: Linear, first: int, last: int, bottom: float, is_narrow: bool) -> None:
    label_step = 4 if is_narrow else 2
    for year in range(-(-first // 4), last // 4 + 1):
        x_position = x(year * 4)
        canvas.line(
            x_position, bottom, x_position, bottom + (6 if (year - first // 4) % label_step == 0 else 3), "axis"
        )
        if (year - first // 4) % label_step == 0:
            canvas.text(x_position, bottom + 22, f"{year}/{(year + 1) % 100:02d}", "mid" if x_position > 40 else "")


def _marks(frame: _Frame, breaks: Sequence[SeriesBreak], first: int, last: int) -> None:
    canvas = frame.canvas
    used_positions: list[tuple[float, float]] = []
    for series_break in breaks:
        if first < series_break.position <= last:
            x_position = frame.x(series_break.position - 0.5)
            row = 52.0
            while any(abs(x_position - x) < 22 and row == y for x, y in used_positions):
                row -= 22
            used_positions.append((x_position, row))
            canvas.line(x_position, row, x_position, frame.bottom, "break")
            canvas.circle(x_position, row, 10, "flag")
            canvas.text(x_position, row + 4.5, series_break.letter, "tflag mid")
    if first < COMMISSION <= last:
        x_position = frame.x(COMMISSION - 0.5)
        label = "March 2022" if frame.is_narrow else "March 2022: inspection commissioned"
        canvas.line(x_position, 22, x_position, frame.bottom, "mark")
        canvas.text(
            x_position + (5 if not frame.is_narrow else 0), 16, label, "tmark" if not frame.is_narrow else "tmark mid"
        )


def _label(frame: _Frame, y_position: float, words: Sequence[str], css: str) -> None:
    """Label the right-hand end of a line; the narrow chart has no room, and its caption says it."""
    if not frame.is_narrow:
        for i, word in enumerate(words):
            frame.canvas.text(frame.right + 8, y_position + 5 + 17 * (i - (len(words) - 1) / 2), word, css)


def _unbroken_runs(quarters: Sequence[Quarter], value: Callable[[Quarter], float | None]) -> list[list[Quarter]]:
    runs: list[list[Quarter]] = []
    for known, run in groupby(quarters, key=lambda q: value(q) is not None):
        if known:
            runs.append(list(run))
    return runs


def trend(quarters: Sequence[Quarter], breaks: Sequence[SeriesBreak], width: int, title: str) -> str:
    """Draw the published count of each quarter as dots, and the level with its 90% interval."""
    frame = _frame(quarters, breaks, width, title, "Offences a quarter")
    canvas, x, y = frame.canvas, frame.x, frame.y
    for run in _unbroken_runs(quarters, lambda q: q.level):
        for _, part in groupby(run, key=lambda q: sum(q.position >= m.position for m in breaks)):
            segment = list(part)
            upper = [(x(q.position), y(q.high)) for q in segment if q.high is not None]
            lower = [(x(q.position), y(q.low)) for q in segment if q.low is not None]
            canvas.band(upper, lower, "band")
            canvas.path([(x(q.position), y(q.level)) for q in segment if q.level is not None], "line a")
    for run in _unbroken_runs(quarters, lambda q: q.count):
        canvas.path([(x(q.position), y(q.count)) for q in run if q.count is not None], "line thin n")
        for q in run:
            canvas.circle(x(q.position), y(q.count or 0), 2.4 if frame.is_narrow else 3, "flag")
    levels = [q for q in quarters if q.level is not None]
    if levels:
        _label(frame, y(levels[-1].level or 0), ["level, with", "90% interval"], "ta")
    return canvas.svg()


def process(
    quarters: Sequence[Quarter],
    breaks: Sequence[SeriesBreak],
    width: int,
    title: str,
    limits: Sequence[tuple[float | None, float | None, float | None]],
) -> str:
    """Draw each quarter with the centre and natural limits of its phase; quarters that meet a signal rule are
    squares."""
    levels = [
        Quarter(q.position, q.count, limits[i][1], limits[i][0], limits[i][2], q.phase, q.signal)
        for i, q in enumerate(quarters)
    ]
    frame = _frame(levels, breaks, width, title, "Offences a quarter")
    canvas, x, y = frame.canvas, frame.x, frame.y
    for _, part in groupby((q for q in levels if q.level is not None), key=lambda q: q.phase):
        segment = list(part)
        start, stop = x(segment[0].position - 0.4), x(segment[-1].position + 0.4)
        last = segment[-1]
        for value, css in (
            (last.low, "line thin c dash"),
            (last.level, "line thin c"),
            (last.high, "line thin c dash"),
        ):
            if value is not None:
                canvas.line(start, y(value), stop, y(value), css)
        if last.low is not None and last.high is not None:
            canvas.rect(start, y(last.high), stop - start, y(last.low) - y(last.high), "range")
    for run in _unbroken_runs(levels, lambda q: q.count):
        canvas.path([(x(q.position), y(q.count)) for q in run if q.count is not None], "line thin n")
    for q in levels:
        if q.count is not None and q.signal:
            canvas.rect(x(q.position) - 4.5, y(q.count) - 4.5, 9, 9, "fb")
        elif q.count is not None:
            canvas.circle(x(q.position), y(q.count), 3, "fa")
    ends = [q for q in levels if q.level is not None]
    if ends:
        _label(frame, y(ends[-1].high or 0), ["upper limit"], "tn")
        _label(frame, y(ends[-1].level or 0), ["centre"], "tn")
        _label(frame, y(ends[-1].low or 0), ["lower limit"], "tn")
    return canvas.svg()
