"""Transfers of cases: how often, to whom, how long without an answer, and is any organisation responsible?"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Count, Wait

ANSWERED, CLOSED_FIRST = "accepted or refused", "crime closed first"
MOVED = "crimes.transferred_to_force"
_CRIME: Mapping[str, object] = {
    "in_base": True, "cancelled": False, "handed_over": False, "offered": False, "accepted": False, "refused": False,
    "no_owner": False,
}  # fmt: skip
_OFFER: Mapping[str, object] = {
    "in_base": True, "offered": True, "answer_known": True, "days_to_answer": None, "days_offered_to_closed": None,
    "days_since_offer": 60,
}  # fmt: skip
_WAYS = {
    "handed_over": ("handed_over", "Handed over to another team", "Another team of the same force received it."),
    "offered": ("offered", "Offered to another force", "It was offered to another force."),
    "accepted": ("accepted", "Accepted by another force", "Another force accepted it, or the record says so."),
    "refused": ("refused", "Refused by another force", "A force that it was offered to did not accept it."),
    "no_owner": (
        "no_owner", "Moved, and the other force has no record of it",
        "It was moved to or out of another force, whose own accepted return has no record of it (rule R52). Ask the "
        "other force for the crime number under which it holds the crime.",
    ),
}  # fmt: skip
"""Condition, title and wording of each count."""

crimes_handed_on = Count(
    key="crimes_handed_on",
    title="Crimes that were handed on",
    question="How many crimes went to another team, were offered to another force, taken, refused, or are nowhere?",
    why="A case that changes hands waits while nobody has it, and may end with nobody.",
    line="responses",
    asks="Q46",
    record="course",
    population="in_base and not cancelled",
    limits="Whether the case was better off elsewhere, and who had it while it was on its way.",
    leans_on="Handovers, offers and answers as events. That nobody has a crime can be known only where the other force "
    "sent a return; where it sent none, that is not known. Two forces may hold one crime under numbers that neither "
    "sent.",
    needs=("crimes.cancelled_at", f"events.transfer_offered|{MOVED}"),
    definitions={key: condition for key, (condition, _, _) in _WAYS.items()},
    breakdown_titles={key: (title, words) for key, (_, title, words) in _WAYS.items()},
    examples=(
        (_CRIME, ()),
        ({**_CRIME, "handed_over": True}, ("handed_over",)),
        ({**_CRIME, "offered": True, "refused": True}, ("offered", "refused")),
        ({**_CRIME, "offered": True, "accepted": True, "no_owner": True}, ("offered", "accepted", "no_owner")),
        ({**_CRIME, "no_owner": None}, ()),
        ({**_CRIME, "cancelled": True, "offered": True}, ()),
    ),
)
offer_to_answer = Wait(
    key="offer_to_answer",
    title="From the offer to another force to its answer",
    question="How long does a crime wait, from its first offer to another force, until that is accepted or refused?",
    why="Until one of them has it, two forces may each think that the other is at work.",
    line="responses",
    asks="Q46",
    record="course",
    population="in_base and offered",
    start="the day on which the crime was first offered to another force",
    ends=(ANSWERED, "days_to_answer"),
    competing=((CLOSED_FIRST, "days_offered_to_closed"),),
    seen="days_since_offer",
    known="answer_known",
    better="lower",
    holder="police with others",
    limits="What was done meanwhile, and which of the two forces kept the other waiting.",
    leans_on="The first offer of each crime and the first answer since, as events of the force that offered it.",
    graded=False,
    needs=("events.transfer_offered", "events.transfer_accepted", "events.transfer_refused", MOVED),
    examples=(
        ({**_OFFER, "days_to_answer": 7}, ANSWERED),
        ({**_OFFER, "days_offered_to_closed": 20}, CLOSED_FIRST),
        (_OFFER, "still waiting"),
        ({**_OFFER, "answer_known": False}, "not known"),
        ({**_OFFER, "offered": False}, "outside"),
    ),
)

FORMS = (crimes_handed_on, offer_to_answer)
