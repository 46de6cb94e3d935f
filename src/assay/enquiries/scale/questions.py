"""Is what was recorded what happened: rightly classed, flagged, cancelled? What is asked of whoever reads a file."""

from __future__ import annotations

from assay.measure.question_sets import NOT_MET_ANSWER, PARTLY, Question, QuestionSet

recording_case = QuestionSet(
    key="recording_case",
    version="1",
    title="Whether the record says what happened",
    subject="crime",
    line="scale",
    questions=(
        Question(
            key="crime_recorded",
            text="Does a crime stand recorded for every crime that this record tells of?",
            asks="Q28",
            stage="recording",
            guidance="The reason says how many should have been recorded and how many were.",
        ),
        Question(
            key="classed_rightly",
            text="Is the crime recorded under the offence that it was?",
            asks="Q28",
            stage="recording",
        ),
        Question(
            key="cancelled_rightly",
            text="If it was cancelled or passed to another force, was that right?",
            asks="Q29",
            stage="recording",
            guidance="Not applicable where it was neither.",
        ),
        Question(
            key="exploitation_shown",
            text="Does the record show that the child was exploited, whether or not anybody marked it so?",
            asks="Q19|Q20",
            stage="flags",
            guidance="Met: the record shows it. Not met: it does not. Answer before you look at the flag.",
            reason_for=(),
        ),
        Question(
            key="flag_removed_rightly",
            text="If a mark of exploitation was taken away, was that right?",
            asks="Q21",
            stage="flags",
            guidance="Not applicable where none was taken away.",
            reason_for=(PARTLY, NOT_MET_ANSWER),
        ),
        Question(
            key="recording_overall",
            text="How well does the record say what happened, taken all together?",
            asks="Q28|Q33",
            stage="overall",
            guidance="Answer this last.",
        ),
    ),
)

SETS = (recording_case,)
