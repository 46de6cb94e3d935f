"""Published counts of children's services, courts and residents, by police force area and by local authority.

A force area is the sum of its local authorities. If one of them was not published, the sum is missing and keeps the
letter of that authority (c confidential, x not available, z not applicable, u of low reliability). If the
file lacks one of them altogether, the sum is missing and `incomplete` stands in its place. Children's services are of
England only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assay import reference
from assay.ingest.official_statistics import sum_by_force_area
from assay.ingest.official_statistics.area_counts import BASES, LOOKED_AFTER, PLANS_STARTED, RESIDENTS
from assay.ingest.official_statistics.authority_tables import JUDGEMENTS

Row = dict[str, Any]
INCOMPLETE = "incomplete"
"""Stands in place of a sum where the file lacks an authority of the force area."""
SERVICE_TABLES = ("plans_started", "plans_held", "looked_after")
OUTCOME_NAMES = {
    "t1": "Charged or summonsed",
    "t2": "Caution, youths",
    "t3": "Caution, adults",
    "t6": "Penalty notice for disorder",
    "t7": "Cannabis or khat warning",
    "t8": "Community resolution",
    "t22": "Diversionary, educational or intervention activity",
    "assigned": "All outcomes assigned",
}
_NUMBER = pa.int64()
SERVICES = pa.schema(
    {
        "year": _NUMBER,
        "area_code": pa.string(),
        "measure": pa.string(),
        "number": _NUMBER,
        "marker": pa.string(),
        "areas": _NUMBER,
        "children": _NUMBER,
    }
)
AUTHORITIES = pa.schema(
    [(name, pa.string()) for name in ("area_code", "name", "place_code", "inspected_on", "published_on", *JUDGEMENTS)]
    + [("year", pa.int64()), ("looked_after", pa.int64()), ("looked_after_marker", pa.string())]
    + [("children", pa.int64()), ("plans_started", pa.int64()), ("plans_started_marker", pa.string())]
)
ETHNICITY = pa.schema(
    [("place_code", pa.string()), ("year", pa.int64()), ("ethnic_group", pa.string()), ("residents", pa.int64())]
)
OUTCOMES = pa.schema(
    [("place_code", pa.string()), ("year", pa.int64()), ("outcome", pa.string()), ("number", pa.int64())]
)
NATIONAL = pa.schema(
    [("financial_year", pa.string()), ("basis", pa.string()), ("outcome", pa.string()), ("outcomes", pa.int64())]
)


def local_tables(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Return the fact tables about areas, by name, made from the published tables."""
    return {
        "children_services": service_counts(tables),
        "authorities": authorities(tables),
        "neighbours": tables["neighbours"],
        "residents_by_ethnicity": pa.Table.from_pylist(
            [_ethnicity_row(row) for row in _force_rows(tables["ethnicity"])], ETHNICITY
        ),
        "last_outcomes": outcome_counts(tables["last_outcomes"]),
        "court_outcomes": outcome_counts(tables["court_outcomes"]),
        "national_outcomes": national_outcomes(tables["national_outcomes"]),
    }


def service_counts(tables: Mapping[str, pa.Table]) -> pa.Table:
    """Return counts of children's services by year, England or force area, and measure, with residents under 18."""
    received = _existing_areas(pa.concat_tables([tables[name] for name in SERVICE_TABLES]))
    rows = [_without_partial_sum(row) for row in sum_by_force_area(_as_area_counts(received)).to_pylist()]
    residents = {(row["year"], row["area_code"]): row["episodes"] for row in rows if row["factor"] == RESIDENTS}
    return pa.Table.from_pylist(
        [
            {
                "year": row["year"],
                "area_code": row["area_code"],
                "measure": row["factor"],
                "number": row["episodes"],
                "marker": row["marker"],
                "areas": row["areas"],
                "children": residents.get((row["year"], row["area_code"])),
            }
            for row in rows
            if row["factor"] != RESIDENTS
        ],
        SERVICES,
    )


def _without_partial_sum(row: Row) -> Row:
    """Make the sum of a force area missing if the file lacks one of its authorities."""
    if row["area_code"] == "E" or row["areas"] >= _authorities_of(row["area_code"], row["year"]):
        return row
    return row | {"episodes": None, "marker": INCOMPLETE}


def _authorities_of(force_code: str, year: int) -> int:
    """Return how many authorities the register has for a force in the year to 31 March.

    An authority begins in April, so that the first year of the register is not yet a year of its counts; those of the
    earliest year were there before it. The newest year of the register is not the last of the authorities it has.
    """
    known = reference.authorities()
    earliest, newest = min(item.first_year for item in known), max(item.last_year for item in known)
    return sum(
        item.force_code == force_code
        and (item.first_year == earliest or int(item.first_year) < year)
        and (item.last_year == newest or year <= int(item.last_year))
        for item in known
    )


def _existing_areas(received: pa.Table) -> pa.Table:
    """Leave out an authority in the years in which it did not exist.

    The publisher lists new and abolished authorities in every year. In a year without them all their counts are `z`
    (not applicable) and their population is `x`; their force area is then the sum of the others.
    """
    markers: dict[tuple[int, str], set[tuple[bool, str]]] = {}
    rows = received.to_pylist()
    for row in rows:
        is_population = row["measure"] == RESIDENTS
        markers.setdefault((row["year"], row["area_code"]), set()).add((is_population, row["marker"]))
    not_existing = {key for key, found in markers.items() if found == {(True, "x"), (False, "z")}}
    return received.filter(pa.array([(row["year"], row["area_code"]) not in not_existing for row in rows], pa.bool_()))


def _as_area_counts(received: pa.Table) -> pa.Table:
    """Return counts of one measure in the columns that `sum_by_force_area` reads."""
    is_known = pc.cast(pc.is_valid(received["number"]), pa.int32())
    return pa.table(
        {
            "year": received["year"],
            "area_code": received["area_code"],
            "level": received["level"],
            "factor": received["measure"],
            "episodes": received["number"],
            "marker": received["marker"],
            "areas": pa.repeat(pa.scalar(1, pa.int32()), received.num_rows),
            "areas_known": is_known,
            "episodes_known": received["number"],
        }
    )


def authorities(tables: Mapping[str, pa.Table]) -> pa.Table:
    """Return one row for each English local authority of the newest year: judgements and counts."""
    grades: dict[str, Row] = {}
    for row in tables["inspections"].to_pylist():
        found = grades.setdefault(row["area_code"], {name: row[name] for name in ("inspected_on", "published_on")})
        found[row["judgement"]] = row["grade"]
    counts = _newest_counts(tables)
    codes = sorted({*grades, *counts})
    return pa.Table.from_pylist([_authority_row(code, grades, counts) for code in codes], AUTHORITIES)


def _newest_counts(tables: Mapping[str, pa.Table]) -> dict[str, dict[str, Row]]:
    """Return, by authority and measure, the counts of the newest year of looked-after children."""
    received = _existing_areas(pa.concat_tables([tables["looked_after"], tables["plans_started"]]))
    rows = [row for row in received.to_pylist() if row["level"] == "authority"]
    year = max((row["year"] for row in rows), default=0)
    counts: dict[str, dict[str, Row]] = {}
    for row in rows:
        if row["year"] == year:
            counts.setdefault(row["area_code"], {})[row["measure"]] = row
    return counts


def _authority_row(code: str, grades: Mapping[str, Row], counts: Mapping[str, Mapping[str, Row]]) -> Row:
    authority = reference.authorities().get(code)
    counts_found, none = counts.get(code, {}), {"number": None, "marker": "", "year": None}
    looked_after, plans, residents = (counts_found.get(name, none) for name in (LOOKED_AFTER, PLANS_STARTED, RESIDENTS))
    return {
        "area_code": code,
        "name": authority.name,
        "place_code": authority.force_code,
        **grades.get(code, {}),
        "year": looked_after["year"] or plans["year"],
        "looked_after": looked_after["number"],
        "looked_after_marker": looked_after["marker"],
        "children": residents["number"],
        "plans_started": plans["number"],
        "plans_started_marker": plans["marker"],
    }


def _force_rows(table: pa.Table) -> Iterable[Row]:
    forces = reference.forces()
    return (row for row in table.to_pylist() if row["area_code"] in forces)


def _ethnicity_row(row: Row) -> Row:
    return {
        "place_code": row["area_code"],
        "year": row["year"],
        "ethnic_group": row["measure"],
        "residents": row["number"],
    }


def outcome_counts(table: pa.Table) -> pa.Table:
    """Return counts by force, year and outcome, summed over the finer groups of the source."""
    counts: dict[tuple[str, int, str], int] = {}
    for row in _force_rows(table):
        key = (row["area_code"], row["year"], row["measure"])
        counts[key] = counts.get(key, 0) + row["number"]
    rows = [dict(zip(OUTCOMES.names, (*key, count), strict=True)) for key, count in sorted(counts.items())]
    return pa.Table.from_pylist(rows, OUTCOMES)


def national_outcomes(table: pa.Table) -> pa.Table:
    """Return the outcomes of all offences of England and Wales by financial year and basis."""
    rows = []
    for row in table.to_pylist():
        basis, _, outcome = row["measure"].rpartition("_")
        rows.append(
            {
                "financial_year": f"{row['year'] - 1}/{row['year'] % 100:02d}",
                "basis": BASES[basis],
                "outcome": OUTCOME_NAMES[outcome],
                "outcomes": row["number"],
            }
        )
    return pa.Table.from_pylist(rows, NATIONAL)
