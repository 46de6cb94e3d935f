"""How do the lists overlap, what do the methods say, and how does the answer bend? Drawn, as SVG."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from assay.stats.multiple_systems.assumption_sensitivity import Tilt
from assay.stats.multiple_systems.capture_histories import places
from assay.stats.multiple_systems.capture_tables import FEWEST_SHOWN, CaptureTable, shown
from assay.stats.multiple_systems.decomposable import Decomposable
from assay.stats.multiple_systems.ensemble import LOWER_BOUND, Ensemble
from assay.stats.multiple_systems.svg_sheet import Sheet, powers, round_steps, scale

WIDTH = 760.0
Scale = Callable[[float], float]


def upset(table: CaptureTable, *, fewest: int = FEWEST_SHOWN, most: int = 24) -> str:
    """An UpSet plot: persons by exact history, largest first; small numbers as "under 5", their bars all alike."""
    held = [cell for cell in np.argsort(-table.counts, kind="stable") if table.counts[cell] > 0]
    cells, rest = held[:most], held[most:]
    step, left, top, rows = 26.0, 130.0, 230.0, len(table.lists)
    sheet = Sheet(max(left + step * len(cells) + 30, 420), top + 26 * rows + 60, "Persons by the lists they stand on")
    tallest = math.sqrt(max(table.counts.max(), 1))
    for column, cell in enumerate(cells):
        x, count = left + column * step, float(table.counts[cell])
        height = 140 * math.sqrt(max(count, fewest)) / tallest
        sheet.rect(x - 8, top - 24 - height, 16, height, "bar")
        words = f"<{fewest}" if count < fewest else shown(count, fewest)
        sheet.text(x, top - 30 - height, words, "small mid")
        on = places(int(cell))
        sheet.line(x, top + 26 * on[0], x, top + 26 * on[-1], "line")
        for row in range(rows):
            sheet.circle(x, top + 26 * row, 6, "dot" if row in on else "off")
    for row, name in enumerate(table.lists):
        sheet.text(left - 24, top + 26 * row + 5, f"{name} {shown(table.on_list(name), fewest)}", "end small")
    sheet.text(14, 22, "Persons by the lists they stand on (heights by square root)", "strong")
    if rest:
        left_over = shown(float(table.counts[rest].sum()), fewest)
        sheet.text(14, sheet.height - 14, f"{len(rest)} more histories with {left_over} persons are not drawn", "small")
    return sheet.svg()


def intervals(found: Ensemble) -> str:
    """The methods as intervals on one axis, refusals named; the axis is logarithmic."""
    drawn = [e for e in found.estimates if e.low is not None and e.high is not None]
    sheet = Sheet(WIDTH, 110 + 34 * len(found.estimates), "What each method says")
    sheet.text(14, 24, "All persons, by method", "strong")
    bottom = 60 + 34 * len(found.estimates)
    limits = [float(value) for e in drawn for value in (e.low, e.high) if value]
    low, high = min([*limits, found.table.persons]), 1.1 * max([*limits, 2 * found.table.persons])
    x = _log_scale(low, high, 250, WIDTH - 40)
    _axis(sheet, x, low, high, 44, bottom)
    sheet.line(x(found.table.persons), 44, x(found.table.persons), bottom, "mark")
    sheet.text(x(found.table.persons), 38, f"{found.table.persons:,} were seen", "warm small")
    for row, estimate in enumerate(found.estimates):
        y = 66.0 + 34 * row
        sheet.text(14, y + 5, estimate.method[:34], "small")
        if estimate.low is None or estimate.high is None or estimate.population is None:
            sheet.text(252, y + 5, "no estimate", "warm small")
            continue
        sheet.line(x(estimate.low), y, x(estimate.high), y, "line thin" if estimate.method == LOWER_BOUND else "line")
        sheet.circle(x(estimate.population), y, 5, "dot")
    return sheet.svg()


def posterior(found: Decomposable) -> str:
    """The posterior over the number of persons on a logarithmic axis, each mode named with its share."""
    sheet = Sheet(WIDTH, 330, "How likely is each number of persons?")
    share = np.cumsum(found.mass)
    inside = (share > 0.001) & (share < 0.999)
    population, height = found.population[inside], (found.density * found.population)[inside]
    sheet.text(14, 24, "How likely is each number of persons? Decomposable graphs, averaged", "strong")
    if len(population) < 2:
        sheet.text(14, 60, "All but a thousandth lies at one number.", "small")
        return sheet.svg()
    x = _log_scale(float(population[0]), float(population[-1]), 30, WIDTH - 40)
    y = scale(0, float(height.max()), 280, 90)
    _axis(sheet, x, float(population[0]), float(population[-1]), 70, 280)
    line = [(x(float(n)), y(float(h))) for n, h in zip(population, height, strict=True)]
    sheet.area([(line[0][0], 280), *line, (line[-1][0], 280)], "soft")
    sheet.path(line, "line")
    for mode in found.modes:
        if mode.share >= 0.02 and population[0] <= mode.population <= population[-1]:
            at = float(np.interp(mode.population, population, height))
            words = f"near {mode.population:,.0f}: {mode.share:.0%}"
            sheet.text(min(max(x(mode.population), 70), WIDTH - 80), y(at) - 10, words, "small mid strong")
    return sheet.svg()


def sensitivity_curve(found: Tilt, *, claim: float | None = None) -> str:
    """The population by the odds ratio that nobody can check, with its interval, and a claim to be borne out."""
    sheet = Sheet(WIDTH, 360, "How the answer bends")
    sheet.text(14, 24, f"How the answer bends: {found.assumption}", "strong")
    whole = [v for v in (*found.population, *found.low, *found.high, claim or np.nan) if np.isfinite(v)]
    x = _log_scale(float(found.odds_ratios[0]), float(found.odds_ratios[-1]), 90, WIDTH - 40)
    y = scale(0, 1.05 * max(whole), 300, 50)
    for value in round_steps(max(whole)):
        sheet.line(90, y(value), WIDTH - 40, y(value), "grid")
        sheet.text(82, y(value) + 4, f"{value:,.0f}", "small end")
    for ratio in (0.25, 0.5, 1, 2, 4):
        if found.odds_ratios[0] <= ratio <= found.odds_ratios[-1]:
            sheet.text(x(ratio), 320, f"{ratio:g}", "small mid")
    sheet.text((90 + WIDTH - 40) / 2, 344, "odds ratio; 1 is the estimate as it stands", "small mid")
    if np.isfinite(found.low).all():
        upper = [(x(float(r)), y(float(v))) for r, v in zip(found.odds_ratios, found.high, strict=True)]
        lower = [(x(float(r)), y(float(v))) for r, v in zip(found.odds_ratios, found.low, strict=True)]
        sheet.area([*upper, *reversed(lower)], "soft")
    sheet.path(_through(found, x, y), "line")
    sheet.line(x(1.0), 50, x(1.0), 300, "axis")
    if claim is not None:
        sheet.line(90, y(claim), WIDTH - 40, y(claim), "mark")
        sheet.text(WIDTH - 44, y(claim) - 6, f"claim: {claim:,.0f}", "warm small end")
    return sheet.svg()


def _through(found: Tilt, x: Scale, y: Scale) -> Sequence[tuple[float, float]]:
    pairs = zip(found.odds_ratios, found.population, strict=True)
    return [(x(float(r)), y(float(v))) for r, v in pairs if np.isfinite(v)]


def _log_scale(low: float, high: float, start: float, stop: float) -> Scale:
    straight = scale(math.log(max(low, 1e-9)), math.log(max(high, low * 1.01, 1e-9)), start, stop)
    return lambda value: straight(math.log(max(value, 1e-9)))


def _axis(sheet: Sheet, x: Scale, low: float, high: float, top: float, bottom: float) -> None:
    for value in powers(low, high):
        sheet.line(x(value), top, x(value), bottom, "grid")
        sheet.text(x(value), bottom + 20, f"{value:,.0f}", "small mid")
    sheet.line(x(low), bottom, x(high), bottom, "axis")
