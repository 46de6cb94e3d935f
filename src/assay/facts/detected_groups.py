"""Facts of detected groups: whether the force lists the group, and whether it states that it has no groups.

Groups are connected components of persons with shared identifiers (`assay.linkage.groups`), once by crimes alone and
once by any identifier; definitions of a group are conditions over these facts. One row is one group in one force, so a
group that is active in two forces has two rows; its size, and what was done, are those of the whole group.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, count_where, left_join
from assay.facts.crime_endings import CRIME
from assay.facts.fact_inputs import Tables
from assay.facts.group_matches import GROUP_KEY, forces_with_unknown_parts
from assay.facts.inferred_absence import absence_means_no, add_supply_indicators, crime_gaps
from assay.facts.jurisdictions import add_country
from assay.facts.reports_and_episodes import latest_first_order
from assay.linkage.groups.shared_involvements import NOT_AGAINST_A_CHILD

REVIEWED, REFERRED_TO_REVIEW = "independent_review_done", "closed_case_referred"
"""Events: a review by an outside organisation; the referral of a closed crime to the review of closed group cases."""
NO_FURTHER_ACTION = (
    "evidential_victim_supports", "evidential_victim_does_not_support", "prevented", "no_suspect",
)  # fmt: skip
"""Families of outcomes that close a crime without action against anybody."""
DIED = "5"
ORGANISED = "organised_crime_group"
NOT_SUBMITTED = "not_submitted"
CRIME_FACTS = (
    "contact_offence",
    "marked",
    "group_flagged",
    "complex_abuse",
    "closed_no_further",
    "unreviewed",
    "unreferred",
)
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "tied_by", "group_ref", "suspects", "named_suspects",
    "victims", "child_victim", "crimes", "crimes_here", "forces", "cross_force", *CRIME_FACTS, "suspect_living",
    "held", "held_as_organised",
)  # fmt: skip


def group_member_entries(tables: Tables, persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """Return one row for each suspect or victim recorded on a crime of a detected group.

    The columns are `GROUP_KEY`, person_id, role, and all columns of the entry. A person in the crimes of two groups is
    in both.
    """
    participants = persons.filter(persons.role.isin(("suspect", "victim")) & ~persons.crime_ref.isnull())
    participants = participants.semi_join(_connecting_crimes(crime), CRIME)
    return participants.join(tables["found_crimes"], CRIME)


def found_groups(
    tables: Tables, member: ibis.Table, crime: ibis.Table, steps: ibis.Table, matched: ibis.Table
) -> ibis.Table:
    """Return the table `found_group` (`COLUMNS`): one row for each detected group.

    `marked`: some crime of the group has the flag or the title of exploitation. `complex_abuse`: some crime was
    returned as complex and organised abuse. `is_closed_without_action`: some crime was closed with no further action.
    `unreviewed`: some contact offence was so closed and not reviewed by another organisation; `unreferred`: nor was it
    referred to a review. The force's own list has the group or not; that it does not is known only if the list is
    complete.
    """
    crimes = tables["found_crimes"].join(_crime_facts(tables, crime, steps), CRIME)
    rows = left_join(_groups_by_force(crimes), _whole_groups(crimes), GROUP_KEY)
    rows = left_join(rows, _group_people(member), GROUP_KEY)
    rows = left_join(rows, _groups_known_to_force(matched), ["force_code", *GROUP_KEY])
    rows = add_supply_indicators(
        add_country(rows, tables, authority=""), tables, "groups_complete", "group_members_complete"
    )
    rows = left_join(rows, forces_with_unknown_parts(tables), ["force_code"])
    is_list_complete = rows.groups_complete & rows.group_members_complete & ~rows.unknown_parts.fill_null(False)
    return rows.mutate(
        any_true(rows.any_held, is_list_complete).name("held"),
        record_ref=rows.tied_by + " " + rows.group_ref,
        cross_force=rows.forces > 1,
        held_as_organised=any_true(rows.any_organised, is_list_complete & ~rows.unknown_kind.fill_null(False)),
    ).select(*COLUMNS)


def _connecting_crimes(crime: ibis.Table) -> ibis.Table:
    """Return the crimes by which `assay.linkage` connects persons."""
    against_children = ~crime.scope_reason.isin(NOT_AGAINST_A_CHILD).fill_null(False)
    return crime.filter(against_children & ~crime.cancelled.fill_null(False))


def _crime_facts(tables: Tables, crime: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """Of each crime `CRIME_FACTS`, in_base, in_period."""
    categories = tables["crimes"].select(*CRIME, "cocad_category")
    kinds = {"review": REVIEWED, "referral": REFERRED_TO_REVIEW}
    rows = left_join(crime, categories, CRIME)
    for name, kind in kinds.items():
        crimes_with_step = steps.filter((steps.kind == kind) & ~steps.crime_ref.isnull()).select(*CRIME).distinct()
        rows = left_join(rows, crimes_with_step.mutate(**{name: ibis.literal(True)}), CRIME)
    rows = add_supply_indicators(rows, tables, *(f"no_{kind}_is_no" for kind in kinds.values()))
    rows = left_join(rows, crime_gaps(tables, {f"{name}_holes": (kind,) for name, kind in kinds.items()}), CRIME)
    step_facts = {name: any_true(rows[name], absence_means_no(rows, name, (kind,))) for name, kind in kinds.items()}
    closed_without_action = is_closed_without_action(rows)
    unreviewed = rows.contact_offence & closed_without_action & ~step_facts["review"]
    return rows.select(
        *CRIME,
        "in_base",
        "in_period",
        "contact_offence",
        "group_flagged",
        marked=rows.cse_flagged | rows.group_flagged | rows.cse_titled,
        complex_abuse=rows.cocad_category != NOT_SUBMITTED,
        closed_no_further=closed_without_action,
        unreviewed=unreviewed,
        unreferred=unreviewed & ~step_facts["referral"],
    )


def is_closed_without_action(crimes: ibis.Table) -> ibis.Value:
    """Return whether a crime was closed without action against anybody; missing if its outcome is not known."""
    has_such_outcome = crimes.outcome_family.isin(NO_FURTHER_ACTION)
    return ibis.cases((~crimes.closed, False), (crimes.closed, has_such_outcome))


def _groups_by_force(crimes: ibis.Table) -> ibis.Table:
    """Return one row for each group and force."""
    return crimes.group_by(["force_code", *GROUP_KEY]).aggregate(
        crimes_here=crimes.crime_ref.nunique(),
        in_base=crimes.in_base.fill_null(False).any(),
        in_period=crimes.in_period.fill_null(False).any(),
    )


def _whole_groups(crimes: ibis.Table) -> ibis.Table:
    """Return one row for each group: its crimes and forces, and what is true of some crime; false only if it is false
    of each."""
    named_crimes = crimes.mutate(crime=crimes.force_code + " " + crimes.crime_ref)
    group_rows = named_crimes.group_by(GROUP_KEY).aggregate(
        crimes=named_crimes.crime.nunique(),
        forces=named_crimes.force_code.nunique(),
        **{f"any_{name}": named_crimes[name].fill_null(False).any() for name in CRIME_FACTS},
        **{f"unknown_{name}": named_crimes[name].isnull().any() for name in CRIME_FACTS},
    )
    group_facts = {name: any_true(group_rows[f"any_{name}"], ~group_rows[f"unknown_{name}"]) for name in CRIME_FACTS}
    return group_rows.select(*GROUP_KEY, "crimes", "forces", **group_facts)


def _group_people(member: ibis.Table) -> ibis.Table:
    """Return one row for each group: suspects, named or not, and victims. `suspect_living`: some suspect has another
    outcome than death; not known for suspects without a known outcome."""
    suspect, victim = member.role == "suspect", member.role == "victim"
    outcome_code = member.suspect_outcome_code
    group_rows = member.group_by(GROUP_KEY).aggregate(
        suspects=member.person_id.nunique(where=suspect),
        named_suspects=member.person_id.nunique(where=suspect & (member.suspect_known_as == "named")),
        victims=member.person_id.nunique(where=victim),
        any_child=(victim & member.child_at_offence).fill_null(False).any(),
        unknown_age=(victim & member.child_at_offence.isnull()).any(),
        any_living=(suspect & (outcome_code != DIED)).fill_null(False).any(),
        unknown_end=(suspect & outcome_code.isnull()).any(),
    )
    return group_rows.mutate(
        child_victim=any_true(group_rows.any_child, (group_rows.victims > 0) & ~group_rows.unknown_age),
        suspect_living=any_true(group_rows.any_living, ~group_rows.unknown_end),
    ).drop("any_child", "unknown_age", "any_living", "unknown_end")


def _groups_known_to_force(matched: ibis.Table) -> ibis.Table:
    """Return one row for each group that is on the list of a force."""
    return matched.group_by(["force_code", *GROUP_KEY]).aggregate(
        any_held=(~matched.claimed_ref.isnull()).any(),
        any_organised=(matched.group_kind == ORGANISED).fill_null(False).any(),
        unknown_kind=(~matched.claimed_ref.isnull() & matched.group_kind.isnull()).any(),
    )


# Forces that state that they have no groups, compared with the groups in their own records.

GROUPS, NONE_EXIST = "groups", "none_exist"
BY_CRIMES = "crimes"
MINIMUM_SUSPECTS = 2
FORCE = ["force_code"]


def add_group_denials(forces: ibis.Table, tables: Tables, found_groups: ibis.Table) -> ibis.Table:
    """Add to each force the number of groups in its records, and whether the force denies having groups.

    `groups_shown`: number of groups of the period that the records show by common crimes (two or more named suspects, a
    victim under 18, exploitation flagged); missing if crimes or people were not sent, or if no group is certain and
    some are possible. `denies_groups`: the latest statement of the force is that it has no groups, or its latest
    problem profile counts none; not known for a force without any statement.
    """
    rows = left_join(forces, _group_counts(found_groups), FORCE)
    rows = add_supply_indicators(
        left_join(rows, _latest_group_claims(tables), FORCE), tables, "crimes_sent", "involvements_sent"
    )
    none_in_profile = rows.profile_claims_groups == 0
    is_denied = rows.said_none.fill_null(False) | none_in_profile.fill_null(False)
    has_claim = ~rows.said_none.isnull() | ~rows.profile_claims_groups.isnull()
    is_uncertain = (rows.shown == 0).fill_null(False) & (rows.unsure > 0).fill_null(False)
    is_known = rows.crimes_sent & rows.involvements_sent & ~is_uncertain
    return rows.mutate(
        groups_shown=ibis.cases((is_known, rows.shown.fill_null(0))),
        denies_groups=any_true(is_denied, has_claim),
    ).drop("shown", "unsure", "said_none", "crimes_sent", "involvements_sent")


def _group_counts(groups: ibis.Table) -> ibis.Table:
    """Return for each force the number of certain groups, and of those that are not certain."""
    candidates = groups.filter(
        groups.in_base & (groups.tied_by == BY_CRIMES) & (groups.named_suspects >= MINIMUM_SUSPECTS)
    )
    is_one = candidates.child_victim & candidates.marked
    return candidates.group_by(FORCE).aggregate(
        shown=count_where(candidates, is_one), unsure=count_where(candidates, is_one.isnull())
    )


def _latest_group_claims(tables: Tables) -> ibis.Table:
    """Return one row for each force with a claim about groups: whether the latest claim is that there are none."""
    claims = tables["claims"].filter(tables["claims"].about_kind == GROUPS)
    latest_order = ibis.window(group_by=FORCE, order_by=latest_first_order(claims, "said_on", "claim_ref"))
    says_none = (claims.claimed_status == NONE_EXIST).fill_null(False) | (claims.claimed_value == 0).fill_null(False)
    is_none = any_true(says_none, ~claims.claimed_status.isnull() | ~claims.claimed_value.isnull())
    rows = claims.mutate(none=is_none, place=ibis.row_number().over(latest_order))
    rows = rows.filter(rows.place == 0)
    return rows.select("force_code", said_none="none")
