"""Are the characteristics of victims and suspects recorded: sex, ethnicity, disability, care, nationality?

Missing values are never imputed, and no figure about people is based only on those whose characteristic is known.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Indicator
from assay.indicators.exclusion_reasons import CANCELLED, NOT_IDENTIFIED, NOTHING_KNOWN, TRANSFERRED

WORDS: Mapping[str, tuple[str, str]] = {
    "sex": ("Sex", "sex"),
    "ethnicity_self": ("Ethnicity", "ethnicity, as they define it,"),
    "disability": ("Disability", "disability, or that there is none,"),
    "care_status": ("Care status", "care status"),
    "nationality": ("Nationality", "nationality"),
}
VICTIM_FIELDS = tuple(WORDS)
SUSPECT_FIELDS = ("sex", "disability", "nationality")
"""The ethnicity of suspects has a module of its own; care is asked of children, who are few among suspects."""
_ROW: Mapping[str, object] = {
    "in_base": True,
    "role": "victim",
    "child_at_offence": True,
    "known_as": "named",
    "cancelled": False,
    "transferred": False,
    "when_reported": "child when reported",
}
_BOTH_RECORDED: Mapping[str, object] = {**_ROW, "care_status_recorded": True, "disability_recorded": True}
_NOT_RECORDED: Mapping[str, object] = {**_ROW, "care_status_recorded": False, "disability_recorded": False}
_EXCLUSIONS = {CANCELLED: "cancelled", TRANSFERRED: "transferred"}
_NEEDS = ("crimes.cancelled_at", "crimes.transferred_to_force", "involvements.role")
_LEANS = (
    "An answer is recorded, 'asked and not stated' too; a reason for missing is none, and is shown on the page of what "
    "is recorded."
)


def _victim_indicator(field: str) -> Indicator:
    name, words = WORDS[field]
    met = f"{field}_recorded"
    row = {**_ROW, met: True}
    return Indicator(
        key=f"victim_{met}",
        title=f"{name} of the victim recorded",
        question=f"For how many child victims is their {words} on record?",
        why="Nobody can tell who is served worse, or not seen at all, where it is not written down.",
        line="assessments",
        asks="Q27",
        record="described",
        population="in_base and role = 'victim' and child_at_offence",
        excluding=_EXCLUSIONS,
        met=met,
        better="higher",
        limits="Whether it is right, and whether the child was asked.",
        leans_on=_LEANS,
        graded=False,
        needs=(f"involvements.{field}", *_NEEDS),
        split="when_reported",
        examples=(
            (row, "met"),
            ({**row, met: False}, "not met"),
            ({**row, met: False, "when_reported": "adult when reported"}, "not met"),
            ({**row, met: None}, "not known"),
            ({**row, "cancelled": True}, f"left out: {CANCELLED}"),
            ({**row, "transferred": True}, f"left out: {TRANSFERRED}"),
            ({**row, "child_at_offence": None}, "not known if counted"),
            ({**row, "child_at_offence": False}, "outside"),
            ({**row, "role": "suspect"}, "outside"),
            ({**row, "in_base": False}, "outside"),
        ),
    )


victim_care_or_disability_recorded = Indicator(
    key="victim_care_or_disability_recorded",
    title="Care status or disability of the victim recorded",
    question="For how many child victims is their care status or their disability, or that there is none, on record?",
    why="Children in care and disabled children are exploited more often: where neither is written down, who asked?",
    line="assessments",
    asks="Q27",
    record="described",
    population="in_base and role = 'victim' and child_at_offence",
    excluding=_EXCLUSIONS,
    met="care_status_recorded or disability_recorded",
    better="higher",
    limits="Which of the two it is: each has its own measure.",
    leans_on=_LEANS,
    graded=False,
    needs=("involvements.care_status", "involvements.disability", *_NEEDS),
    split="when_reported",
    examples=(
        (_BOTH_RECORDED, "met"),
        ({**_BOTH_RECORDED, "care_status_recorded": False}, "met"),
        ({**_BOTH_RECORDED, "disability_recorded": None}, "met"),
        ({**_NOT_RECORDED, "disability_recorded": None}, "not known"),
        (_NOT_RECORDED, "not met"),
        ({**_NOT_RECORDED, "when_reported": "adult when reported"}, "not met"),
        ({**_BOTH_RECORDED, "cancelled": True}, f"left out: {CANCELLED}"),
        ({**_BOTH_RECORDED, "transferred": True}, f"left out: {TRANSFERRED}"),
        ({**_BOTH_RECORDED, "child_at_offence": None}, "not known if counted"),
        ({**_BOTH_RECORDED, "role": "suspect"}, "outside"),
    ),
)


def _suspect_indicator(field: str) -> Indicator:
    name, words = WORDS[field]
    met = f"{field}_recorded"
    row = {**_ROW, "role": "suspect", met: True}
    return Indicator(
        key=f"suspect_{met}",
        title=f"{name} of the suspect recorded",
        question=f"For how many identified suspects is their {words} on record?",
        why="Without it nobody can say who is suspected, in either direction: claims fill the gap.",
        line="assessments",
        asks="Q27",
        record="described",
        population="in_base and role = 'suspect'",
        excluding={
            **_EXCLUSIONS,
            NOTHING_KNOWN: "known_as = 'nothing_known'",
            NOT_IDENTIFIED: "known_as = 'described'",
        },
        met=met,
        better="higher",
        limits="Whether it is right, and anything about suspects who were not identified.",
        leans_on=_LEANS,
        graded=False,
        needs=(f"involvements.{field}", "involvements.suspect_known_as", *_NEEDS),
        split="when_reported",
        examples=(
            (row, "met"),
            ({**row, met: False}, "not met"),
            ({**row, met: False, "when_reported": "adult when reported"}, "not met"),
            ({**row, met: None}, "not known"),
            ({**row, "cancelled": True}, f"left out: {CANCELLED}"),
            ({**row, "transferred": True}, f"left out: {TRANSFERRED}"),
            ({**row, "known_as": "nothing_known"}, f"left out: {NOTHING_KNOWN}"),
            ({**row, "known_as": "described"}, f"left out: {NOT_IDENTIFIED}"),
            ({**row, "known_as": None}, "not known if counted"),
            ({**row, "role": "victim"}, "outside"),
            ({**row, "in_base": False}, "outside"),
        ),
    )


FORMS = (
    *map(_victim_indicator, VICTIM_FIELDS),
    victim_care_or_disability_recorded,
    *map(_suspect_indicator, SUSPECT_FIELDS),
)
