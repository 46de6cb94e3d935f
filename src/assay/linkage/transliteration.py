"""Normalise names across scripts: accents, Greek and Cyrillic letters, hyphens, apostrophes.

Compatibility forms are undone (NFKC), accents go, Greek and Cyrillic letters become Latin ones by the table below, and
hyphens and full stops part words while apostrophes join them. Letters of other scripts stay as they are and are
compared with their own kind. What holds no letter is missing; so is what stands for "not known".
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
    """What stands for a letter, by the number of the letter (data/letters.toml)."""
    data = tomllib.loads((files("assay.linkage") / "data" / "letters.toml").read_text(encoding="utf-8"))
    return {ord(letter): replacement for script in data.values() for letter, replacement in script["letters"].items()}


def normalised_words(name: str) -> tuple[str, ...]:
    """Return the words of a name in unaccented lower-case Latin letters."""
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
    """Latin letters for those that have one; marks above and below letters go."""
    composed = unicodedata.normalize("NFC", name).translate(transliteration_table())
    decomposed = unicodedata.normalize("NFD", composed).translate(transliteration_table())
    return "".join(character for character in decomposed if unicodedata.category(character) != "Mn")
