"""Accent folding: normalise a text without accents, so that a name is found however it was typed."""

from __future__ import annotations

import re
import unicodedata

from assay.text.normalisation import Folded, fold

WORD = re.compile(r"[^\W_]+")
LATIN = str.maketrans({
    "\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u0131": "i", "\u00e6": "ae", "\u0153": "oe", "\u00fe": "th",
    "\u00f0": "d",
})  # fmt: skip
"""Latin replacements of letters that Unicode does not decompose."""


def fold_accents(text: str) -> Folded:
    """Return a normalised text without accents, with positions in the original text."""
    folded = fold(text)
    if folded.text.isascii():
        return folded
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    for place, sign in enumerate(folded.text):
        plain = unicodedata.normalize("NFKD", sign.translate(LATIN))
        for letter in plain:
            if not unicodedata.combining(letter):
                letters.append(letter)
                places.append(folded.original(place, place + 1))
    return Folded("".join(letters), tuple(places))


def folded_words(text: str) -> list[str]:
    """Return the words of a name or an address, normalised and without accents."""
    return WORD.findall(fold_accents(text).text)
