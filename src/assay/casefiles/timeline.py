"""What happened in a case, step by step, as whoever marks its file reads it beside the questions?

Structured steps only: which kind, when, by which role. Of a child or a suspect the steps of every crime, missing
episode, assessment, referral, flag and order that bears one of their numbers, within one force: what another force
holds is put beside it only once a person has confirmed that they are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from assay import commission
from assay.inspection.folder import open_inspection
from assay.inspection.held import holding
from assay.inspection.permission import Permission

CRIME, PERSON = "crime_ref", "person_ref"


@dataclass(frozen=True)
class Source:
    """A time of a table that is a step: the column, what it says, and columns whose values are told beside it."""

    table: str
    time: str
    says: str
    detail: tuple[str, ...] = ()
    by: str = ""


SOURCES = (
    Source("crimes", "reported_at", "reported to the police"),
    Source("crimes", "recorded_at", "recorded as a crime", ("offence_code",)),
    Source("crimes", "cancelled_at", "cancelled", ("cancel_ground",), "cancelled_by_role"),
    Source("crimes", "closed_at", "closed", ("outcome_code",)),
    Source("events", "happened_at", "", ("detail",), "by_role"),
    Source("missing", "started_at", "went missing", ("first_grade",)),
    Source("missing", "ended_at", "found or returned"),
    Source("assessments", "assessed_at", "risk assessed", ("tool", "band"), "by_role"),
    Source("referrals", "made_at", "referral made", ("direction", "agency_kind")),
    Source("referrals", "answered_at", "referral answered", ("decision",)),
    Source("flags", "added_at", "flag added", ("flag",), "added_by_role"),
    Source("flags", "removed_at", "flag removed", ("flag", "removed_reason"), "removed_by_role"),
    Source("orders", "made_at", "order made", ("order_code",)),
)
"""An event says its own kind."""


@dataclass(frozen=True)
class Step:
    """One step of one subject; `when` is a day, with the minute where it is known."""

    force_code: str
    subject_ref: str
    when: str
    what: str
    detail: str
    by_role: str


def timelines(folder: Path, subject: str, files: Iterable[tuple[str, str]], *, today: date) -> list[Step]:
    """The steps of these files, (force_code, subject_ref), in order of time; PurposeRefused where a table was not
    declared for samples."""
    inspection = open_inspection(folder)
    permission, held = Permission(inspection, today), holding(inspection)
    ties = _ties(folder, subject, set(files))
    found: list[Step] = []
    meanings = {kind.key: kind.meaning for kind in commission.event_kinds()}
    for source in SOURCES:
        paths = [folder / one.stage / f"{source.table}.parquet" for one in held]
        permission.ask(source.table, "samples", paths, "the marking sheets")
        found += _steps(pl.concat(pl.scan_parquet(path) for path in paths), source, ties, meanings)
    return sorted(found, key=lambda one: (one.force_code, one.subject_ref, one.when, one.what))


def _ties(folder: Path, subject: str, files: set[tuple[str, str]]) -> Mapping[str, pl.LazyFrame]:
    """By which crimes and numbers of persons a row belongs to a file: force_code, the reference, subject_ref."""
    asked = pl.LazyFrame(sorted(files), schema=["force_code", "subject_ref"], orient="row")
    if subject == "crime":
        return {CRIME: asked.with_columns(pl.col("subject_ref").alias(CRIME))}
    if subject == "group":
        members = pl.scan_parquet(folder / "returns" / "*" / "*" / "group_members.parquet")
        mine = members.join(asked, left_on=["force_code", "group_ref"], right_on=["force_code", "subject_ref"])
        return {PERSON: mine.select("force_code", PERSON, subject_ref="group_ref").unique()}
    people = pl.scan_parquet(folder / "records" / "person.parquet").select("force_code", "person_id", CRIME, PERSON)
    mine = people.join(asked, left_on=["force_code", "person_id"], right_on=["force_code", "subject_ref"])
    return {
        name: mine.select("force_code", name, subject_ref="person_id").drop_nulls().unique() for name in (CRIME, PERSON)
    }


def _steps(
    rows: pl.LazyFrame, source: Source, ties: Mapping[str, pl.LazyFrame], meanings: Mapping[str, str]
) -> list[Step]:
    columns = rows.collect_schema().names()
    keys = [key for key in ties if key in columns]
    if not keys:
        return []
    mine = [rows.join(ties[key], on=["force_code", key], how="inner") for key in keys]
    wanted = ["force_code", "subject_ref", source.time, f"{source.time}_last", f"{source.time}_day", *source.detail]
    extra = [name for name in (source.by, "kind") if name and name in columns]
    drawn = pl.concat(one.select(*wanted, *extra, "line") for one in mine).unique()
    drawn = drawn.filter(pl.col(f"{source.time}_day").is_not_null())
    return [_step(source, row, meanings) for row in drawn.collect().to_dicts()]


def _step(source: Source, row: Mapping[str, object], meanings: Mapping[str, str]) -> Step:
    exact = row[source.time] is not None and row[source.time] == row[f"{source.time}_last"]
    when = f"{row[source.time]:%Y-%m-%d %H:%M}" if exact else str(row[f"{source.time}_day"])
    what = source.says or meanings.get(str(row["kind"]), str(row["kind"]))
    detail = ", ".join(str(row[name]).replace("_", " ") for name in source.detail if row[name] is not None)
    by = str(row.get(source.by) or "").replace("_", " ")
    return Step(str(row["force_code"]), str(row["subject_ref"]), when, what, detail, by)
