"""What is recorded of each victim and suspect: sex, ethnicity, disability, care, nationality; and why is it not?

`NS` (asked, not stated) is an answer, and a group of its own. An officer's view never stands in for the person's own.
Care is that on the date of the record. What is missing stays missing here, with the reason that was entered.
"""

from __future__ import annotations

import ibis

from assay.engine.values import beside
from assay.records.absence import with_answers, with_cells
from assay.records.suspects import OFFICER_NOT_KNOWN
from assay.records.tables import Held

FIELDS = ("sex", "ethnicity_self", "ethnicity_officer", "disability", "care_status", "nationality")
REASONED = tuple(name for name in FIELDS if name != "ethnicity_officer")
"""The fields that have a column for the reason why they are empty."""
BRITISH = "GBR"
AGE_BANDS = ((10, "under 10"), (13, "10 to 12"), (16, "13 to 15"), (18, "16 and 17"))
ADULT = "18 and over"
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "involvement_ref", "crime_ref", "person_id", "role",
    "known_as", "cancelled", "transferred", "when_reported", "recorded_month", "child_at_offence", "age_band",
    *(f"{name}_group" for name in FIELDS), *(f"{name}_recorded" for name in FIELDS),
    *(f"{name}_reason" for name in FIELDS),
)  # fmt: skip


def described(held: Held, persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """The table `described`, with `COLUMNS`: one row a victim or suspect of a crime.

    `FIELD_recorded`: something stands there; not known where the column was not sent or the value was set aside.
    `FIELD_group`: the group it is counted in, missing where nothing stands there. `when_reported` is that of the crime.
    """
    rows = persons.filter(persons.role.isin(("victim", "suspect")) & ~persons.crime_ref.isnull())
    of_crime = crime.select("force_code", "crime_ref", "recorded_month", of_crime="when_reported")
    rows = beside(rows, of_crime, ["force_code", "crime_ref"])
    rows = with_answers(rows, held, *(f"{name}_sent" for name in FIELDS))
    rows = with_cells(rows, held, "involvements", "involvement_ref", *FIELDS)
    for field in ("ethnicity_self", "ethnicity_officer"):
        codes = held["ethnicities"].select(**{field: "code", f"{field}_broad": "group"})
        rows = beside(rows, codes, [field])
    known = {field: rows[f"{field}_sent"] & ~rows[f"{field}_aside"] for field in FIELDS}
    there = {field: ~rows[field].isnull() for field in FIELDS}
    seen = there["ethnicity_officer"] & ~rows.ethnicity_officer.isin(OFFICER_NOT_KNOWN).fill_null(False)
    there["ethnicity_officer"] = seen
    return rows.mutate(
        record_ref=rows.involvement_ref,
        known_as=rows.suspect_known_as,
        when_reported=ibis.ifelse(rows.role == "victim", rows.when_reported, rows.of_crime),
        age_band=_age_band(rows),
        **_groups(rows, seen),
        **{f"{field}_recorded": ibis.cases((known[field], there[field])) for field in FIELDS},
        **{f"{field}_reason": rows[f"{field}_missing_reason"] for field in REASONED},
        ethnicity_officer_reason=ibis.null("string"),
    ).select(*COLUMNS)


def _age_band(rows: ibis.Table) -> ibis.Value:
    age = rows.age_at_offence
    return ibis.cases((age.isnull(), ibis.null("string")), *((age < top, name) for top, name in AGE_BANDS), else_=ADULT)


def _groups(rows: ibis.Table, seen: ibis.Value) -> dict[str, ibis.Value]:
    care = rows.care_status
    return {
        "sex_group": ibis.cases((rows.sex == "F", "female"), (rows.sex == "M", "male"), (~rows.sex.isnull(), "other")),
        "ethnicity_self_group": rows.ethnicity_self_broad,
        "ethnicity_officer_group": ibis.cases((seen, rows.ethnicity_officer_broad)),
        "disability_group": ibis.cases((rows.disability, "disabled"), (~rows.disability, "not disabled")),
        "care_status_group": ibis.cases(
            (care == "not_in_care", "not in care"),
            (care == "care_leaver", "has left care"),
            (~care.isnull(), "in care"),
        ),
        "nationality_group": ibis.cases(
            (rows.nationality == BRITISH, "British"), (~rows.nationality.isnull(), "another nationality")
        ),
    }  # fmt: skip
