"""How old was each person when the offence happened, and how old when it was reported?

Both, since adults report what was done to them as children. Ages are never sent: they follow from the date of birth
that stands on the same record (return contract, section 11.2). The age at the offence is an interval; where it lies
on both sides of 18 it is not known.
"""

from __future__ import annotations

import ibis

from assay.records.tables import Held
from assay.records.values import ADULT_AGE, age_on, beside

CHILD_WHEN_REPORTED, ADULT_WHEN_REPORTED = "child when reported", "adult when reported"


def persons_with_ages(held: Held, crimes: ibis.Table) -> ibis.Table:
    """One row an involvement: all its columns, `person_id`, the ages, `child_at_offence`, `when_reported`, and of
    its crime: in_base, in_period, cancelled, transferred, offence_family, report_day, country.

    No offence happens after its report: where the last possible day is not known, it is the day of the report.
    """
    rows = beside(held["involvements"], held["people"], ["force_code", "involvement_ref"])
    rows = beside(rows, _of_crime(crimes), ["force_code", "crime_ref"])
    rows = beside(rows, _of_report(held), ["force_code", "report_ref"])
    rows = beside(rows, _of_episode(held), ["force_code", "missing_ref"])
    rows = rows.mutate(said_day=ibis.coalesce(rows.report_day, rows.received_day, rows.missing_day))
    return _with_ages(rows)


def _with_ages(rows: ibis.Table) -> ibis.Table:
    low, high = age_on(rows.date_of_birth, rows.first_day), age_on(rows.date_of_birth, rows.last_day)
    rows = rows.mutate(
        age_at_offence_low=low, age_at_offence_high=high, age_at_report=age_on(rows.date_of_birth, rows.said_day)
    )
    low, high, said = rows.age_at_offence_low, rows.age_at_offence_high, rows.age_at_report
    return rows.mutate(
        age_at_offence=ibis.cases((high < ADULT_AGE, ibis.coalesce(low, high)), (low >= ADULT_AGE, low)),
        child_at_offence=ibis.cases((high < ADULT_AGE, True), (low >= ADULT_AGE, False)),
        when_reported=ibis.cases((said < ADULT_AGE, CHILD_WHEN_REPORTED), (said >= ADULT_AGE, ADULT_WHEN_REPORTED)),
    )


def _of_crime(crimes: ibis.Table) -> ibis.Table:
    """Of each crime the first and last possible day of the offence, and what persons take from it.

    `occurred_to` empty: the same as `occurred_from`. The last day before the first (rule R41): neither is known.
    """
    first = crimes.occurred_from_day
    last = ibis.coalesce(crimes.occurred_to_day, first, crimes.report_day)
    in_order = (first <= last).fill_null(True)
    return crimes.select(
        "force_code",
        "crime_ref",
        "country",
        "in_base",
        "in_period",
        "cancelled",
        "transferred",
        "offence_family",
        "report_day",
        first_day=ibis.cases((in_order, first)),
        last_day=ibis.cases((in_order, last)),
    )


def _of_report(held: Held) -> ibis.Table:
    return held["reports"].select("force_code", "report_ref", received_day="received_at_day")


def _of_episode(held: Held) -> ibis.Table:
    return held["missing"].select("force_code", "missing_ref", missing_day="started_at_day")
