"""A canvas for SVG charts that are sharp, small, reproducible byte for byte, and readable in dark mode.

A chart is an SVG document of lines, shapes and text elements with class names; STYLE holds the colours, for light and
for dark mode. Text stays text, so that it can be searched and read aloud. Colours are those of the Government Analysis
Function, lighter in dark mode.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape

STYLE = """
text{font:14px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:#3b3f45;
font-variant-numeric:tabular-nums}
.strong{font-weight:600;fill:#0b0c0c}.small{font-size:12px}.name{font-size:13px}.end{text-anchor:end}.mid{text-anchor:middle}
.grid{stroke:#e3e6ea;stroke-width:1}.axis{stroke:#8a9099;stroke-width:1}
.line{fill:none;stroke-width:2.5;stroke-linejoin:round;stroke-linecap:round}.thin{stroke-width:1.25}
.a{stroke:#12436D}.b{stroke:#F46A25}.c{stroke:#28A197}.d{stroke:#801650}.n{stroke:#8a9099}
.fa{fill:#12436D}.fb{fill:#F46A25}.fc{fill:#28A197}.fd{fill:#801650}.fn{fill:#b6bbc2}.f0{fill:#fff}.fl{fill:#e6e9ed}.fm{fill:#8a9099}
.ta{fill:#12436D;font-weight:600}.tb{fill:#b8430a;font-weight:600}.tn{fill:#5b616a}
.band{fill:#12436D;opacity:.14}.soft{fill:#12436D;opacity:.28}.range{fill:#28A197;opacity:.15}
.dash{stroke-dasharray:6 4}.dot{stroke-dasharray:1.5 4;stroke-linecap:round}
.mark{stroke:#801650;stroke-width:1.5}.case{stroke:#fff;stroke-width:5.5}.tmark{fill:#801650;font-weight:600}
.tie{stroke:#5b616a;stroke-width:1}.break{stroke:#5b616a;stroke-width:1;stroke-dasharray:4 3}.flag{fill:#5b616a}
.tflag{fill:#fff;font-weight:600;font-size:12px}.edge{stroke:#fff}.tink{fill:#0b0c0c;font-weight:600;font-size:12px}
.halo{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}
@media (prefers-color-scheme:dark){
text{fill:#c3c8d0}.strong{fill:#f2f4f7}.grid{stroke:#2c323a}.axis{stroke:#7c838d}
.a{stroke:#7db3e8}.b{stroke:#ff9a66}.c{stroke:#5fd0c5}.d{stroke:#e58abd}.n{stroke:#7c838d}
.fa{fill:#7db3e8}.fb{fill:#ff9a66}.fc{fill:#5fd0c5}.fd{fill:#e58abd}.fn{fill:#59606a}.f0{fill:#14171b}.fl{fill:#30363e}.fm{fill:#7c838d}
.ta{fill:#9cc6f0}.tb{fill:#ffab80}.tn{fill:#a7adb6}
.band{fill:#7db3e8;opacity:.2}.soft{fill:#7db3e8;opacity:.35}.range{fill:#5fd0c5;opacity:.18}
.mark{stroke:#e58abd}.tmark{fill:#efa5cf}.break,.tie{stroke:#a7adb6}.flag{fill:#a7adb6}.tflag{fill:#14171b}
.halo,.case,.edge{stroke:#14171b}
}"""
Point = tuple[float, float]
CLASSES = re.compile(r' class="([^"]*)"')
STYLE_RULE = re.compile(r"(?P<selectors>(?:text|\.[\w,.]+))(?P<body>\{[^{}]*\})")
"""Matches one rule of STYLE: its selectors, and its declarations in braces."""


def _n(number: float) -> str:
    """Format a coordinate to a tenth of a pixel, so that the bytes do not depend on the last bit of a float."""
    text = f"{number:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"


def width_of(text: str, size: float = 14) -> float:
    """Return the approximate width of a text in the system font, in pixels, rounded up to be safe."""
    narrow = sum(text.count(letter) for letter in "iljtfI.,:;'|()[] ")
    return size * (0.63 * (len(text) - narrow) + 0.36 * narrow)


@dataclass(frozen=True)
class Linear:
    """A linear scale from values to pixels."""

    low: float
    high: float
    start: float
    stop: float

    def __call__(self, value: float) -> float:
        """Return the position of a value on the canvas, in pixels."""
        span = (self.high - self.low) or 1.0
        return self.start + (value - self.low) / span * (self.stop - self.start)


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Return round tick values that cover `low` to `high`."""
    span = (high - low) or abs(high) or 1.0
    rough = span / count
    power = 10 ** math.floor(math.log10(rough))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]


class Canvas:
    """An SVG drawing of `width` by `height` pixels, to which shapes and text are added."""

    def __init__(self, width: float, height: float, title: str) -> None:
        self.width, self.height, self.title = width, height, title
        self._parts: list[str] = []

    def line(self, x1: float, y1: float, x2: float, y2: float, css: str) -> None:
        """Draw a straight line."""
        self._parts.append(f'<path class="{css}" d="M{_n(x1)} {_n(y1)}L{_n(x2)} {_n(y2)}"/>')

    def path(self, points: Sequence[Point], css: str) -> None:
        """Draw a line through points."""
        if points:
            through = "L".join(f"{_n(x)} {_n(y)}" for x, y in points)
            self._parts.append(f'<path class="{css}" d="M{through}"/>')

    def band(self, upper: Sequence[Point], lower: Sequence[Point], css: str) -> None:
        """Fill the area between two lines."""
        if upper:
            outline = "L".join(f"{_n(x)} {_n(y)}" for x, y in [*upper, *reversed(lower)])
            self._parts.append(f'<path class="{css}" d="M{outline}Z"/>')

    def circle(self, x: float, y: float, r: float, css: str) -> None:
        """Draw a dot."""
        self._parts.append(f'<circle class="{css}" cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}"/>')

    def rect(self, x: float, y: float, width: float, height: float, css: str, radius: float = 0) -> None:
        """Draw a rectangle."""
        self._parts.append(
            f'<rect class="{css}" x="{_n(x)}" y="{_n(y)}" width="{_n(max(width, 0))}" height="{_n(height)}" '
            f'rx="{_n(radius)}"/>'
        )

    def text(self, x: float, y: float, words: str, css: str = "") -> None:
        """Write text with its baseline at y."""
        self._parts.append(f'<text class="{css}" x="{_n(x)}" y="{_n(y)}">{escape(words)}</text>')

    def svg(self) -> str:
        """Return the SVG document."""
        size = f"{_n(self.width)} {_n(self.height)}"
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{_n(self.width)}" '
            f'height="{_n(self.height)}" role="img">'
        )
        content = "\n".join(self._parts)
        style = _used_style(frozenset(" ".join(CLASSES.findall(content)).split()))
        return f"{head}\n<title>{escape(self.title)}</title>\n<style>{style}\n</style>\n{content}\n</svg>\n"


@lru_cache
def _used_style(classes: frozenset[str]) -> str:
    """Return the rules of STYLE that a drawing needs: unused rules were half of the bytes of all charts."""

    def kept_rule(match: re.Match[str]) -> str:
        used = [name for name in match["selectors"].split(",") if name == "text" or name[1:] in classes]
        return f"{','.join(used)}{match['body']}" if used else ""

    return "\n" + "\n".join(line for line in STYLE_RULE.sub(kept_rule, STYLE).split("\n") if line)


def wrap_text(text: str, width: float, size: float = 14) -> list[str]:
    """Wrap a text into lines of at most `width` pixels; no word is cut."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def spread_labels(preferred: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return label positions close to the preferred ones (ascending), at least `gap` apart and on the canvas."""
    positions: list[float] = []
    for position in preferred:
        positions.append(max(position, positions[-1] + gap) if positions else max(position, low))
    for i in range(len(positions) - 1, -1, -1):
        limit = high if i == len(positions) - 1 else positions[i + 1] - gap
        positions[i] = min(positions[i], limit)
    return positions
