"""Ibis expressions for days, ages, joins and unions, with the same result on every engine.

Differences are whole seconds or whole local days, never a unit that engines truncate differently. If either operand is
missing, the result is missing.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis

SECONDS_PER_DAY = 86_400
ADULT_AGE = 18
LAST_DAY_IN_EVERY_MONTH = 28


def day_number(day: ibis.Value) -> ibis.Value:
    """Return whole days since 1 January 1970."""
    return (day.cast("timestamp").epoch_seconds() // SECONDS_PER_DAY).cast("int64")


def days_between(first: ibis.Value, last: ibis.Value) -> ibis.Value:
    """Return whole days from the first local day to the last; negative if the last is earlier."""
    return day_number(last) - day_number(first)


def seconds_between(first: ibis.Value, last: ibis.Value) -> ibis.Value:
    """Return whole seconds from the first time (UTC) to the last (UTC)."""
    return last.epoch_seconds() - first.epoch_seconds()


def count_where(rows: ibis.Table, condition: ibis.Value) -> ibis.Value:
    """Count the rows that meet a condition, in an aggregate; 0 if there are none."""
    return rows.count(where=condition).fill_null(0)


def age_on(birth: ibis.Value, day: ibis.Value) -> ibis.Value:
    """Return the age in whole years on a date; missing before birth.

    A birthday on 29 February falls on 1 March in other years (return contract, section 11.2).
    """
    before_birthday = (day.month() * 100 + day.day()) < (birth.month() * 100 + birth.day())
    years = day.year() - birth.year() - before_birthday.cast("int64")
    return ibis.cases((day >= birth, years.cast("int64")))


def birthday_number(birth: ibis.Value, age: int) -> ibis.Value:
    """Return the birthday on which a person reaches an age, as whole days since 1 January 1970 (see `age_on`)."""
    day = ibis.least(birth.day(), LAST_DAY_IN_EVERY_MONTH).cast("int32")
    birthday_or_earlier = ibis.date((birth.year() + age).cast("int32"), birth.month().cast("int32"), day)
    # The rest of the month is added as days, so that 29 February becomes 1 March in other years.
    return day_number(birthday_or_earlier) + (birth.day().cast("int64") - day.cast("int64"))


def is_in_period(day: ibis.Value, first: ibis.Value, end: ibis.Value) -> ibis.Value:
    """Return True for a day from the first day of a period up to, but not including, its end."""
    return (day >= first) & (day < end)


def month_text(day: ibis.Value) -> ibis.Value:
    """Return the month of a date as '2025-04'."""
    return day.year().cast("string") + "-" + day.month().cast("string").lpad(2, "0")


def left_join(left: ibis.Table, right: ibis.Table, keys: Sequence[str]) -> ibis.Table:
    """Left join on these keys, without the duplicate key columns; `right` has at most one row for each key."""
    joined = left.left_join(right, list(keys))
    return joined.drop(*[f"{name}_right" for name in keys if f"{name}_right" in joined.columns])


def union_all(tables: Sequence[ibis.Table]) -> ibis.Table:
    """Union of tables with the same columns, duplicates kept."""
    first, *further_tables = tables
    return ibis.union(first, *further_tables, distinct=False) if further_tables else first


def any_true(found: ibis.Value, absent_means_no: ibis.Value) -> ibis.Value:
    """Return True if found, False if not found and absence means no, else missing (return contract, section 11.1)."""
    return ibis.cases((found.fill_null(False), True), (absent_means_no.fill_null(False), False))
