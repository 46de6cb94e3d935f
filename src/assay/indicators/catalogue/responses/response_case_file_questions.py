"""Questions for readers of a case file: what was done from first contact to outcome, and was it done well?"""

from __future__ import annotations

from assay.contract.question_sets import Question, QuestionSet

FIRST, PLAN, SUSPECTS, SAFETY, END = "first contact", "investigation", "suspects", "safeguarding", "outcome"

responses_case = QuestionSet(
    key="responses_case",
    version="1",
    title="What was done, from first contact to outcome",
    subject="crime",
    line="responses",
    questions=(
        Question(
            key="risk_seen_at_first",
            text="Was the risk to the child, and to other children, seen and acted upon at the first contact?",
            asks="Q33|Q45",
            stage=FIRST,
        ),
        Question(
            key="first_contact_overall",
            text="How good was the first response, taken all together?",
            asks="Q33",
            stage=FIRST,
        ),
        Question(
            key="specialist",
            text="Was the case led by somebody trained for it?",
            asks="Q32",
            stage=PLAN,
            guidance="What the record shows of training and team on the day of allocation.",
        ),
        Question(
            key="plan_set",
            text="Is there an investigation plan that was kept up as the case changed?",
            asks="Q34",
            stage=PLAN,
            guidance="Set anew after each further child or suspect; a plan never looked at again is partly met.",
        ),
        Question(
            key="supervised",
            text="Did supervisors review the case in time, and did their direction move it on?",
            asks="Q34",
            stage=PLAN,
        ),
        Question(
            key="lines_followed",
            text="Were the reasonable lines of enquiry followed?",
            asks="Q37",
            stage=PLAN,
            guidance="Devices, places, vehicles, accounts, other children, earlier reports.",
        ),
        Question(
            key="investigation_overall",
            text="How good was the investigation, taken all together?",
            asks="Q33",
            stage=PLAN,
        ),
        Question(
            key="suspects_pursued",
            text="Was every suspect who was named or described identified and pursued as far as the record allowed?",
            asks="Q35",
            stage=SUSPECTS,
            guidance="The reason says how many were not, and what was known of them; never a name.",
        ),
        Question(
            key="other_children",
            text="Were other children within the suspects' reach looked for and made safe?",
            asks="Q36",
            stage=SUSPECTS,
        ),
        Question(
            key="advice_sought",
            text="Was early advice of prosecutors sought where the case called for it?",
            asks="Q40",
            stage=SUSPECTS,
        ),
        Question(
            key="partners_told",
            text="Were partners told what they needed to know, and were agreed actions done in time?",
            asks="Q44",
            stage=SAFETY,
        ),
        Question(
            key="missing_handled",
            text="Where the child went missing, was it graded rightly, and was what it told of exploitation used?",
            asks="Q43",
            stage=SAFETY,
            guidance="Not applicable where the child was never reported missing.",
        ),
        Question(
            key="safeguarding_overall",
            text="How well was the child kept safe, taken all together?",
            asks="Q33",
            stage=SAFETY,
        ),
        Question(
            key="closed_rightly",
            text="If the case is closed, was it right to close it then, for that reason?",
            asks="Q37|Q38",
            stage=END,
            guidance="Not applicable to an open case.",
        ),
        Question(
            key="overall",
            text="How good was the response, taken all together?",
            asks="Q33",
            stage=END,
            guidance="Answer this last.",
        ),
    ),
)

responses_2026_case = QuestionSet(
    key="responses_2026_case",
    version="1",
    title="Questions of 2026 that records do not answer",
    subject="crime",
    line="responses",
    questions=(
        Question(
            key="convictions_reviewed",
            text="If the child was cautioned or convicted while exploited, was that found and put forward for review?",
            asks="Q4|Q5",
            stage=SAFETY,
            guidance="Not applicable where no caution or conviction of the child is in the file. Old ones count.",
        ),
        Question(
            key="no_less_for_origin",
            text="Was every decision free of doing less because of ethnicity, religion or culture?",
            asks="Q37",
            stage=PLAN,
            guidance="Of the suspect, of the child or of a community. Judge the reasons that are written down; their "
            "absence shows nothing, and is not enough evidence.",
        ),
        Question(
            key="child_number_used",
            text="Is the common child identifier in the record, and was it used to find what partners know?",
            asks="Q24|Q44",
            stage=SAFETY,
            guidance="Not applicable before the identifier is in use where the child lives.",
        ),
        Question(
            key="online_child_found",
            text="If the case began with an online report, was the child looked for and made safe without delay?",
            asks="Q44",
            stage=FIRST,
            guidance="Not applicable to a case that began otherwise.",
        ),
        Question(
            key="suspects_abroad_followed",
            text="If a suspect is abroad or has left, was help of the other country asked for and followed up?",
            asks="Q35",
            stage=SUSPECTS,
            guidance="Not applicable where no suspect is known to be abroad.",
        ),
        Question(
            key="questions_2026_overall",
            text="How well was the case handled in what these questions ask, taken all together?",
            asks="Q33",
            stage=END,
            guidance="Answer this last.",
        ),
    ),
)

responses_suspect = QuestionSet(
    key="responses_suspect",
    version="1",
    title="One suspect, everything that was done",
    subject="suspect",
    line="responses",
    questions=(
        Question(
            key="known_put_together",
            text="Was all that was known of the suspect, in every crime and from every source, put together?",
            asks="Q35|Q36",
            stage="understanding",
            guidance="Look at what was known on the day of each decision, not at what became known later.",
        ),
        Question(
            key="pursued",
            text="Was the suspect identified, found and interviewed as far and as soon as the record allowed?",
            asks="Q35",
            stage=SUSPECTS,
        ),
        Question(
            key="children_in_reach",
            text="Were the children within the suspect's reach looked for and made safe?",
            asks="Q36",
            stage=SUSPECTS,
        ),
        Question(
            key="restrained",
            text="Were bail conditions, warnings or orders used where risk called for them, and their breach acted on?",
            asks="Q41|Q42",
            stage=SUSPECTS,
            guidance="A warning in the place of an investigation is not met.",
        ),
        Question(
            key="child_as_victim",
            text="If the suspect is a child, was it asked first whether they were exploited themselves?",
            asks="Q5",
            stage="decision",
            guidance="Not applicable to adults.",
        ),
        Question(
            key="ended_rightly",
            text="If nothing more is done about the suspect, was that right, for the reason that was given?",
            asks="Q37|Q38",
            stage=END,
            guidance="Not applicable while something is being done.",
        ),
        Question(
            key="suspect_overall",
            text="How well was the suspect pursued, taken all together?",
            asks="Q33",
            stage=END,
            guidance="Answer this last.",
        ),
    ),
)

responses_group = QuestionSet(
    key="responses_group",
    version="1",
    title="One group, everything that was done",
    subject="group",
    line="responses",
    questions=(
        Question(
            key="group_seen",
            text="Was it seen that these crimes, children and suspects belong together, and by whom?",
            asks="Q12|Q20",
            stage="understanding",
            guidance="Met: it was entered when the record first showed it. Partly met: later.",
        ),
        Question(
            key="one_owner",
            text="Did one person own the whole of it, across teams and forces?",
            asks="Q32|Q46",
            stage=PLAN,
        ),
        Question(
            key="group_plan",
            text="Is there a plan for the group that was set again with each further child or suspect?",
            asks="Q34",
            stage=PLAN,
        ),
        Question(
            key="all_suspects",
            text="Was every suspect of the group identified and pursued as far as the record allowed?",
            asks="Q35|Q41",
            stage=SUSPECTS,
            guidance="The reason lists, by their references, the suspects who were not.",
        ),
        Question(
            key="all_children",
            text="Was every child of the group, and others within its reach, looked for and made safe?",
            asks="Q36",
            stage=SAFETY,
        ),
        Question(
            key="disrupted",
            text="Were the places, vehicles and accounts that the group used acted upon, with partners?",
            asks="Q44|Q45",
            stage=SAFETY,
        ),
        Question(
            key="group_ended_rightly",
            text="If the case of the group is closed, was it right to close it then, for that reason?",
            asks="Q37|Q38",
            stage=END,
            guidance="Not applicable to an open case.",
        ),
        Question(
            key="group_overall",
            text="How good was the response to the group, taken all together?",
            asks="Q33",
            stage=END,
            guidance="Answer this last.",
        ),
    ),
)

SETS = (responses_case, responses_2026_case, responses_suspect, responses_group)
