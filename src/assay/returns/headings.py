"""Which headings of a file would be taken for one another, and which may be repeated to the sender?

A heading may be a person's name or number: of a file without headings the first record is read as such. So a heading is
repeated only if every word of it is known as a word for a field; any other is told by its place, as "column 7".
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

LONGEST, MOST_DIGITS = 60, 4
"""Characters of a heading that is repeated, and digits in it together: a date, or a number of a person, has more."""
NEAR = 0.85
_HOMES = ("assay.returns.contract", "assay.returns.layouts")
_SMALL = re.compile(r"(?<![A-Za-z])[a-z]{2,}(?![A-Za-z'\u2019])")
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SIGNS = re.compile(r"[A-Za-z][\w .,:/()#%&+-]*", re.ASCII)


def cleaned(heading: str) -> str:
    """A heading without the characters that do not show, and without spaces around it."""
    shown = "".join(sign for sign in heading if unicodedata.category(sign) != "Cf")
    return " ".join(shown.split())


def folded(heading: str) -> str:
    """A heading as a reader sees it who does not look at capitals, spaces and the width of letters."""
    return cleaned(unicodedata.normalize("NFKC", heading)).casefold()


def alike(header: Sequence[str], read: Iterable[str]) -> list[tuple[int, ...]]:
    """The places of headings that would be taken for one another, where one of them may be a column that is `read`."""
    wanted = {folded(name) for name in read}
    places: dict[str, list[int]] = {}
    for place, name in enumerate(header):
        places.setdefault(folded(name), []).append(place)
    return [tuple(found) for name, found in places.items() if len(found) > 1 and name in wanted]


def told(header: Sequence[str], place: int) -> str:
    """A heading by its name where that may be repeated, else by its place."""
    return header[place] if may_be_repeated(header[place]) else f"column {place + 1}"


def may_be_repeated(heading: str) -> bool:
    """Whether a heading is made of words for fields alone, and holds no name, number or date of a person."""
    if len(heading) > LONGEST or not _SIGNS.fullmatch(heading) or sum(map(str.isdigit, heading)) > MOST_DIGITS:
        return False
    words = [word.casefold() for word in re.findall(r"[A-Za-z]{2,}", _HUMPS.sub(" ", heading))]
    if not words or not all(_is_known(word) for word in words):
        return False
    names = [word for word in words if word in _list("names_too")]
    return len(names) < 2 and (len(words) > 1 or not names)


def may_be_hint(heading: str, column: str) -> bool:
    """Whether a heading may be repeated as what was meant by a column: its name, slightly misspelt, may too."""
    near = difflib.SequenceMatcher(None, heading, column).ratio() >= NEAR
    return may_be_repeated(heading) or (near and re.fullmatch(r"[a-z_]+", heading) is not None)


def _is_known(word: str) -> bool:
    return any(one in known for known in (_list("field"), _in_use()) for one in (word, word.removesuffix("s")))


@lru_cache
def _list(name: str) -> frozenset[str]:
    return frozenset(str(_told()[name]).split())


@lru_cache
def _told() -> dict[str, Any]:
    return tomllib.loads(files("assay.returns").joinpath("headings.toml").read_text(encoding="utf-8"))


@lru_cache
def _in_use() -> frozenset[str]:
    """The words that the contract and the layouts write in small letters: a name is written with a capital."""
    found = set[str]()
    for home in _HOMES:
        for file in files(home).iterdir():
            if file.name.endswith(".toml"):
                found |= set(_SMALL.findall(file.read_text(encoding="utf-8")))
    return frozenset(found)
