"""Which crimes and persons are in a group that the records show, and which crimes are the file of such a group?

A group is found by what its members share (room `groups`), whether or not the force knows it. A crime that was not
looked at for groups (cancelled, not against a child, or with suspects unknown) is in none and out of none: missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from assay.linkage.groups.group_detection import BY_ANYTHING, BY_CRIMES
from assay.linkage.groups.shared_involvements import NOT_AGAINST_A_CHILD

if TYPE_CHECKING:
    from assay.engine.expressions import Expressions

COLUMNS: Mapping[str, str] = {"in_found_group": BY_CRIMES, "in_found_group_by_anything": BY_ANYTHING}
"""Columns that facts of crimes, children and suspects have besides their own, and by what the groups are tied."""
CRIME, PERSON = ("force_code", "crime_ref"), ("force_code", "person_id")
STAGE = "groups"


def with_found_groups(facts: Any, wanted: Iterable[str], at_work: Expressions, folder: Path) -> Any:
    """The facts with those of `COLUMNS` that are wanted. A person is in a group by any of their crimes in that force,
    or by name; out of all only where every crime of theirs was looked at."""
    for name in [name for name in COLUMNS if name in wanted]:
        facts = _with(facts, name, at_work, folder)
    return facts


def _with(facts: Any, name: str, at_work: Expressions, folder: Path) -> Any:
    import ibis

    crimes = at_work.table("found_crimes", folder / STAGE / "found_crimes.parquet")
    crimes = crimes.filter(crimes.tied_by == COLUMNS[name]).select(*CRIME).distinct()
    crimes = crimes.mutate(crime_in=ibis.literal(True))
    every = at_work.table("every_crime", folder / "records" / "crime.parquet")
    known = every.cancelled.fill_null(False) | every.scope_reason.isin(NOT_AGAINST_A_CHILD).fill_null(False)
    looked = every.select(*CRIME, looked_at=~known & ~every.suspects.isnull())
    found = facts.left_join(crimes, list(CRIME)).drop("force_code_right", "crime_ref_right")
    found = found.left_join(looked, list(CRIME)).drop("force_code_right", "crime_ref_right")
    inside, outside = found.crime_in.fill_null(False), found.looked_at.fill_null(False)
    if "person_id" not in facts.columns:
        said = ibis.cases((inside, True), (outside, False))
        return found.mutate(**{name: said}).drop("crime_in", "looked_at")
    people = at_work.table("found_persons", folder / STAGE / "found_persons.parquet")
    people = people.filter(people.tied_by == COLUMNS[name]).select("person_id").distinct()
    found = found.mutate(inside=inside | found.person_id.isin(people.person_id).fill_null(False), outside=outside)
    whole = found.group_by(PERSON).aggregate(any_inside=found.inside.any(), all_outside=found.outside.all())
    said = ibis.cases((whole.any_inside, True), (whole.all_outside, False))
    whole = whole.select(*PERSON, **{name: said})
    found = found.drop("crime_in", "looked_at", "inside", "outside")
    return found.left_join(whole, list(PERSON)).drop("force_code_right", "person_id_right")


def crimes_of_found(folder: Path, files: pl.LazyFrame) -> pl.LazyFrame:
    """The crimes of found groups, (force_code, subject_ref) as `records/found_group` names them: those of that force,
    and of no other, since who ties the two may be one person by likeness alone."""
    path = folder / STAGE / "found_crimes.parquet"
    if not path.is_file():
        return files.head(0).with_columns(crime_ref=pl.lit(""))
    ref = pl.concat_str("tied_by", "group_ref", separator=" ").alias("subject_ref")
    crimes = pl.scan_parquet(path).select("force_code", "crime_ref", ref)
    return files.join(crimes, on=["force_code", "subject_ref"])
