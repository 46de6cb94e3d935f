"""Find the area that a published table names, in the registers of forces, authorities, regions and countries."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache

from assay import reference
from assay.errors import UnknownForce

FORCE, AUTHORITY, REGION, COUNTRY = "police force", "local authority", "region", "country"
LEVELS = (FORCE, AUTHORITY, REGION, COUNTRY)


@dataclass(frozen=True)
class Area:
    """An area of a published table; `force_code` is the force whose area it is or lies in, '' for larger areas."""

    code: str
    name: str
    level: str
    force_code: str


def find_area(code: str) -> Area | None:
    """Return the area with an ONS code; None if no register has the code."""
    return _areas().get(code.strip())


def find_named_area(name: str, level: str) -> Area | None:
    """Return the area with this name at a level (such as force), else the country or region so named; None if none."""
    if level == FORCE:
        try:
            return _areas()[reference.forces().find(name).code]
        except UnknownForce:
            pass
    return _areas_by_name(level).get(_normalise(name)) or _areas_by_name(COUNTRY).get(_normalise(name))


def similar_area_hint(name: str, level: str) -> str:
    """Return ' Did you mean X or Y?' for an unknown name; '' if no name of the level is similar."""
    names = {area.name for area in _areas().values() if area.level == level}
    found = difflib.get_close_matches(name, sorted(names), n=3, cutoff=0.6)
    return f" Did you mean {' or '.join(found)}?" if found else ""


@lru_cache
def _areas() -> dict[str, Area]:
    """Return every area by code."""
    areas = [Area(item.code, item.name, item.level, "") for item in reference.statistical_areas()]
    areas += [Area(item.code, item.name, AUTHORITY, item.force_code) for item in reference.authorities()]
    areas += [Area(force.code, force.name, FORCE, force.code) for force in reference.forces()]
    return {area.code: area for area in areas}


@lru_cache
def _areas_by_name(level: str) -> dict[str, Area]:
    """Return the areas of a level by name. Of authorities of one name, the latest: an earlier one was abolished."""
    latest = {item.code: item.last_year for item in reference.authorities()}
    areas = [area for area in _areas().values() if area.level == level]
    areas.sort(key=lambda area: (latest.get(area.code, ""), area.code))
    return {_normalise(area.name): area for area in areas}


def _normalise(name: str) -> str:
    """Return a name without differences in case, spaces, punctuation and '&'; the order of words does not count."""
    words = re.sub(r"[^a-z0-9]+", " ", name.casefold().replace("&", " and ")).split()
    return " ".join(sorted(words))
