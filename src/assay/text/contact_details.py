"""Detect what has the form of contact details in a text: email address, telephone number, postcode."""

from __future__ import annotations

import re

# Not for pseudonyms or hashes, which may contain any run of digits.
DETAILS = re.compile(
    r"[\w.+-]+@[\w-]+\.\w+"  # an email address
    r"|(?<![\w.])(?:\+44|0)(?:[ -]?\d){9,10}(?![\w.])"  # a telephone number
    r"|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"  # a postcode
)


def holds_details(text: str) -> bool:
    """Return True if something in the text has the form of contact details."""
    return DETAILS.search(text) is not None
