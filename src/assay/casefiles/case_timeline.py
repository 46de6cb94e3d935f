"""Chronology of one person's case, step by step, for the rater of the case file.

A step has its kind, its time, the role of who did it, and its text without the names of the case's people. The file of
a child or a suspect has one chronology: the steps of every crime, missing episode, assessment, referral, flag, order
and entry with one of their references, in their own force and in others by confirmed links (`case_assembly`). Each step
gives the force that holds it, the kind of link, the crime and the person, by reference and never by name. The file of a
group has the steps of its members and of the crimes in which one of them is involved; the file of a detected group has
the steps of its crimes in that force. If texts may not be read, the steps come without them, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from assay import reference
from assay.casefiles.case_assembly import LINK_KINDS, OWN_RECORD, SHARED, CaseAssembly
from assay.casefiles.file_parties import OWN_ENTRY, Party, parties
from assay.casefiles.file_texts import PermittedTexts
from assay.casefiles.group_files import group_crimes
from assay.ingest.accepted_returns import current_returns
from assay.ingest.inspection_folder import open_inspection
from assay.ingest.london_time import local_time
from assay.ingest.table_permission import ReadPermission

CRIME, PERSON, INVOLVEMENT, NUMBER = "crime_ref", "person_ref", "involvement_ref", "number"
REFERENCES = (CRIME, PERSON, "missing_ref", "report_ref")


@dataclass(frozen=True)
class Source:
    """A time column of a record table; each of its values is a step of a chronology.

    Parameters
    ----------
    label
        What the step says; '' if the row names its kind.
    detail
        Columns whose values are shown with the step.
    ref
        In a table with texts, the column with the reference of the row.
    crime
        The column with the crime.
    person_columns
        The columns with the person; the first with a value is used.
    """

    table: str
    time: str
    label: str
    detail: tuple[str, ...] = ()
    role_column: str = ""
    ref: str = ""
    crime: str = CRIME
    person_columns: tuple[str, ...] = (PERSON,)


NO_PERSON, NO_CRIME = (), ""
SOURCES = (
    Source("crimes", "reported_at", "reported to the police", person_columns=NO_PERSON),
    Source("crimes", "recorded_at", "recorded as a crime", ("offence_code",), person_columns=NO_PERSON),
    Source("crimes", "cancelled_at", "cancelled", ("cancel_ground",), "cancelled_by_role", person_columns=NO_PERSON),
    Source("crimes", "closed_at", "closed", ("outcome_code",), person_columns=NO_PERSON),
    Source("events", "happened_at", "", ("detail",), "by_role", person_columns=(PERSON, NUMBER, INVOLVEMENT)),
    Source("missing", "started_at", "went missing", ("first_grade",), crime=NO_CRIME),
    Source("missing", "ended_at", "found or returned", crime=NO_CRIME),
    Source("assessments", "assessed_at", "risk assessed", ("tool", "band"), "by_role", "assessment_ref", NO_CRIME),
    Source("referrals", "made_at", "referral made", ("direction", "agency_kind")),
    Source("referrals", "answered_at", "referral answered", ("decision",)),
    Source("flags", "added_at", "flag added", ("flag",), "added_by_role"),
    Source("flags", "removed_at", "flag removed", ("flag", "removed_reason"), "removed_by_role"),
    Source("orders", "made_at", "order made", ("order_code",)),
    Source("summaries", "recorded_at", "summary of the crime", ref="crime_ref", person_columns=NO_PERSON),
    Source("notes", "entry_at", "entry in the record", ("entry_type",), "author_role", "note_ref"),
)
"""An event says its own kind."""
TEXT_TABLES = ("summaries", "notes")
"""Tables whose rows are texts: without permission to read texts, they give no steps."""


@dataclass(frozen=True)
class Step:
    """One dated step of one case file; every reference is that of the force that holds the record ('' for none).

    Parameters
    ----------
    when
        The day, with the minute in local time if known.
    held_by
        The force that holds the record.
    tied_by
        How it is linked to the file, '' for the file's own force.
    text
        The text without the names of the case's people.
    crime
        The reference of the crime.
    person_ref
        The force's own number of the person, or the reference of the entry of a person without one.
    """

    force_code: str
    subject_ref: str
    when: str
    description: str
    detail: str
    by_role: str
    held_by: str
    tied_by: str = OWN_RECORD
    text: str = ""
    crime: str = ""
    person_ref: str = ""


@dataclass(frozen=True)
class Chronologies:
    """The dated steps of each case file in chronological order, and the reasons why texts are missing."""

    steps: tuple[Step, ...]
    refusals: tuple[str, ...]


def build_timelines(
    folder: Path, subject: str, files: Iterable[tuple[str, str]], assembly: CaseAssembly | None, *, today: date
) -> Chronologies:
    """Build the chronologies of these files.

    `assembly` has the linked records of persons' files; None for other files. Raises PurposeRefused if a table may not
    be read for samples.
    """
    inspection = open_inspection(folder)
    permission, accepted_returns = ReadPermission(inspection, today), current_returns(inspection)
    link_tables = _link_tables(folder, subject, set(files), assembly)
    texts = PermittedTexts(inspection, accepted_returns, today)
    found = [_entry_step(item) for item in parties(folder, assembly)] if assembly is not None else []
    meanings = {kind.key: kind.meaning for kind in reference.event_kinds()}
    for source in SOURCES:
        if source.table in TEXT_TABLES and not texts.may_be_read(source.table):
            continue
        paths = [folder / item.stage / f"{source.table}.parquet" for item in accepted_returns]
        permission.require(source.table, "samples", paths, "the rating sheets")
        returns = (pl.scan_parquet(path).with_columns(edition=pl.lit(place)) for place, path in enumerate(paths))
        rows = _numbered(_by_person(pl.concat(returns), source, folder), source, folder)
        found += _steps(rows, source, link_tables, meanings, texts.text_of)
    steps = sorted(found, key=lambda item: (item.force_code, item.subject_ref, item.when, item.description))
    return Chronologies(tuple(steps), texts.refusals)


def _entry_step(party: Party) -> Step:
    """Return the entry of a person on a crime as a step without a time: the record does not give one."""
    description, detail = (
        f"entered as {party.role.replace('_', ' ')} of the crime",
        OWN_ENTRY if party.is_file_person else "",
    )
    return Step(
        *party.file,
        "",
        description,
        detail,
        "",
        party.held_by,
        party.tied_by,
        crime=party.crime,
        person_ref=party.person_ref,
    )


def _link_tables(
    folder: Path, subject: str, files: set[tuple[str, str]], assembly: CaseAssembly | None
) -> Mapping[str, pl.LazyFrame]:
    """Return the links from crimes and from persons to files.

    Columns: force_code, the reference, file_force, subject_ref and tie (a position in `LINK_KINDS`).
    """
    file_table = pl.LazyFrame(sorted(files), schema=["force_code", "subject_ref"], orient="row")
    file_table = file_table.with_columns(file_force="force_code", tie=pl.lit(LINK_KINDS.index(OWN_RECORD)))
    if assembly is not None:
        rows = assembly.rows.lazy().drop(INVOLVEMENT)
        return {name: rows.drop(PERSON if name == CRIME else CRIME).drop_nulls(name) for name in (CRIME, PERSON)}
    if subject == "crime":
        return {CRIME: file_table.with_columns(pl.col("subject_ref").alias(CRIME))}
    members = pl.scan_parquet(folder / "returns" / "*" / "*" / "group_members.parquet").select(
        "force_code", PERSON, subject_ref="group_ref"
    )
    group_persons = members.join(file_table, on=["force_code", "subject_ref"]).unique()
    involved = pl.scan_parquet(folder / "returns" / "*" / "*" / "involvements.parquet")
    involved = involved.select("force_code", PERSON, CRIME).drop_nulls().unique()
    crimes = group_persons.join(involved, on=["force_code", PERSON]).drop(PERSON).unique()
    found = group_crimes(folder, file_table.with_columns(tie=pl.lit(LINK_KINDS.index(SHARED))))
    return {PERSON: group_persons, CRIME: pl.concat([crimes, found.select(crimes.collect_schema().names())])}


def _by_person(rows: pl.LazyFrame, source: Source, folder: Path) -> pl.LazyFrame:
    """Add the child of the missing episode as the person of an entry on that episode."""
    if source.table != "notes":
        return rows
    episodes = pl.scan_parquet(folder / "returns" / "*" / "*" / "missing.parquet")
    episodes = episodes.select("force_code", "missing_ref", child=PERSON).unique(["force_code", "missing_ref"])
    found = rows.join(episodes, on=["force_code", "missing_ref"], how="left")
    return found.with_columns(pl.coalesce(PERSON, "child").alias(PERSON))


def _numbered(rows: pl.LazyFrame, source: Source, folder: Path) -> pl.LazyFrame:
    """Add the force's own number of the person to a row that names the person's entry on a crime."""
    if INVOLVEMENT not in source.person_columns:
        return rows
    people = pl.scan_parquet(folder / "records" / "person.parquet")
    numbers = people.select("force_code", INVOLVEMENT, pl.col(PERSON).alias(NUMBER)).unique(["force_code", INVOLVEMENT])
    return rows.join(numbers, on=["force_code", INVOLVEMENT], how="left")


def _steps(
    rows: pl.LazyFrame,
    source: Source,
    link_tables: Mapping[str, pl.LazyFrame],
    meanings: Mapping[str, str],
    read_text: Callable[[int, str, Mapping[str, object]], str],
) -> list[Step]:
    columns = rows.collect_schema().names()
    keys = [key for key in link_tables if key in columns]
    if not keys:
        return []
    joined_rows = [rows.join(link_tables[key], on=["force_code", key], how="inner") for key in keys]
    times = [source.time, f"{source.time}_last", f"{source.time}_day"]
    kind_columns = ("kind", *REFERENCES) if source.ref else ("kind",)
    source_columns = (source.role_column, source.ref, source.crime, *source.person_columns, *kind_columns)
    extra = [name for name in source_columns if name and name in columns]
    file = ["force_code", "edition", "line", "file_force", "subject_ref"]
    columns_read = dict.fromkeys([*file, "tie", *times, *source.detail, *extra])
    step_rows = pl.concat(frame.select(*columns_read) for frame in joined_rows)
    step_rows = step_rows.sort("tie").unique(file, keep="first", maintain_order=True)  # the nearest of several ties
    step_rows = step_rows.filter(pl.col(f"{source.time}_day").is_not_null())
    rows_found = step_rows.collect().to_dicts()
    texts = [read_text(row["edition"], source.table, row) if source.ref else "" for row in rows_found]
    pairs = zip(rows_found, texts, strict=True)
    return [_step(source, row, meanings, text) for row, text in pairs if text or source.table not in TEXT_TABLES]


def _step(source: Source, row: Mapping[str, Any], meanings: Mapping[str, str], text: str) -> Step:
    exact = row[source.time] is not None and row[source.time] == row[f"{source.time}_last"]
    return Step(
        force_code=str(row["file_force"]),
        subject_ref=str(row["subject_ref"]),
        when=f"{local_time(row[source.time]):%Y-%m-%d %H:%M}" if exact else str(row[f"{source.time}_day"]),
        description=source.label or meanings.get(str(row["kind"]), str(row["kind"])).split(". ")[0].removesuffix("."),
        detail=", ".join(str(row[name]).replace("_", " ") for name in source.detail if row[name] is not None),
        by_role=str(row.get(source.role_column) or "").replace("_", " "),
        held_by=str(row["force_code"]),
        tied_by=LINK_KINDS[int(str(row["tie"]))],
        text=text,
        crime=str(row.get(source.crime) or ""),
        person_ref=next((str(row[name]) for name in source.person_columns if row.get(name)), ""),
    )
