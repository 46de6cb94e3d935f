"""What could a reader who adds and subtracts work out about a count that is hidden?

The reader knows the policy and every sum that must hold. A count that is shown lies within the rounding; one that is
hidden lies from 1 to the highest hidden count; one that was kept back is at least 1. Each sum narrows these ranges,
until nothing changes any more.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay.disclosure.declared import Table
from assay.disclosure.policy import Policy

Cell = tuple[str, tuple[Any, ...], str]
"""A count: its table, its row's key, its column."""
Range = tuple[int, int]
NO_LIMIT = 10**12


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
    for column, target in form.adds_up_to.items():
        other, _, wanted = target.partition(".")
        if other in others:
            yield from _into_another(form, keyed, column, others[other], wanted)


def _over_totals(form: Table, keys: Sequence[tuple[Any, ...]], place: int, whole: str) -> Iterator[Sum]:
    groups: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for key in keys:
        groups.setdefault((*key[:place], whole, *key[place + 1 :]), []).append(key)
    for total, members in groups.items():
        parts = [key for key in members if key != total]
        if parts and len(parts) < len(members):
            for column in form.protected_counts:
                yield Sum((form.name, total, column), tuple((form.name, key, column) for key in parts))


def _into_another(
    form: Table, keyed: Sequence[tuple[tuple[Any, ...], Mapping[str, Any]]], column: str, other: Table, wanted: str
) -> Iterator[Sum]:
    """Rows that share the other table's key add up to its row, those that differ in `each` apart; a key that this
    table lacks stands at its total."""
    groups: dict[tuple[tuple[Any, ...], tuple[Any, ...]], list[Cell]] = {}
    for key, row in keyed:
        target = tuple(row[name] if name in form.key else other.totals[name] for name in other.key)
        groups.setdefault((target, tuple(row[name] for name in form.each)), []).append((form.name, key, column))
    for (target, _), cells in groups.items():
        yield Sum((other.name, target, wanted), tuple(cells))


def shown_range(value: int, policy: Policy) -> Range:
    """What a released count may have been before it was rounded; a zero is a zero."""
    half = policy.round_to // 2
    return (0, 0) if value == 0 else (max(value - half, policy.hide_up_to + 1), value + half)


def narrowed(known: Mapping[Cell, Range], sums: Sequence[Sum]) -> dict[Cell, Range]:
    """The ranges of all counts after every sum has been used, as often as it narrows anything."""
    found = dict(known)
    by_cell: dict[Cell, list[int]] = {}
    for number, one in enumerate(sums):
        for cell in (one.total, *one.parts):
            by_cell.setdefault(cell, []).append(number)
    waiting, listed = deque(range(len(sums))), set(range(len(sums)))
    while waiting:
        number = waiting.popleft()
        listed.discard(number)
        for cell in _use(sums[number], found):
            for other in by_cell[cell]:
                if other not in listed:
                    waiting.append(other)
                    listed.add(other)
    return found


def _use(one: Sum, found: dict[Cell, Range]) -> list[Cell]:
    """Narrow the counts of one sum; give those that changed."""
    parts = [found[part] for part in one.parts]
    low, high = sum(part[0] for part in parts), sum(part[1] for part in parts)
    total = found[one.total]
    changed = _narrow(found, one.total, low, high)
    for cell, (own_low, own_high) in zip(one.parts, parts, strict=True):
        changed += _narrow(found, cell, total[0] - (high - own_high), total[1] - (low - own_low))
    return changed


def _narrow(found: dict[Cell, Range], cell: Cell, low: int, high: int) -> list[Cell]:
    old = found[cell]
    # A sum that cannot hold tells nothing: the tables were not made from one set of records.
    new = max(old[0], low), min(old[1], high, NO_LIMIT)
    if new == old or new[0] > new[1]:
        return []
    found[cell] = new
    return [cell]
