"""Web addresses of the sources that rows of the registers name in words.

Many rows share a source, so its address stands here once. A person who reads a row that is graded `seen` finds the
address in the row itself, in its source, or here under words that stand in the source.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.reference_data import Register, read_rows

COLUMNS = ("name", "address", "opens", "publisher", "evidence", "source")
PAGE, SITE = "page", "site"
"""What the address opens: the source itself, or the site that holds it."""
_PAGE_ADDRESS = re.compile(r"https?://[^/\s]+/[^\s)]+")
_SITE_ADDRESS = re.compile(r"https?://[^/\s)]+/?")


@dataclass(frozen=True)
class SourceAddress:
    """The name under which register rows cite a source, and the web address where it can be opened."""

    name: str
    address: str
    opens: str
    publisher: str
    evidence: str
    source: str

    @property
    def key(self) -> str:
        """The name under which register rows cite the source."""
        return self.name


class SourceAddresses(Register[SourceAddress]):
    """The addresses of sources, by name."""

    member_name = "source address"

    def found_in(self, source: str) -> tuple[SourceAddress, ...]:
        """Return the addresses of the sources that a text names."""
        return tuple(address for address in self.all if address.name in source)

    def site_alone(self, row: Mapping[str, str]) -> str:
        """Return the site that holds the source of a row, if no address of the page is known; '' otherwise."""
        text = f"{row.get('address', '')} {row['source']}"
        found = self.found_in(row["source"])
        if _PAGE_ADDRESS.search(text) or any(item.opens == PAGE for item in found):
            return ""
        sites = [*_SITE_ADDRESS.findall(text), *(item.address for item in found)]
        return sites[0] if sites else ""


@lru_cache
def source_addresses() -> SourceAddresses:
    """Return the register; DefinitionError for a row without an address, or without what the address opens."""
    rows = read_rows("source_addresses", COLUMNS)
    for row in rows:
        if not row["address"].startswith("https://") or row["opens"] not in (PAGE, SITE):
            raise DefinitionError(
                f"source_addresses.csv, {row['name']}: an address begins with https://, and opens a page or a site."
            )
    return SourceAddresses([SourceAddress(**row) for row in rows])
