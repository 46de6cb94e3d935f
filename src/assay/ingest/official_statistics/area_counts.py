"""Rules for reading files of counts by area: protection plans, looked-after children, residents, police.uk, courts.

Sources: Department for Education (child protection plans; children looked after); Office for National Statistics,
Census 2021; data.police.uk, last outcomes as counted by the BBC Shared Data Unit; Ministry of Justice, criminal justice
statistics; Home Office, crime outcomes. Letters of the Department for Education stay letters (`children_in_need`).
"""

from __future__ import annotations

import duckdb

from assay import reference
from assay.ingest.official_statistics.children_in_need import AREA_COLUMNS, AREA_RUNGS, FIELDS
from assay.ingest.official_statistics.force_matching import force_code, similar_forces_hint
from assay.ingest.official_statistics.recorded_crime import CORRECT_COUNT, WHOLE_NUMBER_RULE
from assay.ingest.official_statistics.statistics_layouts import find_layout
from assay.ingest.official_statistics.statistics_rules import Rules, Rung, error_rung, formula_rung

NATION_CODES = {
    "England and Wales": "EW", "K04000001": "EW", "England": "E", "E92000001": "E", "Wales": "W", "W92000004": "W",
}  # fmt: skip


def _find_area(code: str | None, name: str | None) -> tuple[str, str] | None:
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
    known_areas = [(code, name, *area) for code, name in areas if (area := _find_area(code, name))]
    if known_areas:
        store.executemany("insert into known_areas values (?, ?, ?, ?)", known_areas)


PLANS_STARTED, PLANS_AGAIN, PLANS_HELD = "plans started", "second or subsequent plans", "plans at 31 March"
STARTED, LOOKED_AFTER, CEASED = "started to be looked after", "looked after at 31 March", "ceased to be looked after"
RESIDENTS = "residents under 18"
MEASURES = {
    "CPP_start": PLANS_STARTED,
    "CPP_subsequent": PLANS_AGAIN,
    "CPP_At31": PLANS_HELD,
    "Children starting to be looked after each year": STARTED,
    "Children looked after on 31 March each year": LOOKED_AFTER,
    "Children ceasing to be looked after each year": CEASED,
    "population_estimate": RESIDENTS,
}
"""Our name of each count of children's services, by the publisher's."""
MEASURE_SQL = " ".join(f"when '{published}' then '{measure}'" for published, measure in MEASURES.items())
AREA_SELECT = "calendar as year, area as area_code, at_level as level, measure, number, marker"
YEAR_RUNG = Rung(
    "year cannot be read",
    "calendar is null",
    "'year'",
    "a year is written 2025",
    "Write the year as four digits. Where the table has no column for it, put it in the name of the file.",
)
PLACE_RUNG = Rung(
    "unknown area",
    "place is null",
    "'area_name'",
    "the name or code of an area is in the register of forces",
    "Give the area by its published name or code. An area is never guessed.",
    grouping_field="area_name",
    hint=similar_forces_hint,
)
PLACE_JOIN = (
    "left join known_areas a on staged.area_code is not distinct from a.area_code "
    "and staged.area_name is not distinct from a.area_name"
)
PLACE_COLUMNS = {"calendar": "calendar_year(year)", "place": "a.place", "at_level": "a.level"}
PLACE_SELECT = "calendar as year, place as area_code, at_level as level, measure, number, '' as marker"
OTHER_CRIME = "another type of crime: only violence and sexual offences are counted here, which the source joins"
OTHER_OFFENCE = (
    "an offence whose description names no child, no age under 16 and none of the other offences that are counted"
)
NORTHERN_IRELAND = "a police force of Northern Ireland"


def _count_rung(column: str) -> Rung:
    return Rung("count cannot be read", "number is null or number < 0", column, WHOLE_NUMBER_RULE, CORRECT_COUNT)


def _authority_rules(wide_fields: tuple[str, ...], other_table: str = "false") -> Rules:
    """Return the rules of a table with one column for each count; `other_table`: SQL, true for a row of another one."""
    return Rules(
        fields=FIELDS,
        wide_fields=wide_fields,
        parsed_columns={**AREA_COLUMNS, "measure": f"case factor {MEASURE_SQL} end", "number": "whole(value)"},
        rungs=(formula_rung((*FIELDS, "value")), error_rung(), Rung("another table", other_table), *AREA_RUNGS),
        key=("calendar", "at_level", "area", "measure"),
        measures=("number", "marker"),
        select=AREA_SELECT,
    )


PLANS_STARTED_RULES = _authority_rules(
    ("CPP_start", "CPP_subsequent"), "category is not null and lower(category) not like '%subsequent plan%'"
)
PLANS_HELD_RULES = _authority_rules(
    ("CPP_At31",), "category is not null and lower(category) not like '%length of time%'"
)

_LOOKED_AFTER_FIELDS = (*FIELDS, "population_type")
LOOKED_AFTER_RULES = Rules(
    fields=_LOOKED_AFTER_FIELDS,
    wide_fields=("children_count", "population_estimate"),
    parsed_columns={
        **AREA_COLUMNS,
        # The population stands again in the row of each count; equal rows are then set aside as repeated.
        "measure": f"case when factor = 'population_estimate' then '{RESIDENTS}' "
        f"else case population_type {MEASURE_SQL} end end",
        "number": "whole(value)",
    },
    rungs=(
        formula_rung((*_LOOKED_AFTER_FIELDS, "value")),
        error_rung(),
        Rung(
            "unknown group of children",
            "measure is null",
            "'population_type'",
            "a group of looked-after children is in our list",
            f"The known groups are: {', '.join(name for name in MEASURES if ' ' in name)}.",
        ),
        *AREA_RUNGS,
    ),
    key=("calendar", "at_level", "area", "measure"),
    measures=("number", "marker"),
    select=AREA_SELECT,
)

_ETHNICITY_FIELDS = ("year", "area_code", "area_name", "ethnic_group", "residents")
ETHNICITY_RULES = Rules(
    fields=_ETHNICITY_FIELDS,
    prepare=add_known_areas,
    joins=PLACE_JOIN,
    parsed_columns={**PLACE_COLUMNS, "measure": "ethnic_group", "number": "whole(residents)"},
    rungs=(
        formula_rung(_ETHNICITY_FIELDS),
        error_rung(),
        YEAR_RUNG,
        PLACE_RUNG,
        Rung("no ethnic group", "measure is null", "'ethnic_group'", "a row names an ethnic group", CORRECT_COUNT),
        _count_rung("'residents'"),
    ),
    key=("calendar", "place", "measure"),
    measures=("number",),
    select=PLACE_SELECT,
)

_LAST_OUTCOME_FIELDS = ("year", "area_code", "area_name", "crime_type", "outcome", "incidents")
LAST_OUTCOMES_RULES = Rules(
    fields=_LAST_OUTCOME_FIELDS,
    prepare=add_known_areas,
    joins=PLACE_JOIN,
    parsed_columns={**PLACE_COLUMNS, "measure": "outcome", "number": "whole(incidents)"},
    rungs=(
        formula_rung(_LAST_OUTCOME_FIELDS),
        error_rung(),
        Rung(OTHER_CRIME, "lower(crime_type) is distinct from 'violence and sexual offences'"),
        Rung(NORTHERN_IRELAND, "lower(area_name) = 'police service of northern ireland'"),
        YEAR_RUNG,
        PLACE_RUNG,
        Rung("no outcome given", "measure is null"),
        _count_rung("'incidents'"),
    ),
    key=("calendar", "place", "measure"),
    measures=("number",),
    select=PLACE_SELECT,
)

CHILD_OFFENCE_SQL = " or ".join(
    f"contains(lower(offence), '{words}')" for words in find_layout("court_outcomes").counted_words
)
_COURT_FIELDS = ("year", "area_code", "area_name", "offence", "outcome", "defendants")
COURT_OUTCOMES_RULES = Rules(
    fields=_COURT_FIELDS,
    prepare=add_known_areas,
    joins=PLACE_JOIN,
    parsed_columns={
        **PLACE_COLUMNS,
        "measure": r"regexp_replace(outcome, '^\d+:\s*', '')",
        "number": "whole(defendants)",
    },
    rungs=(
        formula_rung(_COURT_FIELDS),
        error_rung(),
        Rung(OTHER_OFFENCE, f"offence is null or not ({CHILD_OFFENCE_SQL})"),
        YEAR_RUNG,
        PLACE_RUNG,
        Rung("no outcome given", "measure is null"),
        _count_rung("'defendants'"),
    ),
    # The published rows split defendants by more than we read, so that several rows of one key are no error.
    key=("nth",),
    measures=("number",),
    select=PLACE_SELECT,
)

OUTCOME_TYPES = ("t1", "t2", "t3", "t6", "t7", "t8", "t22", "assigned")
"""Outcomes of the national table: types of the counting rules, and all outcomes but 'not yet assigned'."""
BASES = {"closed_all": "outcomes recorded in the year", "recorded_all": "offences recorded in the year"}
NATIONAL_OUTCOMES_RULES = Rules(
    fields=("financial_year",),
    wide_fields=tuple(f"{basis}_{outcome}" for basis in BASES for outcome in OUTCOME_TYPES),
    parsed_columns={
        "calendar": "try_cast(year_of(financial_year)[1:4] as int) + 1",
        "measure": "factor",
        "number": "whole(value)",
    },
    rungs=(
        formula_rung(("financial_year", "value")),
        error_rung(),
        Rung(
            "year cannot be read",
            "calendar is null",
            "'financial_year'",
            "a financial year is written 2024/25",
            "Write the financial year as 2024/25.",
        ),
        _count_rung("factor"),
    ),
    key=("calendar", "measure"),
    measures=("number",),
    select="calendar as year, 'EW44' as area_code, 'national' as level, measure, number, '' as marker",
)
