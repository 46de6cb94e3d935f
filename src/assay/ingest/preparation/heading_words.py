"""Compare headings as sets of normalised words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

Words = frozenset[str]
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@lru_cache(maxsize=4096)
def heading_word_set(heading: str) -> Words:
    """Return the words of a heading as a set: 'CrimeNo.', 'Crime Number' and 'crime_ref' are equal."""
    lists = _wording_lists()
    text = _HUMPS.sub(" ", heading)
    parts = re.sub(r"[^a-z0-9]+", " ", text.casefold()).split()
    parts = [part for piece in parts for part in lists["apart"].get(piece, piece).split()]
    significant_parts = [part for part in parts if part not in lists["silent"]] or parts
    return frozenset(_synonyms().get(part, part) for part in significant_parts)


def normalise_text(text: str) -> str:
    """Return a value without differences in case, punctuation, underscores and spaces."""
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


def word_similarity(first: Words, second: Words) -> float:
    """Return the Dice similarity (0 to 1) of two sets of words; 0 if they share only one word."""
    shared = len(first & second)
    return 2 * shared / (len(first) + len(second)) if shared > 1 else 0.0


@lru_cache
def _wording_lists() -> Mapping[str, Any]:
    return tomllib.loads(files("assay.ingest.preparation").joinpath("wording.toml").read_text(encoding="utf-8"))


@lru_cache
def _synonyms() -> Mapping[str, str]:
    return {word: first for first, group in _wording_lists()["equal"].items() for word in group}
