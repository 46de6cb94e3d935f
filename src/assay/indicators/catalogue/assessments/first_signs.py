"""How long from the first sign that a child may be exploited to an assessment, and to a flag?

Only children whose exploitation the force flagged in the end are included: for others it is unknown whether a flag was
due.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Indicator, Wait
from assay.indicators.exclusion_reasons import ALREADY_ASSESSED

ASSESSED = "assessed"
_CHILD: Mapping[str, object] = {
    "in_base": True,
    "marked": True,
    "flagged": True,
    "assessed_before": False,
    "flagged_before": False,
    "episodes": 3,
    "many_before_flag": True,
    "assessments_known": True,
    "flags_known": True,
    "days_seen": 200,
}
_NEEDS = ("flags", "crimes", "involvements", "missing", "referrals")
_START = "the day of the first sign: a crime, a missing episode, a referral, or signs or words that were entered"
_LIMITS = (
    "Signs that were seen and not entered, those before the days that were sent, and children never marked at all."
)
_LEANS = "The first sign among what was sent is taken for the first of all."

sign_to_assessment = Wait(
    key="sign_to_assessment",
    title="From the first sign to the first assessment",
    question="How long is it from the first sign that a child may be exploited until the child's risk is assessed?",
    why="Until somebody has looked at everything together, each sign is treated as if it stood alone.",
    line="assessments",
    asks="Q17",
    record="known_child",
    population="in_base and marked",
    start=_START,
    ends=(ASSESSED, "days_to_assessment"),
    seen="days_seen",
    known="assessments_known",
    excluding={ALREADY_ASSESSED: "assessed_before"},
    better="lower",
    limits=_LIMITS,
    leans_on=_LEANS,
    graded=False,
    needs=("assessments", *_NEEDS),
    examples=(
        ({**_CHILD, "days_to_assessment": 12}, ASSESSED),
        (_CHILD, "still waiting"),
        ({**_CHILD, "assessments_known": False}, "not known"),
        ({**_CHILD, "assessed_before": True}, f"left out: {ALREADY_ASSESSED}"),
        ({**_CHILD, "marked": None}, "not known if counted"),
        ({**_CHILD, "marked": False}, "outside"),
    ),
)
three_episodes_before_flag = Indicator(
    key="three_episodes_before_flag",
    title="Missing three times or more before the flag",
    question="Of flagged children who were ever missing, how many had been missing three times or more before it?",
    why="The inquiry found a child missing 36 times before anybody marked what was happening.",
    line="assessments",
    asks="Q18",
    record="known_child",
    population="in_base and flagged and episodes >= 1",
    met="many_before_flag",
    better="lower",
    limits=_LIMITS,
    leans_on="Missing episodes that were sent. Three is where local procedures begin to plan; no national "
    "standard says so.",
    graded=False,
    needs=("flags.added_at", *_NEEDS),
    examples=(
        (_CHILD, "met"),
        ({**_CHILD, "many_before_flag": False}, "not met"),
        ({**_CHILD, "many_before_flag": None}, "not known"),
        ({**_CHILD, "flagged": None}, "not known if counted"),
        ({**_CHILD, "episodes": 0}, "outside"),
        ({**_CHILD, "in_base": False}, "outside"),
    ),
)

FORMS = (three_episodes_before_flag, sign_to_assessment)
