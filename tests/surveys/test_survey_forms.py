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
def asked(request):
    return read_questionnaire(request.param)


def form(path, asked):
    """The questionnaire as telephones are given it."""
    write_form(path / "survey.xlsx", asked, FORCES)
    return as_given(path / "survey.xlsx")


def test_both_questionnaires_are_forms_without_a_warning_and_ask_every_question(tmp_path, asked):
    made = form(tmp_path, asked)
    every = (*asked.cells, *asked.questions)
    assert {FORCE, "consent", "checksum", *(one.key for one in every)} <= set(binds(made))
    english = texts(made, "English (en)").values()
    assert CONSENT in english
    assert all(one.text in english and set(one.options.values()) <= set(english) for one in every)


def test_whoever_does_not_agree_is_asked_nothing_more(tmp_path, asked):
    told = binds(form(tmp_path, asked))
    assert "relevant" not in told["consent"]
    for name in (FORCE, *(one.key for one in (*asked.cells, *asked.questions))):
        assert told[name]["relevant"].split()[-2:] == ["=", "'yes'"]
        assert "consent" in told[name]["relevant"]


def test_the_force_and_the_cell_must_be_told_and_no_question_need_be(tmp_path, asked):
    told = binds(form(tmp_path, asked))
    assert all(told[name]["required"] == "true()" for name in ("consent", *asked.cell_names))
    assert all("required" not in told[one.key] for one in asked.questions)


def test_a_form_whose_condition_names_no_question_is_refused(tmp_path, asked, monkeypatch):
    """So that these tests can fail."""
    monkeypatch.setattr(survey_forms, "AGREED", "${never_asked} = 'yes'")
    with pytest.raises((PyXFormError, ODKValidateError)):
        form(tmp_path, asked)
