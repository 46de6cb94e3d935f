"""Are all fifty questions there, answered honestly, and is each gap a request that can be sent?"""

import re
from dataclasses import fields

import pytest

from assay import reference
from assay.reference.inspection_questions import FROM_PUBLISHED, MODES

pytestmark = pytest.mark.quick

RETURN_TABLES = {
    "crimes", "reports", "report_crimes", "involvements", "flags", "events", "missing", "assessments",
    "assessment_items", "orders", "referrals", "notes", "summaries", "registers", "exhibits", "links",
    "aliases",
    "groups", "group_members", "profiles", "profile_sources", "claims", "agencies", "overlap_counts",
    "approaches",
    "capacity", "court", "marks",
}  # fmt: skip
QUESTIONS = reference.questions().all


def test_the_questions_are_q1_to_q50():
    assert reference.questions().keys == tuple(f"Q{number}" for number in range(1, 51))


def test_every_question_says_what_is_measured_against_what_and_how():
    for question in QUESTIONS:
        assert question.text.endswith("?")
        assert all((question.measure, question.standard, question.data_needed, question.how_published))
        assert set(question.modes) <= set(MODES)
        assert question.modes
        assert question.line_name == reference.inspection_themes().get(question.line).name


def test_one_question_is_answered_and_fourteen_in_part_by_what_is_published():
    numbers_by_answer = {
        answer: {q.number for q in QUESTIONS if q.from_published == answer} for answer in FROM_PUBLISHED
    }
    assert numbers_by_answer["answered"] == {"Q50"}
    official_tables_of_offences = {"Q6", "Q22", "Q23", "Q26", "Q30", "Q35", "Q39"}
    counts_in_reports = {count.question for count in reference.published_counts()}
    context_alone = {"Q1", "Q10"}
    assert counts_in_reports == {"Q19", "Q27", "Q28", "Q29", "Q30", "Q33", "Q43"} | context_alone
    recommendations = "Q47"
    assert numbers_by_answer["partly"] == official_tables_of_offences | counts_in_reports - context_alone | {
        recommendations
    }
    assert context_alone | {"Q14"} <= numbers_by_answer["no"]
    assert len(numbers_by_answer["no"]) == 50 - 1 - 14


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q.from_published != "answered"], ids=lambda q: q.number)
def test_what_published_statistics_leave_open_is_a_request_ready_to_send(question):
    assert question.missing
    assert question.request_to
    assert question.request.startswith("Please provide")
    assert re.search(r"20[12]\d", question.request)
    assert "return table" in question.request or question.request_to == "the Home Office"
    sentences = re.findall(r"[.?](?= |$)", question.request)
    assert 2 <= len(sentences) <= 5


def test_every_request_for_counts_sets_a_rule_for_small_numbers():
    exempt = {"Q10", "Q24", "Q25", "Q47", "Q50"}
    assert {q.number for q in QUESTIONS if "fewer than 5" not in q.request} == exempt


def test_the_tables_that_requests_name_are_tables_of_the_return():
    for question in QUESTIONS:
        for tables_named in re.findall(r"\(return tables? ([^)]*)\)", question.request):
            assert {piece.split(":")[0].strip() for piece in tables_named.split(";")} <= RETURN_TABLES, question.number


def test_no_text_uses_the_short_form_for_published_counts():
    for question in QUESTIONS:
        assert not any("CSE" in str(getattr(question, field.name)) for field in fields(question))


def test_the_lines_are_the_commissions_and_one_gate_of_our_own():
    expected = ("attitudes", "assessments", "scale", "responses", "lessons", "data-quality")
    assert reference.inspection_themes().keys == expected
    assert {question.line for question in QUESTIONS} == set(expected)


def test_questions_of_a_line_come_in_their_order():
    assert [q.number for q in reference.questions().by_theme("attitudes")] == [f"Q{n}" for n in range(1, 8)]


def test_a_question_whose_figures_are_of_some_forces_or_areas_only_names_them():
    """Twelve of fifty questions are answered for England and Wales, and three more for a part of it."""
    answered = {question.number for question in QUESTIONS if question.from_published != "no"}
    partial = {question.number for question in QUESTIONS if question.partial_area}
    counts = [count for count in reference.published_counts() if count.question in answered]
    national = {count.question for count in counts if count.place.startswith("England and Wales")}
    assert partial == {count.question for count in counts} - national == {"Q19", "Q33", "Q43"}
    assert len(answered - partial) == 12
