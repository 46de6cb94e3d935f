"""Were duties with a time limit, such as recording a report, done in time, and how long did other duties take?

A duty grades a force if its standard was read in a source, belongs to the police alone and can be missed; the others
are shown only.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Indicator
from assay.indicators.catalogue.responses.duty_forms import VICTIM_EXCLUSIONS, duty_wait, timely_duty_indicator
from assay.indicators.exclusion_reasons import (
    CANCELLED,
    JUSTICE,
    NO_CONTACT,
    NOT_IN_FORCE,
    NOT_YET_DUE,
    POLICE,
    SYSTEM,
    WITH_OTHERS,
)

_REPORTED = ("crimes", "crimes.reported_at|report_crimes", "crimes.cancelled_at", "involvements.date_of_birth")

contact_agreed = timely_duty_indicator(
    "contact_agreed",
    title="How often to be in touch was agreed with the victim",
    question="With how many victims was it agreed, and entered, how often and how they wish to be told?",
    why="Without an agreement, news may reach the victim in an unsafe way, such as a letter that a parent opens.",
    family="contact agreement",
    standard=("vc6_freq",),
    limits="Whether the agreement was kept.",
    needs=("crimes", "crimes.cancelled_at", "involvements.date_of_birth", "events.contact_agreement_recorded"),
    reasons=(NOT_IN_FORCE, CANCELLED),
    children_only=True,
)
confirmed_in_writing = timely_duty_indicator(
    "confirmed_in_writing",
    title="The report was confirmed in writing",
    question="To how many victims was a written confirmation of the report sent?",
    why="A victim or a parent needs the written confirmation to ask about the case later.",
    family="written confirmation",
    standard=("vc3_written",),
    limits="Whether it was safe to send it where it was sent, and whether it could be understood.",
    needs=(*_REPORTED, "events.written_confirmation_sent"),
    reasons=(NOT_IN_FORCE, CANCELLED, NO_CONTACT),
    children_only=True,
)
support_referred = timely_duty_indicator(
    "support_referred",
    title="Referred to victim support within two working days",
    question="How many victims were referred to a support service within two working days of the report?",
    why="Victims take up support that is offered in the first days.",
    family="support referral",
    standard=("vc4_support",),
    limits="Whether the victim wanted it, whether the service had a place, and whether it helped.",
    needs=(*_REPORTED, "referrals"),
    reasons=VICTIM_EXCLUSIONS,
    children_only=True,
)
protection_within_72_hours = timely_duty_indicator(
    "protection_within_72_hours",
    title="Police protection ended within 72 hours",
    question="How many times did police protection of a child end within the 72 hours that the law allows?",
    why="Police protection holds a child without a decision of a court. The law limits it to 72 hours.",
    family="police protection",
    standard=("s46",),
    limits="Where the child was held, and what came after.",
    needs=("orders.ended_at",),
    asks="Q44",
)
review_acknowledged = timely_duty_indicator(
    "review_acknowledged",
    title="Request for a review acknowledged within ten working days",
    question="How many requests of victims for a review of a decision were acknowledged within ten working days?",
    why="A review is the only way in which a victim can have a closed case reopened.",
    family="review acknowledged",
    standard=("vrr_ack",),
    limits="Whether victims knew of the right.",
    needs=("events.vrr_requested", "events.vrr_acknowledged"),
)
review_decided = timely_duty_indicator(
    "review_decided",
    title="Review of a decision told within thirty working days",
    question="How many victims who asked for a review of a decision were told its result within thirty working days?",
    why="During the review the case makes no progress, and evidence gets older.",
    family="review decided",
    standard=("vrr_done",),
    limits="Whether the review was independent, and right.",
    needs=("events.vrr_requested", "events.vrr_decided"),
)
cps_decided_in_28_days = timely_duty_indicator(
    "cps_decided_in_28_days",
    title="Charging decision within 28 days of an accepted file",
    question="How many accepted files had a charging decision of the prosecutor within 28 days?",
    why="The victim waits for the prosecutor as well as for the police: the two waits must be told apart.",
    family="charging decision",
    standard=("cps28",),
    limits="Whether the decision was right, and how good the file was.",
    needs=("events.cps_triage_result", "events.charge_decision"),
    asks="Q30",
    holder=JUSTICE,
    graded=False,
)
court_told_witness_care = timely_duty_indicator(
    "court_told_witness_care",
    title="Court told witness care of an outcome within five working days",
    question="How many outcomes of hearings did the court tell the witness care unit within five working days?",
    why="It is the first of two steps until the victim is told, and shows which organisation causes a delay.",
    family="court tells witness care",
    standard=("vc9_court",),
    limits="Whether the information was complete, and when the victim was told: see the second step.",
    needs=("court.happened_at", "events.wcu_received_from_court"),
    holder=JUSTICE,
    graded=False,
)
conference_in_15_days = timely_duty_indicator(
    "conference_in_15_days",
    title="Child protection conference within fifteen working days",
    question="How many child protection conferences were held within fifteen working days of the strategy discussion?",
    why="Before the conference there is no plan that binds every organisation around the child.",
    family="child protection conference",
    standard=("icpc15",),
    limits="What was decided, and whether it was done; England only.",
    needs=("events.strategy_discussion_held", "events.icpc_held"),
    asks="Q44",
    holder=SYSTEM,
    graded=False,
)

return_to_prevention_interview = duty_wait(
    "return_to_prevention_interview",
    title="From a missing child's return to the talk with the police",
    question="How long after a missing child is back do the police speak with them?",
    why="Where a child was, and with whom, is known best on the first day.",
    family="prevention interview",
    standard=("prev_int",),
    start="the day on which the child was back",
    label="the police spoke with the child",
    limits="What was asked and said, and whether it was used.",
    needs=("missing.ended_at", "events.prevention_interview_completed"),
    asks="Q43",
    holder=POLICE,
)
cause_to_strategy_discussion = duty_wait(
    "cause_to_strategy_discussion",
    title="From reasonable cause to a strategy discussion",
    question="How long after it is entered that a child may be suffering significant harm is a strategy discussion "
    "held?",
    why="On each day without it, one organisation lacks information that another has.",
    family="strategy discussion",
    standard=("strat",),
    start="the day on which reasonable cause was entered",
    label="strategy discussion held",
    limits="Who came, and what was decided.",
    needs=("events.reasonable_cause_significant_harm", "events.strategy_discussion_held"),
    asks="Q44",
    holder=SYSTEM,
)
account_decided_to_interview = duty_wait(
    "account_decided_to_interview",
    title="From the decision to take a child's account to the recorded interview",
    question="How long after it is decided to take a child's account is the recorded interview held?",
    why="A child's memory fades, and every repeated question before the interview weakens the account.",
    family="recorded interview",
    standard=("abe",),
    start="the day on which it was decided to take an account",
    label="interview held",
    limits="How good the interview was, and whether the child was ready.",
    needs=("events.child_account_indicated", "events.abe_interview_done"),
    asks="Q30",
    holder=WITH_OTHERS,
)
interview_to_shared = duty_wait(
    "interview_to_shared",
    title="From a recorded interview to sharing it with the child's social worker",
    question="How long after a recorded interview is its content shared with the child's social worker?",
    why="A child's account should protect them on that day, and they should not have to repeat it.",
    family="recorded interview shared",
    standard=("abe_share",),
    start="the day of the recorded interview",
    label="shared with the social worker",
    limits="What was shared, and whether every child who was interviewed has a social worker.",
    needs=("events.abe_interview_done", "events.abe_summary_shared"),
    asks="Q44",
    holder=POLICE,
)
protection_to_authority_told = duty_wait(
    "protection_to_authority_told",
    title="From police protection to telling the local authority",
    question="How long after a child is taken into police protection is the local authority told?",
    why="Before the authority knows, nobody finds the child a place to sleep outside a police station.",
    family="police protection told",
    standard=("s46_inform",),
    start="the day on which police protection began",
    label="local authority told",
    limits="Whether the parents and the officer who must look into the case were told too.",
    needs=("orders", "events.la_informed"),
    asks="Q44",
    holder=POLICE,
)
signs_to_nrm_referral = duty_wait(
    "signs_to_nrm_referral",
    title="From signs of exploitation to a modern slavery referral",
    question="How long after signs that a child may be exploited were entered is the child referred to the National "
    "Referral Mechanism?",
    why="Before the referral a child who was made to offend is treated as an offender.",
    family="modern slavery referral",
    standard=("nrm_refer",),
    start="the day on which signs were first entered",
    label="referral made",
    limits="Whether the signs called for a referral: not every child with a sign is owed one.",
    needs=("events.indicators_recorded", "referrals"),
    asks="Q44",
    holder=WITH_OTHERS,
)

FORMS = (
    contact_agreed,
    confirmed_in_writing,
    support_referred,
    protection_within_72_hours,
    review_acknowledged,
    review_decided,
    cps_decided_in_28_days,
    court_told_witness_care,
    conference_in_15_days,
)
WAITS = (
    return_to_prevention_interview,
    cause_to_strategy_discussion,
    account_decided_to_interview,
    interview_to_shared,
    protection_to_authority_told,
    signs_to_nrm_referral,
)


# Were suspects detained, or on bail, no longer than the law allows?
#
# A statutory limit is a maximum: after it bail conditions end, or there is no power to detain, and a duty that ran over
# is a breach. Shown only; the forms say why none grades a force.

bail_in_first_period = timely_duty_indicator(
    "bail_in_first_period",
    title="Bail before charge decided within its first period",
    question="For how many suspects on bail was there a decision before the first period of bail ended: a charge, a "
    "release, or more time?",
    why="If bail runs out without a decision its conditions end too, and the victim is told of neither.",
    family="bail period",
    standard=("bail_init", "bail_old28"),
    limits="Who extended bail: any entry of more time counts as a decision. The later limits, by rank and by court, "
    "are not worked out. It grades nobody: the decision is worked out from five kinds of event, and a bail that ends "
    "on the day it was set for may have no entry of its own.",
    needs=("events.suspect_arrested", "events.suspect_bailed", "events.bail_extended|events.charge_decision"),
    asks="Q30",
    graded=False,
)
held_24_hours = timely_duty_indicator(
    "held_24_hours",
    title="Charged or released within 24 hours of detention",
    question="For how many suspects in custody was the decision to charge or release them made within 24 hours?",
    why="The first limit of detention is short: interviews and searches must be done within it.",
    family="detention",
    standard=("pace24",),
    limits="Whether a superintendent or a court had allowed more time, which no return says: past the limit it is a "
    "breach unless they had. The limit was not read in its source, so it grades nobody.",
    needs=("events.detention_clock_start", "events.suspect_bailed|events.suspect_charged"),
    asks="Q30",
    graded=False,
)

DETENTION_FORMS = (bail_in_first_period, held_24_hours)


# Was the report recorded as a crime in time?

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
    why="Before a crime is recorded there is no investigator, no victim's rights and no count, and evidence is lost.",
    line="responses",
    asks="Q28",
    record="duty",
    population="family = 'recorded' and in_base",
    # A crime that was cancelled or passed on later was still a report that had to be recorded: it stays in.
    excluding={NOT_YET_DUE: "state = 'not yet due'", NOT_IN_FORCE: "not standard_in_force"},
    met="in_time",
    better="higher",
    limits="Whether a crime should have been recorded from other reports: inspectors read a sample of reports for "
    "that.",
    assumptions="The time of the report as the force holds it; a report known by its day alone may or may not be in "
    "time.",
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

RECORDING_TIME_FORMS = (recorded_in_24_hours,)
