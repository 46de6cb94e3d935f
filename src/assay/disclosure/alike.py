"""Which figures are equal in every place, so that what is kept back in one must not be shown in the other?

The same crimes are counted in several tables: under a definition, as those that met an indicator, as those whose wait
ended. `equalities.toml` lists what follows from the forms of indicators; a reader who knows what is counted knows more.
So the exact counts are asked as well: figures that are equal wherever they were asked are taken for one and the same
count, as a reader might take them. Where it is chance, a count more than needed is kept back, and nothing else
(docs/decisions/0120).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product

from assay.disclosure.declared import Table
from assay.disclosure.marks import Row
from assay.disclosure.policy import Policy
from assay.disclosure.sums import Cell, Sum

PLACE = "place_code"
FEWEST_PLACES = 2
"""In so many places there are more than a few, and the same number: else it tells nothing."""
Figure = tuple[str, tuple[object, ...], str]


def alike(rows: Mapping[str, Sequence[Row]], forms: Mapping[str, Table], policy: Policy) -> Iterator[list[Cell]]:
    """Place by place, the counts of figures that are equal in all places, in `rows` as they were counted."""
    found: dict[tuple[tuple[str, int], ...], list[dict[str, Cell]]] = {}
    for figure in _figures(rows, forms).values():
        large = sum(count > policy.hide_up_to for count, _ in figure.values())
        if large >= FEWEST_PLACES:
            values = tuple(sorted((place, count) for place, (count, _) in figure.items()))
            found.setdefault(values, []).append({place: cell for place, (_, cell) in figure.items()})
    for same in found.values():
        if len(same) > 1:
            yield from ([figure[place] for figure in same] for place in same[0])


def equal_in_order(rows: Mapping[str, Sequence[Row]], forms: Mapping[str, Table]) -> Iterator[Sum]:
    """Yield the equalities between counts of one row that are in rising order and equal, such as the lowest and the
    main number of people where linkage leaves no doubt.

    A reader who sees the one will take the other for the same, so for secondary suppression they are one count.
    """
    for name, form in forms.items():
        pairs = [pair for names in form.never_more for pair in pairwise(names)]
        for row, (less, more) in product(rows[name] if pairs else (), pairs):
            if row.get(less) and row[less] == row.get(more):
                key = tuple(row[one] for one in form.key)
                yield Sum((name, key, more), ((name, key, less),))


def _figures(
    rows: Mapping[str, Sequence[Row]], forms: Mapping[str, Table]
) -> dict[Figure, dict[str, tuple[int, Cell]]]:
    """Of each figure its count in each place in which it was asked."""
    found: dict[Figure, dict[str, tuple[int, Cell]]] = {}
    for name, form in forms.items():
        if PLACE not in form.key:
            continue
        for row in rows[name]:
            key = tuple(row[one] for one in form.key)
            rest = tuple(row[one] for one in form.key if one != PLACE)
            for column in form.protected_counts:
                if row.get(column) is not None:
                    found.setdefault((name, rest, column), {})[row[PLACE]] = (row[column], (name, key, column))
    return found
