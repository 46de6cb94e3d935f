"""Language identification: is a text in a language other than English?

A modest test: it says so only where it is sure, and a text of few words is read as it stands. Police shorthand leaves
out most of the small words that detectors of languages count on, so a text is never turned away for having few of
them: it must be full of another language's.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assay.text.data import read_data

LETTERS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
LEAST_WORDS = 4
LEAST_FOUND = 3
"""So many of a language's small words, and twice as many as of English, before a text is said to be in it."""
MOST_WORDS = 400
NO_LATIN = "a script other than Latin"


@lru_cache
def small_words() -> dict[str, frozenset[str]]:
    """The small words of each language that is known, by its name in English."""
    data = read_data("tongues.toml")
    return {name: frozenset(words) for name, words in data["small_words"].items()}


def other_language(folded_text: str) -> str:
    """The language that a folded text is surely in, if that is not English; else ''."""
    words = LETTERS.findall(folded_text[:20_000])[:MOST_WORDS]
    letters = "".join(words)
    if not letters.isascii() and len(letters) >= 8:
        latin = sum(letter < "\u0250" or "\u1e00" <= letter < "\u1f00" for letter in letters)
        if latin < len(letters) / 2:
            return NO_LATIN
    if len(words) < LEAST_WORDS or _count_matches(words, _other_small_words()) < max(LEAST_FOUND, len(words) / 6):
        return ""
    english = _count_matches(words, small_words()["English"])
    minimum = max(LEAST_FOUND, len(words) / 6, 2 * english + 1)
    if minimum > len(words) - english:
        return ""
    found, name = max(
        (_count_matches(words, small), name) for name, small in small_words().items() if name != "English"
    )
    return name if found >= minimum else ""


@lru_cache
def _other_small_words() -> frozenset[str]:
    """The small words of every language but English."""
    return frozenset().union(*(small for name, small in small_words().items() if name != "English"))


def _count_matches(words: list[str], small: frozenset[str]) -> int:
    return sum(map(small.__contains__, words))
