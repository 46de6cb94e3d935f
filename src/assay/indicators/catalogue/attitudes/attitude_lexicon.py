"""Which words about a child hold the child responsible, and where did we read that they do?

The lexicon is data, one file a category in `data/`, each entry with its patterns, where it was read and how far that
may be trusted. A term is a reason to look closer; whether it stands against the police depends on whose words it is
in, what is done with them, and whom they are about (`assay.text.context`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from assay.errors import DefinitionError
from assay.reference.reference_data import EVIDENCE
from assay.text import Pattern, Patterns, Term, named_lists, read_data
from assay.text.search_terms import CHILD, TARGETS, WEIGHTS

PACKAGE = "assay.indicators.catalogue.attitudes.data"
SHARED = "shared.toml"


@dataclass(frozen=True)
class Lexicon:
    """Every term, the title of each category by its key, and a version that changes with any of them."""

    terms: tuple[Term, ...]
    categories: Mapping[str, str]
    version: str


@lru_cache
def lexicon() -> Lexicon:
    """The lexicon of attitudes; DefinitionError for an entry without a source, or one that cannot be read."""
    shared = read_data(SHARED, PACKAGE)
    names = sorted(one.name for one in files(PACKAGE).iterdir() if one.name.endswith(".toml") and one.name != SHARED)
    told = [read_data(name, PACKAGE) for name in names]
    compiled = Patterns({**named_lists(), **shared["lists"]})
    terms = tuple(
        _term(one, category["key"], shared["sources"], compiled) for category in told for one in category["term"]
    )
    keys = [term.key for term in terms]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise DefinitionError(f"The lexicon of attitudes holds twice: {', '.join(twice)}.")
    version = hashlib.sha256("\n".join(_written(term) for term in terms).encode()).hexdigest()[:12]
    return Lexicon(terms, {one["key"]: one["title"] for one in told}, version)


def _written(term: Term) -> str:
    """What of a term decides what is found."""
    patterns = (one.regex for one in (*term.patterns, *term.senses, *term.needs))
    return "\t".join((term.key, term.category, term.weight, term.target, *patterns))


def _term(told: Mapping[str, Any], category: str, sources: Mapping[str, str], compiled: Patterns) -> Term:
    key = told.get("key", "?")
    source = sources.get(told.get("source", ""), "")
    grades: dict[str, Mapping[str, Any]] = {"weight": WEIGHTS, "evidence": EVIDENCE}
    wrong = [name for name, known in grades.items() if told.get(name) not in known]
    wrong += [] if source else ["source"]
    wrong += [] if told.get("target", CHILD) in TARGETS else ["target"]
    if wrong:
        raise DefinitionError(f"attitudes/data, {category}, {key}: {', '.join(wrong)} is not one of those in use.")
    return Term(
        key=key,
        category=category,
        weight=told["weight"],
        target=told.get("target", CHILD),
        patterns=_patterns(told["patterns"], compiled),
        senses=_patterns(told.get("senses", ()), compiled),
        needs=_patterns(told.get("needs", ()), compiled),
        source=source,
        evidence=told["evidence"],
    )


def _patterns(told: Sequence[str], compiled: Patterns) -> tuple[Pattern, ...]:
    return tuple(compiled(one) for one in told)
