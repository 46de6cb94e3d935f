"""In how many assessments of children in need did social workers record exploitation as a factor?

Source: Department for Education, characteristics of children in need, factors identified at the end of
assessment (England only, years to 31 March). Counts are episodes, not children, and several factors may stand
in one episode. The publisher writes letters where a number would be: c confidential, x not available, z not
applicable, u of low reliability. A letter stays a letter, in `marker`; it never becomes a number, and never
zero.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from assay import reference
from assay.errors import SourceError
from assay.ingest.official_statistics.recorded_crime import REWRITE, UNREADABLE
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
IN_SQL = ", ".join(f"'{marker}'" for marker in MARKERS)
FIELDS = (
    "year", "level", "country_code", "country_name", "region_code", "region_name", "authority_code",
    "authority_name", "category",
)  # fmt: skip
LEVEL_OF = (
    "case lower(level) when 'national' then 'national' when 'regional' then 'regional' "
    "when 'local authority' then 'authority' end"
)
ENGLAND = "E92000001"
AREA_OF = (
    f"case {LEVEL_OF} when 'national' then case country_code when '{ENGLAND}' then 'E' else country_code end "
    "when 'regional' then region_code when 'authority' then authority_code end"
)

RULES = Rules(
    fields=FIELDS,
    unfold=FACTORS,
    parsed={
        "calendar": "calendar_year(year)",
        "at_level": LEVEL_OF,
        "area": AREA_OF,
        "area_name": f"case {LEVEL_OF} when 'national' then country_name when 'regional' then region_name "
        "else authority_name end",
        "episodes": "whole(value)",
        "marker": f"case when lower(value) in ({IN_SQL}) then lower(value) else '' end",
    },
    rungs=(
        formula_rung((*FIELDS, "value")),
        error_rung(),
        Rung("another table", "category is not null and lower(category) not like '%factors identified%'"),
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
            f"value is not null and episodes is null and lower(value) not in ({IN_SQL})",
            "factor",
            UNREADABLE,
            f"{REWRITE} A letter must be one of c, x, z, u.",
        ),
    ),
    key=("calendar", "at_level", "area", "factor"),
    measures=("episodes", "marker"),
    select="calendar as year, area as area_code, coalesce(area_name, '') as area_name, at_level as level, "
    "factor, "
    "episodes, marker, 1::int as areas, (episodes is not null)::int as areas_known, episodes as "
    "episodes_known",
)


def by_force_area(table: pa.Table) -> pa.Table:
    """England and each English force area: (year, area_code, level, factor, episodes, marker, areas,
    areas_known, episodes_known). `area_code` is 'E' or a force code, `level` 'national' or 'force'; `areas`
    counts authorities.

    A force area with one authority that is not known is not known: `episodes` is missing and `marker` holds
    that authority's letter; `episodes_known` sums the others. Refuses an authority that belongs to no force.
    """
    levels = pc.is_in(table["level"], pa.array(["national", "authority", "force"], pa.string()))
    kept = table.filter(levels)
    places = [_place(row) for row in kept.select(["level", "area_code"]).to_pylist()]
    placed = kept.set_column(kept.column_names.index("area_code"), "area_code", pa.array(places, pa.string()))
    with duckdb.connect() as store:
        store.register("placed", placed)
        return store.sql(SUMMED).to_arrow_table()


SUMMED = """
select year, area_code, case when area_code = 'E' then 'national' else 'force' end as level, factor,
       case when sum(areas) = sum(areas_known) then sum(episodes_known)::bigint end as episodes,
       coalesce(string_agg(distinct marker, '' order by marker) filter (marker <> ''), '') as marker,
       sum(areas)::int as areas, sum(areas_known)::int as areas_known,
       sum(episodes_known)::bigint as episodes_known
from placed group by year, area_code, factor order by year, area_code, factor
"""


def _place(row: dict[str, str]) -> str:
    if row["level"] != "authority":
        return row["area_code"]
    try:
        return reference.local_authorities()[row["area_code"]]
    except KeyError:
        raise SourceError(
            f"The local authority {row['area_code']} belongs to no police force area that the register "
            f"knows. "
            "Add it to commission/data/local_authorities.csv."
        ) from None
