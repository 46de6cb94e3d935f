"""Which released counts are equal, or add up, because of what the indicators and waits ask?

Linear constraints between tables. Two indicators that ask of the same records leave out the same ones, so what is
suppressed in one must not be shown in the other. `equalities.toml` lists the constraints. One test compares the list
with the forms of the enquiries; another with the constraints that hold in several synthetic countries
(`constraint_learning`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from assay.disclosure.declared import Table
from assay.disclosure.sums import MORE_THAN, Cell, Sum

WHOLES = {"place_code": "ALL", "when_reported": "all", "month": "all", "age_group": "all ages"}
"""Columns of a key that split a figure, and the value at which a table without that column stands."""
ANSWERS = ("met", "not_met", "not_known")
STANDS_NOWHERE = f"{MORE_THAN}nothing"
LONE = ("window_from",)
"""Columns of a key that set nothing apart where all rows have the same value."""
GROUPS = ("side", "characteristic", "people", "split", "value")
"""Columns of a key that name a group of people or records; no value of them stands for everyone."""
_BEFORE = ("outside", "left_out", "not_known_if_counted")
_ENDINGS = ("records", "ended", "ended_otherwise", "still_waiting")
COUNTERPARTS: tuple[Mapping[str, tuple[str, tuple[str, ...]]], ...] = (
    {
        "ladders": ("ladders", ("records", *_BEFORE, "met", "not_met", "not_known")),
        "wait_medians": ("wait_medians_apart", (*_ENDINGS, "left_out", "not_known")),
    },
    {
        "ladders": ("served", ("met", "not_met")),
        "standing": ("served", ("base",)),
        "served": ("served", ("not_known",)),
        "wait_medians": ("served_waits", _ENDINGS),
    },
)
"""By table, the table that counts the same records group by group, and in which columns it counts the same. What holds
record by record holds in every group."""
Where = tuple[frozenset[tuple[str, Any]], frozenset[Any] | None]
"""The place and group in which a figure stands; for all places together also which places were asked."""


@dataclass(frozen=True)
class Figure:
    """A column of a table under fixed values of its key: met of 'still_pending', in every place and group."""

    table: str
    column: str
    fixed: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"{self.table}.{self.column} ({', '.join(value for _, value in self.fixed)})"


@dataclass(frozen=True)
class Rule:
    """A figure that others make up; of an equality there is one part."""

    total: Figure
    parts: tuple[Figure, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The total and its parts."""
        return (self.total, *self.parts)

    def __str__(self) -> str:
        return f"{self.total} = {' + '.join(map(str, self.parts))}"


def figure(name: str, **fixed: str) -> Figure:
    """`figure("ladders.met", indicator="still_pending")`."""
    table, _, column = name.partition(".")
    return Figure(table, column, tuple(sorted(fixed.items())))


@dataclass(frozen=True)
class Declared:
    """The constraints of a file: the rules, and lists of indicators whose records are the same in each group.

    Of the latter no table shows how many there are, only that met, not met and not known make the same number.
    """

    rules: tuple[Rule, ...]
    same_records: tuple[tuple[str, ...], ...] = ()


@lru_cache
def declared_constraints() -> Declared:
    """The constraints of `equalities.toml`."""
    return read_constraints(files("assay.disclosure").joinpath("equalities.toml").read_text(encoding="utf-8"))


def rules() -> tuple[Rule, ...]:
    """Every equality and sum of `equalities.toml`, and the same in the tables of groups."""
    return declared_constraints().rules


def read_constraints(text: str) -> Declared:
    """The constraints of a text in the form of `equalities.toml`."""
    form = tomllib.loads(text)
    found: list[Rule] = []
    for one in (*form.get("equal", ()), *form.get("sum", ())):
        mine = [*_chain([*map(_one, one["figures"])])] if "figures" in one else [_sum(one)]
        found += mine
        found += [other for rule in mine for other in in_groups(rule) if one.get("in_groups", True)]
    return Declared(
        tuple(dict.fromkeys(found)), tuple(tuple(one["indicators"]) for one in form.get("same_records", ()))
    )


def _sum(form: Mapping[str, Any]) -> Rule:
    return Rule(_one(form["total"]), tuple(map(_one, form["parts"])))


def in_groups(rule: Rule) -> Iterator[Rule]:
    """The rule between the tables that count the same records group by group, where they have all its figures."""
    for tables in COUNTERPARTS:
        if all(one.table in tables and one.column in tables[one.table][1] for one in rule.figures):
            total, *parts = (Figure(tables[one.table][0], one.column, one.fixed) for one in rule.figures)
            yield Rule(total, tuple(parts))


def _one(form: Mapping[str, str]) -> Figure:
    return figure(form["figure"], **{name: value for name, value in form.items() if name != "figure"})


def _chain(equal: Sequence[Figure]) -> Iterator[Rule]:
    yield from (Rule(one, (other,)) for one, other in pairwise(equal))


def equalities(
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    forms: Mapping[str, Table],
    declared: Declared | None = None,
) -> Iterator[Sum]:
    """The sums that the rules say must hold between the rows of these tables, where their figures were asked.

    In place of a figure that was not asked somewhere stands one that is equal to it. What holds for all places together
    holds only between figures that were asked in the same places. `declared`: these rules instead of the file's.
    """
    declared = declared_constraints() if declared is None else declared
    every = declared.rules
    held = cells_of({one for rule in every for one in rule.figures if one.table in rows}, rows, forms)
    counts = _equal_figures(every, held)
    for places in {id(places): places for places in counts.values()}.values():
        yield from (Sum(first, (other,)) for first, *others in places.values() for other in others)
    for rule in every:
        if len(rule.parts) > 1 and all(one in counts for one in rule.figures):
            total, *parts = (counts[one] for one in rule.figures)
            for where in total:
                if all(where in part for part in parts):
                    yield Sum(total[where][0], tuple(part[where][0] for part in parts))
    if "served" in rows:
        yield from (one for keys in declared.same_records for one in _same_records(keys, rows, forms))


def _same_records(
    indicators: Sequence[str], rows: Mapping[str, Sequence[Mapping[str, Any]]], forms: Mapping[str, Table]
) -> Iterator[Sum]:
    """In each group met, not met and not known of all the indicators make one number, which stands nowhere."""
    figures = [[figure(f"served.{name}", indicator=key) for name in ANSWERS] for key in indicators]
    held = cells_of({one for parts in figures for one in parts}, rows, forms)
    for where in dict.fromkeys(where for parts in figures for where in held[parts[0]]):
        asked = [[held[one][where] for one in parts] for parts in figures if all(where in held[one] for one in parts)]
        for parts in asked if len(asked) > 1 else ():
            yield Sum((*asked[0][0][:2], STANDS_NOWHERE), tuple(parts))


def _equal_figures(
    every: Sequence[Rule], held: Mapping[Figure, Mapping[Where, Cell]]
) -> dict[Figure, dict[Where, list[Cell]]]:
    """Where each figure stands, and in which cells: its and those of the figures that are equal to it."""
    found: dict[Figure, dict[Where, list[Cell]]] = {}
    for equal in equal_figures(every):
        places: dict[Where, list[Cell]] = {}
        for one in equal:
            for where, cell in held.get(one, {}).items():
                places.setdefault(where, []).append(cell)
        found |= dict.fromkeys(equal, places)
    return found


def equal_figures(every: Iterable[Rule]) -> list[list[Figure]]:
    """All figures of the rules, those that the rules say are equal together, in the order of the rules."""
    groups: dict[Figure, list[Figure]] = {}
    for rule in every:
        for one in rule.figures:
            groups.setdefault(one, [one])
        if len(rule.parts) == 1 and groups[rule.total] is not groups[rule.parts[0]]:
            groups[rule.total] += groups[rule.parts[0]]
            groups |= dict.fromkeys(groups[rule.parts[0]], groups[rule.total])
    return list({id(group): group for group in groups.values()}.values())


def cells_of(
    wanted: Iterable[Figure], rows: Mapping[str, Sequence[Mapping[str, Any]]], forms: Mapping[str, Table]
) -> dict[Figure, dict[Where, Cell]]:
    """The cell of each figure in each place and group in which it was asked."""
    found: dict[Figure, dict[frozenset[tuple[str, Any]], Cell]] = {one: {} for one in wanted}
    columns: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for one in found:
        columns.setdefault((one.table, tuple(name for name, _ in one.fixed)), []).append(one.column)
    for (table, names), mine in columns.items():
        key = _apart(forms[table].key, rows[table])
        for row in rows[table]:
            fixed = tuple((name, row[name]) for name in names)
            for column in dict.fromkeys(mine):
                cells = found.get(Figure(table, column, fixed))
                if cells is not None and was_asked(row, column):
                    cells[_where(row, key, names)] = (table, tuple(row[name] for name in forms[table].key), column)
    asked = _Asked(rows, forms)
    return {
        one: {_with_places(one, where, asked): cell for where, cell in cells.items()} for one, cells in found.items()
    }


def _apart(key: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(name for name in key if name not in LONE or len({row[name] for row in rows}) > 1)


def _where(row: Mapping[str, Any], key: Sequence[str], fixed: Sequence[str]) -> frozenset[tuple[str, Any]]:
    return frozenset((name, row[name]) for name in key if name not in fixed and row[name] != WHOLES.get(name))


def was_asked(row: Mapping[str, Any], column: str) -> bool:
    """Whether there is such a count, shown or not."""
    words = (row.get("hidden") or "").split()
    return row.get(column) is not None or column in words or f"kept-back:{column}" in words


def _with_places(one: Figure, where: frozenset[tuple[str, Any]], asked: _Asked) -> Where:
    """All places together is all that were asked, so these belong to what the figure stands for."""
    return where, None if any(name == PLACE for name, _ in where) else asked.places(one)


PLACE = "place_code"


class _Asked:
    """In which places a figure was asked; of a table without places, that of the table into which it adds up."""

    def __init__(self, rows: Mapping[str, Sequence[Mapping[str, Any]]], forms: Mapping[str, Table]) -> None:
        self.rows, self.forms = rows, forms
        self._found: dict[tuple[str, str, tuple[str, ...]], dict[tuple[Any, ...], frozenset[Any]]] = {}

    def places(self, one: Figure) -> frozenset[Any]:
        table, column, form = one.table, one.column, self.forms[one.table]
        if PLACE not in form.key:
            into = next((target for target in form.adds_up_to.values() if target.partition(".")[0] in self.rows), "")
            table, _, column = into.partition(".")
            if not table or PLACE not in self.forms[table].key:
                return frozenset()
        fixed = {name: value for name, value in one.fixed if name in self.forms[table].key}
        return self._by_key(table, column, tuple(fixed)).get(tuple(fixed.values()), frozenset())

    def _by_key(self, table: str, column: str, names: tuple[str, ...]) -> dict[tuple[Any, ...], frozenset[Any]]:
        if (table, column, names) not in self._found:
            found: dict[tuple[Any, ...], set[Any]] = {}
            for row in self.rows[table]:
                if row[PLACE] != WHOLES[PLACE] and was_asked(row, column):
                    found.setdefault(tuple(row[name] for name in names), set()).add(row[PLACE])
            self._found[table, column, names] = {key: frozenset(places) for key, places in found.items()}
        return self._found[table, column, names]
