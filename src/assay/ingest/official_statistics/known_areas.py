"""Match the names and codes of countries, regions and police forces in a file to the registers."""

from __future__ import annotations

import duckdb

from assay import reference
from assay.ingest.official_statistics.force_matching import force_code

NATION_CODES = {
    "England and Wales": "EW", "K04000001": "EW", "England": "E", "E92000001": "E", "Wales": "W", "W92000004": "W",
}  # fmt: skip


def find_area(code: str | None, name: str | None) -> tuple[str, str] | None:
    """Return the place code ('' for a region) and the level of an area; None if neither code nor name is known."""
    regions = {force.region for force in reference.forces().all if force.region}
    for wording in (code, name):
        if wording in NATION_CODES:
            return NATION_CODES[wording], "national"
        if wording and (found := force_code(wording)):
            return found, "force"
    known_region = (code or "").startswith("E12") or name in regions
    return ("", "region") if known_region else None


def add_known_areas(store: duckdb.DuckDBPyConnection) -> None:
    """Create the table `known_areas(area_code, area_name, place, level)` for the areas in `staged`."""
    store.execute("create table known_areas (area_code varchar, area_name varchar, place varchar, level varchar)")
    areas = store.execute("select distinct area_code, area_name from staged").fetchall()
    known_areas = [(code, name, *area) for code, name in areas if (area := find_area(code, name))]
    if known_areas:
        store.executemany("insert into known_areas values (?, ?, ?, ?)", known_areas)
