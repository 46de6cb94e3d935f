"""When two files hold the same year, which is the newer edition?

An edition is told by what was given, else by a date of publication (on the cover sheet or at the end of the
file's name), else by the period it ends with ('mar2025'). Two editions are compared only when both are told
in the same way: a guess here would change figures without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_PUBLISHED = re.compile(rf"publish\w*\W+(?:on\W+)?(\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH}\s+(20\d\d)", re.I)
_ISO = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_SHORT = re.compile(r"[-_ ](\d\d)(\d\d)(\d\d)$")
_PERIOD = re.compile(rf"(?<![a-z]){_MONTH}[-_ ]?(20\d\d)(?![-_ ]*(?:onwards|to)\b)", re.I)


@dataclass(frozen=True)
class Edition:
    """`label` as it is quoted; `told_by` is 'given', 'published', 'period' or '' (not told); `rank` sorts by
    time."""

    label: str
    told_by: str
    rank: str

    def comparable_with(self, other: Edition) -> bool:
        """True when both are told in the same way, and differ."""
        return bool(self.told_by) and self.told_by == other.told_by and self.rank != other.rank


def edition_of(name: str, cover: Iterable[str], given: str | None = None) -> Edition:
    """The edition of a file by its name and the texts of its cover and title rows."""
    if given:
        return Edition(given, "given", given)
    stem = re.sub(r"(\.(csv|xlsx|ods|parquet|gz|txt))+$", "", name, flags=re.I)
    texts = list(cover)
    published = _published(stem, texts)
    if published:
        label = f"published {published.day} {NAMES[published.month - 1]} {published.year}"
        return Edition(label, "published", published.isoformat())
    periods = [_period(found) for text in (stem, *texts) for found in _PERIOD.finditer(text.replace("_", " "))]
    if periods:
        year, month = max(periods)
        return Edition(f"year ending {NAMES[month - 1]} {year}", "period", f"{year}-{month:02d}")
    return Edition("", "", "")


def _published(stem: str, texts: list[str]) -> date | None:
    for text in texts:
        if found := _PUBLISHED.search(text):
            return _date(int(found[3]), _month(found[2]), int(found[1]))
    if found := _ISO.search(stem):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _SHORT.search(stem):
        return _date(2000 + int(found[3]), int(found[2]), int(found[1]))
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return datetime(year, month, day).date()
    except ValueError:
        return None


def _period(found: re.Match[str]) -> tuple[int, int]:
    return int(found[2]), _month(found[1])


def _month(name: str) -> int:
    return MONTHS.index(name[:3].lower()) + 1
