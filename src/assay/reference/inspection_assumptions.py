"""What is taken for true without proof, how good is the ground for it, and how much hangs on it?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.reference_data import Register, read

COLUMNS = ("key", "about", "text", "quality", "impact", "checked_by", "evidence", "source")
LEVELS = ("high", "medium", "low")


@dataclass(frozen=True)
class Assumption:
    """One assumption: `quality` of its ground and `impact` on what is said, each high, medium or low; `checked_by`:
    what was done to see how far it holds, or that nothing was."""

    key: str
    about: str
    text: str
    quality: str
    impact: str
    checked_by: str
    evidence: str
    source: str


class Assumptions(Register[Assumption]):
    """The register of assumptions."""

    what = "assumption"


@lru_cache
def assumptions() -> Assumptions:
    """The assumptions; DefinitionError for a level that is none."""
    found = Assumptions([Assumption(**row) for row in read("assumptions", COLUMNS)])
    for one in found:
        if {one.quality, one.impact} - set(LEVELS):
            raise DefinitionError(f"assumptions.csv, {one.key}: quality and impact are high, medium or low.")
    return found
