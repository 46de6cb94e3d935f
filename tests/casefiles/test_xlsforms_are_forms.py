"""Does every question set make a form that telephones and tablets take, in English and in Welsh?

Read by pyxform as ODK and Kobo do, and checked by ODK Validate, the program that pyxform brings with it.
"""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from pyxform.errors import PyXFormError
from pyxform.validators.odk_validate import ODKValidateError

from assay.casefiles import xlsform
from assay.casefiles.xlsform import write_xlsform
from assay.indicators.question_set_catalogue import question_set, question_sets
from casefiles.formed import NEEDS_JAVA, XF, as_given, binds, texts

pytestmark = NEEDS_JAVA
WELSH = "A ŵyr y swyddog fod cynllun, ac a yw'n cael ei gadw'n gyfredol?"


def form(path, questions) -> ET.Element:
    """The question set as telephones are given it."""
    write_xlsform(path / "form.xlsx", questions)
    return as_given(path / "form.xlsx")


@pytest.mark.parametrize("questions", question_sets(), ids=lambda questions: questions.key)
def test_every_question_set_is_a_form_without_a_warning(tmp_path, questions):
    form_element = form(tmp_path, questions)
    assert {question.key for question in questions.questions} <= set(binds(form_element))
    english = texts(form_element, "English (en)")
    for question in questions.questions:
        assert question.text in english.values()


def test_a_number_is_a_whole_number_and_a_part_never_above_its_whole(tmp_path):
    attributes = binds(form(tmp_path, question_set("recording_case")))
    whole, part = attributes["should_be_recorded"], attributes["correctly_recorded"]
    assert (whole["type"], whole["constraint"]) == ("int", ". >= 0")
    assert (part["type"], part["constraint"].split()) == ("int", [".", ">=", "0", "and", ".", "<=", whole["nodeset"]])
    assert "should_be_recorded_told" in part["relevant"]
    assert "constraintMsg" in part


def test_welsh_labels_survive_beside_the_english(tmp_path):
    questions = question_set("recording_case")
    first, second, *further_questions = questions.questions
    questions = replace(questions, questions=(replace(first, welsh=WELSH), second, *further_questions))
    form_element = form(tmp_path, questions)
    english, welsh = texts(form_element, "English (en)"), texts(form_element, "Welsh (cy)")
    place = next(name for name, text in english.items() if text == first.text)
    assert welsh[place] == WELSH
    assert form_element.find(".//x:translation[@default]", XF).attrib["lang"] == "English (en)"
    untranslated = next(name for name, text in english.items() if text == second.text)
    assert welsh[untranslated] in ("", "-")  # shown as not translated, never as another text


def test_a_form_that_asks_of_an_answer_that_is_not_there_is_refused(tmp_path, monkeypatch):
    """So that these tests can fail: a constraint on a question of another form."""
    rows = xlsform.survey(question_set("recording_case"))
    position = xlsform.SURVEY.index("constraint")
    broken = [(*row[:position], row[position].replace("should_be", "never_was"), *row[position + 1 :]) for row in rows]
    monkeypatch.setattr(xlsform, "survey", lambda _: broken)
    with pytest.raises((PyXFormError, ODKValidateError)):
        form(tmp_path, question_set("recording_case"))
