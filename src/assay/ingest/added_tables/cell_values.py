"""Read the numbers and periods of published tables; what has another form is not guessed."""

from __future__ import annotations

import re
from math import isfinite

NUMBER = re.compile(r"[-\u2212]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
"""A number with or without a comma before each three digits; no sign for per cent, since that would be a hundredth."""
EXPONENT = re.compile(r"-?\d(\.\d+)?[eE]\+?\d{1,2}")
"""1.2e5, as a workbook stores some whole numbers."""


def parse_number(text: str) -> float | None:
    """Return the number in a cell; None if the cell holds anything else."""
    if not (NUMBER.fullmatch(text) or EXPONENT.fullmatch(text)):
        return None
    number = float(text.replace(",", "").replace("\u2212", "-"))
    return number if isfinite(number) else None


def parse_period(text: str, form: str) -> str:
    """Return a period in the long form; '' if a text has not the declared form.

    Parameters
    ----------
    form
        'as printed', 'YYYYYY' (202425 is 2024/25) or 'YYYY-YY' (2024-25 is 2024/25). The last two must name two years
        that follow one another.
    """
    if form == "as printed":
        return text
    pattern = r"(\d{4})(\d{2})" if form == "YYYYYY" else r"(\d{4})-(\d{2})"
    match = re.fullmatch(pattern, text)
    follows = match is not None and (int(match[1]) + 1) % 100 == int(match[2])
    return f"{match[1]}/{match[2]}" if match and follows else ""
