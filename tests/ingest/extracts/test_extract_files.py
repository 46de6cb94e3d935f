"""Whatever a record system exports becomes sheets of text, and every row is a record or is counted with a reason."""

import csv
import datetime
import io
import tempfile
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from old_workbooks import write_xls

from assay.ingest.extracts.extract_files import SheetReading, read_sheets

HEADING = "Crime Ref,Recorded,Offence,Victim sex"
RECORDS = ["42/101/24,05/01/2024 10:30,20A,F", "42/102/24,06/01/2024 11:00,20B,M", "42/103/24,07/01/2024 09:15,20A,"]


def text_file(folder: Path, name: str, lines, encoding="utf-8", line_end="\n") -> Path:
    path = folder / name
    path.write_bytes((line_end.join(lines) + line_end).encode(encoding))
    return path


def only_sheet(*paths: Path):
    reading = read_sheets(paths)
    assert reading.refusals == ()
    assert len(reading.sheets) == 1
    return reading.sheets[0]


def rows_of(sheet):
    return [tuple(row.values()) for row in sheet.cells.to_pylist()]


def refusal(*paths: Path) -> str:
    reading = read_sheets(paths)
    assert reading.sheets == ()
    assert len(reading.refusals) == 1
    return reading.refusals[0]


def workbook(folder: Path, sheets, name="extract.xlsx") -> Path:
    """A workbook of sheets, each a list of rows; a date is written as a real date, an error as an error."""
    path = folder / name
    with xlsxwriter.Workbook(path) as output:
        day, moment = (
            output.add_format({"num_format": "dd/mm/yyyy"}),
            output.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        )
        for title, rows in sheets.items():
            sheet = output.add_worksheet(title)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, datetime.datetime):
                        sheet.write_datetime(number, place, cell, moment)
                    elif isinstance(cell, datetime.date):
                        sheet.write_datetime(number, place, cell, day)
                    elif cell is not None:
                        sheet.write(number, place, cell)
    return path


def test_a_plain_csv_is_read_with_the_line_of_each_record(tmp_path):
    sheet = only_sheet(text_file(tmp_path, "crimes.csv", [HEADING, *RECORDS]))
    assert sheet.cells.column_names == ["Crime Ref", "Recorded", "Offence", "Victim sex"]
    assert rows_of(sheet)[2] == ("42/103/24", "07/01/2024 09:15", "20A", None)
    assert sheet.lines.to_pylist() == [2, 3, 4]
    assert (sheet.file, sheet.name, sheet.encoding, sheet.delimiter, sheet.set_aside) == (
        "crimes.csv", "", "utf-8", ",", {},
    )  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252"])
def test_encoding_and_delimiter_are_found_in_the_content(tmp_path, delimiter, encoding):
    lines = [line.replace(",", delimiter) for line in (HEADING, *RECORDS, "42/104/24,08/01/2024 10:00,Café’s £5,F")]
    sheet = only_sheet(text_file(tmp_path, "crimes.txt", lines, encoding, "\r\n"))
    assert sheet.delimiter == delimiter
    assert sheet.encoding == {"utf-8-sig": "utf-8"}.get(encoding, encoding[:6] if "utf-16" in encoding else encoding)
    assert rows_of(sheet)[3] == ("42/104/24", "08/01/2024 10:00", "Café’s £5", "F")


def test_real_dates_times_numbers_and_truth_values_of_a_workbook_become_text(tmp_path):
    rows = [
        ["Ref", "Day", "Moment", "Time", "Code", "Share", "Known"],
        ["C/1", datetime.date(2024, 1, 5), datetime.datetime(2024, 1, 5, 10, 20), 0.4375, 2003, 0.25, True],
        ["C/2", datetime.date(2024, 1, 6), datetime.datetime(2024, 1, 6), 0.5, 66, 1.5, False],
    ]
    sheet = only_sheet(workbook(tmp_path, {"Crimes": rows}))
    assert (sheet.name, sheet.label) == ("Crimes", "extract.xlsx, sheet Crimes")
    assert rows_of(sheet) == [
        ("C/1", "2024-01-05", "2024-01-05T10:20:00", "0.4375", "2003", "0.25", "yes"),
        ("C/2", "2024-01-06", "2024-01-06T00:00:00", "0.5", "66", "1.5", "no"),
    ]


def test_a_sheet_of_notes_is_left_out_with_a_remark(tmp_path):
    crimes = [["Ref", "Offence", "Sex"], ["C/101", "20A", "F"], ["C/102", "20B", "M"]]
    reading = read_sheets([workbook(tmp_path, {"Notes": [["This workbook lists crimes."]], "Crimes": crimes})])
    assert [sheet.name for sheet in reading.sheets] == ["Crimes"]
    assert reading.remarks == (
        "extract.xlsx, sheet Notes: no row with the names of columns was found, so it holds no table of records. "
        "It was left out.",
    )


def test_parquet_has_the_forms_of_a_workbook(tmp_path):
    moment = datetime.datetime(2024, 1, 5, 10, 30)
    table = pa.table({
        "Ref": ["C/1", " "], "Day": [moment.date(), None], "Moment": [moment, None], "Code": [2003.0, None],
        "Known": [True, None], "Stamp": pa.array([datetime.datetime(2024, 1, 5), None], pa.timestamp("ns")),
    })  # fmt: skip
    pq.write_table(table, tmp_path / "crimes.parquet")
    sheet = only_sheet(tmp_path / "crimes.parquet")
    assert rows_of(sheet) == [("C/1", "2024-01-05", "2024-01-05T10:30:00", "2003", "yes", "2024-01-05")]
    assert sheet.set_aside == {"blank row": 1}


def test_titles_totals_notes_and_repeated_headings_are_no_records(tmp_path):
    lines = [
        "Crime extract,,,", "Report run on,01/02/2024,,", ",,,", HEADING, RECORDS[0], HEADING, RECORDS[1], "Total,2,,",
        RECORDS[2], "", "Grand total,3,,", "End of report,,,",
    ]  # fmt: skip
    sheet = only_sheet(text_file(tmp_path, "crimes.csv", lines))
    assert sheet.lines.to_pylist() == [5, 7, 9]
    assert sheet.set_aside == {"title row": 2, "blank row": 2, "repeated header": 1, "total row": 2, "note row": 1}


def test_a_title_and_a_total_without_delimiters_are_no_broken_records(tmp_path):
    lines = ["Crimes of 2024", "", HEADING, *RECORDS, "Total: 3", "End of report"]
    sheet = only_sheet(text_file(tmp_path, "crimes.csv", lines))
    assert sheet.lines.to_pylist() == [4, 5, 6]
    assert sheet.set_aside == {"title row": 1, "blank row": 1, "total row": 1, "note row": 1}


def test_a_broken_record_is_set_aside_and_shifts_no_cell(tmp_path):
    lines = [HEADING, RECORDS[0], "42/105/24,05/01/2024,20A", '42/106/24,"05/01/2024,20A,F', RECORDS[1]]
    sheet = only_sheet(text_file(tmp_path, "crimes.csv", lines))
    assert sheet.lines.to_pylist() == [2, 5]
    assert sheet.set_aside == {"unreadable row": 2}


def test_a_cell_may_hold_line_ends_delimiters_and_quotes(tmp_path):
    lines = [HEADING, '42/101/24,05/01/2024,"said ""yes"",', '  then no",F', RECORDS[1]]
    sheet = only_sheet(text_file(tmp_path, "crimes.csv", lines))
    assert rows_of(sheet)[0][2] == 'said "yes",\n  then no'
    assert sheet.lines.to_pylist() == [2, 4]


def test_a_heading_of_two_rows_is_joined(tmp_path):
    rows = [
        ["Crime", None, "Victim 1", None, "Victim 2", None],
        ["Ref", "Recorded", "DOB", "Sex", "DOB", "Sex"],
        ["C/101", "05/01/2024", "01/02/2010", "F", "03/04/2011", "M"],
        ["C/102", "06/01/2024", "01/02/2012", "F", None, None],
    ]
    sheet = only_sheet(workbook(tmp_path, {"Crimes": rows}))
    assert sheet.cells.column_names == [
        "Crime Ref", "Crime Recorded", "Victim 1 DOB", "Victim 1 Sex", "Victim 2 DOB", "Victim 2 Sex",
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


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "the file is empty. Export it again."),
        ("a.csv", b"Ref,Recorded,Sex\n", "there is a heading and no record under it. Export it again with its records."),
        ("a.csv", b"%PDF-1.7 ...", "this is a PDF and not a table."),
        ("a.csv", bytes(range(256)) * 10, "this is a binary file and not a table."),
        ("a.xls", b"<html><body><p>Log in</p></body></html>", "no table can be read in it. Open it in a spreadsheet"),
        ("a.zip", b"PK\x05\x06" + bytes(18), "this is a zip archive. Unpack it and name the files in it."),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        ("a.txt", b"One sentence.\nAnother sentence.\n", "no comma, semicolon, tab or pipe separates its cells"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_next_step(tmp_path, name, content, sentence):
    (tmp_path / name).write_bytes(content)
    assert sentence in refusal(tmp_path / name)


def test_a_thousand_columns_are_refused(tmp_path):
    lines = [",".join(f"Column {n}" for n in range(1000)), ",".join(["x1234"] * 1000)]
    assert "it has 1,000 columns" in refusal(text_file(tmp_path, "wide.csv", lines))


def test_every_file_of_a_folder_is_read_and_none_stops_the_others(tmp_path):
    text_file(tmp_path, "b.csv", [HEADING, *RECORDS])
    text_file(tmp_path, "a.csv", [HEADING, *RECORDS])
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "~$a.xlsx").write_bytes(b"owner")
    reading = read_sheets([tmp_path])
    assert [sheet.file for sheet in reading.sheets] == ["a.csv", "b.csv"]
    assert [sentence.partition(":")[0] for sentence in reading.refusals] == ["c.pdf"]


def test_a_file_is_read_as_what_it_is_and_not_as_it_is_named(tmp_path):
    sheet = only_sheet(text_file(tmp_path, "crimes.xls", [HEADING, *RECORDS]))
    assert sheet.remarks == (
        "crimes.xls: its name ends in .xls, its content is delimited text, and it was read as that.",
    )


def test_a_path_that_does_not_exist_is_refused(tmp_path):
    assert (
        refusal(tmp_path / "none.csv") == "none.csv: there is no such file or folder. Check the name and start again."
    )


def test_a_reading_without_files_is_empty():
    assert read_sheets([]) == SheetReading(())


def records(number, first=101):
    """Records of crimes of one pattern, in which the last columns are empty now and then."""
    return [
        [f"42/{first + n}/24", f"{1 + n % 28:02d}/05/2024", ("20A", "066/59")[n % 2], ("F", "M", "")[n % 3], ""]
        for n in range(number)
    ]


NAMES = ["Crime Ref", "Recorded", "Offence", "Victim sex", "Outcome"]


def joined(rows, delimiter=","):
    return [delimiter.join(row) for row in rows]


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
    assert crimes.cells.column_names == ["Crime Ref", "Crime Recorded", "Crime Offence", "Victim Sex", "Victim Age"]
    assert crimes.set_aside == {"title row": 1}


def test_groups_of_columns_in_a_csv_reach_to_the_next_group(tmp_path):
    lines = [
        "Crime,,Victim 1,,Victim 2,,,", "Ref,Recorded,DOB,Sex,DOB,Sex,Outcome,Closed",
        *joined([*row[:2], "01/02/2010", "F", "", "", "15", "01/06/2024"] for row in records(4)),
    ]  # fmt: skip
    sheet = only_sheet(text_file(tmp_path, "crimes.csv", lines))
    assert sheet.cells.column_names == [
        "Crime Ref", "Crime Recorded", "Victim 1 DOB", "Victim 1 Sex", "Victim 2 DOB", "Victim 2 Sex", "Outcome",
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


def test_cells_that_a_spreadsheet_must_read_as_text_are_unwrapped(tmp_path):
    lines = joined([NAMES, *[[f'="{row[0]}"', row[1], f'"=""{row[2]}"""', *row[3:]] for row in records(4)]])
    sheet = only_sheet(text_file(tmp_path, "a.csv", lines))
    assert rows_of(sheet)[0][:3] == ("42/101/24", "01/05/2024", "20A")


def test_a_line_that_declares_the_delimiter_is_a_title(tmp_path):
    sheet = only_sheet(text_file(tmp_path, "a.csv", ["sep=;", *joined([NAMES, *records(6)], ";")], line_end="\r\n"))
    assert (sheet.delimiter, sheet.cells.num_rows, sheet.set_aside) == (";", 6, {"title row": 1})


def test_line_ends_of_older_systems_end_records(tmp_path):
    assert only_sheet(text_file(tmp_path, "a.csv", joined([NAMES, *records(6)]), line_end="\r")).cells.num_rows == 6


def test_a_few_letters_of_windows_in_utf_8_are_read_and_remarked(tmp_path):
    lines = joined([NAMES, *[[*row[:4], "Zoë Muñoz"] for row in records(6)]])
    data = "\n".join(lines).encode() + b"\n42/999/24,01/05/2024,20A,F,caf\xe9\n"
    (tmp_path / "a.csv").write_bytes(data)
    sheet = only_sheet(tmp_path / "a.csv")
    assert sheet.cells["Outcome"].to_pylist()[-2:] == ["Zoë Muñoz", "café"]
    assert "some letters in it are Windows-1252" in sheet.remarks[0]


def test_errors_and_hidden_sheets_of_a_workbook_are_remarked(tmp_path):
    path = tmp_path / "extract.xlsx"
    with xlsxwriter.Workbook(path) as output:
        sheet = output.add_worksheet("Crimes")
        for number, row in enumerate([NAMES, *records(3)]):
            sheet.write_row(number, 0, row)
        sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")
        output.add_worksheet("Lists").hide()
    crimes = only_sheet(path)
    assert crimes.cells["Offence"].to_pylist()[1] is None
    assert crimes.remarks == (
        "extract.xlsx: 1 hidden sheets were not read. Show a sheet and save the workbook to add it.",
        "sheet Crimes: 1 cells hold an error such as #REF! and are read as empty.",
    )


CELL = st.text(st.sampled_from('ab 1,;|"\n\té£-'), max_size=8)
ROW = st.lists(CELL, min_size=3, max_size=3)


@settings(max_examples=150, deadline=None)
@given(st.lists(ROW, min_size=4, max_size=20), st.sampled_from(",;|\t"), st.sampled_from(["utf-8", "utf-16"]))
def test_whatever_stands_in_quoted_cells_comes_back_and_every_row_is_counted(rows, delimiter, encoding):
    written_rows = [[f"42/{number}/24", *row] for number, row in enumerate(rows, start=101)]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([["Crime Ref", "Offence", "Sex", "Outcome"], *written_rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "crimes.csv"
        path.write_bytes(text.getvalue().encode(encoding))
        sheet = only_sheet(path)
    assert sheet.set_aside == {}
    assert rows_of(sheet) == [tuple(cell.strip() or None for cell in row) for row in written_rows]


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


def test_a_quote_inside_a_quoted_cell_is_a_letter(tmp_path):
    notes = ['"tall 5" or so, calm"', '"said \\"no\\", then left"', '"said ""no"", then left"', '"tall 5""']
    lines = [",".join([*NAMES, "Note"]), *joined([[*row, note] for row, note in zip(records(4), notes, strict=True)])]
    sheet = only_sheet(text_file(tmp_path, "a.csv", lines))
    assert sheet.cells["Note"].to_pylist() == [
        'tall 5" or so, calm',
        'said "no", then left',
        'said "no", then left',
        'tall 5"',
    ]


def test_flags_separated_by_semicolons_do_not_separate_columns(tmp_path):
    lines = ["Crime Ref,Flags", *[f"{row[0]},CSE;CSA;CCE" for row in records(12)]]
    sheet = only_sheet(text_file(tmp_path, "a.csv", lines))
    assert rows_of(sheet)[0] == ("42/101/24", "CSE;CSA;CCE")


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


def test_a_web_page_named_as_a_workbook_is_read_by_its_table(tmp_path):
    head = (
        '<tr><th colspan="5">Crimes of the year</th></tr>'
        + "<tr>"
        + "".join(f"<th>{name}</th>" for name in NAMES)
        + "</tr>"
    )
    first, second, third = records(3)
    rows = (
        f'<tr><td rowspan="2">{first[0]}</td>' + "".join(f"<td>{cell}&nbsp;</td>" for cell in first[1:]) + "</tr>"
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in second[1:]) + "</tr>"
        "<tr>" + "".join(f"<td><b>{cell}</b></td>" for cell in third) + "</tr>"
    )  # fmt: skip
    (tmp_path / "crimes.xls").write_text(f"<html><body><table>{head}{rows}</table></body></html>", encoding="utf-8")
    sheet = only_sheet(tmp_path / "crimes.xls")
    assert sheet.cells.column_names == NAMES
    assert sheet.cells["Crime Ref"].to_pylist() == ["42/101/24", "42/101/24", "42/103/24"]
    assert sheet.cells["Offence"].to_pylist() == ["20A", "066/59", "20A"]
    assert sheet.remarks == (
        "crimes.xls: its name ends in .xls, its content is a web page (HTML), and it was read as that.",
    )


def test_a_spreadsheet_in_xml_is_read(tmp_path):
    cells = [
        "".join(f'<Cell><Data ss:Type="String">{name}</Data></Cell>' for name in ("Ref", "Recorded", "Known", "Age")),
        '<Cell><Data ss:Type="String">C/101</Data></Cell><Cell><Data ss:Type="DateTime">2024-01-05T00:00:00.000</Data>'
        '</Cell><Cell><Data ss:Type="Boolean">1</Data></Cell><Cell><Data ss:Type="Number">14</Data></Cell>',
        '<Cell><Data ss:Type="String">C/102</Data></Cell><Cell ss:Index="4"><Data ss:Type="Number">15</Data></Cell>',
    ]
    rows = "".join(f"<Row>{row}</Row>" for row in cells)
    (tmp_path / "crimes.xls").write_text(
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Crimes"><Table>'
        f"{rows}</Table></Worksheet></Workbook>",
        encoding="utf-8",
    )
    sheet = only_sheet(tmp_path / "crimes.xls")
    assert sheet.name == "Crimes"
    assert rows_of(sheet) == [("C/101", "2024-01-05", "yes", "14"), ("C/102", None, None, "15")]


def test_an_old_workbook_is_read(tmp_path):
    rows = [
        ["Crime Ref", "Recorded", "Offence", "Age"],
        ["42/101/24", (45296,), "20A", 14.0],
        ["42/102/24", (45297,), "é", 15.5],
    ]
    sheet = only_sheet(write_xls(tmp_path / "crimes.xls", "Crimes", rows))
    assert rows_of(sheet) == [("42/101/24", "2024-01-05", "20A", "14"), ("42/102/24", "2024-01-06", "é", "15.5")]


def test_an_old_workbook_with_a_password_is_refused(tmp_path):
    rows = [["Crime Ref", "Offence"], ["42/101/24", "20A"]]
    assert refusal(write_xls(tmp_path / "crimes.xls", "Crimes", rows, has_password=True)) == (
        "crimes.xls: the file is protected by a password. Open it, save it without the password, and read that."
    )


def open_document(path: Path, rows) -> Path:
    """An .ods of one sheet; a cell is a text or, as a date, ('2024-01-05',)."""
    office, table, text = (f"urn:oasis:names:tc:opendocument:xmlns:{part}:1.0" for part in ("office", "table", "text"))

    def cell(value):
        if isinstance(value, tuple):
            return f'<table:table-cell office:value-type="date" office:date-value="{value[0]}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{office}" xmlns:table="{table}" xmlns:text="{text}"><office:body>'
            f'<office:spreadsheet><table:table table:name="Crimes">{lines}</table:table></office:spreadsheet>'
            "</office:body></office:document-content>",
        )
    return path


def test_an_open_document_is_read(tmp_path):
    rows = [["Crimes of the year"], NAMES, *[[row[0], ("2024-01-05",), *row[2:]] for row in records(4)]]
    sheet = only_sheet(open_document(tmp_path / "crimes.ods", rows))
    assert (sheet.name, sheet.cells.column_names, sheet.cells.num_rows) == ("Crimes", NAMES, 4)
    assert sheet.cells["Recorded"].to_pylist()[0] == "2024-01-05"
    assert sheet.set_aside == {"title row": 1}


def test_a_workbook_cut_short_is_refused(tmp_path):
    data = workbook(tmp_path, {"Crimes": [NAMES, *records(40)]}).read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(data[: len(data) // 2])
    assert "damaged" in refusal(tmp_path / "cut.xlsx")
