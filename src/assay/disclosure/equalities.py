"""Which figures are one and the same, or add up, though they stand under different indicators?

Two indicators that ask of the same records leave out the same ones, so what is hidden in one must not be shown in the
other. `equalities.toml` lists them; a test holds the list against the forms of the enquiries.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from assay.disclosure.declared import Table
from assay.disclosure.sums import Cell, Sum

APART = {"place_code": "ALL", "when_reported": "all"}
"""What a figure stands for apart from its indicator, and the value at which a table without that column stands."""
Where = tuple[Any, ...]


@dataclass(frozen=True)
class Figure:
    """A column of a table under fixed values of its key: met of 'still_pending', in every place and group."""

    table: str
    column: str
    fixed: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Rule:
    """A figure that others make up; of an equality there is one part."""

    total: Figure
    parts: tuple[Figure, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The total and its parts."""
        return (self.total, *self.parts)


def figure(name: str, **fixed: str) -> Figure:
    """`figure("ladders.met", indicator="still_pending")`."""
    table, _, column = name.partition(".")
    return Figure(table, column, tuple(sorted(fixed.items())))


@lru_cache
def rules() -> tuple[Rule, ...]:
    """Every equality and sum of `equalities.toml`."""
    text = files("assay.disclosure").joinpath("equalities.toml").read_text(encoding="utf-8")
    form = tomllib.loads(text)
    sums = [Rule(_one(rule["total"]), tuple(map(_one, rule["parts"]))) for rule in form["sum"]]
    return (*(rule for same in form["same"] for rule in _pairs(same)), *sums)


def _one(form: Mapping[str, str]) -> Figure:
    return figure(form["figure"], **{name: value for name, value in form.items() if name != "figure"})


def _pairs(same: Mapping[str, Any]) -> Iterator[Rule]:
    """Each two of the indicators: one of them may not have been asked in a place."""
    for name in same["figures"]:
        for reason in same.get("reasons", ("",)):
            fixed = {"reason": reason} if reason else {}
            held = [figure(name, indicator=key, **fixed) for key in same["indicators"]]
            yield from (Rule(one, (other,)) for place, one in enumerate(held) for other in held[place + 1 :])


def equalities(rows: Mapping[str, Sequence[Mapping[str, Any]]], forms: Mapping[str, Table]) -> Iterator[Sum]:
    """The sums that the rules say must hold between the rows of these tables, where all their figures were asked.

    That of all places together holds only between figures that were asked in the same places.
    """
    wanted = {one for rule in rules() for one in rule.figures if one.table in rows}
    held = {one: cells for one, cells in _found(wanted, rows, forms).items() if cells}
    for rule in rules():
        if all(one in held for one in rule.figures):
            total, *parts = (held[one] for one in rule.figures)
            for where in total:
                if all(where in part for part in parts):
                    yield Sum(total[where], tuple(part[where] for part in parts))


def _found(
    wanted: set[Figure], rows: Mapping[str, Sequence[Mapping[str, Any]]], forms: Mapping[str, Table]
) -> dict[Figure, dict[Where, Cell]]:
    found: dict[Figure, dict[Where, Cell]] = {one: {} for one in wanted}
    columns: dict[str, list[str]] = {}
    for one in wanted:
        columns.setdefault(one.table, []).append(one.column)
    for table, names in columns.items():
        key = forms[table].key
        for row in rows[table]:
            fixed = tuple(sorted((name, row[name]) for name in key if name not in APART))
            for column in dict.fromkeys(names):
                cells = found.get(Figure(table, column, fixed))
                if cells is not None and was_asked(row, column):
                    cells[_where(row)] = (table, tuple(row[name] for name in key), column)
    return {one: _with_places(cells) for one, cells in found.items()}


def _where(row: Mapping[str, Any]) -> Where:
    return tuple(row.get(name, whole) for name, whole in APART.items())


def was_asked(row: Mapping[str, Any], column: str) -> bool:
    """Whether there is such a count, shown or not."""
    words = (row.get("hidden") or "").split()
    return row.get(column) is not None or column in words or f"kept-back:{column}" in words


def _with_places(cells: dict[Where, Cell]) -> dict[Where, Cell]:
    """All places together is all that were asked, so these belong to what the figure stands for."""
    whole = APART["place_code"]
    asked = frozenset(place for place, _ in cells if place != whole)
    return {(*where, asked if where[0] == whole else None): cell for where, cell in cells.items()}
