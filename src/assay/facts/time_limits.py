"""Was each duty done within its time limit: certainly, certainly not, or not known?

Hours are counted in minutes of UTC, from the latest possible start to the earliest possible end and the other way
round. Working days, days and months are counted on local days, which are always exact: "1 working day" is met on any
minute of the next working day. A month later is the same day of a later month, or its last day if it has no such day.
Without a limit, the presence of the record decides.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import day_number, left_join, seconds_between
from assay.facts.fact_inputs import Tables

SECONDS_PER_HOUR = 3600


def add_time_limits(rows: ibis.Table, tables: Tables) -> ibis.Table:
    """Add to the duties whether they were done in time, whether the limit has passed, and the hours they took.

    `in_limit`: met, by the record alone; missing without an end. `passed`: the time allowed was certainly over at
    extraction.
    """
    rows = _add_day_numbers(rows, tables)
    shortest = ibis.greatest(seconds_between(rows.starts_last, rows.ended), 0)
    longest = ibis.greatest(seconds_between(rows.starts, rows.ended_last), 0)
    has_start_and_end = ~rows.starts.isnull() & ~rows.ended.isnull()
    rows = rows.mutate(
        shortest=ibis.cases((has_start_and_end, shortest)), longest=ibis.cases((has_start_and_end, longest))
    )
    return rows.mutate(
        in_limit=_is_in_limit(rows),
        passed=_is_limit_passed(rows),
        wait_hours_low=rows.shortest.cast("float64") / SECONDS_PER_HOUR,
        wait_hours_high=rows.longest.cast("float64") / SECONDS_PER_HOUR,
    )


def _is_in_limit(rows: ibis.Table) -> ibis.Value:
    in_time, late = _in_time_and_late(rows)
    no_number = rows.limit_number.isnull() & ~rows.ended.isnull()
    return ibis.cases((no_number, True), (in_time, True), (late, False))


def _in_time_and_late(rows: ibis.Table) -> tuple[ibis.Value, ibis.Value]:
    """Return whether the duty was certainly in time, and whether it was certainly late."""
    ended = (rows.end_index, day_number(rows.ended_day))
    in_time = is_within_limit(rows, rows.longest, *ended, rows.limit_number)
    return in_time, ~is_within_limit(rows, rows.shortest, *ended, rows.late_limit)


def is_within_limit(
    rows: ibis.Table, seconds: ibis.Value, working_days: ibis.Value, day: ibis.Value, limit: ibis.Value
) -> ibis.Value:
    """Return whether an event came within its time limit (hours, working days, days or months); missing if none.

    `seconds` since the start; `working_days`: index of the working day; `day`: number of the day.
    """
    return ibis.cases(
        (rows.unit == "hour", seconds <= limit * SECONDS_PER_HOUR),
        (rows.unit == "working_day", working_days - rows.start_index <= limit),
        (rows.unit.isin(("day", "month")), day <= rows.due_day_number),
    )


def _is_limit_passed(rows: ibis.Table) -> ibis.Value:
    """Return True if the time allowed was certainly over; True without a limit."""
    return ibis.cases(
        (rows.limit_number.isnull(), True),
        (rows.unit == "hour", seconds_between(rows.starts_last, rows.extracted) > rows.late_limit * SECONDS_PER_HOUR),
        (rows.unit == "working_day", rows.extracted_index - rows.start_index > rows.late_limit),
        (rows.unit.isin(("day", "month")), rows.extracted_day_number > rows.due_day_number),
    )


def _add_day_numbers(rows: ibis.Table, tables: Tables) -> ibis.Table:
    """Add the working-day indices of start, end and extraction, and the last day allowed."""
    days = tables["calendar"]
    at_start = days.select(starts_day="day", start_index="working_day_index", start_month="month_number",
                           start_of_month="day_of_month")  # fmt: skip
    rows = left_join(rows, at_start, ["starts_day"])
    rows = left_join(rows, days.select(ended_day="day", end_index="working_day_index"), ["ended_day"])
    at_extraction = days.select(extracted_day="day", extracted_index="working_day_index")
    rows = left_join(rows, at_extraction, ["extracted_day"])
    months = days.filter(days.day_of_month == 1).select(
        due_month="month_number", month_begins="day_number", length="days_in_month"
    )
    rows = rows.mutate(due_month=rows.start_month + ibis.cases((rows.unit == "month", rows.limit_number)))
    rows = left_join(rows, months, ["due_month"])
    in_months = rows.month_begins + ibis.least(rows.start_of_month, rows.length) - 1
    in_days = ibis.cases((rows.unit == "day", day_number(rows.starts_day) + rows.limit_number))
    return rows.mutate(due_day_number=ibis.cases((rows.unit == "month", in_months), else_=in_days))
