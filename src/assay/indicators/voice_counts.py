"""A count of people who gave an answer; it may be shown and added, but not turned into a share, a rate or a rank.

Victims and survivors who answer are not a sample of those who do not. So a `RespondentCount` has no division and no
comparison by size, and only `value` returns the number, for printing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RespondentCount:
    """The number of people who gave an answer; None if unknown."""

    _people: int | None

    def __post_init__(self) -> None:
        if self._people is not None and (type(self._people) is not int or self._people < 0):
            raise TypeError("People who said something are a whole number from 0 up, or not known.")

    def __add__(self, other: RespondentCount) -> RespondentCount:
        """Return the sum; unknown if either is unknown."""
        if not isinstance(other, RespondentCount):
            return NotImplemented
        if self._people is None or other._people is None:
            return RespondentCount(None)
        return RespondentCount(self._people + other._people)

    @property
    def value(self) -> int | None:
        """The number, to be printed only with who was asked and how."""
        return self._people


@dataclass(frozen=True, slots=True)
class Days:
    """A waiting time in whole days as reported by a service; None if not reported."""

    value: int | None


def sum_respondents(counts: Iterable[RespondentCount]) -> RespondentCount:
    """Return the sum of these counts of people; unknown if one of them is unknown."""
    total = RespondentCount(0)
    for count in counts:
        total += count
    return total
