"""Is who was not addressed a checked list of the file's own suspects, sealed with the marks and counted?"""

import json
import shutil

import fastexcel
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from assay.casefiles.file_allocation import issue_sheets, listed_of, sample_ratings
from assay.casefiles.file_sampling import draw_sample
from assay.casefiles.list_question_results import list_results, named_references
from assay.casefiles.rating_intake import accept_ratings
from assay.casefiles.rating_sheets import MARK_COLUMNS
from assay.casefiles.sample_page import write_page
from assay.engine.provenance.verification import verify
from assay.indicators import EVERYWHERE
from assay.synthetic.synthetic_inspectors import SyntheticInspectors

SET, LIST = "assessments_child", "suspects_not_addressed"
DESIGN = 'title = "Children"\nsubject = "child"\nseed = "read out"\nfiles = 20\n'
ANSWER, QUESTION, REF = (MARK_COLUMNS.index(name) for name in ("answer", "question", "subject_ref"))


def cells(path, name) -> list[list[str]]:
    frame = fastexcel.read_excel(path).load_sheet(name, header_row=None, dtypes="string").to_arrow()
    return [
        list(row)
        for row in zip(*([value or "" for value in column.to_pylist()] for column in frame.columns), strict=True)
    ]


def sent_back(sheet, path, answers):
    """The sheet with the lists of some files answered, as a spreadsheet program would save it."""
    rows = cells(sheet, "Marks")
    for row in rows:
        if row[QUESTION] == LIST and row[REF] in answers:
            row[ANSWER] = answers[row[REF]]
    with xlsxwriter.Workbook(str(path)) as workbook:
        for name, table_rows in (("Marks", rows), ("About", cells(sheet, "About"))):
            page = workbook.add_worksheet(name)
            for line, row in enumerate(table_rows):
                page.write_row(line, 0, row)
    return rows


@pytest.fixture
def list_sheet(country, tmp_path):
    """An inspection with one marker's sheet of children, and the suspects of each file."""
    inspection = shutil.copytree(country / "inspection", tmp_path / "inspection")
    (tmp_path / "children.toml").write_text(DESIGN)
    (tmp_path / "markers.csv").write_text("marker_code,away_from\nM1,\n")
    draw_sample(inspection, tmp_path / "children.toml")
    out = issue_sheets(inspection, "children", SET, tmp_path / "markers.csv", tmp_path)
    return inspection, out.sheets["M1"], listed_of(inspection, "children", SET)


def test_a_list_is_sealed_and_one_who_stands_in_another_file_is_an_error_of_its_cell(list_sheet, tmp_path):
    inspection, sheet, suspects_by_file = list_sheet
    file_with_several = next(file for file, refs in suspects_by_file.items() if len(refs) > 1)
    other = next(file for file in suspects_by_file if file != file_with_several)
    third = next(file for file in suspects_by_file if file not in (file_with_several, other))
    stranger = next(
        ref for file in suspects_by_file for ref in suspects_by_file[file] if ref not in suspects_by_file[other]
    )
    two = sorted(suspects_by_file[file_with_several])[:2]
    rows = sent_back(
        sheet, tmp_path / "back.xlsx", {file_with_several[1]: " ".join(two[::-1]), other[1]: stranger, third[1]: "none"}
    )
    intake_result = accept_ratings(inspection, [tmp_path / "back.xlsx"])
    line = next(place for place, row in enumerate(rows, 1) if row[QUESTION] == LIST and row[REF] == other[1])
    ((_, error),) = intake_result.errors
    assert error.cell == f"Marks!G{line}"
    assert "1 reference does not match any of the suspects of this file" in error.message
    assert stranger not in error.message
    marks = sample_ratings(inspection, "children", SET)
    assert {(mark["subject_ref"], mark["answer"]) for mark in marks} == {
        (file_with_several[1], ", ".join(two)),
        (third[1], "none"),
    }
    whole = next(
        list_result for list_result in list_results(inspection, "children", SET) if list_result.place == EVERYWHERE
    )
    assert (whole.answered, whole.naming, whole.people, whole.not_enough) == (2, 1, 2, 0)


def test_a_suspect_beside_two_children_is_one_and_the_same_number_in_two_forces_is_two():
    answers = {("A", "1"): "P2, P3", ("A", "2"): "P2", ("B", "1"): "P2", ("B", "2"): "none"}
    known = {("A", "2"): {"P2": "A"}, ("B", "1"): {"P2": "B"}}
    assert named_references(answers, known, EVERYWHERE) == {("A", "P2"), ("A", "P3"), ("B", "P2")}
    assert named_references(answers, known, "B") == {("B", "P2")}


def test_synthetic_inspectors_list_the_suspects_of_the_sheet_and_the_page_counts_them(list_sheet, country, tmp_path):
    inspection, sheet, suspects_by_file = list_sheet
    SyntheticInspectors(country / "truth").fill_sheet(sheet, tmp_path / "marked.xlsx")
    assert accept_ratings(inspection, [tmp_path / "marked.xlsx"]).errors == ()
    answers = {
        (mark["force_code"], mark["subject_ref"]): mark["answer"]
        for mark in sample_ratings(inspection, "children", SET)
        if mark["question"] == LIST
    }
    references_by_file = {file: answer.split(", ") for file, answer in answers.items() if answer != "none"}
    assert references_by_file
    assert all(set(refs) <= set(suspects_by_file[file]) for file, refs in references_by_file.items())
    list_page = write_page(inspection, "children", SET, tmp_path / "children.html")
    whole = next(list_result for list_result in list_page.lists if list_result.place == EVERYWHERE)
    assert (whole.answered, whole.naming) == (len(answers), len(references_by_file))
    assert whole.people == len(
        {(suspects_by_file[file][ref], ref) for file, refs in references_by_file.items() for ref in refs}
    )
    page = (tmp_path / "children.html").read_text(encoding="utf-8")
    assert "Which suspects who appear beside this child were not addressed" in page
    assert json.loads(json.dumps(list_page.as_dict()))["lists"][0]["people"] == whole.people
    assert any(line.startswith(f"{LIST}: {whole.naming} file") for line in list_page.summary_lines())
    listed_table = pq.read_table(inspection / "casefiles" / "given" / "children" / SET / "listed.parquet")
    assert listed_table.column_names == ["force_code", "subject_ref", "ref", "held_by"]
    assert not [difference for difference in verify(inspection) if "casefiles" in str(difference)]
