"""What does it mean that a fact is missing in a record, or that it fails, and where would a force mend it?

Words alone, by fact and by indicator. `why` chooses among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Why:
    """In words: why the answer is as it is, and what to look at or to mend (table and column, or kind of event)."""

    says: str
    do: str


MISSING: Mapping[str, Why] = {
    "in_base": Why("Whether it belongs to the period is not known.", "crimes.recorded_at, crimes.scope_reason"),
    "age_at_offence": Why(
        "The victim's age when the offence happened is not known, or may lie on either side of 18.",
        "involvements.date_of_birth; crimes.occurred_from, occurred_to",
    ),
    "standard_in_force": Why("Which standard held when the clock began is not known.", "the day of the first event"),
    "crime_cancelled": Why("Whether the crime was cancelled in time is not known.", "crimes.cancelled_at"),
    "cancelled": Why("Whether the crime was cancelled is not known.", "crimes.cancelled_at"),
    "transferred": Why(
        "Whether the crime was passed to another force is not known.",
        "crimes.transferred_to_force; the event transfer_accepted",
    ),
    "no_contact_wished": Why(
        "Whether the victim had asked not to be contacted is not known.", "the events of the contact agreement"
    ),
    "country": Why("Whether it was in England or in Wales is not known.", "local_authority_code"),
    "declined": Why("Whether the child declined the interview is not known.", "the event return_interview_declined"),
    "known_as": Why("How far the suspect is known is not on record.", "involvements.suspect_known_as"),
    "ethnicity_self_recorded": Why("The value was set aside on receipt.", "involvements.ethnicity_self, in the letter"),
    "ethnicity_officer_recorded": Why(
        "The value was set aside on receipt.", "involvements.ethnicity_officer, in the letter"
    ),
    "cse_titled": Why("What the offence is called is not known.", "crimes.offence_code"),
    "cse_flagged": Why(
        "No flag is there, and the return does not say that every flag is sent.",
        "flags; complete in return.toml, [tables.flags]",
    ),
    "tied_by": Why("How this group was found is not on record.", "run the self-audit again"),
    "named_suspects": Why("How many suspects are named is not on record.", "involvements.suspect_known_as"),
    "child_victim": Why(
        "No victim of the group is known to have been under 18, and the age of some is not known.",
        "involvements.date_of_birth; crimes.occurred_from, occurred_to",
    ),
    "marked": Why(
        "No flag is on any crime of the group, and the return does not say that every flag is sent.",
        "flags; complete in return.toml, [tables.flags]",
    ),
    "held": Why(
        "The group is not on the list, and the return does not say that the list is whole.",
        "groups, group_members; complete in return.toml",
    ),
    "several_children": Why(
        "Whether two victims of this suspect were children hangs on an age that is not known.",
        "involvements.date_of_birth; crimes.occurred_from, occurred_to",
    ),
    "acted_on": Why(
        "Nothing is on record against this suspect, and the return does not say that all of it is sent, or an arrest "
        "or charge names nobody.",
        "the events suspect_arrested and suspect_charged; orders; complete in return.toml",
    ),
    "body_kind": Why("What kind of body this is is not known.", "return.toml, force_code"),
    "profile_current_with_groups": Why(
        "The profile's date or its sections are not on record, or not every profile is sent.",
        "profiles; complete in return.toml, [tables.profiles]",
    ),
    "suspect_identified": Why(
        "Nobody is named, and the list of suspects is not complete or the outcome says that somebody was identified.",
        "involvements.suspect_known_as; crimes.outcome_code; complete in return.toml, [tables.involvements]",
    ),
    "charged": Why(
        "No charge is on record, and the return does not say that every outcome and charge is sent.",
        "crimes.outcome_code; the event suspect_charged; complete in return.toml",
    ),
    "pending": Why(
        "Whether it has an outcome is not known, or outcome and day of closing contradict each other.",
        "crimes.outcome_code, crimes.closed_at",
    ),
    "closed_no_further": Why(
        "Whether it was closed, or with what outcome, is not known.", "crimes.outcome_code, crimes.closed_at"
    ),
    "outcome_family": Why("The outcome is not on record.", "crimes.outcome_code"),
    "named_suspect": Why(
        "Whether a suspect is named is not known: the list of suspects was not sent.", "involvements.suspect_known_as"
    ),
    "named": Why("How far the suspect is known is not on record.", "involvements.suspect_known_as"),
    "line_raised": Why("Whether a line of enquiry was raised is not known.", "the event line_of_enquiry_raised"),
    "suspect_met_first": Why(
        "No arrest or interview before the closing is on record, and the return does not say that all are sent.",
        "the events suspect_arrested and suspect_interviewed_under_caution; complete in return.toml",
    ),
    "lines_ended": Why(
        "A line of enquiry has no end, and the return does not say that every end is sent.",
        "the event line_of_enquiry_closed, with about_event_ref; complete in return.toml",
    ),
    "reviewed": Why(
        "No review is on record, and the return does not say that all are sent.",
        "the event supervisor_review; complete in return.toml",
    ),
    "planned": Why(
        "No plan is on record, and the return does not say that all are sent.",
        "the event investigation_plan_set; complete in return.toml",
    ),
    "recent_and_open": Why("When the crime was reported is not known.", "crimes.reported_at, or reports.received_at"),
    "in_order": Why("Fewer than two steps of the course are on record.", "the events of the crime, and their days"),
    "reworked": Why(
        "No reopening and no second file is on record, and the return does not say that all are sent.",
        "the events crime_reopened and file_submitted; complete in return.toml",
    ),
    "early_advice": Why(
        "No request is on record, and the return does not say that all are sent.",
        "the event early_advice_requested; complete in return.toml",
    ),
    "lead_trained": Why("Whether the lead was accredited is not on record.", "crimes.lead_trained"),
    "met": Why(
        "No arrest or interview is on record; one may name nobody, or the return does not say that all are sent.",
        "the events suspect_arrested and suspect_interviewed_under_caution; complete in return.toml",
    ),
    "file_sent": Why("Whether a file went to the prosecutor is not known.", "the event file_submitted"),
    "under_criminal_age": Why("Whether the suspect was under ten is not known.", "involvements.date_of_birth"),
    "looked_for": Why(
        "No step to identify this suspect is on record; one may name nobody, or not all are sent.",
        "the events identification_attempted and suspect_identified, with involvement_ref",
    ),
    "adult": Why("The suspect's age is not known.", "involvements.date_of_birth"),
    "exploitation_marked": Why(
        "No flag is there, and the return does not say that every flag is sent.",
        "flags; complete in return.toml, [tables.flags]",
    ),
    "under_order": Why(
        "No order is on record, and the return does not say that every order is sent.",
        "orders, with person_ref; complete in return.toml, [tables.orders]",
    ),
    "others_looked_for": Why(
        "No check is on record; one may name nobody, or the return does not say that all are sent.",
        "the event other_children_check_done, with person_ref; complete in return.toml",
    ),
    "first_file_accepted": Why("The prosecutor's first look is not on record.", "the event cps_triage_result"),
    "followed_up": Why(
        "The person on the notice is suspected of no crime that is sent, and not every crime or suspect is.",
        "orders.person_ref; involvements; complete in return.toml",
    ),
    "recent": Why("The day on which it was made is not known.", "referrals.made_at, or orders.made_at"),
    "is_warning": Why("Whether it is a warning notice is not on record.", "orders.order_code"),
    "partners_know": Why(
        "No referral is on record, and the return does not say that every referral is sent.",
        "referrals, with person_ref; complete in return.toml, [tables.referrals]",
    ),
    "discussed": Why(
        "No strategy discussion is on record, and the return does not say that all are sent.",
        "the event strategy_discussion_held, with person_ref; complete in return.toml",
    ),
    "known_exploited": Why(
        "Who the child is, or whether a crime against them is marked, is not known.",
        "missing.person_ref; flags; complete in return.toml",
    ),
    "graded_low": Why("The first grade is not on record.", "missing.first_grade"),
    "exploitation_flagged": Why(
        "No flag is there, and the return does not say that every flag is sent.",
        "flags; complete in return.toml, [tables.flags]",
    ),
    "direction": Why("Whether it came in or went out is not on record.", "referrals.direction"),
    "agency_kind": Why("Whom it came from is not on record.", "referrals.agency_kind"),
    "answered": Why(
        "No answer is there, and the return does not say that every answer is sent.",
        "referrals.answered_at; complete in return.toml, [tables.referrals]",
    ),
}
"""By fact: what it means that the fact is missing, and where it would come from."""
ANSWER = Why("No answer is on record.", "referrals.answered_at: enter it if it was given; if not, answer")
FAILING: Mapping[str, Why] = {
    "suspect_ethnicity_self_recorded": Why(
        "What the suspect states is not on record.", "involvements.ethnicity_self: enter it, or ask"
    ),
    "suspect_ethnicity_officer_recorded": Why(
        "What an officer saw is not on record, or is a code for 'not known'.", "involvements.ethnicity_officer"
    ),
    "cse_flag_on_cse_offence": Why(
        "The offence is titled exploitation, and the crime bears no flag for it.", "flags: put the flag on the crime"
    ),
    "problem_profile_current": Why(
        "There is no profile younger than 12 months with a section on groups.", "profiles: enter it if there is one"
    ),
    "suspect_identified": Why(
        "No suspect is named, and no event says that one was identified.",
        "involvements: enter the suspect if one is known; else there is nothing to mend",
    ),
    "found_groups_held": Why(
        "The records show this group (named by its first person); no group of the list shares two suspects with it.",
        "groups, group_members: see whether these people are a group, and map it if they are",
    ),
    "several_children_acted_on": Why(
        "Named as a suspect of offences against two or more children, and no arrest, charge or order is on record.",
        "look at this person's crimes first; the events suspect_arrested and suspect_charged, and orders",
    ),
    "children_also_suspects": Why(
        "This child is a victim, and suspected of an offence within the window of their exploitation.",
        "read this child's cases together: was the child made to do it? There may be nothing to mend in the record",
    ),
    "children_accused_unconsidered": Why(
        "An offence of this child victim was decided, and nothing says that exploitation was considered first.",
        "the event exploitation_considered, and referrals: enter it if it was; else have the decision looked at again",
    ),
    "exploitation_considered_first": Why(
        "The suspect is a child known as a victim, and nothing says that exploitation was considered first.",
        "the event exploitation_considered, and referrals: enter it if it was; else have the decision looked at again",
    ),
    "childs_account_recorded": Why(
        "The case has an outcome, and no account of the child is on record.",
        "the events account_taken and abe_interview_done: enter it if there was one",
    ),
    "closed_without_support": Why(
        "The case ended because the victim is said not to support it.",
        "crimes.outcome_code: see that the child was asked, and helped; else nothing to mend in the record",
    ),
    "charged_of_all": Why("No charge or summons is on record.", "crimes.outcome_code: enter a charge if there is one"),
    "charged_of_closed": Why(
        "The crime has an outcome, and no charge or summons.",
        "crimes.outcome_code: see that it is the right one; else nothing to mend",
    ),
    "still_pending": Why(
        "The crime has no outcome yet.", "crimes.outcome_code: enter the outcome if there is one; else somebody waits"
    ),
    "suspect_met_before_closing": Why(
        "A named suspect is on the crime, and it was closed before anybody was arrested or interviewed.",
        "read the case again: was it right to close it? Else enter the arrest or interview",
    ),
    "lines_ended_before_closing": Why(
        "A line of enquiry was raised, and had no end when the crime was closed.",
        "read the case again: is the line still open? Else the event line_of_enquiry_closed",
    ),
    "reviewed_before_closing": Why(
        "No supervisor's review was entered before the closing.",
        "the event supervisor_review: enter it if there was one",
    ),
    "planned_before_closing": Why(
        "No investigation plan was entered.", "the event investigation_plan_set: enter it if there was one"
    ),
    "course_in_order": Why(
        "A step of the case came after a later one.", "see whether the days are right; else nothing to mend"
    ),
    "course_reworked": Why("It was neither reopened nor sent again.", "nothing to mend"),
    "early_advice_sought": Why(
        "No early advice was asked for.", "the event early_advice_requested: enter it if it was; else ask"
    ),
    "lead_accredited": Why("The lead investigator was not accredited.", "crimes.lead_trained, if that is wrong"),
    "named_suspect_met": Why(
        "The suspect is named, and no arrest or interview is on record.",
        "look at the crime; the events suspect_arrested and suspect_interviewed_under_caution",
    ),
    "described_suspect_looked_for": Why(
        "The suspect is described, and no step to identify them is on record.",
        "look at the crime; the event identification_attempted, with involvement_ref",
    ),
    "suspect_under_order": Why(
        "No order, warning or notice on this suspect is on record.", "orders: enter it if there is one"
    ),
    "other_children_looked_for": Why(
        "No check for other children within this suspect's reach is on record.",
        "the event other_children_check_done: enter it if it was made; else make it",
    ),
    "first_file_accepted": Why(
        "The prosecutor sent the first file back.", "the event cps_triage_result, if that is wrong"
    ),
    "warning_followed_up": Why(
        "The person was warned, and no crime of which they are a suspect was recorded by the 28th day.",
        "see whether there was an investigation; orders.crime_ref",
    ),
    "exploited_child_shared": Why(
        "The child is known as exploited, and no referral to or from a partner is on record.",
        "see whether partners know this child; referrals, with person_ref",
    ),
    "strategy_discussed": Why(
        "The child is known as exploited, and no strategy discussion is on record.",
        "see whether one was held; the event strategy_discussion_held, with person_ref",
    ),
    "missing_graded_low": Why("The episode was first graded low, or of no apparent risk.", "missing.first_grade"),
    "missing_exploited_graded_low": Why(
        "The child was known as exploited, and the episode was first graded low, or of no apparent risk.",
        "see whether the grade was right; missing.first_grade, if it is entered wrongly",
    ),
    "missing_flagged": Why(
        "Neither the episode nor the child bears a flag for exploitation.", "flags: put it on if it belongs there"
    ),
    "from_schools_answered": ANSWER,
    "from_health_answered": ANSWER,
    "from_social_care_answered": ANSWER,
    "from_voluntary_answered": ANSWER,
}
"""By indicator: what its failing answer says of a record that is no duty, and what to do."""
OTHER = Why("The record does not tell.", "see the letter for what was set aside")
