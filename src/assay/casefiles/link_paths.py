"""By which crime or person does a referral, a report, a flag, an order, a duty or a found group lead to a file?

Their facts say what became of them, and not always of which crime or person they are: that stands in the returns, which
are read here for samples, references alone.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa

from assay.facts.case_steps import HOMES
from assay.ingest.accepted_returns import holding
from assay.ingest.inspection_folder import open_inspection
from assay.ingest.table_permission import Permission

EVENTS, REPORTS = ("events", "event_ref"), ("report_crimes", "report_ref")
ROADS = {
    "referral": ("referrals", "referral_ref"),
    "report": REPORTS,
    "flag": ("flags", "flag_ref"),
    "disruption": ("orders", "order_ref"),
    "order_on_child": ("orders", "order_ref"),
}
"""The table of the return in which each record says its crime or person, and the column that names it there."""
STARTS = {"report_received": REPORTS} | {
    one.kind: (one.table, one.key) for one in HOMES if one.table in ("referrals", "orders", "missing")
}
"""Where that stands which starts a duty, if it is no event."""
DUTY, FOUND = "duty", "found_group"
COLUMNS = ("force_code", "record_ref", "crime_ref", "person_id")


def has_road(record: str) -> bool:
    """Whether records of this kind lead to a file by what is read here."""
    return record in (*ROADS, DUTY, FOUND)


def read_roads(folder: Path, record: str, today: date) -> pa.Table:
    """One row a record and where it leads, `COLUMNS`; PurposeRefused where a table may not be read for samples.

    A person stands there as one (person_id), also who was missing in an episode that is named, or whom a report is of.
    """
    if record == FOUND:
        found = _of_found(folder)
    elif record == DUTY:
        found = _of_duties(folder, today)
    else:
        found = _of_table(folder, *ROADS[record], today)
    return found.select(COLUMNS).unique().collect().to_arrow()


def _of_table(folder: Path, table: str, ref: str, today: date) -> pl.LazyFrame:
    """The rows of a table of the returns, each with its reference as record_ref."""
    inspection = open_inspection(folder)
    paths = [folder / one.stage / f"{table}.parquet" for one in holding(inspection)]
    Permission(inspection, today).ask(table, "samples", paths, "the frame of a sample")
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
    return pl.concat([found, _whom_reports_are_of(folder)]) if (table, ref) == REPORTS else found


def _whom_reports_are_of(folder: Path) -> pl.LazyFrame:
    people = pl.scan_parquet(folder / "records" / "person.parquet").drop_nulls("report_ref")
    return people.select("force_code", "person_id", record_ref="report_ref", crime_ref=pl.lit(None, pl.String)).select(
        COLUMNS
    )


def _of_duties(folder: Path, today: date) -> pl.LazyFrame:
    """Duties by the crime or person that they name; those that name none, by what started them."""
    duties = pl.scan_parquet(folder / "records" / "duty.parquet")
    names = pl.col("crime_ref").is_not_null() | pl.col("person_id").is_not_null()
    found, bare = [duties.filter(names).select(COLUMNS)], duties.filter(~names)
    for table, ref in dict.fromkeys((EVENTS, *STARTS.values())):
        kinds = [kind for kind, place in STARTS.items() if place == (table, ref)]
        at_home = pl.col("start_event").is_in(kinds) if kinds else ~pl.col("start_event").is_in(list(STARTS))
        mine = bare.filter(at_home).select("force_code", "about_ref", duty_ref="record_ref")
        rows = mine.join(
            _of_table(folder, table, ref, today),
            left_on=["force_code", "about_ref"],
            right_on=["force_code", "record_ref"],
        )
        found.append(rows.rename({"duty_ref": "record_ref"}).select(COLUMNS))
    return pl.concat(found)


def _of_found(folder: Path) -> pl.LazyFrame:
    """The crimes of found groups, each in its force."""
    crimes = pl.scan_parquet(folder / "groups" / "found_crimes.parquet")
    ref = pl.concat_str("tied_by", "group_ref", separator=" ").alias("record_ref")
    return crimes.select("force_code", ref, "crime_ref", person_id=pl.lit(None, pl.String))
