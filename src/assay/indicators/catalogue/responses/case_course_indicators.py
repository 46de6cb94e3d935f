"""Do cases follow the expected order of steps, without repeats? Which step follows each, and to whom are cases handed?

The expected course is a model for comparison and not a standard: a different course may have good reasons.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay import reference
from assay.facts.case_courses import EARLIER_STEP, EXPECTED_STEP, LATER_STEP, NO_NEXT_STEP, UNCERTAIN_STEP
from assay.indicators import Count, Indicator, Wait
from assay.indicators.exclusion_reasons import CANCELLED, TRANSFERRED
from assay.indicators.indicator_examples import share_examples

_EXCLUSIONS = {CANCELLED: "cancelled", TRANSFERRED: "transferred"}
_LEFT = {CANCELLED: {"cancelled": True}, TRANSFERRED: {"transferred": True}}
_CASE: Mapping[str, object] = {
    "in_base": True, "cancelled": False, "transferred": False,
}  # fmt: skip
_NEEDS = ("crimes.reported_at|report_crimes", "crimes.closed_at", "crimes.cancelled_at", "crimes.transferred_to_force")
_STEPS = tuple(
    f"events.{kind}"
    for step in reference.course().all
    for kind in step.kinds
    if reference.event_kinds().get(kind).sent_in_events
)
"""Every step with its own event kind; a force that sends few kinds has few steps that could be out of order."""

course_in_order = Indicator(
    key="course_in_order",
    title="The steps of the case came in the expected order",
    question="In how many cases did no step of the course come after a later one?",
    why="A case was decided without a hearing if it was closed before the account, or decided before the suspect "
    "was asked.",
    line="responses",
    asks="Q33",
    record="course",
    population="in_base",
    excluding=_EXCLUSIONS,
    met="in_order",
    better="neither",
    limits="Whether there was reason for another order: a second account may follow an arrest, and often should.",
    assumptions="The first day of each step; steps of one day count as in order. Steps that are not sent are not seen.",
    graded=False,
    needs=(*_NEEDS, *_STEPS),
    examples=share_examples(_CASE, "in_order", outside={"in_base": False}, unknown={"in_base": None}, excluding=_LEFT),
)
course_reworked = Indicator(
    key="course_reworked",
    title="Cases that were reopened or sent again",
    question="How many cases were reopened after they were closed, or had a file sent to the prosecutor again?",
    why="Repeated work shows that the first was not complete, or that somebody rightly looked again.",
    line="responses",
    asks="Q33",
    record="course",
    population="in_base",
    excluding=_EXCLUSIONS,
    met="reworked",
    better="neither",
    limits="Whether the first time was poor, or the second look a good one.",
    assumptions="Reopenings and files sent again, as events.",
    graded=False,
    needs=(*_NEEDS, "events.crime_reopened", "events.file_submitted"),
    examples=share_examples(_CASE, "reworked", outside={"in_base": False}, unknown={"in_base": None}, excluding=_LEFT),
)

NEXT = {
    "expected": EXPECTED_STEP,
    "unsure": UNCERTAIN_STEP,
    "ahead": LATER_STEP,
    "back": EARLIER_STEP,
    "nothing": NO_NEXT_STEP,
}
"""What may follow a step, by the suffix of its key."""


def transition_key(place: int, step: str, words: str) -> str:
    """Return the key of a transition between steps of a case: number and key of the step, and what came next."""
    return f"step_{place}_{step}_{next(key for key, value in NEXT.items() if value == words)}"


_LINES = {
    transition_key(place, step.key, words): (step, words)
    for place, step in enumerate(reference.course().all, start=1)
    for words in NEXT.values()
}
"""Each transition by its key, which begins with the step number, so that sorted keys follow the course."""
_STEP: Mapping[str, object] = {"in_base": True, "cancelled": False, "step": "recorded", "next_is": EXPECTED_STEP}
course_followed = Count(
    key="course_followed",
    title="What came after each step of a case",
    question="After each step, how many cases went on as expected, went on otherwise, or went no further?",
    why="It shows at which steps cases leave the expected course, or stop.",
    line="responses",
    asks="Q30",
    record="course_step",
    population="in_base and not cancelled",
    limits="Why a case went another way. An open case that stands at a step may still go on.",
    assumptions="The first day of each step that is sent; whether a suspect is known and anybody was charged, which "
    "say which steps are expected.",
    needs=(*_NEEDS, *_STEPS),
    definitions={key: f"step = '{step.key}' and next_is = '{words}'" for key, (step, words) in _LINES.items()},
    breakdown_titles={
        key: (f"{step.title}: then {words}", f"After this step came {words}.") for key, (step, words) in _LINES.items()
    },
    examples=(
        (_STEP, ("step_2_recorded_expected",)),
        ({**_STEP, "next_is": EARLIER_STEP}, ("step_2_recorded_back",)),
        ({**_STEP, "next_is": UNCERTAIN_STEP}, ("step_2_recorded_unsure",)),
        ({**_STEP, "step": "closed", "next_is": NO_NEXT_STEP}, ("step_8_closed_nothing",)),
        ({**_STEP, "cancelled": True}, ()),
    ),
)

FORMS = (course_in_order, course_reworked, course_followed)


# Transfers of cases: how often, to whom, how long without an answer, and is any organisation responsible?

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
    question="How many crimes went to another team, or were offered to another force, accepted, refused, or left "
    "with nobody?",
    why="A case that changes hands waits in between, and may end with nobody.",
    line="responses",
    asks="Q46",
    record="course",
    population="in_base and not cancelled",
    limits="Whether the case was better off elsewhere, and who had it while it was on its way.",
    assumptions="Handovers, offers and answers as events. That nobody has a crime can be known only where the other "
    "force "
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
    question="How long does a crime wait from its first offer to another force until the offer is accepted or refused?",
    why="Before the answer, each of the two forces may think that the other is at work.",
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
    assumptions="The first offer of each crime and the first answer since, as events of the force that offered it.",
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

TRANSFER_FORMS = (crimes_handed_on, offer_to_answer)
