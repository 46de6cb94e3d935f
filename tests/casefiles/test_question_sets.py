"""Is every question set fit to mark by, and does it serve the commission's questions?"""

from dataclasses import replace

import fastexcel
import pytest

from assay import reference
from assay.casefiles.xlsform import CHOICES, ENGLISH, SURVEY, WELSH, choices, survey, write_xlsform
from assay.contract.question_sets import (
    ANSWERS,
    GRADES,
    CountQuestion,
    ListQuestion,
    Question,
    QuestionSet,
    question_set_problems,
)
from assay.errors import UsageError
from assay.indicators.question_set_catalogue import question_set, question_sets
from assay.reference.return_code_lists import return_lists


@pytest.mark.parametrize("questions", question_sets(), ids=lambda questions: questions.key)
def test_every_set_is_fit_to_mark_by(questions):
    assert list(question_set_problems(questions)) == []
    subject_kinds = ("crime", "child", "suspect", "group", "note")
    assert questions.subject in (*subject_kinds, "document", "interview", "focus_group", "observation")


def test_every_question_serves_a_question_of_the_commission_and_every_case_audit_row_is_served():
    numbers = {question.number for question in reference.questions().all}
    served = {
        number
        for questions in question_sets()
        for question in questions.questions
        for number in question.asks.split("|")
    }
    assert served <= numbers
    audited = {question.number for question in reference.questions().all if "case audit" in question.modes}
    assert audited - served == {"Q49"}  # answered by comparing marks, not by a question to a file


def test_answers_are_the_closed_lists_of_the_return_contract():
    assert tuple(value for value, _ in return_lists()["mark_answer"]) == ANSWERS


def question(**more) -> Question:
    return Question(**{"key": "plan_set", "text": "Is there a plan?", "asks": "Q34", "stage": "investigation", **more})


def a_set(*questions: Question) -> QuestionSet:
    overall = question(key="overall", text="How good was it?", asks="Q33")
    return QuestionSet("plans", "1", "Plans", "crime", "responses", (*questions, overall))


def test_one_changed_word_is_another_set():
    assert a_set(question()).checksum == a_set(question()).checksum
    assert a_set(question()).checksum != a_set(question(guidance="Look again.")).checksum


def test_an_overall_question_is_answered_by_a_grade_and_always_with_a_reason():
    overall = a_set().questions[-1]
    assert overall.answers == GRADES
    assert all(overall.needs_reason(grade) for grade in GRADES)
    assert not question().needs_reason("met")
    assert question().needs_reason("not_met")


def count(key="due", **more) -> CountQuestion:
    return CountQuestion(**{"key": key, "text": "How many?", "asks": "Q28", "stage": "recording", **more})


PART = count("done", part_of="due", ratio="Done, of due", limits="What is in no file.")


@pytest.mark.parametrize(
    ("answer_text", "stored_answer"),
    [("3", "3"), ("03", "3"), ("3.0", "3"), ("0", "0"), ("not_enough_evidence", "not_enough_evidence"),
     ("3.5", None), ("-1", None), ("three", None), ("met", None), ("\u0663", None), ("", None)],
)  # fmt: skip
def test_a_count_is_answered_by_a_whole_number_or_by_the_word_that_the_file_does_not_tell(answer_text, stored_answer):
    assert count().parse_answer(answer_text) == stored_answer


def test_a_set_names_each_part_with_its_whole():
    questions = a_set(count(), PART)
    assert [(count_question.key, whole.key) for count_question, whole in questions.ratios] == [("done", "due")]
    assert list(question_set_problems(questions)) == []


def test_a_count_says_beside_the_question_how_it_may_be_answered():
    assert count().answer_hint == "a whole number; or not_enough_evidence"
    assert PART.answer_hint == "a whole number, at most due; or not_enough_evidence"


def test_recording_accuracy_is_asked_as_a_ratio_that_says_what_it_cannot_tell():
    ((part, whole),) = question_set("recording_case").ratios
    assert (part.key, whole.key) == ("correctly_recorded", "should_be_recorded")
    assert "no crime was recorded at all" in part.limits


WHICH_CHILDREN = ListQuestion("who", "Who was not?", "Q35", "overall")


def test_a_list_closes_its_set_and_the_overall_question_stands_before_it():
    questions = a_set(question())
    assert list(question_set_problems(replace(questions, questions=(*questions.questions, WHICH_CHILDREN)))) == []


@pytest.mark.parametrize(
    ("answer_text", "found", "strangers"),
    [("P2, E5", ("E5", "P2"), 0), ("P2 E5", ("E5", "P2"), 0), ("P2,P2", ("P2",), 0), ("P2, X9", ("P2",), 1),
     ("none, P2", ("P2",), 1), ("A 7", ("A 7",), 0), ("A 7, P2", ("A 7", "P2"), 0), ("12.0", ("12",), 0), (",", (), 0)],
)  # fmt: skip
def test_a_list_names_known_references_with_commas_or_spaces_between_them(answer_text, found, strangers):
    assert WHICH_CHILDREN.parse_references(answer_text, {"P2", "E5", "A 7", "12"}) == (found, strangers)


def test_the_questions_to_a_child_end_with_one_conclusion_and_the_suspects_who_were_not_addressed():
    questions = question_set("assessments_child")
    assert [question.key for question in questions.questions[-2:]] == ["child_overall", "suspects_not_addressed"]
    assert (questions.questions[-2].is_graded, [list_question.key for list_question in questions.list_questions]) == (
        True,
        ["suspects_not_addressed"],
    )
    row = next(row for row in survey(questions) if row[1] == "suspects_not_addressed")
    assert (row[0], "or none" in row[SURVEY.index("hint::English (en)")]) == ("text", True)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (replace(a_set(), questions=(WHICH_CHILDREN, *a_set().questions)), "a list closes its set"),
        (replace(a_set(), questions=(WHICH_CHILDREN,)), "the last question is the overall one"),
        (a_set(question(), question()), "plan_set occurs twice"),
        (a_set(question(key="Plan set")), "is no key"),
        (a_set(question(text="A plan.")), "ends with a question mark"),
        (a_set(question(asks="")), "which question of the commission"),
        (a_set(PART), "counted by a question before it"),
        (a_set(PART, count()), "counted by a question before it"),
        (a_set(question(), count("done", part_of="plan_set")), "counted by a question before it"),
        (a_set(count(), PART, count("some", part_of="done")), "is no part itself"),
        (a_set(count(), replace(PART, limits="")), "what it cannot tell"),
        (a_set(count(), replace(PART, ratio="")), "what its ratio is called"),
        (a_set(count("count_overall")), "answered by a grade"),
        (replace(a_set(), questions=()), "it asks nothing"),
        (replace(a_set(), questions=(question(),)), "the last question is the overall one"),
    ],
)
def test_a_set_that_is_not_fit_says_why(wrong, message):
    assert any(message in question_set_problem for question_set_problem in question_set_problems(wrong))


def test_an_unknown_set_is_refused_with_those_there_are():
    with pytest.raises(UsageError, match="responses_case"):
        question_set("nothing")


def test_an_xlsform_has_every_question_with_its_reason_and_room_for_welsh(tmp_path):
    questions = question_set("responses_case")
    write_xlsform(tmp_path / "form.xlsx", questions)
    workbook = fastexcel.read_excel(tmp_path / "form.xlsx")
    assert workbook.sheet_names == ["survey", "choices", "settings"]
    assert (ENGLISH in SURVEY, WELSH in SURVEY, WELSH in CHOICES) == (True, True, True)
    rows = {row[1]: row for row in survey(questions) if row[1]}
    assert {question.key for question in questions.questions} <= set(rows)
    assert rows["plan_set_reason"][SURVEY.index("relevant")] == "${plan_set} = 'partly_met' or ${plan_set} = 'not_met'"
    assert [row[0] for row in survey(questions)].count("begin_group") == [row[0] for row in survey(questions)].count(
        "end_group"
    )
    assert {value for name, value, *_ in choices() if name == "grade"} == set(GRADES)


def test_an_xlsform_asks_for_a_number_once_the_file_tells_it_and_never_for_a_part_above_its_whole():
    rows = {row[1]: dict(zip(SURVEY, row, strict=True)) for row in survey(question_set("recording_case")) if row[1]}
    whole, part = rows["should_be_recorded"], rows["correctly_recorded"]
    assert (whole["type"], whole["constraint"], whole["relevant"]) == (
        "integer", ". >= 0", "${should_be_recorded_told} = 'number'",
    )  # fmt: skip
    assert (part["type"], part["constraint"]) == ("integer", ". >= 0 and . <= ${should_be_recorded}")
    assert part["relevant"] == "${should_be_recorded_told} = 'number' and ${correctly_recorded_told} = 'number'"
    assert rows["correctly_recorded_told"]["relevant"] == "${should_be_recorded_told} = 'number'"
    assert rows["correctly_recorded_reason"]["relevant"].endswith("${correctly_recorded} < ${should_be_recorded}")
    assert "should_be_recorded_reason" not in rows
    assert {value for name, value, *_ in choices() if name == "told"} == {"number", "not_enough_evidence"}
