"""Number of people who gave an answer: it may be shown and added, but not made a share, a rate or a rank.

Those who answer when victims and survivors are asked are not a sample of those who did not. So a `RespondentCount` has
no division, no comparison by size, and no way to a number but `told`, which a page or a table prints.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RespondentCount:
    """People who said something; None where nobody knows how many."""

    _people: int | None

    def __post_init__(self) -> None:
        if self._people is not None and (type(self._people) is not int or self._people < 0):
            raise TypeError("People who said something are a whole number from 0 up, or not known.")

    def __add__(self, other: RespondentCount) -> RespondentCount:
        """Both together; not known where one is not."""
        if not isinstance(other, RespondentCount):
            return NotImplemented
        if self._people is None or other._people is None:
            return RespondentCount(None)
        return RespondentCount(self._people + other._people)

    @property
    def value(self) -> int | None:
        """The number, to be printed beside who was asked and how."""
        return self._people


@dataclass(frozen=True, slots=True)
class Days:
    """A wait in whole days, as a service says it; None where it does not."""

    value: int | None


def sum_respondents(counts: Iterable[RespondentCount]) -> RespondentCount:
    """All of them together."""
    total = RespondentCount(0)
    for count in counts:
        total += count
    return total
