"""Upper-tier local authorities and the police force area of each.

Children's services are counted by upper-tier local authority, crimes by police force area. Every English
upper-tier authority since 2012, those abolished since then too, and every Welsh one lies inside one force area.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from assay.reference.force_register import forces
from assay.reference.reference_data import Register, read_rows

COLUMNS = ("code", "name", "force_code", "first_year", "last_year", "note", "evidence", "source")


@dataclass(frozen=True)
class LocalAuthority:
    """One upper-tier or unitary authority; the years are those in which English statistics include it, '' for Wales."""

    code: str
    name: str
    force_code: str
    first_year: str
    last_year: str
    note: str
    evidence: str
    source: str

    @property
    def key(self) -> str:
        """The ONS code of the authority (E06, E08, E09, E10 or W06)."""
        return self.code

    @property
    def country(self) -> str:
        """'E' or 'W': the country whose law applies to a child there (return contract, section 11.9)."""
        return self.code[:1]


class Authorities(Register[LocalAuthority]):
    """The upper-tier authorities of England and Wales."""

    member_name = "local authority"


@lru_cache
def authorities() -> Authorities:
    """Return the register of authorities; DefinitionError for an unknown force."""
    rows = [LocalAuthority(**row) for row in read_rows("local_authorities", COLUMNS)]
    for row in rows:
        forces().get(row.force_code)
    return Authorities(rows)


@lru_cache
def force_by_local_authority() -> Mapping[str, str]:
    """Return the police force code by ONS code of the local authority, England only."""
    return MappingProxyType(
        {authority.code: authority.force_code for authority in authorities() if authority.country == "E"}
    )
