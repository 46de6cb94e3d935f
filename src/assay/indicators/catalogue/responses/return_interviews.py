"""Were children who returned from being missing offered, and given, an interview with an independent person?"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Indicator
from assay.indicators.exclusion_reasons import DECLINED, NOT_IN_FORCE, NOT_YET_DUE, SYSTEM

_INTERVIEW_DUTY: Mapping[str, object] = {
    "family": "return interview",
    "country": "E",
    "in_base": True,
    "state": "in time",
    "in_time": True,
    "declined": False,
    "standard_in_force": True,
}

# The duty is the local authority's: it is shown under the system around the child, and grades no police force.
return_interview_in_72_hours = Indicator(
    key="return_interview_in_72_hours",
    title="Return interview within 72 hours",
    question="After how many missing episodes did the child have an independent return interview within 72 hours?",
    why="It is often the first talk in which a child can say where they were, and with whom.",
    line="responses",
    asks="Q43",
    record="duty",
    population="family = 'return interview' and country = 'E' and in_base",
    excluding={
        NOT_YET_DUE: "state = 'not yet due'",
        NOT_IN_FORCE: "not standard_in_force",
        DECLINED: "declined",
    },
    met="in_time",
    better="higher",
    limits="What was said, whether it reached the police, and whether anything followed.",
    leans_on=(
        "What the police hold of an interview that others carried out; England only. A refusal that is not on record "
        "is taken as none, also where a force does not send refusals."
    ),
    standard=("rhi72",),
    holder=SYSTEM,
    graded=False,
    needs=("missing.ended_at", "events.return_interview_completed"),
    examples=(
        (_INTERVIEW_DUTY, "met"),
        ({**_INTERVIEW_DUTY, "state": "did not happen", "in_time": False}, "not met"),
        ({**_INTERVIEW_DUTY, "state": "not known", "in_time": None}, "not known"),
        ({**_INTERVIEW_DUTY, "state": "not yet due", "in_time": None}, "left out: not_yet_due"),
        (
            {**_INTERVIEW_DUTY, "state": "did not happen", "in_time": False, "declined": True},
            "left out: child_declined",
        ),
        (
            {**_INTERVIEW_DUTY, "state": "did not happen", "in_time": False, "standard_in_force": False},
            "left out: standard_not_in_force_then",
        ),
        ({**_INTERVIEW_DUTY, "in_base": False}, "outside"),
        ({**_INTERVIEW_DUTY, "country": "W"}, "outside"),
        ({**_INTERVIEW_DUTY, "country": None}, "not known if counted"),
    ),
)

FORMS = (return_interview_in_72_hours,)
