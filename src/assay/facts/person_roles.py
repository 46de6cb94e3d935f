"""What was each person in the records over time: victim here, suspect there, missing, on a list, said to be in a group?

One line for each role that a record gives to somebody, with the day of the record: so that it can be seen who was a
victim before they were a suspect, and which lists hold the same child. A role whose person is not known keeps its line.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import beside, stacked
from assay.facts.fact_inputs import Held
from assay.facts.group_matches import claimed_members

VICTIM, SUSPECT, WITNESS = "victim", "suspect", "witness"
MISSING, LISTED, IN_GROUP = "missing", "on a partner's list", "said to be in a group"
OF_CRIMES = (VICTIM, SUSPECT, WITNESS)
LIST_PEOPLE = "list_people"
"""Which person each entry on a partner's list is: force_code, entry_ref, person_id. Read where linkage leaves it."""
COLUMNS = ("force_code", "record_ref", "person_id", "role", "role_day", "table_name", "age")


def roles(held: Held, persons: ibis.Table, episodes: ibis.Table) -> ibis.Table:
    """The table `role`, with `COLUMNS`. `role_day`: of a crime the day of its report, else when it began; `age`: in
    whole years on that day. `record_ref`: the crime, episode, group or entry, by `table_name`."""
    parts = [_of_crimes(persons), _of_episodes(episodes), _of_groups(held)]
    if LIST_PEOPLE in held:
        parts.append(_of_lists(held))
    return stacked(parts)


def roles_of_persons(role: ibis.Table) -> ibis.Table:
    """One row a person and force: the first day of each role in any force, and `victim_before_suspect`.

    True if the first day as victim lies before the first as suspect; not known where they are one day, or where a day
    is missing; false for who has only one of the two roles, as far as the returns tell.
    """
    known = role.filter(~role.person_id.isnull())
    first = known.group_by("person_id").aggregate(
        forces=known.force_code.nunique(),
        **{f"first_{name}": known.role_day.min(where=known.role == told) for name, told in _FIRSTS.items()},
        **{f"as_{name}": (known.role == told).any() for name, told in _FIRSTS.items()},
    )
    both = first.as_victim & first.as_suspect
    before, after = first.first_victim < first.first_suspect, first.first_victim > first.first_suspect
    first = first.mutate(
        victim_before_suspect=ibis.cases((~both, False), (before, True), (after, False)),
        record_ref=first.person_id,
    )
    return known.select("force_code", "person_id").distinct().join(first, "person_id")


_FIRSTS = {
    "victim": VICTIM, "suspect": SUSPECT, "missing": MISSING, "listed": LISTED, "in_group": IN_GROUP,
}  # fmt: skip


def _of_crimes(persons: ibis.Table) -> ibis.Table:
    rows = persons.filter(persons.role.isin(OF_CRIMES) & ~persons.crime_ref.isnull())
    told = rows.select(
        "force_code",
        "person_id",
        "role",
        record_ref=rows.crime_ref,
        role_day=rows.report_day,
        table_name=ibis.literal("crimes"),
        age=rows.age_at_report,
    )
    # Who stands twice on one crime in one role has it once.
    return told.select(*COLUMNS).distinct()


def _of_episodes(episodes: ibis.Table) -> ibis.Table:
    return episodes.select(
        "force_code",
        "record_ref",
        "person_id",
        role=ibis.literal(MISSING),
        role_day=episodes.started_day,
        table_name=ibis.literal("missing"),
        age=episodes.age_at_start,
    ).select(*COLUMNS)


def _of_groups(held: Held) -> ibis.Table:
    groups = held["groups"].select("force_code", "group_ref", "mapped_on")
    rows = beside(claimed_members(held), groups, ["force_code", "group_ref"])
    return (
        rows.select(
            "force_code",
            record_ref=rows.group_ref,
            person_id=rows.who,
            role=ibis.literal(IN_GROUP),
            role_day=rows.mapped_on,
            table_name=ibis.literal("groups"),
            age=ibis.null("int64"),
        )
        .select(*COLUMNS)
        .distinct()
    )


def _of_lists(held: Held) -> ibis.Table:
    rows = beside(held["agencies"], held[LIST_PEOPLE], ["force_code", "entry_ref"])
    return rows.select(
        "force_code",
        record_ref=rows.entry_ref,
        person_id=rows.person_id,
        role=ibis.literal(LISTED),
        role_day=rows.started_on_day,
        table_name=ibis.literal("agencies"),
        age=ibis.null("int64"),
    ).select(*COLUMNS)
