"""Minimal SVG drawing, for light and dark mode.

A sheet collects lines, shapes and text and becomes an SVG document. The colours, for light and dark mode, are those of
the Government Analysis Function.
"""

from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

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
    """A sheet of `width` by `height` pixels."""

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
        """Return the whole document."""
        width, height = _n(self.width), _n(self.height)
        size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}'
        content = "\n".join(self._parts)
        return f'{head} role="img">\n<title>{escape(self.title)}</title>\n<style>{STYLE}\n</style>\n{content}\n</svg>\n'


def _n(number: float) -> str:
    text = f"{number:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def scale(low: float, high: float, start: float, stop: float) -> Callable[[float], float]:
    """Return a linear scale from values to pixels."""
    span = (high - low) or 1.0
    return lambda value: start + (value - low) / span * (stop - start)


def powers(low: float, high: float) -> list[float]:
    """Return axis values from `low` to `high`: 1, 2 and 5 times powers of ten, or more if there are fewer than four."""
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
