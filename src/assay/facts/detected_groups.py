"""Which groups do the records show, what is known of each, and does the force say that it knows them?

A group is found by what its members share (room `groups`), once by crimes alone and once by anything, and whether it is
one under a definition is a condition over these facts. One row is one group in one force, so a group that works in two
forces has two rows; how large it is, and what was done, is said of the whole group.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, beside
from assay.facts.crime_endings import CRIME
from assay.facts.fact_inputs import Held
from assay.facts.group_matches import FOUND
from assay.facts.inferred_absence import crimes_with_holes, silence_is_no, with_answers
from assay.facts.jurisdictions import with_country
from assay.linkage.groups.shared_involvements import NOT_AGAINST_A_CHILD

REVIEWED, SENT_ON = "independent_review_done", "closed_case_referred"
"""A review by a body outside; the referral of a closed crime to a review of closed group cases."""
NO_FURTHER_ACTION = (
    "evidential_victim_supports", "evidential_victim_does_not_support", "prevented", "no_suspect",
)  # fmt: skip
"""Families of outcomes by which a crime is closed and nobody is brought to anything."""
DIED = "5"
ORGANISED = "organised_crime_group"
NOT_SUBMITTED = "not_submitted"
SAID_OF_CRIMES = (
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
    "victims", "child_victim", "crimes", "crimes_here", "forces", "cross_force", *SAID_OF_CRIMES, "suspect_living",
    "held", "held_as_organised",
)  # fmt: skip


def members(held: Held, persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """One row an entry of a suspect or victim of a crime of a group: `FOUND`, person_id, role, and all that is known of
    them. Who took part in the crimes of two groups is in both."""
    took_part = persons.filter(persons.role.isin(("suspect", "victim")) & ~persons.crime_ref.isnull())
    took_part = took_part.semi_join(_that_tie(crime), CRIME)
    return took_part.join(held["found_crimes"], CRIME)


def found_groups(
    held: Held, member: ibis.Table, crime: ibis.Table, steps: ibis.Table, matched: ibis.Table
) -> ibis.Table:
    """The table `found_group`, with `COLUMNS`.

    `marked`: some crime of the group bears a flag of exploitation, or its title. `complex_abuse`: some crime was
    returned under a category of complex and organised abuse. `closed_no_further`: some crime was closed with no further
    action. `unreviewed`: some crime with contact was so closed, and no body outside reviewed it; `unreferred`: nor was
    it referred to a review. `held`: the force's own list of groups has it; that it has not is known only of a complete
    list.
    """
    crimes = held["found_crimes"].join(_of_crimes(held, crime, steps), CRIME)
    rows = beside(_in_forces(crimes), _whole(crimes), FOUND)
    rows = beside(rows, _people(member), FOUND)
    rows = beside(rows, _held(matched), ["force_code", *FOUND])
    rows = with_answers(with_country(rows, held, authority=""), held, "groups_complete", "group_members_complete")
    whole = rows.groups_complete & rows.group_members_complete
    return rows.mutate(
        record_ref=rows.tied_by + " " + rows.group_ref,
        cross_force=rows.forces > 1,
        held=any_true(rows.any_held, whole),
        held_as_organised=any_true(rows.any_organised, whole),
    ).select(*COLUMNS)


def _that_tie(crime: ibis.Table) -> ibis.Table:
    """The crimes that the room `groups` ties persons by."""
    against_children = ~crime.scope_reason.isin(NOT_AGAINST_A_CHILD).fill_null(False)
    return crime.filter(against_children & ~crime.cancelled.fill_null(False))


def _of_crimes(held: Held, crime: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """Of each crime `SAID_OF_CRIMES`, in_base, in_period."""
    sent = held["crimes"].select(*CRIME, "cocad_category")
    kinds = {"review": REVIEWED, "referral": SENT_ON}
    rows = beside(crime, sent, CRIME)
    for name, kind in kinds.items():
        there = steps.filter((steps.kind == kind) & ~steps.crime_ref.isnull()).select(*CRIME).distinct()
        rows = beside(rows, there.mutate(**{name: ibis.literal(True)}), CRIME)
    rows = with_answers(rows, held, *(f"no_{kind}_is_no" for kind in kinds.values()))
    rows = beside(rows, crimes_with_holes(held, {f"{name}_holes": (kind,) for name, kind in kinds.items()}), CRIME)
    done = {name: any_true(rows[name], silence_is_no(rows, name, (kind,))) for name, kind in kinds.items()}
    closed_so = closed_no_further(rows)
    unreviewed = rows.contact_offence & closed_so & ~done["review"]
    return rows.select(
        *CRIME,
        "in_base",
        "in_period",
        "contact_offence",
        "group_flagged",
        marked=rows.cse_flagged | rows.group_flagged | rows.cse_titled,
        complex_abuse=rows.cocad_category != NOT_SUBMITTED,
        closed_no_further=closed_so,
        unreviewed=unreviewed,
        unreferred=unreviewed & ~done["referral"],
    )


def closed_no_further(crimes: ibis.Table) -> ibis.Value:
    """Was a crime closed, and nobody brought to anything? Not known where its outcome is not."""
    ended_so = crimes.outcome_family.isin(NO_FURTHER_ACTION)
    return ibis.cases((~crimes.closed, False), (crimes.closed, ended_so))


def _in_forces(crimes: ibis.Table) -> ibis.Table:
    """One row a group and force."""
    return crimes.group_by(["force_code", *FOUND]).aggregate(
        crimes_here=crimes.crime_ref.nunique(),
        in_base=crimes.in_base.fill_null(False).any(),
        in_period=crimes.in_period.fill_null(False).any(),
    )


def _whole(crimes: ibis.Table) -> ibis.Table:
    """One row a group: its crimes and forces, and what is true of some crime; false only if it is false of each."""
    each = crimes.mutate(crime=crimes.force_code + " " + crimes.crime_ref)
    found = each.group_by(FOUND).aggregate(
        crimes=each.crime.nunique(),
        forces=each.force_code.nunique(),
        **{f"any_{name}": each[name].fill_null(False).any() for name in SAID_OF_CRIMES},
        **{f"unknown_{name}": each[name].isnull().any() for name in SAID_OF_CRIMES},
    )
    said = {name: any_true(found[f"any_{name}"], ~found[f"unknown_{name}"]) for name in SAID_OF_CRIMES}
    return found.select(*FOUND, "crimes", "forces", **said)


def _people(member: ibis.Table) -> ibis.Table:
    """One row a group: suspects, named or not, and victims. `suspect_living`: what stands against some suspect is
    another outcome than that they died; of whom no outcome is known it is not known."""
    suspect, victim = member.role == "suspect", member.role == "victim"
    ended = member.suspect_outcome_code
    found = member.group_by(FOUND).aggregate(
        suspects=member.person_id.nunique(where=suspect),
        named_suspects=member.person_id.nunique(where=suspect & (member.suspect_known_as == "named")),
        victims=member.person_id.nunique(where=victim),
        any_child=(victim & member.child_at_offence).fill_null(False).any(),
        unknown_age=(victim & member.child_at_offence.isnull()).any(),
        any_living=(suspect & (ended != DIED)).fill_null(False).any(),
        unknown_end=(suspect & ended.isnull()).any(),
    )
    return found.mutate(
        child_victim=any_true(found.any_child, (found.victims > 0) & ~found.unknown_age),
        suspect_living=any_true(found.any_living, ~found.unknown_end),
    ).drop("any_child", "unknown_age", "any_living", "unknown_end")


def _held(matched: ibis.Table) -> ibis.Table:
    """One row a group that a force holds."""
    return matched.group_by(["force_code", *FOUND]).aggregate(
        any_held=(~matched.claimed_ref.isnull()).any(),
        any_organised=(matched.group_kind == ORGANISED).fill_null(False).any(),
    )
