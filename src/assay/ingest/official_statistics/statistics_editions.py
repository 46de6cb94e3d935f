"""Find the edition of a statistics file, and decide which of two editions is newer.

The edition is the one that the user states, else the date of publication (on the cover sheet or at the end of the file
name), else the period that it ends with ('mar2025'). Two editions are compared only if both rest on the same kind of
evidence, because a wrong guess would change figures silently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_PUBLICATION_DATE = re.compile(rf"publish\w*\W+(?:on\W+)?(\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH}\s+(20\d\d)", re.I)
_ISO_PUBLICATION_DATE = re.compile(r"published on\W+(20\d\d)-(\d\d)-(\d\d)", re.I)
_ISO_DATE = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_SHORT_DATE = re.compile(r"[-_ ](\d\d)(\d\d)(\d\d)$")
_PERIOD = re.compile(rf"(?<![a-z]){_MONTH}[-_ ]?(20\d\d)(?![-_ ]*(?:onwards|to)\b)", re.I)


@dataclass(frozen=True)
class Edition:
    """One edition of a published statistic.

    Parameters
    ----------
    label
        The edition as a report quotes it: 'published 24 July 2025'.
    evidence
        What the label is based on: 'given' by the user, a date when it was 'published', the 'period' that it ends with,
        or '' if nothing shows the edition.
    rank
        A text that sorts after those of earlier editions with the same evidence: '2025-07-24'.
    """

    label: str
    evidence: str
    rank: str

    def is_comparable(self, other: Edition) -> bool:
        """Return True if both editions were found from the same kind of evidence and differ."""
        return bool(self.evidence) and self.evidence == other.evidence and self.rank != other.rank


def find_edition(name: str, title_texts: Iterable[str], label_override: str | None = None) -> Edition:
    """Return the edition of a file from its name and the texts of its title rows."""
    if label_override:
        return Edition(label_override, "given", label_override)
    stem = re.sub(r"(\.(csv|xlsx|ods|parquet|gz|txt))+$", "", name, flags=re.I)
    texts = list(title_texts)
    publication_date = _publication_date(stem, texts)
    if publication_date:
        label = f"published {publication_date.day} {MONTH_NAMES[publication_date.month - 1]} {publication_date.year}"
        return Edition(label, "published", publication_date.isoformat())
    periods = [_period(match) for text in (stem, *texts) for match in _PERIOD.finditer(text.replace("_", " "))]
    if periods:
        year, month = max(periods)
        return Edition(f"year ending {MONTH_NAMES[month - 1]} {year}", "period", f"{year}-{month:02d}")
    return Edition("", "", "")


def _publication_date(stem: str, texts: list[str]) -> date | None:
    for text in texts:
        if match := _PUBLICATION_DATE.search(text):
            return _valid_date(int(match[3]), _month(match[2]), int(match[1]))
    # In a workbook the words and the day stand in cells side by side.
    if match := _ISO_PUBLICATION_DATE.search(" ".join(texts)):
        return _valid_date(int(match[1]), int(match[2]), int(match[3]))
    if match := _ISO_DATE.search(stem):
        return _valid_date(int(match[1]), int(match[2]), int(match[3]))
    if match := _SHORT_DATE.search(stem):
        return _valid_date(2000 + int(match[3]), int(match[2]), int(match[1]))
    return None


def _valid_date(year: int, month: int, day: int) -> date | None:
    try:
        return datetime(year, month, day).date()
    except ValueError:
        return None


def _period(match: re.Match[str]) -> tuple[int, int]:
    return int(match[2]), _month(match[1])


def _month(name: str) -> int:
    return MONTHS.index(name[:3].lower()) + 1
