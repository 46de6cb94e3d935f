"""How finely may an estimate be released, so that nobody can work the exact counts out from it?

Every number is rounded here, by what its column declares (`tables.toml`), and `checks.py` asks here again before
anything leaves. Three ways back from an estimate to a count are closed by the resolution:

- *Which shares occur.* Of 21 records a share can be 3/21 and not 15/100. Whoever sees several shares to the whole per
  cent learns the base from which of them occur, beyond its rounding. If the step is at least one record of the base
  (`Column.per`), every multiple of the step occurs whatever the base is, so the multiples tell nothing.
- *How wide an interval is.* Its width falls with the root of the count. One interval, rounded to one record of the
  base, leaves about twice the root of the base on either side, which is more than the rounding of the base. A curve
  shows the same base on many days, and each limit cuts off a piece: so its limits are rounded to five records.
- *How wide the interval of a mean is.* Of waits that mostly did not end, the width tells how many did: at least so
  many, whatever their days were. From four weeks on limits are whole weeks, rounded outward from a week beyond: a tenth
  of the width or more where 20 waits ended, so that the least number is below what the rounded count tells anyway.

A test statistic (a p-value or q-value) leaves as the next of a few steps (`BANDS`): its digits would tell the counts
that it was computed from, and a reader only asks on which side of a threshold it lies.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, floor
from typing import Any

from assay.disclosure.declared import COUNT, ESTIMATE, RELEASED, TEST_STATISTIC, Column
from assay.disclosure.policy import Policy
from assay.disclosure.sums import shown_range

STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
"""The steps of a share, as parts of all records: the finest that is at least one record of the base is taken."""
BANDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""A test statistic is said as the lowest of these that it does not pass; outliers are named by 0.02."""
WEEK = 7
NEARLY = 1e-9
"""Of a step: what a sum of binary fractions may be off."""


def to_resolution(value: float, column: Column, base: float = 0) -> float:
    """A value as it may be shown. `base`: the fewest records that the estimate may rest on; of a step that hangs
    on it, 0 stands for one record, the coarsest."""
    if column.what == TEST_STATISTIC:
        return next((band for band in BANDS if value <= band + NEARLY), 1.0)
    if column.weeks_from and abs(_to_step(value, 1.0, column.outward)) >= column.weeks_from:
        return _to_step(value, float(WEEK), column.outward)
    return _to_step(value, step_of(column, base), column.outward)


def widened(value: float, column: Column, row: Mapping[str, Any]) -> float:
    """A limit with its margin, before it is rounded for the first time."""
    if not column.margin or value < column.weeks_from:
        return value
    if column.outward == "down":
        return value - column.margin
    most = row.get(column.at_most) if column.at_most else None
    return value + column.margin if most is None else min(value + column.margin, float(most))


def step_of(column: Column, base: float = 0) -> float:
    """The least difference between two values of a column that rest on so many records."""
    if column.kind in ("count", "whole"):
        return max(column.step, 1.0)
    if not column.per:
        return column.step
    least = max(column.step / column.per, column.records_a_step / max(base, 1))
    return column.per * next((step for step in STEPS if step >= least - NEARLY), STEPS[-1])


def is_finer(value: float, column: Column, base: float = 0) -> bool:
    """Whether a value is finer than its column declares for such a base."""
    return abs(to_resolution(value, column, base) - value) > NEARLY * max(1.0, abs(value))


def clear_of_count(value: float, count: int, column: Column) -> float:
    """A limit that may be the very count that it is `clear_of`: it is said a step beyond that count as released, unless
    it lies further out by itself. Said as it is, a limit of 40 beside a count that is shown as 45 would tell that the
    count is 43 or 44.
    """
    step = step_of(column)
    if column.outward == "down":
        return max(count - step, 0.0) if value <= count + step - NEARLY else value
    return count + step if value <= count + step + NEARLY else value


def base_of(row: Mapping[str, Any], column: Column, policy: Policy) -> int:
    """The fewest records that an estimate may rest on, by the counts as released; 0 where one is not shown."""
    counts = [row.get(name) for name in column.over]
    return sum(shown_range(count, policy)[0] for count in counts if count is not None) * (None not in counts)


def is_enough(row: Mapping[str, Any], column: Column, policy: Policy) -> bool:
    """Whether the counts that an estimate rests on are shown and large enough: together, and each of those that must be
    none or enough by itself.

    It is asked of the counts as released: what is not shown then tells nothing that the counts do not.
    """
    fewest = policy.fewest_for_share
    beside = (*column.over, column.clear_of) if column.clear_of else column.over
    counts = [row.get(name) for name in column.over]
    if any(row.get(name) is None for name in beside) or (counts and sum(counts) < fewest):  # type: ignore[arg-type]
        return False
    alone = [row.get(name) for name in column.none_or_enough]
    return all(count is not None and (count == 0 or count >= fewest) for count in alone)


def rests_on_counts(column: Column) -> bool:
    """Whether it may be shown only beside the counts that it rests on."""
    return column.protect and column.kind != COUNT and bool(column.over) and not _is_share_of_counts(column)


def _is_share_of_counts(column: Column) -> bool:
    return column.counts == RELEASED and column.what != ESTIMATE


def _to_step(value: float, step: float, outward: str = "") -> float:
    parts = value / step
    if outward == "down":
        whole = floor(parts + NEARLY)
    elif outward == "up":
        whole = ceil(parts - NEARLY)
    else:
        whole = floor(parts + 0.5 + NEARLY)
    return round(whole * step, 9)
