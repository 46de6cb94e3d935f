"""Split the text of a claim into tokens: words, numbers, financial years, calendar years and signs.

No character is dropped. One that belongs to no other token becomes a token of its own, which the grammar rejects.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["word", "number", "financial year", "calendar year", "sign"]

_TOKEN = re.compile(
    r"(?P<span>(?:19|20)\d\d\s?[/\u2013-]\s?(?:(?:19|20)\d\d|\d\d)(?!\d)|\b\d\d/\d\d(?![\d/]))"
    r"|(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?!\d|[.,]\d))|(?P<malformed>\d[\d.,]*\d)"
    r"|(?P<word>[a-z]+)|(?P<possessive>'s\b)|(?P<sign>\S)"
)
_CODE = re.compile(r"\b\d{2}[a-z]\b")
_THOUSANDS = re.compile(r"(?<=\d)k\b")
_HYPHEN_IN_WORD = re.compile(r"(?<=[a-z0-9])-(?=[a-z])")
_REPLACED_CHARACTERS = str.maketrans(
    {"(": ",", ")": ",", "!": ".", "\u2019": "'", "\u2018": "'", "\u00a0": " ", "\u2013": "-"}
)
_QUOTES = "\"'\u201c\u201d\u2018\u2019 "
_EXPANSIONS = (("n't", " not"), ("cannot", "can not"), ("&", " and "), ("offense", "offence"))


@dataclass(frozen=True)
class Token:
    """One word, number, year or sign of the text."""

    kind: Kind
    text: str
    value: float = 0
    """The number, the calendar year, or the calendar year in which a financial year starts."""
    decimals: int = 0
    """Number of decimals that a number shows."""


def tokens_of(text: str) -> tuple[Token, ...]:
    """Return the tokens of a text, in lower case, with contractions expanded and brackets read as commas."""
    words = text.translate(_REPLACED_CHARACTERS).strip(_QUOTES).lower() + " "
    for contraction, expanded in _EXPANSIONS:
        words = words.replace(contraction, expanded)
    words = _THOUSANDS.sub(" thousand", _HYPHEN_IN_WORD.sub(" ", words))
    tokens: list[Token] = []
    position = 0
    while position < len(words):
        match = _CODE.match(words, position) or _TOKEN.match(words, position)
        if match is None:
            position += 1
            continue
        tokens.append(_token(match))
        position = match.end()
    return tuple(tokens)


def _token(match: re.Match[str]) -> Token:
    text = match[0]
    kind = match.lastgroup
    if kind == "span":
        return _year_span(text)
    if kind == "number":
        value = float(text.replace(",", ""))
        if re.fullmatch(r"(?:19[89]|20[0-4])\d", text):
            return Token("calendar year", text, value)
        return Token("number", text, value, len(text.partition(".")[2]))
    return Token("word" if kind in ("word", "possessive", None) else "sign", text)


def _year_span(text: str) -> Token:
    """Return a financial year such as 2024/25, 2024-2025 or 24/25; any other pair of years is a sign."""
    first, last = (int(part) for part in re.split(r"[/-]", text))
    follows = last % 100 == (first + 1) % 100 and last in (first + 1, (first + 1) % 100)
    first += 2000 if first < 100 else 0
    return Token("financial year", text, float(first)) if follows else Token("sign", text)
