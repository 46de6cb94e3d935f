"""Constraints that usually hold between counts, where the exact counts of an inspection satisfy them.

Most suspects are charged with one crime, and most children are known to one force. So some counts are nearly always
equal, and others nearly always add up. A reader who knows the subject will assume so. Where the assumption is true, it
would reveal a suppressed count, and disclosure control uses it. Where it is false, it reveals nothing: a reader who
assumes it computes a wrong number. Constraints that contradict each other would make disclosure control weaker, since
the linear programme must then drop some of them (decision 0215).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assay.sdc.additivity_constraints import (
    CountSeries,
    DeclaredConstraints,
    PlaceAndGroup,
    cells_of,
    cells_of_equal_figures,
    declared_constraints,
    equal_figures,
    figures_in,
    sums_of_figures,
)
from assay.sdc.cell_status import is_suppressed
from assay.sdc.release_tables import Table
from assay.sdc.sum_ranges import Cell, Sum, additive_totals

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by table."""
ExactCounts = Mapping[Cell, int | None]
"""The exact count of each cell; None if it was suppressed before. A count that was not counted adds nothing: 0."""


def usual_constraints(
    rows: Rows, forms: Mapping[str, Table], declared: DeclaredConstraints | None = None
) -> Iterator[Sum]:
    """Yield the usual constraints that the exact counts satisfy.

    A count that is not known, because it was suppressed before, is assumed to satisfy them.

    Parameters
    ----------
    rows
        Rows by table, with exact counts.
    forms
        The declared tables. Only constraints between these are considered.
    declared
        Constraints to use instead of those in `equalities.toml`.
    """
    rows = {name: rows[name] for name in forms}
    count = dict(_counts(rows, forms))
    yield from _usual_equalities_and_sums(rows, forms, declared or declared_constraints(), count)
    for name, form in forms.items():
        yield from (item for item in additive_totals(form, rows[name], forms) if _holds(item, count))


def _usual_equalities_and_sums(
    rows: Rows, forms: Mapping[str, Table], declared: DeclaredConstraints, count: ExactCounts
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


def _equal_cells(figures: Sequence[Mapping[PlaceAndGroup, Sequence[Cell]]], count: ExactCounts) -> Iterator[Sum]:
    """Yield the equalities between figures that are usually equal, in each place and group in which they are."""
    for where in dict.fromkeys(where for cells_at in figures for where in cells_at):
        cells = [cells_at[where][0] for cells_at in figures if where in cells_at]
        first_of_count: dict[int | None, Cell] = {}
        for cell in cells:
            equal = cells[0] if count[cell] is None else first_of_count.setdefault(count[cell], cell)
            if equal != cell:
                yield Sum(equal, (cell,))


def _holds(constraint: Sum, count: ExactCounts) -> bool:
    cells = (constraint.total, *constraint.parts)
    if any(cell not in count for cell in cells):
        return False  # a row is missing
    total, *parts = (count[cell] for cell in cells)
    return total is None or None in parts or total == sum(part for part in parts if part is not None)


def _counts(rows: Rows, forms: Mapping[str, Table]) -> Iterator[tuple[Cell, int | None]]:
    for name, form in forms.items():
        for row in rows[name]:
            key = tuple(row[part] for part in form.key)
            for column in form.protected_counts:
                value = row.get(column)
                yield (name, key, column), 0 if value is None and not is_suppressed(row, column) else value
