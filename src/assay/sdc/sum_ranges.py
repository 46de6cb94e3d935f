"""Additivity constraints between cells, and the range of each cell as a reader knows it.

A reader knows the policy and every additivity constraint. A shown count lies in its rounding interval, a primary
suppressed count from 1 to the suppression threshold, and a secondary suppressed count is at least 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from assay.sdc.cell_status import is_primary_suppressed, is_secondary_suppressed, is_suppressed
from assay.sdc.release_tables import Table
from assay.sdc.suppression_policy import Policy

Cell = tuple[str, tuple[Any, ...], str]
"""A count: its table, the key of its row, and its column."""
Range = tuple[int, int]
"""The smallest and the largest possible value of a count."""
KeyedRow = tuple[tuple[Any, ...], Mapping[str, Any]]
"""The key of a row, and the row."""
NO_LIMIT = 10**12
"""Upper end of the range of a count without an upper bound."""
DIFFERENCE_PREFIX = "more than "
"""Prefix of the column of a slack count, the difference between two counts. It is in no table and is not protected."""


@dataclass(frozen=True)
class Sum:
    """An additivity constraint between cells: the total equals the sum of its parts."""

    total: Cell
    parts: tuple[Cell, ...]


def sums_of(form: Table, rows: Sequence[Mapping[str, Any]], other_forms: Mapping[str, Table]) -> Iterator[Sum]:
    """Yield every sum that the rows of one table must satisfy: within a row, over totals, and into other tables."""
    keyed = [(tuple(row[column] for column in form.key), row) for row in rows]
    for key, _ in keyed:
        for total, parts in form.sums.items():
            yield Sum((form.name, key, total), tuple((form.name, key, part) for part in parts))
    for position, column in enumerate(form.key):
        if column in form.totals:
            yield from _sums_over_totals(form, keyed, position, form.totals[column])
    yield from _sums_of_ordered_counts(form, keyed)
    for column, whole in form.breakdowns.items():
        yield from _sums_of_breakdown(form, [key for key, _ in keyed], column, whole)
    for column, target in form.adds_up_to.items():
        other, _, target_column = target.partition(".")
        if other in other_forms:
            yield from _sums_into_table(form, keyed, column, other_forms[other], target_column.split(f" + {other}."))
    for other in dict.fromkeys(target.partition(".")[0] for target in form.adds_up_to.values()):
        if other in other_forms and form.separate_columns:
            yield from _equalities_of_single_parts(form, keyed, other_forms[other])


def additive_totals(form: Table, rows: Sequence[Mapping[str, Any]], other_forms: Mapping[str, Table]) -> Iterator[Sum]:
    """Yield the sums over `overlapping_counts`, which hold only if no record is in two of the parts."""
    keyed = [(tuple(row[column] for column in form.key), row) for row in rows]
    for position, column in enumerate(form.key):
        if column in form.totals:
            for total, parts in _parts_of_totals(keyed, position, form.totals[column]):
                for name in form.overlapping_counts:
                    yield Sum((form.name, total, name), tuple((form.name, key, name) for key, _ in parts))
    for column in form.overlapping_counts:
        other, _, target_column = form.adds_up_to.get(column, "").partition(".")
        for target, members in _by_target(form, keyed, other_forms[other]) if other in other_forms else ():
            yield Sum((other, target, target_column), tuple((form.name, key, column) for key, _ in members))


def _parts_of_totals(
    keyed: Sequence[KeyedRow], position: int, whole: str
) -> Iterator[tuple[tuple[Any, ...], list[KeyedRow]]]:
    """Yield the key of each row that is a total over one key column, with the rows of its parts."""
    groups: dict[tuple[Any, ...], list[KeyedRow]] = {}
    for key, row in keyed:
        groups.setdefault((*key[:position], whole, *key[position + 1 :]), []).append((key, row))
    for total, members in groups.items():
        parts = [(key, row) for key, row in members if key != total]
        if parts and len(parts) < len(members):
            yield total, parts


def _sums_over_totals(form: Table, keyed: Sequence[KeyedRow], position: int, whole: str) -> Iterator[Sum]:
    for total, parts in _parts_of_totals(keyed, position, whole):
        for column in form.protected_counts:
            cells = [((form.name, key, column), row) for key, row in parts]
            if column in form.overlapping_counts:
                yield from _sums_of_overlapping_parts(form, (form.name, total, column), cells, form.key[position])
            else:
                yield Sum((form.name, total, column), tuple(cell for cell, _ in cells))


def _sums_of_overlapping_parts(
    form: Table, total: Cell, parts: Sequence[tuple[Cell, Mapping[str, Any]]], division: str
) -> Iterator[Sum]:
    """Yield the constraints of a total whose parts may overlap: it is at least each part, and at most their sum.

    An inequality is a sum with a difference that is 0 or more. A part of 0 has no constraint, and the only other part
    is equal to the total.

    Parameters
    ----------
    division
        Names what the total is divided by. A total that is divided in several ways has a constraint for each.
    """
    table, key, column = total
    nonzero_parts = [cell for cell, row in parts if row.get(cell[2]) or is_suppressed(row, cell[2])]
    if len(nonzero_parts) == 1:
        yield Sum(total, (nonzero_parts[0],))
        return
    if nonzero_parts and column in form.subadditive_counts:
        sum_of_parts = (table, key, f"{DIFFERENCE_PREFIX}nothing:{column} by {division}")
        yield Sum(sum_of_parts, tuple(nonzero_parts))
        yield Sum(sum_of_parts, (total, (table, key, f"{DIFFERENCE_PREFIX}{column} by {division}")))
    for cell in nonzero_parts:
        yield Sum(total, (cell, (*cell[:2], f"{DIFFERENCE_PREFIX}{cell[2]}:{table}.{column} by {division}")))


def _sums_of_ordered_counts(form: Table, keyed: Sequence[tuple[tuple[Any, ...], Mapping[str, Any]]]) -> Iterator[Sum]:
    """Yield the constraint upper = lower + difference for declared ascending counts, shown or suppressed.

    A secondary suppressed count is therefore at most its primary suppressed upper neighbour, and at least its shown
    lower neighbour. Counts of 0 have no constraint. Whether there is a constraint depends only on which counts exist,
    so that the constraints of two releases are the same.
    """
    for lower, upper in (pair for names in form.ascending_counts for pair in pairwise(names)):
        for key, row in keyed:
            if all(row.get(name) or is_suppressed(row, name) for name in (lower, upper)):
                difference = (form.name, key, f"{DIFFERENCE_PREFIX}{lower}:{upper}")
                yield Sum((form.name, key, upper), ((form.name, key, lower), difference))


def _sums_of_breakdown(
    form: Table, keys: Sequence[tuple[Any, ...]], column: str, whole: Mapping[str, str]
) -> Iterator[Sum]:
    """Yield one sum for each breakdown of a total: its rows add up to the row with the key values of `whole`."""
    positions, key_set = {name: form.key.index(name) for name in whole}, set(keys)
    breakdown_position = next(iter(positions.values()))
    groups: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for key in keys:
        total = tuple(whole.get(name, part) for name, part in zip(form.key, key, strict=True))
        if total != key and total in key_set:
            groups.setdefault((total, key[breakdown_position]), []).append(key)
    for (total, _), members in groups.items():
        yield Sum((form.name, total, column), tuple((form.name, key, column) for key in members))


def _sums_into_table(
    form: Table,
    keyed: Sequence[KeyedRow],
    column: str,
    other: Table,
    target_columns: Sequence[str],
) -> Iterator[Sum]:
    """Yield the sums of rows that add up to a row of another table (`_by_target`), or to the sum of several columns."""
    for target, members in _by_target(form, keyed, other):
        parts = tuple((form.name, key, column) for key, _ in members)
        targets = tuple((other.name, target, name) for name in target_columns)
        if column in form.overlapping_counts:
            values = [(cell, row) for cell, (_, row) in zip(parts, members, strict=True)]
            division = "/".join((form.name, *(str(members[0][1][name]) for name in form.separate_columns)))
            yield from _sums_of_overlapping_parts(form, targets[0], values, division)
        elif len(targets) == 1:
            yield Sum(targets[0], parts)
        else:
            whole = (other.name, target, f"{DIFFERENCE_PREFIX}nothing:{' + '.join(target_columns)}")
            yield Sum(whole, targets)
            yield Sum(whole, parts)


def _equalities_of_single_parts(form: Table, keyed: Sequence[KeyedRow], other: Table) -> Iterator[Sum]:
    """Yield equalities for a part that is the only one of its whole: its counts that are not additive are equal too."""
    for target, members in _by_target(form, keyed, other):
        if len(members) == 1:
            ((key, row),) = members
            for name in form.protected_counts:
                has_count = row.get(name) is not None or is_suppressed(row, name)
                if has_count and name not in form.adds_up_to and name in other.protected_counts:
                    yield Sum((other.name, target, name), ((form.name, key, name),))


def _by_target(
    form: Table, keyed: Sequence[KeyedRow], other: Table
) -> Iterator[tuple[tuple[Any, ...], list[KeyedRow]]]:
    """Yield the key of each row of the other table with the rows that add up to it.

    Key columns that this table lacks are at their total. Rows with different `separate_columns` add up separately.
    """
    groups: dict[tuple[tuple[Any, ...], tuple[Any, ...]], list[KeyedRow]] = {}
    for key, row in keyed:
        target = tuple(row[name] if name in form.key else other.totals[name] for name in other.key)
        groups.setdefault((target, tuple(row[name] for name in form.separate_columns)), []).append((key, row))
    yield from ((target, members) for (target, _), members in groups.items())


def rounding_interval(value: int, policy: Policy) -> Range:
    """Return the smallest and the largest count that round to a released value; 0 is exact."""
    half = policy.rounding_base // 2
    return (0, 0) if value == 0 else (max(value - half, policy.suppression_threshold + 1), value + half)


def cell_range(row: Mapping[str, Any], column: str, policy: Policy) -> Range:
    """Return the range of a count that its own released cell implies."""
    if column.startswith(DIFFERENCE_PREFIX):
        return 0, NO_LIMIT
    if is_primary_suppressed(row, column):
        return 1, policy.suppression_threshold
    if is_secondary_suppressed(row, column):
        return 1, NO_LIMIT
    # Empty and not suppressed: not counted here, so it adds nothing to a total.
    return (0, 0) if row.get(column) is None else rounding_interval(row[column], policy)
