"""Offence codes that concern child sexual abuse, and whether the code alone identifies a child victim.

Some codes are for child victims only. Others include children and adults: victims of 16 and 17 are in "aged 16 and
over". The families are ours, to group similar offences.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pyarrow as pa

from assay.errors import DefinitionError
from assay.reference.reference_data import Register, parse_answer, read_rows

COLUMNS = (
    "code", "name", "child_by_definition", "analysis_family", "cse_titled", "note", "evidence", "source",
)  # fmt: skip
BY_DEFINITION = ("Y", "needs_age", "image", "audit")
OFFENCE_FAMILIES = (
    "rape", "sexual_assault", "sexual_activity", "familial", "other_sexual", "cse_named", "trafficking",
    "position_of_trust", "grooming", "images", "cse_related", "audit_child_as_suspect", "context",
)  # fmt: skip
SCHEMA = pa.schema([(name, pa.bool_() if name == "cse_titled" else pa.string()) for name in COLUMNS])


@dataclass(frozen=True)
class ChildOffence:
    """One offence code for child sexual abuse; `cse_titled` if its official name includes exploitation."""

    code: str
    name: str
    child_by_definition: str
    analysis_family: str
    cse_titled: bool
    note: str
    evidence: str
    source: str

    @property
    def key(self) -> str:
        """The offence code."""
        return self.code


class ChildOffences(Register[ChildOffence]):
    """The offence codes by which crimes come into scope (return contract, section 4.1)."""

    member_name = "offence against children"

    def table(self) -> pa.Table:
        """Return one row for each code."""
        return pa.table({name: [getattr(offence, name) for offence in self.all] for name in COLUMNS}, schema=SCHEMA)


@lru_cache
def child_offences() -> ChildOffences:
    """Return the offence codes in scope; DefinitionError for an unknown family or answer."""
    return ChildOffences([_offence(row) for row in read_rows("offences_in_scope", COLUMNS)])


def _offence(row: dict[str, str]) -> ChildOffence:
    if row["child_by_definition"] not in BY_DEFINITION or row["analysis_family"] not in OFFENCE_FAMILIES:
        raise DefinitionError(f"offences_in_scope.csv, {row['code']}: unknown family or child_by_definition.")
    return ChildOffence(**{**row, "cse_titled": parse_answer(row, "cse_titled") is True})  # type: ignore[arg-type]
