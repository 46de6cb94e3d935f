"""Rules for records that cannot be the same person, such as conflicting dates of birth.

Two rules. Dates of birth conflict if they differ by more than a year and not by a typing error (day and month swapped,
or one digit). A child on one record and an adult suspect on the other conflict unless they were born within a year of
one another; here a typing error is no excuse, because it would make a man of forty a child of nine. A different sex
alone is no contradiction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

CLOSE_DAYS = 366
CONFLICTING_BIRTH_DATES = "dates of birth far apart"
CHILD_AND_ADULT = "a child on one record, an adult suspect on another"
CONFLICTING_FORENAMES = "the same surname, and forenames that do not go together"
WEAK_SUPPORT = "held together by too few likely pairs"
EPOCH = dt.date(1970, 1, 1).toordinal()
CHILD, ADULT_SUSPECT = "child", "adult suspect"


@dataclass(frozen=True)
class BirthEvidence:
    """Dates of birth recorded for a person, as days since 1970, in all and by role (child or adult suspect)."""

    born: frozenset[int]
    as_child: frozenset[int] = frozenset()
    as_adult: frozenset[int] = frozenset()

    def union(self, other: BirthEvidence) -> BirthEvidence:
        """Return the combined evidence of two records or clusters."""
        return BirthEvidence(self.born | other.born, self.as_child | other.as_child, self.as_adult | other.as_adult)


NO_BIRTH_EVIDENCE = BirthEvidence(frozenset())
Days = np.ndarray[Any, np.dtype[np.int64]]


def find_contradiction(first: BirthEvidence, second: BirthEvidence) -> str:
    """Return the reason why two records cannot be the same person, or an empty string."""
    if any(birth_dates_conflict(a, b) for a in first.born for b in second.born if a != b):
        return CONFLICTING_BIRTH_DATES
    if _days_conflict(first.as_child, second.as_adult) or _days_conflict(second.as_child, first.as_adult):
        return CHILD_AND_ADULT
    return ""


def find_internal_contradiction(evidence: BirthEvidence) -> str:
    """Return the reason why the evidence cannot describe one person, or an empty string."""
    days = sorted(evidence.born)
    if any(birth_dates_conflict(a, b) for position, a in enumerate(days) for b in days[position + 1 :]):
        return CONFLICTING_BIRTH_DATES
    return CHILD_AND_ADULT if _days_conflict(evidence.as_child, evidence.as_adult) else ""


def _days_conflict(children: Collection[int], adults: Iterable[int]) -> bool:
    return any(abs(a - b) > CLOSE_DAYS for a in adults for b in children)


@lru_cache(maxsize=100_000)
def birth_dates_conflict(day: int, other_day: int) -> bool:
    """Return True if two dates of birth differ by over a year and not by a typing error."""
    if abs(day - other_day) <= CLOSE_DAYS:
        return False
    digits, other_digits = date_digits(day), date_digits(other_day)
    swapped = digits[:4] == other_digits[:4] and digits[4:6] == other_digits[6:] and digits[6:] == other_digits[4:6]
    return (
        not swapped and sum(digit != other_digit for digit, other_digit in zip(digits, other_digits, strict=True)) > 1
    )


def birth_date_conflicts(first: Days, second: Days) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return for each pair of birth dates whether they conflict (see `birth_dates_conflict`).

    `first` and `second` are days since 1 January 1970, of one shape (pairs,).
    """
    conflicts: np.ndarray[Any, np.dtype[np.bool_]] = np.abs(first - second) > CLOSE_DAYS
    first_numbers, second_numbers = (_date_numbers(days[conflicts]) for days in (first, second))
    swapped = (
        (first_numbers // 10000 == second_numbers // 10000)
        & (first_numbers // 100 % 100 == second_numbers % 100)
        & (first_numbers % 100 == second_numbers // 100 % 100)
    )
    digit_count = sum(
        (first_numbers // 10**position % 10 != second_numbers // 10**position % 10).astype(np.int64)
        for position in range(8)
    )
    conflicts[conflicts] = ~swapped & (digit_count > 1)
    return conflicts


def _date_numbers(days: Days) -> Days:
    """Return days since 1970 as numbers of the form YYYYMMDD."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    year, month = np.divmod(months.astype(np.int64), 12)
    day = (dates - months.astype("datetime64[D]")).astype(np.int64)
    return np.asarray((year + 1970) * 10000 + (month + 1) * 100 + day + 1)


def date_digits(day: int) -> str:
    """Return a date as eight digits: year, month, day."""
    return dt.date.fromordinal(day + EPOCH).strftime("%Y%m%d").zfill(8)


def swap_day_and_month(day: int) -> int | None:
    """Return the date with day and month swapped, or None if that is no date or the same date."""
    date = dt.date.fromordinal(day + EPOCH)
    if date.day > 12 or date.day == date.month:
        return None
    return date.replace(month=date.day, day=date.month).toordinal() - EPOCH
