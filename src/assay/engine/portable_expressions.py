"""Ibis expressions for days, ages, joins and unions, with the same result on every engine.

Differences are whole seconds or whole local days, never a unit that an engine cuts in its own way; what is missing
on either side makes the answer missing.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis

SECONDS_PER_DAY = 86_400
ADULT_AGE = 18
LAST_DAY_IN_EVERY_MONTH = 28


def day_number(day: ibis.Value) -> ibis.Value:
    """Whole days since 1 January 1970."""
    return (day.cast("timestamp").epoch_seconds() // SECONDS_PER_DAY).cast("int64")


def days_between(first: ibis.Value, last: ibis.Value) -> ibis.Value:
    """Whole days from one local day to another; below zero if the second comes first."""
    return day_number(last) - day_number(first)


def seconds_between(first: ibis.Value, last: ibis.Value) -> ibis.Value:
    """Whole seconds from one minute to another, both in UTC."""
    return last.epoch_seconds() - first.epoch_seconds()


def count_where(rows: ibis.Table, condition: ibis.Value) -> ibis.Value:
    """Count the rows that meet a condition, in an aggregate; 0 if there are none."""
    return rows.count(where=condition).fill_null(0)


def age_on(birth: ibis.Value, day: ibis.Value) -> ibis.Value:
    """Age in whole years on a day; missing before birth.

    A birthday on 29 February falls on 1 March in other years (return contract, section 11.2).
    """
    before_birthday = (day.month() * 100 + day.day()) < (birth.month() * 100 + birth.day())
    years = day.year() - birth.year() - before_birthday.cast("int64")
    return ibis.cases((day >= birth, years.cast("int64")))


def birthday_number(birth: ibis.Value, age: int) -> ibis.Value:
    """The day on which somebody is so many whole years old, as whole days since 1 January 1970 (see `age_on`)."""
    day = ibis.least(birth.day(), LAST_DAY_IN_EVERY_MONTH).cast("int32")
    birthday_or_earlier = ibis.date((birth.year() + age).cast("int32"), birth.month().cast("int32"), day)
    # What is beyond is added as days: so 29 February falls on 1 March where there is none.
    return day_number(birthday_or_earlier) + (birth.day().cast("int64") - day.cast("int64"))


def is_in_period(day: ibis.Value, first: ibis.Value, end: ibis.Value) -> ibis.Value:
    """True from the first day up to, but not including, the end."""
    return (day >= first) & (day < end)


def month_text(day: ibis.Value) -> ibis.Value:
    """The month of a day, as '2025-04'."""
    return day.year().cast("string") + "-" + day.month().cast("string").lpad(2, "0")


def left_join(left: ibis.Table, right: ibis.Table, keys: Sequence[str]) -> ibis.Table:
    """Left join: every row of the left table, with at most one row of the right table."""
    joined = left.left_join(right, list(keys))
    return joined.drop(*[f"{name}_right" for name in keys if f"{name}_right" in joined.columns])


def union_all(tables: Sequence[ibis.Table]) -> ibis.Table:
    """Union of tables with the same columns, duplicates kept."""
    first, *further_tables = tables
    return ibis.union(first, *further_tables, distinct=False) if further_tables else first


def any_true(found: ibis.Value, absent_means_no: ibis.Value) -> ibis.Value:
    """True if found; false if not found and absence means no; else not known (return contract, section 11.1)."""
    return ibis.cases((found.fill_null(False), True), (absent_means_no.fill_null(False), False))
