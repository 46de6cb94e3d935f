"""Was a suspect identified, was anybody charged, and how many crimes still have no outcome?

A charge is never a conviction. No standard sets a charge rate, so none of these grades a force: they are compared, and
an outlier force should be able to explain its figure.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Indicator
from assay.indicators.exclusion_reasons import CANCELLED, STILL_OPEN, TRANSFERRED

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
    why="Without a suspect nobody can be pursued, and nobody protects the next child from them.",
    line="responses",
    asks="Q35",
    record="crime",
    population="in_base",
    excluding=_EXCLUSIONS,
    met="suspect_identified",
    better="higher",
    limits="Whether every suspect was identified, nor whether those who were identified were pursued.",
    leans_on="Suspects and outcome as entered so far: an open crime may still find its suspect.",
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
    question="In how many of all the crimes recorded was somebody charged or summonsed so far?",
    why="It is the figure most often quoted; it is low wherever many cases are still open.",
    line="responses",
    asks="Q39",
    record="crime",
    population="in_base",
    excluding=_EXCLUSIONS,
    met="charged",
    better="neither",
    limits="Whether open crimes will be charged, whether a charge was the right outcome, nor what a court decided.",
    leans_on=(
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
    why="A charge is the way to court; a force far from the others should say why.",
    line="responses",
    asks="Q39",
    record="crime",
    population="in_base",
    excluding={**_EXCLUSIONS, STILL_OPEN: "pending"},
    met="charged",
    better="higher",
    limits="How good the investigation was, nor whether easier cases were closed first.",
    leans_on="Outcomes so far. Read it beside the share still pending: what closes early is not like what closes late.",
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
    why="A victim without an outcome is still waiting; and where many wait, the other shares say little.",
    line="responses",
    asks="Q30",
    record="crime",
    population="in_base",
    excluding=_EXCLUSIONS,
    met="pending",
    better="lower",
    limits="Whether work goes on or an outcome was not entered, nor how long anyone has waited: see the waits.",
    leans_on="The outcome as it stood when the data were read.",
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
