"""What is a page, a chart and a table, before they are written?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assay.report.derived_numbers import belongs_to


@dataclass(frozen=True)
class Cell:
    """One cell: its words, and where they lead."""

    text: str
    href: str = ""
    css: str = ""


@dataclass(frozen=True)
class Grid:
    """A table to be read: caption, columns as (label, is it numeric), rows of cells. The first cell heads its row."""

    caption: str
    columns: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    is_dense: bool = False


@dataclass(frozen=True)
class Chart:
    """A chart: what it shows in one sentence (the finding), how to read it, a text alternative, and two drawings.

    `wide` and `narrow` are whole SVG documents, for a desk and for a phone. `marks` explains letters on the chart.
    """

    name: str
    finding: str
    reads: str
    alt: str
    wide: str
    narrow: str
    table: Grid | None = None
    marks: tuple[tuple[str, str], ...] = ()

    @property
    def size(self) -> tuple[str, str]:
        """Width and height of the wide drawing."""
        head = self.wide.split('viewBox="0 0 ', 1)[1].split('"', 1)[0].split()
        return head[0], head[1]


@dataclass(frozen=True)
class Figure:
    """One figure that may be quoted: its anchor, words, the sentence to quote, and the released row it stands in.

    `value` is as published and `base` says of what; `interval` holds the estimate. `receipt` names a stage, `table` and
    `row` the released table and its key. `points`: the words of a long sentence one by one, to be listed.
    """

    anchor: str
    label: str
    value: str
    base: str = ""
    interval: str = ""
    more: tuple[str, ...] = ()
    quote: str = ""
    cannot_tell: str = ""
    leans_on: str = ""
    receipt: str = ""
    source: str = ""
    table: str = ""
    row: str = ""
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """One page: where it stands, which template draws it, and what the template is told."""

    path: str
    template: str
    title: str
    how_sure: str
    crumbs: tuple[tuple[str, str], ...] = ()
    told: Mapping[str, Any] = field(default_factory=dict)
    charts: tuple[Chart, ...] = ()

    def __post_init__(self) -> None:
        belongs_to(self.path)

    @property
    def root(self) -> str:
        """The way from this page to the top of the report."""
        return "../" * self.path.count("/")


def grid(
    caption: str, columns: Sequence[str], rows: Sequence[Sequence[Cell | str]], *, note: str = "", dense: bool = False
) -> Grid:
    """A table from plain words; a column whose label starts with '#' is numeric (the mark is taken off).

    `dense`: for many columns, in which also the words that stand for a number may wrap.
    """
    heads = tuple((label.removeprefix("#"), label.startswith("#")) for label in columns)
    cells = tuple(tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in row) for row in rows)
    return Grid(caption, heads, cells, note, dense)
