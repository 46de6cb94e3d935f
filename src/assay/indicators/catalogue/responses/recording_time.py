"""Was the report recorded as a crime in time?"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Indicator
from assay.indicators.exclusion_reasons import NOT_IN_FORCE, NOT_YET_DUE

_RECORDED: Mapping[str, object] = {
    "family": "recorded",
    "in_base": True,
    "state": "in time",
    "in_time": True,
    "when_reported": "child when reported",
    "standard_in_force": True,
}
_LATE = {"state": "late", "in_time": False}

recorded_in_24_hours = Indicator(
    key="recorded_in_24_hours",
    title="Recorded within 24 hours",
    question="How many crimes were recorded within 24 hours of the report reaching the police?",
    why="Until a crime is recorded nothing starts: no investigator, no victim's rights, no count. Evidence is lost.",
    line="responses",
    asks="Q28",
    record="duty",
    population="family = 'recorded' and in_base",
    # A crime that was cancelled or passed on later was still a report that had to be recorded: it stays in.
    excluding={NOT_YET_DUE: "state = 'not yet due'", NOT_IN_FORCE: "not standard_in_force"},
    met="in_time",
    better="higher",
    limits="Whether reports that never became a crime should have: that is read in a sample of reports.",
    leans_on="The time of the report as the force holds it; a report known by its day alone may or may not be in time.",
    standard=("hocr24",),
    needs=("crimes", "crimes.reported_at|report_crimes"),
    split="when_reported",
    examples=(
        (_RECORDED, "met"),
        ({**_RECORDED, **_LATE}, "not met"),
        ({**_RECORDED, **_LATE, "when_reported": "adult when reported"}, "not met"),
        ({**_RECORDED, "state": "not known", "in_time": None}, "not known"),
        ({**_RECORDED, "state": "not yet due", "in_time": None}, "left out: not_yet_due"),
        ({**_RECORDED, **_LATE, "standard_in_force": False}, "left out: standard_not_in_force_then"),
        ({**_RECORDED, "in_base": False}, "outside"),
        ({**_RECORDED, "in_base": None}, "not known if counted"),
    ),
)

FORMS = (recorded_in_24_hours,)
