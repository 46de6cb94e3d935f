"""Resident children (0 to 17) by force area and year.

The estimate nearest to the year in which the financial year began is used, if it lies within two years. If there is
none, the mid-2020 estimate is used and the note says so. British Transport Police and other organisations without an
area have no population, and City of London has no resident rate, because the people it serves mostly live elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.force_register import Force, forces
from assay.reference.reference_data import read_rows

COLUMNS = ("place_code", "mid_year", "children", "evidence", "source")
MAX_YEARS_APART = 2
FALLBACK_YEAR = 2020
CITY_OF_LONDON = "E23000034"
_YEAR = re.compile(r"(\d{4})/(\d{2})")
_FALLBACK_SOURCE = "mid-2020 estimate by single year of age, summed to force areas (not revised after the 2021 census)"


@dataclass(frozen=True)
class ChildPopulation:
    """Residents aged 0 to 17 in one area and year; `population` is None if no rate may be computed, and `note` says
    why."""

    population: int | None
    mid_year: int | None
    source: str
    note: str


@lru_cache
def population_estimates() -> dict[str, dict[int, tuple[int, str]]]:
    """Return by place and mid-year the number of children aged 0 to 17, and the source."""
    found: dict[str, dict[int, tuple[int, str]]] = {}
    for row in read_rows("populations", COLUMNS):
        found.setdefault(row["place_code"], {})[int(row["mid_year"])] = (int(row["children"]), row["source"])
    return found


def start_year(financial_year: str) -> int:
    """Return the year in which a financial year 'YYYY/YY' begins; DefinitionError for another label."""
    match = _YEAR.fullmatch(financial_year)
    if not match or (int(match[1]) + 1) % 100 != int(match[2]):
        raise DefinitionError(f"{financial_year!r} is not a financial year. Write it as '2024/25'.")
    return int(match[1])


def child_population(place_code: str, financial_year: str) -> ChildPopulation | None:
    """Return the 0 to 17 population of a force, or of 'E' or 'EW'; None for an unknown code."""
    start = start_year(financial_year)
    if place_code == "EW44":
        return ChildPopulation(None, None, "", "British Transport Police has no residents: no rate is made.")
    if place_code in ("E", "EW"):
        return _country_population(place_code, start)
    if not forces().knows(place_code):
        return None
    return _force_population(forces().get(place_code), start)


def _force_population(force: Force, start: int) -> ChildPopulation:
    if force.children_mid2020 is None:
        return ChildPopulation(None, None, "", f"{force.name} has no resident children to count: no rate is made.")
    if force.code == CITY_OF_LONDON:
        return ChildPopulation(None, None, "", "Those policed here mostly live elsewhere: no resident rate is made.")
    return _nearest_estimate(force, start)


def _nearest_estimate(force: Force, start: int) -> ChildPopulation:
    known = population_estimates().get(force.code, {})
    near_years = [year for year in known if abs(year - start) <= MAX_YEARS_APART]
    if near_years:
        year = min(near_years, key=lambda candidate: (abs(candidate - start), candidate))
        return ChildPopulation(*_estimate_of_year(known, year), note="")
    population, source = known.get(FALLBACK_YEAR, (force.children_mid2020, _FALLBACK_SOURCE))
    note = f"No estimate within {MAX_YEARS_APART} years of {start}: children at mid-{FALLBACK_YEAR} stand in."
    return ChildPopulation(population, FALLBACK_YEAR, source, note)


def _estimate_of_year(known: dict[int, tuple[int, str]], year: int) -> tuple[int, int, str]:
    population, source = known[year]
    return population, year, source


def _country_population(place_code: str, start: int) -> ChildPopulation:
    members = [force for force in forces().territorial if place_code == "EW" or force.country == "England"]
    estimates = {force.name: _nearest_estimate(force, start) for force in members}
    years = [estimate.mid_year for estimate in estimates.values()]
    usual_year = max(set(years), key=years.count)
    other_years: dict[int | None, list[str]] = {}
    for name, estimate in estimates.items():
        if estimate.mid_year != usual_year:
            other_years.setdefault(estimate.mid_year, []).append(name)
    exceptions = "; ".join(f"{', '.join(names)} at mid-{year}" for year, names in sorted(other_years.items(), key=str))
    note = f"Sum of {len(estimates)} force areas at mid-{usual_year}" + (
        f", except {exceptions}." if exceptions else "."
    )
    total = sum(estimate.population or 0 for estimate in estimates.values())
    return ChildPopulation(
        total, usual_year, "; ".join(dict.fromkeys(estimate.source for estimate in estimates.values())), note
    )
