"""Put a number before a description of records, in the singular for one record."""

from __future__ import annotations

import re

from assay.wording import format_number

SINGULAR_VERBS = {"have": "has", "were": "was", "are": "is"}


def count_sentence(count: int, description: str) -> str:
    """Return '2 crimes were recorded late' or '1 crime was recorded late', given the description in the plural."""
    if count == 1:
        description = re.sub(r"^(\w+)s\b", r"\1", description)
        description = re.sub(r"\b(have|were|are)\b", lambda found: SINGULAR_VERBS[found[1]], description, count=1)
    return f"{format_number(count)} {description}"
