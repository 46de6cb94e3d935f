"""Wording of the response indicators: population, condition and unit of each."""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators.form_words import FormWording

_CRIMES = "every crime of the inspection that was recorded in the period"
_CLOSED = f"{_CRIMES} and closed with no further action"
_LINES_ENDED = "every line that was raised had been ended by the day of closing"
_NAMED_SUSPECT_CRIMES = f"{_CRIMES} and has a named suspect"
_SUSPECTS = "every suspect of a crime of the inspection that was recorded in the period"
_CHARGED = "every suspect charged with a crime of the inspection that was recorded in the period"
_VICTIMS = "every victim of a crime of the period who was under 18 when the offence happened, child or adult now"
_CHILDREN = "every child against whom a crime marked as exploitation was reported, one of them of the period"
_EPISODES = "every missing episode of a child that began in the period"
_REQUESTS = "every request of a victim, in the period, for a review of a decision"


def _referrals(sender: str) -> FormWording:
    return FormWording(
        f"every referral to the police from {sender} in the period", "an answer is on record", "referrals"
    )


RESPONSE_WORDING: Mapping[str, FormWording] = {
    "contact_agreed": FormWording(_VICTIMS, "an agreement on how and how often to be in touch is on record", "victims"),
    "confirmed_in_writing": FormWording(_VICTIMS, "a written confirmation is on record as sent", "victims"),
    "support_referred": FormWording(
        _VICTIMS, "a referral to victim support was made for certain within two working days of the report", "victims"
    ),
    "protection_within_72_hours": FormWording(
        "every time that a child was taken into police protection in the period",
        "it ended for certain within 72 hours",
        "times of police protection",
    ),
    "review_acknowledged": FormWording(
        _REQUESTS, "it was acknowledged within ten working days", "requests for a review"
    ),
    "review_decided": FormWording(_REQUESTS, "its result was told within thirty working days", "requests for a review"),
    "cps_decided_in_28_days": FormWording(
        "every file that the prosecutor accepted in the period", "it was decided within 28 days", "accepted files"
    ),
    "court_told_witness_care": FormWording(
        "every hearing of the period that ended with a result",
        "the witness care unit had word of it within five working days",
        "results of hearings",
    ),
    "bail_in_first_period": FormWording(
        "every first bail before charge, after an arrest, that a suspect was given in the period",
        "a charge, a release or more time was entered before its first period was over",
        "suspects on bail",
    ),
    "held_24_hours": FormWording(
        "every detention of a suspect that began in the period",
        "a charge or a release was entered for certain within 24 hours",
        "detentions",
    ),
    "conference_in_15_days": FormWording(
        "every strategy discussion of the period, in England, that began an enquiry of the local authority",
        "the first conference was held within fifteen working days",
        "strategy discussions that began an enquiry",
    ),
    "exploited_child_shared": FormWording(
        _CHILDREN, "a referral about the child to a partner, or from one, is on record", "children known as exploited"
    ),
    "exploited_child_known_to_partners": FormWording(
        _CHILDREN,
        "a referral about the child to a partner, or from one, is on record, or the child stands on a partner's list",
        "children known as exploited",
    ),
    "strategy_discussed": FormWording(
        _CHILDREN, "a strategy discussion about the child is on record", "children known as exploited"
    ),
    "missing_graded_low": FormWording(_EPISODES, "it was first graded low, or of no apparent risk", "missing episodes"),
    "missing_exploited_graded_low": FormWording(
        f"{_EPISODES}, and of which the police knew by then that the child was exploited",
        "it was first graded low, or of no apparent risk",
        "missing episodes of children known as exploited",
    ),
    "missing_flagged": FormWording(
        _EPISODES, "the episode or the child bears a flag for exploitation", "missing episodes"
    ),
    "missing_often_planned": FormWording(
        "every third missing episode of one child that began in the period",
        "what is done at once the next time was planned on the day on which it began or later",
        "third missing episodes",
    ),
    "from_schools_answered": _referrals("schools"),
    "from_health_answered": _referrals("health services"),
    "from_social_care_answered": _referrals("children's social care"),
    "from_voluntary_answered": _referrals("voluntary bodies"),
    "duty_reports_answered": _referrals("people who must report child sexual abuse"),
    "online_reports_safeguarded": FormWording(
        "every report to the police from an online service in the period",
        "a step to make a child safe followed",
        "online reports",
    ),
    "licensing_authority_told": FormWording(
        f"{_SUSPECTS}, is named and drives for hire", "the licensing authority was told", "suspects who drive for hire"
    ),
    "named_suspect_met": FormWording(
        f"{_SUSPECTS} and is named", "they were arrested, or interviewed under caution", "named suspects"
    ),
    "described_suspect_looked_for": FormWording(
        f"{_SUSPECTS} and is described, not named", "a step was taken to identify them", "described suspects"
    ),
    "suspect_under_order": FormWording(
        f"{_SUSPECTS} and marked as exploitation, if they are named and were adults when it was reported",
        "an order, a warning or a notice was used on them",
        "named adult suspects of exploitation",
    ),
    "other_children_looked_for": FormWording(
        f"{_SUSPECTS}, if they are named and were arrested or interviewed",
        "a check for other children within their reach is on record",
        "suspects who were arrested or interviewed",
    ),
    "named_suspect_charged": FormWording(
        f"{_SUSPECTS}, who is named and aged ten or over, and whose crime has an outcome",
        "they were charged",
        "named suspects",
    ),
    "first_file_accepted": FormWording(
        f"{_SUSPECTS} and of whom a file went to the prosecutor", "the first look accepted it", "suspects with a file"
    ),
    "warning_followed_up": FormWording(
        "every child abduction warning notice used on a suspect in the period",
        "the person was a suspect of a crime recorded by the 28th day after",
        "warning notices",
    ),
    "suspect_met_before_closing": FormWording(
        f"{_CLOSED}, if it has a named suspect",
        "a suspect was arrested or interviewed on or before the day of closing",
        "closed crimes with a named suspect",
    ),
    "lines_ended_before_closing": FormWording(
        f"{_CLOSED}, if a line of enquiry was raised and it has one suspect or none",
        _LINES_ENDED,
        "closed crimes with a line of enquiry and at most one suspect",
    ),
    "group_lines_ended_before_closing": FormWording(
        f"{_CLOSED}, if a line of enquiry was raised and it has two or more suspects",
        _LINES_ENDED,
        "closed crimes with a line of enquiry and two or more suspects",
    ),
    "reviewed_before_closing": FormWording(
        _CLOSED, "a supervisor's review was entered on or before the day of closing", "closed crimes"
    ),
    "planned_before_closing": FormWording(
        _CLOSED, "an investigation plan was entered on or before the day of closing", "closed crimes"
    ),
    "early_advice_sought": FormWording(
        _NAMED_SUSPECT_CRIMES, "early advice was asked for", "crimes with a named suspect"
    ),
    "lead_accredited": FormWording(_CRIMES, "the lead investigator was accredited", "crimes"),
    "report_to_account": FormWording(_CRIMES, "", "crimes"),
    "report_to_arrest": FormWording(_NAMED_SUSPECT_CRIMES, "", "crimes with a named suspect"),
    "report_to_early_advice": FormWording(_NAMED_SUSPECT_CRIMES, "", "crimes with a named suspect"),
    "report_to_file": FormWording(_CRIMES, "", "crimes"),
    "report_to_closure": FormWording(_CRIMES, "", "crimes"),
    "device_to_examined": FormWording("every device taken in a crime of the period", "", "devices"),
    "released_to_decision": FormWording(f"{_SUSPECTS} and was released under investigation", "", "suspects"),
    "referral_to_answer": FormWording("every referral to the police in the period", "", "referrals"),
    **{
        f"device_examined_in_{days}_days": FormWording(
            f"every device taken in a crime of the period, and {days} days or more before the data were read",
            f"its results reached the investigator within {days} days",
            f"devices followed for {days} days",
        )
        for days in (180, 365)
    },
    "released_decided_in_180_days": FormWording(
        f"{_SUSPECTS} and was released under investigation 180 days or more before the data were read",
        "it was decided within 180 days what becomes of them",
        "suspects followed for 180 days",
    ),
    "referral_answered_in_28_days": FormWording(
        "every referral to the police in the period, 28 days or more before the data were read",
        "it was answered within 28 days",
        "referrals followed for 28 days",
    ),
    "return_to_prevention_interview": FormWording(
        "every missing episode that began in the period and from which a child came back in it", "", "missing episodes"
    ),
    "cause_to_strategy_discussion": FormWording(
        "every time that reasonable cause to suspect significant harm was entered in the period", "", "times"
    ),
    "account_decided_to_interview": FormWording(
        "every decision of the period to take a child's account", "", "decisions to take an account"
    ),
    "interview_to_shared": FormWording(
        "every recorded interview with a victim in the period", "", "recorded interviews"
    ),
    "protection_to_authority_told": FormWording(
        "every time that a child was taken into police protection in the period", "", "times of police protection"
    ),
    "signs_to_nrm_referral": FormWording(
        "every time that signs of exploitation of a child were first entered in the period", "", "times"
    ),
    "known_to_next": FormWording(_CHILDREN, "", "children known as exploited"),
    "done_early_to_next": FormWording(
        f"{_CHILDREN}, and for whom something was done in the first 28 days", "", "children known as exploited"
    ),
    "not_done_early_to_next": FormWording(
        f"{_CHILDREN}, and for whom nothing was done in the first 28 days", "", "children known as exploited"
    ),
    "course_in_order": FormWording(
        _CRIMES, "no step of the expected course came after a later one", "cases with two steps or more"
    ),
    "course_reworked": FormWording(_CRIMES, "it was reopened, or a file was sent again", "cases"),
    "course_followed": FormWording("every step of the course of every crime of the period", "", "steps"),
    "crimes_handed_on": FormWording("every crime of the period that was not cancelled", "", "crimes"),
    "offer_to_answer": FormWording("every crime of the period that was offered to another force", "", "crimes offered"),
    "convicted_of_decided": FormWording(
        f"{_CHARGED} and about whom a court has decided", "they were convicted", "charged suspects"
    ),
    "charge_to_result": FormWording(_CHARGED, "", "charged suspects"),
    "court_results": FormWording(f"{_CHARGED} and whose crime was not cancelled", "", "charged suspects"),
    "suspects_pursued": FormWording(f"{_SUSPECTS} that was not cancelled", "", "suspects"),
    "disruption_used": FormWording("every order, warning and notice of the period", "", "orders, warnings and notices"),
}
