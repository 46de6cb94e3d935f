"""Rules for reading the mid-year estimates of children aged 0 to 17 by area.

Source: Office for National Statistics mid-year estimates, as the Department for Education publishes them by
local authority, or by police force area.
"""

from __future__ import annotations

from assay.ingest.official_statistics.children_in_need import ENGLAND, LEVEL_SQL
from assay.ingest.official_statistics.recorded_crime import CORRECT_COUNT, WHOLE_NUMBER_RULE
from assay.ingest.official_statistics.statistics_rules import Rules, Rung, error_rung, formula_rung

FIELDS = (
    "mid_year", "population", "level", "age_group", "country_code", "region_code", "authority_code",
    "force_area_code",
)  # fmt: skip
CHILDREN_SQL = r"regexp_matches(lower(age_group), '0\s*(to|-|–)\s*17')"

RULES = Rules(
    fields=FIELDS,
    parsed_columns={
        "calendar": "calendar_year(mid_year)",
        "at_level": f"case when force_area_code is not null then 'force' else {LEVEL_SQL} end",
        "area": f"case at_level when 'force' then force_area_code when 'regional' then region_code "
        f"when 'authority' then authority_code when 'national' then "
        f"case country_code when '{ENGLAND}' then 'E' else country_code end end",
        "number": "whole(population)",
    },
    rungs=(
        formula_rung(FIELDS),
        error_rung(),
        Rung("another age group", f"age_group is not null and not {CHILDREN_SQL}"),
        Rung(
            "year cannot be read",
            "calendar is null",
            "'mid_year'",
            "a year is written 2024",
            "Write the mid-year as four digits.",
        ),
        Rung(
            "no area code",
            "area is null",
            "case when at_level is null then 'level' else 'authority_code' end",
            "a row has the level and the code of its area",
            "Give the area's level and ONS code as published.",
        ),
        Rung("no count published", "not_published(population) or lower(population) in ('c', 'x', 'z', 'u')"),
        Rung("count cannot be read", "number is null or number < 0", "'population'", WHOLE_NUMBER_RULE, CORRECT_COUNT),
    ),
    key=("calendar", "at_level", "area"),
    measures=("number",),
    select="calendar as mid_year, area as area_code, at_level as level, number as population",
)
