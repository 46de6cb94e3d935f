"""Which minute of universal time is a wall time in Europe/London, and which wall times never were?

The rules of the clock come from the pinned tzdata package, never from the machine. In the doubled hour of autumn the
first is meant; the hour that spring leaves out never was (return contract, section 3.2 and R19).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import pyarrow as pa

FIRST_DAY, DAYS = date(1900, 1, 1), 73_414  # to 2100: a date after the extraction falls out anyway
MINUTE = timedelta(minutes=1)


@lru_cache
def london() -> ZoneInfo:
    """The zone Europe/London of the pinned package."""
    with files("tzdata").joinpath("zoneinfo", "Europe", "London").open("rb") as stream:
        return ZoneInfo.from_file(stream, key="Europe/London")


def utc(wall: datetime) -> datetime:
    """The first minute of universal time with this wall time; both without a zone."""
    return wall.replace(tzinfo=london(), fold=0).astimezone(UTC).replace(tzinfo=None)


def wall(minute: datetime) -> datetime:
    """The wall time of a minute of universal time; both without a zone."""
    return minute.replace(tzinfo=UTC).astimezone(london()).replace(tzinfo=None)


def was(time: datetime) -> bool:
    """False for a wall time that spring leaves out."""
    return wall(utc(time)) == time


@lru_cache
def days() -> pa.Table:
    """One row a day: `day`, and how the clock stood on it.

    `early` and `late` are minutes to take off a wall time before and from `switch` (a minute of the day; 1440 where
    the clock does not change); wall times from `gap` up to `switch` never were.
    """
    first = datetime.combine(FIRST_DAY, datetime.min.time())
    midnights = [first + timedelta(days=number) for number in range(DAYS + 1)]
    offsets = [_offset(one) for one in midnights]
    rows = [_day(*one) for one in zip(midnights, offsets, offsets[1:], strict=False)]
    names = ("day", "early", "late", "gap", "switch")
    types = (pa.date32(), *[pa.int32()] * 4)
    columns = zip(*rows, strict=True)
    return pa.table([pa.array(column, kind) for column, kind in zip(columns, types, strict=True)], names=list(names))


def _day(midnight: datetime, early: int, late: int) -> tuple[date, int, int, int, int]:
    gap, switch = _change(midnight, early, late) if early != late else (1440, 1440)
    return midnight.date(), early, late, gap, switch


def _offset(time: datetime) -> int:
    return round((time - utc(time)) / MINUTE)


def _change(midnight: datetime, early: int, late: int) -> tuple[int, int]:
    """The minutes of the day at which the missing hour starts and at which the later clock holds."""
    minutes = range(0, 1440, 30)
    if late > early:
        gap = next(minute for minute in minutes if not was(midnight + minute * MINUTE))
        return gap, gap + late - early
    switch = next(minute for minute in minutes if _offset(midnight + minute * MINUTE) == late)
    return switch, switch
