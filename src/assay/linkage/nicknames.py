"""For which forenames may a forename stand?

For itself, for what it is short for, and for its other spellings (`data/diminutives.toml`). A short form that no list
holds is often the beginning of the name, with a y or ie at its end or without: Lar for Larkspur, Larky for Larkspur.
Who writes Eddy for Eddie means the same; and an initial may stand for every name that it begins.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

BEGINNING = (3, 4)
"""How many letters of a name a short form keeps."""
FONDLY = ("ie", "y", "i", "")
ENDINGS = ("ie", "y")


@lru_cache
def stands_for() -> Mapping[str, frozenset[str]]:
    """By forename, the names that it may stand for beside itself."""
    told = tomllib.loads((files("assay.linkage") / "data" / "diminutives.toml").read_text(encoding="utf-8"))
    spelt = {other: first for first, others in told["spelt"].items() for other in (first, *others)}
    found = {short: set(names) for short, names in told["stands_for"].items()}
    for short, names in told["stands_for"].items():
        for other in _otherwise(short):
            found.setdefault(other, set(names))
    for names in found.values():
        names |= {spelt[name] for name in names if name in spelt}
    for name, first in spelt.items():
        found.setdefault(name, set()).add(first)
    return MappingProxyType({name: frozenset(names) for name, names in found.items()})


def _otherwise(short: str) -> list[str]:
    """A fond short form with its other endings."""
    end = next((one for one in ENDINGS if short.endswith(one)), "")
    stem = short.removesuffix(end)
    return [stem + other for other in ENDINGS if end and len(stem) > 2 and other != end]


def roots(name: str) -> list[str]:
    """The names for which a forename may stand, itself among them."""
    return sorted({name, *stands_for().get(name, ())})


def shortened(name: str) -> list[str]:
    """The beginnings of which this name may be the short form; none if it is no short form."""
    if len(name) == 1:
        return [name]
    found = {name.removesuffix(end) for end in FONDLY if name.endswith(end)}
    return sorted(one for one in found if len(one) in BEGINNING)


def openings(name: str) -> list[str]:
    """The beginnings by which this name may be called."""
    return [name[:letters] for letters in BEGINNING if len(name) > letters]
