"""Are the questions of 2026 there, each with what would answer it, whom to ask, and what exists here?"""

import re

import pytest

from assay import contract, reference
from assay.errors import DefinitionError
from assay.indicators import indicator_catalogue
from assay.indicators.question_set_catalogue import question_set
from assay.reference.later_questions import later_questions
from assay.reference.reference_data import register_text, replaced_registers

pytestmark = pytest.mark.quick

LATER = reference.later_questions().all


def test_the_eight_questions_have_numbers_of_their_own_beside_the_fifty():
    assert reference.later_questions().keys == tuple(f"N{number}" for number in range(1, 9))
    assert len(reference.questions()) == 50


def test_three_are_answered_in_part_from_records_and_every_other_one_by_readers_of_files():
    ways = {question.number: question.answered_by for question in LATER}
    assert {number for number, way in ways.items() if "records" in way} == {"N1", "N3", "N6"}
    assert {number for number, way in ways.items() if way == "case files or documents"} == {
        "N2", "N4", "N5", "N7", "N8",
    }  # fmt: skip


def test_what_a_question_names_exists():
    indicators = {form.key for form in indicator_catalogue.indicators()}
    for question in LATER:
        assert set(question.indicators) <= indicators, question.number
        for name in question.columns:
            table, _, column = name.partition(".")
            assert column in contract.table(table).column_names, name
        for name in question.case_file_questions:
            set_key, _, key = name.partition(":")
            assert key in {member.key for member in question_set(set_key).questions}, name


def test_none_of_the_indicators_grades_a_force():
    forms = {form.key: form for form in indicator_catalogue.indicators()}
    assert {forms[key].graded for question in LATER for key in question.indicators} == {False}


def test_each_is_a_request_ready_to_send_and_says_what_even_its_answer_cannot_tell():
    for question in LATER:
        assert question.request.startswith(("Please provide", "Please say")), question.number
        assert re.search(r"no records", question.request), question.number
        assert question.cannot_tell


def test_the_columns_of_version_2_1_are_optional():
    added = {(table.name, column.name): column.required for table in contract.tables().values()
             for column in table.columns if column.since == "2.1"}  # fmt: skip
    assert set(added.values()) == {"no"}
    assert {f"{table}.{column}" for table, column in added} == {
        "referrals.duty_report", "referrals.online_report", "referrals.safeguarding_followed",
        "involvements.drives_for_hire", "involvements.licensing_told",
    }  # fmt: skip


def test_a_question_that_names_nobody_to_ask_is_refused():
    text = register_text("later_questions").replace("each police force and the National Crime Agency", "", 1)
    with replaced_registers({"later_questions": text}), pytest.raises(DefinitionError, match="N6: say what would"):
        later_questions.__wrapped__()
