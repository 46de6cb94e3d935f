"""Default additivity constraints: they hold for most records, and are used unless the released figures contradict them.

Most suspects are charged with one crime, and most children are known to one force. So some counts are nearly always
equal, and others nearly always add up. A reader who knows the subject will assume so, and disclosure control uses the
constraint: also where the exact counts differ a little, because the range that a reader works out may then still hold
the suppressed count. Where the ranges of the released counts contradict the constraint, a reader sees that it is false.
Using it there would make disclosure control weaker, since the linear programme must drop constraints that contradict
each other (decisions 0215 and 0234). Those that are true (`true_constraints`) contradict nothing and are never dropped:
a reader who assumes the right ones must not learn more either (decision 0243).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations
from typing import Any

import numpy as np

from assay.sdc.additivity_constraints import (
    INSIDE,
    CountSeries,
    DeclaredConstraints,
    PlaceAndGroup,
    Rule,
    cells_of,
    cells_of_equal_figures,
    declared_constraints,
    equal_figures,
    figures_in,
    sums_of_figures,
    sums_of_same_records,
)
from assay.sdc.cell_status import is_primary_suppressed, is_suppressed
from assay.sdc.release_tables import Table
from assay.sdc.sum_ranges import NO_LIMIT, Cell, Range, Sum, additive_totals, rounding_interval
from assay.sdc.suppression_policy import Policy

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by table."""
Ranges = Mapping[Cell, Range]
"""The smallest and the largest possible value of each cell. An empty cell that was not suppressed is taken as 0."""
UnknownNumberSums = Sequence[Sum]
"""Constraints whose parts add up to the same number, which is in no table (`sums_of_same_records`)."""


class DefaultConstraints:
    """The default additivity constraints between the rows of some tables.

    Which constraints there are depends only on which counts exist, and suppression does not change that. So they are
    derived once; which of them are contradicted is found anew after each suppression.

    Parameters
    ----------
    rows
        Rows by table, with exact counts or as suppressed so far. They may be suppressed further, in place.
    forms
        The declared tables. Only constraints between these are considered.
    declared
        Constraints to use instead of those in `equalities.toml`.
    """

    def __init__(self, rows: Rows, forms: Mapping[str, Table], declared: DeclaredConstraints | None = None) -> None:
        rows = {name: rows[name] for name in forms}
        declared = declared or declared_constraints()
        cells = cells_of(figures_in(declared.rules, rows), rows, forms)
        merged: dict[CountSeries, Mapping[PlaceAndGroup, Sequence[Cell]]] = {
            figure: {where: [cell] for where, cell in cells_at.items()} for figure, cells_at in cells.items()
        }
        merged |= cells_of_equal_figures([rule for rule in declared.rules if not rule.usual], cells)
        usual = [rule for rule in declared.rules if rule.usual]
        row_index = {
            (name, tuple(row[part] for part in form.key)): row for name, form in forms.items() for row in rows[name]
        }
        self._equal_cells = [*_usually_equal_cells(usual, merged)]
        self._sums = _Sums(sums_of_figures(usual, merged), row_index, forms)
        self._unknown_number_sums = [
            sums
            for kinds in declared.same_inside
            if "ladders" in rows
            for sums in sums_of_same_records("ladders", kinds, rows, forms, INSIDE)
        ]
        self._totals = _Sums(
            chain.from_iterable(additive_totals(form, rows[name], forms) for name, form in forms.items()),
            row_index,
            forms,
        )
        in_groups = chain(
            chain.from_iterable(self._equal_cells),
            (cell for sums in self._unknown_number_sums for item in sums for cell in item.parts),
            self._sums.cells,
            self._totals.cells,
        )
        self._rows = {cell: row_index[cell[:2]] for cell in in_groups}

    def not_contradicted(self, policy: Policy | None = None) -> Iterator[Sum]:
        """Yield each constraint that the present counts do not contradict; `policy` is as in `usual_constraints`."""
        count = {cell: _range(row, cell[2], policy) for cell, row in self._rows.items()}
        for cells in self._equal_cells:
            yield from _equalities_of_overlapping(cells, count)
        yield from self._sums.that_hold(count)
        for sums in self._unknown_number_sums:
            ranges = [_range_of_sum(item.parts, count) for item in sums]
            if all(_overlap(first, second) for first, second in combinations(ranges, 2)):
                yield from sums
        yield from self._totals.that_hold(count)

    def true(self) -> Iterator[Sum]:
        """Yield each constraint whose counts are all known exactly and satisfy it."""
        for constraint in self.not_contradicted():
            # A number that is in no table is not counted, and is the sum of its parts.
            known = (cell for cell in (constraint.total, *constraint.parts) if cell in self._rows)
            if all(_range(self._rows[cell], cell[2], None)[1] < NO_LIMIT for cell in known):
                yield constraint


class _Sums:
    """Constraints of which all rows exist, as arrays, so that all are tested together."""

    def __init__(
        self, sums: Iterable[Sum], row_index: Mapping[tuple[str, tuple[Any, ...]], Any], forms: Mapping[str, Table]
    ) -> None:
        columns = {name: frozenset(form.protected_counts) for name, form in forms.items()}
        self.sums = [
            item
            for item in sums
            if all(cell[:2] in row_index and cell[2] in columns[cell[0]] for cell in (item.total, *item.parts))
        ]
        number: dict[Cell, int] = {}
        self._totals = np.array([number.setdefault(item.total, len(number)) for item in self.sums], dtype=np.intp)
        self._parts = np.array(
            [number.setdefault(part, len(number)) for item in self.sums for part in item.parts], dtype=np.intp
        )
        self._starts = np.cumsum([0, *(len(item.parts) for item in self.sums)])[:-1]
        self.cells = [*number]

    def that_hold(self, count: Ranges) -> Iterator[Sum]:
        """Yield the constraints that some values in these ranges satisfy, in their order."""
        if not self.sums:
            return
        ranges = np.array([count[cell] for cell in self.cells], dtype=np.int64)
        part_ranges = np.add.reduceat(ranges[self._parts], self._starts, axis=0)
        total_ranges = ranges[self._totals]
        holds = (total_ranges[:, 0] <= part_ranges[:, 1]) & (part_ranges[:, 0] <= total_ranges[:, 1])
        yield from (self.sums[position] for position in np.flatnonzero(holds))


def usual_constraints(
    rows: Rows,
    forms: Mapping[str, Table],
    declared: DeclaredConstraints | None = None,
    *,
    policy: Policy | None = None,
) -> Iterator[Sum]:
    """Yield each default additivity constraint that the exact counts (or released ranges) do not contradict.

    A count that is not known, because it was suppressed before, is taken to be any number from 1 up.

    Parameters
    ----------
    rows
        Rows by table, with exact counts, or with `policy` also as suppressed so far.
    forms
        The declared tables. Only constraints between these are considered.
    declared
        Constraints to use instead of those in `equalities.toml`.
    policy
        If given, each count is replaced by the range that a reader sees: 1 to the threshold if it is suppressed,
        otherwise its rounding interval. A constraint is left out only if these ranges contradict it.
    """
    yield from DefaultConstraints(rows, forms, declared).not_contradicted(policy)


def true_constraints(
    rows: Rows, forms: Mapping[str, Table], declared: DeclaredConstraints | None = None
) -> Iterator[Sum]:
    """Yield each default additivity constraint whose counts are all known exactly and satisfy it.

    The parameters are those of `usual_constraints`.
    """
    yield from DefaultConstraints(rows, forms, declared).true()


def _usually_equal_cells(
    usual: Sequence[Rule], cells: Mapping[CountSeries, Mapping[PlaceAndGroup, Sequence[Cell]]]
) -> Iterator[list[Cell]]:
    """Yield the cells of figures that are usually equal, for each place and group in which two were counted."""
    for figures in equal_figures(rule for rule in usual if len(rule.parts) == 1):
        cells_of_figures = [cells[figure] for figure in figures if figure in cells]
        for where in dict.fromkeys(where for cells_at in cells_of_figures for where in cells_at):
            equal = [cells_at[where][0] for cells_at in cells_of_figures if where in cells_at]
            if len(equal) > 1:
                yield equal


def _equalities_of_overlapping(cells: Sequence[Cell], count: Ranges) -> Iterator[Sum]:
    """Yield an equality of each cell with the first cell before it whose range overlaps its own."""
    for position, cell in enumerate(cells):
        equal = next((other for other in cells[:position] if _overlap(count[other], count[cell])), None)
        if equal is not None:
            yield Sum(equal, (cell,))


def _range_of_sum(cells: Sequence[Cell], count: Ranges) -> Range:
    return sum(count[cell][0] for cell in cells), sum(count[cell][1] for cell in cells)


def _overlap(first: Range, second: Range) -> bool:
    return first[0] <= second[1] and second[0] <= first[1]


def _range(row: Mapping[str, Any], column: str, policy: Policy | None) -> Range:
    """Return the range of a count that is known exactly, or with `policy` as a reader knows it."""
    count = row.get(column)
    if count is None and is_suppressed(row, column):
        is_small = policy is not None and is_primary_suppressed(row, column)
        return 1, policy.suppression_threshold if policy is not None and is_small else NO_LIMIT
    if policy is None or not count:
        return count or 0, count or 0
    if count <= policy.suppression_threshold:
        return 1, policy.suppression_threshold
    return rounding_interval((count + policy.rounding_base // 2) // policy.rounding_base * policy.rounding_base, policy)
