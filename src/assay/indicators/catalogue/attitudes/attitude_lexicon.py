"""The lexicon of phrases that hold a child responsible, each with its source.

The lexicon is data, one file for each category in `data/`; each entry has its patterns, its source and a grade of
evidence. A match is a reason to read the text; whether it counts depends on who wrote the words, how they are used, and
whom they are about (`assay.text`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from assay.errors import DefinitionError
from assay.reference.reference_data import EVIDENCE_GRADES
from assay.text import Pattern, Patterns, Term, named_lists, read_data
from assay.text.search_terms import CHILD, TARGETS, WEIGHTS

PACKAGE = "assay.indicators.catalogue.attitudes.data"
SHARED = "shared.toml"


@dataclass(frozen=True)
class Lexicon:
    """The lexicon of attitudes: every term, and the title of each category by its key."""

    terms: tuple[Term, ...]
    categories: Mapping[str, str]


@lru_cache
def lexicon() -> Lexicon:
    """Return the lexicon of attitudes; DefinitionError for an entry without a source, or one that cannot be read."""
    shared = read_data(SHARED, PACKAGE)
    names = sorted(
        entry.name for entry in files(PACKAGE).iterdir() if entry.name.endswith(".toml") and entry.name != SHARED
    )
    categories = [read_data(name, PACKAGE) for name in names]
    compiled = Patterns({**named_lists(), **shared["lists"]})
    terms = tuple(
        _term(entry, category["key"], shared["sources"], compiled)
        for category in categories
        for entry in category["term"]
    )
    keys = [term.key for term in terms]
    if duplicate_keys := sorted({key for key in keys if keys.count(key) > 1}):
        raise DefinitionError(f"The lexicon of attitudes holds twice: {', '.join(duplicate_keys)}.")
    return Lexicon(terms, {entry["key"]: entry["title"] for entry in categories})


def lexicon_version(place: Traversable | None = None) -> str:
    """Return a hash of the files of the lexicon (12 hexadecimal digits), computed without compiling any pattern.

    How a pattern is compiled is code of `assay.text`, on whose sources the stages that read texts depend as well.
    """
    entries = sorted((place or files(PACKAGE)).iterdir(), key=lambda entry: entry.name)
    data = [(entry.name, entry.read_bytes()) for entry in entries if entry.name.endswith(".toml")]
    return hashlib.sha256(repr(data).encode()).hexdigest()[:12]


def _term(entry: Mapping[str, Any], category: str, sources: Mapping[str, str], compiled: Patterns) -> Term:
    key = entry.get("key", "?")
    source = sources.get(entry.get("source", ""), "")
    grades: dict[str, Mapping[str, Any]] = {"weight": WEIGHTS, "evidence": EVIDENCE_GRADES}
    wrong = [name for name, known in grades.items() if entry.get(name) not in known]
    wrong += [] if source else ["source"]
    wrong += [] if entry.get("target", CHILD) in TARGETS else ["target"]
    if wrong:
        raise DefinitionError(f"attitudes/data, {category}, {key}: {', '.join(wrong)} is not one of those in use.")
    return Term(
        key=key,
        category=category,
        weight=entry["weight"],
        target=entry.get("target", CHILD),
        patterns=_patterns(entry["patterns"], compiled),
        senses=_patterns(entry.get("senses", ()), compiled),
        needs=_patterns(entry.get("needs", ()), compiled),
        source=source,
        evidence=entry["evidence"],
    )


def _patterns(texts: Sequence[str], compiled: Patterns) -> tuple[Pattern, ...]:
    return tuple(compiled(text) for text in texts)
