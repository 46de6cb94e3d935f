"""Parse the numbers and periods of published tables; a cell in an undeclared form is refused, not guessed."""

from __future__ import annotations

import re
from datetime import date
from math import isfinite

from assay.ingest.added_tables.long_form import long_form

NUMBER = re.compile(r"[-\u2212]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
"""A number with or without a comma before each three digits; no sign for per cent, since that would be a hundredth."""
EXPONENT = re.compile(r"-?\d(\.\d+)?[eE]\+?\d{1,2}")
"""1.2e5, as a workbook stores some whole numbers."""
MONTHS = "YYYY-MM"
TWO_PARTS = re.compile(r"(\d{4})-(\d{2})")


def parse_number(text: str) -> float | None:
    """Return the number in a cell; None if the cell holds anything else."""
    if not (NUMBER.fullmatch(text) or EXPONENT.fullmatch(text)):
        return None
    number = float(text.replace(",", "").replace("\u2212", "-"))
    return number if isfinite(number) else None


def parse_period(text: str, form: str) -> str:
    """Return the period in the long form; '' if the text is not in the declared form.

    Parameters
    ----------
    form
        'as printed', 'YYYYYY' (202425 is 2024/25), 'YYYY-YY' (2024-25 is 2024/25) or 'YYYY-MM' (2010-11 is November
        2010). The second and the third must name two consecutive years.
    """
    if form in ("as printed", MONTHS):
        return text if is_period(text) and (form != MONTHS or TWO_PARTS.fullmatch(text)) else ""
    pattern = r"(\d{4})(\d{2})" if form == "YYYYYY" else r"(\d{4})-(\d{2})"
    match = re.fullmatch(pattern, text)
    return f"{match[1]}/{match[2]}" if match and _are_consecutive(match[1], match[2]) else ""


def is_period(text: str) -> bool:
    """Return True for a period that exists: months from 01 to 12, days of the calendar, consecutive years."""
    if not long_form().fits("period", text):
        return False
    if "/" in text:
        return _are_consecutive(text[:4], text[5:7])
    if "-" not in text:
        return True
    try:
        date.fromisoformat(text if text.count("-") > 1 else f"{text}-01")
    except ValueError:
        return False
    return True


def may_be_two_years(text: str) -> bool:
    """Return True for 2010-11, which may be November 2010 or the year from 2010 to 2011; also for 2024-25."""
    match = TWO_PARTS.fullmatch(text)
    return match is not None and _are_consecutive(match[1], match[2])


def _are_consecutive(year: str, last_digits: str) -> bool:
    return (int(year) + 1) % 100 == int(last_digits)
