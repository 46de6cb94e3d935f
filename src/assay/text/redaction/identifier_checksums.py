"""Check digits and other checks of identifiers: NHS number, national insurance number, PNC ID."""

from __future__ import annotations

import re
from collections.abc import Callable

NHS_DIGITS = 10
PNC_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
"""Check letters of a PNC ID, by the remainder modulo 23 of two digits of the year followed by the number (7 digits)."""
NEVER_ISSUED = frozenset({"bg", "gb", "kn", "nk", "nt", "tn", "zz"})
DATES = re.compile(
    r"(?:(?:19|20)\d{2}[\s.-](?:0?[1-9]|1[0-2])[\s.-](?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])[\s.-](?:0?[1-9]|1[0-2])[\s.-](?:19|20)\d{2})(?:\s\d{1,2}[.]?\d{2})?"
)


def is_nhs_number(text: str) -> bool:
    """Return True if ten digits end in their check digit: weights 10 to 2, modulo 11 (NHS Data Dictionary)."""
    digits = [int(sign) for sign in text if sign.isdigit()]
    if len(digits) != NHS_DIGITS or len(set(digits)) == 1:
        return False
    check = 11 - sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=False)) % 11
    return check != 10 and digits[-1] == (0 if check == 11 else check)


def is_national_insurance_number(text: str) -> bool:
    """Return True if the two-letter prefix may be issued."""
    return text[:2].lower() not in NEVER_ISSUED


def is_pnc_id(text: str) -> bool:
    """Return True if the last letter is the check letter of year and number."""
    year, _, rest = re.sub(r"\s", "", text).partition("/")
    return PNC_LETTERS[int(year[-2:] + rest[:-1].zfill(7)) % 23] == rest[-1].upper()


def is_not_date(text: str) -> bool:
    """Return True if digits are a number rather than a date, which is not redacted."""
    return not DATES.fullmatch(text)


CHECKS: dict[str, Callable[[str], bool]] = {
    "nhs_number": is_nhs_number,
    "national_insurance": is_national_insurance_number,
    "pnc_id": is_pnc_id,
    "no_date": is_not_date,
}
