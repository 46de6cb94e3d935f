"""Checklists for readers of documents: policies, problem profiles, minutes and training records.

They answer the questions with mode r (document), and have the form of every other question set.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from assay.contract.question_sets import Question, QuestionSet

SUBJECT = "document"

problem_profile = QuestionSet(
    key="problem_profile_document",
    version="1",
    title="What a problem profile holds",
    subject=SUBJECT,
    line="assessments",
    questions=(
        Question(
            key="dated_within_12_months",
            text="Was it signed off within the 12 months before the inspection?",
            asks="Q10",
            stage="the document",
            guidance="The day of signing off counts; a draft is not a profile.",
        ),
        Question(
            key="group_section",
            text="Does it have a section on exploitation by groups, that says how many groups and by which definition?",
            asks="Q10",
            stage="the document",
            guidance="A section that only says the matter is important is partly met.",
        ),
        Question(
            key="partner_data",
            text="Does it use data of partners: children's services, health, schools, voluntary bodies?",
            asks="Q10",
            stage="the data",
            guidance="Named sources with figures or facts from them; that partners were consulted is not enough.",
        ),
        Question(
            key="window_over_12_months",
            text="Does its data cover 12 months or more?",
            asks="Q11",
            stage="the data",
            guidance="Look for the first and the last day of the data, not for the day of the document.",
        ),
        Question(
            key="counts_say_how",
            text="Does it say what its counts count, and from which system, so that they can be made again?",
            asks="Q11",
            stage="the data",
        ),
        Question(
            key="offenders_described",
            text="Does it describe those who offend, and how much of that is not recorded?",
            asks="Q10",
            stage="the data",
        ),
        Question(
            key="used_for_decisions",
            text="Does it lead to decisions that somebody owns, with a day by which they are done?",
            asks="Q10|Q47",
            stage="use",
        ),
        Question(
            key="profile_overall",
            text="How good is the profile, taken all together?",
            asks="Q10",
            stage="overall",
            guidance="Answer this last.",
        ),
    ),
)

policy = QuestionSet(
    key="policy_document",
    version="1",
    title="What a policy or procedure asks for",
    subject=SUBJECT,
    line="lessons",
    questions=(
        Question(
            key="definition_given",
            text="Does it give the definition of exploitation by groups that the force has adopted?",
            asks="Q47",
            stage="the document",
        ),
        Question(
            key="roles_named",
            text="Does it say which post does what, and by when?",
            asks="Q47",
            stage="the document",
        ),
        Question(
            key="language_covered",
            text="Does it say how children are to be written of, and what a supervisor does about words of blame?",
            asks="Q47",
            stage="the document",
        ),
        Question(
            key="recommendation_answered",
            text="Does it answer the recommendation that it is shown for, in what it tells people to do?",
            asks="Q47",
            stage="lessons",
            guidance="A sentence that repeats the recommendation is not met.",
        ),
        Question(
            key="checked_in_practice",
            text="Does it say how the force will know whether it is followed?",
            asks="Q47",
            stage="lessons",
        ),
        Question(
            key="policy_overall",
            text="How good is the policy, taken all together?",
            asks="Q47",
            stage="overall",
            guidance="Answer this last. That something is written down is not that it is done.",
        ),
    ),
)

minutes = QuestionSet(
    key="minutes_document",
    version="2",
    title="What minutes of a meeting show",
    subject=SUBJECT,
    line="lessons",
    questions=(
        Question(
            key="right_people_there",
            text="Were those there who can decide, of the police and of each partner that it concerns?",
            asks="Q47",
            stage="the meeting",
        ),
        Question(
            key="actions_owned",
            text="Does each action have an owner and a day?",
            asks="Q47",
            stage="the meeting",
        ),
        Question(
            key="earlier_actions_followed",
            text="Were the actions of the meeting before looked at, and those not done taken further?",
            asks="Q47",
            stage="the meeting",
        ),
        Question(
            key="leaders_told",
            text="Does it say what chief officers or elected leaders were told of exploitation, by whom, on which day?",
            asks="Q47|Q48",
            stage="what leaders were told",
            guidance="Roles, never names. Minutes without a day are partly met.",
        ),
        Question(
            key="leaders_decided",
            text="Does it say what they decided on it, and what was then done?",
            asks="Q47|Q48",
            stage="what leaders were told",
            guidance="Not applicable where leaders were told nothing.",
        ),
        Question(
            key="minutes_overall",
            text="How well does the meeting do its work, as the minutes show it?",
            asks="Q47",
            stage="overall",
            guidance="Answer this last.",
        ),
    ),
)

training = QuestionSet(
    key="training_document",
    version="1",
    title="What a record of training shows",
    subject=SUBJECT,
    line="lessons",
    questions=(
        Question(
            key="who_was_trained",
            text="Does it say how many of which teams were trained, of how many?",
            asks="Q47",
            stage="the record",
            guidance="A number without the number of those in the team is partly met.",
        ),
        Question(
            key="covers_exploitation",
            text="Does the training cover exploitation by groups, and how children are to be written of?",
            asks="Q47",
            stage="the record",
        ),
        Question(
            key="renewed",
            text="Is it renewed, and are newcomers trained before they take on cases?",
            asks="Q47",
            stage="the record",
        ),
        Question(
            key="training_overall",
            text="How good is the training, as the record shows it?",
            asks="Q47",
            stage="overall",
            guidance="Answer this last. It cannot show what people learned.",
        ),
    ),
)

SETS = (problem_profile, policy, minutes, training)


@lru_cache
def checklists() -> Mapping[str, QuestionSet]:
    """Return the checklists by key."""
    return MappingProxyType({question_set.key: question_set for question_set in SETS})
