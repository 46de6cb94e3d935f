"""Which records of an extract contradict themselves, or look as if a system had filled them in automatically?

Records are counted, and never shown. What is impossible (a birth after the offence) is not known in the measures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt

import pyarrow as pa
import pyarrow.compute as pc

from assay.ingest.extracts.extract_model import ExtractTable
from assay.workflows.check.extract_contents import (
    CRIMES,
    PERSONS,
    SUSPECT,
    VICTIM,
    day_column,
)
from assay.workflows.check.person_measures import (
    DEFAULT_DAYS,
    differs_from_birth,
    first_offence_days,
    known_births,
    person_keys,
    stated_ages_follow_from_births,
)
from assay.workflows.check.recording_delay import is_recorded_before_reported

DAYS_OF_A_YEAR = 365.25
MIN_PILE = 5
"""Fewer records on 1 January are not mentioned."""
PILE_DEVIATIONS = 5
"""Standard deviations above the expected number of records on 1 January from which they are mentioned."""


@dataclass(frozen=True)
class Implausible:
    """One kind of implausible record: how many there are, out of how many records, and what to do."""

    description: str
    count: int
    total: int
    advice: str


def implausible_records(tables: Mapping[str, ExtractTable], today: date) -> tuple[Implausible, ...]:
    """Return the kinds of implausible records that occur, with their numbers.

    Parameters
    ----------
    today
        Days after it are in the future.
    """
    crimes = tables[CRIMES].rows if CRIMES in tables else None
    persons = tables[PERSONS].rows if PERSONS in tables else None
    found: list[Implausible] = []
    if crimes is not None and crimes.num_rows:
        found += _crime_dates(crimes)
        if persons is not None and persons.num_rows and "crime_ref" in persons.column_names:
            found += _births(persons, crimes)
            found += _stated_numbers(persons, crimes)
    if persons is not None and persons.num_rows and "crime_ref" in persons.column_names:
        found += _both_roles(persons)
    for name, table in tables.items():
        found += _dates_by_column(name, table.rows, today)
    return tuple(kind for kind in found if kind.count)


def _count(answers: pa.ChunkedArray) -> int:
    return pc.sum(answers).as_py() or 0


def _crime_dates(crimes: pa.Table) -> Iterator[Implausible]:
    total = crimes.num_rows
    yield Implausible(
        "crimes were recorded before they were reported",
        _count(is_recorded_before_reported(crimes)),
        total,
        "Check which dates your system exports: an occurrence may be created before the crime is reported.",
    )
    for first, second, description in (
        ("reported_at", "occurred_from", "crimes were reported before the first possible day of the offence"),
        ("occurred_to", "occurred_from", "crimes have a last possible day before the first"),
        ("outcome_at", "recorded_at", "crimes have an outcome from before they were recorded"),
    ):
        is_before = pc.less(day_column(crimes, first), day_column(crimes, second))
        yield Implausible(description, _count(is_before), total, "Check the two dates; a year may be mistyped.")


def _births(persons: pa.Table, crimes: pa.Table) -> Iterator[Implausible]:
    born, offence = known_births(persons), first_offence_days(persons, crimes)
    total = persons.num_rows
    yield Implausible(
        "persons were born after the first possible day of the offence",
        _count(pc.greater(born, offence)),
        total,
        "Check the date of birth: the day of entry or a two-digit year may stand there.",
    )
    advice = "Check whether the age is that of today, or of the day of the report. The date of birth was used."
    if not stated_ages_follow_from_births(persons, crimes):
        advice += " These are too many: an age without a date of birth counts as not known."
    yield Implausible(
        "persons have an age that does not follow from their date of birth",
        _count(differs_from_birth(persons, crimes)),
        total,
        advice,
    )


STATED_COUNTS = {VICTIM: "victim_count", SUSPECT: "suspect_count"}
"""The column of a crime that states how many persons of a role it has."""


def _stated_numbers(persons: pa.Table, crimes: pa.Table) -> Iterator[Implausible]:
    """Yield the crimes that state another number of victims or suspects than the extract names."""
    for role, column in STATED_COUNTS.items():
        links = persons.filter(pc.equal(persons["role"], role))
        if column not in crimes.column_names or not links.num_rows:
            continue
        stated = crimes.select(["crime_ref", column]).drop_null()
        links_of_crime = links.group_by("crime_ref").aggregate([([], "count_all")])
        joined = stated.join(links_of_crime, "crime_ref", join_type="left outer")
        numbers, rows = joined[column], pc.fill_null(joined["count_all"], 0)
        yield Implausible(
            f"crimes state more {role}s than the extract describes",
            _count(pc.greater(numbers, rows)),
            stated.num_rows,
            f"Send each {role}, in a row or in a list with one entry each. Only those described are counted by age, "
            "sex and ethnicity.",
        )
        yield Implausible(
            f"crimes state fewer {role}s than were read",
            _count(pc.less(numbers, rows)),
            stated.num_rows,
            f"Check in the letter whether a column was read as a further {role} who is none.",
        )


def _both_roles(persons: pa.Table) -> Iterator[Implausible]:
    """Yield the persons who are victim and suspect of the same crime."""
    links = pa.table({"crime_ref": persons["crime_ref"], "role": persons["role"], "person": person_keys(persons)})
    links = links.filter(pc.is_in(links["role"], value_set=pa.array([VICTIM, SUSPECT], pa.string()))).drop_null()
    roles = links.group_by(["crime_ref", "person"]).aggregate([("role", "count_distinct")])["role_count_distinct"]
    yield Implausible(
        "persons are victim and suspect of the same crime",
        _count(pc.greater_equal(roles, 2)),
        len(roles),
        "Check their roles: this is rare, and often an error of entry.",
    )


def _dates_by_column(table: str, rows: pa.Table, today: date) -> Iterator[Implausible]:
    for field in rows.schema:
        if pa.types.is_date(field.type) or pa.types.is_timestamp(field.type):
            yield from _dates(f"{table}.{field.name}", day_column(rows, field.name).drop_null(), today)


def _dates(column: str, days: pa.ChunkedArray, today: date) -> Iterator[Implausible]:
    total = len(days)
    is_default = pc.is_in(days, value_set=DEFAULT_DAYS)
    is_future = pc.and_(pc.greater(days, pa.scalar(today, pa.date32())), pc.invert(is_default))
    yield Implausible(
        f"dates in {column} are days that systems enter where none is known, such as 1 January 1900",
        _count(is_default),
        total,
        "Leave a date empty that is not known.",
    )
    yield Implausible(f"dates in {column} are in the future", _count(is_future), total, "Check the year.")
    new_years = _count(pc.and_(pc.equal(_month_day(days), 101), pc.invert(is_default)))
    if _is_pile(new_years, total):
        yield Implausible(
            f"dates in {column} are 1 January: more than if days were spread over the year",
            new_years,
            total,
            "Where only the year is known, systems enter 1 January: an age may be wrong by up to a year.",
        )


def _month_day(days: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.add(pc.multiply(pc.month(days), 100), pc.day(days))


def _is_pile(count: int, total: int) -> bool:
    expected = total / DAYS_OF_A_YEAR
    return count >= MIN_PILE and count > expected + PILE_DEVIATIONS * sqrt(expected)
