"""How is it drawn what is found at which strength, and how often intervals hold the truth?"""

from __future__ import annotations

from collections.abc import Sequence

from assay.report.charts.chart_canvas import Canvas, Linear
from assay.synthetic.simulation.estimate_errors import Cover, Estimate
from assay.synthetic.simulation.injected_failings import failings
from assay.synthetic.simulation.trial_runs import METHODS, OURS, Trial
from assay.synthetic.simulation.trial_summaries import Share, at, covers, planted, power, strengths

LINES = ("a", "b", "c", "d")
WIDTH, PANEL, ACROSS = 760, 216, 2
STATED = 0.95


def power_curves(trials: Sequence[Trial]) -> str:
    """A panel a failing: the share of planted forces found, by strength, for each method; ours with its interval."""
    keys = planted(trials)
    rows = -(-len(keys) // ACROSS)
    title = f"Share of planted forces found, by strength: {', '.join(METHODS)}"
    canvas = Canvas(WIDTH, 70 + rows * (PANEL + 20), title)
    _legend(canvas)
    for place, key in enumerate(keys):
        left, top = 14 + (place % ACROSS) * (WIDTH - 10) / ACROSS, 62 + (place // ACROSS) * (PANEL + 20)
        _panel(canvas, trials, key, left, top)
    return canvas.svg()


def _legend(canvas: Canvas) -> None:
    at_x = 14.0
    for method, css in zip(METHODS, LINES, strict=True):
        canvas.line(at_x, 16, at_x + 22, 16, f"line {css}{'' if method == OURS else ' thin'}")
        canvas.text(at_x + 28, 21, method, "strong" if method == OURS else "")
        at_x += 50 + 7.4 * len(method)
    canvas.text(14, 44, "Found, of 100 forces in which it was planted; by strength (1 is serious)", "tn")


def _panel(canvas: Canvas, trials: Sequence[Trial], key: str, left: float, top: float) -> None:
    tried = strengths(trials)
    x = Linear(0, max(tried), left + 34, left + WIDTH / ACROSS - 26)
    y = Linear(0, 1, top + PANEL - 40, top + 24)
    canvas.text(left, top + 8, failings()[key].title, "strong name")
    for share in (0, 0.5, 1):
        canvas.line(x(0), y(share), x.stop, y(share), "axis" if share == 0 else "grid")
        canvas.text(x(0) - 6, y(share) + 4, f"{100 * share:.0f}", "end small")
    for strength in tried:
        canvas.text(x(strength), y(0) + 17, f"{strength:g}", "mid small")
    ours = [power(trials, key, OURS, at(strength)) for strength in tried]
    upper = [(x(s), y(one.interval[1])) for s, one in zip(tried, ours, strict=True)]
    lower = [(x(s), y(one.interval[0])) for s, one in zip(tried, ours, strict=True)]
    canvas.band(upper, lower, "band")
    for method, css in reversed(list(zip(METHODS, LINES, strict=True))):
        found = [power(trials, key, method, at(strength)) for strength in tried]
        through = [(x(s), y(one.share or 0)) for s, one in zip(tried, found, strict=True)]
        canvas.path(through, f"line {css}{'' if method == OURS else ' thin'}")
        if method == OURS:
            for point in through:
                canvas.circle(*point, 3.5, f"f{css}")


def coverage_dots(trials: Sequence[Trial]) -> str:
    """A row a measure: in how many of a hundred forces the 95% interval holds the true share, with its own interval."""
    sound = covers(trials, lambda one: _of_a_force(one) and not one.planted)
    failing = {one.measure: one for one in covers(trials, lambda one: _of_a_force(one) and one.planted)}
    canvas = Canvas(WIDTH, 106 + 34 * len(sound), "Share of 95% intervals that hold the true share, by measure")
    worst = min((one.low for one in (*sound, *failing.values())), default=0.8)
    x = Linear(min(0.8, worst // 0.1 / 10), 1.0, 300, WIDTH - 30)
    bottom = 58 + 34 * len(sound)
    steps = [step / 20 for step in range(round(20 * x.low), 21)]
    for step in steps[:: 1 if len(steps) < 9 else 2]:
        canvas.line(x(step), 44, x(step), bottom, "grid")
        canvas.text(x(step), bottom + 20, f"{100 * step:.0f}", "mid small")
    canvas.line(x(STATED), 34, x(STATED), bottom, "mark")
    canvas.text(x(STATED), 28, "95", "tmark mid")
    canvas.circle(20, 16, 5, "fa")
    canvas.text(32, 21, "nothing planted that shows there", "")
    canvas.circle(300, 16, 5, "fb")
    canvas.text(312, 21, "a failing planted there", "")
    said = "Of 100 intervals that are stated at 95%, so many hold the true share"
    canvas.text(x.start, bottom + 38, said, "small tn")
    for place, one in enumerate(sound):
        middle = 64.0 + 34 * place
        canvas.text(14, middle + 5, one.measure.replace("_", " "), "name")
        _dot(canvas, x, one, middle - 5, "a")
        if one.measure in failing:
            _dot(canvas, x, failing[one.measure], middle + 6, "b")
    return canvas.svg()


def _dot(canvas: Canvas, x: Linear, one: Cover, middle: float, css: str) -> None:
    share = Share(one.held, one.intervals).share or 0
    canvas.line(x(one.low), middle, x(one.high), middle, f"line thin {css}")
    canvas.circle(x(share), middle, 4.5, f"f{css}")


def _of_a_force(one: Estimate) -> bool:
    return one.low is not None
