"""Questions for readers of a case file: was the crime correctly recorded, classified, flagged or cancelled?"""

from __future__ import annotations

from assay.contract.question_sets import NOT_MET_ANSWER, PARTLY_MET_ANSWER, CountQuestion, Question, QuestionSet

recording_case = QuestionSet(
    key="recording_case",
    version="2",
    title="Whether the record says what happened",
    subject="crime",
    line="scale",
    questions=(
        CountQuestion(
            key="should_be_recorded",
            text="How many crimes does this record tell of that should stand recorded?",
            asks="Q28",
            stage="recording",
            guidance="Every crime that the Counting Rules ask for, this one among them. One that stands under a number "
            "of its own is counted in its own file, not here.",
        ),
        CountQuestion(
            key="correctly_recorded",
            text="Of these, how many are correctly recorded?",
            asks="Q28",
            stage="recording",
            guidance="A crime stands for it that was not wrongly cancelled; whether under the right offence is asked "
            "below. The reason says which do not.",
            part_of="should_be_recorded",
            ratio="Recording accuracy: crimes correctly recorded, of those that should be",
            limits="Files are drawn among recorded crimes: a report from which no crime was recorded at all is in none "
            "of them, so of all that is reported less is recorded.",
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
            reason_for=(PARTLY_MET_ANSWER, NOT_MET_ANSWER),
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

unflagged_summary = QuestionSet(
    key="unflagged_summary",
    version="1",
    title="Whether a summary tells of exploitation",
    subject="crime",
    line="scale",
    questions=(
        Question(
            key="exploitation_told",
            text="Does the summary tell that a child was or may have been exploited, whether or not anybody marked it "
            "so?",
            asks="Q19|Q20",
            stage="the summary",
            guidance="Met: it does. Not met: it does not. Judge by what is told of the child, the adult and what "
            "passed between them, not by the offence. Answer before you look at any flag or score.",
            reason_for=(),
        ),
        Question(
            key="summary_overall",
            text="How well does the summary say what happened, taken all together?",
            asks="Q28|Q33",
            stage="overall",
            guidance="Answer this last.",
        ),
    ),
)

SETS = (recording_case, unflagged_summary)
