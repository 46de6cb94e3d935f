"""Describe the cells of a column: date formats, numbers, codes and references.

The cells are held in memory only while the command runs. Its output is counts, and such words as `code_meanings`
releases.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from assay.ingest import london_time
from assay.ingest.column_mapping import strptime_format
from assay.ingest.time_zones import with_numeric_offset

DAY_FORMS = (
    "YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY", "DD-MM-YYYY", "DD.MM.YYYY", "YYYY/MM/DD", "YYYYMMDD", "DD/MM/YY",
    "DD MMM YYYY", "DD-MMM-YYYY", "DD-MMM-YY",
)  # fmt: skip
ISO_DAY = "YYYY-MM-DD"
CLOCKS = (" HH:MM", " HH:MM:SS", "THH:MM", "THH:MM:SS")
ISO_TIMES = ("YYYY-MM-DDTHH:MM", "YYYY-MM-DDTHH:MM:SS")
CLOCKS_WITH_ZONE = tuple(f"{clock}Z" for clock in CLOCKS)
"""Formats of a time with a zone at its end."""
DATE_FORMS = (*DAY_FORMS, *(day + clock for day in DAY_FORMS for clock in (*CLOCKS, *CLOCKS_WITH_ZONE)))
MAX_VALUES_TRIED = 300
"""Different values of a column that are tried against every form of date."""
MIN_FIT_SHARE = 0.9
_PATTERN = {"YYYY": r"\d{4}", "YY": r"\d{2}", "MMM": "[A-Za-z]{3}", "MM": r"\d{2}", "DD": r"\d{2}", "HH": r"\d{2}",
            "SS": r"\d{2}"}  # fmt: skip
ZONE_PATTERN = r"\s*(Z|z|UTC|GMT|BST|[+-]\d{2}(:?\d{2})?)"
"""Pattern of a zone at the end of a cell, as `time_zones` reads it."""
_ONE_DIGIT_TOO = {"MM": r"\d{1,2}", "DD": r"\d{1,2}", "HH": r"\d{1,2}"}


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
    candidates = [_day_and_time_form(day, fitting) for day in DAY_FORMS]
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
    return tuple(form for form in DATE_FORMS if _is_in(value, form))


@lru_cache(maxsize=256)
def _form_pattern(form: str) -> re.Pattern[str]:
    """Return the pattern of a cell in a date form.

    With separators 1/2/2011 9:05 matches too, as in the reader of the return; the contract's own form must match
    exactly.
    """
    parts = re.compile("|".join(sorted(_PATTERN, key=len, reverse=True)))
    loose = not form.startswith(ISO_DAY) and not re.search("DDMM|MMDD|MMYY|YYMM", form)
    day, hour, rest = re.escape(form.removesuffix("Z")).partition("HH")
    first = _PATTERN | _ONE_DIGIT_TOO if loose else _PATTERN
    date_and_time = parts.sub(lambda m: first[m[0]], day + hour) + parts.sub(lambda m: _PATTERN[m[0]], rest)
    fraction = r"([.,]\d+)?" if form.removesuffix("Z").endswith("SS") else ""
    return re.compile(date_and_time + fraction + (ZONE_PATTERN if form.endswith("Z") else ""))


def _is_in(value: str, form: str) -> bool:
    return parse_moment(value, form) is not None


@lru_cache(maxsize=65536)
def parse_moment(value: str, form: str) -> datetime | None:
    """Return the date or time of a cell in London local time; None if the cell is not in the format."""
    if not _form_pattern(form).fullmatch(value):
        return None
    try:
        time = datetime.strptime(with_numeric_offset(value), strptime_format(form))
        time = london_time.local_time(time.astimezone(UTC).replace(tzinfo=None)) if time.tzinfo else time
    except (ValueError, OverflowError):
        return None
    return time if time.year > 1850 else None
