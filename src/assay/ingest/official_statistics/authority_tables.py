"""Rules for reading files on authorities: Ofsted judgements of children's services, and statistical neighbours (DfE).

Sources: Ofsted, Local authority inspection outcomes as at 31 March 2025, official statistics; Department for Education,
statistical neighbours model 2025. Both cover England only. A judgement is of services for all children in need of help
and protection, in care and leaving care; none is of the response to exploitation alone.
"""

from __future__ import annotations

import duckdb

from assay import reference
from assay.ingest.official_statistics.area_counts import YEAR_RUNG
from assay.ingest.official_statistics.statistics_layouts import normalise_header
from assay.ingest.official_statistics.statistics_rules import Rules, Rung, error_rung, formula_rung

GRADES = ("Outstanding", "Good", "Requires improvement to be good", "Inadequate")
JUDGEMENTS = ("overall", "leaders", "protection", "care", "leavers")
GRADES_SQL = ", ".join(f"'{grade}'" for grade in GRADES)
NEIGHBOUR_COLUMNS = tuple(f"SN_{number}" for number in range(1, 11))


def add_known_authorities(store: duckdb.DuckDBPyConnection) -> None:
    """Create the table `known_authorities(code)` of the upper-tier local authorities in the register."""
    store.execute("create table known_authorities (code varchar)")
    store.executemany("insert into known_authorities values (?)", [(row.code,) for row in reference.authorities()])


def add_neighbour_codes(store: duckdb.DuckDBPyConnection) -> None:
    """Create the table `codes_by_old_code(old, code)` of ONS codes, matched by name, for the old codes in `staged`.

    The model gives the department's own three digits. Its own rows give the name for each, and the register the ONS
    code for the name; names are compared without punctuation, and an abolished authority is never matched.
    """
    register = {normalise_header(row.name): row.code for row in _existing_authorities()}
    old_codes = store.execute(
        "select distinct old_code, authority_name from staged where old_code is not null"
    ).fetchall()
    known = [(old, register[words]) for old, name in old_codes if (words := normalise_header(name or "")) in register]
    store.execute("create table codes_by_old_code (old varchar, code varchar)")
    if known:
        store.executemany("insert into codes_by_old_code values (?, ?)", known)


def _existing_authorities() -> list[reference.LocalAuthority]:
    english = [row for row in reference.authorities() if row.country == "E"]
    last_year = max(row.last_year for row in english)
    return [row for row in english if row.last_year == last_year]


_INSPECTION_FIELDS = ("year", "authority_code", "authority_name", "inspected_on", "published_on")
INSPECTIONS_RULES = Rules(
    fields=_INSPECTION_FIELDS,
    wide_fields=JUDGEMENTS,
    prepare=add_known_authorities,
    joins="left join known_authorities on known_authorities.code = authority_code",
    parsed_columns={
        "calendar": "calendar_year(year)",
        "area": "known_authorities.code",
        "inspected": "try_cast(inspected_on[1:10] as date)::varchar",
        "published": "try_cast(published_on[1:10] as date)::varchar",
        "grade": f"case when value in ({GRADES_SQL}) then value end",
    },
    rungs=(
        formula_rung((*_INSPECTION_FIELDS, "value")),
        error_rung(),
        YEAR_RUNG,
        Rung(
            "unknown local authority",
            "area is null",
            "'authority_code'",
            "the code of an authority is in the register",
            "Give the ONS code of the authority as published, or add it to reference/data/local_authorities.csv.",
        ),
        Rung("no judgement published", "value is null"),
        Rung(
            "unknown judgement",
            "grade is null",
            "factor",
            f"a judgement is one of: {'; '.join(GRADES)}",
            "Give the judgement as published. A judgement is never guessed.",
        ),
        Rung(
            "day cannot be read",
            "inspected is null or published is null",
            "case when inspected is null then 'inspected_on' else 'published_on' end",
            "a day is written 2025-03-31",
            "Write the day as year, month and day.",
        ),
    ),
    key=("calendar", "area", "factor"),
    measures=("grade",),
    select="calendar as year, area as area_code, inspected as inspected_on, published as published_on, "
    "factor as judgement, grade",
)

_NEIGHBOUR_FIELDS = ("year", "old_code", "authority_name")
NEIGHBOURS_RULES = Rules(
    fields=_NEIGHBOUR_FIELDS,
    wide_fields=NEIGHBOUR_COLUMNS,
    prepare=add_neighbour_codes,
    joins="left join codes_by_old_code own on own.old = old_code "
    "left join codes_by_old_code other on other.old = value",
    parsed_columns={
        "calendar": "calendar_year(year)",
        "area": "own.code",
        "neighbour": "other.code",
        "nearness": "try_cast(factor[4:] as int)",
    },
    rungs=(
        formula_rung((*_NEIGHBOUR_FIELDS, "value")),
        error_rung(),
        YEAR_RUNG,
        Rung("no neighbour published", "value is null"),
        Rung(
            "unknown local authority",
            "area is null or neighbour is null",
            "case when area is null then 'authority_name' else factor end",
            "the name of an authority is in the register",
            "Give the name of the authority as published. An authority is never guessed.",
        ),
    ),
    key=("calendar", "area", "nearness"),
    measures=("neighbour",),
    select="calendar as year, area as area_code, nearness, neighbour as neighbour_code",
)
