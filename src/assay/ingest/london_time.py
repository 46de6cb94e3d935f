"""Convert between local time in Europe/London and universal time.

The rules of the clock come from the pinned tzdata package, never from the machine. A time in the repeated hour of
autumn means its first occurrence; a time in the hour that is skipped in spring does not exist (return contract, section
3.2 and R19).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa

FIRST_DAY, N_DAYS = date(1900, 1, 1), 73_414  # to 2100: a date after the extraction falls out anyway
EPOCH = date(1970, 1, 1)
MINUTE = timedelta(minutes=1)
DAY_MINUTES = 1440


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
    offsets = _midnight_offsets()
    early, late = offsets[:-1], offsets[1:]
    gap, switch = np.full(N_DAYS, DAY_MINUTES, np.int32), np.full(N_DAYS, DAY_MINUTES, np.int32)
    for day in np.flatnonzero(early != late).tolist():
        gap[day], switch[day] = _clock_change(_midnight(day), int(early[day]), int(late[day]))
    days = pa.array(np.arange(N_DAYS, dtype=np.int32) + (FIRST_DAY - EPOCH).days).cast(pa.date32())
    return pa.table({"day": days, "early": early, "late": late, "gap": gap, "switch": switch})


def _midnight_offsets() -> npt.NDArray[np.int32]:
    """Return the offset of London time at each midnight, in minutes.

    The clocks never changed twice within a week, so the days of a week that begins and ends with one offset have it.
    """
    offsets = np.empty(N_DAYS + 1, np.int32)
    week_starts = [*range(0, N_DAYS, 7), N_DAYS]
    at_start = {day: _offset_minutes(_midnight(day)) for day in week_starts}
    for start, end in pairwise(week_starts):
        is_constant = at_start[start] == at_start[end]
        offsets[start:end] = (
            at_start[start] if is_constant else [_offset_minutes(_midnight(day)) for day in range(start, end)]
        )
    offsets[N_DAYS] = at_start[N_DAYS]
    return offsets


def _midnight(day: int) -> datetime:
    """Return the midnight at which a day begins, by its number from `FIRST_DAY`."""
    return datetime.combine(FIRST_DAY, datetime.min.time()) + timedelta(days=day)


def _offset_minutes(time: datetime) -> int:
    return round((time - universal_time(time)) / MINUTE)


def _clock_change(midnight: datetime, early: int, late: int) -> tuple[int, int]:
    """Return the minutes of the day at which the missing hour starts and at which the later clock applies."""
    minutes = range(0, DAY_MINUTES, 30)
    if late > early:
        gap = next(minute for minute in minutes if not is_valid_local_time(midnight + minute * MINUTE))
        return gap, gap + late - early
    switch = next(minute for minute in minutes if _offset_minutes(midnight + minute * MINUTE) == late)
    return switch, switch
