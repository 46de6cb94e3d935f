"""Questions for readers of a case file: how was the child regarded and treated?"""

from __future__ import annotations

from assay.contract.question_sets import MET_ANSWER, PARTLY_MET_ANSWER, Question, QuestionSet

attitudes_case = QuestionSet(
    key="attitudes_case",
    version="1",
    title="How the child was seen and treated",
    subject="crime",
    line="attitudes",
    questions=(
        Question(
            key="voice_recorded",
            text="Does the record hold what the child said, wanted and felt, in the child's own words where that was "
            "possible?",
            asks="Q7",
            stage="first contact",
            guidance="An entry that the child was spoken to is not enough. A child who did not wish to speak, and is "
            "recorded so, has been heard.",
        ),
        Question(
            key="demeanour_recorded",
            text="Does the record say how the child seemed, and what their behaviour might mean?",
            asks="Q7",
            stage="first contact",
            guidance="Behaviour described without any thought of its cause is partly met.",
        ),
        Question(
            key="no_blame",
            text="Is the record free of words by which officers or staff hold the child responsible for what was done "
            "to them?",
            asks="Q1|Q2",
            stage="the whole record",
            guidance="Words of a suspect or of somebody else that are quoted, and words that are challenged, are not "
            "the police's own.",
        ),
        Question(
            key="blame_challenged",
            text="Where such words stand in the record, did a supervisor challenge them?",
            asks="Q3",
            stage="supervision",
            guidance="Not applicable where there are none.",
        ),
        Question(
            key="needs_met",
            text="Were the child's needs assessed at first report, and acted upon?",
            asks="Q9",
            stage="first contact",
            guidance="Care, disability, health, school, home; what was done counts, not that a form was filled in.",
        ),
        Question(
            key="exploitation_considered",
            text="Where the child is also a suspect, was it considered that exploitation lay behind it, before "
            "anything was decided?",
            asks="Q5",
            stage="decision",
            guidance="Not applicable where the child is no suspect anywhere. Look for the referral, the defence of "
            "section 45 and the reasons given.",
        ),
        Question(
            key="support_kept",
            text="Where the child or family no longer supported the case, was it found out why, and was everything "
            "done that could have kept their support?",
            asks="Q6",
            stage="decision",
            guidance="Not applicable where support was never withdrawn.",
        ),
        Question(
            key="attitudes_overall",
            text="How was the child seen and treated, taken all together?",
            asks="Q33",
            stage="overall",
            guidance="Answer this last.",
        ),
    ),
)

attitudes_entry = QuestionSet(
    key="attitudes_entry",
    version="1",
    title="Whether an entry blames the child, and in whose words",
    subject="note",
    line="attitudes",
    questions=(
        Question(
            key="blames_child",
            text="Does this entry hold the child responsible for what was done to them, in words of the police, or in "
            "a view of somebody else that its writer makes their own?",
            asks="Q1|Q2",
            stage="the entry",
            guidance="Met: it does. Not met: it does not. Words that are only quoted, challenged or denied, guidance, "
            "and what a form prints by itself are not the police's own. Answer before you look at any score.",
            reason_for=(MET_ANSWER, PARTLY_MET_ANSWER),
        ),
        Question(
            key="others_blame",
            text="Does it hold such words of somebody else: a suspect, a parent or carer, a partner agency, the child?",
            asks="Q1",
            stage="the entry",
            guidance="Met: it does, whether they are quoted, reported, or copied in from another record.",
            reason_for=(),
        ),
        Question(
            key="blame_challenged",
            text="Where this entry blames the child, did anybody challenge that, in it or in a later entry?",
            asks="Q3",
            stage="supervision",
            guidance="Not applicable where it does not blame. Only a challenge that names the wording or the view "
            "counts; the reason says whose role it was.",
        ),
        Question(
            key="entry_overall",
            text="How does this entry speak of the child, taken all together?",
            asks="Q33",
            stage="overall",
            guidance="Answer this last.",
        ),
    ),
)

SETS = (attitudes_case, attitudes_entry)
