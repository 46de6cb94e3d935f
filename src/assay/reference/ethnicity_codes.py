"""Ethnicity codes, self-defined and officer-observed.

The two are separate and never replace one another. "Not stated" is an answer; the officer's "unknown" is not known; a
reason for a missing value is no ethnicity.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pyarrow as pa

from assay.errors import DefinitionError
from assay.reference.reference_data import Register, read_rows

COLUMNS = ("scheme", "code", "label", "group", "read_as", "counts_as", "evidence", "source")
SCHEMES = ("SDE18+1", "SDE16+1", "GROUP", "IC", "IC GROUP", "STATUS")
COUNTS_AS = ("an ethnicity", "asked and not stated", "not known", "a reason for missing")


@dataclass(frozen=True)
class Ethnicity:
    """One code of one ethnicity scheme; `read_as` is the code under which it is counted."""

    scheme: str
    code: str
    label: str
    group: str
    read_as: str
    counts_as: str
    evidence: str
    source: str

    @property
    def key(self) -> str:
        """The code, which is unique over all schemes."""
        return self.code


class Ethnicities(Register[Ethnicity]):
    """The codes of all schemes."""

    member_name = "ethnicity"

    def scheme(self, *names: str) -> tuple[Ethnicity, ...]:
        """Return the codes of the schemes with these names, in order."""
        return tuple(ethnicity for ethnicity in self.all if ethnicity.scheme in names)

    def table(self) -> pa.Table:
        """Return one row for each code, all text."""
        return pa.table(
            {name: pa.array([getattr(ethnicity, name) for ethnicity in self.all], pa.string()) for name in COLUMNS}
        )


@lru_cache
def ethnicities() -> Ethnicities:
    """Return self-defined codes (18+1, 16+1), officer codes (IC), groups (GROUP, IC GROUP) and reasons (STATUS)."""
    return Ethnicities([_ethnicity(row) for row in read_rows("ethnicities", COLUMNS)])


def _ethnicity(row: dict[str, str]) -> Ethnicity:
    if row["scheme"] not in SCHEMES or row["counts_as"] not in COUNTS_AS:
        raise DefinitionError(f"ethnicities.csv, {row['code']}: unknown scheme or counts_as.")
    return Ethnicity(**row)
