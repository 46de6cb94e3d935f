"""Tokens of a text, with names, numbers, ages and times replaced by markers.

A model trained on a few thousand texts has not seen most names and numbers. So `15 yo` and `aged fifteen` become a
marker for a person under 18, a capital in the middle of a sentence a marker for a name, and other numbers a marker for
a number. Positions are not kept (for these see `text.normalisation`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from assay.text.normalisation import plain

CHILD_AGE, ADULT_AGE, NUMBER, NAME, TIME = "<young>", "<adult>", "<number>", "<name>", "<time>"
_SPELLED = "nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
_UNDER_18 = rf"(?:[1-9]|1[0-7]|{_SPELLED})"
_OLD = r"\s?-?\s?(?:y\s?/?\s?o\b|yrs?\b|years?\b)(?:[\s-]*old\b)?(?:\s*/\s*o\b)?"
_ADULT_AGE_PATTERN = r"(?:1[89]|[2-9]\d|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty)(?:[ -]\w+)?)"
_DECADE = r"\b(?:early|mid|late)[- ](?:to[- ]late[- ])?[2-7]0'?s\b"
REPLACEMENTS = (
    (rf"\baged?\s+{_UNDER_18}\b|\b{_UNDER_18}{_OLD}", f" {CHILD_AGE} "),
    (rf"\baged?\s+{_ADULT_AGE_PATTERN}\b|\b{_ADULT_AGE_PATTERN}{_OLD}|{_DECADE}", f" {ADULT_AGE} "),
    (r"\b\d{1,2}[:.]\d{2}(?:\s?hrs?)?\b|\b[012]\d{3}\s?hrs?\b|\b\d{1,2}\s?[ap]m\b", f" {TIME} "),
    (r"\d+", f" {NUMBER} "),
)
_NAME_PATTERN = r"([a-z,;] )[A-Z][a-z]{2,}(?: [A-Z][a-z]+)*\b"
WORD = r"<\w+>|[a-z]+(?:'[a-z]+)?|[!?]"
_WORD = re.compile(WORD)
_SENTENCE = re.compile(r"(?<=[.!?])[\"')]*\s+(?=[A-Z0-9\"'(])|[\r\n]+|\s+[-*\u2022]\s+")


def sentences(text: str) -> list[str]:
    """Split a text into sentences at full stops, new lines and bullets."""
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()] or [text]


def replace_details(texts: Sequence[str]) -> list[str]:
    """Return texts in lower case, with ages, times, numbers and names replaced by markers."""
    column = pl.Series(texts, dtype=pl.String).str.replace_all(_NAME_PATTERN, "${1}<name>").str.to_lowercase()
    if not all(map(str.isascii, texts)):
        column = pl.Series([plain(text) for text in column], dtype=pl.String)
    for pattern, instead in REPLACEMENTS:
        column = column.str.replace_all(pattern, instead)
    return column.to_list()


def words(text: str, synonyms: Mapping[str, str] | None = None) -> list[str]:
    """Return the words of a normalised text in order, with synonyms replaced."""
    found = _WORD.findall(text)
    return [synonyms.get(word, word) for word in found] if synonyms else found


def runs(found: list[str], longest: int) -> Iterator[str]:
    """Yield every word n-gram of one to `longest` words."""
    yield from found
    for size in range(2, longest + 1):
        yield from map(" ".join, zip(*(found[start:] for start in range(size)), strict=False))
