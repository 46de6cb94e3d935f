"""What is recorded of each victim and suspect: sex, ethnicity, disability, care, nationality; and why is it not?

`NS` (asked, not stated) is an answer, and a group of its own. An officer's view never stands in for the person's own.
Care is that on the date of the record. What is missing stays missing here, with the reason that was entered.

`described` has one row a victim or suspect of a crime. `person_described` has one row a person in a force, whoever they
are in its records: a child who was missing, or stands on a list, and is the victim of no crime is described too.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import beside, stacked
from assay.facts.fact_inputs import Held
from assay.facts.inferred_absence import with_answers, with_cells
from assay.facts.person_roles import LIST_PEOPLE
from assay.facts.suspect_facts import OFFICER_NOT_KNOWN

FIELDS = ("sex", "ethnicity_self", "ethnicity_officer", "disability", "care_status", "nationality")
REASONED = tuple(name for name in FIELDS if name != "ethnicity_officer")
"""The fields that have a column for the reason why they are empty."""
BRITISH = "GBR"
AGE_BANDS = ((10, "under 10"), (13, "10 to 12"), (16, "13 to 15"), (18, "16 and 17"))
ADULT = "18 and over"
SEVERAL = "more than one"
"""Where the people of a record, or the entries of a person, say different things."""
GROUPS = tuple(f"{name}_group" for name in FIELDS)
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "involvement_ref", "crime_ref", "person_id", "role",
    "known_as", "cancelled", "transferred", "when_reported", "recorded_month", "child_at_offence", "age_band",
    *GROUPS, *(f"{name}_recorded" for name in FIELDS), *(f"{name}_reason" for name in FIELDS),
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
    rows = _with_broad_groups(with_cells(rows, held, "involvements", "involvement_ref", *FIELDS), held)
    known = {field: rows[f"{field}_sent"] & ~rows[f"{field}_aside"] for field in FIELDS}
    there = {field: ~rows[field].isnull() for field in FIELDS}
    there["ethnicity_officer"] = _seen(rows)
    return rows.mutate(
        record_ref=rows.involvement_ref,
        known_as=rows.suspect_known_as,
        when_reported=ibis.ifelse(rows.role == "victim", rows.when_reported, rows.of_crime),
        age_band=age_band(rows.age_at_offence),
        **_groups(rows),
        **{f"{field}_recorded": ibis.cases((known[field], there[field])) for field in FIELDS},
        **{f"{field}_reason": rows[f"{field}_missing_reason"] for field in REASONED},
        ethnicity_officer_reason=ibis.null("string"),
    ).select(*COLUMNS)


def persons_described(held: Held, persons: ibis.Table) -> ibis.Table:
    """The table `person_described`: force_code, record_ref, person_id, `as_victim` (of some crime), age_band (at the
    offences against them) and `GROUPS`, from every entry of the person, whatever their part in it; a partner's list
    says of a child on it the sex alone.

    What one entry leaves empty another may say; where two say different things it is `SEVERAL`; what none says is
    missing.
    """
    rows = _with_broad_groups(persons.filter(~persons.person_id.isnull()), held)
    victim = (rows.role == "victim") & ~rows.crime_ref.isnull()
    rows = rows.mutate(
        as_victim=victim.fill_null(False), age_band=ibis.cases((victim, age_band(rows.age_at_offence))), **_groups(rows)
    )
    told = ("force_code", "person_id", "as_victim", "age_band", *GROUPS)
    rows = stacked([rows.select(*told), *([_on_lists(held, told)] if LIST_PEOPLE in held else [])])
    found = rows.group_by("force_code", "person_id").aggregate(
        as_victim=rows.as_victim.any(), **{name: of_one(rows[name]) for name in ("age_band", *GROUPS)}
    )
    return found.select("force_code", "person_id", "as_victim", "age_band", *GROUPS, record_ref=found.person_id)


def _on_lists(held: Held, told: tuple[str, ...]) -> ibis.Table:
    """The children on partners' lists."""
    key = ["force_code", "entry_ref"]
    people = held[LIST_PEOPLE].filter(~held[LIST_PEOPLE].person_id.isnull()).select(*key, "person_id")
    rows = held["agencies"].select(*key, "sex").join(people, key)
    nothing = {name: ibis.null("string") for name in ("age_band", *GROUPS) if name != "sex_group"}
    return rows.mutate(as_victim=ibis.literal(False), sex_group=_sex_group(rows), **nothing).select(*told)


def of_one(column: ibis.Value) -> ibis.Value:
    """What the entries of one person say together, in an aggregate; empty entries say nothing."""
    first, last = column.min(), column.max()
    return ibis.cases((first == last, first), (~first.isnull(), SEVERAL))


def _with_broad_groups(rows: ibis.Table, held: Held) -> ibis.Table:
    for field in ("ethnicity_self", "ethnicity_officer"):
        codes = held["ethnicities"].select(**{field: "code", f"{field}_broad": "group"})
        rows = beside(rows, codes, [field])
    return rows


def _seen(rows: ibis.Table) -> ibis.Value:
    """Whether an officer entered an ethnicity, and not that they could not tell."""
    return ~rows.ethnicity_officer.isnull() & ~rows.ethnicity_officer.isin(OFFICER_NOT_KNOWN).fill_null(False)


def age_band(age: ibis.Value) -> ibis.Value:
    """The band of an age in whole years; missing where the age is."""
    return ibis.cases((age.isnull(), ibis.null("string")), *((age < top, name) for top, name in AGE_BANDS), else_=ADULT)


def _sex_group(rows: ibis.Table) -> ibis.Value:
    return ibis.cases((rows.sex == "F", "female"), (rows.sex == "M", "male"), (~rows.sex.isnull(), "other"))


def _groups(rows: ibis.Table) -> dict[str, ibis.Value]:
    care = rows.care_status
    return {
        "sex_group": _sex_group(rows),
        "ethnicity_self_group": rows.ethnicity_self_broad,
        "ethnicity_officer_group": ibis.cases((_seen(rows), rows.ethnicity_officer_broad)),
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
