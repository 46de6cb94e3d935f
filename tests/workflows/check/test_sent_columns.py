"""Are columns counted as the sender knows them, and are covers and notes no tables?"""

import pytest
import xlsxwriter

from assay.workflows.check import sent_columns
from assay.workflows.check.check_summary import check_summary
from assay.workflows.check.extract_check import check_extract
from workflows.check.test_analyst_layouts import crimes
from workflows.check.test_identity_words import crime_cells, examined

HEADINGS = ["Crime Number", "Offence Code", "Date Reported", "Date Recorded"]


def workbook(path, **sheets):
    """A workbook of these sheets, each a list of rows of texts."""
    with xlsxwriter.Workbook(path) as output:
        for name, rows in sheets.items():
            for number, row in enumerate(rows):
                output_sheet = output.get_worksheet_by_name(name) or output.add_worksheet(name)
                output_sheet.write_row(number, 0, row)
    return path


def crime_rows(start):
    """Twenty crimes."""
    codes = ["20B", "22B", "71", "19D"]
    cells = [crime_cells(n).replace("20B", codes[n % 4]) for n in range(start, start + 20)]
    return [HEADINGS, *(row.split(",") for row in cells)]


def text_of(path):
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("Cover", [["Source", "Records, position at 30/04/2026"], ["Prepared by", "Registrar"], ["Rows", "20"]]),
        ("Notes", [["Item", "Remark"], ["1", "Dates are days of the report."], ["2", "Flags of 2025 alone."]]),
        ("Page1", [["Extract of crimes for the year ending March 2026", "v2"], ["Owner", "Registrar"], ["a", "b"]]),
    ],
)
def test_a_cover_or_a_sheet_of_notes_is_named_as_such_and_its_columns_are_not_counted(tmp_path, name, rows):
    found = check_extract([workbook(tmp_path / "a.xlsx", **{name: rows, "Crimes": crime_rows(0)})], tmp_path / "out")
    letter = text_of(found.letter)
    assert "ot read: a sheet of notes" in letter
    assert "All 4 columns that you sent were read." in "\n".join(found.summary_lines())
    assert f"sheet {name}: what each column means" not in letter


def test_a_list_of_codes_is_no_sheet_of_notes(tmp_path):
    codes = [["Code", "Meaning"], ["20B", "Sexual assault"], ["22B", "Sexual activity"], ["71", "Abuse"]]
    found = check_extract([workbook(tmp_path / "a.xlsx", Crimes=crime_rows(0), Offences=codes)], tmp_path / "out")
    assert "sheet of notes" not in text_of(found.letter)


def test_a_column_that_lists_victims_is_one_column(tmp_path):
    """Six columns are in the file; the ages and sexes of two victims are read as four."""
    found = examined(tmp_path, d=crimes("Victim Ages,Victim Sex", ["14; 15,F; M", "15,F", "14,M"]))
    assert "Of the 6 columns that you sent, 5 were read and 1 waits for you." in "\n".join(check_summary(found))


def test_sheets_of_the_same_columns_count_their_columns_once(tmp_path):
    found = check_extract([workbook(tmp_path / "a.xlsx", Q1=crime_rows(0), Q2=crime_rows(20))], tmp_path / "out")
    assert "All 4 columns that you sent (2 sheets have the same columns) were read." in "\n".join(found.summary_lines())
    assert found.as_dict()["crimes"] == 40


def test_an_unread_column_is_no_error_unless_a_figure_is_missing_or_it_may_hold_what_a_question_needs(
    tmp_path, monkeypatch
):
    """Nobody asks for the parking bay and the rota of a crime; the day of arrest would answer a question."""
    found = examined(tmp_path, d=crimes("Parking Bay,Rota", ["12,early", "14,late", "16,early"]))
    text = "\n".join(check_summary(found))
    assert (
        "Of the 6 columns that you sent, 3 were read and 1 waits for you. 2 were not read; if one of these gives"
        in text
    )
    monkeypatch.setattr(sent_columns, "unanswered", lambda *_: ())
    assert "2 were not read, which is no error:" in sent_columns.columns_sentence(found)
    found = examined(
        tmp_path, d=crimes("Arrest Date,Rota", ["12/05/2025,early", "14/05/2025,late", "16/06/2025,early"])
    )
    assert "2 were not read; 1 of these may hold what a question needs." in sent_columns.columns_sentence(found)


def test_a_sheet_of_counts_is_no_record_sheet_whose_columns_count(tmp_path):
    months = [["Month", "Offences"], *([f"2025-{month:02}", f"{month}"] for month in range(1, 13))]
    found = check_extract([workbook(tmp_path / "a.xlsx", Crimes=crime_rows(0), Months=months)], tmp_path / "out")
    assert "All 4 columns that you sent were read." in "\n".join(found.summary_lines())
