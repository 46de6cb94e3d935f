"""Link paths: the crime or person by which a referral, report, flag, order, duty or detected group belongs to a file.

The facts of these records do not always name their crime or person. The returns do, so they are read here for samples,
references only.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa

from assay.facts.case_steps import STEP_SOURCES
from assay.ingest.accepted_returns import current_returns
from assay.ingest.inspection_folder import open_inspection
from assay.ingest.table_permission import ReadPermission

EVENTS, REPORTS = ("events", "event_ref"), ("report_crimes", "report_ref")
LINK_TABLES = {
    "referral": ("referrals", "referral_ref"),
    "report": REPORTS,
    "flag": ("flags", "flag_ref"),
    "disruption": ("orders", "order_ref"),
    "order_on_child": ("orders", "order_ref"),
}
"""By kind of record, the table of the return that names its crime or person, and its reference column."""
STARTS = {"report_received": REPORTS} | {
    home.kind: (home.table, home.key) for home in STEP_SOURCES if home.table in ("referrals", "orders", "missing")
}
"""The table and reference column of the start of a duty, if it is not an event."""
DUTY, FOUND = "duty", "found_group"
COLUMNS = ("force_code", "record_ref", "crime_ref", "person_id")


def has_link_path(record: str) -> bool:
    """Return True if a link path connects records of this kind with a file."""
    return record in (*LINK_TABLES, DUTY, FOUND)


def read_link_paths(folder: Path, record: str, today: date) -> pa.Table:
    """Return one row per record and linked crime or person (`COLUMNS`).

    A person is given by person_id; it can be the missing child of a named episode, or the subject of a report.
    """
    if record == FOUND:
        found = _group_paths(folder)
    elif record == DUTY:
        found = _duty_paths(folder, today)
    else:
        found = _table_paths(folder, *LINK_TABLES[record], today)
    return found.select(COLUMNS).unique().collect().to_arrow()


def _table_paths(folder: Path, table: str, ref: str, today: date) -> pl.LazyFrame:
    """Return the rows of a table of the returns, with the reference as record_ref."""
    inspection = open_inspection(folder)
    paths = [folder / accepted.stage / f"{table}.parquet" for accepted in current_returns(inspection)]
    ReadPermission(inspection, today).require(table, "samples", paths, "the frame of a sample")
    rows = pl.concat(pl.scan_parquet(path) for path in paths if path.is_file()).with_columns(record_ref=ref)
    for name in {"crime_ref", "person_ref", "missing_ref"} - set(rows.collect_schema().names()):
        rows = rows.with_columns(pl.lit(None, pl.String).alias(name))
    people = pl.scan_parquet(folder / "records" / "person.parquet").drop_nulls("person_ref")
    people = people.select("force_code", "person_ref", "person_id").unique()
    episodes = pl.scan_parquet(folder / "records" / "missing_episode.parquet")
    episodes = episodes.select("force_code", "missing_ref", missing_id="person_id").unique()
    found = rows.join(people, on=["force_code", "person_ref"], how="left")
    found = found.join(episodes, on=["force_code", "missing_ref"], how="left")
    found = found.with_columns(person_id=pl.coalesce("person_id", "missing_id")).select(COLUMNS)
    return pl.concat([found, _report_victims(folder)]) if (table, ref) == REPORTS else found


def _report_victims(folder: Path) -> pl.LazyFrame:
    people = pl.scan_parquet(folder / "records" / "person.parquet").drop_nulls("report_ref")
    return people.select("force_code", "person_id", record_ref="report_ref", crime_ref=pl.lit(None, pl.String)).select(
        COLUMNS
    )


def _duty_paths(folder: Path, today: date) -> pl.LazyFrame:
    """Return duties by the crime or person that they name, or otherwise by what started them."""
    duties = pl.scan_parquet(folder / "records" / "duty.parquet")
    names = pl.col("crime_ref").is_not_null() | pl.col("person_id").is_not_null()
    found, unlinked = [duties.filter(names).select(COLUMNS)], duties.filter(~names)
    for table, ref in dict.fromkeys((EVENTS, *STARTS.values())):
        kinds = [kind for kind, place in STARTS.items() if place == (table, ref)]
        at_home = pl.col("start_event").is_in(kinds) if kinds else ~pl.col("start_event").is_in(list(STARTS))
        start_duties = unlinked.filter(at_home).select("force_code", "about_ref", duty_ref="record_ref")
        rows = start_duties.join(
            _table_paths(folder, table, ref, today),
            left_on=["force_code", "about_ref"],
            right_on=["force_code", "record_ref"],
        )
        found.append(rows.rename({"duty_ref": "record_ref"}).select(COLUMNS))
    return pl.concat(found)


def _group_paths(folder: Path) -> pl.LazyFrame:
    """Return the crimes of detected groups, each in its force."""
    crimes = pl.scan_parquet(folder / "groups" / "found_crimes.parquet")
    ref = pl.concat_str("tied_by", "group_ref", separator=" ").alias("record_ref")
    return crimes.select("force_code", ref, "crime_ref", person_id=pl.lit(None, pl.String))
