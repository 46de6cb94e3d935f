"""Quarters of financial years: order, distance and label.

Official tables count by financial year (April to March) and quarter (1 = April to June). A quarter's index is the
number of quarters since 2000/01 Q1, so that distances are subtractions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assay.errors import UsageError

_LABEL = re.compile(r"^(\d{4})/(\d{2}) Q([1-4])$")
_YEAR = re.compile(r"^(\d{4})(?:[/-](?:20)?(\d{2}))?$")


@dataclass(frozen=True, order=True)
class Quarter:
    """One quarter of a financial year; ordered in time."""

    index: int

    @property
    def financial_year(self) -> str:
        """'2024/25' for April 2024 to March 2025."""
        return financial_year(2000 + self.index // 4)

    @property
    def number(self) -> int:
        """1 (April to June) to 4 (January to March)."""
        return self.index % 4 + 1

    def __str__(self) -> str:
        return f"{self.financial_year} Q{self.number}"

    def __add__(self, quarters: int) -> Quarter:
        return Quarter(self.index + quarters)


def financial_year(first_year: int) -> str:
    """Return the label of the financial year that starts in April of `first_year`."""
    return f"{first_year}/{(first_year + 1) % 100:02d}"


def start_year(year: str) -> int:
    """Return the year in which a financial year ('2024/25', '2024-25' or '2024') starts; otherwise UsageError."""
    match = _YEAR.match(year.strip())
    if not match or (match[2] and int(match[2]) != (int(match[1]) + 1) % 100):
        raise UsageError(f"{year!r} is not a financial year. Write it as 2024/25 (April 2024 to March 2025).")
    return int(match[1])


def make_quarter(year: str, number: int) -> Quarter:
    """Return the quarter `number` (1 to 4) of the financial year `year`."""
    return Quarter((start_year(year) - 2000) * 4 + number - 1)


def parse_quarter(label: str) -> Quarter:
    """Return the quarter that '2024/25 Q1' names; UsageError otherwise."""
    match = _LABEL.match(label)
    if not match:
        raise UsageError(f"{label!r} is not a quarter. Write it as '2024/25 Q1' (April to June 2024).")
    return make_quarter(f"{match[1]}/{match[2]}", int(match[3]))
