"""Local times of synthetic events (Europe/London, without a time zone).

All times are minutes of local time in Europe/London without a zone, as in a return. Midnight is never used, because
00:00 in a return may mean a date without a time; times in the hour skipped in spring are moved by one hour.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from assay.synthetic.random_stream import RandomStream

When = dt.datetime | dt.date
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """The period (half-open), the first day of history, and the time of extraction."""

    period_from: dt.date
    period_to: dt.date
    history_from: dt.date
    extracted_at: dt.datetime

    @property
    def days(self) -> int:
        """Number of days in the period."""
        return (self.period_to - self.period_from).days


PERIOD_TO = dt.date(2026, 4, 1)
HISTORY_YEARS = 2
EXTRACTED_AT = dt.datetime(2026, 6, 15, 6, 0)


def day(when: When) -> dt.date:
    """Return the date part of a time; a date is returned unchanged."""
    return when.date() if isinstance(when, dt.datetime) else when


def random_minute(when: When, stream: RandomStream, *, first_hour: int = 8, last_hour: int = 20) -> dt.datetime:
    """Return a random minute of that day between two hours."""
    start = dt.datetime.combine(day(when), dt.time(first_hour))
    return start + dt.timedelta(minutes=stream.integer(1, (last_hour - first_hour + 1) * 60 - 1))


def time_after(when: When, days: float, stream: RandomStream) -> dt.datetime:
    """Return a daytime some days after `when`, and later than it even on the same day."""
    later = random_minute(day(when) + dt.timedelta(days=int(days)), stream)
    if isinstance(when, dt.datetime) and later <= when:
        return when + dt.timedelta(minutes=stream.integer(5, 55))
    return later


def valid_time(when: When) -> When:
    """Return the time, moved away from 00:00 and out of the hour that is skipped in spring."""
    if not isinstance(when, dt.datetime):
        return when
    when = when.replace(second=0, microsecond=0)
    if when.hour == 1 and when.date() == last_sunday(when.year, 3):
        when += dt.timedelta(hours=1)
    return when if (when.hour, when.minute) != (0, 0) else when + dt.timedelta(minutes=1)


def last_sunday(year: int, month: int) -> dt.date:
    """Return the last Sunday of a month, on which clocks change in March and October."""
    last = dt.date(year, month, 31)
    return last - dt.timedelta(days=(last.weekday() + 1) % 7)


def birthday(born: dt.date, years: int) -> dt.date:
    """Return the date on which an age is reached; 29 February becomes 1 March in other years."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return dt.date(born.year + years, 3, 1)


def age(born: dt.date, date: dt.date) -> int:
    """Return the age in whole years on a date."""
    return date.year - born.year - (birthday(born, date.year - born.year) > date)


def birth_date(years: int, date: dt.date, stream: RandomStream) -> dt.date:
    """Return a random date of birth of a person who has that age on that date."""
    return birthday(date, -years) - dt.timedelta(days=stream.integer(0, 363))


def time_between(start: dt.datetime, end: dt.datetime, stream: RandomStream) -> dt.datetime:
    """Return a random minute between two times, in daytime where possible."""
    time = start + (end - start) * stream.uniform(0.05, 0.95)
    by_day = random_minute(time, stream)
    return by_day if start < by_day < end else time.replace(second=0, microsecond=0)
