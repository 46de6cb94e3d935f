"""Declared additivity constraints between released tables: which counts are equal, and which add up.

Two indicators with the same population exclude the same records, so a count that is suppressed in one table must not be
shown in another. `equalities.toml` lists the constraints. One test compares the list with the definitions of the
indicators and waits, another with the constraints that hold in several synthetic countries (`constraint_learning`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from assay.sdc.cell_status import is_suppressed
from assay.sdc.release_tables import Table
from assay.sdc.sum_ranges import DIFFERENCE_PREFIX, Cell, Sum

TOTAL_VALUES = {"place_code": "ALL", "when_reported": "all", "month": "all", "age_group": "all ages"}
"""Key columns by which a count is broken down, with the value of the total; a table without the column has totals."""
ANSWERS = ("met", "not_met", "not_known")
UNRELEASED_COUNT = f"{DIFFERENCE_PREFIX}nothing"
"""Column of a count that is in no table, but that released counts add up to."""
CONSTANT_COLUMNS = ("window_from",)
"""Key columns that are ignored if all rows of a table have the same value."""
GROUPS = ("side", "characteristic", "people", "split", "value")
"""Key columns that name a group of people or records; none of their values is a total."""
_EXCLUDED_COLUMNS = ("outside", "excluded", "not_known_if_counted")
INSIDE = ("excluded", "not_known_if_counted", *ANSWERS)
"""Columns of an indicator that add up to the records that are not outside."""
_WAIT_COUNT_COLUMNS = ("records", "ended", "ended_otherwise", "still_waiting")
COUNTERPARTS: tuple[Mapping[str, tuple[str, tuple[str, ...]]], ...] = (
    {
        "ladders": ("ladders", ("records", *_EXCLUDED_COLUMNS, "met", "not_met", "not_known")),
        "wait_medians": ("wait_medians_by_report", (*_WAIT_COUNT_COLUMNS, "excluded", "not_known")),
    },
    {
        "ladders": ("disparities", ("met", "not_met")),
        "force_estimates": ("disparities", ("base",)),
        "disparities": ("disparities", ("not_known",)),
        "wait_medians": ("wait_disparities", _WAIT_COUNT_COLUMNS),
    },
)
"""By table: the table that counts the same records by group, and the columns that are the same in it. A constraint that
holds for every record holds in every group."""
PlaceAndGroup = tuple[frozenset[tuple[str, Any]], frozenset[Any] | None]
"""The place and group of a count. The total of all places also has the set of places that it includes: totals are
comparable only if they include the same places."""


@dataclass(frozen=True)
class CountSeries:
    """A count column of a table at fixed values of its key, in every place and group: `met` of 'still_pending'."""

    table: str
    column: str
    fixed: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"{self.table}.{self.column} ({', '.join(value for _, value in self.fixed)})"


@dataclass(frozen=True)
class Rule:
    """An additivity constraint between figures: the total equals the sum of the parts. An equality has one part.

    Parameters
    ----------
    usual
        True if the constraint holds in most records but not in all. It is then used only where the exact counts agree
        (`usual_constraints`).
    """

    total: CountSeries
    parts: tuple[CountSeries, ...]
    usual: bool = False

    @property
    def figures(self) -> tuple[CountSeries, ...]:
        """The figures of the constraint: its total and its parts."""
        return (self.total, *self.parts)

    def __str__(self) -> str:
        return f"{self.total} = {' + '.join(map(str, self.parts))}"


def figure(name: str, **fixed: str) -> CountSeries:
    """Return a figure by its column and key values: `figure("ladders.met", indicator="still_pending")`."""
    table, _, column = name.partition(".")
    return CountSeries(table, column, tuple(sorted(fixed.items())))


@dataclass(frozen=True)
class DeclaredConstraints:
    """The additivity constraints that a file declares.

    Parameters
    ----------
    rules
        Equalities and sums between figures.
    same_records
        Lists of indicators with the same records in each place and group. No table has their number in a group, but
        met, not met and not known add up to the same number for each of these indicators.
    same_inside
        Kinds of record that usually have the same number of records that are not outside (`INSIDE`): victims, and
        duties that each victim is owed once. Each kind is a list of indicators that have the same records.
    """

    rules: tuple[Rule, ...]
    same_records: tuple[tuple[str, ...], ...] = ()
    same_inside: tuple[tuple[tuple[str, ...], ...], ...] = ()


@lru_cache
def declared_constraints() -> DeclaredConstraints:
    """Return the constraints of `equalities.toml`."""
    return read_constraints(files("assay.sdc").joinpath("equalities.toml").read_text(encoding="utf-8"))


def rules() -> tuple[Rule, ...]:
    """Return all equalities and sums of `equalities.toml`, including those between tables with counts by group."""
    return declared_constraints().rules


def read_constraints(text: str) -> DeclaredConstraints:
    """Parse constraints in the format of `equalities.toml`."""
    document = tomllib.loads(text)
    constraints: list[Rule] = []
    for entry in (*document.get("equal", ()), *document.get("sum", ())):
        usual = entry.get("usually", False)
        declared = [*_equalities_between([*map(_figure, entry["figures"])])] if "figures" in entry else [_sum(entry)]
        declared = [replace(rule, usual=usual) for rule in declared]
        constraints += declared
        constraints += [
            group_rule for rule in declared for group_rule in in_groups(rule) if entry.get("in_groups", True)
        ]
    same_records = tuple(tuple(entry["indicators"]) for entry in document.get("same_records", ()))
    same_inside = tuple(tuple(map(tuple, entry["kinds"])) for entry in document.get("same_inside", ()))
    return DeclaredConstraints(tuple(dict.fromkeys(constraints)), same_records, same_inside)


def _sum(entry: Mapping[str, Any]) -> Rule:
    return Rule(_figure(entry["total"]), tuple(map(_figure, entry["parts"])))


def in_groups(rule: Rule) -> Iterator[Rule]:
    """Yield a copy of the constraint for each set of tables that breaks the same records down by group and has its
    columns."""
    for tables in COUNTERPARTS:
        if all(figure.table in tables and figure.column in tables[figure.table][1] for figure in rule.figures):
            total, *parts = (
                CountSeries(tables[figure.table][0], figure.column, figure.fixed) for figure in rule.figures
            )
            yield Rule(total, tuple(parts), rule.usual)


def _figure(entry: Mapping[str, str]) -> CountSeries:
    return figure(entry["figure"], **{name: value for name, value in entry.items() if name != "figure"})


def _equalities_between(figures: Sequence[CountSeries]) -> Iterator[Rule]:
    yield from (Rule(first, (second,)) for first, second in pairwise(figures))


def equalities(
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    forms: Mapping[str, Table],
    declared: DeclaredConstraints | None = None,
) -> Iterator[Sum]:
    """Yield the additivity constraints between cells of these tables that are declared to hold in every inspection.

    If a figure was not counted in a place, an equal figure that was counted there is used. Constraints between totals
    of all places hold only if the totals include the same places.

    Parameters
    ----------
    rows
        Rows by table.
    forms
        The declared tables.
    declared
        Constraints to use instead of those in `equalities.toml`.
    """
    declared = declared_constraints() if declared is None else declared
    constraints = [rule for rule in declared.rules if not rule.usual]
    cells = cells_of_equal_figures(constraints, cells_of(figures_in(constraints, rows), rows, forms))
    for cells_at in {id(cells_at): cells_at for cells_at in cells.values()}.values():
        yield from (Sum(first, (other,)) for first, *duplicates in cells_at.values() for other in duplicates)
    yield from sums_of_figures(constraints, cells)
    for table in (name for name in ("ladders", "disparities") if name in rows):
        for keys in declared.same_records:
            for sums in sums_of_same_records(table, [(key,) for key in keys], rows, forms):
                yield from sums


def figures_in(constraints: Iterable[Rule], rows: Mapping[str, Any]) -> set[CountSeries]:
    """Return the figures of the constraints that belong to one of the tables in `rows`."""
    return {figure for rule in constraints for figure in rule.figures if figure.table in rows}


def sums_of_figures(
    constraints: Iterable[Rule], cells: Mapping[CountSeries, Mapping[PlaceAndGroup, Sequence[Cell]]]
) -> Iterator[Sum]:
    """Yield the declared sums as sums of cells, one for each place and group in which the total and all parts were
    counted."""
    for rule in constraints:
        if len(rule.parts) > 1 and all(figure in cells for figure in rule.figures):
            total, *parts = (cells[figure] for figure in rule.figures)
            for where in total:
                if all(where in part for part in parts):
                    yield Sum(total[where][0], tuple(part[where][0] for part in parts))


def sums_of_same_records(
    table: str,
    indicators: Sequence[Sequence[str]],
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    forms: Mapping[str, Table],
    columns: Sequence[str] = ANSWERS,
) -> Iterator[list[Sum]]:
    """Yield for each place and group: these columns of each indicator add up to one number, which is in no table.

    Of each list of indicators, the first that was counted there is used.
    """
    figures = [[[figure(f"{table}.{name}", indicator=key) for name in columns] for key in keys] for keys in indicators]
    cells = cells_of({part for lists in figures for parts in lists for part in parts}, rows, forms)
    number = UNRELEASED_COUNT if columns == ANSWERS else f"{UNRELEASED_COUNT}:{' + '.join(columns)}"
    for where in dict.fromkeys(where for lists in figures for parts in lists for where in cells[parts[0]]):
        counted_lists = ([parts for parts in lists if all(where in cells[part] for part in parts)] for lists in figures)
        cells_by_indicator = [[cells[part][where] for part in lists[0]] for lists in counted_lists if lists]
        if len(cells_by_indicator) > 1:
            yield [Sum((*cells_by_indicator[0][0][:2], number), tuple(parts)) for parts in cells_by_indicator]


def cells_of_equal_figures(
    constraints: Sequence[Rule], cells: Mapping[CountSeries, Mapping[PlaceAndGroup, Cell]]
) -> dict[CountSeries, dict[PlaceAndGroup, list[Cell]]]:
    """Return, for each figure, place and group, its cell and the cells of all figures declared equal to it."""
    result: dict[CountSeries, dict[PlaceAndGroup, list[Cell]]] = {}
    for figures in equal_figures(constraints):
        cells_at: dict[PlaceAndGroup, list[Cell]] = {}
        for figure in figures:
            for where, cell in cells.get(figure, {}).items():
                cells_at.setdefault(where, []).append(cell)
        result |= dict.fromkeys(figures, cells_at)
    return result


def equal_figures(constraints: Iterable[Rule]) -> list[list[CountSeries]]:
    """Return the figures of the constraints in groups of equal figures, in the order of the constraints."""
    groups: dict[CountSeries, list[CountSeries]] = {}
    for rule in constraints:
        for figure in rule.figures:
            groups.setdefault(figure, [figure])
        if len(rule.parts) == 1 and groups[rule.total] is not groups[rule.parts[0]]:
            groups[rule.total] += groups[rule.parts[0]]
            groups |= dict.fromkeys(groups[rule.parts[0]], groups[rule.total])
    return list({id(group): group for group in groups.values()}.values())


def cells_of(
    figures: Iterable[CountSeries], rows: Mapping[str, Sequence[Mapping[str, Any]]], forms: Mapping[str, Table]
) -> dict[CountSeries, dict[PlaceAndGroup, Cell]]:
    """Return the cell of each figure at each place and group in which it was counted."""
    result: dict[CountSeries, dict[frozenset[tuple[str, Any]], Cell]] = {figure: {} for figure in figures}
    # By table and fixed key columns, so that each table is read once for all its figures.
    columns: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for figure in result:
        columns.setdefault((figure.table, tuple(name for name, _ in figure.fixed)), []).append(figure.column)
    for (table, names), table_columns in columns.items():
        key = _varying_columns(forms[table].key, rows[table])
        for row in rows[table]:
            fixed = tuple((name, row[name]) for name in names)
            for column in dict.fromkeys(table_columns):
                cells = result.get(CountSeries(table, column, fixed))
                if cells is not None and was_counted(row, column):
                    cells[_place_and_group(row, key, names)] = (
                        table,
                        tuple(row[name] for name in forms[table].key),
                        column,
                    )
    places = _CountedPlaces(rows, forms)
    return {
        figure: {_with_places(figure, where, places): cell for where, cell in cells.items()}
        for figure, cells in result.items()
    }


def _varying_columns(key: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(name for name in key if name not in CONSTANT_COLUMNS or len({row[name] for row in rows}) > 1)


def _place_and_group(row: Mapping[str, Any], key: Sequence[str], fixed: Sequence[str]) -> frozenset[tuple[str, Any]]:
    return frozenset((name, row[name]) for name in key if name not in fixed and row[name] != TOTAL_VALUES.get(name))


def was_counted(row: Mapping[str, Any], column: str) -> bool:
    """Return True if the row has this count, shown or suppressed."""
    return row.get(column) is not None or is_suppressed(row, column)


def _with_places(figure: CountSeries, where: frozenset[tuple[str, Any]], places: _CountedPlaces) -> PlaceAndGroup:
    # The total of all places includes only the places in which the figure was counted.
    return where, None if any(name == PLACE for name, _ in where) else places.places_of_figure(figure)


PLACE = "place_code"
"""Key column with the code of a force, or of all forces together."""


class _CountedPlaces:
    """Finds the places in which a figure was counted; for a table without places, those of the table it adds up to."""

    def __init__(self, rows: Mapping[str, Sequence[Mapping[str, Any]]], forms: Mapping[str, Table]) -> None:
        self.rows, self.forms = rows, forms
        self._cache: dict[tuple[str, str, tuple[str, ...]], dict[tuple[Any, ...], frozenset[Any]]] = {}

    def places_of_figure(self, figure: CountSeries) -> frozenset[Any]:
        table, column, form = figure.table, figure.column, self.forms[figure.table]
        if PLACE not in form.key:
            targets = (target for target in form.adds_up_to.values() if target.partition(".")[0] in self.rows)
            table, _, column = next(targets, "").partition(".")
            if not table or PLACE not in self.forms[table].key:
                return frozenset()
        fixed = {name: value for name, value in figure.fixed if name in self.forms[table].key}
        return self._places_by_key(table, column, tuple(fixed)).get(tuple(fixed.values()), frozenset())

    def _places_by_key(self, table: str, column: str, names: tuple[str, ...]) -> dict[tuple[Any, ...], frozenset[Any]]:
        if (table, column, names) not in self._cache:
            places: dict[tuple[Any, ...], set[Any]] = {}
            for row in self.rows[table]:
                if row[PLACE] != TOTAL_VALUES[PLACE] and was_counted(row, column):
                    places.setdefault(tuple(row[name] for name in names), set()).add(row[PLACE])
            self._cache[table, column, names] = {key: frozenset(values) for key, values in places.items()}
        return self._cache[table, column, names]
