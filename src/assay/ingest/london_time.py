"""Convert between local time in Europe/London and universal time.

The rules of the clock come from the pinned tzdata package, never from the machine. A time in the repeated hour of
autumn means its first occurrence; a time in the hour that is skipped in spring does not exist (return contract, section
3.2 and R19).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import pyarrow as pa

FIRST_DAY, N_DAYS = date(1900, 1, 1), 73_414  # to 2100: a date after the extraction falls out anyway
MINUTE = timedelta(minutes=1)


@lru_cache
def london() -> ZoneInfo:
    """Return the zone Europe/London of the pinned package."""
    with files("tzdata").joinpath("zoneinfo", "Europe", "London").open("rb") as stream:
        return ZoneInfo.from_file(stream, key="Europe/London")


def universal_time(time: datetime) -> datetime:
    """Return the UTC time of a London local time (the first of two in autumn); neither carries a zone."""
    return time.replace(tzinfo=london(), fold=0).astimezone(UTC).replace(tzinfo=None)


def local_time(minute: datetime) -> datetime:
    """Return the London local time of a UTC time; neither carries a time zone."""
    return minute.replace(tzinfo=UTC).astimezone(london()).replace(tzinfo=None)


def is_valid_local_time(time: datetime) -> bool:
    """Return False for a local time that does not exist because the clocks go forward."""
    return local_time(universal_time(time)) == time


@lru_cache
def clock_days() -> pa.Table:
    """Return one row for each calendar day, with the offsets of London time from UTC on that day.

    `early` and `late` are the minutes to subtract from a local time before and from `switch` (a minute of the day; 1440
    if the clock does not change). Local times from `gap` up to `switch` do not exist.
    """
    first = datetime.combine(FIRST_DAY, datetime.min.time())
    midnights = [first + timedelta(days=number) for number in range(N_DAYS + 1)]
    offsets = [_offset_minutes(entry) for entry in midnights]
    rows = [_clock_day(*entry) for entry in zip(midnights, offsets, offsets[1:], strict=False)]
    names = ("day", "early", "late", "gap", "switch")
    types = (pa.date32(), *[pa.int32()] * 4)
    columns = zip(*rows, strict=True)
    return pa.table([pa.array(column, kind) for column, kind in zip(columns, types, strict=True)], names=list(names))


def _clock_day(midnight: datetime, early: int, late: int) -> tuple[date, int, int, int, int]:
    gap, switch = _clock_change(midnight, early, late) if early != late else (1440, 1440)
    return midnight.date(), early, late, gap, switch


def _offset_minutes(time: datetime) -> int:
    return round((time - universal_time(time)) / MINUTE)


def _clock_change(midnight: datetime, early: int, late: int) -> tuple[int, int]:
    """Return the minutes of the day at which the missing hour starts and at which the later clock applies."""
    minutes = range(0, 1440, 30)
    if late > early:
        gap = next(minute for minute in minutes if not is_valid_local_time(midnight + minute * MINUTE))
        return gap, gap + late - early
    switch = next(minute for minute in minutes if _offset_minutes(midnight + minute * MINUTE) == late)
    return switch, switch
