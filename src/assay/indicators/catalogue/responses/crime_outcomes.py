"""Was a suspect identified, was anybody charged, how did courts decide, and how many crimes still have no outcome?

A charge is never a conviction. No standard sets a charge rate, so none of these grades a force: they are compared, and
an outlier force should be able to explain its figure.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Count, Indicator, Wait
from assay.indicators.exclusion_reasons import CANCELLED, STILL_OPEN, TRANSFERRED
from assay.indicators.indicator_examples import share_examples

_EXCLUSIONS = {CANCELLED: "cancelled", TRANSFERRED: "transferred"}
_LEAVING = ("crimes.cancelled_at", "crimes.transferred_to_force")
_CHARGES = ("events.suspect_charged", "events.charge_decision")
"""Needed events: without them open crimes are not known, and the closed crimes alone would overstate the charge
rate."""
_CRIME: Mapping[str, object] = {
    "in_base": True,
    "cancelled": False,
    "transferred": False,
    "pending": False,
    "charged": True,
    "suspect_identified": True,
    "when_reported": "child when reported",
}
_SHARED_EXAMPLES = (
    ({**_CRIME, "when_reported": "adult when reported"}, "met"),
    ({**_CRIME, "cancelled": True}, "left out: crime_cancelled"),
    ({**_CRIME, "transferred": True}, "left out: crime_transferred_to_another_force"),
    ({**_CRIME, "in_base": False}, "outside"),
    ({**_CRIME, "cancelled": None}, "not known if counted"),
)

suspect_identified = Indicator(
    key="suspect_identified",
    title="A suspect was identified",
    question="In how many crimes was at least one suspect identified?",
    why="Without a suspect nobody can be pursued, and other children are not protected from them.",
    line="responses",
    asks="Q35",
    record="crime",
    population="in_base",
    excluding=_EXCLUSIONS,
    met="suspect_identified",
    better="higher",
    limits="Whether every suspect was identified, and whether those who were identified were pursued.",
    assumptions="Suspects and outcome as entered so far: an open crime may still find its suspect.",
    graded=False,
    needs=("crimes.outcome_code", "involvements.suspect_known_as", *_LEAVING),
    split="when_reported",
    examples=(
        (_CRIME, "met"),
        ({**_CRIME, "suspect_identified": False}, "not met"),
        ({**_CRIME, "suspect_identified": None}, "not known"),
        *_SHARED_EXAMPLES,
    ),
)
charged_of_all = Indicator(
    key="charged_of_all",
    title="Charged or summonsed, of all recorded",
    question="In how many of all recorded crimes has somebody been charged or summonsed so far?",
    why="It is the figure most often quoted; it is low wherever many cases are still open.",
    line="responses",
    asks="Q39",
    record="crime",
    population="in_base",
    excluding=_EXCLUSIONS,
    met="charged",
    better="neither",
    limits="Whether open crimes will be charged, whether a charge was the right outcome, and what a court decided.",
    assumptions=(
        "Outcomes so far; an open crime counts as not charged where every charge is on record, and else is not known."
    ),
    graded=False,
    needs=("crimes.outcome_code", *_LEAVING, *_CHARGES),
    split="when_reported",
    examples=(
        (_CRIME, "met"),
        ({**_CRIME, "charged": False}, "not met"),
        ({**_CRIME, "charged": False, "pending": True}, "not met"),
        ({**_CRIME, "charged": None}, "not known"),
        *_SHARED_EXAMPLES,
    ),
)
charged_of_closed = Indicator(
    key="charged_of_closed",
    title="Charged or summonsed, of those with an outcome",
    question="In how many of the crimes that have an outcome was somebody charged or summonsed?",
    why="Only a charge brings a case to court. A force that differs much from the others should say why.",
    line="responses",
    asks="Q39",
    record="crime",
    population="in_base",
    excluding={**_EXCLUSIONS, STILL_OPEN: "pending"},
    met="charged",
    better="higher",
    limits="How good the investigation was, and whether easier cases were closed first.",
    assumptions="Outcomes so far. Read it with the share still pending: crimes that close early differ from those that "
    "close late.",
    graded=False,
    needs=("crimes.outcome_code", *_LEAVING),
    split="when_reported",
    examples=(
        (_CRIME, "met"),
        ({**_CRIME, "charged": False}, "not met"),
        ({**_CRIME, "charged": None}, "not known"),
        ({**_CRIME, "charged": False, "pending": True}, "left out: still_open"),
        ({**_CRIME, "pending": None}, "not known if counted"),
        *_SHARED_EXAMPLES,
    ),
)
still_pending = Indicator(
    key="still_pending",
    title="Still pending: no outcome yet",
    question="How many of the crimes recorded in the period have no outcome yet?",
    why="A victim without an outcome is still waiting. If many crimes are pending, the other shares say little.",
    line="responses",
    asks="Q30",
    record="crime",
    population="in_base",
    excluding=_EXCLUSIONS,
    met="pending",
    better="lower",
    limits="Whether work goes on or an outcome was not entered, and how long victims have waited: see the waits.",
    assumptions="The outcome as it stood when the data were read.",
    graded=False,
    needs=("crimes.outcome_code", *_LEAVING),
    split="when_reported",
    examples=(
        ({**_CRIME, "pending": True, "charged": False}, "met"),
        (_CRIME, "not met"),
        ({**_CRIME, "pending": None}, "not known"),
        ({**_CRIME, "when_reported": "adult when reported"}, "not met"),
        *_SHARED_EXAMPLES[1:],
    ),
)

FORMS = (suspect_identified, charged_of_all, charged_of_closed, still_pending)


# Court outcomes: how many charged suspects have a court decision, which, and how long did it take?
#
# Guilt is decided by a court alone. A force is not responsible for court decisions, so no direction is better and
# nothing here grades a force.

_LEFT = {CANCELLED: {"cancelled": True}, TRANSFERRED: {"transferred": True}}
_CHARGED: Mapping[str, object] = {
    "in_base": True, "cancelled": False, "transferred": False, "decided": True, "convicted": True, "heard": True,
    "sentenced": False, "custody": False, "when_reported": "child when reported",
}  # fmt: skip
_NEEDS = ("court", "crimes.cancelled_at", "crimes.transferred_to_force", "events.suspect_charged")

convicted_of_decided = Indicator(
    key="convicted_of_decided",
    title="Convicted, of charged suspects with a decision of a court",
    question="Of the charged suspects with a decision of a court, how many were convicted?",
    why="A charge is no conviction. Only the decision of a court shows the result.",
    line="responses",
    asks="Q39",
    record="prosecution",
    population="in_base and decided",
    excluding=_EXCLUSIONS,
    met="convicted",
    better="neither",
    limits="The result of open cases: cases with a plea of guilty are decided first.",
    assumptions="Results of court as this force holds them. Where an appeal was allowed it is not known.",
    graded=False,
    needs=_NEEDS,
    split="when_reported",
    examples=(
        *share_examples(_CHARGED, "convicted", outside={"decided": False}, unknown={"decided": None}, excluding=_LEFT),
        ({**_CHARGED, "when_reported": "adult when reported"}, "met"),
    ),
)
_WAITS: Mapping[str, object] = {
    **_CHARGED, "results_known": True, "days_to_result": None, "days_seen": 300,
}  # fmt: skip
charge_to_result = Wait(
    key="charge_to_result",
    title="From the charge to the decision of the court",
    question="How long after a suspect was charged did a court decide about them?",
    why="For the victim the case is not over with the charge, and a trial far away is a reason to give up.",
    line="responses",
    asks="Q30",
    record="prosecution",
    population="in_base",
    start="the day on which the suspect was charged",
    ends=("decided", "days_to_result"),
    seen="days_seen",
    known="results_known",
    excluding=_EXCLUSIONS,
    better="neither",
    limits="Whose part of the wait it was: courts, prosecutors, defence and police share it.",
    assumptions="A plea of guilty, a verdict, a sentence or the end of the case, as this force holds them.",
    graded=False,
    needs=_NEEDS,
    split="when_reported",
    examples=(
        ({**_WAITS, "days_to_result": 120}, "decided"),
        (_WAITS, "still waiting"),
        ({**_WAITS, "results_known": False}, "not known"),
        ({**_WAITS, "days_seen": None}, "not known"),
        ({**_WAITS, "days_to_result": -3}, "not known"),
        ({**_WAITS, "cancelled": True}, "left out: crime_cancelled"),
        ({**_WAITS, "transferred": True}, "left out: crime_transferred_to_another_force"),
        ({**_WAITS, "in_base": False}, "outside"),
    ),
)
court_results = Count(
    key="court_results",
    title="Charged suspects, and decisions of courts so far",
    question="How many suspects were charged, and what did courts decide about them so far?",
    why="Charges are often counted as results. Here they are shown with the results themselves.",
    line="responses",
    asks="Q39",
    record="prosecution",
    population="in_base and not cancelled and not transferred",
    limits="The result of charges without a decision so far.",
    assumptions="Results of court as this force holds them; one person charged with two crimes is counted twice.",
    needs=_NEEDS,
    definitions={
        "charged_suspects": "in_base",
        "heard": "heard",
        "decided": "decided",
        "convicted": "convicted",
        "not_convicted": "decided and not convicted",
        "sentenced": "sentenced",
        "custody": "custody",
    },
    breakdown_titles={
        "charged_suspects": ("Charged", "A charge stands on record: it says nothing of guilt."),
        "heard": ("Before a court", "A hearing was held."),
        "decided": ("Decided", "A plea of guilty, a verdict, a sentence, or the case came to an end."),
        "convicted": ("Convicted", "By plea or verdict, on any charge."),
        "not_convicted": ("Not convicted", "Found not guilty, or the case was dismissed or discontinued."),
        "sentenced": ("Sentenced", "A sentence was passed."),
        "custody": ("To custody at once", "The sentence is custody, not suspended."),
    },
    examples=(
        (_CHARGED, ("charged_suspects", "heard", "decided", "convicted")),
        ({**_CHARGED, "convicted": False}, ("charged_suspects", "heard", "decided", "not_convicted")),
        ({**_CHARGED, "decided": False, "convicted": None}, ("charged_suspects", "heard")),
        ({**_CHARGED, "sentenced": True, "custody": True},
         ("charged_suspects", "heard", "decided", "convicted", "sentenced", "custody")),
        ({**_CHARGED, "cancelled": True}, ()),
    ),
)  # fmt: skip

COURT_OUTCOME_FORMS = (convicted_of_decided, charge_to_result, court_results)
