"""Columns that state whether a crime or person is in a detected group, and the crimes of each group's case file.

A group is detected by what its members share (stage `groups`), whether or not the force knows it. For a crime outside
the detection (cancelled, not against a child, or without known suspects) it is not known whether it is in a group.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from assay.linkage.groups.group_detection import ALL_TIES, CRIME_TIES
from assay.linkage.groups.shared_involvements import NOT_AGAINST_A_CHILD

if TYPE_CHECKING:
    from assay.engine.expressions import ExpressionEngine

COLUMNS: Mapping[str, str] = {"in_found_group": CRIME_TIES, "in_found_group_by_anything": ALL_TIES}
"""Additional columns of the facts of crimes, children and suspects, with the links by which groups are detected."""
CRIME, PERSON = ("force_code", "crime_ref"), ("force_code", "person_id")
STAGE = "groups"


def add_group_columns(facts: Any, columns: Iterable[str], at_work: ExpressionEngine, folder: Path) -> Any:
    """Add the columns that a design uses which state whether the crime or person is in a detected group."""
    for name in [name for name in COLUMNS if name in columns]:
        facts = _add_group_column(facts, name, at_work, folder)
    return facts


def _add_group_column(facts: Any, name: str, at_work: ExpressionEngine, folder: Path) -> Any:
    import ibis

    crimes = at_work.table("found_crimes", folder / STAGE / "found_crimes.parquet")
    crimes = crimes.filter(crimes.tied_by == COLUMNS[name]).select(*CRIME).distinct()
    crimes = crimes.mutate(crime_in=ibis.literal(True))
    all_crimes = at_work.table("every_crime", folder / "records" / "crime.parquet")
    known = all_crimes.cancelled.fill_null(False) | all_crimes.scope_reason.isin(NOT_AGAINST_A_CHILD).fill_null(False)
    looked = all_crimes.select(*CRIME, looked_at=~known & ~all_crimes.suspects.isnull())
    found = facts.left_join(crimes, list(CRIME)).drop("force_code_right", "crime_ref_right")
    found = found.left_join(looked, list(CRIME)).drop("force_code_right", "crime_ref_right")
    inside, outside = found.crime_in.fill_null(False), found.looked_at.fill_null(False)
    if "person_id" not in facts.columns:
        in_group = ibis.cases((inside, True), (outside, False))
        return found.mutate(**{name: in_group}).drop("crime_in", "looked_at")
    people = at_work.table("found_persons", folder / STAGE / "found_persons.parquet")
    people = people.filter(people.tied_by == COLUMNS[name]).select("person_id").distinct()
    found = found.mutate(inside=inside | found.person_id.isin(people.person_id).fill_null(False), outside=outside)
    whole = found.group_by(PERSON).aggregate(any_inside=found.inside.any(), all_outside=found.outside.all())
    in_group = ibis.cases((whole.any_inside, True), (whole.all_outside, False))
    whole = whole.select(*PERSON, **{name: in_group})
    found = found.drop("crime_in", "looked_at", "inside", "outside")
    return found.left_join(whole, list(PERSON)).drop("force_code_right", "person_id_right")


def group_crimes(folder: Path, files: pl.LazyFrame) -> pl.LazyFrame:
    """Return the crimes of the detected groups in `files`: one row per group (force_code, subject_ref) and crime.

    Only crimes of that force: the person who links crimes of two forces may be one person only by a likely match.
    """
    path = folder / STAGE / "found_crimes.parquet"
    if not path.is_file():
        return files.head(0).with_columns(crime_ref=pl.lit(""))
    ref = pl.concat_str("tied_by", "group_ref", separator=" ").alias("subject_ref")
    crimes = pl.scan_parquet(path).select("force_code", "crime_ref", ref)
    return files.join(crimes, on=["force_code", "subject_ref"])
