"""How many children live in a force's area, and from which year is the estimate?

The estimate nearest to the year in which the financial year began is used, if it lies within two years. If
none does, the mid-2020 estimate stands in and the note says so. Nobody is counted for British Transport
Police and other bodies without an area, and City of London never gets a resident rate: those it deals with
mostly live elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.force_register import Force, forces
from assay.reference.reference_data import read

COLUMNS = ("place_code", "mid_year", "children", "evidence", "source")
WITHIN_YEARS = 2
STAND_IN = 2020
CITY_OF_LONDON = "E23000034"
_YEAR = re.compile(r"(\d{4})/(\d{2})")
_OURS = "mid-2020 estimate by single year of age, summed to force areas (not revised after the 2021 census)"


@dataclass(frozen=True)
class Children:
    """Residents aged 0 to 17; `population` is None where no rate may be made, and `note` says why."""

    population: int | None
    mid_year: int | None
    source: str
    note: str


@lru_cache
def estimates() -> dict[str, dict[int, tuple[int, str]]]:
    """Place -> mid-year -> (children aged 0 to 17, source)."""
    found: dict[str, dict[int, tuple[int, str]]] = {}
    for row in read("populations", COLUMNS):
        found.setdefault(row["place_code"], {})[int(row["mid_year"])] = (int(row["children"]), row["source"])
    return found


def start_year(financial_year: str) -> int:
    """The year in which a financial year 'YYYY/YY' begins; refuses a label that is not one."""
    match = _YEAR.fullmatch(financial_year)
    if not match or (int(match[1]) + 1) % 100 != int(match[2]):
        raise DefinitionError(f"{financial_year!r} is not a financial year. Write it as '2024/25'.")
    return int(match[1])


def children(place_code: str, financial_year: str) -> Children | None:
    """The 0 to 17 population of a force, or of 'E' or 'EW' together; None for an unknown code."""
    begins = start_year(financial_year)
    if place_code == "EW44":
        return Children(None, None, "", "British Transport Police has no residents: no rate is made.")
    if place_code in ("E", "EW"):
        return _together(place_code, begins)
    if not forces().knows(place_code):
        return None
    return _of_force(forces().get(place_code), begins)


def _of_force(force: Force, begins: int) -> Children:
    if force.children_mid2020 is None:
        return Children(None, None, "", f"{force.name} has no resident children to count: no rate is made.")
    if force.code == CITY_OF_LONDON:
        return Children(None, None, "", "Those policed here mostly live elsewhere: no resident rate is made.")
    return _estimate(force, begins)


def _estimate(force: Force, begins: int) -> Children:
    known = estimates().get(force.code, {})
    near = [year for year in known if abs(year - begins) <= WITHIN_YEARS]
    if near:
        year = min(near, key=lambda one: (abs(one - begins), one))
        return Children(*_with_year(known, year), note="")
    population, source = known.get(STAND_IN, (force.children_mid2020, _OURS))
    note = f"No estimate within {WITHIN_YEARS} years of {begins}: children at mid-{STAND_IN} stand in."
    return Children(population, STAND_IN, source, note)


def _with_year(known: dict[int, tuple[int, str]], year: int) -> tuple[int, int, str]:
    population, source = known[year]
    return population, year, source


def _together(place_code: str, begins: int) -> Children:
    members = [force for force in forces().territorial if place_code == "EW" or force.country == "England"]
    each = {force.name: _estimate(force, begins) for force in members}
    years = [one.mid_year for one in each.values()]
    usual = max(set(years), key=years.count)
    others: dict[int | None, list[str]] = {}
    for name, one in each.items():
        if one.mid_year != usual:
            others.setdefault(one.mid_year, []).append(name)
    apart = "; ".join(f"{', '.join(names)} at mid-{year}" for year, names in sorted(others.items(), key=str))
    note = f"Sum of {len(each)} force areas at mid-{usual}" + (f", except {apart}." if apart else ".")
    total = sum(one.population or 0 for one in each.values())
    return Children(total, usual, "; ".join(dict.fromkeys(one.source for one in each.values())), note)
