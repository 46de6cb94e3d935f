"""Were the victim's needs assessed, and was that written down?"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Indicator
from assay.indicators.exclusion_reasons import CANCELLED, NOT_IN_FORCE

_ASSESSED: Mapping[str, object] = {
    "family": "needs assessment",
    "in_base": True,
    "age_at_offence": 14,
    "when_reported": "child when reported",
    "in_time": True,
    "crime_cancelled": False,
    "standard_in_force": True,
}

needs_assessment_recorded = Indicator(
    key="needs_assessment_recorded",
    title="Needs assessment recorded",
    question="For how many victims is an assessment of their needs, enhanced rights included, on record?",
    why="Who is not assessed gets the standard service: slower news, no special measures, no help to speak.",
    line="assessments",
    asks="Q9",
    record="duty",
    population="family = 'needs assessment' and in_base and age_at_offence < 18",
    # A victim who wishes no contact is owed one all the same: it can be made from what is known.
    excluding={NOT_IN_FORCE: "not standard_in_force", CANCELLED: "crime_cancelled"},
    met="in_time",
    better="higher",
    limits="Whether it was made at the first report, whether it was right, and whether anything followed from it.",
    leans_on="The force's log: an assessment that was never entered counts as not made where the log is complete.",
    standard=("vc4_needs",),
    needs=(
        "crimes",
        "crimes.reported_at|report_crimes",
        "crimes.cancelled_at",
        "involvements.date_of_birth",
        "events.needs_assessment_recorded",
    ),
    split="when_reported",
    examples=(
        (_ASSESSED, "met"),
        ({**_ASSESSED, "in_time": False}, "not met"),
        ({**_ASSESSED, "in_time": False, "when_reported": "adult when reported"}, "not met"),
        ({**_ASSESSED, "in_time": None}, "not known"),
        ({**_ASSESSED, "in_time": False, "crime_cancelled": True}, "left out: crime_cancelled"),
        (
            {**_ASSESSED, "in_time": False, "standard_in_force": False},
            "left out: standard_not_in_force_then",
        ),
        ({**_ASSESSED, "age_at_offence": None}, "not known if counted"),
        ({**_ASSESSED, "age_at_offence": 30}, "outside"),
    ),
)

FORMS = (needs_assessment_recorded,)
