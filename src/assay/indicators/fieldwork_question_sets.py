"""Question sets of fieldwork: interviews, focus groups and observations in a force and its partners.

They are answered from notes; participants are recorded by role, never by name. Participants are a purposive sample, not
a random one: their answers are counted and give no rate for a force.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from assay.contract.question_sets import Question, QuestionSet

KINDS = ("interview", "focus_group", "observation")
STAFF, PARTNERS = "staff", "partners"
PARTNER_ROLES = frozenset(
    ["prosecutor", "court", "local_authority", "education", "health", "voluntary", "return_interviewer", "other_force"]
)
UNASSIGNED_ROLES = frozenset(("other", "system"))
"""Roles that may belong to the force or to a partner."""

interview = QuestionSet(
    key="interview_fieldwork",
    version="1",
    title="What somebody inside the force, or of a partner, says of the work",
    subject="interview",
    line="responses",
    questions=(
        Question(
            key="definition_known",
            text="Can they say, in their own words, what makes a case one of exploitation by a group?",
            asks="Q22",
            stage="understanding",
            guidance="A case that they tell as an example counts for more than a sentence learned by heart.",
        ),
        Question(
            key="flag_known",
            text="Do they know when a record is flagged, who does it, and who may take the flag off?",
            asks="Q18|Q21",
            stage="understanding",
            guidance="Not applicable to a partner who does not use the records of the force.",
        ),
        Question(
            key="blame_challenged",
            text="Can they say what happens when somebody writes or speaks of a child as if to blame?",
            asks="Q3",
            stage="attitudes",
            guidance="What was done, by which role; not what should be done.",
        ),
        Question(
            key="specialist_reached",
            text="Can they reach somebody with specialist training when a case needs it, and soon enough?",
            asks="Q32",
            stage="response",
        ),
        Question(
            key="enquiries_before_closing",
            text="Can they say who looks, before a case is closed, whether the lines of enquiry were followed?",
            asks="Q37",
            stage="response",
        ),
        Question(
            key="partners_answered",
            text="Can they say what becomes of a report from a school, a health service or a voluntary body?",
            asks="Q45",
            stage="partners",
            guidance="Of a partner: what came back, and after how long.",
        ),
        Question(
            key="change_felt",
            text="Can they name something in their own work that changed because of a past recommendation?",
            asks="Q47|Q48",
            stage="lessons",
        ),
        Question(
            key="interview_overall",
            text="How far does what they say bear out what the force says of itself?",
            asks="Q47",
            stage="overall",
            guidance="Answer this last. One person speaks for themselves.",
        ),
    ),
)

focus_group = QuestionSet(
    key="focus_group_fieldwork",
    version="1",
    title="What a group of staff or partners says together",
    subject="focus_group",
    line="responses",
    questions=(
        Question(
            key="definition_shared",
            text="Do they agree with one another on what makes a case one of exploitation by a group?",
            asks="Q22",
            stage="understanding",
        ),
        Question(
            key="words_noticed",
            text="Do they say that words of blame are noticed among themselves, and put right?",
            asks="Q1|Q3",
            stage="attitudes",
        ),
        Question(
            key="time_for_the_work",
            text="Do they say that they have the time, the training and the people that the work takes?",
            asks="Q32",
            stage="response",
        ),
        Question(
            key="information_shared",
            text="Do police and partners say the same of what is passed on between them, and how soon?",
            asks="Q44|Q45",
            stage="partners",
            guidance="Partly met where only one side was in the room.",
        ),
        Question(
            key="missing_children_followed",
            text="Do they say who acts when a child keeps going missing, and what that has led to?",
            asks="Q43",
            stage="response",
        ),
        Question(
            key="focus_group_overall",
            text="How well does the work go, as those who do it tell it together?",
            asks="Q47",
            stage="overall",
            guidance="Answer this last. Say in the reason whether some kept silent.",
        ),
    ),
)

observation = QuestionSet(
    key="observation_fieldwork",
    version="1",
    title="What was seen of a meeting, a briefing or a shift",
    subject="observation",
    line="assessments",
    questions=(
        Question(
            key="right_roles_there",
            text="Were the roles there that can decide, of the police and of each partner that it concerns?",
            asks="Q44",
            stage="the meeting",
        ),
        Question(
            key="harm_named_as_harm",
            text="Was harm that had already happened spoken of as harm, and not as risk alone?",
            asks="Q13",
            stage="understanding",
        ),
        Question(
            key="spoken_of_as_a_child",
            text="Was each child spoken of as a child, without words of blame, or was it put right at once?",
            asks="Q1|Q3",
            stage="attitudes",
        ),
        Question(
            key="links_looked_for",
            text="Did somebody ask who else the suspects know, and which other children may be harmed?",
            asks="Q12|Q36",
            stage="response",
        ),
        Question(
            key="actions_owned",
            text="Did each action have a role that owns it, and a day?",
            asks="Q44",
            stage="the meeting",
        ),
        Question(
            key="observation_overall",
            text="How well was the work done, as far as it was seen?",
            asks="Q44",
            stage="overall",
            guidance="Answer this last. People who are watched may work otherwise than on other days.",
        ),
    ),
)

SETS = (interview, focus_group, observation)


def role_side(role: str) -> str:
    """Return the evidence source for a person's role: a force's own people or its partners; '' if it may be either."""
    return PARTNERS if role in PARTNER_ROLES else "" if role in UNASSIGNED_ROLES else STAFF


@lru_cache
def fieldwork_sets() -> Mapping[str, QuestionSet]:
    """Return the question sets of fieldwork, by key."""
    return MappingProxyType({question_set.key: question_set for question_set in SETS})
