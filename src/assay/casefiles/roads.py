"""By which crime or person does a referral, a report, a flag, an order or a found group lead to a file?

Their facts say what became of them, and not of which crime or person they are: that stands in the returns, which are
read here for samples, references alone.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa

from assay.inspection.folder import open_inspection
from assay.inspection.held import holding
from assay.inspection.permission import Permission

ROADS = {
    "referral": ("referrals", "referral_ref"),
    "report": ("report_crimes", "report_ref"),
    "flag": ("flags", "flag_ref"),
    "disruption": ("orders", "order_ref"),
    "order_on_child": ("orders", "order_ref"),
    "found_group": ("", ""),
}
"""The table of the return in which each record says its crime or person, and the column that names it there."""
COLUMNS = ("force_code", "record_ref", "crime_ref", "person_id")


def read_roads(folder: Path, record: str, today: date) -> pa.Table:
    """One row a record and where it leads, `COLUMNS`; PurposeRefused where its table may not be read for samples. A
    person stands there as one (person_id), also who was missing in an episode that is named."""
    if record == "found_group":
        return _of_found(folder)
    table, ref = ROADS[record]
    inspection = open_inspection(folder)
    paths = [folder / one.stage / f"{table}.parquet" for one in holding(inspection)]
    Permission(inspection, today).ask(table, "samples", paths, "the frame of a sample")
    rows = pl.concat(pl.scan_parquet(path) for path in paths if path.is_file())
    for name in {"crime_ref", "person_ref", "missing_ref"} - set(rows.collect_schema().names()):
        rows = rows.with_columns(pl.lit(None, pl.String).alias(name))
    people = pl.scan_parquet(folder / "records" / "person.parquet").drop_nulls("person_ref")
    people = people.select("force_code", "person_ref", "person_id").unique()
    episodes = pl.scan_parquet(folder / "records" / "missing_episode.parquet")
    episodes = episodes.select("force_code", "missing_ref", missing_id="person_id").unique()
    found = rows.rename({ref: "record_ref"}).join(people, on=["force_code", "person_ref"], how="left")
    found = found.join(episodes, on=["force_code", "missing_ref"], how="left")
    found = found.with_columns(person_id=pl.coalesce("person_id", "missing_id"))
    return found.select(COLUMNS).unique().collect().to_arrow()


def _of_found(folder: Path) -> pa.Table:
    """The crimes of found groups, each in its force."""
    crimes = pl.read_parquet(folder / "groups" / "found_crimes.parquet")
    ref = pl.concat_str("tied_by", "group_ref", separator=" ").alias("record_ref")
    return crimes.select("force_code", ref, "crime_ref", person_id=pl.lit(None, pl.String)).unique().to_arrow()
