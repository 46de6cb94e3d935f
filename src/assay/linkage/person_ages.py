"""How old was each person when the offence happened, when it was reported, and on the other days that matter?

Both, since adults report what was done to them as children. Ages are never sent: they follow from the date of birth
that stands on the same record (return contract, section 11.2). The age at the offence is an interval; where it lies
on both sides of 18 it is not known. They are reckoned here so that no room after this one reads a date of birth.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from assay.engine.portable_expressions import ADULT_AGE, age_on, beside, birthday_number, stacked
from assay.linkage.offence_dates import offence_days

ENTRY = ["force_code", "involvement_ref"]
NUMBER = ["force_code", "person_ref"]
STEP_DAYS = 28
Held = Mapping[str, ibis.Table]


def ages(held: Held) -> ibis.Table:
    """One row an involvement: force_code, involvement_ref, dated (whether a date of birth stands there),
    age_at_offence_low, age_at_offence_high, age_at_report (whole years; of a record that is no crime, the age on the
    day of the report or of the missing episode), adult_from (the 18th birthday in days since 1 January 1970, put back
    to the last multiple of `STEP_DAYS`, so that neither one entry nor several give a date of birth)."""
    rows = beside(_entries(held), _of_crimes(held), ["force_code", "crime_ref"])
    rows = beside(rows, _of_reports(held), ["force_code", "report_ref"])
    rows = beside(rows, _of_episodes(held), ["force_code", "missing_ref"])
    born, said = rows.date_of_birth, ibis.coalesce(rows.reported_day, rows.received_day, rows.missing_day)
    return rows.select(
        *ENTRY,
        dated=~born.isnull(),
        age_at_offence_low=age_on(born, rows.first_day),
        age_at_offence_high=age_on(born, rows.last_day),
        age_at_report=age_on(born, said),
        adult_from=((birthday_number(born, ADULT_AGE) // STEP_DAYS) * STEP_DAYS).cast("int64"),
    )


def ages_then(held: Held) -> ibis.Table:
    """One row an assessment or missing episode of a child: force_code, table_name, record_ref, age (whole years).

    Of a number whose entries give two dates of birth the age is not known.
    """
    dates = (("assessments", "assessment_ref", "assessed_at_day"), ("missing", "missing_ref", "started_at_day"))
    return stacked([_then(held, *each) for each in dates])


def _then(held: Held, table: str, key: str, day: str) -> ibis.Table:
    rows = beside(held[table].select(*NUMBER, record_ref=key, day=day), _births(held), NUMBER)
    return rows.select(
        "force_code", "record_ref", table_name=ibis.literal(table), age=age_on(rows.date_of_birth, rows.day)
    ).select("force_code", "table_name", "record_ref", "age")


def _births(held: Held) -> ibis.Table:
    """One row a number: the date of birth, where every entry that has one has the same."""
    rows = _entries(held).filter(lambda t: ~t.person_ref.isnull())
    found = rows.group_by(NUMBER).aggregate(first=rows.date_of_birth.min(), last=rows.date_of_birth.max())
    return found.select(*NUMBER, date_of_birth=ibis.cases((found.first == found.last, found.first)))


def _entries(held: Held) -> ibis.Table:
    """The involvements with their dates of birth, which are kept apart from them."""
    return beside(held["involvements"], held["identities"].select(*ENTRY, "date_of_birth"), ENTRY)


def _of_crimes(held: Held) -> ibis.Table:
    return offence_days(held).select("force_code", "crime_ref", "first_day", "last_day", "reported_day")


def _of_reports(held: Held) -> ibis.Table:
    return held["reports"].select("force_code", "report_ref", received_day="received_at_day")


def _of_episodes(held: Held) -> ibis.Table:
    return held["missing"].select("force_code", "missing_ref", missing_day="started_at_day")
