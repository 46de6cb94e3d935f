"""How are days counted, ages reckoned and tables set side by side, the same on every engine?

Differences are whole seconds or whole local days, never a unit that an engine cuts in its own way; what is missing
on either side makes the answer missing.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis

SECONDS_A_DAY = 86_400
ADULT_AGE = 18
IN_EVERY_MONTH = 28


def day_number(day: ibis.Value) -> ibis.Value:
    """Whole days since 1 January 1970."""
    return (day.cast("timestamp").epoch_seconds() // SECONDS_A_DAY).cast("int64")


def days_between(first: ibis.Value, last: ibis.Value) -> ibis.Value:
    """Whole days from one local day to another; below zero if the second comes first."""
    return day_number(last) - day_number(first)


def seconds_between(first: ibis.Value, last: ibis.Value) -> ibis.Value:
    """Whole seconds from one minute to another, both in UTC."""
    return last.epoch_seconds() - first.epoch_seconds()


def number_where(rows: ibis.Table, condition: ibis.Value) -> ibis.Value:
    """How many rows meet a condition, in an aggregate; none where it is known of no row, which Spark would leave
    missing."""
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
    day = ibis.least(birth.day(), IN_EVERY_MONTH).cast("int32")
    near = ibis.date((birth.year() + age).cast("int32"), birth.month().cast("int32"), day)
    # What is beyond is added as days: so 29 February falls on 1 March where there is none.
    return day_number(near) + (birth.day().cast("int64") - day.cast("int64"))


def within(day: ibis.Value, first: ibis.Value, after: ibis.Value) -> ibis.Value:
    """True from the first day up to, not including, the day after."""
    return (day >= first) & (day < after)


def month_of(day: ibis.Value) -> ibis.Value:
    """The month of a day, as '2025-04'."""
    return day.year().cast("string") + "-" + day.month().cast("string").lpad(2, "0")


def beside(left: ibis.Table, right: ibis.Table, on: Sequence[str]) -> ibis.Table:
    """Every row of the left table, with what the right table holds for the same `on` (at most one row each)."""
    joined = left.left_join(right, list(on))
    return joined.drop(*[f"{name}_right" for name in on if f"{name}_right" in joined.columns])


def stacked(tables: Sequence[ibis.Table]) -> ibis.Table:
    """Tables of the same columns, one under another."""
    first, *others = tables
    return ibis.union(first, *others, distinct=False) if others else first


def any_true(found: ibis.Value, absent_means_no: ibis.Value) -> ibis.Value:
    """True if found; false if not found and absence means no; else not known (return contract, section 11.1)."""
    return ibis.cases((found.fill_null(False), True), (absent_means_no.fill_null(False), False))
