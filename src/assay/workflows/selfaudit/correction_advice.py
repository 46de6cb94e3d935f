"""Advice on each fact: what a missing value means, and where a force can correct it.

The texts are selected by `record_lists`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Advice:
    """Why a record has its answer, and what to correct (table and column, or kind of event)."""

    reason: str
    action: str


MISSING: Mapping[str, Advice] = {
    "in_base": Advice("Whether it belongs to the period is not known.", "crimes.recorded_at, crimes.scope_reason"),
    "age_at_offence": Advice(
        "The victim's age when the offence happened is not known, or may lie on either side of 18.",
        "involvements.date_of_birth; crimes.occurred_from, occurred_to",
    ),
    "standard_in_force": Advice("Which standard held when the clock began is not known.", "the day of the first event"),
    "crime_cancelled": Advice("Whether the crime was cancelled in time is not known.", "crimes.cancelled_at"),
    "cancelled": Advice("Whether the crime was cancelled is not known.", "crimes.cancelled_at"),
    "transferred": Advice(
        "Whether the crime was passed to another force is not known.",
        "crimes.transferred_to_force; the event transfer_accepted",
    ),
    "no_contact_wished": Advice(
        "Whether the victim had asked not to be contacted is not known.", "the events of the contact agreement"
    ),
    "country": Advice("Whether it was in England or in Wales is not known.", "local_authority_code"),
    "declined": Advice("Whether the child declined the interview is not known.", "the event return_interview_declined"),
    "known_as": Advice("How far the suspect is known is not on record.", "involvements.suspect_known_as"),
    "ethnicity_self_recorded": Advice(
        "The value was set aside on receipt.", "involvements.ethnicity_self, in the letter"
    ),
    "ethnicity_officer_recorded": Advice(
        "The value was set aside on receipt.", "involvements.ethnicity_officer, in the letter"
    ),
    "cse_titled": Advice("What the offence is called is not known.", "crimes.offence_code"),
    "cse_flagged": Advice(
        "No flag is there, and the return does not say that every flag is sent.",
        "flags; complete in return.toml, [tables.flags]",
    ),
    "tied_by": Advice("How this group was found is not on record.", "run the self-audit again"),
    "named_suspects": Advice("How many suspects are named is not on record.", "involvements.suspect_known_as"),
    "child_victim": Advice(
        "No victim of the group is known to have been under 18, and the age of some is not known.",
        "involvements.date_of_birth; crimes.occurred_from, occurred_to",
    ),
    "marked": Advice(
        "No flag is on any crime of the group, and the return does not say that every flag is sent.",
        "flags; complete in return.toml, [tables.flags]",
    ),
    "held": Advice(
        "The group is not on the list, and the return does not say that the list is whole.",
        "groups, group_members; complete in return.toml",
    ),
    "searchable": Advice("Whether it could be searched is not said.", "return.toml, searchable of each table"),
    "several_children": Advice(
        "Whether two victims of this suspect were children hangs on an age that is not known.",
        "involvements.date_of_birth; crimes.occurred_from, occurred_to",
    ),
    "acted_on": Advice(
        "Nothing is on record against this suspect, and the return does not say that all of it is sent, or an arrest "
        "or charge names nobody.",
        "the events suspect_arrested and suspect_charged; orders; complete in return.toml",
    ),
    "body_kind": Advice("What kind of body this is is not known.", "return.toml, force_code"),
    "profile_standard_in_force": Advice(
        "The day of the extraction of profiles is not known.", "return.toml, extracted_at of [tables.profiles]"
    ),
    "profile_current_with_groups": Advice(
        "The profile's date or its sections are not on record, or not every profile is sent.",
        "profiles; complete in return.toml, [tables.profiles]",
    ),
    "suspect_identified": Advice(
        "Nobody is named, and the list of suspects is not complete or the outcome says that somebody was identified.",
        "involvements.suspect_known_as; crimes.outcome_code; complete in return.toml, [tables.involvements]",
    ),
    "charged": Advice(
        "No charge is on record, and the return does not say that every outcome and charge is sent.",
        "crimes.outcome_code; the event suspect_charged; complete in return.toml",
    ),
    "pending": Advice(
        "Whether it has an outcome is not known, or outcome and day of closing contradict each other.",
        "crimes.outcome_code, crimes.closed_at",
    ),
    "closed_no_further": Advice(
        "Whether it was closed, or with what outcome, is not known.", "crimes.outcome_code, crimes.closed_at"
    ),
    "outcome_family": Advice("The outcome is not on record.", "crimes.outcome_code"),
    "named_suspect": Advice(
        "Whether a suspect is named is not known: the list of suspects was not sent.", "involvements.suspect_known_as"
    ),
    "named": Advice("How far the suspect is known is not on record.", "involvements.suspect_known_as"),
    "line_raised": Advice("Whether a line of enquiry was raised is not known.", "the event line_of_enquiry_raised"),
    "suspect_met_first": Advice(
        "No arrest or interview before the closing is on record, and the return does not say that all are sent.",
        "the events suspect_arrested and suspect_interviewed_under_caution; complete in return.toml",
    ),
    "lines_ended": Advice(
        "A line of enquiry has no end, and the return does not say that every end is sent.",
        "the event line_of_enquiry_closed, with about_event_ref; complete in return.toml",
    ),
    "reviewed": Advice(
        "No review is on record, and the return does not say that all are sent.",
        "the event supervisor_review; complete in return.toml",
    ),
    "planned": Advice(
        "No plan is on record, and the return does not say that all are sent.",
        "the event investigation_plan_set; complete in return.toml",
    ),
    "recent_and_open": Advice(
        "When the crime was reported is not known.", "crimes.reported_at, or reports.received_at"
    ),
    "in_order": Advice("Fewer than two steps of the course are on record.", "the events of the crime, and their days"),
    "decided": Advice(
        "No result of a court is on record, and the return does not say that every result is sent.",
        "court; complete in return.toml, [tables.court]",
    ),
    "convicted": Advice(
        "What the court decided is not entered, or an appeal was allowed and the record does not say against what.",
        "court.court_result",
    ),
    "reworked": Advice(
        "No reopening and no second file is on record, and the return does not say that all are sent.",
        "the events crime_reopened and file_submitted; complete in return.toml",
    ),
    "early_advice": Advice(
        "No request is on record, and the return does not say that all are sent.",
        "the event early_advice_requested; complete in return.toml",
    ),
    "lead_trained": Advice("Whether the lead was accredited is not on record.", "crimes.lead_trained"),
    "met": Advice(
        "No arrest or interview is on record; one may name nobody, or the return does not say that all are sent.",
        "the events suspect_arrested and suspect_interviewed_under_caution; complete in return.toml",
    ),
    "file_sent": Advice("Whether a file went to the prosecutor is not known.", "the event file_submitted"),
    "under_criminal_age": Advice("Whether the suspect was under ten is not known.", "involvements.date_of_birth"),
    "looked_for": Advice(
        "No step to identify this suspect is on record; one may name nobody, or not all are sent.",
        "the events identification_attempted and suspect_identified, with involvement_ref",
    ),
    "adult": Advice("The suspect's age is not known.", "involvements.date_of_birth"),
    "exploitation_marked": Advice(
        "No flag is there, and the return does not say that every flag is sent.",
        "flags; complete in return.toml, [tables.flags]",
    ),
    "under_order": Advice(
        "No order is on record, and the return does not say that every order is sent.",
        "orders, with person_ref; complete in return.toml, [tables.orders]",
    ),
    "others_looked_for": Advice(
        "No check is on record; one may name nobody, or the return does not say that all are sent.",
        "the event other_children_check_done, with person_ref; complete in return.toml",
    ),
    "first_file_accepted": Advice("The prosecutor's first look is not on record.", "the event cps_triage_result"),
    "followed_up": Advice(
        "The person on the notice is suspected of no crime that is sent, and not every crime or suspect is.",
        "orders.person_ref; involvements; complete in return.toml",
    ),
    "recent": Advice("The day on which it was made is not known.", "referrals.made_at, or orders.made_at"),
    "is_warning": Advice("Whether it is a warning notice is not on record.", "orders.order_code"),
    "partners_know": Advice(
        "No referral is on record, and the return does not say that every referral is sent.",
        "referrals, with person_ref; complete in return.toml, [tables.referrals]",
    ),
    "partner_lists": Advice(
        "The child is on no list that was sent, and the return does not say that every list is sent.",
        "agencies, or registers, with person_ref; complete in return.toml, [tables.agencies]",
    ),
    "discussed": Advice(
        "No strategy discussion is on record, and the return does not say that all are sent.",
        "the event strategy_discussion_held, with person_ref; complete in return.toml",
    ),
    "known_exploited": Advice(
        "Who the child is, or whether a crime against them is marked, is not known.",
        "missing.person_ref; flags; complete in return.toml",
    ),
    "graded_low": Advice("The first grade is not on record.", "missing.first_grade"),
    "exploitation_flagged": Advice(
        "No flag is there, and the return does not say that every flag is sent.",
        "flags; complete in return.toml, [tables.flags]",
    ),
    "direction": Advice("Whether it came in or went out is not on record.", "referrals.direction"),
    "agency_kind": Advice("Whom it came from is not on record.", "referrals.agency_kind"),
    "answered": Advice(
        "No answer is there, and the return does not say that every answer is sent.",
        "referrals.answered_at; complete in return.toml, [tables.referrals]",
    ),
    "duty_report": Advice("Whether it was made under the duty to report is not on record.", "referrals.duty_report"),
    "online_report": Advice("Whether it came from an online service is not on record.", "referrals.online_report"),
    "safeguarding_followed": Advice(
        "Whether a step to make a child safe followed is not on record.", "referrals.safeguarding_followed"
    ),
    "drives_for_hire": Advice("Whether the suspect drives for hire is not on record.", "involvements.drives_for_hire"),
    "licensing_told": Advice(
        "Whether the licensing authority was told of the suspect is not on record.", "involvements.licensing_told"
    ),
    "role": Advice("Whether this is a victim or a suspect is not on record.", "involvements.role"),
    "child_at_offence": Advice(
        "Whether they were under 18 when the offence happened is not known.",
        "involvements.date_of_birth; crimes.occurred_from, occurred_to",
    ),
    "sex_recorded": Advice("The value was set aside on receipt.", "involvements.sex, in the letter"),
    "disability_recorded": Advice("The value was set aside on receipt.", "involvements.disability, in the letter"),
    "care_status_recorded": Advice("The value was set aside on receipt.", "involvements.care_status, in the letter"),
    "nationality_recorded": Advice("The value was set aside on receipt.", "involvements.nationality, in the letter"),
    "removed_in_period": Advice("Whether the flag was taken away, or on which day, is not known.", "flags.removed_at"),
    "crimes": Advice("Whether a crime came of this report is not known.", "report_crimes; reports.report_result"),
    "report_result": Advice("How the report ended is not on record.", "reports.report_result"),
    "n100_made": Advice(
        "No day of an N100 record is there, and the return does not say that all are sent.",
        "reports.n100_at; complete in return.toml, [tables.reports]",
    ),
    "groups_shown": Advice(
        "How many groups the records show is not known: crimes, people, ages or marks are not whole.",
        "crimes, involvements.date_of_birth, flags",
    ),
    "denies_groups": Advice(
        "What the force says of groups is not on record.", "claims, about_kind groups; profiles.claimed_groups"
    ),
    "number_of_child": Advice(
        "Which of the child's missing episodes this is is not known: the child or a day is not, or the order of two.",
        "missing.person_ref, missing.started_at",
    ),
    "planned_after": Advice(
        "No plan for the next time is on record, and the return does not say that all are sent.",
        "the event trigger_plan_made; complete in return.toml, [events.trigger_plan_made]",
    ),
    "profile_uses_partners_data": Advice(
        "Whether the latest profile uses a partner's data is not on record, or not every profile is sent.",
        "profiles; complete in return.toml, [tables.profiles]",
    ),
    "profile_covers_a_year": Advice(
        "From when to when the latest profile's data run is not on record, or not every profile is sent.",
        "profiles; complete in return.toml, [tables.profiles]",
    ),
    "profile_crimes_fit": Advice(
        "How many crimes the latest profile counts, or what the records of the same days hold, is not known.",
        "profiles.claimed_crimes; crimes of the days that the profile covers",
    ),
    "profile_children_fit": Advice(
        "How many children the latest profile counts, or what the records of the same days hold, is not known.",
        "profiles.claimed_children; crimes and involvements of the days that the profile covers",
    ),
    "profile_suspects_fit": Advice(
        "How many suspects the latest profile counts, or what the records of the same days hold, is not known.",
        "profiles.claimed_suspects; crimes and involvements of the days that the profile covers",
    ),
    "harm_before": Advice(
        "Whether the child had been harmed before the assessment is not known.",
        "assessments.assessed_at, person_ref; crimes.occurred_from, occurred_to",
    ),
    "harm_named": Advice(
        "Whether the assessment speaks of harm or of risk is not on record.", "assessments.harm_finding"
    ),
    "harm_in_words": Advice(
        "Whether the assessment names harm, or says anything in words, is not known.",
        "assessments.harm_finding, assessments.narrative",
    ),
    "items_scored": Advice("The tool has no key, or an item is missing.", "assessments.tool; assessment_items"),
    "score_right": Advice("The score is not on record.", "assessments.score"),
    "band_right": Advice("The band or the score is not on record.", "assessments.band, assessments.score"),
    "override": Advice("Whether the assessor set another band is not on record.", "assessments.override"),
    "override_reason_given": Advice(
        "Whether a reason was entered is not on record.", "assessments.override_reason_given"
    ),
    "narrative_given": Advice("Whether the assessment says anything in words is not known.", "assessments.narrative"),
    "narrative_copied": Advice("Its words could not be set beside those of others.", "assessments.narrative"),
    "let_go": Advice(
        "Whether the child was taken off the list or moved down is not known.", "registers.ended_on, registers.tier"
    ),
    "under_investigation": Advice(
        "Whether the suspect was released under investigation is not known.", "the event suspect_rui, with its suspect"
    ),
    "removed": Advice("Whether the child was taken off the list is not known.", "registers.ended_on, reason_ended"),
    "lowered": Advice(
        "Whether the child was moved to a lower tier is not known.", "registers.ended_on, registers.tier"
    ),
    "several_suspects": Advice(
        "Whether two or more suspects are on the crime is not known.",
        "involvements; complete in return.toml, [tables.involvements]",
    ),
    **{
        f"examined_in_{days}": Advice(
            f"Whether the device was examined within {days} days is not known.",
            "the events device_seized and device_examined, with the number of the item; complete in return.toml",
        )
        for days in (180, 365)
    },
    **{
        f"{name}_followed_{days}": Advice(f"Whether {days} days had passed is not known.", action)
        for name, days, action in (
            ("examined", 180, "the event device_seized, with the number of the item"),
            ("examined", 365, "the event device_seized, with the number of the item"),
            ("decided", 180, "the event suspect_rui, with its day"),
            ("answered", 28, "referrals.made_at"),
        )
    },
    **{
        f"closed_first_{days}": Advice(
            "Whether the crime was closed before the device was examined is not known.",
            "crimes.outcome_code, closed_at",
        )
        for days in (180, 365)
    },
    "decided_in_180": Advice(
        "Whether it was decided within 180 days is not known.",
        "the events charge_decision, suspect_charged and suspect_nfa_decided; complete in return.toml",
    ),
    "answered_in_28": Advice(
        "Whether it was answered within 28 days is not known.", "referrals.answered_at; complete in return.toml"
    ),
    "back_in_90": Advice("Whether the child came to notice again is not known.", "the tables of which not all is sent"),
    "back_in_180": Advice(
        "Whether the child came to notice again is not known.", "the tables of which not all is sent"
    ),
    "followed_90": Advice("Whether 90 days had passed is not known.", "registers.ended_on"),
    "followed_180": Advice("Whether 180 days had passed is not known.", "registers.ended_on"),
    "flagged": Advice(
        "No flag is there, and the return does not say that every flag is sent.",
        "flags; complete in return.toml, [tables.flags]",
    ),
    "episodes": Advice(
        "How often the child was missing is not known.", "missing; complete in return.toml, [tables.missing]"
    ),
    "many_before_flag": Advice(
        "How often the child was missing before the flag is not known.", "missing.started_at; flags.added_at"
    ),
    "as_listed": Advice("Whether the child stands on a list is not known.", "registers, with person_ref"),
    "as_victim": Advice("Whether the child is a victim in the records is not known.", "involvements, with person_ref"),
    "as_missing": Advice("Whether the child was missing is not known.", "missing, with person_ref"),
    "suspect_too": Advice(
        "Whether this child is also suspected within the window of their exploitation is not known.",
        "involvements.person_ref; crimes.occurred_from, occurred_to",
    ),
    "unconsidered": Advice(
        "Whether an offence of this child was decided before exploitation was considered is not known.",
        "the event exploitation_considered, and referrals; complete in return.toml",
    ),
    "victim_then": Advice(
        "Whether this suspect was being exploited at the time is not known.",
        "involvements.person_ref; crimes.occurred_from, occurred_to",
    ),
    "known_as_victim": Advice(
        "Whether the child was known as a victim by the day of the decision is not known.",
        "crimes.reported_at; involvements.person_ref",
    ),
    "considered_first": Advice(
        "Nothing says that exploitation was considered first, and not all that would say so is sent.",
        "the event exploitation_considered, and referrals; complete in return.toml",
    ),
    "account_recorded": Advice(
        "No account of the child is on record, and the return does not say that all are sent.",
        "the events account_taken and abe_interview_done; complete in return.toml",
    ),
    "unsupported": Advice("With what outcome the case ended is not known.", "crimes.outcome_code"),
}
"""By fact: the meaning of a missing value, and where the value would come from."""
NO_ADVICE = Advice("The record does not tell.", "see the letter for what was set aside")
