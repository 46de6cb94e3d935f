"""Measures of the victims and suspects of an extract: names, ethnicity, ages, and numbers of crimes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from assay.ingest.extracts.split_merging import ETHNICITY_IS_UNREAD
from assay.reference.ethnicity_codes import ethnicities
from assay.workflows.check.extract_contents import day_column, optional_column

AGE_BANDS = {"0-12": (0, 12), "13-15": (13, 15), "16-17": (16, 17), "18+": (18, 110)}
"""The bands of ages at offence, in whole years; 18 is the age of an adult, 13 and 16 are limits of offences."""
NOT_KNOWN = "not_known"
DEFAULT_DAYS = pa.array(
    ["1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1901-01-01", "1970-01-01", "2099-12-31", "9999-12-31"],
    pa.string(),
).cast(pa.date32())
"""Days that systems and spreadsheets enter where none is known; as dates of birth they are none (rule R23)."""
OLDEST = 110
IDENTITY = ("person_ref", "forenames", "surname")
NAME = ("forenames", "surname")
BAND = re.compile(r"(\d{1,3})(?:-(\d{1,3})|\+)")


def is_named(persons: pa.Table) -> pa.ChunkedArray:
    """Return True for each person with a reference, a name or a date of birth, or recorded as named."""
    answers = pc.fill_null(pc.equal(optional_column(persons, "suspect_known_as", pa.string()), "named"), False)
    for column in IDENTITY:
        answers = pc.or_(answers, pc.is_valid(optional_column(persons, column, pa.string())))
    return pc.or_(answers, pc.is_valid(known_births(persons)))


def crimes_with_named_suspect(suspects: pa.Table) -> pa.Array:
    """Return the references of crimes with at least one named suspect."""
    return suspects.filter(is_named(suspects))["crime_ref"].combine_chunks()


def has_known_ethnicity(persons: pa.Table) -> pa.ChunkedArray:
    """Return True for each person with an ethnicity, self-defined or officer-defined."""
    known = pa.array([entry.code for entry in ethnicities() if entry.counts_as == "an ethnicity"], pa.string())
    columns = [optional_column(persons, name, pa.string()) for name in ("ethnicity_self", "ethnicity_officer")]
    return pc.or_(*(pc.is_in(column, value_set=known) for column in columns))


def has_unread_ethnicity(persons: pa.Table) -> pa.ChunkedArray:
    """Return True for each person without a known ethnicity who has an ethnicity cell that could not be read."""
    is_unread = pc.fill_null(optional_column(persons, ETHNICITY_IS_UNREAD, pa.bool_()), False)
    return pc.and_(is_unread, pc.invert(has_known_ethnicity(persons)))


def known_births(persons: pa.Table) -> pa.ChunkedArray:
    """Return dates of birth, with the placeholder dates of record systems as missing."""
    born = day_column(persons, "date_of_birth")
    return pc.if_else(pc.is_in(born, value_set=DEFAULT_DAYS), pa.scalar(None, pa.date32()), born)


def first_offence_days(persons: pa.Table, crimes: pa.Table) -> pa.ChunkedArray:
    """Return for each person the first possible date of the offence."""
    positions = pc.index_in(persons["crime_ref"], value_set=crimes["crime_ref"].combine_chunks())
    return day_column(crimes, "occurred_from").take(positions)


def ages_on(born: pa.ChunkedArray, days: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return ages in whole years; null before birth and above 110 years."""
    birthday_to_come = pc.less(_month_and_day(days), _month_and_day(born))
    ages = pc.subtract(pc.subtract(pc.year(days), pc.year(born)), birthday_to_come.cast(pa.int64()))
    return _plausible(ages)


def _month_and_day(days: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.add(pc.multiply(pc.month(days), 100), pc.day(days))


def _plausible(ages: pa.ChunkedArray) -> pa.ChunkedArray:
    is_plausible = pc.and_(pc.greater_equal(ages, 0), pc.less_equal(ages, OLDEST))
    return pc.if_else(is_plausible, ages, pa.scalar(None, pa.int64()))


def victim_age_bands(victims: pa.Table, crimes: pa.Table) -> dict[str, int]:
    """Count victims by age band on the first possible date of the offence."""
    bands = pc.value_counts(age_bands_at_offence(victims, crimes).combine_chunks()).to_pylist()
    found = {entry["values"]: entry["counts"] for entry in bands}
    return {band: found.get(band, 0) for band in AGE_BANDS} | {NOT_KNOWN: found.get(None, 0)}


def age_bands_at_offence(persons: pa.Table, crimes: pa.Table) -> pa.ChunkedArray:
    """Return each person's age band at the offence: from the date of birth, or else the stated age, or the stated band.

    Stated ages that contradict the dates of birth beside them are not used.
    """
    stated_band = _by_distinct_value(optional_column(persons, "age_band", pa.string()), _band_around)
    return pc.coalesce(_band_of(ages_at_offence(persons, crimes)), stated_band)


def ages_at_offence(persons: pa.Table, crimes: pa.Table) -> pa.ChunkedArray:
    """Return each person's age in whole years at the offence: from the date of birth, or else as stated."""
    by_birth = ages_on(known_births(persons), first_offence_days(persons, crimes))
    stated = _plausible(optional_column(persons, "age_at_offence", pa.int64()))
    if not stated_ages_follow_from_births(persons, crimes):
        stated = pa.chunked_array([pa.nulls(len(stated), pa.int64())])
    return pc.coalesce(by_birth, stated)


AGE_TOLERANCE = 1
"""Years by which a stated age may differ from the age that follows from the date of birth."""
MIN_AGES_COMPARED, MAX_SHARE_DIFFERENT = 20, 0.1
"""Persons with a birth and a stated age from which the two are compared, and the share that may differ by more."""


def differs_from_birth(persons: pa.Table, crimes: pa.Table) -> pa.ChunkedArray:
    """Return True for each stated age that contradicts the date of birth; null if either is not known."""
    by_birth = ages_on(known_births(persons), first_offence_days(persons, crimes))
    stated = optional_column(persons, "age_at_offence", pa.int64())
    return pc.greater(pc.abs(pc.subtract(by_birth, stated)), AGE_TOLERANCE)


def stated_ages_follow_from_births(persons: pa.Table, crimes: pa.Table) -> bool:
    """Return False if too many stated ages contradict the date of birth, because they are ages on another date, such as
    today.

    Then the stated age of a person without a date of birth is no age at the offence either.
    """
    differs = differs_from_birth(persons, crimes)
    compared: int = len(differs) - differs.null_count
    n_different: int = pc.sum(differs).as_py() or 0
    return compared < MIN_AGES_COMPARED or n_different <= MAX_SHARE_DIFFERENT * compared


def _band_of(ages: pa.ChunkedArray) -> pa.ChunkedArray:
    bands = pa.chunked_array([pa.nulls(len(ages), pa.string())])
    for band, (low, high) in AGE_BANDS.items():
        bands = pc.if_else(
            pc.fill_null(pc.and_(pc.greater_equal(ages, low), pc.less_equal(ages, high)), False), band, bands
        )
    return bands


def _band_around(stated: str) -> str | None:
    """Return the band within which a stated band lies; None if it lies in several: '10-13'."""
    found = BAND.fullmatch(stated.strip())
    if found is None:
        return None
    lowest, highest = int(found[1]), int(found[2] or OLDEST)
    return next((band for band, (low, high) in AGE_BANDS.items() if low <= lowest <= highest <= high), None)


def _by_distinct_value(column: pa.ChunkedArray, convert: Callable[[str], str | None]) -> pa.ChunkedArray:
    """Return the column with each distinct value converted once."""
    distinct = pc.unique(column.drop_null())
    converted = pa.array([convert(value) for value in distinct.to_pylist()], pa.string())
    return converted.take(pc.index_in(column, value_set=distinct).combine_chunks())


def person_keys(persons: pa.Table) -> pa.ChunkedArray:
    """Return the key of each person: the reference, or else name with date of birth; null without either."""
    names = [pc.utf8_lower(pc.utf8_trim_whitespace(optional_column(persons, name, pa.string()))) for name in NAME]
    described = pc.binary_join_element_wise(*names, known_births(persons).cast(pa.string()), "|")
    reference = pc.binary_join_element_wise("ref", optional_column(persons, "person_ref", pa.string()), "|")
    return pc.coalesce(reference, described)


def count_persons_in_several_crimes(persons: pa.Table) -> tuple[int, int]:
    """Return the number of persons in two or more crimes, and the number of persons with an identifying key."""
    links = pa.table({"crime_ref": persons["crime_ref"], "person": person_keys(persons)}).drop_null()
    crimes = links.group_by("person").aggregate([("crime_ref", "count_distinct")])["crime_ref_count_distinct"]
    return pc.sum(pc.greater_equal(crimes, 2)).as_py() or 0, len(crimes)
