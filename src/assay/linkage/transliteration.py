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
    """Return the words of a name in lower-case Latin letters without accents."""
    if name.isascii() and name.isalpha():
        return (name.lower(),)
    if not name.isascii():
        name = unicodedata.normalize("NFKC", name)
    name = name.casefold()
    for character in APOSTROPHES:
        name = name.replace(character, "")
    if not name.isascii():
        name = _transliterate(name)
    return tuple("".join(character if character.isalpha() else " " for character in name).split())


def _transliterate(name: str) -> str:
    """Replace letters by their Latin form where there is one, and remove accents."""
    composed = unicodedata.normalize("NFC", name).translate(transliteration_table())
    decomposed = unicodedata.normalize("NFD", composed).translate(transliteration_table())
    return "".join(character for character in decomposed if unicodedata.category(character) != "Mn")
