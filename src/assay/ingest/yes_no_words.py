"""Words for yes, no and missing in files that are not in contract form."""

from __future__ import annotations

import re
from functools import lru_cache

from assay.ingest.system_layouts import system_layouts

YES_WORDS = frozenset(
    {"x", "tick", "ticked", "checked", "flagged", "marked", "-1", "1.0", "\u2713", "\u2714", "\u2611"}
)
NO_WORDS = frozenset({"not flagged", "no flag", "unticked", "unchecked", "unmarked", "0.0", "none", "\u2610"})
EXPORTED_EMPTY_WORDS = frozenset({"null", "(null)", "<null>", "none", "nil", "nan", "#n/a"})
"""What an export program writes for an empty cell."""
EMPTY_WORDS = EXPORTED_EMPTY_WORDS | frozenset({
    "na", "n/a", "nk", "n/k", "not known", "unknown", "not recorded", "not applicable", "not stated", "not specified",
    "no data", "blank", "(blank)", "empty", "tbc", "tba", "unknown unknown",
})  # fmt: skip
"""These, and what officers enter in a required field when they know nothing."""
PUNCTUATION_ONLY = "[\\s._/?\\\\\u2013\u2014-]*"
"""Pattern of a cell that holds only dashes, full stops and the like."""


def normalise_cell(cell: str) -> str:
    """Return a cell in lower case, with single spaces between words and none around them."""
    return " ".join(cell.split()).casefold()


def is_empty_word(cell: str) -> bool:
    """Return True if a cell is empty, or holds only punctuation or a word that means none."""
    return normalise_cell(cell) in EMPTY_WORDS or bool(re.fullmatch(PUNCTUATION_ONLY, cell))


def is_yes_word(cell: str) -> bool:
    """Return True if a cell says yes."""
    return normalise_cell(cell) in _layout_words("yes") | YES_WORDS


def is_no_word(cell: str) -> bool:
    """Return True if a cell says no."""
    return normalise_cell(cell) in _layout_words("no") | NO_WORDS


@lru_cache
def _layout_words(answer: str) -> frozenset[str]:
    """Return the words for yes or for no in the layouts of record systems."""
    return frozenset(
        word for layout in system_layouts() for word in (answer, *layout.values.get("yesno", {}).get(answer, ()))
    )
