"""Roles of each person over time: victim, suspect, missing, on a list, in a group.

One row for each role of a person in a record, with the day of the record. It shows who was a victim before they were a
suspect, and which lists hold the same child. A role without a known person keeps its row.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import left_join, union_all
from assay.facts.fact_inputs import Tables
from assay.facts.group_matches import claimed_members

VICTIM, SUSPECT, WITNESS = "victim", "suspect", "witness"
MISSING, ON_PARTNER_LIST, CLAIMED_GROUP_MEMBER = "missing", "on a partner's list", "said to be in a group"
CRIME_ROLES = (VICTIM, SUSPECT, WITNESS)
LIST_PEOPLE = "list_people"
"""The person of each entry on a partner's list: force_code, entry_ref, person_id. Written by record linkage."""
COLUMNS = ("force_code", "record_ref", "person_id", "role", "role_day", "table_name", "age")


def role_facts(tables: Tables, persons: ibis.Table, episodes: ibis.Table) -> ibis.Table:
    """Return the table `role`, with `COLUMNS`: one row for each role of a person in a record.

    `role_day`: for a crime the day of its report, otherwise the first day of the record. `age`: in whole years on that
    day. `record_ref`: the crime, episode, group or entry, by `table_name`.
    """
    parts = [_crime_roles(persons), _episode_roles(episodes), _group_roles(tables)]
    if LIST_PEOPLE in tables:
        parts.append(_list_roles(tables))
    return union_all(parts)


def roles_of_persons(role: ibis.Table) -> ibis.Table:
    """Return for each person and force the first day of each role in any force, and `victim_before_suspect`.

    It is True if the first day as victim is before the first day as suspect; not known if both are on one day or a day
    is missing; False for a person with only one of the two roles.
    """
    known = role.filter(~role.person_id.isnull())
    first_days = known.group_by("person_id").aggregate(
        forces=known.force_code.nunique(),
        **{
            f"first_{name}": known.role_day.min(where=known.role == role_value)
            for name, role_value in _FIRST_DAY_ROLES.items()
        },
        **{f"as_{name}": (known.role == role_value).any() for name, role_value in _FIRST_DAY_ROLES.items()},
    )
    has_both_roles = first_days.as_victim & first_days.as_suspect
    is_victim_first, is_suspect_first = (
        first_days.first_victim < first_days.first_suspect,
        first_days.first_victim > first_days.first_suspect,
    )
    first_days = first_days.mutate(
        victim_before_suspect=ibis.cases((~has_both_roles, False), (is_victim_first, True), (is_suspect_first, False)),
        record_ref=first_days.person_id,
    )
    return known.select("force_code", "person_id").distinct().join(first_days, "person_id")


_FIRST_DAY_ROLES = {
    "victim": VICTIM,
    "suspect": SUSPECT,
    "missing": MISSING,
    "listed": ON_PARTNER_LIST,
    "in_group": CLAIMED_GROUP_MEMBER,
}


def _crime_roles(persons: ibis.Table) -> ibis.Table:
    rows = persons.filter(persons.role.isin(CRIME_ROLES) & ~persons.crime_ref.isnull())
    role_rows = rows.select(
        "force_code",
        "person_id",
        "role",
        record_ref=rows.crime_ref,
        role_day=rows.report_day,
        table_name=ibis.literal("crimes"),
        age=rows.age_at_report,
    )
    # Two entries of a person on one crime in one role are one role.
    return role_rows.select(*COLUMNS).distinct()


def _episode_roles(episodes: ibis.Table) -> ibis.Table:
    return episodes.select(
        "force_code",
        "record_ref",
        "person_id",
        role=ibis.literal(MISSING),
        role_day=episodes.started_day,
        table_name=ibis.literal("missing"),
        age=episodes.age_at_start,
    ).select(*COLUMNS)


def _group_roles(tables: Tables) -> ibis.Table:
    groups = tables["groups"].select("force_code", "group_ref", "mapped_on")
    rows = left_join(claimed_members(tables), groups, ["force_code", "group_ref"])
    return (
        rows.select(
            "force_code",
            record_ref=rows.group_ref,
            person_id=rows.who,
            role=ibis.literal(CLAIMED_GROUP_MEMBER),
            role_day=rows.mapped_on,
            table_name=ibis.literal("groups"),
            age=ibis.null("int64"),
        )
        .select(*COLUMNS)
        .distinct()
    )


def _list_roles(tables: Tables) -> ibis.Table:
    rows = left_join(tables["agencies"], tables[LIST_PEOPLE], ["force_code", "entry_ref"])
    return rows.select(
        "force_code",
        record_ref=rows.entry_ref,
        person_id=rows.person_id,
        role=ibis.literal(ON_PARTNER_LIST),
        role_day=rows.started_on_day,
        table_name=ibis.literal("agencies"),
        age=ibis.null("int64"),
    ).select(*COLUMNS)
