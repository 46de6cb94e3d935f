"""People involved in the crimes of a person's file, with their roles, including the other suspects.

People are identified by reference and never by name: the force's own number, or the reference of the entry of a person
without one. A suspect about whom nothing was done has no step. So every entry is on the sheet, as a step without a
time, before all others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from assay.casefiles.case_assembly import LINK_KINDS, CaseAssembly, File

SUSPECT, OWN_ENTRY = "suspect", "the person of this file"


@dataclass(frozen=True)
class Party:
    """One person's role in one crime of a case file.

    Parameters
    ----------
    held_by
        The force that holds the crime.
    tied_by
        How the crime is linked to the file.
    person_ref
        The reference of the person in that force.
    is_file_person
        True for the person of the file.
    """

    file: File
    held_by: str
    crime: str
    person_ref: str
    role: str
    tied_by: str
    is_file_person: bool


def parties(folder: Path, assembly: CaseAssembly) -> tuple[Party, ...]:
    """Return each person's role in every crime that is linked to a case file, with the crime's closest link."""
    file, crime = ["file_force", "subject_ref"], ["force_code", "crime_ref"]
    crimes = (
        assembly.rows.drop_nulls("crime_ref").sort("tie").unique([*file, *crime], keep="first", maintain_order=True)
    )
    people = pl.read_parquet(
        folder / "records" / "person.parquet", columns=[*crime, "involvement_ref", "person_ref", "role"]
    )
    person_ref = pl.coalesce("person_ref", "involvement_ref").alias("about")
    numbers = assembly.rows.select(*file, "force_code", person_ref, own=pl.lit(True)).unique()
    found = people.with_columns(person_ref).join(crimes.select(*file, *crime, "tie"), on=crime)
    found = found.join(numbers, on=[*file, "force_code", "about"], how="left")
    rows = found.unique([*file, *crime, "about", "role"]).sort(*file, *crime, "role", "about").iter_rows(named=True)
    return tuple(
        Party(
            file=(row["file_force"], row["subject_ref"]),
            held_by=row["force_code"],
            crime=row["crime_ref"],
            person_ref=row["about"],
            role=row["role"],
            tied_by=LINK_KINDS[row["tie"]],
            is_file_person=bool(row["own"]),
        )
        for row in rows
    )


def other_suspects(found: tuple[Party, ...]) -> Mapping[File, Mapping[str, str]]:
    """Return, for each file, the references of suspects other than its own person, with the force that holds each."""
    suspects: dict[File, dict[str, str]] = {}
    for party in found:
        if party.role == SUSPECT and not party.is_file_person:
            suspects.setdefault(party.file, {}).setdefault(party.person_ref, party.held_by)
    return suspects
