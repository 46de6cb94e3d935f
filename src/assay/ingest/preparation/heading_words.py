"""When do two headings say the same thing in other letters?"""

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
def words(heading: str) -> Words:
    """'CrimeNo.', 'Crime Number' and 'crime_ref' as one set of words; order does not count."""
    told = _told()
    text = _HUMPS.sub(" ", heading)
    parts = re.sub(r"[^a-z0-9]+", " ", text.casefold()).split()
    parts = [part for one in parts for part in told["apart"].get(one, one).split()]
    spoken = [part for part in parts if part not in told["silent"]] or parts
    return frozenset(_same().get(part, part) for part in spoken)


def plain(text: str) -> str:
    """A value without the differences that mean nothing: case, punctuation, underscores, spaces."""
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


def alike(one: Words, other: Words) -> float:
    """How much two sets of words share, from 0 to 1; 0 if it is one word alone."""
    shared = len(one & other)
    return 2 * shared / (len(one) + len(other)) if shared > 1 else 0.0


@lru_cache
def _told() -> Mapping[str, Any]:
    return tomllib.loads(files("assay.ingest.preparation").joinpath("wording.toml").read_text(encoding="utf-8"))


@lru_cache
def _same() -> Mapping[str, str]:
    return {word: first for first, group in _told()["equal"].items() for word in group}
