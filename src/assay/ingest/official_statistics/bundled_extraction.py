"""Extract the bundled figures from the official files.

Run by hand for a new edition, with the result of `read_statistics`; a test repeats the extraction and compares every
byte.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from assay import reference
from assay.engine.duckdb_connections import open_connection
from assay.ingest.official_statistics.bundled_local_tables import local_table_rows
from assay.ingest.official_statistics.bundled_statistics import ALL_SEXUAL, INFERRED_MARK, SEXUAL_OFFENCES, SOURCES_FILE
from assay.ingest.official_statistics.children_in_need import sum_by_force_area
from assay.ingest.official_statistics.local_tables import LOCAL_TABLES
from assay.ingest.official_statistics.newest_edition import YEAR_COLUMN
from assay.ingest.official_statistics.statistics_intake import ReceivedStatistics, StatisticsFile

FORCE_KINDS = ("territorial", "transport")
LICENCE = "Open Government Licence v3.0"

RECORDED_SQL = """
with kept as (
    select force_code as place_code, offence_code, financial_year, quarter, offences from recorded
    union all
    select force_code, 'all-sexual', financial_year, quarter, offences from recorded
    join sexual using (offence_code)
)
select place_code, offence_code, financial_year, sum(offences) filter (quarter = 1)::bigint as q1,
       sum(offences) filter (quarter = 2)::bigint as q2, sum(offences) filter (quarter = 3)::bigint as q3,
       sum(offences) filter (quarter = 4)::bigint as q4
from kept join carried_codes using (offence_code) join places using (place_code)
group by all order by all
"""

# The publisher leaves rows of zero out, so within a year an outcome that occurs anywhere is zero where it is
# absent; an outcome that occurs nowhere in the year did not exist yet, and stays blank.
OUTCOMES_SQL = """
with kept as (
    select force_code as place_code, offence_code, financial_year, outcome_code, of_recorded from outcomes
    union all
    select force_code, 'all-sexual', financial_year, outcome_code, of_recorded from outcomes
    join sexual using (offence_code)
),
wanted as (select * from kept join carried_codes using (offence_code) join places using (place_code)),
cells as (
    select place_code, offence_code, financial_year, outcome_code
    from (select distinct place_code, financial_year from wanted)
    join (select distinct offence_code, financial_year from wanted) using (financial_year)
    join (select distinct outcome_code, financial_year from outcomes) using (financial_year)
)
select place_code, offence_code, financial_year, outcome_code,
       coalesce(sum(of_recorded), 0)::bigint as offences
from cells left join wanted using (place_code, offence_code, financial_year, outcome_code)
group by all order by all
"""


def extract_bundle(received: ReceivedStatistics, folder: Path) -> None:
    """Write the bundled tables and their sources into `folder` from statistics that were read.

    The same input gives the same bytes. Editions and notes that the files do not state themselves come from ABOUT.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with open_connection() as store:
        for kind in ("recorded", "outcomes"):
            store.register(kind, received.tables[kind])
        store.register("sexual", _code_table([o.code for o in reference.offences().all if o.group == SEXUAL_OFFENCES]))
        store.register("carried_codes", _code_table(bundled_codes()))
        places = [force.code for force in reference.forces().all if force.kind in FORCE_KINDS]
        store.register("places", pa.table({"place_code": pa.array(places, pa.string())}))
        recorded = store.sql(RECORDED_SQL).to_arrow_table()
        outcomes = store.sql(OUTCOMES_SQL).to_arrow_table()
    _write_csv(folder / "recorded.csv", recorded.column_names, recorded.to_pylist())
    _write_csv(folder / "outcomes.csv", *_wide_rows(outcomes))
    children = sum_by_force_area(received.tables["children_in_need"]).drop_columns(["level"])
    _write_csv(folder / "children_in_need.csv", children.column_names, children.to_pylist())
    for kind in LOCAL_TABLES:
        _write_csv(folder / f"{kind}.csv", *local_table_rows(kind, received.tables[kind]))
    _write_csv(folder / SOURCES_FILE, list(SOURCE_COLUMNS), [_source_row(file, received) for file in received.files])


def bundled_codes() -> list[str]:
    """Return the bundled offence codes: child sexual offences, 19J, 19K, 86 and the sum of all sexual offences."""
    sets = {offence_set.key: offence_set.codes for offence_set in reference.offence_sets()}
    return sorted({*sets["csa11"], *sets["csa11-multiple"], *sets["csa11-images"], ALL_SEXUAL})


SOURCE_COLUMNS = (
    "table", "source", "title", "edition", "publisher", "licence", "period", "retrieved", "sha256",
    "rows_taken", "rows_passed_on", "rows_set_aside", "mark",
)  # fmt: skip
DFE_COPY = (
    "April 2026, from the publisher's repository (dfe-analytical-services/CSC_outcomes_and_enablers, commit 2f5d11a)"
)
# What the files do not state themselves, by statistic and last year.
SOURCE_DETAILS = {
    ("recorded", "2025/26"): {
        "title": "Police recorded crime open data by police force area, year ending March 2013 onwards",
        "edition": "April 2026 (inferred: data to December 2025)",
        "publisher": "Home Office",
        "retrieved": "June 2026, from a public copy (robertmaszkiewski/uk-crime-analysis, commit 0689a7d)",
        "mark": "three cells that were not numbers stand as 0 in the copy",
    },
    ("outcomes", "2018/19"): {
        "title": "Crime outcomes open data, year ending March 2019",
        "edition": "January 2020 (inferred from the copy)",
        "publisher": "Home Office",
        "retrieved": "from a public copy (mpjashby/lesscrime.info, commit 45e92ee)",
        "mark": "",
    },
    ("outcomes", "2024/25"): {
        "title": "Crime outcomes open data, year ending March 2025",
        "edition": "April 2026 (inferred from the copy)",
        "publisher": "Home Office",
        "retrieved": "June 2026, from a public copy (robertmaszkiewski/uk-crime-analysis, commit 0689a7d)",
        "mark": INFERRED_MARK,
    },
    ("children_in_need", "2025"): {
        "title": "Characteristics of children in need: factors identified at the end of assessment, 2018 to 2025",
        "edition": "years ending March 2018 to March 2025",
        "publisher": "Department for Education",
        "retrieved": DFE_COPY,
        "mark": "England only; episodes at assessment, not children",
    },
    ("plans_started", "2025"): {
        "title": "Children in need: child protection plans that started, and second or subsequent plans, 2013 to 2025",
        "edition": "years ending March 2013 to March 2025",
        "publisher": "Department for Education",
        "retrieved": DFE_COPY,
        "mark": "England only; not split by category of abuse",
    },
    ("plans_held", "2025"): {
        "title": "Children in need: child protection plans at 31 March, 2013 to 2025",
        "edition": "years ending March 2013 to March 2025",
        "publisher": "Department for Education",
        "retrieved": DFE_COPY,
        "mark": "England only; not split by category of abuse",
    },
    ("looked_after", "2025"): {
        "title": "Children looked after: number and rate per 10,000 children, 2021 to 2025",
        "edition": "years ending March 2021 to March 2025",
        "publisher": "Department for Education",
        "retrieved": DFE_COPY,
        "mark": "England only; for any reason",
    },
    ("neighbours", "2025"): {
        "title": "Statistical neighbours of local authorities, 2025 model",
        "edition": "model of 2025",
        "publisher": "Department for Education",
        "retrieved": DFE_COPY,
        "mark": "England only; neighbours are alike in their residents, not in their services",
    },
    ("inspections", "2025"): {
        "title": "Local authority inspection outcomes as at 31 March 2025",
        "edition": "published 25 September 2025",
        "publisher": "Ofsted",
        "retrieved": DFE_COPY,
        "mark": "England only; the newest judgement of each authority",
    },
    ("ethnicity", "2021"): {
        "title": "Census 2021, ethnic group, summed from districts to police force areas",
        "edition": "Census of 21 March 2021",
        "publisher": "Office for National Statistics",
        "retrieved": "February 2025, from a public copy by district (humaniverse/demographr, commit d0417101)",
        "mark": "residents of all ages; not a base for rates of suspects or victims",
    },
    ("last_outcomes", "2016"): {
        "title": "data.police.uk, last outcome by force and year, violence and sexual offences, 2013 to 2016",
        "edition": "about July 2017 (story for which it was counted)",
        "publisher": "Home Office",
        "retrieved": "counted by the BBC Shared Data Unit (BBC-Data-Unit/unsolved-crime, commit fa636e5)",
        "mark": "not an official statistic; violence and sexual offences cannot be separated",
    },
    ("court_outcomes", "2018"): {
        "title": "Criminal justice statistics, December 2018: magistrates' courts, sexual offences",
        "edition": "quarterly, December 2018",
        "publisher": "Ministry of Justice",
        "retrieved": "from a public copy (odaniel1/courtOutcomes, data/magoutcomes.rda)",
        "mark": "magistrates' courts only; principal offence; defendants, not offences",
    },
    ("national_outcomes", "2026"): {
        "title": "Crime outcomes, England and Wales, 44 forces, all offences, 2014/15 to 2025/26",
        "edition": "July 2026",
        "publisher": "Home Office",
        "retrieved": "August 2026, typed in from a public copy (SGilr/oocd-dashboard, commit 7d0066e)",
        "mark": "all offences but fraud, not child sexual offences",
    },
}


def _source_row(file: StatisticsFile, received: ReceivedStatistics) -> dict[str, object]:
    table = received.tables[file.return_kind]
    file_rows = table.filter(pc.equal(table["source"], file.name))
    years = sorted(str(year) for year in file_rows[YEAR_COLUMN[file.return_kind]].unique().to_pylist())
    details = SOURCE_DETAILS.get((file.return_kind, years[-1]), {"title": file.name, "edition": file.edition})
    return {
        "table": file.return_kind,
        "source": file.name,
        "licence": LICENCE,
        "period": years[0] if years[0] == years[-1] else f"{years[0]} to {years[-1]}",
        "sha256": file.sha256,
        "rows_taken": file.row_count,
        "rows_passed_on": file.passed_on,
        "rows_set_aside": file.row_count - file.passed_on,
        **details,
    }


def _code_table(codes: list[str]) -> pa.Table:
    return pa.table({"offence_code": pa.array(codes, pa.string())})


def _wide_rows(outcomes: pa.Table) -> tuple[list[str], list[dict[str, object]]]:
    keys = ("place_code", "offence_code", "financial_year")
    rows: dict[tuple[str, ...], dict[str, object]] = {}
    for cell in outcomes.to_pylist():
        key = tuple(cell[name] for name in keys)
        row = rows.setdefault(key, dict(zip(keys, key, strict=True)))
        row[cell["outcome_code"]] = cell["offences"]
    seen = {code for row in rows.values() for code in row} - set(keys)
    return [*keys, *(outcome.code for outcome in reference.outcomes().all if outcome.code in seen)], list(rows.values())


def _write_csv(path: Path, columns: list[str], rows: list[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
