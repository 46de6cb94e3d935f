"""Does a questionnaire come in from an XLSForm as it went out, and is every error told by its cell?"""

from dataclasses import replace

import openpyxl
import pytest

from assay.casefiles.surveys.questionnaire_forms import SurveyQuestion, built_in, read_questionnaire
from assay.casefiles.surveys.survey_forms import write_form
from assay.errors import SourceError, UsageError
from surveys.exported import FORCES, QUESTIONNAIRE

WELSH = "A ydych chi wedi'ch hyfforddi?"


def changed(path, sheet, cell, value):
    """The small questionnaire as a form in which one cell was changed by hand."""
    write_form(path / "own.xlsx", QUESTIONNAIRE, FORCES)
    workbook = openpyxl.load_workbook(path / "own.xlsx")
    workbook[sheet][cell] = value
    workbook.save(path / "own.xlsx")
    return str(path / "own.xlsx")


@pytest.mark.parametrize("name", built_in())
def test_a_questionnaire_that_went_out_comes_in_as_it_was_to_the_last_word(tmp_path, name):
    questionnaire = read_questionnaire(name)
    write_form(tmp_path / "form.xlsx", questionnaire, FORCES)
    back = read_questionnaire(str(tmp_path / "form.xlsx"))
    assert (back, back.checksum) == (questionnaire, questionnaire.checksum)


def test_a_translation_comes_in_beside_the_english(tmp_path):
    first, *other_questions = QUESTIONNAIRE.questions
    questionnaire = replace(QUESTIONNAIRE, questions=(replace(first, welsh=WELSH), *other_questions))
    write_form(tmp_path / "form.xlsx", questionnaire, FORCES)
    assert read_questionnaire(str(tmp_path / "form.xlsx")).questions[0].welsh == WELSH


def test_words_that_were_changed_in_the_form_make_another_questionnaire(tmp_path):
    back = read_questionnaire(changed(tmp_path, "survey", "C6", "Were you trained?"))
    assert back.questions[0] == SurveyQuestion(
        "trained", "Were you trained?", {"yes": "Yes", "no": "No"}, "assessments"
    )
    assert back.checksum != QUESTIONNAIRE.checksum


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "message"),
    [
        ("survey", "A6", "text", "survey A6: only 'select_one LIST' is supported"),
        ("survey", "A6", "select_one never", "survey A6: only 'select_one LIST' is supported"),
        ("survey", "B6", "Are trained", "survey B6: a name must consist of lower-case letters"),
        ("survey", "C6", None, r"survey C6: label::English \(en\) is empty"),
        ("survey", "H6", "gossip", "survey H6: gossip is not the key of an inspection theme"),
        ("survey", "H6", None, "survey H6: a question needs an inspection theme"),
        ("survey", "H1", "lines", "survey: there is no column line"),
        ("choices", "B2", "no", "choices B3: no occurs twice in its list"),
        ("settings", "F2", None, "settings F2: asked_of is empty"),
        ("survey", "B7", "trained", "trained: keys and options"),
    ],
)
def test_what_cannot_be_asked_is_told_by_its_cell(tmp_path, sheet, cell, value, message):
    with pytest.raises(SourceError, match=f"own.xlsx: {message}"):
        read_questionnaire(changed(tmp_path, sheet, cell, value))


def test_what_is_no_workbook_or_lacks_a_sheet_or_is_not_there_is_refused_with_a_sentence(tmp_path):
    (tmp_path / "own.xlsx").write_text("no workbook")
    with pytest.raises(SourceError, match="cannot be read as a workbook"):
        read_questionnaire(str(tmp_path / "own.xlsx"))
    workbook = openpyxl.Workbook()
    workbook.active.title = "choices"
    workbook.active.append(["list_name", "name", "label::English (en)"])
    workbook.save(tmp_path / "own.xlsx")
    with pytest.raises(SourceError, match="has no sheet survey"):
        read_questionnaire(str(tmp_path / "own.xlsx"))
    with pytest.raises(UsageError, match="is not there"):
        read_questionnaire(str(tmp_path / "none.xlsx"))
