"""Were suspects detained, or on bail, no longer than the law allows?

A statutory limit is a maximum: after it bail conditions end, or there is no power to detain, and a duty that ran over
is a breach. Shown only; the forms say why none grades a force.
"""

from __future__ import annotations

from assay.indicators.catalogue.responses.duty_forms import timely_duty_indicator

bail_in_first_period = timely_duty_indicator(
    "bail_in_first_period",
    title="Bail before charge decided within its first period",
    question="Of how many suspects on bail was something decided before the first period of bail was over: a charge, a "
    "release, or more time?",
    why="Bail that runs out unnoticed takes its conditions with it, and the victim is told of neither.",
    family="bail period",
    standard=("bail_init", "bail_old28"),
    limits="Who extended bail: any entry of more time counts as a decision. The later limits, by rank and by court, "
    "are not worked out. It grades nobody: the decision is worked out from five kinds of event, and a bail that ends "
    "on the day it was set for may have no entry of its own.",
    needs=("events.suspect_arrested", "events.suspect_bailed", "events.bail_extended|events.charge_decision"),
    asks="Q30",
    graded=False,
)
held_24_hours = timely_duty_indicator(
    "held_24_hours",
    title="Charged or released within 24 hours of detention",
    question="Of how many suspects in custody was it decided within 24 hours to charge or to release them?",
    why="The first limit of detention is short so that it is used: interviews and searches that slip past it are lost.",
    family="detention",
    standard=("pace24",),
    limits="Whether a superintendent or a court had allowed more time, which no return says: past the limit it is a "
    "breach unless they had. The limit was not read in its source, so it grades nobody.",
    needs=("events.detention_clock_start", "events.suspect_bailed|events.suspect_charged"),
    asks="Q30",
    graded=False,
)

FORMS = (bail_in_first_period, held_24_hours)
