"""Tile map: one tile for each force near its place on the map, with its name, figure and link.

The SVG is part of the page, so that each tile is a link and takes the page's colours. A tile gives its figure as text;
the shade is never the only carrier of a figure. Forces that cannot be compared are not shaded. On narrow screens the
text is larger and names are shorter, so that the whole map fits.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import ceil, floor

from markupsafe import Markup, escape

from assay.report.charts.chart_canvas import width_of
from assay.report.derived_numbers import derived_number

SIDE, GAP, MARGIN, SIZE = 78, 5, 2, 14
"""Tile geometry in pixels: side, gap between tiles, minimum margin beside the text, and text size."""
SHADES = 5


@dataclass(frozen=True)
class Tile:
    """One force: its place on the map, name, figure as text, shade (0 to 4, None for not comparable) and page.

    `brief_text`: the figure on a narrow screen, where the text of a tile is larger; '' if it is the same.
    """

    slug: str
    name: str
    column: int
    row: int
    text: str
    shade: int | None
    href: str
    brief_text: str = ""


@lru_cache
def short_names() -> dict[str, list[str]]:
    """Return two short names of each force, by slug: for wide and for narrow screens (up to 5 letters)."""
    return tomllib.loads(files("assay.report").joinpath("short_names.toml").read_text(encoding="utf-8"))


def shades(values: Sequence[float]) -> list[tuple[float, float]]:
    """Return five intervals of equal width over `values`, one for each shade, as (from, to)."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    step = ((high - low) or 1.0) / SHADES
    return [(low + i * step, low + (i + 1) * step) for i in range(SHADES)]


def shade(value: float, classes: Sequence[tuple[float, float]]) -> int:
    """Return the number of the interval (shade) that `value` is in."""
    return next((i for i, (_, high) in enumerate(classes) if value < high), SHADES - 1)


def class_labels(classes: Sequence[tuple[float, float]]) -> list[str]:
    """Return the intervals of the shades, for shares in whole per cent, in words; no two intervals share an end."""
    labels = []
    for i, (low, high) in enumerate(classes):
        minimum = ceil(round(100 * low, 6))
        maximum = floor(round(100 * high, 6)) if i == len(classes) - 1 else ceil(round(100 * high, 6)) - 1
        labels.append("no force" if minimum > maximum else _class_label(minimum, maximum))
    return labels


def _class_label(minimum: int, maximum: int) -> str:
    ends = [derived_number(f"{end}%", "edge of a class of the map") for end in dict.fromkeys((minimum, maximum))]
    return " to ".join(ends)


def tiles(map_tiles: Sequence[Tile], label: str) -> Markup:
    """Return the map as an SVG fragment of links; `label` is its accessible name."""
    left, top = min(t.column for t in map_tiles), min(t.row for t in map_tiles)
    width = (max(t.column for t in map_tiles) - left + 1) * (SIDE + GAP) + GAP
    height = (max(t.row for t in map_tiles) - top + 1) * (SIDE + GAP) + GAP
    elements = [_tile(t, (t.column - left) * (SIDE + GAP) + GAP, (t.row - top) * (SIDE + GAP) + GAP) for t in map_tiles]
    head = Markup('<svg class="tiles" viewBox="0 0 {} {}" width="{}" role="group" aria-label="{}">')
    return head.format(width, height, width, label) + Markup("").join(elements) + Markup("</svg>")


def _cut(word: str, max_letters: int) -> str:
    """Return a word, cut with a full stop if it is longer than `max_letters`."""
    return word if len(word) <= max_letters else f"{word[: max_letters - 1]}."


def _fit_word(word: str) -> str:
    """Return a word cut to the width of a tile; fewer letters fit where they are wide."""
    max_letters = 9
    while _width(_cut(word, max_letters)) > SIDE - MARGIN:
        max_letters -= 1
    return _cut(word, max_letters)


def _width(words: str) -> float:
    """Return the approximate width of a text in pixels; w and m count as one and a half letters."""
    return width_of(words, SIZE) + 0.25 * SIZE * sum(words.lower().count(letter) for letter in "wm")


def brief_names(name: str) -> tuple[str, str]:
    """Return a name shortened for a tile, for wide and narrow screens; of two words both are abbreviated, so that names
    stay distinct."""
    words = name.split(" (")[0].split(",")[0].split()
    if len(words) < 2:
        word = words[0] if words else ""
        return _fit_word(word), _cut(word, 5)
    return _fit_word(f"{_cut(words[0], 4)} {words[1]}"), f"{words[0][:2]} {words[1][:2]}"


def _figure_text(t: Tile, x: float, y: float) -> Markup:
    """Return the figure of a tile; two texts if it is shorter on a narrow screen."""
    texts = (
        [("said wide-label", t.text), ("said phone", t.brief_text)]
        if t.brief_text not in ("", t.text)
        else [("said", t.text)]
    )
    return Markup("").join(
        Markup('<text class="{}" x="{}" y="{}">{}</text>').format(css, x, y, text) for css, text in texts
    )


def _tile(t: Tile, x: float, y: float) -> Markup:
    css = "none" if t.shade is None else f"s{t.shade}"
    short, brief = short_names().get(t.slug) or brief_names(t.name)
    return Markup(
        '<a href="{href}" class="tile {css}" aria-label="{name}: {value}">'
        '<rect x="{x}" y="{y}" width="{s}" height="{s}" '
        'rx="3"/><text class="wide-label" x="{mid}" y="{first}">{short}</text>'
        '<text class="phone" x="{mid}" y="{first}">{brief}</text>'
        "{figure}</a>"
    ).format(
        href=t.href,
        css=css,
        name=t.name,
        value=t.text,
        x=x,
        y=y,
        s=SIDE,
        mid=x + SIDE / 2,
        first=y + 34,
        figure=_figure_text(t, x + SIDE / 2, y + 56),
        short=escape(short),
        brief=escape(brief),
    )
