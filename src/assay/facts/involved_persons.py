"""Persons in records: role, and age at the offence and at the report.

Record linkage and ages come from `assay.linkage`, which reads the separated identifiers; here no name or date of birth
is read.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import ADULT_AGE, left_join
from assay.facts.age_bands import age_band
from assay.facts.fact_inputs import Tables

CHILD_WHEN_REPORTED, ADULT_WHEN_REPORTED = "child when reported", "adult when reported"
CRIME_COLUMNS = ("country", "in_base", "in_period", "cancelled", "transferred", "offence_family", "report_day")


def persons_with_ages(tables: Tables, crimes: ibis.Table) -> ibis.Table:
    """Return one row for each involvement of a person in a crime, with the person's ages and columns of the crime.

    In addition to all its columns: those of `people` (person_id, dated, the ages, adult_from), `age_at_offence`,
    `child_at_offence`, `when_reported`, and `CRIME_COLUMNS`.
    """
    entries = tables["involvements"].drop("age_at_offence", "age_at_report", "age_band")
    rows = left_join(entries, tables["people"], ["force_code", "involvement_ref"])
    rows = left_join(rows, crimes.select("force_code", "crime_ref", *CRIME_COLUMNS), ["force_code", "crime_ref"])
    low, high, report_age = rows.age_at_offence_low, rows.age_at_offence_high, rows.age_at_report
    return rows.mutate(
        age_at_offence=ibis.cases(
            (~rows.dated & (age_band(low) != age_band(high)), ibis.null("int64")),  # a sent band wider than ours
            (high < ADULT_AGE, ibis.coalesce(low, high)),
            (low >= ADULT_AGE, low),
        ),
        child_at_offence=ibis.cases((high < ADULT_AGE, True), (low >= ADULT_AGE, False)),
        when_reported=ibis.cases(
            (report_age < ADULT_AGE, CHILD_WHEN_REPORTED), (report_age >= ADULT_AGE, ADULT_WHEN_REPORTED)
        ),
    )
