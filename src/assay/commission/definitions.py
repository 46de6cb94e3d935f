"""What do the words mean, in whose definition, and what does each definition leave out?

A definition is a parameter and not a constant: several are in use for the same thing, and the same records
give several counts. The words are ours and not the text of the law.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assay.commission.table import Register, read

COLUMNS = ("key", "term", "kind", "words", "note", "source", "source_date", "evidence")


@dataclass(frozen=True)
class Definition:
    """One definition; `kind` is statutory, inquiry, group, recording, language or ours."""

    key: str
    term: str
    kind: str
    words: str
    note: str
    source: str
    source_date: str
    evidence: str


class Definitions(Register[Definition]):
    """The definitions in use."""

    what = "definition"


@lru_cache
def definitions() -> Definitions:
    """The definitions, in the order of the file."""
    return Definitions([Definition(**row) for row in read("definitions", COLUMNS)])
