"""Do both questionnaires make a form that telephones and tablets take?

Read by pyxform as ODK and Kobo do, and checked by ODK Validate, the program that pyxform brings with it.
"""

import pytest
from pyxform.errors import PyXFormError
from pyxform.validators.odk_validate import ODKValidateError

from assay.casefiles.surveys import survey_forms
from assay.casefiles.surveys.questionnaire_forms import FORCE, built_in, read_questionnaire
from assay.casefiles.surveys.survey_forms import CONSENT, write_form
from casefiles.formed import NEEDS_JAVA, as_given, binds, texts
from surveys.exported import FORCES

pytestmark = NEEDS_JAVA


@pytest.fixture(params=built_in())
def questionnaire(request):
    return read_questionnaire(request.param)


def form(path, questionnaire):
    """The questionnaire as telephones are given it."""
    write_form(path / "survey.xlsx", questionnaire, FORCES)
    return as_given(path / "survey.xlsx")


def test_both_questionnaires_are_forms_without_a_warning_and_ask_every_question(tmp_path, questionnaire):
    form_element = form(tmp_path, questionnaire)
    all_cells = (*questionnaire.cells, *questionnaire.questions)
    assert {FORCE, "consent", "checksum", *(cell.key for cell in all_cells)} <= set(binds(form_element))
    english = texts(form_element, "English (en)").values()
    assert CONSENT in english
    assert all(all_cell.text in english and set(all_cell.options.values()) <= set(english) for all_cell in all_cells)


def test_whoever_does_not_agree_is_asked_nothing_more(tmp_path, questionnaire):
    attributes = binds(form(tmp_path, questionnaire))
    assert "relevant" not in attributes["consent"]
    for name in (FORCE, *(cell.key for cell in (*questionnaire.cells, *questionnaire.questions))):
        assert attributes[name]["relevant"].split()[-2:] == ["=", "'yes'"]
        assert "consent" in attributes[name]["relevant"]


def test_the_force_and_the_cell_must_be_told_and_no_question_need_be(tmp_path, questionnaire):
    attributes = binds(form(tmp_path, questionnaire))
    assert all(attributes[name]["required"] == "true()" for name in ("consent", *questionnaire.cell_names))
    assert all("required" not in attributes[question.key] for question in questionnaire.questions)


def test_a_form_whose_condition_names_no_question_is_refused(tmp_path, questionnaire, monkeypatch):
    """So that these tests can fail."""
    monkeypatch.setattr(survey_forms, "AGREED", "${never_asked} = 'yes'")
    with pytest.raises((PyXFormError, ODKValidateError)):
        form(tmp_path, questionnaire)
