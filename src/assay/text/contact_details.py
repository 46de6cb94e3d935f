"""Does a text hold what looks like a person's details: an address for mail, a telephone number, a postcode?"""

from __future__ import annotations

import re

# Codes are never looked at: a hash can hold any run of digits.
DETAILS = re.compile(
    r"[\w.+-]+@[\w-]+\.\w+"  # an address for mail
    r"|(?<![\w.])(?:\+44|0)(?:[ -]?\d){9,10}(?![\w.])"  # a telephone number
    r"|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"  # a postcode
)


def holds_details(text: str) -> bool:
    """Whether something in the text has the form of such a detail."""
    return DETAILS.search(text) is not None
