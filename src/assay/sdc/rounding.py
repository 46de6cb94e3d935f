"""Round each released number to its declared resolution, so that the exact counts cannot be computed from estimates.

All numbers are rounded here, by the declaration of their column in `tables.toml`. `release_checks.py` verifies a
release with the same functions. The resolution prevents three attacks that compute a count from an estimate:

- *From the set of possible shares.* Of 21 records a share can be 3/21 but not 0.15. An attacker who sees several shares
  in whole per cent learns the base from the values that occur, beyond its rounding. If the step is at least one record
  of the base (`Column.full_value`), every multiple of the step occurs for every base, so the values reveal nothing.
- *From the width of an interval.* The width of an interval of a share is about proportional to 1 / sqrt(base). One
  interval, rounded to one record of the base, leaves about 2 * sqrt(base) possible bases on either side, more than the
  rounding of the base itself. A curve shows limits for the same base on many days, and each day excludes some bases;
  therefore its limits are rounded to five records.
- *From the interval of a mean.* If most waits did not end, the width gives a lower bound of the number that did,
  whatever their days were. From four weeks on, limits are whole weeks, rounded outward after a margin of one week: at
  least a tenth of the width if 20 waits ended. The lower bound is then below the one that the rounded count gives.

A test statistic (a p-value or q-value) is rounded up to one of a few values (`P_VALUE_BANDS`): its digits would reveal
the counts that it was computed from, and a reader only needs to know on which side of a threshold it lies.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, floor
from typing import Any

from assay.sdc.release_tables import COUNT, ESTIMATE, RELEASED, TEST_STATISTIC, Column
from assay.sdc.sum_ranges import rounding_interval
from assay.sdc.suppression_policy import Policy

SHARE_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
"""Possible steps of a share (0 to 1). The finest step that is at least one record of the base is used."""
P_VALUE_BANDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Upper ends of the bands of a p-value or q-value; 0.02 is the q-value threshold of outliers."""
DAYS_IN_WEEK = 7
TOLERANCE = 1e-9
"""Largest floating-point error, as a part of a step."""


def round_to_resolution(value: float, column: Column, base: float = 0) -> float:
    """Return a value rounded to the resolution of its column.

    Parameters
    ----------
    base
        The smallest number of records that the estimate may be based on. If the step depends on it, 0 gives the
        coarsest step.
    """
    if column.statistic == TEST_STATISTIC:
        return next((band for band in P_VALUE_BANDS if value <= band + TOLERANCE), 1.0)
    if column.weeks_from and abs(_round_to_step(value, 1.0, column.outward)) >= column.weeks_from:
        return _round_to_step(value, float(DAYS_IN_WEEK), column.outward)
    return _round_to_step(value, step_for_base(column, base), column.outward)


def add_margin(value: float, column: Column, row: Mapping[str, Any]) -> float:
    """Return an interval limit moved outward by the margin of its column; it is applied once, before rounding."""
    if not column.margin or value < column.weeks_from:
        return value
    if column.outward == "down":
        return value - column.margin
    maximum = row.get(column.at_most) if column.at_most else None
    return value + column.margin if maximum is None else min(value + column.margin, float(maximum))


def step_for_base(column: Column, base: float = 0) -> float:
    """Return the smallest difference between two released values of a column that are based on `base` records."""
    if column.kind in ("count", "whole"):
        return max(column.step, 1.0)
    if not column.full_value:
        return column.step
    smallest = max(column.step / column.full_value, column.records_a_step / max(base, 1))
    return column.full_value * next((step for step in SHARE_STEPS if step >= smallest - TOLERANCE), SHARE_STEPS[-1])


def is_finer_than_declared(value: float, column: Column, base: float = 0) -> bool:
    """Return True if rounding to the resolution of the column would change the value."""
    return abs(round_to_resolution(value, column, base) - value) > TOLERANCE * max(1.0, abs(value))


def move_off_count(value: float, count: int, column: Column) -> float:
    """Return a limit at least one step away from a released count that it may be equal to (`Column.clear_of`).

    An exact limit of 40 beside a count that is shown as 45 would reveal that the count is 43 or 44.
    """
    step = step_for_base(column)
    if column.outward == "down":
        return max(count - step, 0.0) if value <= count + step - TOLERANCE else value
    return count + step if value <= count + step + TOLERANCE else value


def smallest_base(row: Mapping[str, Any], column: Column, policy: Policy) -> int:
    """Return the smallest base that an estimate may have, given the released counts; 0 if one of them is suppressed."""
    counts = [row.get(name) for name in column.base_counts]
    return sum(rounding_interval(count, policy)[0] for count in counts if count is not None) * (None not in counts)


def has_sufficient_counts(row: Mapping[str, Any], column: Column, policy: Policy) -> bool:
    """Return True if the counts behind an estimate are shown and their sum reaches the minimum base for a share.

    Each of the counts in `zero_or_sufficient` must by itself be 0 or reach the minimum. Only released counts are used,
    so a suppressed estimate reveals nothing that the counts do not.
    """
    minimum = policy.minimum_base
    required = (*column.base_counts, column.clear_of) if column.clear_of else column.base_counts
    counts = [row.get(name) for name in column.base_counts]
    if any(row.get(name) is None for name in required) or (counts and sum(counts) < minimum):  # type: ignore[arg-type]
        return False
    ending_counts = [row.get(name) for name in column.zero_or_sufficient]
    return all(count is not None and (count == 0 or count >= minimum) for count in ending_counts)


def needs_shown_counts(column: Column) -> bool:
    """Return True if the column may have a value only where the counts behind it are shown."""
    return column.protect and column.kind != COUNT and bool(column.base_counts) and not _is_share_of_counts(column)


def _is_share_of_counts(column: Column) -> bool:
    return column.count_source == RELEASED and column.statistic != ESTIMATE


def _round_to_step(value: float, step: float, outward: str = "") -> float:
    steps = value / step
    if outward == "down":
        whole = floor(steps + TOLERANCE)
    elif outward == "up":
        whole = ceil(steps - TOLERANCE)
    else:
        whole = floor(steps + 0.5 + TOLERANCE)
    return round(whole * step, 9)
