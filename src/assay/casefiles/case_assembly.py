"""Assemble the records of one person's case file, from their own force and, by confirmed links, from others.

A file is a person in the records of one force. A likely match of record linkage does not confirm that two records are
of one person. Only records with an exact match (the force's own number; or the same names and date of birth), or that a
reviewer confirmed, belong to a file. Other records that may be of the same person are on no sheet; files with such
records are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from assay.linkage.confirmed_links import confirm_persons
from assay.linkage.reviewed_links import read_verdicts

File = tuple[str, str]
OWN_RECORD, EXACT_MATCH, CONFIRMED_BY_REVIEW = (
    "",
    "the same names and date of birth",
    "a reviewer confirmed that it is the same person",
)
SHARED = "what the records of a linked group share, if only a match probability links them"
LINK_KINDS = (OWN_RECORD, EXACT_MATCH, CONFIRMED_BY_REVIEW, SHARED)
"""How a record is linked to a file, the closest link first; '' for a record of the file's own force."""


@dataclass(frozen=True)
class CaseAssembly:
    """The records that belong to each case file, with the kind of link that connects each record to the file.

    Parameters
    ----------
    rows
        One row per involvement and file; `tie` is a position in `LINK_KINDS`.
    clusters
        The exact-match clusters of the files' own records, with likely matches.
    unconfirmed
        The files for which other records may be of the same person.
    """

    rows: pl.DataFrame
    clusters: frozenset[str]
    unconfirmed: frozenset[File]

    def other_forces(self) -> Mapping[File, tuple[str, ...]]:
        """Return, for each case file, the other forces that hold records of it; omit files without such a force."""
        found: dict[File, set[str]] = {}
        for row in self.rows.filter(pl.col("force_code") != pl.col("file_force")).iter_rows(named=True):
            found.setdefault((row["file_force"], row["subject_ref"]), set()).add(row["force_code"])
        return {file: tuple(sorted(codes)) for file, codes in found.items()}


def assemble_cases(folder: Path, files: Iterable[File]) -> CaseAssembly:
    """Assemble the records of each person's case file, for persons given as (force_code, person_id)."""
    people = _people(folder)
    schema = {"file_force": pl.String, "subject_ref": pl.String}
    file_table = pl.DataFrame(sorted(set(files)), schema=schema, orient="row")
    own_entries = people.join(file_table, left_on=["force_code", "person_id"], right_on=["file_force", "subject_ref"])
    anchors = _anchors(own_entries)
    link_kind = (
        pl.when((pl.col("force_code") == pl.col("file_force")) & (pl.col("person_id") == pl.col("subject_ref")))
        .then(LINK_KINDS.index(OWN_RECORD))
        .when(pl.col("knot").is_in(pl.col("own_clusters")))
        .then(LINK_KINDS.index(EXACT_MATCH))
        .otherwise(LINK_KINDS.index(CONFIRMED_BY_REVIEW))
    )
    rows = people.join(anchors, on="confirmed").with_columns(link_kind.alias("tie"))
    return CaseAssembly(
        rows.select("force_code", "crime_ref", "person_ref", "involvement_ref", "file_force", "subject_ref", "tie"),
        frozenset(own_entries["knot"]),
        _unconfirmed(people, anchors),
    )


def _people(folder: Path) -> pl.DataFrame:
    """Return every involvement with its exact-match cluster and its confirmed person.

    A person without record linkage (of a bundle that is still encrypted) is the one that the sender names, without a
    link to another force.
    """
    columns = ["force_code", "involvement_ref", "person_id", "crime_ref", "person_ref"]
    people = pl.read_parquet(folder / "records" / "person.parquet", columns=columns)
    entry = pl.concat_str("force_code", "involvement_ref", separator=" ").alias("entry")
    path = folder / "persons" / "tied.parquet"
    single_person = pl.concat_str("force_code", "person_id", separator=" ")
    if not path.is_file():
        return people.with_columns(entry, knot=single_person, confirmed=single_person)
    known = pl.from_arrow(confirm_persons(pq.read_table(path), read_verdicts(folder)).entries)
    assert isinstance(known, pl.DataFrame)
    found = people.with_columns(entry).join(known, on="entry", how="left")
    return found.with_columns(pl.coalesce(name, single_person).alias(name) for name in ("knot", "confirmed"))


def _anchors(own_entries: pl.DataFrame) -> pl.DataFrame:
    """Return for each file its confirmed person and the exact-match clusters of its own entries.

    If likely matches join several confirmed persons in one file, it is the person of the entry that gives the file its
    name, or else of the first entry.
    """
    names_it = pl.col("entry") != pl.col("person_id")
    first = own_entries.sort(names_it, "entry").unique(["force_code", "person_id"], keep="first", maintain_order=True)
    first = first.select("force_code", "person_id", "confirmed")
    confirmed_entries = own_entries.join(first, on=["force_code", "person_id", "confirmed"])
    clusters = confirmed_entries.group_by("force_code", "person_id", "confirmed").agg(
        pl.col("knot").unique().alias("own_clusters")
    )
    return clusters.rename({"force_code": "file_force", "person_id": "subject_ref"})


def _unconfirmed(people: pl.DataFrame, anchors: pl.DataFrame) -> frozenset[File]:
    likely = people.join(anchors, left_on="person_id", right_on="subject_ref", suffix="_of_file")
    unconfirmed = likely.filter(pl.col("confirmed") != pl.col("confirmed_of_file"))
    return frozenset(unconfirmed.select("file_force", "person_id").unique().iter_rows())
