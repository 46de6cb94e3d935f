"""Do answers on tablets come in as marks, the same as from sheets, and is what is wrong told by line and column?"""

import shutil
from datetime import datetime

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from assay.casefiles.fieldwork_plan import accept_plan
from assay.casefiles.file_allocation import issue_sheets, sample_ratings
from assay.casefiles.file_sampling import draw_sample
from assay.casefiles.rating_intake import accept_ratings
from assay.casefiles.tablet_exports import read_export
from assay.casefiles.xlsform import column_names
from assay.cli import app
from assay.engine.provenance import verify
from assay.indicators.question_set_catalogue import question_set
from assay.ingest.inspection_folder import create_inspection
from assay.synthetic.synthetic_inspectors import SyntheticInspectors
from casefiles.conftest import MARKERS
from casefiles.exported_marks import as_kobo, as_odk, columns, line, lines
from ingest.other_sent import ESSEX, KENT, REQUEST

KEY, SET = "visits", "interview_fieldwork"
QUESTIONS = question_set(SET)
PLANNED = f"""fieldwork_ref,subject_kind,force_code,role,held_on
I1,interview,{KENT},supervisor,2026-02-01
I2,interview,{ESSEX},health,
I3,interview,{KENT},analyst,
"""
SEALED_AT = datetime(2026, 3, 3, 9, 0)


@pytest.fixture
def folder(tmp_path):
    """An inspection in which three interviews were given to M2 alone."""
    folder = create_inspection(tmp_path / "trial", REQUEST, {}).folder
    planned(folder, tmp_path, KEY)
    return folder


def planned(folder, tmp_path, key):
    (tmp_path / f"{key}.csv").write_text(PLANNED)
    (tmp_path / "markers.csv").write_text("marker_code,away_from,part\nM2,,\n")
    accept_plan(folder, tmp_path / f"{key}.csv")
    issue_sheets(folder, key, SET, tmp_path / "markers.csv", tmp_path / "out")


@pytest.fixture
def rows(folder, tmp_path):
    """What M2 answers of the three: everything met, the overall question good, each with a reason."""
    path = tmp_path / "out" / f"{KEY}_{SET}_M2.xlsx"
    workbook = load_workbook(path)
    page = workbook["Marks"]
    for row in range(2, page.max_row + 1):
        graded = page.cell(row, 5).value.endswith("overall")
        page.cell(row, 7).value, page.cell(row, 8).value = ("good", "Told in full.") if graded else ("met", None)
    workbook.save(path)
    return sorted(lines(QUESTIONS, {"M2": path}), key=lambda row: row["subject_ref"])


@pytest.mark.parametrize("exported", [as_odk, as_kobo])
def test_the_same_answers_make_the_same_chain_of_marks_from_tablets_as_from_sheets(country, tmp_path, exported):
    inspection = shutil.copytree(country / "inspection", tmp_path / "inspection")
    design = 'title = "Recording"\nsubject = "crime"\nseed = "read out"\nfiles = 40\ndouble = 0.4\n'
    (tmp_path / "recording.toml").write_text(design)
    (tmp_path / "markers.csv").write_text(MARKERS)
    draw_sample(inspection, tmp_path / "recording.toml")
    answers_by_file = issue_sheets(inspection, "recording", "recording_case", tmp_path / "markers.csv", tmp_path)
    for code, sheet in answers_by_file.sheets.items():
        SyntheticInspectors(country / "truth").fill_sheet(sheet, tmp_path / f"{code}.xlsx")
        without_reasons_that_a_form_does_not_ask_for(tmp_path / f"{code}.xlsx", question_set("recording_case"))
    sheets = {code: tmp_path / f"{code}.xlsx" for code in answers_by_file.sheets}
    other = shutil.copytree(inspection, tmp_path / "other")
    export = exported(
        tmp_path / "export.csv", *((questions := question_set("recording_case")), lines(questions, sheets))
    )
    by_sheet = accept_ratings(inspection, list(sheets.values()), now=lambda: SEALED_AT)
    by_tablet = accept_ratings(other, [export], now=lambda: SEALED_AT)
    assert by_tablet.as_dict() == by_sheet.as_dict()
    marks = sample_ratings(inspection, "recording", "recording_case")
    assert {"not_enough_evidence", "0", "1"} <= {mark["answer"] for mark in marks}
    assert sample_ratings(other, "recording", "recording_case") == marks
    assert not [difference for difference in verify(other) if "casefiles" in str(difference)]
    assert accept_ratings(other, [export]).new == 0


def test_files_that_no_tablet_sent_yet_are_open(folder, tmp_path, rows):
    done = accept_ratings(folder, [as_odk(tmp_path / "one.csv", QUESTIONS, rows[:1])])
    assert (done.new, done.open, done.errors) == (8, 16, ())
    done = accept_ratings(folder, [as_odk(tmp_path / "rest.csv", QUESTIONS, rows[1:])])
    assert (done.new, done.open, done.errors) == (16, 0, ())


def test_an_answer_that_was_corrected_on_the_server_supersedes(folder, tmp_path, rows):
    accept_ratings(folder, [as_odk(tmp_path / "one.csv", QUESTIONS, rows)])
    rows[0] |= {"flag_known": "partly_met", "flag_known_reason": "Not who takes it off."}
    done = accept_ratings(folder, [as_odk(tmp_path / "two.csv", QUESTIONS, rows)])
    assert (done.new, done.changed) == (0, 1)


def without_reasons_that_a_form_does_not_ask_for(sheet, questions):
    workbook = load_workbook(sheet)
    for row in workbook["Marks"].iter_rows(min_row=2):
        if f"{row[4].value}_reason" not in column_names(questions):
            row[7].value = None
    workbook.save(sheet)


ERRORS = {
    "another version": ({"question_set_version": "0"}, "question_set_version", "with another version", 16),
    "changed words": ({"checksum": "0" * 64}, "checksum", "with another version", 16),
    "another set": ({"question_set": "policy_document"}, "question_set", "with another version", 16),
    "a foreign case": ({"subject_ref": "I9"}, "subject_ref", "was not assigned to this rater", 16),
    "a case of another force": ({"force_code": ESSEX}, "subject_ref", "was not assigned to this rater", 16),
    "a marker without files": ({"marker_code": "M9"}, "marker_code", "assigned to this rater", 16),
    "an unknown answer": ({"flag_known": "Secretword"}, "flag_known", "is none of met, partly_met", 23),
    "no reason": ({"flag_known": "not_met"}, "flag_known_reason", "needs a reason", 23),
    "a name in a reason": (
        {"flag_known_reason": "DC Secretword took it off."},
        "flag_known_reason",
        "seems to contain a name",
        23,
    ),
    "a reason alone": ({"flag_known": "", "flag_known_reason": "Secretword"}, "flag_known", "but no answer", 23),
}


@pytest.mark.parametrize("exported", [as_odk, as_kobo])
@pytest.mark.parametrize("name", ERRORS)
def test_every_error_is_told_by_line_and_column_and_every_other_line_counts(folder, tmp_path, rows, name, exported):
    change, column, message, sealed = ERRORS[name]
    done = accept_ratings(folder, [exported(tmp_path / "export.csv", QUESTIONS, [rows[1], rows[0] | change, rows[2]])])
    assert [(validation_error.cell, message in validation_error.message) for _, validation_error in done.errors] == [
        (f"line 3, {column}", True)
    ]
    assert done.new == sealed
    assert "Secretword" not in "\n".join(done.summary_lines())


def test_an_export_of_another_form_than_its_lines_say_is_one_error(folder, tmp_path, rows):
    other = [row | {"question_set": "policy_document"} for row in rows]
    done = accept_ratings(folder, [as_odk(tmp_path / "export.csv", QUESTIONS, other)])
    assert (done.new, [validation_error.cell for _, validation_error in done.errors]) == (0, ["the whole file"])


def test_numbers_that_cannot_both_be_are_told_by_their_columns(tmp_path):
    questions = question_set("recording_case")
    read = read_counts(tmp_path, questions, should="1", correctly="2")
    assert [error.cell for error in read.errors] == ["line 2, correctly_recorded"]
    assert not {"should_be_recorded", "correctly_recorded"} & {answer.question for answer in read.answers}
    read = read_counts(tmp_path, questions, should="2", correctly="1")
    assert [error.cell for error in read.errors] == ["line 2, correctly_recorded_reason"]
    read = read_counts(tmp_path, questions, should="two", correctly="1")
    assert [error.cell for error in read.errors] == ["line 2, should_be_recorded", "line 2, correctly_recorded"]
    read = read_counts(tmp_path, questions, should="not_enough_evidence", correctly="")
    assert {answer.answer for answer in read.answers if answer.question.endswith("recorded")} == {"not_enough_evidence"}


def read_counts(tmp_path, questions, should, correctly):
    """One file of which these numbers were answered, as it is read from an export."""
    answers = {
        question.key: ("good", "Told.") if question.is_graded else ("met", "") for question in questions.questions
    }
    row = line(questions, "M1", ("INV01", "C1"), answers)
    for name, question_answer in (("should_be_recorded", should), ("correctly_recorded", correctly)):
        known = question_answer != "not_enough_evidence"
        row |= {
            name: question_answer if known else "",
            f"{name}_told": "" if not question_answer else "number" if known else question_answer,
        }
    answers_by_file = {"M1": {("INV01", "C1"): ("recording",)}}
    return read_export(
        as_odk(tmp_path / "export.csv", questions, [row]), lambda _: answers_by_file, lambda *_: {}
    ).reads["recording"][0]


def test_of_one_file_answered_twice_none_counts_where_they_differ_and_it_counts_once_where_they_do_not(
    folder, tmp_path, rows
):
    repeated_intake = accept_ratings(folder, [as_odk(tmp_path / "same.csv", QUESTIONS, [*rows[:2], rows[1]])])
    assert (repeated_intake.new, repeated_intake.errors) == (16, ())
    other = rows[2] | {"flag_known": "not_applicable"}
    done = accept_ratings(folder, [as_odk(tmp_path / "other.csv", QUESTIONS, [*rows, other])])
    assert done.new == 0
    assert [validation_error.cell for _, validation_error in done.errors] == [
        "line 4, subject_ref",
        "line 5, subject_ref",
    ]
    assert "on line 5" in done.errors[0][1].message


def test_of_a_file_that_stands_on_two_lists_it_must_be_said_which(folder, tmp_path, rows):
    planned(folder, tmp_path, "again")
    export = as_kobo(tmp_path / "export.csv", QUESTIONS, rows)
    done = accept_ratings(folder, [export])
    assert done.new == 0
    assert {
        (validation_error.cell.split(", ")[1], "again, visits" in validation_error.message)
        for _, validation_error in done.errors
    } == {("subject_ref", True)}
    assert accept_ratings(folder, [export], sample_key="again").new == 24
    assert (len(sample_ratings(folder, "again", SET)), sample_ratings(folder, KEY, SET)) == (24, [])


def test_an_export_that_lacks_a_column_or_is_no_export_is_one_error_and_the_others_count(folder, tmp_path, rows):
    whole = as_odk(tmp_path / "whole.csv", QUESTIONS, rows)
    lacking, none = tmp_path / "lacking.csv", tmp_path / "none.csv"
    lacking.write_text(whole.read_text().replace(columns(QUESTIONS, "-")["flag_known"] + ",", "other,", 1))
    none.write_text("a,b\n1,2\n")
    done = accept_ratings(folder, [lacking, none, tmp_path / "nowhere.csv", whole])
    assert [(name, validation_error.cell) for name, validation_error in done.errors] == [
        (name, "the whole file") for name in ("lacking.csv", "none.csv", "nowhere.csv")
    ]
    assert "no column flag_known" in done.errors[0][1].message
    assert done.new == 24


def test_words_may_be_exported_in_the_place_of_values(folder, tmp_path, rows):
    rows[0] |= {"flag_known": "Not applicable"}
    accept_ratings(folder, [as_odk(tmp_path / "export.csv", QUESTIONS, rows)])
    assert "not_applicable" in {mark["answer"] for mark in sample_ratings(folder, KEY, SET)}


def test_nothing_of_who_sent_it_is_kept(folder, tmp_path, rows):
    accept_ratings(folder, [as_odk(tmp_path / "a.csv", QUESTIONS, rows), as_kobo(tmp_path / "b.csv", QUESTIONS, rows)])
    stored_content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()).lower()
    assert b"tablet 4" not in stored_content
    assert b"tablet_4" not in stored_content


def test_the_command_takes_exports_and_sheets_together(folder, tmp_path, rows):
    assert {"question_set", "checksum", "marker_code", "flag_known_reason"} <= set(column_names(QUESTIONS))
    export = as_odk(tmp_path / "export.csv", QUESTIONS, rows[:1])
    sheet = tmp_path / "out" / f"{KEY}_{SET}_M2.xlsx"
    command_result = CliRunner().invoke(app, ["casefile", "ratings", str(folder), str(export), str(sheet), "--of", KEY])
    assert command_result.exit_code == 0
    assert "24 marks sealed" in command_result.output


def read_list(tmp_path, listed_text):
    """One child's file with one suspect, N7, of which the closing list says this, as it is read from an export."""
    questions, file = question_set("assessments_child"), ("INV01", "P1")
    answers = {
        question.key: ("good" if getattr(question, "is_graded", False) else "met", "Told.")
        for question in questions.questions
    }
    answers["suspects_not_addressed"] = (listed_text, "")
    path = as_odk(tmp_path / "export.csv", questions, [line(questions, "M1", file, answers)])
    return read_export(path, lambda _: {"M1": {file: ("children",)}}, lambda *_: {file: {"N7": "INV01"}}).reads[
        "children"
    ][0]


def test_a_list_from_a_tablet_is_held_against_the_file_and_a_stranger_is_never_repeated(tmp_path):
    (list_answer,) = [
        answer.answer for answer in read_list(tmp_path, "N7").answers if answer.question == "suspects_not_addressed"
    ]
    assert list_answer == "N7"
    (error,) = read_list(tmp_path, "N7, N8").errors
    assert "1 reference does not match any of the suspects of this file" in error.message
    assert "N8" not in error.message
