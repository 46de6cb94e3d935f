"""Which group that a force says it knows is which group that its records show?

They are taken for one where they share two or more people who offend or help: one person may be in several groups, two
together seldom are. Names and numbers of groups are no evidence: each force has its own.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import beside
from assay.facts.fact_inputs import Held

FEWEST_SHARED = 2
OFFENDING = ("offender", "facilitator")
PERSON = ["force_code", "person_ref"]
FOUND = ["tied_by", "group_ref"]


def claimed_members(held: Held) -> ibis.Table:
    """One row a member of a group that a force sent: force_code, group_ref, member_role, `who` (a person, or the
    force's number where nothing else is held of them)."""
    people = held["involvements"].select("force_code", "involvement_ref", "person_ref")
    people = people.filter(~people.person_ref.isnull()).join(held["people"], ["force_code", "involvement_ref"])
    people = people.group_by(PERSON).aggregate(person_id=people.person_id.min())
    rows = beside(held["group_members"], people, PERSON)
    return rows.select("force_code", "group_ref", "member_role", who=ibis.coalesce(rows.person_id, rows.person_ref))


def matches(held: Held, members: ibis.Table) -> ibis.Table:
    """One row a claimed group and a found group that are one: force_code, claimed_ref, group_kind, and of the found
    group `FOUND`. `members`: of the found groups (see `found_groups.members`)."""
    kinds = held["groups"].select("force_code", "group_ref", "group_kind")
    claimed = beside(claimed_members(held), kinds, ["force_code", "group_ref"])
    claimed = claimed.filter(claimed.member_role.isin(OFFENDING))
    claimed = claimed.select("force_code", "group_kind", claimed_ref="group_ref", person_id="who").distinct()
    suspects = members.filter(members.role == "suspect").select(*FOUND, "person_id").distinct()
    both = claimed.join(suspects, "person_id")
    shared = both.group_by(["force_code", "claimed_ref", "group_kind", *FOUND]).aggregate(
        shared=both.person_id.nunique()
    )
    return shared.filter(shared.shared >= FEWEST_SHARED).drop("shared")
