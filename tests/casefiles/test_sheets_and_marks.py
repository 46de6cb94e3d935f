"""Does a sheet come back as marks, is every error told by its cell, and can no mark be changed unseen?"""

from datetime import datetime

import fastexcel
import pytest
import xlsxwriter

from assay.casefiles.case_timeline import Step
from assay.casefiles.rating_sheet_reader import read_sheet
from assay.casefiles.rating_sheets import MARK_COLUMNS, Sheet, write_sheet
from assay.casefiles.rating_validation import RatedAnswer
from assay.casefiles.ratings import HASH, Sealing, check_chain, current_ratings, seal_ratings
from assay.contract.question_sets import CountQuestion, Question, QuestionSet
from assay.errors import EvidenceError, SourceError, UsageError

PLAN = Question("plan_set", "Is there a plan?", "Q34", "investigation")
OVERALL = Question("overall", "How good was it?", "Q33", "overall")
QUESTIONS = QuestionSet("plans", "1", "Plans", "crime", "responses", (PLAN, OVERALL))
FILES = (("INV01", "C1"), ("INV01", "C2"))
SHEET = Sheet(
    "closed",
    QUESTIONS,
    "M1",
    FILES,
    (Step("INV01", "C1", "2026-01-05 09:30", "recorded as a crime", "71", "", "INV01"),),
)
ANSWER, REASON, TEXT = (MARK_COLUMNS.index(name) for name in ("answer", "reason", "text"))


def rows_of(path) -> list[list[str]]:
    frame = fastexcel.read_excel(path).load_sheet("Marks", header_row=None, dtypes="string").to_arrow()
    return [
        list(row)
        for row in zip(*([value or "" for value in column.to_pylist()] for column in frame.columns), strict=True)
    ]


def sent_back(tmp_path, change, sheet=SHEET, **property_changes):
    """The sheet with its `Marks` changed by `change(rows)` and its `About` by `property_changes`, as a spreadsheet program would
    save it."""
    write_sheet(tmp_path / "out.xlsx", sheet)
    rows = rows_of(tmp_path / "out.xlsx")
    change(rows)
    with xlsxwriter.Workbook(str(tmp_path / "back.xlsx")) as workbook:
        for name, table_rows in (
            ("Marks", rows),
            ("About", [("name", "value"), *(dict(sheet.properties()) | property_changes).items()]),
        ):
            page = workbook.add_worksheet(name)
            for line, row in enumerate(table_rows):
                page.write_row(line, 0, row)
    return tmp_path / "back.xlsx"


def answer(row: list[str], value: str, reason: str = "") -> None:
    row[ANSWER], row[REASON] = value, reason


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_a_sheet_that_nobody_has_marked_is_read_without_an_error_and_all_is_open(tmp_path, form):
    write_sheet(tmp_path / f"sheet.{form}", SHEET)
    read = read_sheet(tmp_path / f"sheet.{form}", QUESTIONS, FILES)
    assert (read.marker, read.open, read.answers, read.errors) == ("M1", 4, (), ())


def test_answers_are_read_with_their_cells(tmp_path):
    def mark(rows):
        answer(rows[1], "met")
        answer(rows[2], "good", "All was done.")

    read = read_sheet(sent_back(tmp_path, mark), QUESTIONS, FILES)
    assert read.answers == (
        RatedAnswer(FILES[0], "plan_set", "met", "", "Marks!G2"),
        RatedAnswer(FILES[0], "overall", "good", "All was done.", "Marks!G3"),
    )
    assert (read.open, read.errors) == (2, ())


ERRORS = {
    "a changed question": (lambda rows: rows[1].__setitem__(TEXT, "Is there any plan?"), "Marks!F2", "was changed"),
    "a foreign case": (lambda rows: rows[1].__setitem__(2, "C9"), "Marks!C2", "was not assigned to this rater"),
    "a mark twice": (lambda rows: rows.append(list(rows[1])), "Marks!E6", "first in Marks!G2"),
    "a deleted row": (lambda rows: rows.pop(1), "Marks!A5", "INV01 C1, plan_set is missing"),
    "an unknown answer": (lambda rows: answer(rows[1], "yes"), "Marks!G2", "is none of met, partly_met"),
    "no reason": (lambda rows: answer(rows[1], "not_met"), "Marks!H2", "needs a reason"),
    "a name in a reason": (
        lambda rows: answer(rows[1], "not_met", "Det Sgt Secretword had no time."),
        "Marks!H2",
        "seems to contain a name",
    ),
    "a telephone number": (
        lambda rows: answer(rows[1], "met", "Ring 07700 900123."),
        "Marks!H2",
        "seems to contain a telephone number",
    ),
    "a reason alone": (lambda rows: answer(rows[1], "", "Why."), "Marks!G2", "there is a reason but no answer"),
    "a question that is not asked": (lambda rows: rows[1].__setitem__(4, "plan"), "Marks!E2", "no such question"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_is_told_by_its_cell_and_every_other_row_counts(tmp_path, name):
    change, cell, message = ERRORS[name]

    def mark(rows):
        answer(rows[4], "good", "All was done.")
        change(rows)

    read = read_sheet(sent_back(tmp_path, mark), QUESTIONS, FILES)
    assert any(error.cell == cell and message in error.message for error in read.errors)
    assert (FILES[1], "overall", "good") in [(answer.file, answer.question, answer.answer) for answer in read.answers]
    assert not any("All was done" in error.message or "Why." in error.message for error in read.errors)


def test_a_sheet_of_another_version_is_refused_as_a_whole(tmp_path):
    changed = QuestionSet(
        "plans", "1", "Plans", "crime", "responses", (Question("plan_set", "A plan?", "Q34", "x"), OVERALL)
    )
    write_sheet(tmp_path / "sheet.xlsx", SHEET)
    with pytest.raises(SourceError, match="checksum"):
        read_sheet(tmp_path / "sheet.xlsx", changed, FILES)
    (tmp_path / "no.xlsx").write_bytes(b"no workbook")
    with pytest.raises(SourceError, match="cannot be read as a workbook"):
        read_sheet(tmp_path / "no.xlsx", QUESTIONS, FILES)


def test_a_sheet_in_another_form_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"\.xlsx or \.ods"):
        write_sheet(tmp_path / "sheet.csv", SHEET)


ROUNDS = dict.fromkeys(FILES, "first")
SEALING = Sealing("M1", "inspector", datetime(2026, 6, 3, 10, 0))


def rated_answer(answer: str, reason: str = "", question: str = "plan_set") -> RatedAnswer:
    return RatedAnswer(FILES[0], question, answer, reason, "Marks!G2")


def test_another_answer_supersedes_and_the_first_stays():
    first = seal_ratings([], QUESTIONS, [rated_answer("met")], ROUNDS, SEALING)
    second = seal_ratings(first, QUESTIONS, [rated_answer("not_met", "No plan stands there.")], ROUNDS, SEALING)
    marks = [*first, *second]
    assert [mark["answer"] for mark in marks] == ["met", "not_met"]
    assert second[0]["supersedes_mark_ref"] == "M000001"
    assert [mark["answer"] for mark in current_ratings(marks)] == ["not_met"]
    check_chain(marks, "marks")


def test_the_same_sheet_twice_adds_nothing():
    first = seal_ratings([], QUESTIONS, [rated_answer("met")], ROUNDS, SEALING)
    assert seal_ratings(first, QUESTIONS, [rated_answer("met")], ROUNDS, SEALING) == []


def test_another_markers_answer_supersedes_nothing():
    first = seal_ratings([], QUESTIONS, [rated_answer("met")], ROUNDS, SEALING)
    other = seal_ratings(
        first, QUESTIONS, [rated_answer("not_met", "None.")], ROUNDS, Sealing("M2", "inspector", SEALING.sealed_at)
    )
    assert other[0]["supersedes_mark_ref"] is None


@pytest.mark.parametrize("column", ["answer", "reason", "subject_ref", "force_code", "marker_code", "marking_round"])
def test_a_mark_that_was_changed_is_found(column):
    marks = seal_ratings(
        [], QUESTIONS, [rated_answer("met"), rated_answer("good", "All was done.", "overall")], ROUNDS, SEALING
    )
    forged = [dict(mark) for mark in marks]
    forged[0][column] = "other"
    with pytest.raises(EvidenceError, match="rating 1: it does not follow"):
        check_chain(forged, "marks")


def test_a_mark_that_was_taken_out_is_found():
    marks = seal_ratings(
        [], QUESTIONS, [rated_answer("met"), rated_answer("good", "All was done.", "overall")], ROUNDS, SEALING
    )
    with pytest.raises(EvidenceError):
        check_chain(marks[1:], "marks")
    assert len({mark[HASH] for mark in marks}) == 2


DUE = CountQuestion("due", "How many?", "Q28", "recording")
DONE = CountQuestion("done", "Of these, how many?", "Q28", "recording", part_of="due", limits="What is in no file.")
COUNT_QUESTIONS = QuestionSet("counts", "1", "Counts", "crime", "scale", (DUE, DONE, OVERALL))
COUNTS = Sheet("closed", COUNT_QUESTIONS, "M1", FILES)


def read_count_sheet(tmp_path, due, done, reason="", sheet=COUNTS):
    """What is read of a sheet on which the first file has these numbers and the second 4 of 4."""

    def mark(rows):
        answer(rows[1], due)
        answer(rows[2], done, reason)
        answer(rows[4], 4)
        answer(rows[5], 4)

    return read_sheet(sent_back(tmp_path, mark, sheet), COUNT_QUESTIONS, FILES)


def numbers(read, file=FILES[0]) -> dict[str, str]:
    return {answer.question: answer.answer for answer in read.answers if answer.file == file}


def test_numbers_are_read_as_figures_whether_the_cell_holds_a_number_or_a_text(tmp_path):
    assert (
        numbers(read_count_sheet(tmp_path, 3, 3))
        == numbers(read_count_sheet(tmp_path, "3", " 3.0 "))
        == {"due": "3", "done": "3"}
    )


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_a_sheet_says_of_every_question_how_it_may_be_answered(tmp_path, form):
    write_sheet(tmp_path / f"sheet.{form}", COUNTS)
    frame = fastexcel.read_excel(tmp_path / f"sheet.{form}").load_sheet("Marks", dtypes="string").to_arrow()
    assert frame.column(frame.schema.get_field_index("may_be")).to_pylist()[:3] == [
        "a whole number; or not_enough_evidence",
        "a whole number, at most due; or not_enough_evidence",
        "good, requires_improvement, inadequate",
    ]


def test_what_a_spreadsheet_program_is_told_to_refuse_is_what_the_reader_refuses(tmp_path):
    import openpyxl

    write_sheet(tmp_path / "sheet.xlsx", COUNTS)
    rules = openpyxl.load_workbook(tmp_path / "sheet.xlsx")["Marks"].data_validations.dataValidation
    by_cell = {str(rule.sqref): rule for rule in rules}
    assert by_cell["G2"].formula1 == 'IF(ISNUMBER(G2),AND(G2>=0,G2=INT(G2)),OR(G2="not_enough_evidence"))'
    assert by_cell["G4"].formula1 == '"good,requires_improvement,inadequate"'


NUMBER_ERRORS = {
    "no whole number": (2.5, "", "", "Marks!G2", "is not a whole number; or not_enough_evidence", {}),
    "a word": ("two", "", "", "Marks!G2", "is not a whole number", {}),
    "a part that is none": (3, "some", "", "Marks!G3", "not a whole number, at most due", {"due": "3"}),
    "more than there should be": (2, 3, "", "Marks!G3", "more than due, Marks!G2, its whole", {}),
    "fewer without a reason": (3, 2, "", "Marks!H3", "needs a reason", {"due": "3"}),
    "a part of what is not told": ("not_enough_evidence", 2, "", "Marks!G3", "has no valid number",
                                   {"due": "not_enough_evidence"}),
    "a part of an empty cell": ("", 2, "Why.", "Marks!G3", "has no valid number", {}),
}  # fmt: skip


@pytest.mark.parametrize("name", NUMBER_ERRORS)
def test_a_number_that_cannot_be_is_told_by_its_cell_and_every_other_row_counts(tmp_path, name):
    due, done, reason, cell, message, left = NUMBER_ERRORS[name]
    read = read_count_sheet(tmp_path, due, done, reason)
    assert [error.cell for error in read.errors] == [cell]
    assert message in read.errors[0].message
    assert numbers(read) == left
    assert numbers(read, FILES[1]) == {"due": "4", "done": "4"}


def test_fewer_with_a_reason_and_none_of_none_are_no_errors(tmp_path):
    assert read_count_sheet(tmp_path, 3, 1, "Two stand nowhere.").errors == ()
    assert read_count_sheet(tmp_path, 0, 0).errors == ()


def test_a_file_that_does_not_tell_is_an_answer(tmp_path):
    read = read_count_sheet(tmp_path, 3, "not_enough_evidence")
    assert (read.errors, numbers(read)) == ((), {"due": "3", "done": "not_enough_evidence"})


def without_sheet_code(tmp_path):
    """The sheet as an earlier version gave it out: `About` has no row `sheet_code`."""
    write_sheet(tmp_path / "out.xlsx", SHEET)
    rows = rows_of(tmp_path / "out.xlsx")
    answer(rows[1], "met")
    property_rows = [("name", "value"), *(row for row in SHEET.properties() if row[0] != "sheet_code")]
    with xlsxwriter.Workbook(str(tmp_path / "earlier.xlsx")) as workbook:
        for name, lines in (("Marks", rows), ("About", property_rows)):
            page = workbook.add_worksheet(name)
            for line, row in enumerate(lines):
                page.write_row(line, 0, row)
    return tmp_path / "earlier.xlsx"


def test_a_sheet_of_an_earlier_version_without_a_sheet_code_is_read(tmp_path):
    read = read_sheet(without_sheet_code(tmp_path), QUESTIONS, FILES)
    assert (read.marker, [answer.answer for answer in read.answers], read.errors) == ("M1", ["met"], ())


def test_a_sheet_without_a_sheet_code_is_refused_where_its_files_were_given_to_another_marker(tmp_path):
    with pytest.raises(SourceError, match="assigned to another rater"):
        read_sheet(without_sheet_code(tmp_path), QUESTIONS, (("INV01", "C8"), ("INV01", "C9")))


@pytest.mark.parametrize(
    "property_changes",
    [{"marker_code": "M2"}, {"marker_code": "m1"}, {"marker_code": ""}, {"sheet_code": ""}, {"sample": "other"}],
)
def test_a_sheet_whose_markers_code_was_changed_is_refused_as_a_whole(tmp_path, property_changes):
    back = sent_back(tmp_path, lambda rows: answer(rows[1], "met"), **property_changes)
    with pytest.raises(SourceError, match=r"assigned to another rater\. Nothing was accepted"):
        read_sheet(back, QUESTIONS, FILES)


def test_a_sheet_whose_files_were_mostly_given_to_somebody_else_is_refused_as_a_whole(tmp_path):
    other = Sheet("closed", QUESTIONS, "M2", (*FILES, ("INV01", "C3")))
    with pytest.raises(SourceError, match="assigned to another rater"):
        read_sheet(
            sent_back(tmp_path, lambda rows: answer(rows[1], "met"), other), QUESTIONS, [FILES[0], ("INV02", "C4")]
        )


def test_an_error_does_not_repeat_the_name_that_stands_in_a_reason(tmp_path):
    back = sent_back(tmp_path, lambda rows: answer(rows[1], "not_met", "Det Sgt Secretword, 07700 900123"))
    read = read_sheet(back, QUESTIONS, FILES)
    assert read.answers == ()
    assert [("Secretword" in error.message, "900123" in error.message) for error in read.errors] == [(False, False)]


ORDINARY = [
    "The DI. Supervision followed on 03/02/2026 at 14:30.",
    "Crime CR/00123/24 in Kent, Operation Larkspur.",
    "28 days in court, 2024-2025, ages 13-14.",
]


@pytest.mark.parametrize("reason", ORDINARY)
def test_a_reason_with_ranks_days_places_and_references_counts(tmp_path, reason):
    read = read_sheet(sent_back(tmp_path, lambda rows: answer(rows[1], "not_met", reason)), QUESTIONS, FILES)
    assert ([answer.reason for answer in read.answers], read.errors) == ([reason], ())
