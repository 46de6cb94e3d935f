"""Read the register of assumptions: quality of evidence, impact if wrong, and how each was checked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.reference_data import Register, read_rows

COLUMNS = ("key", "topic", "text", "quality", "impact", "checked_by", "evidence", "source")
LEVELS = ("high", "medium", "low")


@dataclass(frozen=True)
class Assumption:
    """One assumption: quality of its evidence, its impact, and whether and how it was checked."""

    key: str
    topic: str
    text: str
    quality: str
    impact: str
    checked_by: str
    evidence: str
    source: str


class Assumptions(Register[Assumption]):
    """The register of assumptions."""

    member_name = "assumption"


@lru_cache
def assumptions() -> Assumptions:
    """Return the assumptions; DefinitionError for an unknown level."""
    found = Assumptions([Assumption(**row) for row in read_rows("assumptions", COLUMNS)])
    for assumption in found:
        if {assumption.quality, assumption.impact} - set(LEVELS):
            raise DefinitionError(f"assumptions.csv, {assumption.key}: quality and impact are high, medium or low.")
    return found
