"""Financial years and quarters as months in words: '2025/26 Q3' is 'October to December 2025'."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from assay.wording import QUARTER_MONTHS, calendar_year, quarter_end

PERIOD_KINDS = {
    "calendar year": r"\d{4}",
    "financial year": r"\d{4}/\d{2}",
    "calendar quarter": r"\d{4} Q\d",
    "financial quarter": r"\d{4}/\d{2} Q\d",
    "month": r"\d{4}-\d{2}",
    "day": r"\d{4}-\d{2}-\d{2}",
}
"""The kinds of period of a published table and how each is written; periods of one kind sort by time as text."""


def periods_by_kind(periods: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Return the periods of each kind (year, quarter ...), years first, in order of time; unknown kinds come last."""
    left = set(periods)
    found = []
    for kind, pattern in PERIOD_KINDS.items():
        if matches := sorted(text for text in left if re.fullmatch(pattern, text)):
            found.append((kind, matches))
            left -= set(matches)
    return [*found, ("other period", sorted(left))] if left else found


def year_text(financial_year: str) -> str:
    """Return a financial year by its last month: '2024/25' is 'the year to March 2025'."""
    return f"the year to March {_last_calendar_year(financial_year)}"


def quarter_text(quarter: str) -> str:
    """Return one quarter in words: '2025/26 Q3' is 'October to December 2025'."""
    return span_text(quarter, quarter)


def span_text(first: str, last: str) -> str:
    """Return a span of quarters in words, including the last: 'January to December 2025'."""
    first_month, first_year = QUARTER_MONTHS[int(first[-1])][0], calendar_year(first)
    start = first_month if first_year == calendar_year(last) else f"{first_month} {first_year}"
    return f"{start} to {quarter_end(last)}"


def partial_date_text(day: str) -> str:
    """Return a day, month or year in words: '2026-06-29' is '29 June 2026', '2026-06' is 'June 2026'.

    Text that is no such date is returned unchanged.
    """
    try:
        first = date.fromisoformat(f"{day}-01" if len(day) == len("2026-06") else day)
    except ValueError:
        return day
    return f"{first:%B %Y}" if len(day) == len("2026-06") else f"{first.day} {first:%B %Y}"


def _last_calendar_year(financial_year: str) -> int:
    return int(financial_year[:4]) + 1
