"""Advice for each indicator: what "not met" means for one record, and what the force can do.

The texts are listed by indicator; those of a duty come from `record_lists`.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.workflows.selfaudit.correction_advice import Advice

ANSWER = Advice("No answer is on record.", "referrals.answered_at: enter it if it was given; if not, answer")
FAILING: Mapping[str, Advice] = {
    "suspect_ethnicity_self_recorded": Advice(
        "What the suspect states is not on record.", "involvements.ethnicity_self: enter it, or ask"
    ),
    "suspect_ethnicity_officer_recorded": Advice(
        "What an officer saw is not on record, or is a code for 'not known'.", "involvements.ethnicity_officer"
    ),
    "suspect_ethnicity_recorded": Advice(
        "Neither what the suspect states nor what an officer saw is on record.",
        "involvements.ethnicity_self and ethnicity_officer: enter them, or ask",
    ),
    "victim_care_or_disability_recorded": Advice(
        "Neither the care status nor a disability of this child, or that there is none, is on record.",
        "involvements.care_status and disability: enter them, or ask",
    ),
    "tables_searchable": Advice(
        "The cover says that the rows of this table could not, or only in part, be selected by a query.",
        "return.toml, searchable; and the system itself",
    ),
    "cse_flag_on_other_offence": Advice("The crime bears no flag for exploitation.", "flags, if it is exploitation"),
    "titled_of_recorded": Advice(
        "The offence under which the crime is recorded does not name exploitation.",
        "nothing, as a rule: most exploitation is recorded under others; else crimes.offence_code",
    ),
    "marked_as_titled": Advice(
        "Marked as exploitation, and recorded under an offence that does not name it.",
        "crimes.offence_code, if an offence that names it is the right one",
    ),
    "cse_flag_on_cse_offence": Advice(
        "The offence is titled exploitation, and the crime bears no flag for it.", "flags: put the flag on the crime"
    ),
    "problem_profile_current": Advice(
        "There is no profile younger than 12 months with a section on groups.", "profiles: enter it if there is one"
    ),
    "suspect_identified": Advice(
        "No suspect is named, and no event says that one was identified.",
        "involvements: enter the suspect if one is known; else there is nothing to correct",
    ),
    "found_groups_held": Advice(
        "The records show this group (named by its first person); no group of the list shares two suspects with it.",
        "groups, group_members: see whether these people are a group, and map it if they are",
    ),
    "groups_not_denied": Advice(
        "The force says that there are no groups, and its own records show some.",
        "claims, profiles.claimed_groups: look at the groups that the records show, and correct what was said",
    ),
    "missing_often_planned": Advice(
        "The child was missing a third time, and no plan for the next time is on record.",
        "make the plan now, or enter the event trigger_plan_made if there is one",
    ),
    "several_children_acted_on": Advice(
        "Named as a suspect of offences against two or more children, and no arrest, charge or order is on record.",
        "look at this person's crimes first; the events suspect_arrested and suspect_charged, and orders",
    ),
    "children_also_suspects": Advice(
        "The exploitation of this child is marked, and they are suspected of an offence within its window.",
        "read this child's cases together: was the child made to do it? There may be nothing to correct in the record",
    ),
    "children_accused_unconsidered": Advice(
        "An offence of this exploited child was decided, and nothing says that exploitation was considered first.",
        "the event exploitation_considered, and referrals: enter it if it was; else have the decision looked at again",
    ),
    "exploitation_considered_first": Advice(
        "The suspect is a child known as a victim, and nothing says that exploitation was considered first.",
        "the event exploitation_considered, and referrals: enter it if it was; else have the decision looked at again",
    ),
    "childs_account_recorded": Advice(
        "The case has an outcome, and no account of the child is on record.",
        "the events account_taken and abe_interview_done: enter it if there was one",
    ),
    "closed_without_support": Advice(
        "The case was closed: victim not supporting (official label).",
        "crimes.outcome_code: see that the child was asked, and helped; else nothing to correct in the record",
    ),
    "charged_of_all": Advice(
        "No charge or summons is on record.", "crimes.outcome_code: enter a charge if there is one"
    ),
    "charged_of_closed": Advice(
        "The crime has an outcome, and no charge or summons.",
        "crimes.outcome_code: see that it is the right one; else nothing to correct",
    ),
    "still_pending": Advice(
        "The crime has no outcome yet.", "crimes.outcome_code: enter the outcome if there is one; else somebody waits"
    ),
    "suspect_met_before_closing": Advice(
        "A named suspect is on the crime, and it was closed before anybody was arrested or interviewed.",
        "read the case again: was it right to close it? Else enter the arrest or interview",
    ),
    "lines_ended_before_closing": Advice(
        "A line of enquiry was raised, and had no end when the crime was closed.",
        "read the case again: is the line still open? Else the event line_of_enquiry_closed",
    ),
    "group_lines_ended_before_closing": Advice(
        "Two or more suspects are on the crime; a line of enquiry was raised, and had no end when it was closed.",
        "read the case again: is the line still open? Else the event line_of_enquiry_closed",
    ),
    **{
        f"device_examined_in_{days}_days": Advice(
            f"The device was taken, and no examination within {days} days is on record.",
            "have it examined if it still waits, or enter the event device_examined with the number of the item",
        )
        for days in (180, 365)
    },
    "released_decided_in_180_days": Advice(
        "The suspect was released under investigation, and no decision within 180 days is on record.",
        "decide, or enter the decision that was made; the events charge_decision and suspect_nfa_decided",
    ),
    "referral_answered_in_28_days": Advice(
        "No answer within 28 days is on record.", "referrals.answered_at: enter it if it was given; if not, answer"
    ),
    "reviewed_before_closing": Advice(
        "No supervisor's review was entered before the closing.",
        "the event supervisor_review: enter it if there was one",
    ),
    "planned_before_closing": Advice(
        "No investigation plan was entered.", "the event investigation_plan_set: enter it if there was one"
    ),
    "course_in_order": Advice(
        "A step of the case came after a later one.", "see whether the days are right; else nothing to correct"
    ),
    "named_suspect_charged": Advice(
        "No charge of this suspect is on record.",
        "the event suspect_charged, or the suspect's outcome: enter it if there was one",
    ),
    "convicted_of_decided": Advice(
        "A court decided otherwise than to convict.", "nothing to correct: what a court decides is not the force's"
    ),
    "course_reworked": Advice("It was neither reopened nor sent again.", "nothing to correct"),
    "early_advice_sought": Advice(
        "No early advice was asked for.", "the event early_advice_requested: enter it if it was; else ask"
    ),
    "lead_accredited": Advice("The lead investigator was not accredited.", "crimes.lead_trained, if that is wrong"),
    "named_suspect_met": Advice(
        "The suspect is named, and no arrest or interview is on record.",
        "look at the crime; the events suspect_arrested and suspect_interviewed_under_caution",
    ),
    "described_suspect_looked_for": Advice(
        "The suspect is described, and no step to identify them is on record.",
        "look at the crime; the event identification_attempted, with involvement_ref",
    ),
    "suspect_under_order": Advice(
        "No order, warning or notice on this suspect is on record.", "orders: enter it if there is one"
    ),
    "other_children_looked_for": Advice(
        "No check for other children within this suspect's reach is on record.",
        "the event other_children_check_done: enter it if it was made; else make it",
    ),
    "first_file_accepted": Advice(
        "The prosecutor sent the first file back.", "the event cps_triage_result, if that is wrong"
    ),
    "warning_followed_up": Advice(
        "The person was warned, and no crime of which they are a suspect was recorded by the 28th day.",
        "see whether there was an investigation; orders.crime_ref",
    ),
    "exploited_child_shared": Advice(
        "The child is known as exploited, and no referral to or from a partner is on record.",
        "see whether partners know this child; referrals, with person_ref",
    ),
    "exploited_child_known_to_partners": Advice(
        "The child is known as exploited; no referral is on record, and no list that a partner sent has the child.",
        "see whether partners know this child, perhaps under other names; referrals; agencies",
    ),
    "strategy_discussed": Advice(
        "The child is known as exploited, and no strategy discussion is on record.",
        "see whether one was held; the event strategy_discussion_held, with person_ref",
    ),
    "missing_graded_low": Advice("The episode was first graded low, or of no apparent risk.", "missing.first_grade"),
    "missing_exploited_graded_low": Advice(
        "The child was known as exploited, and the episode was first graded low, or of no apparent risk.",
        "see whether the grade was right; missing.first_grade, if it is entered wrongly",
    ),
    "missing_flagged": Advice(
        "Neither the episode nor the child bears a flag for exploitation.", "flags: put it on if it belongs there"
    ),
    "from_schools_answered": ANSWER,
    "from_health_answered": ANSWER,
    "from_social_care_answered": ANSWER,
    "from_voluntary_answered": ANSWER,
    "duty_reports_answered": ANSWER,
    "online_reports_safeguarded": Advice(
        "No step to make a child safe is on record after the online report.",
        "referrals.safeguarding_followed: enter the step, or take it",
    ),
    "licensing_authority_told": Advice(
        "The suspect drives for hire, and nothing shows that the licensing authority was told.",
        "involvements.licensing_told: tell the authority, and enter it",
    ),
    "victim_sex_recorded": Advice("The victim's sex is not on record.", "involvements.sex"),
    "victim_ethnicity_self_recorded": Advice(
        "What the victim states is not on record.", "involvements.ethnicity_self: enter it, or ask"
    ),
    "victim_disability_recorded": Advice(
        "Neither a disability nor that there is none is on record.", "involvements.disability: enter it, or ask"
    ),
    "victim_care_status_recorded": Advice(
        "Whether the child was in care is not on record.", "involvements.care_status: enter it, or ask"
    ),
    "victim_nationality_recorded": Advice("The victim's nationality is not on record.", "involvements.nationality"),
    "suspect_sex_recorded": Advice("The suspect's sex is not on record.", "involvements.sex"),
    "suspect_disability_recorded": Advice(
        "Neither a disability nor that there is none is on record.", "involvements.disability: enter it, or ask"
    ),
    "suspect_nationality_recorded": Advice("The suspect's nationality is not on record.", "involvements.nationality"),
    "flag_removed": Advice("The flag still stands.", "nothing to correct"),
    "report_became_crime": Advice(
        "No crime came of this report.", "see whether there is one: report_crimes; else nothing to correct"
    ),
    "n100_on_record": Advice(
        "The report is said to have ended as an N100 record, and no such record is there.",
        "reports.n100_at: enter it if the record was made",
    ),
    "crime_cancelled": Advice("The crime was not cancelled.", "nothing to correct"),
    "profile_uses_partners_data": Advice(
        "The latest profile uses the force's data alone.", "profiles, if that is wrong"
    ),
    "profile_covers_a_year": Advice("The latest profile rests on less than 12 months.", "profiles, if that is wrong"),
    "profile_crimes_fit": Advice(
        "The latest profile counts another number of crimes than the records hold, under each definition.",
        "see what the profile counted, and when the records were extracted; profiles, if the entry is wrong",
    ),
    "profile_children_fit": Advice(
        "The latest profile counts another number of children than the records hold, under each definition.",
        "see whether the profile counted children or crimes; profiles, if the entry is wrong",
    ),
    "profile_suspects_fit": Advice(
        "The latest profile counts another number of suspects than the records hold, under each definition.",
        "see whether the profile counted suspects or crimes; profiles, if the entry is wrong",
    ),
    "harm_called_harm": Advice(
        "The child had been harmed before it, and the assessment speaks of risk alone.",
        "have the assessment looked at again; assessments.harm_finding, if that is wrong",
    ),
    "score_adds_up": Advice("The score is not the sum that its items give.", "assessments.score; assessment_items"),
    "band_follows_score": Advice(
        "The band is not that of the score, and no judgement is said to have set it.",
        "assessments.band, assessments.override",
    ),
    "overrides_reasoned": Advice(
        "The assessor set another band and entered no reason.", "assessments.override_reason_given: enter it"
    ),
    "harm_said_in_words": Advice(
        "The child had been harmed before it, and the assessment does not name the harm, or has no words.",
        "have the assessment looked at again; assessments.harm_finding, assessments.narrative",
    ),
    "narrative_given": Advice(
        "The assessment says nothing in words.", "assessments.narrative: enter it if it was written"
    ),
    "narrative_copied": Advice(
        "Its words are nearly those of another child's assessment.", "read both: was this child assessed?"
    ),
    **{
        f"{key}back_within_{days}_days": Advice(
            f"The child was {change}, and came to notice again within {days} days.",
            f"see whether the child should be {remedy}",
        )
        for key, change, remedy in (
            ("", "taken off the list", "listed again"),
            ("moved_down_", "moved to a lower tier", "moved up again"),
        )
        for days in (90, 180)
    },
    "three_episodes_before_flag": Advice(
        "The child had been missing three times or more before the flag.",
        "nothing to correct; look for others like this",
    ),
    "listed_child_known": Advice(
        "The child stands on a partner's list, and in police records neither as a victim nor as missing.",
        "see whether police should know this child; person_ref, if one child has two",
    ),
}
"""By indicator: the meaning of its failing answer for a record that is no duty, and what to do."""
