"""Which words mean yes, no or nothing in files that are not in our format?"""

from __future__ import annotations

import re
from functools import lru_cache

from assay.ingest.system_layouts import layouts

YES = frozenset({"x", "tick", "ticked", "checked", "flagged", "marked", "-1", "1.0", "\u2713", "\u2714", "\u2611"})
NO = frozenset({"not flagged", "no flag", "unticked", "unchecked", "unmarked", "0.0", "none", "\u2610"})
EXPORTED_EMPTY = frozenset({"null", "(null)", "<null>", "none", "nil", "nan", "#n/a"})
"""What an export program writes for an empty cell."""
NOTHING = EXPORTED_EMPTY | frozenset({
    "na", "n/a", "nk", "n/k", "not known", "unknown", "not recorded", "not applicable", "not stated", "not specified",
    "no data", "blank", "(blank)", "empty", "tbc", "tba", "unknown unknown",
})  # fmt: skip
"""These, and what officers enter in a required field when they know nothing."""
PUNCTUATION_ONLY = "[\\s._/?\\\\\u2013\u2014-]*"
"""Pattern of a cell that holds only dashes, full stops and the like."""


def normalised(cell: str) -> str:
    """Return a cell in lower case, with single spaces between words and none around them."""
    return " ".join(cell.split()).casefold()


def says_nothing(cell: str) -> bool:
    """Return True if a cell is empty, or holds only punctuation or a word for nothing."""
    return normalised(cell) in NOTHING or bool(re.fullmatch(PUNCTUATION_ONLY, cell))


def says_yes(cell: str) -> bool:
    """Return True if a cell says yes."""
    return normalised(cell) in _layout_words("yes") | YES


def says_no(cell: str) -> bool:
    """Return True if a cell says no."""
    return normalised(cell) in _layout_words("no") | NO


@lru_cache
def _layout_words(answer: str) -> frozenset[str]:
    """Return the words for yes or for no in the layouts of record systems."""
    return frozenset(word for layout in layouts() for word in (answer, *layout.values.get("yesno", {}).get(answer, ())))
