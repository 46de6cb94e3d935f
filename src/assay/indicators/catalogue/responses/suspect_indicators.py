"""Was every named or described suspect pursued, with which powers, and which other children could they reach?

A charge is never a conviction, and an order is one tool among several: none of these grades a force.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Count, Indicator
from assay.indicators.exclusion_reasons import CANCELLED, JUST_MADE, RECENT, STILL_OPEN, TRANSFERRED, UNDER_TEN
from assay.indicators.indicator_examples import share_examples

_EXCLUSIONS = {CANCELLED: "cancelled", TRANSFERRED: "transferred"}
_LEFT = {CANCELLED: {"cancelled": True}, TRANSFERRED: {"transferred": True}}
_SUSPECT: Mapping[str, object] = {
    "in_base": True,
    "named": True,
    "known_as": "named",
    "adult": True,
    "exploitation_marked": True,
    "met": True,
    "file_sent": True,
    "under_criminal_age": False,
    "recent_and_open": False,
    "cancelled": False,
    "transferred": False,
}
_NEEDS = (
    "involvements.suspect_known_as", "crimes.cancelled_at", "crimes.transferred_to_force", "crimes.outcome_code",
    "crimes.closed_at", "crimes.reported_at|report_crimes",
)  # fmt: skip
_MET = ("events.suspect_arrested", "events.suspect_interviewed_under_caution")


def _suspects(
    key: str,
    *,
    title: str,
    question: str,
    why: str,
    asks: str,
    population: str,
    met: str,
    limits: str,
    assumptions: str,
    needs: tuple[str, ...],
    outside: Mapping[str, object],
    row: Mapping[str, object] | None = None,
    under_ten: bool = False,
) -> Indicator:
    ages = {UNDER_TEN: "under_criminal_age"} if under_ten else {}
    aged = {UNDER_TEN: {"under_criminal_age": True}} if under_ten else {}
    return Indicator(
        key=key,
        title=title,
        question=question,
        why=why,
        line="responses",
        asks=asks,
        record="pursuit",
        population=population,
        excluding={**_EXCLUSIONS, RECENT: "recent_and_open", **ages},
        met=met,
        better="higher",
        limits=limits,
        assumptions=assumptions,
        graded=False,
        needs=(*_NEEDS, *needs),
        examples=share_examples(
            {**_SUSPECT, **(row or {})},
            met,
            outside=outside,
            unknown=dict.fromkeys(outside),
            excluding={**_LEFT, RECENT: {"recent_and_open": True}, **aged},
        ),
    )


named_suspect_met = _suspects(
    "named_suspect_met",
    title="Named suspects who were arrested or interviewed",
    question="How many named suspects were arrested, or interviewed under caution?",
    why="If a named suspect is never asked, the child learns that nobody believed them, and the suspect that nobody "
    "investigates.",
    asks="Q35",
    population="in_base and named",
    met="met",
    limits="Whether there was reason enough to ask them, and how well it was done.",
    assumptions="Arrests and interviews as events that name the suspect, or that can be of nobody else.",
    needs=_MET,
    outside={"named": False},
    under_ten=True,
)
described_suspect_looked_for = _suspects(
    "described_suspect_looked_for",
    title="Suspects who were only described, with steps to identify them",
    question="For how many suspects who were described and not named was a step taken to find out who they are?",
    why="A child may know only a description, a nickname or a number. If nobody follows them, there is no suspect.",
    asks="Q35",
    population="in_base and known_as = 'described'",
    met="looked_for",
    limits="Whether the step had a chance, and what other steps were open.",
    assumptions="Steps to identify somebody as events that name the entry. A suspect who was named later counts as "
    "named.",
    needs=("events.identification_attempted", "events.suspect_identified"),
    row={"known_as": "described", "named": False},
    outside={"known_as": "named"},
)
suspect_under_order = _suspects(
    "suspect_under_order",
    title="Suspects of exploitation under an order or warning",
    question="On how many named adult suspects of crimes marked as exploitation was an order or a warning used?",
    why="The inquiry found the powers to disrupt little used, not recorded, or used instead of an investigation.",
    asks="Q41",
    population="in_base and named and adult and exploitation_marked",
    met="under_order",
    limits="Whether an order was called for, and whether it was kept; a suspect in custody may need none.",
    assumptions="Orders, warnings and notices that name the person, made at any time.",
    needs=("orders.served_on", "orders.person_ref", "flags", "involvements.date_of_birth"),
    outside={"adult": False},
)
licensing_authority_told = _suspects(
    "licensing_authority_told",
    title="Licensing authority told of a suspect who drives for hire",
    question="About how many named suspects who drive for hire was the licensing authority told?",
    why="An authority can take a driver off the road at once, without a charge, but only if somebody tells it.",
    asks="Q44",
    population="in_base and named and drives_for_hire",
    met="licensing_told",
    limits="Suspects whom nobody asked about their work, whether the authority acted, and whether it was the right "
    "one: drivers work outside the area that licensed them.",
    assumptions="The force's own marks that a suspect drives for hire, and that the authority was told by extraction.",
    needs=("involvements.drives_for_hire", "involvements.licensing_told"),
    row={"drives_for_hire": True},
    outside={"drives_for_hire": False},
)
other_children_looked_for = _suspects(
    "other_children_looked_for",
    title="Other children within a suspect's reach were looked for",
    question="For how many named suspects who were arrested or interviewed did the police check which other "
    "children they could reach?",
    why="The inquiry found that police looked only at the child of the case, and at no other.",
    asks="Q36",
    population="in_base and named and met",
    met="others_looked_for",
    limits="Whether there were such children, and whether they were made safe.",
    assumptions="Checks as events that name the suspect.",
    needs=(*_MET, "events.other_children_check_done"),
    outside={"met": False},
)
named_suspect_charged = Indicator(
    key="named_suspect_charged",
    title="Named suspects who were charged, of crimes with an outcome",
    question="Of the named suspects of crimes that have an outcome, how many were charged?",
    why="In a count of crimes, one charge hides the other suspects of a group. Here each suspect counts.",
    line="responses",
    asks="Q39",
    record="pursuit",
    population="in_base and named",
    excluding={**_EXCLUSIONS, STILL_OPEN: "pending", UNDER_TEN: "under_criminal_age"},
    met="charged",
    better="higher",
    limits="Whether a charge was right, and what a court decided: a charge is no conviction.",
    assumptions="Charges as events that name the suspect, and outcomes against the suspect.",
    graded=False,
    needs=(*_NEEDS, "events.suspect_charged", "events.charge_decision"),
    examples=share_examples(
        {**_SUSPECT, "pending": False, "charged": True},
        "charged",
        outside={"named": False},
        unknown={"named": None},
        excluding={**_LEFT, STILL_OPEN: {"pending": True}, UNDER_TEN: {"under_criminal_age": True}},
    ),
)
first_file_accepted = _suspects(
    "first_file_accepted",
    title="Files that the prosecutor accepted at first look",
    question="For how many suspects with a file sent to the prosecutor was the file accepted at the first look?",
    why="Every file that comes back costs weeks in which a victim waits.",
    asks="Q39",
    population="in_base and file_sent",
    met="first_file_accepted",
    limits="Whether the file was good, or the standard for it fair.",
    assumptions="The prosecutor's first look as an event; a file without one is not known.",
    needs=("events.file_submitted", "events.cps_triage_result"),
    outside={"file_sent": False},
)

_WARNING: Mapping[str, object] = {"in_base": True, "is_warning": True, "recent": False}
warning_followed_up = Indicator(
    key="warning_followed_up",
    title="Child abduction warning notices followed by an investigation",
    question="After how many child abduction warning notices was the person a suspect of a recorded crime within 28 "
    "days?",
    why="A warning is meant to protect while an investigation runs: used alone it leaves a suspect free.",
    line="responses",
    asks="Q42",
    record="disruption",
    population="in_base and is_warning",
    excluding={JUST_MADE: "recent"},
    met="followed_up",
    better="higher",
    limits="What the investigation came to, and whether the warning was kept.",
    assumptions="The person's number on the notice and on crimes; a notice tied to a crime counts as followed up.",
    graded=False,
    needs=("orders.served_on", "crimes", "involvements"),
    examples=share_examples(
        _WARNING,
        "followed_up",
        outside={"is_warning": False},
        unknown={"in_base": None},
        excluding={JUST_MADE: {"recent": True}},
    ),
)

_FUNNEL: Mapping[str, object] = {
    "in_base": True, "cancelled": False, "known_as": "described", "named": False, "looked_for": False,
    "arrested": False, "met": False, "under_order": False, "charged": False,
}  # fmt: skip
suspects_pursued = Count(
    key="suspects_pursued",
    title="Suspects, and the actions taken against them",
    question="How many suspects were there, and against how many of them was each action taken?",
    why="Reviews of closed cases counted the men who were named and against whom no action was taken.",
    line="responses",
    asks="Q35",
    record="pursuit",
    population="in_base and not cancelled",
    limits="What a court decided: a charge is no conviction. Suspects who died, or who are children, are among them.",
    assumptions="Entries of suspects on crimes: one person suspected of two crimes is counted twice.",
    needs=(*_NEEDS, *_MET, "orders.served_on", "orders.person_ref"),
    definitions={
        "named_or_described": "known_as in ('named', 'described')",
        "named": "named",
        "met": "met",
        "arrested": "arrested",
        "under_order": "under_order",
        "charged": "charged",
        "nothing_done": "not met and not under_order and not charged",
    },
    breakdown_titles={
        "named_or_described": ("Named or described", "Somebody whose name is known, or of whom a part is."),
        "named": ("Named", "Somebody whose name is known."),
        "met": ("Arrested or interviewed", "Arrested, or interviewed under caution."),
        "arrested": ("Arrested", "Arrested on this crime."),
        "under_order": ("Under an order or warning", "An order, warning or notice was used on the person."),
        "charged": ("Charged", "Charged or summonsed on this crime: what a court decided is another thing."),
        "nothing_done": (
            "Nothing on record", "Neither arrested, nor interviewed, nor charged, nor under any order or warning.",
        ),
    },
    examples=(
        (_FUNNEL, ("named_or_described", "nothing_done")),
        ({**_FUNNEL, "known_as": "named", "named": True, "met": True, "arrested": True},
         ("named_or_described", "named", "met", "arrested")),
        ({**_FUNNEL, "known_as": "named", "named": True, "under_order": True},
         ("named_or_described", "named", "under_order")),
        ({**_FUNNEL, "known_as": "nothing_known", "met": None}, ()),
        ({**_FUNNEL, "known_as": "named", "named": True, "met": True, "charged": True},
         ("named_or_described", "named", "met", "charged")),
    ),
)  # fmt: skip
_ORDER: Mapping[str, object] = {"in_base": True, "served_on": "suspect", "disrupts": True, "breached": False,
                                "is_warning": False}  # fmt: skip
disruption_used = Count(
    key="disruption_used",
    title="Orders, warnings and notices, by whom or what they act on",
    question="How many orders, warnings and notices acted on suspects, places and vehicles, and how many on a child?",
    why="A measure that burdens the child is no disruption: a notice served on a child was once counted as disruption.",
    line="responses",
    asks="Q41",
    record="disruption",
    population="in_base",
    limits="Whether they worked. Those on a child protect or burden the child, and are shown separately.",
    assumptions="On whom or what the force says that each was served.",
    needs=("orders.served_on",),
    definitions={
        "on_suspects": "served_on = 'suspect'",
        "on_places": "served_on = 'place'",
        "on_vehicles": "served_on = 'vehicle'",
        "on_children": "served_on = 'child'",
        "breached": "breached and disrupts",
    },
    breakdown_titles={
        "on_suspects": ("On suspects", "Used on a person suspected."),
        "on_places": ("On places", "Used on premises or a place."),
        "on_vehicles": ("On vehicles", "Used on a vehicle."),
        "on_children": (
            "On children, which is no disruption",
            "Used on the child: it protects or burdens the child, and stops nobody.",
        ),
        "breached": ("Breached, of those that disrupt", "A breach was entered."),
    },
    examples=(
        (_ORDER, ("on_suspects",)),
        ({**_ORDER, "served_on": "place", "breached": True}, ("on_places", "breached")),
        ({**_ORDER, "served_on": "vehicle"}, ("on_vehicles",)),
        ({**_ORDER, "served_on": "child", "disrupts": False, "breached": True}, ("on_children",)),
        ({**_ORDER, "in_base": False}, ()),
    ),
)

FORMS = (
    named_suspect_met,
    described_suspect_looked_for,
    suspect_under_order,
    licensing_authority_told,
    other_children_looked_for,
    named_suspect_charged,
    first_file_accepted,
    warning_followed_up,
    suspects_pursued,
    disruption_used,
)


# Was action taken on each named suspect of offences against two or more children?

_PERSON: Mapping[str, object] = {"in_base": True, "several_children": True, "acted_on": True}

several_children_acted_on = Indicator(
    key="several_children_acted_on",
    title="Suspects of offences against two or more children who were arrested, charged or put under an order",
    question="How many named suspects of offences against two or more children were arrested, charged or under order?",
    why="Reviews of closed cases found many men who were named repeatedly by different children and never questioned.",
    line="responses",
    asks="Q35",
    record="suspected_person",
    population="in_base and several_children",
    met="acted_on",
    better="higher",
    limits="Voluntary interviews, and why nothing was done: some suspects are children themselves, or have died.",
    assumptions="Record linkage; arrests and charges as events that name the suspect, outcomes against the "
    "suspect, and orders and warnings that name them.",
    graded=False,
    needs=(
        "involvements",
        "orders.served_on",
        "orders.person_ref",
        "events.suspect_arrested",
        "events.suspect_charged",
    ),
    examples=(
        (_PERSON, "met"),
        ({**_PERSON, "acted_on": False}, "not met"),
        ({**_PERSON, "acted_on": None}, "not known"),
        ({**_PERSON, "several_children": False}, "outside"),
        ({**_PERSON, "several_children": None}, "not known if counted"),
        ({**_PERSON, "in_base": False}, "outside"),
    ),
)

REPEAT_SUSPECT_FORMS = (several_children_acted_on,)
