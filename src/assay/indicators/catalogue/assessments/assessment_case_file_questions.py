"""Questions for readers of a child's chronology: did the police combine all known events, and act on them?"""

from __future__ import annotations

from assay.contract.question_sets import ListQuestion, Question, QuestionSet

assessments_child = QuestionSet(
    key="assessments_child",
    version="2",
    title="One child, everything that was known",
    subject="child",
    line="assessments",
    questions=(
        Question(
            key="signs_put_together",
            text="Were the signs in crimes, missing episodes, assessments and referrals put together by anybody?",
            asks="Q15|Q17",
            stage="understanding",
        ),
        Question(
            key="risk_named_rightly",
            text="Was harm that had happened called harm, and not a risk of it?",
            asks="Q13",
            stage="understanding",
            guidance="Look at what was known on the day of each assessment, not at what became known later.",
        ),
        Question(
            key="level_right",
            text="Was the level of risk right at each assessment, and each override reasoned?",
            asks="Q15",
            stage="understanding",
        ),
        Question(
            key="removed_rightly",
            text="If the child was taken off a list or moved to a lower level, was that right?",
            asks="Q14",
            stage="decision",
            guidance="Not applicable where that never happened.",
        ),
        Question(
            key="missing_used",
            text="Was what return interviews and missing episodes told used to protect the child?",
            asks="Q43",
            stage="decision",
            guidance="Not applicable where the child was never reported missing.",
        ),
        Question(
            key="suspects_addressed",
            text="Was every suspect who appears beside this child addressed by arrest, order, warning or charge?",
            asks="Q35|Q41",
            stage="suspects",
            guidance="The last question lists those who were not.",
        ),
        Question(
            key="child_overall",
            text="What did the police do for this child, taken all together?",
            asks="Q33",
            stage="overall",
            guidance="One conclusion for the child. Answer this when everything else has been answered.",
        ),
        ListQuestion(
            key="suspects_not_addressed",
            text="Which suspects who appear beside this child were not addressed by arrest, order, warning or charge?",
            asks="Q35|Q41",
            stage="overall",
            guidance="By their references, as the column about of the second sheet says them; none if there is none.",
        ),
    ),
)

SETS = (assessments_child,)
