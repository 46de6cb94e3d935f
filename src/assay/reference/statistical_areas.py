"""Countries and regions for which published tables give figures, in addition to police forces and local authorities."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assay.reference.reference_data import Register, read_rows

COLUMNS = ("code", "name", "level", "publisher", "evidence", "source")


@dataclass(frozen=True)
class StatisticalArea:
    """A country or region with its ONS code; `level` is 'country' or 'region'."""

    code: str
    name: str
    level: str
    publisher: str
    evidence: str
    source: str

    @property
    def key(self) -> str:
        """The ONS code, such as E92000001."""
        return self.code


class StatisticalAreas(Register[StatisticalArea]):
    """The countries and regions of published tables."""

    member_name = "country or region"


@lru_cache
def statistical_areas() -> StatisticalAreas:
    """Return the register of countries and regions."""
    return StatisticalAreas([StatisticalArea(**row) for row in read_rows("statistical_areas", COLUMNS)])
