"""Find counts that must be suppressed together because they are equal: duplicate cells, and equal counts of one row.

The same crimes are counted in several tables: under a definition, as those that met an indicator, as those whose wait
ended. `equalities.toml` declares the equalities that follow from the definitions, but a reader who knows the subject
may know more. So the exact counts are compared as well: figures that are equal in every place in which they were
counted are treated as one count, as a reader might treat them. If they are equal by coincidence, one count more than
necessary is suppressed, and nothing else changes (decision 0120).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product

from assay.sdc.cell_status import Row
from assay.sdc.release_tables import Table
from assay.sdc.sum_ranges import Cell, Sum
from assay.sdc.suppression_policy import Policy

PLACE = "place_code"
MIN_PLACES = 2
"""Figures are compared only if they are above the suppression threshold in this many places: the equality of small
counts, or of one count, is no evidence."""
SeriesKey = tuple[str, tuple[object, ...], str]
"""A count column of a table, under fixed values of all key columns except the place: (table, values, column)."""


def duplicate_cells(
    rows: Mapping[str, Sequence[Row]], forms: Mapping[str, Table], policy: Policy
) -> Iterator[list[Cell]]:
    """Yield, for each place, the cells of figures whose counts are equal in every place.

    Parameters
    ----------
    rows
        Rows by table, with exact counts.
    forms
        The declared tables; those without a place in their key are left out.
    """
    groups: dict[tuple[tuple[str, int], ...], list[dict[str, Cell]]] = {}
    for figure in _figures(rows, forms).values():
        large = sum(count > policy.suppression_threshold for count, _ in figure.values())
        if large >= MIN_PLACES:
            counts = tuple(sorted((place, count) for place, (count, _) in figure.items()))
            groups.setdefault(counts, []).append({place: cell for place, (_, cell) in figure.items()})
    for duplicates in groups.values():
        if len(duplicates) > 1:
            yield from ([cells[place] for cells in duplicates] for place in duplicates[0])


def equal_ordered_counts(rows: Mapping[str, Sequence[Row]], forms: Mapping[str, Table]) -> Iterator[Sum]:
    """Yield equalities between counts of one row that are declared in ascending order and happen to be equal.

    Example: the lowest and the main number of people, if record linkage was certain. A reader who sees one of them will
    assume that the other is the same, so secondary suppression treats them as one count.
    """
    for name, form in forms.items():
        pairs = [pair for columns in form.ascending_counts for pair in pairwise(columns)]
        for row, (lower, higher) in product(rows[name] if pairs else (), pairs):
            if row.get(lower) and row[lower] == row.get(higher):
                key = tuple(row[part] for part in form.key)
                yield Sum((name, key, higher), ((name, key, lower),))


def _figures(
    rows: Mapping[str, Sequence[Row]], forms: Mapping[str, Table]
) -> dict[SeriesKey, dict[str, tuple[int, Cell]]]:
    """Return the count and the cell of each figure in each place in which it was counted."""
    figures: dict[SeriesKey, dict[str, tuple[int, Cell]]] = {}
    for name, form in forms.items():
        if PLACE not in form.key:
            continue
        for row in rows[name]:
            key = tuple(row[part] for part in form.key)
            rest = tuple(row[part] for part in form.key if part != PLACE)
            for column in form.protected_counts:
                if row.get(column) is not None:
                    figures.setdefault((name, rest, column), {})[row[PLACE]] = (row[column], (name, key, column))
    return figures
