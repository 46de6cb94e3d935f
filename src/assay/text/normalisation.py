"""Unicode normalisation of a text, with the position of each character in the original.

Compatibility forms (NFKC) are undone, so that a ligature is its letters; capitals are small; every quotation mark,
dash and blank is the plain one; characters that are not seen (a soft hyphen, a mark of direction) are gone. A text
that is plain ASCII only loses its capitals, so every character stays where it was.
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
    """What stands for a character by its number, worked out when it is first met."""

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
"""What people type beyond ASCII for what ASCII has."""
UNTOUCHED = "\u00a3\u20ac\u00a7\u00a9\u00ae\u00b0\u00b7\u2022"
"""Signs that are part of no word and stay as they are: pounds, euros, degrees, bullets and the like."""
BEYOND_ASCII = re.compile("[\x00-\x7f]?[^\x00-\x7f]+")
"""What is not plain ASCII, and the character before it, on which its marks may sit."""


@dataclass(frozen=True)
class Folded:
    """A folded text. `places` is the part of the original that each character came from, (start, after it); None where
    every character stands where it stood."""

    text: str
    places: tuple[tuple[int, int], ...] | None = None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters from `start` up to `end` stand in the original text."""
        if self.places is None:
            return start, end
        return self.places[start][0], self.places[end - 1][1]


def plain(text: str) -> str:
    """Normalise a text without character positions."""
    if text.isascii():
        return text.lower()
    # Marks that NFKC would take apart are made plain before it, and what it makes of others after it.
    text = text.translate(PLAIN)
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text).translate(PLAIN)
    return text.casefold()


def plain_keeping_case(texts: pl.Series) -> pl.Series:
    """Texts of a column as `plain` makes them, but for capitals, which may stay: all at once where they hold nothing
    beyond ASCII but `COMMON` and `UNTOUCHED`, one by one where they do."""
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
    """Where each character of a stretch begins and ends together with the marks that sit on it."""
    start = begin
    for place in range(begin + 1, after + 1):
        if place == after or not unicodedata.combining(text[place]):
            yield start, place
            start = place
