"""Is the ethnicity of suspects recorded: self-defined, and as perceived by an officer?

The two are separate measures, because one is an answer and the other an impression. Neither replaces the other.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Indicator
from assay.indicators.exclusion_reasons import CANCELLED, NOT_IDENTIFIED, NOTHING_KNOWN, TRANSFERRED

_EXCLUSIONS = {CANCELLED: "cancelled", TRANSFERRED: "transferred"}
_NEEDS = ("involvements.suspect_known_as", "crimes.cancelled_at", "crimes.transferred_to_force")
_SUSPECT: Mapping[str, object] = {
    "in_base": True,
    "cancelled": False,
    "transferred": False,
    "known_as": "named",
    "when_reported": "child when reported",
    "ethnicity_self_recorded": True,
    "ethnicity_officer_recorded": True,
}
_WHY = (
    "Without it nobody can say who offends, in either direction: claims fill the gap, and the right children are not "
    "protected. Past inspections found it missing for most suspects."
)


def _examples(column: str, described: str) -> tuple[tuple[Mapping[str, object], str], ...]:
    return (
        (_SUSPECT, "met"),
        ({**_SUSPECT, column: False}, "not met"),
        ({**_SUSPECT, column: None}, "not known"),
        ({**_SUSPECT, column: False, "when_reported": "adult when reported"}, "not met"),
        ({**_SUSPECT, column: False, "known_as": "nothing_known"}, f"left out: {NOTHING_KNOWN}"),
        ({**_SUSPECT, column: False, "known_as": "described"}, described),
        ({**_SUSPECT, "known_as": None}, "not known if counted"),
        ({**_SUSPECT, "cancelled": True}, "left out: crime_cancelled"),
        ({**_SUSPECT, "transferred": True}, "left out: crime_transferred_to_another_force"),
        ({**_SUSPECT, "in_base": False}, "outside"),
    )


def _combined_examples() -> tuple[tuple[Mapping[str, object], str], ...]:
    """Return the examples for self-defined ethnicity, without an officer's code."""
    self_examples = _examples("ethnicity_self_recorded", f"left out: {NOT_IDENTIFIED}")[1:]
    no_officer_ethnicity = {"ethnicity_officer_recorded": False}
    return tuple(({**row, **no_officer_ethnicity}, answer) for row, answer in self_examples)


suspect_ethnicity_self_recorded = Indicator(
    key="suspect_ethnicity_self_recorded",
    title="Suspect's ethnicity recorded, as they define it",
    question="For how many identified suspects is the ethnicity that they themselves state on record?",
    why=_WHY,
    line="assessments",
    asks="Q27",
    record="suspect",
    population="in_base",
    # Nobody can ask a person who was not identified. A named suspect who was never met stays in: that they were not
    # met is itself worth knowing, and the reason for missing is shown beside.
    excluding={
        **_EXCLUSIONS,
        NOTHING_KNOWN: "known_as = 'nothing_known'",
        NOT_IDENTIFIED: "known_as = 'described'",
    },
    met="ethnicity_self_recorded",
    better="higher",
    limits="Whether it was asked or copied, and anything about groups that were not identified.",
    leans_on="'Asked and not stated' is an answer and counts as recorded; a reason for missing does not.",
    graded=False,
    needs=("involvements.ethnicity_self", *_NEEDS),
    split="when_reported",
    examples=_examples("ethnicity_self_recorded", f"left out: {NOT_IDENTIFIED}"),
)
suspect_ethnicity_officer_recorded = Indicator(
    key="suspect_ethnicity_officer_recorded",
    title="Suspect's ethnicity recorded, as an officer saw it",
    question="For how many suspects, identified or described, is the ethnicity that an officer saw on record?",
    why=_WHY,
    line="assessments",
    asks="Q27",
    record="suspect",
    population="in_base",
    # A description is enough for an officer's code, so those who were only described stay in.
    excluding={**_EXCLUSIONS, NOTHING_KNOWN: "known_as = 'nothing_known'"},
    met="ethnicity_officer_recorded",
    better="higher",
    limits="Whether the officer saw rightly: it is a perception, and differs from what people say of themselves.",
    leans_on="The officer's codes for 'not known' count as not recorded.",
    graded=False,
    needs=("involvements.ethnicity_officer", *_NEEDS),
    split="when_reported",
    examples=_examples("ethnicity_officer_recorded", "not met"),
)

suspect_ethnicity_recorded = Indicator(
    key="suspect_ethnicity_recorded",
    title="Suspect's ethnicity recorded in some way",
    question="For how many identified suspects is any ethnicity on record, as they state it or as an officer saw it?",
    why=_WHY,
    line="assessments",
    asks="Q27",
    record="suspect",
    population="in_base",
    excluding={
        **_EXCLUSIONS,
        NOTHING_KNOWN: "known_as = 'nothing_known'",
        NOT_IDENTIFIED: "known_as = 'described'",
    },
    met="ethnicity_self_recorded or ethnicity_officer_recorded",
    better="higher",
    limits="Which of the two it is: they are different things, and each has its own measure.",
    leans_on="As for each of the two.",
    graded=False,
    needs=("involvements.ethnicity_self", "involvements.ethnicity_officer", *_NEEDS),
    split="when_reported",
    examples=(
        (_SUSPECT, "met"),
        ({**_SUSPECT, "ethnicity_self_recorded": False}, "met"),
        ({**_SUSPECT, "ethnicity_self_recorded": None}, "met"),
        ({**_SUSPECT, "ethnicity_self_recorded": None, "ethnicity_officer_recorded": False}, "not known"),
        *_combined_examples(),
    ),
)

FORMS = (suspect_ethnicity_self_recorded, suspect_ethnicity_officer_recorded, suspect_ethnicity_recorded)
