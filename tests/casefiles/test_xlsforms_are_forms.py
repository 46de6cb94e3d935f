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


def form(path, asked) -> ET.Element:
    """The question set as telephones are given it."""
    write_xlsform(path / "form.xlsx", asked)
    return as_given(path / "form.xlsx")


@pytest.mark.parametrize("asked", question_sets(), ids=lambda one: one.key)
def test_every_question_set_is_a_form_without_a_warning(tmp_path, asked):
    made = form(tmp_path, asked)
    assert {one.key for one in asked.questions} <= set(binds(made))
    english = texts(made, "English (en)")
    for one in asked.questions:
        assert one.text in english.values()


def test_a_number_is_a_whole_number_and_a_part_never_above_its_whole(tmp_path):
    told = binds(form(tmp_path, question_set("recording_case")))
    whole, part = told["should_be_recorded"], told["correctly_recorded"]
    assert (whole["type"], whole["constraint"]) == ("int", ". >= 0")
    assert (part["type"], part["constraint"].split()) == ("int", [".", ">=", "0", "and", ".", "<=", whole["nodeset"]])
    assert "should_be_recorded_told" in part["relevant"]
    assert "constraintMsg" in part


def test_welsh_labels_survive_beside_the_english(tmp_path):
    asked = question_set("recording_case")
    first, second, *others = asked.questions
    asked = replace(asked, questions=(replace(first, welsh=WELSH), second, *others))
    made = form(tmp_path, asked)
    english, welsh = texts(made, "English (en)"), texts(made, "Welsh (cy)")
    place = next(name for name, text in english.items() if text == first.text)
    assert welsh[place] == WELSH
    assert made.find(".//x:translation[@default]", XF).attrib["lang"] == "English (en)"
    untranslated = next(name for name, text in english.items() if text == second.text)
    assert welsh[untranslated] in ("", "-")  # shown as not translated, never as another text


def test_a_form_that_asks_of_an_answer_that_is_not_there_is_refused(tmp_path, monkeypatch):
    """So that these tests can fail: a constraint on a question of another form."""
    rows = xlsform.survey(question_set("recording_case"))
    at = xlsform.SURVEY.index("constraint")
    broken = [(*row[:at], row[at].replace("should_be", "never_was"), *row[at + 1 :]) for row in rows]
    monkeypatch.setattr(xlsform, "survey", lambda _: broken)
    with pytest.raises((PyXFormError, ODKValidateError)):
        form(tmp_path, question_set("recording_case"))
