"""Assessments: do they follow the first sign in time, cover the victim's needs, and agree with the records?

Of risk assessments: is harm recorded as harm, is the score correct, is the text specific?
Only the process can be checked against records. A band of a risk tool is not a probability.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Indicator, Wait
from assay.indicators.exclusion_reasons import ALREADY_ASSESSED, CANCELLED, NOT_IN_FORCE

_ROW: Mapping[str, object] = {
    "in_base": True,
    "harm_before": True,
    "harm_named": True,
    "harm_in_words": True,
    "narrative_given": True,
    "narrative_copied": False,
    "items_scored": True,
    "score_right": True,
    "band_right": True,
    "override": True,
    "override_reason_given": True,
}
Example = tuple[Mapping[str, object], str]


def _examples(met: str, population_column: str, yes: bool = True) -> tuple[Example, ...]:
    """Return examples of met, not met, not known, and the population: `population_column` is the column beside
    `in_base` that decides it."""
    examples: tuple[Example, ...] = (
        ({**_ROW, met: yes}, "met"),
        ({**_ROW, met: not yes}, "not met"),
        ({**_ROW, met: None}, "not known"),
        ({**_ROW, "in_base": False}, "outside"),
    )
    if population_column == "in_base":
        return (*examples, ({**_ROW, "in_base": None}, "not known if counted"))
    return (
        *examples,
        ({**_ROW, population_column: False}, "outside"),
        ({**_ROW, population_column: None}, "not known if counted"),
    )


harm_called_harm = Indicator(
    key="harm_called_harm",
    title="Earlier harm assessed as harm",
    question="Of children who had been harmed before their assessment, how many were assessed as harmed (known or "
    "suspected), and not only as at risk?",
    why="A child who is assessed only as at risk after a crime gets prevention instead of protection and justice.",
    line="assessments",
    asks="Q13",
    record="assessment",
    population="in_base and harm_before",
    met="harm_named",
    better="higher",
    limits="Whether the assessor was told of the crime or of what the child said, and signs that only a doctor saw.",
    assumptions="A crime in scope, reported before the day of the assessment and not cancelled, or words of the child "
    "that were entered. An assessment that states nothing of harm is not known.",
    graded=False,
    needs=("assessments.harm_finding", "crimes", "involvements"),
    examples=_examples("harm_named", "harm_before"),
)
harm_said_in_words = Indicator(
    key="harm_said_in_words",
    title="Earlier harm named and described in words",
    question="Of children who had been harmed before they were assessed, how many have an assessment that names the "
    "harm and says in words what was found?",
    why="The next reader acts on harm that is named and described, and not on a ticked box.",
    line="assessments",
    asks="Q13 Q16",
    record="assessment",
    population="in_base and harm_before",
    met="harm_in_words",
    better="higher",
    limits="Whether the words say anything, and whether the assessor was told of the crime or of what the child said.",
    assumptions="A crime in scope, reported before the day of the assessment and not cancelled, or words of the child "
    "that were entered; and the free text as it was sent, where an empty one is none. Where nobody looked at the text "
    "the answer is not known, also if no harm is named.",
    graded=False,
    needs=("assessments.harm_finding", "assessments.narrative", "crimes", "involvements"),
    examples=_examples("harm_in_words", "harm_before"),
)
score_adds_up = Indicator(
    key="score_adds_up",
    title="Risk score equal to the sum of its items",
    question="Of assessments with a scoring key, how many bear the score that their own items give?",
    why="A wrong sum can put a child into a lower band, and nobody looks again.",
    line="assessments",
    asks="Q15",
    record="assessment",
    population="in_base and items_scored",
    met="score_right",
    better="higher",
    limits="Whether each item was judged rightly, and tools that have no key.",
    assumptions="The published key of the tool, and items as they were entered.",
    graded=False,
    needs=("assessments.score", "assessment_items"),
    examples=_examples("score_right", "items_scored"),
)
band_follows_score = Indicator(
    key="band_follows_score",
    title="Band of risk that follows from the score",
    question="Of assessments with a scoring key, how many are in the band of their score, or in another that the "
    "assessor set by judgement?",
    why="Services follow the band. A band that comes neither from the score nor from a judgement is a mistake that "
    "can cost a child a service.",
    line="assessments",
    asks="Q15",
    record="assessment",
    population="in_base and items_scored",
    met="band_right",
    better="higher",
    limits="Whether the band was right for the child.",
    assumptions="The bands of the tool, mapped in order to the five tiers: either way of mapping is taken as right.",
    graded=False,
    needs=("assessments.score", "assessments.band", "assessments.override", "assessment_items"),
    examples=_examples("band_right", "items_scored"),
)
overrides_reasoned = Indicator(
    key="overrides_reasoned",
    title="Reason given where the score was overridden",
    question="Where the assessor set another band than the score gives, how often is a reason entered?",
    why="A judgement may replace the score, but without a reason nobody can tell it from rationing.",
    line="assessments",
    asks="Q15",
    record="assessment",
    population="in_base and override",
    met="override_reason_given",
    better="higher",
    limits="Whether the reason was a good one, and which way the band was moved.",
    assumptions="The marks of the force.",
    graded=False,
    needs=("assessments.override", "assessments.override_reason_given"),
    examples=_examples("override_reason_given", "override"),
)
narrative_given = Indicator(
    key="narrative_given",
    title="Assessment with words beside the score",
    question="How many risk assessments say in words what was found?",
    why="A score without words cannot be checked, acted upon or handed over: the inquiry found scores in place of "
    "judgement.",
    line="assessments",
    asks="Q16",
    record="assessment",
    population="in_base",
    met="narrative_given",
    better="higher",
    limits="Whether the words say anything.",
    assumptions="The free text as it was sent; an empty one is none.",
    graded=False,
    needs=("assessments.narrative",),
    examples=_examples("narrative_given", "in_base"),
)
narrative_copied = Indicator(
    key="narrative_copied",
    title="Assessment with the same words as that of another child",
    question="Of assessments with words, how many have nearly the words of one of another child in the same force?",
    why="Copied words mean that nobody wrote about this child.",
    line="assessments",
    asks="Q16",
    record="assessment",
    population="in_base and narrative_given",
    met="narrative_copied",
    better="lower",
    limits="Who copied from whom, and brothers and sisters who share one account.",
    assumptions="Runs of words that two texts share, nine in ten of them; what many texts of the force share, such as "
    "the headings of a form, is set aside first, and very short texts are not judged.",
    graded=False,
    needs=("assessments.narrative",),
    examples=_examples("narrative_copied", "narrative_given"),
)

FORMS = (
    harm_called_harm,
    harm_said_in_words,
    score_adds_up,
    band_follows_score,
    overrides_reasoned,
    narrative_given,
    narrative_copied,
)


# Were the victim's needs assessed, and was that written down?

_ASSESSED: Mapping[str, object] = {
    "family": "needs assessment",
    "in_base": True,
    "age_at_offence": 14,
    "when_reported": "child when reported",
    "in_time": True,
    "crime_cancelled": False,
    "standard_in_force": True,
}

needs_assessment_recorded = Indicator(
    key="needs_assessment_recorded",
    title="Needs assessment recorded",
    question="For how many victims is an assessment of their needs, enhanced rights included, on record?",
    why="A victim who is not assessed gets the standard service: slower news, no special measures, no help to speak.",
    line="assessments",
    asks="Q9",
    record="duty",
    population="family = 'needs assessment' and in_base and age_at_offence < 18",
    # A victim who wishes no contact is owed one all the same: it can be made from what is known.
    excluding={NOT_IN_FORCE: "not standard_in_force", CANCELLED: "crime_cancelled"},
    met="in_time",
    better="higher",
    limits="Whether it was made at the first report, whether it was right, and whether anything followed from it.",
    assumptions="The force's log: an assessment that was not entered counts as not made if the log is complete.",
    standard=("vc4_needs",),
    needs=(
        "crimes",
        "crimes.reported_at|report_crimes",
        "crimes.cancelled_at",
        "involvements.date_of_birth",
        "events.needs_assessment_recorded",
    ),
    split="when_reported",
    examples=(
        (_ASSESSED, "met"),
        ({**_ASSESSED, "in_time": False}, "not met"),
        ({**_ASSESSED, "in_time": False, "when_reported": "adult when reported"}, "not met"),
        ({**_ASSESSED, "in_time": None}, "not known"),
        ({**_ASSESSED, "in_time": False, "crime_cancelled": True}, "left out: crime_cancelled"),
        (
            {**_ASSESSED, "in_time": False, "standard_in_force": False},
            "left out: standard_not_in_force_then",
        ),
        ({**_ASSESSED, "age_at_offence": None}, "not known if counted"),
        ({**_ASSESSED, "age_at_offence": 30}, "outside"),
    ),
)

NEEDS_FORMS = (needs_assessment_recorded,)


# How long from the first sign that a child may be exploited to an assessment, and to a flag?
#
# Only children whose exploitation the force flagged in the end are included: for others it is unknown whether a flag
# was due.

ASSESSED = "assessed"
_CHILD: Mapping[str, object] = {
    "in_base": True,
    "marked": True,
    "flagged": True,
    "assessed_before": False,
    "flagged_before": False,
    "episodes": 3,
    "many_before_flag": True,
    "assessments_known": True,
    "flags_known": True,
    "days_seen": 200,
}
_NEEDS = ("flags", "crimes", "involvements", "missing", "referrals")
_START = "the day of the first sign: a crime, a missing episode, a referral, or signs or words that were entered"
_LIMITS = (
    "Signs that were seen and not entered, those before the days that were sent, and children never marked at all."
)
_LEANS = "The first sign among what was sent is taken for the first of all."

sign_to_assessment = Wait(
    key="sign_to_assessment",
    title="From the first sign to the first assessment",
    question="How long is it from the first sign that a child may be exploited until the child's risk is assessed?",
    why="Before somebody assesses all signs together, each is treated as if it were the only one.",
    line="assessments",
    asks="Q17",
    record="known_child",
    population="in_base and marked",
    start=_START,
    ends=(ASSESSED, "days_to_assessment"),
    seen="days_seen",
    known="assessments_known",
    excluding={ALREADY_ASSESSED: "assessed_before"},
    better="lower",
    limits=_LIMITS,
    assumptions=_LEANS,
    graded=False,
    needs=("assessments", *_NEEDS),
    examples=(
        ({**_CHILD, "days_to_assessment": 12}, ASSESSED),
        (_CHILD, "still waiting"),
        ({**_CHILD, "assessments_known": False}, "not known"),
        ({**_CHILD, "assessed_before": True}, f"left out: {ALREADY_ASSESSED}"),
        ({**_CHILD, "marked": None}, "not known if counted"),
        ({**_CHILD, "marked": False}, "outside"),
    ),
)
three_episodes_before_flag = Indicator(
    key="three_episodes_before_flag",
    title="Missing three times or more before the flag",
    question="Of flagged children who were ever missing, how many had been missing three times or more before it?",
    why="The inquiry found a child missing 36 times before anybody marked what was happening.",
    line="assessments",
    asks="Q18",
    record="known_child",
    population="in_base and flagged and episodes >= 1",
    met="many_before_flag",
    better="lower",
    limits=_LIMITS,
    assumptions="Missing episodes that were sent. Local procedures plan from the third episode; no national standard "
    "says so.",
    graded=False,
    needs=("flags.added_at", *_NEEDS),
    examples=(
        (_CHILD, "met"),
        ({**_CHILD, "many_before_flag": False}, "not met"),
        ({**_CHILD, "many_before_flag": None}, "not known"),
        ({**_CHILD, "flagged": None}, "not known if counted"),
        ({**_CHILD, "episodes": 0}, "outside"),
        ({**_CHILD, "in_base": False}, "outside"),
    ),
)

FIRST_SIGN_FORMS = (three_episodes_before_flag, sign_to_assessment)
