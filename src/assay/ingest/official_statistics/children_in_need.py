"""Read assessments of children in need with exploitation as a factor (Department for Education).

Source: Department for Education, characteristics of children in need, factors identified at the end of assessment
(England only, years to 31 March). Counts are episodes, not children, and one episode may have several factors. The
publisher writes letters in place of a number: c confidential, x not available, z not applicable, u of low reliability.
A letter stays a letter, in `marker`; it never becomes a number, and never zero.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from assay import reference
from assay.engine.duckdb_connections import open_connection
from assay.errors import SourceError
from assay.ingest.official_statistics.recorded_crime import CORRECT_COUNT, WHOLE_NUMBER_RULE
from assay.ingest.official_statistics.statistics_rules import Rules, Rung, error_rung, formula_rung

FACTORS = (
    "Child_sexual_exploitation",
    "Going_missing",
    "Trafficking",
    "Gangs",
    "Child_criminal_exploitation",
    "Episodes_with_assessment_factor",
)
MARKERS = ("c", "x", "z", "u")
MARKERS_SQL = ", ".join(f"'{marker}'" for marker in MARKERS)
FIELDS = (
    "year", "level", "country_code", "country_name", "region_code", "region_name", "authority_code",
    "authority_name", "category",
)  # fmt: skip
LEVEL_SQL = (
    "case lower(level) when 'national' then 'national' when 'regional' then 'regional' "
    "when 'local authority' then 'authority' end"
)
ENGLAND = "E92000001"
AREA_SQL = (
    f"case {LEVEL_SQL} when 'national' then case country_code when '{ENGLAND}' then 'E' else country_code end "
    "when 'regional' then region_code when 'authority' then authority_code end"
)

AREA_COLUMNS = {
    "calendar": "calendar_year(year)",
    "at_level": LEVEL_SQL,
    "area": AREA_SQL,
    "marker": f"case when lower(value) in ({MARKERS_SQL}) then lower(value) else '' end",
}
"""Parsed columns of every table of the department that has a row for each area."""
AREA_RUNGS = (
    Rung(
        "year cannot be read",
        "calendar is null",
        "'year'",
        "a year is written 2025",
        "Write the year to 31 March as four digits.",
    ),
    Rung(
        "unknown level",
        "at_level is null",
        "'level'",
        "a level is national, regional or local authority",
        "Give the geographic level as published.",
    ),
    Rung(
        "no area code",
        "area is null",
        "case at_level when 'national' then 'country_code' when 'regional' then 'region_code' "
        "else 'authority_code' end",
        "a row has the code of its area",
        "Give the area's ONS code as published.",
    ),
    Rung(
        "count cannot be read",
        f"value is not null and whole(value) is null and lower(value) not in ({MARKERS_SQL})",
        "factor",
        WHOLE_NUMBER_RULE,
        f"{CORRECT_COUNT} A letter must be one of c, x, z, u.",
    ),
)
"""Reasons to set aside a row of such a table."""

RULES = Rules(
    fields=FIELDS,
    wide_fields=FACTORS,
    parsed_columns={
        **AREA_COLUMNS,
        "area_name": f"case {LEVEL_SQL} when 'national' then country_name when 'regional' then region_name "
        "else authority_name end",
        "episodes": "whole(value)",
    },
    rungs=(
        formula_rung((*FIELDS, "value")),
        error_rung(),
        Rung("another table", "category is not null and lower(category) not like '%factors identified%'"),
        *AREA_RUNGS,
    ),
    key=("calendar", "at_level", "area", "factor"),
    measures=("episodes", "marker"),
    select="calendar as year, area as area_code, coalesce(area_name, '') as area_name, at_level as level, "
    "factor, "
    "episodes, marker, 1::int as areas, (episodes is not null)::int as areas_known, episodes as "
    "episodes_known",
)


def sum_by_force_area(table: pa.Table) -> pa.Table:
    """Sum the assessment episodes by year, factor and police force area, and for England.

    `area_code` is 'E' or a force code, `level` 'national' or 'force', and `areas` counts authorities. If one authority
    of a force area is not known, the area is not known: `episodes` is missing, `marker` holds the letter of that
    authority, and `episodes_known` sums the others. An authority to which the factor does not apply (`z`) has nothing
    to add: the sum is that of the others, and is `z` where it applies to none. An authority that belongs to no force is
    refused.
    """
    levels = pc.is_in(table["level"], pa.array(["national", "authority", "force"], pa.string()))
    rows = table.filter(levels)
    places = [_force_area(row) for row in rows.select(["level", "area_code"]).to_pylist()]
    area_rows = rows.set_column(rows.column_names.index("area_code"), "area_code", pa.array(places, pa.string()))
    with open_connection() as store:
        store.register("placed", area_rows)
        return store.sql(FORCE_AREA_SQL).to_arrow_table()


NOT_APPLICABLE = "z"
FORCE_AREA_SQL = f"""
with settled as (
    select *, case marker when '{NOT_APPLICABLE}' then areas else areas_known end as areas_settled from placed
), summed as (
    select year, area_code, factor, sum(areas)::int as areas, sum(areas_settled)::int as areas_known,
           sum(episodes_known)::bigint as episodes_known,
           coalesce(string_agg(distinct marker, '' order by marker) filter (marker not in ('', '{NOT_APPLICABLE}')), '')
               as letters,
           bool_or(marker = '{NOT_APPLICABLE}') as has_inapplicable
    from settled group by year, area_code, factor
)
select year, area_code, case when area_code = 'E' then 'national' else 'force' end as level, factor,
       case when areas = areas_known then episodes_known end as episodes,
       case when areas = areas_known and episodes_known is not null then ''
            when letters = '' and has_inapplicable then '{NOT_APPLICABLE}' else letters end as marker,
       areas, areas_known, episodes_known
from summed order by year, area_code, factor
"""


def _force_area(row: dict[str, str]) -> str:
    if row["level"] != "authority":
        return row["area_code"]
    try:
        return reference.force_by_local_authority()[row["area_code"]]
    except KeyError:
        raise SourceError(
            f"The local authority {row['area_code']} belongs to no police force area in the register. Add it "
            "to reference/data/local_authorities.csv."
        ) from None
