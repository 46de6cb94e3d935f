"""Normalise names across scripts: accents, Greek and Cyrillic letters, hyphens, apostrophes.

Compatibility characters are decomposed (NFKC), accents are removed, Greek and Cyrillic letters are transliterated by
`data/letters.toml`. Hyphens and full stops separate words; apostrophes do not. Letters of other scripts are kept, and
so match only the same script. A name without letters is missing.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

APOSTROPHES = "'’‘`´ʼʹ"


@lru_cache
def transliteration_table() -> Mapping[int, str]:
    """Return the Latin replacement of each letter, by code point (`data/letters.toml`)."""
    data = tomllib.loads((files("assay.linkage") / "data" / "letters.toml").read_text(encoding="utf-8"))
    return {ord(letter): replacement for script in data.values() for letter, replacement in script["letters"].items()}


def normalised_words(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case, in Latin letters without accents where the script has a Latin form."""
    if name.isascii() and name.isalpha():
        return (name.lower(),)
    # Before NFKC too, which turns the acute accent that stands for an apostrophe into a space.
    name = _without_apostrophes(name)
    if not name.isascii():
        name = _without_apostrophes(unicodedata.normalize("NFKC", name))
    name = name.casefold()
    if not name.isascii():
        name = _transliterate(name)
    return tuple("".join(character if _is_of_word(character) else " " for character in name).split())


def _without_apostrophes(name: str) -> str:
    for character in APOSTROPHES:
        name = name.replace(character, "")
    return name


def _transliterate(name: str) -> str:
    """Replace letters by their Latin form where there is one, and remove accents and optional vowel points.

    The table is applied twice: first to letters that are one character with their accent, such as the Cyrillic short
    i, and then to the plain letters that are left when other accents are taken off.
    """
    composed = unicodedata.normalize("NFC", name).translate(transliteration_table())
    decomposed = unicodedata.normalize("NFD", composed).translate(transliteration_table())
    return "".join(character for character in decomposed if not _is_accent(character))


def _is_accent(character: str) -> bool:
    """Return True for accents and the points of Hebrew and Arabic, but not for vowel signs that spell a word.

    Points have the canonical combining classes 10 to 36 (Unicode Standard, section 4.3); vowel signs have others.
    """
    name = unicodedata.name(character, "")
    return 10 <= unicodedata.combining(character) <= 36 or name.startswith(("COMBINING ", "VARIATION SELECTOR"))


def _is_of_word(character: str) -> bool:
    return character.isalpha() or unicodedata.category(character).startswith("M")
