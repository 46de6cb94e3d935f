"""What happened in a case, step by step, as whoever marks its file reads it beside the questions?

Structured steps only: which kind, when, by which role. Of a child or a suspect one chronology: the steps of every
crime, missing episode, assessment, referral, flag and order that bears one of their numbers, in their own force, and in
others where it is confirmed that they are one (`tying`). Each step says which force holds it, and by what it is tied.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from assay import commission
from assay.casefiles.tying import OWN, TIES, Tied
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
    """One step of one subject; `when` is a day, with the minute where it is known. `held_by`: the force whose record it
    is; `tied_by`: by what it is tied to the file, '' where the force is the file's own."""

    force_code: str
    subject_ref: str
    when: str
    what: str
    detail: str
    by_role: str
    held_by: str
    tied_by: str = OWN


def timelines(
    folder: Path, subject: str, files: Iterable[tuple[str, str]], tied: Tied | None, *, today: date
) -> list[Step]:
    """The steps of these files, (force_code, subject_ref), in order of time; PurposeRefused where a table was not
    declared for samples. `tied`: of persons, what is tied to their files."""
    inspection = open_inspection(folder)
    permission, held = Permission(inspection, today), holding(inspection)
    ties = _ties(folder, subject, set(files), tied)
    found: list[Step] = []
    meanings = {kind.key: kind.meaning for kind in commission.event_kinds()}
    for source in SOURCES:
        paths = [folder / one.stage / f"{source.table}.parquet" for one in held]
        permission.ask(source.table, "samples", paths, "the marking sheets")
        returns = (pl.scan_parquet(path).with_columns(edition=pl.lit(place)) for place, path in enumerate(paths))
        found += _steps(pl.concat(returns), source, ties, meanings)
    return sorted(found, key=lambda one: (one.force_code, one.subject_ref, one.when, one.what))


def _ties(
    folder: Path, subject: str, files: set[tuple[str, str]], tied: Tied | None
) -> Mapping[str, pl.LazyFrame]:
    """By which crimes and numbers of persons a row belongs to a file: force_code, the reference, file_force,
    subject_ref, tie."""
    asked = pl.LazyFrame(sorted(files), schema=["force_code", "subject_ref"], orient="row")
    asked = asked.with_columns(file_force="force_code", tie=pl.lit(TIES.index(OWN)))
    if tied is not None:
        rows = tied.rows.lazy()
        return {name: rows.drop(PERSON if name == CRIME else CRIME).drop_nulls(name) for name in (CRIME, PERSON)}
    if subject == "crime":
        return {CRIME: asked.with_columns(pl.col("subject_ref").alias(CRIME))}
    members = pl.scan_parquet(folder / "returns" / "*" / "*" / "group_members.parquet").select(
        "force_code", PERSON, subject_ref="group_ref"
    )
    return {PERSON: members.join(asked, on=["force_code", "subject_ref"]).unique()}


def _steps(
    rows: pl.LazyFrame, source: Source, ties: Mapping[str, pl.LazyFrame], meanings: Mapping[str, str]
) -> list[Step]:
    columns = rows.collect_schema().names()
    keys = [key for key in ties if key in columns]
    if not keys:
        return []
    mine = [rows.join(ties[key], on=["force_code", key], how="inner") for key in keys]
    times = [source.time, f"{source.time}_last", f"{source.time}_day"]
    extra = [name for name in (source.by, "kind") if name and name in columns]
    file = ["force_code", "edition", "line", "file_force", "subject_ref"]
    drawn = pl.concat(one.select(*file, "tie", *times, *source.detail, *extra) for one in mine)
    drawn = drawn.sort("tie").unique(file, keep="first", maintain_order=True)  # the nearest of several ties
    drawn = drawn.filter(pl.col(f"{source.time}_day").is_not_null())
    return [_step(source, row, meanings) for row in drawn.collect().to_dicts()]


def _step(source: Source, row: Mapping[str, object], meanings: Mapping[str, str]) -> Step:
    exact = row[source.time] is not None and row[source.time] == row[f"{source.time}_last"]
    return Step(
        force_code=str(row["file_force"]),
        subject_ref=str(row["subject_ref"]),
        when=f"{row[source.time]:%Y-%m-%d %H:%M}" if exact else str(row[f"{source.time}_day"]),
        what=source.says or meanings.get(str(row["kind"]), str(row["kind"])),
        detail=", ".join(str(row[name]).replace("_", " ") for name in source.detail if row[name] is not None),
        by_role=str(row.get(source.by) or "").replace("_", " "),
        held_by=str(row["force_code"]),
        tied_by=TIES[int(str(row["tie"]))],
    )
