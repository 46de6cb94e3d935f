"""What was each person's part in a record, and how old were they when it happened and when it was reported?

Whose entries are one person, and how old they were, was found out in the room `persons`, from what tells who a person
is; here nobody's name or date of birth is read.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import ADULT_AGE, beside
from assay.facts.fact_inputs import Held

CHILD_WHEN_REPORTED, ADULT_WHEN_REPORTED = "child when reported", "adult when reported"
OF_CRIME = ("country", "in_base", "in_period", "cancelled", "transferred", "offence_family", "report_day")


def persons_with_ages(held: Held, crimes: ibis.Table) -> ibis.Table:
    """One row an involvement: all its columns, those of `people` (person_id, dated, the ages, adult_from),
    `age_at_offence`, `child_at_offence`, `when_reported`, and of its crime `OF_CRIME`."""
    rows = beside(held["involvements"], held["people"], ["force_code", "involvement_ref"])
    rows = beside(rows, crimes.select("force_code", "crime_ref", *OF_CRIME), ["force_code", "crime_ref"])
    low, high, said = rows.age_at_offence_low, rows.age_at_offence_high, rows.age_at_report
    return rows.mutate(
        age_at_offence=ibis.cases((high < ADULT_AGE, ibis.coalesce(low, high)), (low >= ADULT_AGE, low)),
        child_at_offence=ibis.cases((high < ADULT_AGE, True), (low >= ADULT_AGE, False)),
        when_reported=ibis.cases((said < ADULT_AGE, CHILD_WHEN_REPORTED), (said >= ADULT_AGE, ADULT_WHEN_REPORTED)),
    )
