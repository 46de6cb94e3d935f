"""Was the child safeguarded: partners informed, strategy discussion held, missing episodes graded, return interviews?

The duty holder differs: decisions of the police alone are shown under the police, joint ones under the system around
the child. The law sets no limit for any of them, so none grades a force.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Indicator
from assay.indicators.exclusion_reasons import DECLINED, JUST_SENT, NOT_IN_FORCE, NOT_YET_DUE, SYSTEM
from assay.indicators.indicator_examples import share_examples

_CHILD: Mapping[str, object] = {"in_base": True}
_CHILD_NEEDS = ("crimes", "involvements.date_of_birth", "flags")

exploited_child_shared = Indicator(
    key="exploited_child_shared",
    title="Exploited children with a referral to or from a partner",
    question="For how many children known to the police as exploited is there a referral to a partner, or from one?",
    why="If only the police know of a child, the school, the doctor and the home cannot protect the child.",
    line="responses",
    asks="Q44",
    record="exploited_child",
    population="in_base",
    met="partners_know",
    better="higher",
    limits="Whether the referral was answered, and whether anything came of it.",
    assumptions="Referrals with the child's number. A telephone call that was not entered is not included.",
    graded=False,
    needs=(*_CHILD_NEEDS, "referrals"),
    examples=share_examples(_CHILD, "partners_know", outside={"in_base": False}, unknown={"in_base": None}),
)
exploited_child_known_to_partners = Indicator(
    key="exploited_child_known_to_partners",
    title="Exploited children whom a partner knows by a referral or a list",
    question="For how many children known to the police as exploited is there a referral to a partner or from one, "
    "or an entry on a partner's list?",
    why="Separate lists each hold a part of the children, and each looks complete to its owner.",
    line="responses",
    asks="Q44",
    record="exploited_child",
    population="in_base",
    met="partners_know or partner_lists",
    better="higher",
    limits="Whether the child should have been on a list, when they came on it, and what was done for those on it.",
    assumptions="Record linkage of children on lists and in crimes, that every list of the force's area was sent, and "
    "referrals that bear the child's number.",
    holder=SYSTEM,
    graded=False,
    needs=(*_CHILD_NEEDS, "referrals", "agencies"),
    examples=(
        ({**_CHILD, "partners_know": True, "partner_lists": False}, "met"),
        ({**_CHILD, "partners_know": None, "partner_lists": True}, "met"),
        ({**_CHILD, "partners_know": False, "partner_lists": False}, "not met"),
        ({**_CHILD, "partners_know": False, "partner_lists": None}, "not known"),
        ({**_CHILD, "partners_know": None, "partner_lists": False}, "not known"),
        ({"in_base": False, "partners_know": True, "partner_lists": True}, "outside"),
        ({"in_base": None, "partners_know": True, "partner_lists": True}, "not known if counted"),
    ),
)
strategy_discussed = Indicator(
    key="strategy_discussed",
    title="Exploited children with a strategy discussion",
    question="For how many children known to the police as exploited was a strategy discussion held?",
    why="In it, police, social care and health combine what they know.",
    line="responses",
    asks="Q44",
    record="exploited_child",
    population="in_base",
    met="discussed",
    better="higher",
    limits="Whether one was called for in each case, who came, and whether its actions were done.",
    assumptions="Discussions with the police in them, as events that name the child.",
    holder=SYSTEM,
    graded=False,
    needs=(*_CHILD_NEEDS, "events.strategy_discussion_held"),
    examples=share_examples(_CHILD, "discussed", outside={"in_base": False}, unknown={"in_base": None}),
)
_EPISODE: Mapping[str, object] = {"in_base": True, "known_exploited": True}
missing_graded_low = Indicator(
    key="missing_graded_low",
    title="Missing episodes graded low or no apparent risk",
    question="How many missing episodes of children were first graded low, or of no apparent risk?",
    why="The inquiry found exploited children among the low and medium grades: a low grade means that nobody looks.",
    line="responses",
    asks="Q43",
    record="missing_episode",
    population="in_base",
    met="graded_low",
    better="lower",
    limits="Whether the grade was right for that child on that day: see how many were known as exploited.",
    assumptions="The first grade as entered; later ones are not read.",
    graded=False,
    needs=("missing.first_grade",),
    examples=share_examples({"in_base": True}, "graded_low", outside={"in_base": False}, unknown={"in_base": None}),
)
missing_exploited_graded_low = Indicator(
    key="missing_exploited_graded_low",
    title="Missing episodes of children known as exploited, graded low",
    question="How many missing episodes of children already known as exploited were first graded low, or of no "
    "apparent risk?",
    why="A missing episode of a child known as exploited is a sign of harm, and not of low risk.",
    line="responses",
    asks="Q43",
    record="missing_episode",
    population="in_base and known_exploited",
    met="graded_low",
    better="lower",
    limits="What the call taker could see: whether the system showed what was known.",
    assumptions="Record linkage; flags and titles of crimes reported by the day the episode began.",
    graded=False,
    needs=(*_CHILD_NEEDS, "missing.first_grade"),
    examples=share_examples(
        _EPISODE, "graded_low", outside={"known_exploited": False}, unknown={"known_exploited": None}
    ),
)
missing_flagged = Indicator(
    key="missing_flagged",
    title="Missing episodes with a flag for exploitation",
    question="How many missing episodes of children bear a flag for exploitation, on the episode or on the child?",
    why="Without the flag nobody counts the episodes: one child went missing 36 times before somebody set it.",
    line="responses",
    asks="Q18",
    record="missing_episode",
    population="in_base",
    met="exploitation_flagged",
    better="neither",
    limits="How many of the children were exploited: more flags may be better recording, or more exploitation.",
    assumptions="Flags on the episode or on the child's number, set at any time.",
    graded=False,
    needs=("missing", "flags"),
    examples=share_examples(
        {"in_base": True}, "exploitation_flagged", outside={"in_base": False}, unknown={"in_base": None}
    ),
)
_THIRD: Mapping[str, object] = {"in_base": True, "number_of_child": 3}
missing_often_planned = Indicator(
    key="missing_often_planned",
    title="Plans for children who were missing three times",
    question="For how many children who went missing a third time is there a plan for immediate action the next time?",
    why="A child who is missing again and again is looked for quickly only if somebody wrote down where and by whom.",
    line="responses",
    asks="Q43",
    record="missing_episode",
    population="in_base and number_of_child = 3",
    met="planned_after",
    better="higher",
    limits="Whether the plan was good, and whether it was used the next time.",
    assumptions="Record linkage, and the episodes that were sent: an earlier episode would make the third one the "
    "fourth. Local procedures plan from the third episode; no national standard says so.",
    graded=False,
    needs=("missing", "events.trigger_plan_made"),
    examples=share_examples(_THIRD, "planned_after", outside={"number_of_child": 2}, unknown={"number_of_child": None}),
)
_REFERRAL: Mapping[str, object] = {"in_base": True, "direction": "in", "recent": False}


def _answered(key: str, agency: str, sender: str, why: str) -> Indicator:
    row = {**_REFERRAL, "agency_kind": agency}
    return Indicator(
        key=key,
        title=f"Referrals from {sender} that were answered",
        question=f"How many referrals to the police from {sender} were answered?",
        why=why,
        line="responses",
        asks="Q45",
        record="referral",
        population=f"in_base and direction = 'in' and agency_kind = '{agency}'",
        excluding={JUST_SENT: "recent"},
        met="answered",
        better="higher",
        limits="Whether the answer was right, and whether anything was done.",
        assumptions="Referrals about exploitation or sexual harm as the police hold them. One that was not entered is "
        "not included.",
        graded=False,
        needs=("referrals.answered_at",),
        examples=share_examples(
            row,
            "answered",
            outside={"direction": "out"},
            unknown={"in_base": None},
            excluding={JUST_SENT: {"recent": True}},
        ),
    )


from_schools_answered = _answered(
    "from_schools_answered",
    "education",
    "schools",
    "Teachers see a child every day. A teacher who gets no answer does not send a second referral.",
)
from_health_answered = _answered(
    "from_health_answered",
    "health",
    "health services",
    "Sexual health services and wards are where children first say what happened to them.",
)
from_social_care_answered = _answered(
    "from_social_care_answered",
    "local_authority",
    "children's social care",
    "A social worker who hears nothing back cannot know whether the police protect the child.",
)
from_voluntary_answered = _answered(
    "from_voluntary_answered",
    "voluntary",
    "voluntary bodies",
    "The inquiries of the last ten years were set off by voluntary workers who had reported and were not heard.",
)

duty_reports_answered = Indicator(
    key="duty_reports_answered",
    title="Reports under the duty to report that were answered",
    question="How many reports to the police under the duty to report child sexual abuse were answered?",
    why="A duty to report protects a child only if somebody acts on the report and says so.",
    line="responses",
    asks="Q45",
    record="referral",
    population="in_base and direction = 'in' and duty_report",
    excluding={JUST_SENT: "recent"},
    met="answered",
    better="higher",
    limits="Whether the answer was right; reports to local authorities; reports before the duty began, on a day that "
    "was not found; Wales, where the duty does not hold.",
    assumptions="The force's own mark on the referral that it was made under the duty; without the mark it is not "
    "known.",
    graded=False,
    needs=("referrals.duty_report", "referrals.answered_at"),
    examples=share_examples(
        {**_REFERRAL, "duty_report": True},
        "answered",
        outside={"duty_report": False},
        unknown={"duty_report": None},
        excluding={JUST_SENT: {"recent": True}},
    ),
)
online_reports_safeguarded = Indicator(
    key="online_reports_safeguarded",
    title="Online reports after which a child was made safe",
    question="After how many reports from online services was a step taken to make a child safe?",
    why="A report from an online service often names a child whom nobody else has seen. A crime number alone does "
    "not make the child safe.",
    line="responses",
    asks="Q44",
    record="referral",
    population="in_base and direction = 'in' and online_report",
    excluding={JUST_SENT: "recent"},
    met="safeguarding_followed",
    better="higher",
    limits="Whether a child could be found, how soon, and whether the step was enough. A report about a child abroad, "
    "or about an adult, may call for none.",
    assumptions="The force's own marks on the referral: it came from an online service, and a step followed.",
    graded=False,
    needs=("referrals.online_report", "referrals.safeguarding_followed"),
    examples=share_examples(
        {**_REFERRAL, "online_report": True},
        "safeguarding_followed",
        outside={"online_report": False},
        unknown={"online_report": None},
        excluding={JUST_SENT: {"recent": True}},
    ),
)

FORMS = (
    exploited_child_shared,
    exploited_child_known_to_partners,
    strategy_discussed,
    missing_graded_low,
    missing_exploited_graded_low,
    missing_flagged,
    missing_often_planned,
    from_schools_answered,
    from_health_answered,
    from_social_care_answered,
    from_voluntary_answered,
    duty_reports_answered,
    online_reports_safeguarded,
)


# Were children who returned from being missing offered, and given, an interview with an independent person?

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
    assumptions=(
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

RETURN_INTERVIEW_FORMS = (return_interview_in_72_hours,)
