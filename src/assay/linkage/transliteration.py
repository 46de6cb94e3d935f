"""How is a name compared, however it was written: with capitals or accents, in Greek or Cyrillic letters?

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

JOINING = "'’‘`´ʼʹ"


@lru_cache
def letters() -> Mapping[int, str]:
    """What stands for a letter, by the number of the letter (data/letters.toml)."""
    told = tomllib.loads((files("assay.linkage") / "data" / "letters.toml").read_text(encoding="utf-8"))
    return {ord(letter): latin for group in told.values() for letter, latin in group["letters"].items()}


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, in small plain letters."""
    if name.isascii() and name.isalpha():
        return (name.lower(),)
    if not name.isascii():
        name = unicodedata.normalize("NFKC", name)
    name = name.casefold()
    for sign in JOINING:
        name = name.replace(sign, "")
    if not name.isascii():
        name = _latin(name)
    return tuple("".join(sign if sign.isalpha() else " " for sign in name).split())


def _latin(name: str) -> str:
    """Latin letters for those that have one; marks above and below letters go."""
    found = unicodedata.normalize("NFC", name).translate(letters())
    apart = unicodedata.normalize("NFD", found).translate(letters())
    return "".join(sign for sign in apart if unicodedata.category(sign) != "Mn")
