"""How long do victims wait from the report to the first contact and to a charge, with open cases as censored?

A mean of ended waits would ignore everyone who still waits. Open waits are censored at the day of the data, and other
endings compete: the cumulative incidence gives the share that had ended, in which way, by each day.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Wait
from assay.indicators.exclusion_reasons import CANCELLED, NO_CONTACT

CHARGED, CLOSED, CANCELLED_OR_PASSED_ON = "charged", "closed without charge", "cancelled or transferred"
CONTACTED, CLOSED_FIRST = "first contact", "crime closed first"
_CRIME: Mapping[str, object] = {
    "in_base": True,
    "ends_known": True,
    "when_reported": "child when reported",
    "days_to_charged": None,
    "days_to_closed": None,
    "days_to_cancelled": None,
    "days_seen": 400,
}
_VICTIM: Mapping[str, object] = {
    "in_base": True,
    "age_at_offence": 14,
    "when_reported": "child when reported",
    "cancelled": False,
    "no_contact_wished": False,
    "contact_known": True,
    "days_to_first_contact": None,
    "days_to_closed": None,
    "days_seen": 400,
}

report_to_charge = Wait(
    key="report_to_charge",
    title="From the report to a charge",
    question="How long does it take from the report of a crime until somebody is charged?",
    why="Months without a decision wear victims out: many stop supporting the case while they wait.",
    line="responses",
    asks="Q30",
    record="crime",
    population="in_base",
    start="the day on which the matter was reported to the police",
    ends=(CHARGED, "days_to_charged"),
    competing=((CLOSED, "days_to_closed"), (CANCELLED_OR_PASSED_ON, "days_to_cancelled")),
    seen="days_seen",
    known="ends_known",
    # A fast charge is not always a good one, and a case that ends fast without one is worse.
    better="neither",
    limits="Why it took so long, and how much of the time lay with the prosecutor or with a laboratory.",
    assumptions="Days as entered; a crime still open when the data were read waits until that day.",
    graded=False,
    needs=(
        "crimes.reported_at|report_crimes",
        "crimes.outcome_code",
        "crimes.closed_at",
        "crimes.cancelled_at",
        "crimes.transferred_to_force",
        # Without these events no wait is known to be open, and the curve would be that of closed crimes alone.
        "events.suspect_charged",
        "events.charge_decision",
    ),
    split="when_reported",
    examples=(
        ({**_CRIME, "days_to_charged": 120, "days_to_closed": 120}, CHARGED),
        ({**_CRIME, "days_to_closed": 90}, CLOSED),
        ({**_CRIME, "days_to_cancelled": 30}, CANCELLED_OR_PASSED_ON),
        (_CRIME, "still waiting"),
        ({**_CRIME, "days_seen": None}, "not known"),
        ({**_CRIME, "ends_known": False}, "not known"),
        ({**_CRIME, "in_base": False}, "outside"),
    ),
)
report_to_first_contact = Wait(
    key="report_to_first_contact",
    title="From the report to the first contact with the victim",
    question="How long does it take from the report until the police are first in contact with the victim?",
    why="A child or an adult who reports a crime and hears nothing learns that it is no use to report.",
    line="responses",
    asks="Q30",
    record="victim",
    population="in_base and age_at_offence < 18",
    start="the day on which the matter was reported to the police",
    ends=(CONTACTED, "days_to_first_contact"),
    competing=((CLOSED_FIRST, "days_to_closed"),),
    seen="days_seen",
    known="contact_known",
    excluding={CANCELLED: "cancelled", NO_CONTACT: "no_contact_wished"},
    better="lower",
    limits="Who made contact, how, and whether the victim was seen and heard.",
    assumptions="The force's log of contacts; the talk in which the matter was reported is not itself counted as "
    "contact.",
    graded=False,
    needs=(
        "crimes.reported_at|report_crimes",
        "crimes.cancelled_at",
        "involvements.date_of_birth",
        "events.victim_contacted",
    ),
    split="when_reported",
    examples=(
        ({**_VICTIM, "days_to_first_contact": 0}, CONTACTED),
        ({**_VICTIM, "days_to_first_contact": 3, "when_reported": "adult when reported"}, CONTACTED),
        ({**_VICTIM, "days_to_closed": 40}, CLOSED_FIRST),
        (_VICTIM, "still waiting"),
        ({**_VICTIM, "contact_known": False}, "not known"),
        ({**_VICTIM, "no_contact_wished": True}, "left out: no_contact_wished"),
        ({**_VICTIM, "cancelled": True}, "left out: crime_cancelled"),
        ({**_VICTIM, "age_at_offence": None}, "not known if counted"),
        ({**_VICTIM, "age_at_offence": 19}, "outside"),
    ),
)

FORMS = (report_to_charge, report_to_first_contact)
