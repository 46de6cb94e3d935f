"""Do cases follow the expected order of steps, without repeats, and what follows each step?

The expected course is a model for comparison and not a standard: a different course may have good reasons.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay import reference
from assay.facts.case_courses import EARLIER_STEP, EXPECTED_STEP, LATER_STEP, NO_NEXT_STEP, UNCERTAIN_STEP
from assay.indicators import Count, Indicator
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
    why="A case closed before the account was taken, or decided before the suspect was asked, was decided unheard.",
    line="responses",
    asks="Q33",
    record="course",
    population="in_base",
    excluding=_EXCLUSIONS,
    met="in_order",
    better="neither",
    limits="Whether there was reason for another order: a second account may follow an arrest, and often should.",
    leans_on="The first day of each step; steps of one day count as in order. Steps that are not sent are not seen.",
    graded=False,
    needs=(*_NEEDS, *_STEPS),
    examples=share_examples(_CASE, "in_order", outside={"in_base": False}, unknown={"in_base": None}, excluding=_LEFT),
)
course_reworked = Indicator(
    key="course_reworked",
    title="Cases that were taken up again",
    question="How many cases were reopened after they were closed, or had a file sent to the prosecutor again?",
    why="What is done twice was not done once: or somebody looked again, and was right to.",
    line="responses",
    asks="Q33",
    record="course",
    population="in_base",
    excluding=_EXCLUSIONS,
    met="reworked",
    better="neither",
    limits="Whether the first time was poor, or the second look a good one.",
    leans_on="Reopenings and files sent again, as events.",
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
    """Return the key of a transition: number of the step, its key, and what came next."""
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
    why="Where cases leave the course, or stand still, is where to look.",
    line="responses",
    asks="Q30",
    record="course_step",
    population="in_base and not cancelled",
    limits="Why a case went another way. An open case that stands at a step may still go on.",
    leans_on="The first day of each step that is sent; whether a suspect is known and anybody was charged, which say "
    "which steps are expected.",
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
