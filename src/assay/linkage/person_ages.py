"""Ages of persons at the offence, at the report and at other events.

Both ages are needed because adults report offences against them as children. They are derived from the date of birth on
the same record; where there is none, from the age or the age band that the force sent (return contract, section 11.2).
The age at the offence is an interval; if it contains 18, whether the person was a child is not known. Ages are derived
here so that no later stage reads a date of birth.

Where linkage disputes the date of birth of an entry, that date alone gives no age: the person would be a child on one
crime and an adult on another. The age at the offence is then the interval over all dates of the person.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from assay.engine.portable_expressions import ADULT_AGE, age_on, birthday_number, left_join, union_all
from assay.linkage.offence_dates import offence_days

ENTRY = ["force_code", "involvement_ref"]
NUMBER = ["force_code", "person_ref"]
STEP_DAYS = 28
Tables = Mapping[str, ibis.Table]


def involvement_ages(tables: Tables) -> ibis.Table:
    """Return one row for each involvement, with its ages in whole years.

    Columns: force_code, involvement_ref, dated (a date of birth is recorded), age_at_offence_low, age_at_offence_high,
    age_at_report (without a crime: on the day of the report or of the missing episode), adult_from (the 18th birthday
    in days since 1 January 1970, rounded down to a multiple of `STEP_DAYS`, so that neither one entry nor several
    reveal a date of birth).
    """
    rows = _with_event_days(tables, _involvements_with_birth_dates(tables))
    birth_date = rows.date_of_birth
    low, high, age_at_report = (_where_undated(rows, age) for age in _stated_ages(rows))
    return rows.select(
        *ENTRY,
        dated=~birth_date.isnull(),
        age_at_offence_low=ibis.coalesce(age_on(birth_date, rows.first_day), low),
        age_at_offence_high=ibis.coalesce(age_on(birth_date, rows.last_day), high),
        age_at_report=ibis.coalesce(age_on(birth_date, rows.report_day), age_at_report),
        adult_from=((birthday_number(birth_date, ADULT_AGE) // STEP_DAYS) * STEP_DAYS).cast("int64"),
    )


def ages_of_persons(tables: Tables, persons: ibis.Table) -> ibis.Table:
    """Add ages to the persons; a disputed date of birth makes an age an interval over all the dates, or missing.

    For an entry with a disputed date, `dated` is False and `adult_from` is missing. Its age at the offence is the
    interval over all dates of birth of the person, and its age at the report is missing if these disagree on whether
    the person was under 18.

    Parameters
    ----------
    persons
        One row for each involvement: force_code, involvement_ref, person_id, birth_disputed.
    """
    rows = left_join(persons, involvement_ages(tables), ENTRY)
    rows = left_join(rows, _ages_over_all_dates(tables, persons), ENTRY)
    is_disputed = rows.birth_disputed
    is_report_disputed = is_disputed & (rows.lowest_at_report < ADULT_AGE) & (rows.highest_at_report >= ADULT_AGE)
    return rows.select(
        *ENTRY,
        "person_id",
        dated=rows.dated & ~is_disputed,
        age_at_offence_low=_widened(rows.age_at_offence_low, is_disputed, rows.lowest),
        age_at_offence_high=_widened(rows.age_at_offence_high, is_disputed, rows.highest),
        age_at_report=ibis.cases((~is_report_disputed.fill_null(False), rows.age_at_report)),
        adult_from=ibis.cases((~is_disputed, rows.adult_from)),
    )


def _widened(age: ibis.Value, is_disputed: ibis.Value, end: ibis.Value) -> ibis.Value:
    """Return the end of the interval where the date is disputed; an age that is missing stays missing."""
    return ibis.cases((~age.isnull(), ibis.ifelse(is_disputed, end, age)))


def _ages_over_all_dates(tables: Tables, persons: ibis.Table) -> ibis.Table:
    """Return for each entry with a disputed date its lowest and highest ages over the dates of birth of the person.

    A date of birth after the event gives no age.
    """
    births = left_join(persons, tables["identities"].select(*ENTRY, "date_of_birth"), ENTRY)
    births = births.filter(~births.date_of_birth.isnull()).select("person_id", "date_of_birth").distinct()
    disputed_entries = persons.filter(persons.birth_disputed).select(*ENTRY, "person_id")
    rows = tables["involvements"].join(disputed_entries, ENTRY).join(births, "person_id")
    rows = _with_event_days(tables, rows)
    rows = rows.mutate(
        low=age_on(rows.date_of_birth, rows.first_day),
        high=age_on(rows.date_of_birth, rows.last_day),
        at_report=age_on(rows.date_of_birth, rows.report_day),
    )
    return rows.group_by(ENTRY).aggregate(
        lowest=rows.low.min(),
        highest=rows.high.max(),
        lowest_at_report=rows.at_report.min(),
        highest_at_report=rows.at_report.max(),
    )


def _with_event_days(tables: Tables, rows: ibis.Table) -> ibis.Table:
    """Join to involvements the first and last day of the offence, and the day of the report."""
    rows = left_join(rows, _crime_days(tables), ["force_code", "crime_ref"])
    rows = left_join(rows, _report_days(tables), ["force_code", "report_ref"])
    rows = left_join(rows, _missing_episode_days(tables), ["force_code", "missing_ref"])
    return rows.mutate(report_day=ibis.coalesce(rows.reported_day, rows.received_day, rows.missing_day))


def _where_undated(rows: ibis.Table, age: ibis.Value) -> ibis.Value:
    return ibis.cases((rows.date_of_birth.isnull(), age))


def _stated_ages(rows: ibis.Table) -> tuple[ibis.Value, ibis.Value, ibis.Value]:
    """Return the lowest and the highest age at the offence, and the age at the report, from the ages that were sent.

    A sent age at the offence, or an age band, is that of its first possible day; by the last day the person may be
    older. An age at the report limits the age at the offence from above, and with the dates also from below.
    """
    passed = _most_birthdays(rows.first_day, rows.last_day).fill_null(0)
    band_low, band_high = _band_ends(rows.age_band)
    earliest = rows.age_at_report - _most_birthdays(rows.first_day, rows.report_day)
    latest = rows.age_at_report - age_on(rows.last_day, rows.report_day).fill_null(0)
    low = ibis.coalesce(rows.age_at_offence, ibis.ifelse(earliest < 0, 0, earliest), band_low)
    high = ibis.coalesce(rows.age_at_offence + passed, latest, band_high + passed)
    since = age_on(rows.first_day, rows.report_day)
    is_exact = since == _most_birthdays(rows.first_day, rows.report_day)
    at_report = ibis.coalesce(rows.age_at_report, ibis.cases((is_exact, rows.age_at_offence + since)))
    return low, high, at_report


def _most_birthdays(first: ibis.Value, last: ibis.Value) -> ibis.Value:
    """Return how many birthdays a person can have after the first day, up to the last; missing if they are reversed."""
    is_anniversary = (first.month() == last.month()) & (first.day() == last.day())
    return age_on(first, last) + (~is_anniversary).cast("int64")


def _band_ends(band: ibis.Value) -> tuple[ibis.Value, ibis.Value]:
    """Return the lowest and the highest age of a band such as '13-15' or '18+', which has no highest age."""
    low, high = (band.re_extract(pattern, 1).nullif("").cast("int64") for pattern in ("^([0-9]+)", "-([0-9]+)$"))
    return low, high


def event_ages(tables: Tables) -> ibis.Table:
    """Return one row for each assessment or missing episode: force_code, table_name, record_ref, age (whole years).

    The age is missing if the entries of a person number have different dates of birth.
    """
    event_columns = (("assessments", "assessment_ref", "assessed_at_day"), ("missing", "missing_ref", "started_at_day"))
    return union_all([_ages_at_events(tables, *columns) for columns in event_columns])


def _ages_at_events(tables: Tables, table: str, key: str, day: str) -> ibis.Table:
    rows = left_join(tables[table].select(*NUMBER, record_ref=key, day=day), _birth_dates(tables), NUMBER)
    return rows.select(
        "force_code", "record_ref", table_name=ibis.literal(table), age=age_on(rows.date_of_birth, rows.day)
    ).select("force_code", "table_name", "record_ref", "age")


def _birth_dates(tables: Tables) -> ibis.Table:
    """Return one row for each person number: its date of birth, if all entries that have one agree."""
    rows = _involvements_with_birth_dates(tables).filter(lambda table: ~table.person_ref.isnull())
    births = rows.group_by(NUMBER).aggregate(first=rows.date_of_birth.min(), last=rows.date_of_birth.max())
    return births.select(*NUMBER, date_of_birth=ibis.cases((births.first == births.last, births.first)))


def _involvements_with_birth_dates(tables: Tables) -> ibis.Table:
    """Join the involvements with their dates of birth, which are stored with the separated identifiers."""
    return left_join(tables["involvements"], tables["identities"].select(*ENTRY, "date_of_birth"), ENTRY)


def _crime_days(tables: Tables) -> ibis.Table:
    return offence_days(tables).select("force_code", "crime_ref", "first_day", "last_day", "reported_day")


def _report_days(tables: Tables) -> ibis.Table:
    return tables["reports"].select("force_code", "report_ref", received_day="received_at_day")


def _missing_episode_days(tables: Tables) -> ibis.Table:
    return tables["missing"].select("force_code", "missing_ref", missing_day="started_at_day")
