"""Read the published counts of offences that police flagged as child sexual abuse or child sexual exploitation.

Source: Office for National Statistics, Crime in England and Wales, other related tables (Table 24 in the edition for
the year ending March 2022): England and Wales by year, and for that year by force. We had no copy of the table, so its
layout is from memory and not from a source (`layouts.toml`). A change in the counts may be a change in flagging.
"""

from __future__ import annotations

import duckdb

from assay import reference
from assay.ingest.official_statistics.force_matching import force_code, similar_forces_hint
from assay.ingest.official_statistics.recorded_crime import CORRECT_COUNT, WHOLE_NUMBER_RULE
from assay.ingest.official_statistics.statistics_rules import NOTE_BELOW, Rules, Rung, error_rung, formula_rung

FLAGS = {
    "child_sexual_abuse": "child sexual abuse",
    "child_sexual_exploitation": "child sexual exploitation",
}
FLAG_SQL = "case factor " + " ".join(f"when '{name}' then '{words}'" for name, words in FLAGS.items()) + " end"
FIELDS = ("year", "area_code", "area_name")
COUNTRY = "England and Wales"
NATION_CODES = {
    "England and Wales": "EW", "K04000001": "EW", "England": "E", "E92000001": "E", "Wales": "W", "W92000004": "W",
}  # fmt: skip
REGION = "a region: its forces are in rows of their own"
YEAR_WITHOUT_NOTES = r"trim(regexp_replace(year, '\s*\[[^\]]*\]', '', 'g'))"
YEAR_SQL = (
    f"coalesce(try_cast(year_of({YEAR_WITHOUT_NOTES})[1:4] as int) + 1, "
    f"try_cast(regexp_extract(lower({YEAR_WITHOUT_NOTES}), 'mar(?:ch)?[ -]*((?:19|20)\\d\\d)$', 1) as int), "
    f"calendar_year({YEAR_WITHOUT_NOTES}))"
)
"""SQL for the year in which the twelve months end: 2022 for '2021/22', 'Apr 2021 to Mar 2022' or '2022'."""


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


RULES = Rules(
    fields=FIELDS,
    wide_fields=tuple(FLAGS),
    prepare=add_known_areas,
    joins="left join known_areas a on staged.area_code is not distinct from a.area_code "
    "and staged.area_name is not distinct from a.area_name",
    parsed_columns={
        "ending": YEAR_SQL,
        "place": "a.place",
        "at_level": "a.level",
        "number": "whole(value)",
        "flag": FLAG_SQL,
    },
    rungs=(
        Rung(NOTE_BELOW, "value is null and marks is null and (ending is null or area_name is null)"),
        formula_rung((*FIELDS, "value")),
        error_rung(),
        Rung(
            "year cannot be read",
            "ending is null",
            "'year'",
            "a year ends in March and is written 2021/22 or 'year ending March 2022'",
            "Write the financial year as 2021/22. Counts for other periods are not read.",
        ),
        Rung(REGION, "at_level = 'region'"),
        Rung(
            "unknown area",
            "place is null",
            "'area_name'",
            "an area is England and Wales, England, Wales or a police force",
            "Give the area by its ONS name or code. An area is never guessed.",
            grouping_field="area_name",
            hint=similar_forces_hint,
        ),
        Rung("no count published", "not_published(value)"),
        Rung("count cannot be read", "number is null or number < 0", "factor", WHOLE_NUMBER_RULE, CORRECT_COUNT),
    ),
    key=("ending", "place", "flag"),
    measures=("number",),
    select="ending as year, place as area_code, at_level as level, flag, number as offences",
)
