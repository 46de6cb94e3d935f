"""Language identification: is a text in a language other than English?

A conservative test based on function words: it reports another language only if the evidence is clear, and never for a
short text. Police shorthand omits most function words, on which language detectors rely, so a text is not excluded for
having few English ones: it must have many of another language.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assay.text.data import read_data

LETTERS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
LEAST_WORDS = 4
LEAST_FOUND = 3
"""Minimum number of function words of a language, which must also be more than twice those of English."""
MOST_WORDS = 400
NO_LATIN = "a script other than Latin"


@lru_cache
def small_words() -> dict[str, frozenset[str]]:
    """Return the function words of each known language, by its English name."""
    data = read_data("languages.toml")
    return {name: frozenset(words) for name, words in data["small_words"].items()}


def other_language(folded_text: str) -> str:
    """Return the language of a normalised text if it is clearly not English; otherwise ''."""
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
    """Return the function words of every language except English."""
    return frozenset().union(*(small for name, small in small_words().items() if name != "English"))


def _count_matches(words: list[str], small: frozenset[str]) -> int:
    return sum(map(small.__contains__, words))
