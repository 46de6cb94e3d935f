"""Was the victim informed in time of what happened to the suspect, such as an arrest or charge?

Eight notices of the Victims' Code share one template: only the event differs. Limits are in the dated standards;
enhanced rights and the limit that applies are derived in `assay.facts.owed_duties`.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Indicator
from assay.indicators.exclusion_reasons import (
    CANCELLED,
    JUSTICE,
    NO_CONTACT,
    NOT_IN_FORCE,
    NOT_YET_DUE,
    POLICE,
    WITH_OTHERS,
)

_LIMITS = "Whether the victim understood, how the news was given, and whether it helped."
_ASSUMPTIONS = (
    "The force's log of notices. A notice that does not say which event it reports is taken for the latest such event "
    "not yet reported, and is counted as inferred; the days of the notice are taken as entered. "
    "A crime is cancelled only if its record says so."
)
_NOTICE: Mapping[str, object] = {
    "in_base": True,
    "age_at_offence": 14,
    "when_reported": "child when reported",
    "state": "in time",
    "in_time": True,
    "crime_cancelled": False,
    "no_contact_wished": False,
    "standard_in_force": True,
}
_NO_NOTICE = {"state": "did not happen", "in_time": False}


def _notice_indicator(
    key: str,
    *,
    subject: str,
    family: str,
    why: str,
    event: str,
    standard: tuple[str, ...],
    holder: str = POLICE,
    graded: bool = True,
) -> Indicator:
    row = {**_NOTICE, "family": family}
    return Indicator(
        key=key,
        title=f"Victim told of {subject}",
        question=(
            f"How many notices of {subject} that were owed to victims were given within the limit of the Victims' Code?"
        ),
        why=why,
        line="responses",
        asks="Q8",
        record="duty",
        population=f"family = '{family}' and in_base and age_at_offence < 18",
        excluding={
            NOT_YET_DUE: "state = 'not yet due'",
            NOT_IN_FORCE: "not standard_in_force",
            CANCELLED: "crime_cancelled",
            NO_CONTACT: "no_contact_wished",
        },
        met="in_time",
        better="higher",
        limits=_LIMITS,
        assumptions=_ASSUMPTIONS,
        standard=standard,
        holder=holder,
        graded=graded,
        needs=(
            "crimes.cancelled_at",
            "involvements.date_of_birth",
            f"events.{event}",
            "events.victim_informed",
        ),
        split="when_reported",
        examples=_examples(row),
    )


def _examples(row: Mapping[str, object]) -> tuple[tuple[Mapping[str, object], str], ...]:
    """Return the examples of every notice; an adult who reports abuse in childhood is counted like any victim."""
    return (
        (row, "met"),
        ({**row, "state": "late", "in_time": False}, "not met"),
        ({**row, **_NO_NOTICE}, "not met"),
        ({**row, **_NO_NOTICE, "when_reported": "adult when reported"}, "not met"),
        ({**row, "state": "not known", "in_time": None}, "not known"),
        ({**row, "state": "not yet due", "in_time": None}, "left out: not_yet_due"),
        ({**row, **_NO_NOTICE, "crime_cancelled": True}, "left out: crime_cancelled"),
        ({**row, **_NO_NOTICE, "no_contact_wished": True}, "left out: no_contact_wished"),
        ({**row, **_NO_NOTICE, "standard_in_force": False}, "left out: standard_not_in_force_then"),
        ({**row, "age_at_offence": None}, "not known if counted"),
        ({**row, "age_at_offence": 18}, "outside"),
        ({**row, "family": "another duty"}, "outside"),
    )


told_of_arrest = _notice_indicator(
    "told_of_arrest",
    subject="the suspect's arrest",
    family="told of arrest",
    why="A victim who hears of the arrest from others loses faith, and may be in danger.",
    event="suspect_arrested",
    standard=("vc6_arrest_enh", "vc6_arrest_std"),
)
told_of_interview = _notice_indicator(
    "told_of_interview",
    subject="the suspect's interview under caution",
    family="told of interview",
    why="After the interview the suspect knows of the report, and the victim must know that.",
    event="suspect_interviewed_under_caution",
    standard=("vc6_interview_enh", "vc6_interview_std"),
)
told_of_release = _notice_indicator(
    "told_of_release",
    subject="the suspect's release without charge",
    family="told of release",
    why="From that hour the suspect may approach the victim, who must know before it, or as soon as possible.",
    event="suspect_released_no_charge",
    standard=("vc6_rwc_enh", "vc6_rwc_std"),
)
told_of_bail = _notice_indicator(
    "told_of_bail",
    subject="the suspect's release on police bail",
    family="told of bail",
    why="Conditions of bail protect only a victim who knows of them, and can report a breach.",
    event="suspect_bailed",
    standard=("vc6_bail_enh", "vc6_bail_std"),
)
# Shown, not graded: the 2021 text of this paragraph has not been read, and the duty is shared with the prosecutor.
told_of_charge_decision = _notice_indicator(
    "told_of_charge_decision",
    subject="the decision to charge or not, with its reason",
    family="told of charge decision",
    why="A victim can ask for a review of a decision not to charge only after hearing of it.",
    event="charge_decision",
    standard=("vc6_charge_enh", "vc6_charge_std"),
    holder=WITH_OTHERS,
    graded=False,
)
told_of_rui = _notice_indicator(
    "told_of_rui",
    subject="the suspect's release under investigation",
    family="told of release under investigation",
    why="A release under investigation has no conditions: a victim who thinks the suspect is held is not on guard.",
    event="suspect_rui",
    standard=("vc6_rui_enh", "vc6_rui_std"),
)
told_of_bail_change = _notice_indicator(
    "told_of_bail_change",
    subject="a change of the suspect's bail",
    family="told of bail change",
    why="A condition of bail that is removed no longer protects the victim, who must know that.",
    event="bail_conditions_varied",
    standard=("vc6_bailvar_enh", "vc6_bailvar_std"),
)
told_of_no_investigation = _notice_indicator(
    "told_of_no_investigation",
    subject="the decision not to investigate",
    family="told of no investigation",
    why="A victim who is not told waits for an investigation that will not happen.",
    event="decision_not_to_investigate",
    standard=("vc6_noinv_enh", "vc6_noinv_std"),
)
# The second leg of an outcome: the first, from the court to witness care, is `court_told_witness_care`.
told_of_outcome = _notice_indicator(
    "told_of_outcome",
    subject="the outcome of the case and the sentence",
    family="told of outcome",
    why="A victim should hear of the sentence from the police, and not read it in a newspaper.",
    event="wcu_received_from_court",
    standard=("vc9_outcome",),
    holder=JUSTICE,
    graded=False,
)

FORMS = (
    told_of_arrest,
    told_of_interview,
    told_of_release,
    told_of_bail,
    told_of_rui,
    told_of_bail_change,
    told_of_no_investigation,
    told_of_charge_decision,
    told_of_outcome,
)
