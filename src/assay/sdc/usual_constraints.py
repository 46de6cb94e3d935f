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

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from assay.sdc.additivity_constraints import (
    INSIDE,
    CountSeries,
    DeclaredConstraints,
    PlaceAndGroup,
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
    rows = {name: rows[name] for name in forms}
    count = dict(_ranges(rows, forms, policy))
    yield from _usual_equalities_and_sums(rows, forms, declared or declared_constraints(), count)
    for name, form in forms.items():
        yield from (item for item in additive_totals(form, rows[name], forms) if _holds(item, count))


def true_constraints(
    rows: Rows, forms: Mapping[str, Table], declared: DeclaredConstraints | None = None
) -> Iterator[Sum]:
    """Yield each default additivity constraint whose counts are all known exactly and satisfy it.

    The parameters are those of `usual_constraints`.
    """
    count = dict(_ranges({name: rows[name] for name in forms}, forms, None))
    for constraint in usual_constraints(rows, forms, declared):
        # A number that is in no table is not counted, and is the sum of its parts.
        if all(count[cell][1] < NO_LIMIT for cell in (constraint.total, *constraint.parts) if cell in count):
            yield constraint


def _usual_equalities_and_sums(
    rows: Rows, forms: Mapping[str, Table], declared: DeclaredConstraints, count: Ranges
) -> Iterator[Sum]:
    cells = cells_of(figures_in(declared.rules, rows), rows, forms)
    merged: dict[CountSeries, Mapping[PlaceAndGroup, Sequence[Cell]]] = {
        figure: {where: [cell] for where, cell in cells_at.items()} for figure, cells_at in cells.items()
    }
    merged |= cells_of_equal_figures([rule for rule in declared.rules if not rule.usual], cells)
    usual = [rule for rule in declared.rules if rule.usual]
    for figures in equal_figures(rule for rule in usual if len(rule.parts) == 1):
        yield from _equal_cells([merged[figure] for figure in figures if figure in merged], count)
    yield from (item for item in sums_of_figures(usual, merged) if _holds(item, count))
    for kinds in declared.same_inside if "ladders" in rows else ():
        for sums in sums_of_same_records("ladders", kinds, rows, forms, INSIDE):
            ranges = [_range_of_sum(item.parts, count) for item in sums]
            if all(_overlap(first, second) for first, second in combinations(ranges, 2)):
                yield from sums


def _equal_cells(figures: Sequence[Mapping[PlaceAndGroup, Sequence[Cell]]], count: Ranges) -> Iterator[Sum]:
    """Yield the equalities between figures that are usually equal, in each place and group in which they are."""
    for where in dict.fromkeys(where for cells_at in figures for where in cells_at):
        cells = [cells_at[where][0] for cells_at in figures if where in cells_at]
        for position, cell in enumerate(cells):
            equal = next((other for other in cells[:position] if _overlap(count[other], count[cell])), None)
            if equal is not None:
                yield Sum(equal, (cell,))


def _holds(constraint: Sum, count: Ranges) -> bool:
    cells = (constraint.total, *constraint.parts)
    if any(cell not in count for cell in cells):
        return False  # a row is missing
    return _overlap(count[constraint.total], _range_of_sum(constraint.parts, count))


def _range_of_sum(cells: Sequence[Cell], count: Ranges) -> Range:
    return sum(count[cell][0] for cell in cells), sum(count[cell][1] for cell in cells)


def _overlap(first: Range, second: Range) -> bool:
    return first[0] <= second[1] and second[0] <= first[1]


def _ranges(rows: Rows, forms: Mapping[str, Table], policy: Policy | None) -> Iterator[tuple[Cell, Range]]:
    for name, form in forms.items():
        for row in rows[name]:
            key = tuple(row[part] for part in form.key)
            for column in form.protected_counts:
                yield (name, key, column), _range(row, column, policy)


def _range(row: Mapping[str, Any], column: str, policy: Policy | None) -> Range:
    """Return the range of a count that is known exactly, or with `policy` as a reader knows it."""
    count = row.get(column)
    if count is None and is_suppressed(row, column):
        is_small = policy is not None and is_primary_suppressed(row, column)
        return 1, policy.hide_up_to if policy is not None and is_small else NO_LIMIT
    if policy is None or not count:
        return count or 0, count or 0
    if count <= policy.hide_up_to:
        return 1, policy.hide_up_to
    return rounding_interval((count + policy.round_to // 2) // policy.round_to * policy.round_to, policy)
