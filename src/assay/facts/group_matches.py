"""Match the groups that a force lists with the groups detected in its records.

Groups match if they share two or more offenders or facilitators: one person may be in several groups, two together
seldom are. Names and numbers of groups are not used, because each force has its own.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import left_join
from assay.facts.fact_inputs import Tables

MINIMUM_SHARED_PERSONS = 2
OFFENDING_ROLES = ("offender", "facilitator")
PERSON = ["force_code", "person_ref"]
GROUP_KEY = ["tied_by", "group_ref"]


def claimed_members(tables: Tables) -> ibis.Table:
    """Return each member of a group on a force's list: force_code, group_ref, member_role and `who` (the person).

    `who` is the person, or the force's number of the person if there is no other record of them.
    """
    persons_by_ref = tables["involvements"].select("force_code", "involvement_ref", "person_ref")
    persons_by_ref = persons_by_ref.filter(~persons_by_ref.person_ref.isnull()).join(
        tables["people"], ["force_code", "involvement_ref"]
    )
    persons_by_ref = persons_by_ref.group_by(PERSON).aggregate(person_id=persons_by_ref.person_id.min())
    rows = left_join(tables["group_members"], persons_by_ref, PERSON)
    return rows.select("force_code", "group_ref", "member_role", who=ibis.coalesce(rows.person_id, rows.person_ref))


def forces_with_unknown_parts(tables: Tables) -> ibis.Table:
    """Return the forces that sent a group member without a role, with the column `unknown_parts` set to True.

    Such a member may be an offender, so a group without a match may be on the list after all.
    """
    members = tables["group_members"]
    rows = members.filter(members.member_role.isnull()).select("force_code").distinct()
    return rows.mutate(unknown_parts=ibis.literal(True))


def match_groups(tables: Tables, members: ibis.Table) -> ibis.Table:
    """Return one row for each match of a group on a force's list with a group detected in the records.

    The columns are force_code, claimed_ref, group_kind, and `GROUP_KEY` of the found group. `members` are those of the
    found groups (see `found_groups.members`).
    """
    kinds = tables["groups"].select("force_code", "group_ref", "group_kind")
    claimed = left_join(claimed_members(tables), kinds, ["force_code", "group_ref"])
    claimed = claimed.filter(claimed.member_role.isin(OFFENDING_ROLES))
    claimed = claimed.select("force_code", "group_kind", claimed_ref="group_ref", person_id="who").distinct()
    suspects = members.filter(members.role == "suspect").select(*GROUP_KEY, "person_id").distinct()
    shared_members = claimed.join(suspects, "person_id")
    shared = shared_members.group_by(["force_code", "claimed_ref", "group_kind", *GROUP_KEY]).aggregate(
        shared=shared_members.person_id.nunique()
    )
    return shared.filter(shared.shared >= MINIMUM_SHARED_PERSONS).drop("shared")
