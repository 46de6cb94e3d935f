"""Data types of a page before it is rendered: pages, charts, tables and quotable figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assay.report.derived_numbers import assign_to_page


@dataclass(frozen=True)
class Cell:
    """One table cell: its text and link, and the anchor of its row if it is the row header."""

    text: str
    href: str = ""
    css: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Grid:
    """A table of a page: caption, columns as (label, is numeric), rows of cells. The first cell is the row header."""

    caption: str
    columns: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    is_dense: bool = False


@dataclass(frozen=True)
class Chart:
    """A chart: its finding in one sentence, a reading note, a text alternative, and two drawings.

    `wide` and `narrow` are complete SVG documents, for wide and narrow screens. `marks` explains letters on the chart.
    `rows`: what it draws, heads first, for its CSV.
    """

    name: str
    finding: str
    reading_note: str
    alt: str
    wide: str
    narrow: str
    table: Grid | None = None
    marks: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def size(self) -> tuple[str, str]:
        """Width and height of the wide drawing."""
        head = self.wide.split('viewBox="0 0 ', 1)[1].split('"', 1)[0].split()
        return head[0], head[1]


@dataclass(frozen=True)
class Trust:
    """The verdict on a figure, its reasons as (heading, sentence), and the released row behind it."""

    verdict: str
    reasons: tuple[tuple[str, str], ...]
    table: str
    row: str


@dataclass(frozen=True)
class Figure:
    """A quotable figure: its anchor, text, quotation, and the released row that it comes from.

    `value` is the published figure or the sum of such figures, `base` is its denominator as text; `interval` holds the
    estimate. `receipt` names a stage, `table` and `row` the released table and its key. `points`: the parts of a long
    sentence, to be listed.
    """

    anchor: str
    label: str
    value: str
    base: str = ""
    interval: str = ""
    more: tuple[str, ...] = ()
    quote: str = ""
    cannot_tell: str = ""
    assumptions: str = ""
    receipt: str = ""
    source: str = ""
    table: str = ""
    row: str = ""
    points: tuple[str, ...] = ()
    trust: Trust | None = None


@dataclass(frozen=True)
class Page:
    """A page before it is rendered: its path, its template, and the values for the template."""

    path: str
    template: str
    title: str
    certainty_note: str
    crumbs: tuple[tuple[str, str], ...] = ()
    context: Mapping[str, Any] = field(default_factory=dict)
    charts: tuple[Chart, ...] = ()

    def __post_init__(self) -> None:
        assign_to_page(self.path)

    @property
    def root(self) -> str:
        """The relative path from this page to the top of the report."""
        return "../" * self.path.count("/")


def grid(
    caption: str, columns: Sequence[str], rows: Sequence[Sequence[Cell | str]], *, note: str = "", dense: bool = False
) -> Grid:
    """Return a table of text cells; a column whose label starts with '#' is numeric (the '#' is removed).

    `dense`: for many columns; text in numeric columns may wrap.
    """
    heads = tuple((label.removeprefix("#"), label.startswith("#")) for label in columns)
    cells = tuple(tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in row) for row in rows)
    return Grid(caption, heads, cells, note, dense)
