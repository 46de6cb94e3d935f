"""How do forces stand beside one another, and how much of the difference is chance?

Three drawings: the funnel (share against base), sorted intervals, and the chance that each of several series fell.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assay.report.charts.canvas import Canvas, Linear, spread_out, ticks, width_of
from assay.report.words import percent


@dataclass(frozen=True)
class Point:
    """One force: its name, figure with interval, base, and how it is to be drawn."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    base: float = 0
    state: str = ""  # '', 'unusual', 'not comparable', 'this one'


@dataclass(frozen=True)
class Limit:
    """The limits of a funnel at one base: chance and the spread between forces, and chance alone (naive)."""

    base: float
    low: float
    high: float
    naive_low: float
    naive_high: float


def funnel(
    points: Sequence[Point], limits: Sequence[Limit], overall: float, width: int, title: str, unit: str
) -> str:
    """Share against base: the band is where a force may lie (95%), dotted lines are the naive three sigma."""
    is_narrow = width < 500
    height, left = (380, 52.0) if is_narrow else (460, 58.0)
    top, bottom, right = 40.0, height - 52.0, width - (16.0 if is_narrow else 120.0)
    shown = [p for p in points if p.value is not None and p.base > 0]
    highest = max([p.base for p in shown] or [1])
    wide = [limit.high for limit in limits if limit.base >= highest / 40]
    tops = [*(p.value for p in shown if p.value is not None), *wide] or [1.0]
    steps = ticks(0, max(tops), 5)
    x = Linear(0, highest * 1.04, left, right)
    y = Linear(0, steps[-1], bottom, top)
    canvas = Canvas(width, height, title)
    for step in steps:
        canvas.line(left, y(step), right, y(step), "axis" if step == 0 else "grid")
        canvas.text(left - 7, y(step) + 5, f"{step * 100:g}%", "end")
    for tick in ticks(0, highest, 3 if is_narrow else 6):
        if tick <= highest * 1.04:
            canvas.text(x(tick), bottom + 21, f"{tick:,.0f}", "mid" if tick else "")
    canvas.text(4, 16, unit, "tn")
    canvas.text(right, bottom + 42, "Offences it is counted out of", "tn end")
    _limits(canvas, limits, overall, x, y, steps[-1])
    _points(canvas, shown, x, y, right, top, bottom)
    return canvas.svg()


def _limits(canvas: Canvas, limits: Sequence[Limit], overall: float, x: Linear, y: Linear, ceiling: float) -> None:
    held = [limit for limit in limits if limit.base <= x.high]
    upper = [(x(n.base), y(min(n.high, ceiling))) for n in held]
    lower = [(x(n.base), y(n.low)) for n in held]
    canvas.band(upper, lower, "range")
    canvas.path([at for at, n in zip(upper, held, strict=True) if n.high <= ceiling], "line thin c")
    canvas.path(lower, "line thin c")
    canvas.path([(x(n.base), y(n.naive_high)) for n in held if n.naive_high <= ceiling], "line thin n dot")
    canvas.path([(x(n.base), y(n.naive_low)) for n in held if n.naive_low > 0], "line thin n dot")
    canvas.line(x.start, y(overall), x.stop, y(overall), "line thin n")
    if x.stop > 500:
        canvas.text(x.stop + 8, y(overall) - 3, "all compared", "tn")
        canvas.text(x.stop + 8, y(overall) + 14, percent(overall), "tn")
    else:
        canvas.text(x.stop, y(overall) - 6, f"all compared: {percent(overall)}", "small tn end halo")


def _points(
    canvas: Canvas, shown: Sequence[Point], x: Linear, y: Linear, right: float, top: float, bottom: float
) -> None:
    for p in shown:
        at = (x(p.base), y(p.value or 0))
        if p.state == "not comparable":
            canvas.circle(*at, 5, "f0 n line thin")
        elif p.state == "unusual":
            canvas.circle(*at, 6, "fb")
        else:
            canvas.circle(*at, 4, "fa")
    named = sorted((p for p in shown if p.state in ("unusual", "not comparable")), key=lambda p: y(p.value or 0))
    places = spread_out([y(p.value or 0) - 9 for p in named], 17, top + 8, bottom - 8)
    for p, place in zip(named, places, strict=True):
        is_left = x(p.base) + 10 + width_of(p.name) > right
        css = "tb" if p.state == "unusual" else "tn"
        canvas.text(x(p.base) + (-9 if is_left else 9), place + 4, p.name, f"{css} halo{' end' if is_left else ''}")


def intervals(
    points: Sequence[Point],
    overall: float | None,
    width: int,
    title: str,
    unit: str,
    say: Callable[[float | None], str] = percent,
) -> str:
    """Each force's figure with its 95% interval, in order; what cannot be compared stands apart, hollow."""
    is_narrow = width < 500
    row, top = (23 if is_narrow else 25), 62.0
    names = max([width_of(p.name, 13 if is_narrow else 14) for p in points] or [80])
    left = min(names + 14, width * 0.44)
    height = top + row * len(points) + 16
    right = width - (14.0 if is_narrow else 58.0)
    ends = [v for p in points for v in (p.value, p.high) if v is not None] or [1.0]
    steps = ticks(0, max(ends), 3 if is_narrow else 6)
    x = Linear(0, steps[-1], left, right)
    canvas = Canvas(width, height, title)
    canvas.text(4, 16, unit, "tn")
    for step in steps:
        canvas.line(x(step), top - 10, x(step), height - 12, "axis" if step == 0 else "grid")
        canvas.text(x(step), top - 17, f"{step * 100:g}%" if say is percent else f"{step:g}", "small mid")
    if overall is not None:
        canvas.line(x(overall), top - 10, x(overall), height - 12, "mark dash")
    for i, p in enumerate(points):
        _row(canvas, p, x, top + row * (i + 0.5), left, right, is_narrow, say)
    return canvas.svg()


def _row(
    canvas: Canvas,
    p: Point,
    x: Linear,
    at: float,
    left: float,
    right: float,
    is_narrow: bool,
    say: Callable[[float | None], str],
) -> None:
    ink = {"unusual": "b", "not comparable": "n"}.get(p.state, "a")
    css = {"this one": "strong", "unusual": "tb", "not comparable": "tn"}.get(p.state, "")
    canvas.text(left - 9, at + 5, p.name, f"end {css} {'small' if is_narrow else ''}".strip())
    if p.value is None:
        canvas.text(left + 8, at + 5, "no figure", "tn small")
        return
    if p.low is not None and p.high is not None:
        canvas.line(x(p.low), at, x(p.high), at, f"line {ink}{' dash thin' if ink == 'n' else ''}")
    hollow = p.state == "not comparable"
    canvas.circle(x(p.value), at, 6 if p.state == "this one" else 4.5, "f0 n line thin" if hollow else f"f{ink}")
    if not is_narrow:
        canvas.text(right + 54, at + 5, say(p.value), f"end {css}".strip())


def chances(series: Sequence[tuple[str, Sequence[tuple[int, float | None]]]], width: int, title: str) -> str:
    """For each series the chance that its level is lower than 1, 3 and 5 years before: numbered dots from 0 to 100."""
    is_narrow = width < 500
    row, top = 58.0, 60.0
    height = top + row * len(series) + 20
    x = Linear(0, 1, 22, width - 22)
    canvas = Canvas(width, height, title)
    canvas.text(4, 16, "Chance, in 100, that the level is lower", "tn")
    for part in (0, 0.25, 0.5, 0.75, 1):
        canvas.line(x(part), top - 14, x(part), height - 8, "axis" if part == 0.5 else "grid")
        canvas.text(x(part), top - 20, f"{part * 100:.0f}", "small mid")
    for i, (name, found) in enumerate(series):
        at = top + row * i + 38
        canvas.text(
            x(0),
            at - 20,
            _cut(name, (width - 44) / (7.4 if is_narrow else 8.4)),
            f"strong halo{' small' if is_narrow else ''}",
        )
        canvas.line(x(0), at, x(1), at, "grid")
        _dots(canvas, found, x, at)
    return canvas.svg()


def _cut(text: str, letters: float) -> str:
    return text if len(text) <= letters else text[: int(letters) - 1].rstrip() + "\u2026"


def _dots(canvas: Canvas, found: Sequence[tuple[int, float | None]], x: Linear, at: float) -> None:
    known = sorted(((p, years) for years, p in found if p is not None))
    if not known:
        canvas.text(x(0.5), at + 5, "cannot be told", "tn mid halo small")
        return
    places = spread_out([x(p) for p, _ in known], 23, x(0) + 2, x(1) - 2)
    for (_, years), place in zip(known, places, strict=True):
        canvas.circle(place, at, 11, {1: "fn", 3: "fa", 5: "fd"}.get(years, "fc"))
        canvas.text(place, at + 5, str(years), "mid " + ("strong" if years == 1 else "tflag"))
