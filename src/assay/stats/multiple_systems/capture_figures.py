"""SVG figures: overlap of lists, estimates by method, posterior and sensitivity."""

import math
from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

import numpy as np

from assay.stats.multiple_systems.assumption_sensitivity import SensitivityCurve
from assay.stats.multiple_systems.capture_histories import set_bits
from assay.stats.multiple_systems.capture_tables import MINIMUM_SHOWN_COUNT, CaptureTable, format_count
from assay.stats.multiple_systems.decomposable import DecomposableEstimate
from assay.stats.multiple_systems.ensemble import LOWER_BOUND, Ensemble

# Minimal SVG drawing, for light and dark mode.
#
# A sheet collects lines, shapes and text and becomes an SVG document. The colours, for light and dark mode, are those
# of the Government Analysis Function.

STYLE = """
text{font:14px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;fill:#3b3f45}
.strong{font-weight:600;fill:#0b0c0c}.small{font-size:12px}.end{text-anchor:end}.mid{text-anchor:middle}
.grid{stroke:#e3e6ea}.axis{stroke:#8a9099}.line{fill:none;stroke:#12436D;stroke-width:2.5}
.thin{stroke-width:1.5;stroke-dasharray:5 4}.bar,.dot{fill:#12436D}.off{fill:#dfe3e8}.soft{fill:#12436D;opacity:.16}
.mark{stroke:#F46A25;stroke-width:1.5;stroke-dasharray:5 4}.warm{fill:#b8430a;font-weight:600}
@media (prefers-color-scheme:dark){
text{fill:#c3c8d0}.strong{fill:#f2f4f7}.grid{stroke:#2c323a}.axis{stroke:#7c838d}.line{stroke:#7db3e8}
.bar,.dot{fill:#7db3e8}.off{fill:#30363e}.soft{fill:#7db3e8;opacity:.22}.mark{stroke:#ff9a66}.warm{fill:#ffab80}
}"""
Point = tuple[float, float]


class Sheet:
    """A chart of `width` by `height` pixels, drawn as SVG."""

    def __init__(self, width: float, height: float, title: str) -> None:
        self.width, self.height, self.title = width, height, title
        self._parts: list[str] = []

    def line(self, x1: float, y1: float, x2: float, y2: float, css: str) -> None:
        """Draw a straight line."""
        self._parts.append(f'<path class="{css}" d="M{_n(x1)} {_n(y1)}L{_n(x2)} {_n(y2)}"/>')

    def path(self, points: Sequence[Point], css: str) -> None:
        """Draw a line through points."""
        self._parts.append(f'<path class="{css}" d="M{"L".join(f"{_n(x)} {_n(y)}" for x, y in points)}"/>')

    def area(self, points: Sequence[Point], css: str) -> None:
        """Fill the area inside a closed line."""
        self._parts.append(f'<path class="{css}" d="M{"L".join(f"{_n(x)} {_n(y)}" for x, y in points)}Z"/>')

    def circle(self, x: float, y: float, r: float, css: str) -> None:
        """Draw a circle."""
        self._parts.append(f'<circle class="{css}" cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}"/>')

    def rect(self, x: float, y: float, width: float, height: float, css: str) -> None:
        """Draw a rectangle with rounded corners."""
        size = f'width="{_n(max(width, 0))}" height="{_n(height)}"'
        self._parts.append(f'<rect class="{css}" x="{_n(x)}" y="{_n(y)}" {size} rx="2"/>')

    def text(self, x: float, y: float, words: str, css: str = "") -> None:
        """Write text with its baseline at y."""
        self._parts.append(f'<text class="{css}" x="{_n(x)}" y="{_n(y)}">{escape(words)}</text>')

    def svg(self) -> str:
        """Return the chart as an SVG document."""
        width, height = _n(self.width), _n(self.height)
        size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}'
        content = "\n".join(self._parts)
        return f'{head} role="img">\n<title>{escape(self.title)}</title>\n<style>{STYLE}\n</style>\n{content}\n</svg>\n'


def _n(number: float) -> str:
    text = f"{number:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def scale(low: float, high: float, start: float, stop: float) -> Callable[[float], float]:
    """Return a function that maps values linearly to pixels."""
    span = (high - low) or 1.0
    return lambda value: start + (value - low) / span * (stop - start)


def powers(low: float, high: float) -> list[float]:
    """Return axis values from `low` to `high`: 1, 2 and 5 times powers of ten, or more values if these are fewer
    than four."""
    for steps in ((1, 2, 5), (1, 1.5, 2, 3, 5, 7)):
        values = [m * 10.0**p for p in range(13) for m in steps]
        inside = [value for value in values if low <= value <= high]
        if len(inside) > 3:
            break
    return inside


def round_steps(high: float) -> list[float]:
    """Return about five axis values from 0 to `high` in round steps."""
    step = next(value for value in powers(1, 1e12) if high / value <= 6)
    return [step * number for number in range(int(high / step) + 1)]


WIDTH = 760.0
Scale = Callable[[float], float]


def upset_plot(table: CaptureTable, *, minimum_shown: int = MINIMUM_SHOWN_COUNT, maximum_bars: int = 24) -> str:
    """Return an UpSet plot: persons by exact history, largest first; small counts as "under 5" with equal bars."""
    ordered_cells = [cell for cell in np.argsort(-table.counts, kind="stable") if table.counts[cell] > 0]
    cells, other_cells = ordered_cells[:maximum_bars], ordered_cells[maximum_bars:]
    step, left, top, rows = 26.0, 130.0, 230.0, len(table.lists)
    sheet = Sheet(max(left + step * len(cells) + 30, 420), top + 26 * rows + 60, "Persons by the lists they stand on")
    tallest = math.sqrt(max(table.counts.max(), 1))
    for column, cell in enumerate(cells):
        x, count = left + column * step, float(table.counts[cell])
        height = 140 * math.sqrt(max(count, minimum_shown)) / tallest
        sheet.rect(x - 8, top - 24 - height, 16, height, "bar")
        label = f"<{minimum_shown}" if count < minimum_shown else format_count(count, minimum_shown)
        sheet.text(x, top - 30 - height, label, "small mid")
        list_rows = set_bits(int(cell))
        sheet.line(x, top + 26 * list_rows[0], x, top + 26 * list_rows[-1], "line")
        for row in range(rows):
            sheet.circle(x, top + 26 * row, 6, "dot" if row in list_rows else "off")
    for row, name in enumerate(table.lists):
        sheet.text(
            left - 24, top + 26 * row + 5, f"{name} {format_count(table.list_size(name), minimum_shown)}", "end small"
        )
    sheet.text(14, 22, "Persons by the lists they stand on (heights by square root)", "strong")
    if other_cells:
        other_persons = format_count(float(table.counts[other_cells].sum()), minimum_shown)
        sheet.text(
            14,
            sheet.height - 14,
            f"{len(other_cells)} more histories with {other_persons} persons are not drawn",
            "small",
        )
    return sheet.svg()


def interval_plot(ensemble: Ensemble) -> str:
    """Return a plot of each method's interval on one logarithmic axis, or the reason why there is no estimate."""
    with_interval = [
        estimate for estimate in ensemble.estimates if estimate.low is not None and estimate.high is not None
    ]
    sheet = Sheet(WIDTH, 110 + 34 * len(ensemble.estimates), "What each method says")
    sheet.text(14, 24, "All persons, by method", "strong")
    bottom = 60 + 34 * len(ensemble.estimates)
    limits = [float(value) for estimate in with_interval for value in (estimate.low, estimate.high) if value]
    low, high = min([*limits, ensemble.table.persons]), 1.1 * max([*limits, 2 * ensemble.table.persons])
    x = _log_scale(low, high, 250, WIDTH - 40)
    _axis(sheet, x, low, high, 44, bottom)
    sheet.line(x(ensemble.table.persons), 44, x(ensemble.table.persons), bottom, "mark")
    sheet.text(x(ensemble.table.persons), 38, f"{ensemble.table.persons:,} were seen", "warm small")
    for row, estimate in enumerate(ensemble.estimates):
        y = 66.0 + 34 * row
        sheet.text(14, y + 5, estimate.method[:34], "small")
        if estimate.low is None or estimate.high is None or estimate.population is None:
            sheet.text(252, y + 5, "no estimate", "warm small")
            continue
        sheet.line(x(estimate.low), y, x(estimate.high), y, "line thin" if estimate.method == LOWER_BOUND else "line")
        sheet.circle(x(estimate.population), y, 5, "dot")
    return sheet.svg()


def posterior_plot(result: DecomposableEstimate) -> str:
    """Return a plot of the posterior of the population on a logarithmic axis, with the share of each mode."""
    sheet = Sheet(WIDTH, 330, "How likely is each number of persons?")
    share = np.cumsum(result.mass)
    inside = (share > 0.001) & (share < 0.999)
    population, height = result.population[inside], (result.density * result.population)[inside]
    sheet.text(14, 24, "How likely is each number of persons? Decomposable graphs, averaged", "strong")
    if len(population) < 2:
        sheet.text(14, 60, "All but a thousandth lies at one number.", "small")
        return sheet.svg()
    x = _log_scale(float(population[0]), float(population[-1]), 30, WIDTH - 40)
    y = scale(0, float(height.max()), 280, 90)
    _axis(sheet, x, float(population[0]), float(population[-1]), 70, 280)
    line = [(x(float(number)), y(float(value))) for number, value in zip(population, height, strict=True)]
    sheet.area([(line[0][0], 280), *line, (line[-1][0], 280)], "soft")
    sheet.path(line, "line")
    for mode in result.modes:
        if mode.share >= 0.02 and population[0] <= mode.population <= population[-1]:
            density = float(np.interp(mode.population, population, height))
            label = f"near {mode.population:,.0f}: {mode.share:.0%}"
            sheet.text(min(max(x(mode.population), 70), WIDTH - 80), y(density) - 10, label, "small mid strong")
    return sheet.svg()


def sensitivity_plot(curve: SensitivityCurve, *, claim: float | None = None) -> str:
    """Return a plot of the estimated population by assumed odds ratio, with its interval and an optional claim."""
    sheet = Sheet(WIDTH, 360, "How the answer bends")
    sheet.text(14, 24, f"How the answer bends: {curve.assumption}", "strong")
    finite_values = [v for v in (*curve.population, *curve.low, *curve.high, claim or np.nan) if np.isfinite(v)]
    x = _log_scale(float(curve.odds_ratios[0]), float(curve.odds_ratios[-1]), 90, WIDTH - 40)
    y = scale(0, 1.05 * max(finite_values), 300, 50)
    for value in round_steps(max(finite_values)):
        sheet.line(90, y(value), WIDTH - 40, y(value), "grid")
        sheet.text(82, y(value) + 4, f"{value:,.0f}", "small end")
    for ratio in (0.25, 0.5, 1, 2, 4):
        if curve.odds_ratios[0] <= ratio <= curve.odds_ratios[-1]:
            sheet.text(x(ratio), 320, f"{ratio:g}", "small mid")
    sheet.text((90 + WIDTH - 40) / 2, 344, "odds ratio; 1 is the estimate as it stands", "small mid")
    if np.isfinite(curve.low).all():
        upper = [(x(float(r)), y(float(v))) for r, v in zip(curve.odds_ratios, curve.high, strict=True)]
        lower = [(x(float(r)), y(float(v))) for r, v in zip(curve.odds_ratios, curve.low, strict=True)]
        sheet.area([*upper, *reversed(lower)], "soft")
    sheet.path(_curve_points(curve, x, y), "line")
    sheet.line(x(1.0), 50, x(1.0), 300, "axis")
    if claim is not None:
        sheet.line(90, y(claim), WIDTH - 40, y(claim), "mark")
        sheet.text(WIDTH - 44, y(claim) - 6, f"claim: {claim:,.0f}", "warm small end")
    return sheet.svg()


def _curve_points(curve: SensitivityCurve, x: Scale, y: Scale) -> Sequence[tuple[float, float]]:
    pairs = zip(curve.odds_ratios, curve.population, strict=True)
    return [(x(float(r)), y(float(v))) for r, v in pairs if np.isfinite(v)]


def _log_scale(low: float, high: float, start: float, stop: float) -> Scale:
    straight = scale(math.log(max(low, 1e-9)), math.log(max(high, low * 1.01, 1e-9)), start, stop)
    return lambda value: straight(math.log(max(value, 1e-9)))


def _axis(sheet: Sheet, x: Scale, low: float, high: float, top: float, bottom: float) -> None:
    for value in powers(low, high):
        sheet.line(x(value), top, x(value), bottom, "grid")
        sheet.text(x(value), bottom + 20, f"{value:,.0f}", "small mid")
    sheet.line(x(low), bottom, x(high), bottom, "axis")
