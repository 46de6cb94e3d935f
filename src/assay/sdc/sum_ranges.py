"""Which sums does a reader know, and what does a count that is shown say of what was counted?

The reader knows the policy and every sum that must hold. A count that is shown lies within the rounding; one that is
hidden lies from 1 to the highest hidden count; one that was kept back is at least 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from assay.sdc.cell_status import is_hidden, is_kept_back, stands_empty
from assay.sdc.release_tables import Table
from assay.sdc.suppression_policy import Policy

Cell = tuple[str, tuple[Any, ...], str]
"""A count: its table, its row's key, its column."""
Range = tuple[int, int]
KeyedRow = tuple[tuple[Any, ...], Mapping[str, Any]]
NO_LIMIT = 10**12
MORE_THAN = "more than "
"""Begins the column of a count that stands nowhere: by how much one is more than another. It is nobody's secret."""


@dataclass(frozen=True)
class Sum:
    """One count that other counts make up."""

    total: Cell
    parts: tuple[Cell, ...]


def sums_of(form: Table, rows: Sequence[Mapping[str, Any]], others: Mapping[str, Table]) -> Iterator[Sum]:
    """Every sum that the rows of one table must obey: within a row, over its totals, and into another table."""
    keyed = [(tuple(row[column] for column in form.key), row) for row in rows]
    for key, _ in keyed:
        for total, parts in form.sums.items():
            yield Sum((form.name, key, total), tuple((form.name, key, part) for part in parts))
    for place, column in enumerate(form.key):
        if column in form.totals:
            yield from _over_totals(form, [key for key, _ in keyed], place, form.totals[column])
    yield from _in_order(form, keyed)
    for column, whole in form.parted.items():
        yield from _parted(form, [key for key, _ in keyed], column, whole)
    for column, target in form.adds_up_to.items():
        other, _, wanted = target.partition(".")
        if other in others:
            yield from _into_another(form, keyed, column, others[other], wanted)
    for other in dict.fromkeys(target.partition(".")[0] for target in form.adds_up_to.values()):
        if other in others and form.each:
            yield from _lone_parts(form, keyed, others[other])


def _over_totals(form: Table, keys: Sequence[tuple[Any, ...]], place: int, whole: str) -> Iterator[Sum]:
    groups: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for key in keys:
        groups.setdefault((*key[:place], whole, *key[place + 1 :]), []).append(key)
    for total, members in groups.items():
        parts = [key for key in members if key != total]
        if parts and len(parts) < len(members):
            for column in form.protected_counts:
                yield Sum((form.name, total, column), tuple((form.name, key, column) for key in parts))


def _in_order(form: Table, keyed: Sequence[tuple[tuple[Any, ...], Mapping[str, Any]]]) -> Iterator[Sum]:
    """What one count is more than another that it is never below makes a sum with it, also where either is empty: a
    count that was kept back is no more than one that is hidden, and no less than one that is shown. Nobody is no more
    than anybody. It hangs on what was counted alone, so that two editions hang together in the same way."""
    for less, more in (pair for names in form.never_more for pair in pairwise(names)):
        for key, row in keyed:
            if all(row.get(name) or stands_empty(row, name) for name in (less, more)):
                what_is_more = (form.name, key, f"{MORE_THAN}{less}:{more}")
                yield Sum((form.name, key, more), ((form.name, key, less), what_is_more))


def _parted(form: Table, keys: Sequence[tuple[Any, ...]], column: str, whole: Mapping[str, str]) -> Iterator[Sum]:
    """Rows of each parting add up to the row that stands at `whole`."""
    places, there = {name: form.key.index(name) for name in whole}, set(keys)
    which = next(iter(places.values()))
    groups: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for key in keys:
        total = tuple(whole.get(name, part) for name, part in zip(form.key, key, strict=True))
        if total != key and total in there:
            groups.setdefault((total, key[which]), []).append(key)
    for (total, _), members in groups.items():
        yield Sum((form.name, total, column), tuple((form.name, key, column) for key in members))


def _into_another(
    form: Table, keyed: Sequence[tuple[tuple[Any, ...], Mapping[str, Any]]], column: str, other: Table, wanted: str
) -> Iterator[Sum]:
    """Rows that share the other table's key add up to its row, those that differ in `each` apart; a key that this
    table lacks stands at its total."""
    for target, members in _by_target(form, keyed, other):
        yield Sum((other.name, target, wanted), tuple((form.name, key, column) for key, _ in members))


def _lone_parts(form: Table, keyed: Sequence[KeyedRow], other: Table) -> Iterator[Sum]:
    """Yield equalities for a part that is the only one of its whole: its counts that are not additive are equal too."""
    for target, members in _by_target(form, keyed, other):
        if len(members) == 1:
            ((key, row),) = members
            for name in form.protected_counts:
                counted = row.get(name) is not None or stands_empty(row, name)
                if counted and name not in form.adds_up_to and name in other.protected_counts:
                    yield Sum((other.name, target, name), ((form.name, key, name),))


def _by_target(
    form: Table, keyed: Sequence[KeyedRow], other: Table
) -> Iterator[tuple[tuple[Any, ...], list[KeyedRow]]]:
    """Yield the key of each row of the other table with the rows that add up to it, separately for values of `each`."""
    groups: dict[tuple[tuple[Any, ...], tuple[Any, ...]], list[KeyedRow]] = {}
    for key, row in keyed:
        target = tuple(row[name] if name in form.key else other.totals[name] for name in other.key)
        groups.setdefault((target, tuple(row[name] for name in form.each)), []).append((key, row))
    yield from ((target, members) for (target, _), members in groups.items())


def shown_range(value: int, policy: Policy) -> Range:
    """What a released count may have been before it was rounded; a zero is a zero."""
    half = policy.round_to // 2
    return (0, 0) if value == 0 else (max(value - half, policy.hide_up_to + 1), value + half)


def own_range(row: Mapping[str, Any], column: str, policy: Policy) -> Range:
    """What a released row says of one of its counts by itself."""
    if column.startswith(MORE_THAN):
        return 0, NO_LIMIT
    if is_hidden(row, column):
        return 1, policy.hide_up_to
    if is_kept_back(row, column):
        return 1, NO_LIMIT
    # Empty and not hidden: it was not asked here, and counts for nothing in any total.
    return (0, 0) if row.get(column) is None else shown_range(row[column], policy)
