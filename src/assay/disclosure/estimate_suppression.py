"""Could an estimate that is not shown be worked out from one of a whole and those of its other parts?

The mean of all, times all, less the means of the parts that are shown, times those, is the sum of the days of the parts
that are not: the mean wait of two children is as good as shown. Nor does it help to hide one part more that is as
small. So the estimates of parts are hidden, smallest first, until those that are hidden together rest on enough; this
is secondary suppression of estimates, by the counts as released, so that it tells nothing that they do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from assay.disclosure.declared import Column, Table
from assay.disclosure.marks import Row
from assay.disclosure.policy import Policy
from assay.disclosure.resolution import is_enough

Place = tuple[str, tuple[Any, ...]]
"""A row: its table, and its key."""
Family = tuple[Place, list[Place]]
"""A whole, and its parts."""


def closed_rows(rows: Mapping[str, Sequence[Row]], forms: Mapping[str, Table], policy: Policy) -> set[Place]:
    """The rows whose estimates may not be shown: those that rest on too few, and those that would give these away."""
    asked = {name: column for name, form in forms.items() if (column := _asked(form)) is not None}
    at = {(name, _key(row, forms[name])): row for name in asked for row in rows[name]}
    closed = {place for place, row in at.items() if not is_enough(row, asked[place[0]], policy)}
    families = [one for name in asked for one in _families(forms[name], rows[name], forms) if one[0] in at]
    again = True
    while again:
        again = any(_closes(one, at, asked, closed, policy) for one in families)
    return closed


def _asked(form: Table) -> Column | None:
    """The column by which a table's estimates rest on counts that must be none or enough."""
    return next((one for one in form.columns if one.none_or_enough and one.over), None)


def _closes(
    family: Family, at: Mapping[Place, Row], asked: Mapping[str, Column], closed: set[Place], policy: Policy
) -> bool:
    """Hide the smallest part that is shown while those that are not rest on too few; whether anything was hidden."""
    whole, parts = family
    if whole in closed:
        return False
    hidden = [one for one in parts if one in closed and _least(at[one], asked[one[0]]) > 0]
    left = sorted((one for one in parts if one not in closed), key=lambda one: (-_least(at[one], asked[one[0]]), one))
    before = len(closed)
    while hidden and left and sum(_least(at[one], asked[one[0]]) for one in hidden) < policy.fewest_for_share:
        hidden.append(left.pop())
        closed.add(hidden[-1])
    return len(closed) > before


def _least(row: Row, column: Column) -> int:
    """The fewest that may have ended: a count that is not shown is one at least; of nobody none."""
    if all(row.get(name) is None and name not in (row.get("hidden") or "") for name in column.none_or_enough):
        return 0
    counts = [row.get(name) for name in column.none_or_enough]
    return sum(1 if count is None else count for count in counts)


def _key(row: Row, form: Table) -> tuple[Any, ...]:
    return tuple(row[name] for name in form.key)


def _families(form: Table, rows: Iterable[Row], forms: Mapping[str, Table]) -> Iterator[Family]:
    """Each whole with its parts: over the totals of a table, and in the table that its counts add up to."""
    found: dict[tuple[Any, ...], Family] = {}
    others = {target.partition(".")[0] for target in form.adds_up_to.values()}
    for row in rows:
        key = _key(row, form)
        wholes: list[tuple[Any, ...]] = []
        for name, value in form.totals.items():
            if row[name] != value:
                wholes.append((form.name, tuple(value if one == name else row[one] for one in form.key)))
        for other in others & set(forms):
            target = tuple(row[one] if one in form.key else forms[other].totals[one] for one in forms[other].key)
            wholes.append((other, target, *(row[one] for one in form.each)))
        for whole in wholes:
            found.setdefault(whole, ((whole[0], whole[1]), []))[1].append((form.name, key))
    yield from found.values()
