"""The heading of a sheet is found, and titles, totals, notes and broken rows are no records."""

import time

import pytest
import xlsxwriter
from extract_samples import HEADING, NAMES, RECORDS, joined, only_sheet, records, refusal, text_file, workbook

from assay.ingest.extracts import sheet_records
from assay.ingest.extracts.extract_files import read_sheets
from assay.ingest.extracts.row_kinds import is_total


def test_titles_totals_notes_and_repeated_headings_are_no_records(tmp_path):
    lines = [
        "Crime extract,,,", "Report run on,01/02/2024,,", ",,,", HEADING, RECORDS[0], HEADING, RECORDS[1], "Total,2,,",
        RECORDS[2], "", "Grand total,3,,", "End of report,,,",
    ]  # fmt: skip
    sheet = only_sheet(text_file(tmp_path, "crimes.csv", lines))
    assert sheet.lines.to_pylist() == [5, 7, 9]
    assert sheet.set_aside == {"title row": 2, "blank row": 2, "repeated header": 1, "total row": 2, "note row": 1}


def test_the_total_of_each_month_in_a_pivot_table_is_no_record(tmp_path):
    """Six crimes in January and six in February, and a line such as 'Jan-25 Total | 6' under each month."""
    months = [[[month, *row] for row in records(6, first)] for month, first in (("Jan-25", 101), ("Feb-25", 201))]
    totals = [["Jan-25 Total", 6], ["Feb-25 Total", 6], ["Grand Total", 12]]
    sheet = only_sheet(
        workbook(tmp_path, {"Pivot": [["Month", *NAMES], *months[0], totals[0], *months[1], *totals[1:]]})
    )
    assert sheet.cells.num_rows == 12
    assert sheet.set_aside == {"total row": 3}


def test_a_note_that_ends_with_the_word_total_without_a_number_is_no_total():
    assert is_total(["Apr-25 Total", "14"])
    assert not is_total(["Three suspects in total"])
    assert not is_total(["Apr-25 Total", "14", "Charged"])


def test_a_title_and_a_total_without_delimiters_are_no_broken_records(tmp_path):
    lines = ["Crimes of 2024", "", HEADING, *RECORDS, "Total: 3", "End of report"]
    sheet = only_sheet(text_file(tmp_path, "crimes.csv", lines))
    assert sheet.lines.to_pylist() == [4, 5, 6]
    assert sheet.set_aside == {"title row": 1, "blank row": 1, "total row": 1, "note row": 1}


def test_a_heading_of_two_rows_is_joined(tmp_path):
    rows = [
        ["Crime", None, "Victim 1", None, "Victim 2", None],
        ["Ref", "Recorded", "DOB", "Sex", "DOB", "Sex"],
        ["C/101", "05/01/2024", "01/02/2010", "F", "03/04/2011", "M"],
        ["C/102", "06/01/2024", "01/02/2012", "F", None, None],
    ]
    sheet = only_sheet(workbook(tmp_path, {"Crimes": rows}))
    assert sheet.cells.column_names == [
        "Crime Ref", "Recorded", "Victim 1 DOB", "Victim 1 Sex", "Victim 2 DOB", "Victim 2 Sex",
    ]  # fmt: skip
    assert sheet.cells.num_rows == 2


def test_headings_become_unique_and_unnamed_columns_are_kept_where_filled(tmp_path):
    lines = ["Ref,DOB,DOB,,,", "C/101,01/02/2010,02/02/2011,x,,", "C/102,01/02/2010,02/02/2011,,,"]
    sheet = only_sheet(text_file(tmp_path, "crimes.csv", lines))
    assert sheet.cells.column_names == ["Ref", "DOB", "DOB (2)", "column 4"]


def test_a_file_without_heading_is_refused(tmp_path):
    assert refusal(text_file(tmp_path, "crimes.csv", RECORDS)) == (
        "crimes.csv: its first row looks like a record and not like the names of columns. Export it with its heading."
    )


def test_a_thousand_columns_are_refused(tmp_path):
    lines = [",".join(f"Column {n}" for n in range(1000)), ",".join(["x1234"] * 1000)]
    assert "it has 1,000 columns" in refusal(text_file(tmp_path, "wide.csv", lines))


def test_a_line_of_dashes_and_a_count_of_rows_are_no_records(tmp_path):
    lines = [*joined([NAMES, ["-" * 10] * 5, *records(12)], "|"), "", "(12 rows affected)"]
    sheet = only_sheet(text_file(tmp_path, "query.txt", lines))
    assert sheet.cells.num_rows == 12
    assert sheet.set_aside == {"ruled line": 1, "blank row": 1, "total row": 1}


def test_a_summary_under_the_records_is_no_record(tmp_path):
    summary = [
        ["", "", "", "", ""],
        ["Offence", "Count", "", "", ""],
        ["20A", "6", "", "", ""],
        ["All", "12", "", "", ""],
    ]
    sheet = only_sheet(text_file(tmp_path, "crimes.csv", joined([NAMES, *records(12), *summary])))
    assert sheet.cells.num_rows == 12
    assert sheet.set_aside == {"blank row": 1, "note row": 3}


def test_a_record_with_nothing_but_its_reference_is_a_record(tmp_path):
    sheet = only_sheet(text_file(tmp_path, "crimes.csv", joined([NAMES, *records(12), ["42/999/24", "", "", "", ""]])))
    assert sheet.cells.num_rows == 13
    assert sheet.set_aside == {}


def test_rows_that_name_the_district_of_the_records_below_are_notes(tmp_path):
    rows = [NAMES, ["District: North"], *records(6), ["District: South"], *records(6, 201), ["Total records", 12]]
    sheet = only_sheet(workbook(tmp_path, {"Crimes": rows}))
    assert sheet.cells.num_rows == 12
    assert sheet.set_aside == {"note row": 2, "total row": 1}


def test_cells_merged_downwards_belong_to_every_row_that_they_span(tmp_path):
    path = tmp_path / "extract.xlsx"
    with xlsxwriter.Workbook(path) as output:
        sheet = output.add_worksheet("Persons")
        for place, name in enumerate(("Crime Ref", "Person", "Role")):
            sheet.write(1, 1 + place, name)
        for number, person in enumerate(("P/101", "P/102", "P/103")):
            sheet.write(2 + number, 2, person)
            sheet.write(2 + number, 3, ("Victim", "Suspect", "Victim")[number])
        sheet.merge_range(2, 1, 3, 1, "42/101/24")
        sheet.write(4, 1, "42/102/24")
    persons = only_sheet(path)
    assert persons.cells["Crime Ref"].to_pylist() == ["42/101/24", "42/101/24", "42/102/24"]
    assert persons.lines.to_pylist() == [3, 4, 5]


def test_a_merged_title_over_the_whole_table_is_not_joined_to_the_heading(tmp_path):
    path = tmp_path / "extract.xlsx"
    with xlsxwriter.Workbook(path) as output:
        sheet = output.add_worksheet("Crimes")
        sheet.merge_range(0, 0, 0, 4, "Crimes and victims of the year")
        sheet.merge_range(1, 0, 1, 2, "Crime")
        sheet.merge_range(1, 3, 1, 4, "Victim")
        for number, row in enumerate([["Ref", "Recorded", "Offence", "Sex", "Age"], *records(3)]):
            sheet.write_row(2 + number, 0, row)
    crimes = only_sheet(path)
    assert crimes.cells.column_names == ["Crime Ref", "Recorded", "Offence", "Victim Sex", "Victim Age"]
    assert crimes.set_aside == {"title row": 1}


def test_groups_of_columns_in_a_csv_reach_to_the_next_group(tmp_path):
    lines = [
        "Crime,,Victim 1,,Victim 2,,,", "Ref,Recorded,DOB,Sex,DOB,Sex,Outcome,Closed",
        *joined([*row[:2], "01/02/2010", "F", "", "", "15", "01/06/2024"] for row in records(4)),
    ]  # fmt: skip
    sheet = only_sheet(text_file(tmp_path, "crimes.csv", lines))
    assert sheet.cells.column_names == [
        "Crime Ref", "Recorded", "Victim 1 DOB", "Victim 1 Sex", "Victim 2 DOB", "Victim 2 Sex", "Outcome",
        "Closed",
    ]  # fmt: skip


def test_a_row_that_says_how_cells_are_written_names_nothing(tmp_path):
    formats = ["(text)", "dd/mm/yyyy", "code", "M/F", "code"]
    sheet = only_sheet(text_file(tmp_path, "crimes.csv", joined([NAMES, formats, *records(6)])))
    assert sheet.cells.column_names == NAMES
    assert sheet.cells.num_rows == 6


def test_two_tables_below_one_another_are_two_sheets(tmp_path):
    suspects = [
        ["Crime Ref", "Suspect", "Date of birth"],
        *[[row[0], f"S{n}001", "01/02/1990"] for n, row in enumerate(records(4))],
    ]
    rows = [["Crimes"], NAMES, *records(4), [], ["Suspects"], *suspects]
    reading = read_sheets([workbook(tmp_path, {"Data": rows})])
    assert [(sheet.name, sheet.cells.num_rows, sheet.lines.to_pylist()[0]) for sheet in reading.sheets] == [
        ("Data", 4, 3), ("Data table 2", 4, 10),
    ]  # fmt: skip
    assert reading.sheets[1].cells.column_names == ["Crime Ref", "Suspect", "Date of birth"]


def test_empty_cells_that_the_sender_left_out_at_the_end_are_empty(tmp_path):
    lines = [
        line.rstrip(",") for line in joined([[*row[:4], "15" if n % 5 else ""] for n, row in enumerate(records(30))])
    ]
    sheet = only_sheet(text_file(tmp_path, "crimes.csv", [",".join(NAMES), *lines]))
    assert sheet.cells.num_rows == 30
    assert sheet.lines.to_pylist() == list(range(2, 32))
    assert sheet.cells["Outcome"].to_pylist() == [None, "15", "15", "15", "15"] * 6


def test_one_short_record_among_whole_ones_has_lost_a_cell_that_nobody_knows(tmp_path):
    rows = [[*row[:4], "15"] for row in records(30)]
    lines = joined([NAMES, *rows, ["42/999/24", "01/05/2024", "F", "15"]])
    sheet = only_sheet(text_file(tmp_path, "crimes.csv", lines))
    assert sheet.cells.num_rows == 30
    assert sheet.set_aside == {"unreadable row": 1}
    assert sheet.unreadable_rows_sentence == (
        "crimes.csv: 1 row could not be read and is not used, because the quotes in it do not match, or it has more or "
        "fewer cells than the heading. Correct it, or export the file again."
    )


def test_a_heading_of_another_width_than_the_records_is_not_guessed(tmp_path):
    lines = [",".join(NAMES), *joined([[*row, "x", "y"] for row in records(6)])]
    assert "its heading names 5 columns and its records have 7 cells" in refusal(text_file(tmp_path, "a.csv", lines))


def test_a_delimiter_at_the_end_of_each_record_adds_no_column(tmp_path):
    lines = [",".join(NAMES), *joined([[*row, ""] for row in records(6)])]
    assert only_sheet(text_file(tmp_path, "a.csv", lines)).cells.column_names == NAMES


def test_row_numbers_without_a_heading_shift_the_heading(tmp_path):
    lines = [",".join(NAMES), *joined([[str(n), *row] for n, row in enumerate(records(6), start=1)])]
    sheet = only_sheet(text_file(tmp_path, "a.csv", lines))
    assert sheet.cells.column_names == ["column 1", *NAMES]
    assert sheet.cells["Crime Ref"].to_pylist()[0] == "42/101/24"


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_records_and_rows_set_aside_add_up_to_the_rows_of_the_file(tmp_path, name):
    blank = [""] * 5
    rows = [
        ["Crimes", *blank[1:]], blank, NAMES, *records(9), blank, ["Total", "9", *blank[2:]], NAMES, *records(5, 301),
        ["Sub-total", "5", *blank[2:]], ["Note: two crimes are restricted", *blank[1:]], ["End of report", *blank[1:]],
    ]  # fmt: skip
    path = workbook(tmp_path, {"Crimes": rows}, name) if name == "a.xlsx" else text_file(tmp_path, name, joined(rows))
    sheet = only_sheet(path)
    assert sheet.cells.num_rows == 14
    assert sum(sheet.set_aside.values()) == len(rows) - 14 - 1


def test_the_footer_of_a_dashboard_in_one_quoted_cell_is_a_note(tmp_path):
    lines = [*joined([NAMES, *records(6)]), "", '"Applied filters:', "Year is 2024", 'Void is not True"']
    sheet = only_sheet(text_file(tmp_path, "a.csv", lines))
    assert sheet.set_aside == {"blank row": 1, "note row": 3}


def test_a_row_that_states_a_parameter_is_no_heading(tmp_path):
    rows = [
        ["Period:", "Financial year"],
        ["Outcome blank:", "Not yet entered"],
        ["No.", "Outcome title"],
        ["1", "Charged"],
    ]
    sheet = only_sheet(workbook(tmp_path, {"Outcomes": rows}))
    assert sheet.cells.column_names == ["No.", "Outcome title"]


def test_a_title_with_commas_is_not_joined_to_the_heading(tmp_path):
    lines = ["Crimes, victims and suspects, 2024, North, South", *joined([NAMES, *records(6)])]
    sheet = only_sheet(text_file(tmp_path, "a.csv", lines))
    assert sheet.cells.column_names == NAMES
    assert sheet.set_aside == {"title row": 1}


def test_a_table_of_words_has_its_first_row_as_heading(tmp_path):
    rows = [
        ["Offence", "Team", "Result"],
        ["Theft", "North", "Charged"],
        ["Assault", "South", "NFA"],
        ["Fraud", "East", "NFA"],
    ]
    sheet = only_sheet(text_file(tmp_path, "a.csv", joined(rows)))
    assert sheet.cells.column_names == ["Offence", "Team", "Result"]
    assert sheet.cells.num_rows == 3


def test_a_title_in_the_middle_of_its_row_is_not_joined_to_the_heading(tmp_path):
    lines = [",,Crimes recorded by the force,,", *joined([NAMES, *records(6)])]
    assert only_sheet(text_file(tmp_path, "a.csv", lines)).cells.column_names == NAMES


def test_a_group_that_is_written_over_each_of_its_columns_is_joined(tmp_path):
    lines = ["Crime,Crime,Crime,Victim,Victim", *joined([["Ref", "Recorded", "Code", "Sex", "Age"], *records(6)])]
    sheet = only_sheet(text_file(tmp_path, "a.csv", lines))
    assert sheet.cells.column_names == ["Crime Ref", "Recorded", "Crime Code", "Victim Sex", "Victim Age"]


def test_the_name_of_a_group_is_left_out_where_each_heading_is_sure_by_itself(tmp_path):
    """Three groups over unique headings, as a statistical return prints them; "Date" alone needs its group."""
    groups = ["INCIDENT DETAILS", None, None, "RESULT", None, "MARKERS (1 = yes)", None]
    names = ["Crime Number", "Date Recorded", "Offence Code", "Outcome Type", "Outcome Date", "CSE", "Domestic Abuse"]
    rows = [[f"INV/{n}/25", f"0{n}/05/2025", "71", "18", f"0{n}/06/2025", n % 2, 0] for n in range(1, 9)]
    sheet = only_sheet(workbook(tmp_path, {"Return": [groups, names, *rows]}))
    assert sheet.cells.column_names == names


def test_the_name_of_a_group_is_kept_where_it_says_whose_column_it_is(tmp_path):
    """The birth date stands twice, and the sex only in the group of victims."""
    groups = ["Crime details", None, "Victim details", None, "Suspect details", None]
    names = ["Crime Number", "Date Recorded", "DOB", "Sex", "DOB", "Arrested"]
    rows = [[f"INV/{n}/25", f"0{n}/05/2025", f"0{n}/02/2011", "F", f"0{n}/02/1990", "Y"] for n in range(1, 9)]
    sheet = only_sheet(workbook(tmp_path, {"Return": [groups, names, *rows]}))
    assert sheet.cells.column_names[2:5] == ["Victim DOB", "Victim Sex", "Suspect DOB"]


def test_many_broken_lines_do_not_make_a_long_file_slow(tmp_path):
    """8,000 broken lines, each of which began a scan of 250,000 bytes, took 8 seconds of processor."""
    sound = [",".join(row) for row in records(100)]
    lines = [",".join(NAMES), *(line for n in range(8_000) for line in ("bro,ken", sound[n % 100]))]
    path = text_file(tmp_path, "a.csv", lines)
    begin = time.process_time()
    sheet = only_sheet(path)
    assert time.process_time() - begin < 5
    assert (sheet.cells.num_rows, sheet.set_aside) == (8_000, {"unreadable row": 8_000})


def test_a_row_wider_than_the_records_is_no_record(tmp_path):
    lines = [*joined([NAMES, *records(6)]), "x,y,z,1,2,3,4,5,6", *joined(records(2, 301)), ",,,,,,,,9"]
    sheet = only_sheet(text_file(tmp_path, "a.csv", lines))
    assert (sheet.cells.num_rows, sum(sheet.set_aside.values())) == (8, 2)


def test_an_empty_table_beside_a_filled_one_costs_nothing(tmp_path):
    empty = [["Flags"], ["Crime Ref", "Flag", "Put on", "Taken off"], ["No records found"]]
    below = workbook(tmp_path, {"Data": [NAMES, *records(4), [], *empty]}, "below.xlsx")
    above = workbook(tmp_path, {"Data": [*empty, [], ["Crimes"], NAMES, *records(4)]}, "above.xlsx")
    assert [only_sheet(path).cells.num_rows for path in (below, above)] == [4, 4]


def test_a_record_whose_first_word_could_begin_a_note_is_a_record(tmp_path):
    """The crime stands only in the first row of its persons; 'Restricted' and 'Official' are words of a column."""
    names = ["Crime Ref", "Recorded", "Offence", "Team", "Beat", "Station", "Access", "Role", "Sex"]
    rows = []
    for n in range(12):
        rows.append([f"42/{101 + n}/24", "01/05/2024", "20A", "North", "B12", "S1", "Restricted", "Victim", "F"])
        rows.append([*[""] * 6, ("Restricted", "Official")[n % 2], "Suspect", ""])
    sheet = only_sheet(text_file(tmp_path, "a.csv", joined([names, *rows, ["Restricted when completed", *[""] * 8]])))
    assert sheet.cells.num_rows == 24
    assert sheet.set_aside == {"note row": 1}


def test_rows_that_fill_only_the_columns_of_suspects_are_records(tmp_path):
    names = ["Crime Ref", "Recorded", "Offence", "Team", "Beat", "Station", "Victim", "Suspect", "Suspect status"]
    crimes = [[f"42/{101 + n}/24", "01/05/2024", "20A", "North", "B12", "S1", "P/101", "", ""] for n in range(9)]
    suspects = [[*[""] * 7, f"P/{201 + n}", ("Charged", "Bailed", "Released")[n % 3]] for n in range(6)]
    sheet = only_sheet(text_file(tmp_path, "a.csv", joined([names, *crimes, *suspects])))
    assert (sheet.cells.num_rows, sheet.set_aside) == (15, {})


def test_remarks_between_records_do_not_make_the_records_above_be_read_again(tmp_path, monkeypatch):
    examined = []

    class CountedReasons(sheet_records.RowReasons):
        def __init__(self, grid, heading):
            examined.append(grid.cells.num_rows)
            super().__init__(grid, heading)

    monkeypatch.setattr(sheet_records, "RowReasons", CountedReasons)
    lines = [HEADING]
    for number in range(100):
        lines += ["", f"Batch {'abcdefghij'[number % 10]},,,", *RECORDS]
    sheet = only_sheet(text_file(tmp_path, "crimes.csv", lines))
    assert sheet.cells.num_rows == 100 * len(RECORDS)
    assert len(examined) < 5
