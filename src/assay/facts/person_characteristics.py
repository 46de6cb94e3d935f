"""Recorded characteristics of victims and suspects, with the reason for missing values.

`NS` (asked, not stated) is an answer, and a group of its own. An officer's code never replaces the self-defined one.
Care is that on the date of the record. Missing values stay missing, with the reason that was entered.

`entry_characteristics` has one row for each victim or suspect of a crime. `person_described` has one row for each
person in a force, whoever they are in its records: a child who was missing, or stands on a list, and is the victim of
no crime is described too."""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import left_join, union_all
from assay.facts.age_bands import age_band
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import add_set_aside_cells, add_supply_indicators
from assay.facts.person_roles import LIST_PEOPLE
from assay.facts.suspect_pursuit import OFFICER_NOT_KNOWN

FIELDS = ("sex", "ethnicity_self", "ethnicity_officer", "disability", "care_status", "nationality")
FIELDS_WITH_REASON = tuple(name for name in FIELDS if name != "ethnicity_officer")
"""The fields with a column for the reason for a missing value."""
BRITISH = "GBR"
CONFLICTING_VALUES = "more than one"
"""The group of a record whose persons, or of a person whose entries, have different values."""
GROUPS = tuple(f"{name}_group" for name in FIELDS)
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "involvement_ref", "crime_ref", "person_id", "role",
    "known_as", "cancelled", "transferred", "when_reported", "recorded_month", "child_at_offence", "age_band",
    *GROUPS, *(f"{name}_recorded" for name in FIELDS), *(f"{name}_reason" for name in FIELDS),
)  # fmt: skip


def entry_characteristics(tables: Tables, persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """Return the table `entry_characteristics`, with `COLUMNS`: one row for each victim or suspect of a crime.

    `FIELD_recorded`: there is a value; not known if the column was not sent or the value was set aside. `FIELD_group`:
    the group in which the value is counted; missing without a value. `when_reported` is that of the crime.
    """
    rows = persons.filter(persons.role.isin(("victim", "suspect")) & ~persons.crime_ref.isnull())
    crime_columns = crime.select("force_code", "crime_ref", "recorded_month", of_crime="when_reported")
    rows = left_join(rows, crime_columns, ["force_code", "crime_ref"])
    rows = add_supply_indicators(rows, tables, *(f"{name}_sent" for name in FIELDS))
    rows = _add_broad_groups(add_set_aside_cells(rows, tables, "involvements", "involvement_ref", *FIELDS), tables)
    is_known = {field: rows[f"{field}_sent"] & ~rows[f"{field}_aside"] for field in FIELDS}
    is_present = {field: ~rows[field].isnull() for field in FIELDS}
    is_present["ethnicity_officer"] = _is_officer_ethnicity_known(rows)
    return rows.mutate(
        record_ref=rows.involvement_ref,
        known_as=rows.suspect_known_as,
        when_reported=ibis.ifelse(rows.role == "victim", rows.when_reported, rows.of_crime),
        age_band=age_band(rows.age_at_offence),
        **_groups(rows),
        **{f"{field}_recorded": ibis.cases((is_known[field], is_present[field])) for field in FIELDS},
        **{f"{field}_reason": rows[f"{field}_missing_reason"] for field in FIELDS_WITH_REASON},
        ethnicity_officer_reason=ibis.null("string"),
    ).select(*COLUMNS)


def person_characteristics(tables: Tables, persons: ibis.Table) -> ibis.Table:
    """Return the table `person_described`: one row for each person in a force, with protected characteristics.

    The columns are force_code, record_ref, person_id, `as_victim` (of some crime), age_band (at the offences against
    them), and `GROUPS`, from all entries of the person in any role; a partner's list gives the sex only. An empty value
    of one entry is filled from another; if two entries differ, the value is `CONFLICTING_VALUES`; without any value it
    is missing.
    """
    rows = _add_broad_groups(persons.filter(~persons.person_id.isnull()), tables)
    victim = (rows.role == "victim") & ~rows.crime_ref.isnull()
    rows = rows.mutate(
        as_victim=victim.fill_null(False), age_band=ibis.cases((victim, age_band(rows.age_at_offence))), **_groups(rows)
    )
    columns = ("force_code", "person_id", "as_victim", "age_band", *GROUPS)
    rows = union_all(
        [rows.select(*columns), *([_list_characteristics(tables, columns)] if LIST_PEOPLE in tables else [])]
    )
    person_rows = rows.group_by("force_code", "person_id").aggregate(
        as_victim=rows.as_victim.any(), **{name: common_value(rows[name]) for name in ("age_band", *GROUPS)}
    )
    return person_rows.select(
        "force_code", "person_id", "as_victim", "age_band", *GROUPS, record_ref=person_rows.person_id
    )


def _list_characteristics(tables: Tables, columns: tuple[str, ...]) -> ibis.Table:
    """Return the characteristics of children on partners' lists."""
    key = ["force_code", "entry_ref"]
    people = tables[LIST_PEOPLE].filter(~tables[LIST_PEOPLE].person_id.isnull()).select(*key, "person_id")
    rows = tables["agencies"].select(*key, "sex").join(people, key)
    missing_values = {name: ibis.null("string") for name in ("age_band", *GROUPS) if name != "sex_group"}
    return rows.mutate(as_victim=ibis.literal(False), sex_group=_sex_group(rows), **missing_values).select(*columns)


def common_value(column: ibis.Value) -> ibis.Value:
    """Return the value on which all non-empty entries of one person agree, in an aggregate."""
    first, last = column.min(), column.max()
    return ibis.cases((first == last, first), (~first.isnull(), CONFLICTING_VALUES))


def _add_broad_groups(rows: ibis.Table, tables: Tables) -> ibis.Table:
    for field in ("ethnicity_self", "ethnicity_officer"):
        codes = tables["ethnicities"].select(**{field: "code", f"{field}_broad": "group"})
        rows = left_join(rows, codes, [field])
    return rows


def _is_officer_ethnicity_known(rows: ibis.Table) -> ibis.Value:
    """Return whether an officer entered an ethnicity, other than "unknown"."""
    return ~rows.ethnicity_officer.isnull() & ~rows.ethnicity_officer.isin(OFFICER_NOT_KNOWN).fill_null(False)


def _sex_group(rows: ibis.Table) -> ibis.Value:
    return ibis.cases((rows.sex == "F", "female"), (rows.sex == "M", "male"), (~rows.sex.isnull(), "other"))


def _groups(rows: ibis.Table) -> dict[str, ibis.Value]:
    care = rows.care_status
    return {
        "sex_group": _sex_group(rows),
        "ethnicity_self_group": rows.ethnicity_self_broad,
        "ethnicity_officer_group": ibis.cases((_is_officer_ethnicity_known(rows), rows.ethnicity_officer_broad)),
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
