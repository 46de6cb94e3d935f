"""What can never be one person, whatever else is alike?

Two dates of birth far apart: more than a year, and not a slip of the hand (day and month in each other's place, or one
digit). And a child on the one record who is an adult suspect on the other, unless they were born within a year of one
another: a slip of the hand that makes a man of forty of a child of nine is not believed. Two sexes alone are no reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

CLOSE_DAYS = 366
FAR_BIRTHS = "dates of birth far apart"
CHILD_AND_ADULT = "a child on one record, an adult suspect on another"
KIN = "the same surname, and forenames that do not go together"
WEAK = "held together by too few likely pairs"
EPOCH = dt.date(1970, 1, 1).toordinal()
CHILD, ADULT_SUSPECT = "child", "adult suspect"


@dataclass(frozen=True)
class Known:
    """What is known of somebody's birth: whole days since 1970 as they stand, and those on records of a child, or of
    an adult suspect."""

    born: frozenset[int]
    as_child: frozenset[int] = frozenset()
    as_adult: frozenset[int] = frozenset()

    def and_of(self, other: Known) -> Known:
        """What is known of both together."""
        return Known(self.born | other.born, self.as_child | other.as_child, self.as_adult | other.as_adult)


NOTHING = Known(frozenset())
Days = np.ndarray[Any, np.dtype[np.int64]]


def contradiction(one: Known, other: Known) -> str:
    """Why the two cannot be one person; '' if nothing speaks against it."""
    if any(far_apart(a, b) for a in one.born for b in other.born if a != b):
        return FAR_BIRTHS
    if _apart(one.as_child, other.as_adult) or _apart(other.as_child, one.as_adult):
        return CHILD_AND_ADULT
    return ""


def contradicts_itself(known: Known) -> str:
    """Why what is known of one person cannot be of one."""
    days = sorted(known.born)
    if any(far_apart(a, b) for place, a in enumerate(days) for b in days[place + 1 :]):
        return FAR_BIRTHS
    return CHILD_AND_ADULT if _apart(known.as_child, known.as_adult) else ""


def _apart(children: Collection[int], adults: Iterable[int]) -> bool:
    return any(abs(a - b) > CLOSE_DAYS for a in adults for b in children)


@lru_cache(maxsize=100_000)
def far_apart(one: int, other: int) -> bool:
    """Whether two days of birth are more than a year apart, and no slip of the hand."""
    if abs(one - other) <= CLOSE_DAYS:
        return False
    a, b = written(one), written(other)
    turned = a[:4] == b[:4] and a[4:6] == b[6:] and a[6:] == b[4:6]
    return not turned and sum(x != y for x, y in zip(a, b, strict=True)) > 1


def far_apart_days(one: Days, other: Days) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """What `far_apart` says of each of many pairs of days."""
    found: np.ndarray[Any, np.dtype[np.bool_]] = np.abs(one - other) > CLOSE_DAYS
    a, b = (_as_numbers(days[found]) for days in (one, other))
    turned = (a // 10000 == b // 10000) & (a // 100 % 100 == b % 100) & (a % 100 == b // 100 % 100)
    digits = sum((a // 10**place % 10 != b // 10**place % 10).astype(np.int64) for place in range(8))
    found[found] = ~turned & (digits > 1)
    return found


def _as_numbers(days: Days) -> Days:
    """Year, month and day as one number."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    year, month = np.divmod(months.astype(np.int64), 12)
    day = (dates - months.astype("datetime64[D]")).astype(np.int64)
    return np.asarray((year + 1970) * 10000 + (month + 1) * 100 + day + 1)


def written(day: int) -> str:
    """A day as eight digits: year, month, day."""
    return dt.date.fromordinal(day + EPOCH).strftime("%Y%m%d").zfill(8)


def turned(day: int) -> int | None:
    """The day with day and month in each other's place, if there is such a day and it is another."""
    date = dt.date.fromordinal(day + EPOCH)
    if date.day > 12 or date.day == date.month:
        return None
    return date.replace(month=date.day, day=date.month).toordinal() - EPOCH
