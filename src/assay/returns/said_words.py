"""Which words of a cell say yes, no, or nothing at all, in files that others wrote?"""

from __future__ import annotations

import re
from functools import lru_cache

from assay.returns.layouts import layouts

YES = frozenset({"x", "tick", "ticked", "checked", "flagged", "marked", "-1", "1.0", "\u2713", "\u2714", "\u2611"})
NO = frozenset({"not flagged", "no flag", "unticked", "unchecked", "unmarked", "0.0", "none", "\u2610"})
EXPORTED = frozenset({"null", "(null)", "<null>", "none", "nil", "nan", "#n/a"})
"""What a program writes for an empty cell."""
NOTHING = EXPORTED | frozenset({
    "na", "n/a", "nk", "n/k", "not known", "unknown", "not recorded", "not applicable", "not stated", "not specified",
    "no data", "blank", "(blank)", "empty", "tbc", "tba", "unknown unknown",
})  # fmt: skip
"""That, and what an officer writes to get past a field that must be filled."""
ONLY_MARKS = "[\\s._/?\\\\\u2013\u2014-]*"
"""A cell that holds nothing but dashes, points and the like."""


def simple(cell: str) -> str:
    """A cell in small letters, without spaces around it and with one between words."""
    return " ".join(cell.split()).casefold()


def says_nothing(cell: str) -> bool:
    """Whether a cell is empty, or holds only marks or a word for nothing."""
    return simple(cell) in NOTHING or bool(re.fullmatch(ONLY_MARKS, cell))


def says_yes(cell: str) -> bool:
    """Whether a cell says yes."""
    return simple(cell) in _words("yes") | YES


def says_no(cell: str) -> bool:
    """Whether a cell says no."""
    return simple(cell) in _words("no") | NO


@lru_cache
def _words(answer: str) -> frozenset[str]:
    return frozenset(word for one in layouts() for word in (answer, *one.values.get("yesno", {}).get(answer, ())))
