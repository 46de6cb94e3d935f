"""Describe the cells of a column: date formats, numbers, codes and references.

The cells are held in memory only while the command runs. Its output is counts, and such words as `code_meanings`
releases.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from assay.ingest.date_formats import CLOCKS, CLOCKS_WITH_ZONE, DETECTED_DATE_FORMATS, DETECTED_FORMATS, parse_moment

MAX_VALUES_TRIED = 300
"""Different values of a column that are tried against every form of date."""
MIN_FIT_SHARE = 0.9


@dataclass(frozen=True)
class DateShape:
    """The formats of the dates and date-times in a column, and the share of its cells that have one of them.

    It holds the formats of a date and a date-time ('' if there is none) and `share`, the share of filled cells in one
    of them. `is_order_ambiguous` if no cell shows whether the day or the month comes first.
    """

    day: str = ""
    time: str = ""
    share: float = 0.0
    is_order_ambiguous: bool = False

    @property
    def day_form(self) -> str:
        """Return the format of the date, without that of the time of day."""
        return self.day or re.split(r"[ T]HH", self.time)[0]


@dataclass(frozen=True)
class ColumnShape:
    """One column of a file: filled rows, number of distinct values, and the commonest values with counts."""

    filled: int
    distinct: int
    values: Mapping[str, int]

    @property
    def is_unique(self) -> bool:
        """Return True if no value occurs twice."""
        return self.filled == self.distinct

    def matching_share(self, test: re.Pattern[str]) -> float:
        """Return the share of the sampled cells that match a pattern as a whole."""
        total = sum(self.values.values())
        return sum(count for value, count in self.values.items() if test.fullmatch(value)) / total if total else 0.0

    @property
    def number_share(self) -> float:
        """Return the share of cells that are numbers."""
        return self.matching_share(re.compile(r"-?\d+(\.\d+)?"))

    @property
    def dates(self) -> DateShape:
        """Return the format of the dates in the column; None if it does not hold dates."""
        return _detect_date_shape(tuple(self.values.items())[:MAX_VALUES_TRIED])

    def date_form_share(self, *forms: str) -> float:
        """Return the share of the sampled cells that are dates in one of the formats."""
        tried = list(self.values.items())[:MAX_VALUES_TRIED]
        fitting = sum(count for value, count in tried if any(_is_in(value, form) for form in forms if form))
        return fitting / sum(count for _, count in tried) if tried else 0.0


@lru_cache(maxsize=4096)
def _detect_date_shape(values: tuple[tuple[str, int], ...]) -> DateShape:
    total = sum(count for _, count in values)
    fitting = Counter[str]()
    for value, count in values:
        fitting.update(dict.fromkeys(_matching_forms(value), count))
    if not fitting:
        return DateShape()
    candidates = [_day_and_time_form(day, fitting) for day in DETECTED_DATE_FORMATS]
    best = max(candidates, key=lambda candidate: candidate[0])  # of equals the first, which is the form used here
    covered, day, time = best
    rivals = [candidate for candidate in candidates if candidate[0] == covered and candidate[1:] != best[1:]]
    return DateShape(day, time, covered / total, bool(rivals))


def _day_and_time_form(day: str, fitting: Mapping[str, int]) -> tuple[int, str, str]:
    """Return the cells covered by a form of day with its most common form of time."""
    times = {day + clock: fitting.get(day + clock, 0) for clock in (*CLOCKS, *CLOCKS_WITH_ZONE)}
    time = max(times, key=lambda form: times[form])
    day_count = fitting.get(day, 0)
    return day_count + times[time], day if day_count else "", time if times[time] else ""


@lru_cache(maxsize=65536)
def _matching_forms(value: str) -> tuple[str, ...]:
    return tuple(form for form in DETECTED_FORMATS if _is_in(value, form))


def _is_in(value: str, form: str) -> bool:
    return parse_moment(value, form) is not None
