"""Counts of crimes, victims and suspects under each definition in use.

No definition is the right one: each is counted, and the page says what each leaves out. They overlap, so they do not
add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assay import reference
from assay.indicators import Count
from assay.reference.exploitation_definitions import Predicate

GROUP_DEFINITIONS = frozenset({"BEACONPORT", "NET_IICSA", "GROUP_BERELOWITZ", "OCG"})
"""Definitions of group offending, not of exploitation as such."""
_CRIME: Mapping[str, object] = {
    "in_base": True,
    "cancelled": False,
    "scope_reason": "needs_age_offence",
    "cse_flagged": False,
    "csa_flagged": False,
    "group_flagged": False,
    "cse_titled": False,
    "child_at_offence": True,
    "contact_offence": True,
    "offence_family": "rape",
    "suspect_count": 1,
}
_GROUP: Mapping[str, object] = {
    "active_in_period": True,
    "group_kind": "network",
    "offenders": 2,
    "facilitators": 0,
    "victims": 1,
}
_FOUND: Mapping[str, object] = {
    "in_base": True,
    "tied_by": "anything",
    "suspects": 2,
    "victims": 1,
    "child_victim": True,
    "marked": True,
    "cross_force": False,
    "complex_abuse": False,
    "unreviewed": False,
    "unreferred": False,
    "suspect_living": True,
    "held_as_organised": False,
}
_BY_CRIMES: Mapping[str, object] = {**_FOUND, "tied_by": "crimes"}
_LIMITS = "What was never recorded, and what was recorded and not marked: see the flags, and the audit of case files."


def _conditions(predicates: Iterable[Predicate]) -> dict[str, str]:
    return {predicate.key: predicate.condition for predicate in predicates}


def _crime_conditions(group_only: bool) -> dict[str, str]:
    predicates = reference.predicates().for_record_kind("crime")
    return _conditions(
        predicate for predicate in predicates if (predicate.definition in GROUP_DEFINITIONS) == group_only
    )


cse_crimes = Count(
    key="cse_crimes",
    title="Crimes of child sexual abuse and exploitation, under each definition",
    question="How many crimes recorded in the period does each definition include?",
    why="Organisations count different things under one name. Shown together, the counts can be told apart.",
    line="scale",
    asks="Q22",
    record="crime",
    population="in_base and not cancelled",
    definitions=_crime_conditions(group_only=False),
    limits=_LIMITS,
    assumptions="The offence codes and flags as entered, and the ages of victims. The counts overlap: they do not add "
    "up.",
    needs=("crimes.cancelled_at", "flags"),
    examples=(
        (_CRIME, ("child_sexual_offence",)),
        ({**_CRIME, "scope_reason": "core_offence"}, ("child_sexual_offence", "child_by_code")),
        (
            {**_CRIME, "cse_flagged": True},
            ("flagged_cse", "flagged_or_titled_cse", "flagged_csa", "child_sexual_offence"),
        ),
        (
            {**_CRIME, "cse_titled": True, "offence_family": "other", "child_at_offence": False},
            ("titled_cse", "flagged_or_titled_cse"),
        ),
        ({**_CRIME, "cancelled": True}, ()),
    ),
)
group_crimes = Count(
    key="group_crimes",
    title="Crimes by groups, under each definition",
    question="How many crimes recorded in the period does each definition of a group include?",
    why="Forces that used one narrow definition found no groups where others, with another, found many.",
    line="scale",
    asks="Q22",
    record="crime",
    population="in_base and not cancelled",
    definitions=_crime_conditions(group_only=True),
    limits=_LIMITS + " Suspects who were never entered make a group look like one person.",
    assumptions="The suspects found and stated for each crime, and flags. The counts overlap: they do not add up.",
    needs=("crimes.cancelled_at", "flags", "involvements"),
    examples=(
        (_CRIME, ()),
        ({**_CRIME, "suspect_count": 2}, ("contact_by_several",)),
        ({**_CRIME, "suspect_count": 2, "cse_flagged": True}, ("contact_by_several", "several_suspects")),
        ({**_CRIME, "group_flagged": True}, ("marked_group",)),
        ({**_CRIME, "suspect_count": 2, "cancelled": True}, ()),
    ),
)
groups_known = Count(
    key="groups_known",
    title="Groups that the forces know of, under each definition",
    question="How many groups active in the period does each definition include?",
    why="The number of groups on one list depends on the definition: organised crime, offending or helping.",
    line="scale",
    asks="Q12 Q22",
    record="group",
    population="active_in_period",
    definitions=_conditions(reference.predicates().for_record_kind("group")),
    limits="Groups that nobody entered. A force that enters none may have none, or may not have looked.",
    assumptions="The groups and members that each force sends; the same group in two forces counts twice.",
    needs=("groups", "group_members"),
    examples=(
        (_GROUP, ("network", "offending_group")),
        ({**_GROUP, "victims": 2}, ("network", "offending_group", "group_with_victims")),
        ({**_GROUP, "offenders": 1, "facilitators": 1}, ("network",)),
        ({**_GROUP, "group_kind": "organised_crime_group", "offenders": 1}, ("organised_crime_group",)),
        ({**_GROUP, "active_in_period": False}, ()),
    ),
)
groups_found = Count(
    key="groups_found",
    title="Groups that the records show, under each definition",
    question="How many groups with a crime recorded in the period do the records show, under each definition?",
    why="A force that says it knows of no group may hold the records of many, because nobody combined them.",
    line="scale",
    asks="Q12 Q22 Q38",
    record="found_group",
    population="in_base",
    definitions=_conditions(reference.predicates().for_record_kind("found_group")),
    limits="Groups whose members were never entered, or never linked as one person. A shared identifier may be a "
    "coincidence.",
    assumptions="Record linkage, and the suspects and links that are entered. Several suspects without details may be "
    "one person. A group of several forces counts in each.",
    needs=("involvements", "crimes.cancelled_at", "links"),
    examples=(
        (_FOUND, ("found_by_anything", "found_network")),
        (_BY_CRIMES, ("found_by_crimes",)),
        ({**_FOUND, "suspects": 1}, ()),
        ({**_FOUND, "marked": False}, ("found_by_anything",)),
        ({**_FOUND, "marked": None, "cross_force": True}, ("found_by_anything",)),
        ({**_FOUND, "cross_force": True}, ("found_by_anything", "found_network", "found_cross_force")),
        ({**_FOUND, "complex_abuse": True}, ("found_by_anything", "found_network", "found_complex_abuse")),
        ({**_BY_CRIMES, "victims": 2, "unreviewed": True}, ("found_by_crimes", "found_for_review")),
        (
            {**_BY_CRIMES, "victims": 2, "unreviewed": True, "unreferred": True},
            ("found_by_crimes", "found_for_review", "found_not_referred"),
        ),
        ({**_BY_CRIMES, "victims": 2, "unreviewed": True, "unreferred": None}, ("found_by_crimes", "found_for_review")),
        ({**_BY_CRIMES, "victims": 2, "unreviewed": True, "suspect_living": None}, ("found_by_crimes",)),
        ({**_FOUND, "held_as_organised": True}, ("found_by_anything", "found_network", "found_organised")),
        ({**_FOUND, "in_base": False}, ()),
    ),
)

FORMS = (cse_crimes, group_crimes, groups_known, groups_found)
