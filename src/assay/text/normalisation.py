"""Unicode normalisation of a text, with the position of each character in the original.

Compatibility characters are decomposed (NFKC), so that a ligature becomes its letters; letters become lower case;
quotation marks, dashes and blanks become plain ones; invisible characters (soft hyphens, direction marks) are removed.
A plain ASCII text only becomes lower case, so every character keeps its position.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

APOSTROPHES = "\u2018\u2019\u201a\u201b\u2032\u00b4"
QUOTES = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"
MINUS = "\u2212"
FORMAT_CATEGORY, DASH = "Cf", "Pd"


class _Plain(dict[int, str]):
    """Plain replacement of each character by code point, computed when it is first needed."""

    def __missing__(self, number: int) -> str:
        sign = chr(number)
        kind = unicodedata.category(sign)
        if sign in APOSTROPHES:
            plain = "'"
        elif sign in QUOTES:
            plain = '"'
        elif kind == DASH or sign == MINUS:
            plain = "-"
        elif kind == FORMAT_CATEGORY:
            plain = ""
        else:
            plain = " " if sign.isspace() and number > 127 else sign
        self[number] = plain
        return plain


PLAIN = _Plain()
COMMON = APOSTROPHES + QUOTES + MINUS + "\u2010\u2011\u2012\u2013\u2014\u2015\u2026\u00a0\u00ad\u200b\u200d\ufeff"
"""Common characters beyond ASCII with an ASCII equivalent."""
UNTOUCHED = "\u00a3\u20ac\u00a7\u00a9\u00ae\u00b0\u00b7\u2022"
"""Symbols that are part of no word and stay unchanged: pounds, euros, degrees, bullets and the like."""
BEYOND_ASCII = re.compile("[\x00-\x7f]?[^\x00-\x7f]+")
"""A run of characters beyond ASCII, with the character before it, which combining marks may modify."""


@dataclass(frozen=True)
class Folded:
    """Normalised text, with the position of each character in the original.

    `places`: original range (start, end) of each character; None if all positions are unchanged.
    """

    text: str
    places: tuple[tuple[int, int], ...] | None = None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the range in the original text of the characters from `start` up to `end`."""
        if self.places is None:
            return start, end
        return self.places[start][0], self.places[end - 1][1]


def plain(text: str) -> str:
    """Normalise a text without character positions."""
    if text.isascii():
        return text.lower()
    # Replaced before NFKC, which would decompose some marks, and again after it, for the marks that it produces.
    text = text.translate(PLAIN)
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text).translate(PLAIN)
    return text.casefold()


def plain_keeping_case(texts: pl.Series) -> pl.Series:
    """Normalise the texts of a column as `plain` does, except that capitals may stay.

    Texts with no characters beyond ASCII, `COMMON` and `UNTOUCHED` are processed at once, the others one by one.
    """
    found = texts.str.replace_many(list(COMMON), [plain(sign) for sign in COMMON])
    special_rows = found.str.contains(f"[^\x00-\x7f{UNTOUCHED}]").arg_true()
    return found.scatter(special_rows, [plain(text) for text in texts.gather(special_rows).to_list()])


def fold(text: str) -> Folded:
    """Normalise a text, with the position of each character in the original."""
    if text.isascii():
        return Folded(text.lower())
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    after = 0
    for run in BEYOND_ASCII.finditer(text):
        letters.append(text[after : run.start()].lower())
        places += zip(range(after, run.start()), range(after + 1, run.start() + 1), strict=True)
        for start, end in _clusters(text, *run.span()):
            plain_text = plain(text[start:end])
            letters.append(plain_text)
            places += [(start, end)] * len(plain_text)
        after = run.end()
    letters.append(text[after:].lower())
    places += zip(range(after, len(text)), range(after + 1, len(text) + 1), strict=True)
    return Folded("".join(letters), tuple(places))


def _clusters(text: str, begin: int, after: int) -> Iterator[tuple[int, int]]:
    """Yield the range of each character with its combining marks."""
    start = begin
    for place in range(begin + 1, after + 1):
        if place == after or not unicodedata.combining(text[place]):
            yield start, place
            start = place
