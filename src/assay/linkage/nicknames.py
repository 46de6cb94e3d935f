"""Short forms and spelling variants of forenames.

Known short forms and spellings are listed in `data/diminutives.toml`. A short form that is not listed is often the
beginning of the name, with or without a final y or ie: Lar or Larky for Larkspur. Eddy and Eddie are the same, and an
initial may stand for every name that it begins.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

SHORT_FORM_LENGTHS = (3, 4)
"""Numbers of letters that a short form keeps of a name."""
DIMINUTIVE_ENDINGS = ("ie", "y", "i", "")
ENDINGS = ("ie", "y")


@lru_cache
def full_forms() -> Mapping[str, frozenset[str]]:
    """Return, for each forename, the other names of which it may be a short form."""
    data = tomllib.loads((files("assay.linkage") / "data" / "diminutives.toml").read_text(encoding="utf-8"))
    standard_spelling = {
        variant: standard for standard, variants in data["spelt"].items() for variant in (standard, *variants)
    }
    names_by_form = {short: set(names) for short, names in data["stands_for"].items()}
    for short, names in data["stands_for"].items():
        for variant in _spelling_variants(short):
            names_by_form.setdefault(variant, set(names))
    for names in names_by_form.values():
        names |= {standard_spelling[name] for name in names if name in standard_spelling}
    for name, standard in standard_spelling.items():
        names_by_form.setdefault(name, set()).add(standard)
    return MappingProxyType({name: frozenset(names) for name, names in names_by_form.items()})


def _spelling_variants(short: str) -> list[str]:
    """Return a short form with its other endings (y and ie)."""
    present_ending = next((ending for ending in ENDINGS if short.endswith(ending)), "")
    stem = short.removesuffix(present_ending)
    return [
        stem + ending_variant
        for ending_variant in ENDINGS
        if present_ending and len(stem) > 2 and ending_variant != present_ending
    ]


def possible_full_forms(name: str) -> list[str]:
    """Return the names of which a forename may be a short form, including itself."""
    return sorted({name, *full_forms().get(name, ())})


def stems_of_short_form(name: str) -> list[str]:
    """Return the beginnings of names of which this name may be the short form."""
    if len(name) == 1:
        return [name]
    stems = {name.removesuffix(ending) for ending in DIMINUTIVE_ENDINGS if name.endswith(ending)}
    return sorted(stem for stem in stems if len(stem) in SHORT_FORM_LENGTHS)


def name_prefixes(name: str) -> list[str]:
    """Return the beginnings of this name that may be used as a short form."""
    return [name[:length] for length in SHORT_FORM_LENGTHS if len(name) > length]
