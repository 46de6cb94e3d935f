"""Whatever a record system exports becomes sheets of text, and every row is a record or is counted with a reason."""

import csv
import datetime
import io
import re
import resource
import tempfile
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from extract_samples import (
    HEADING,
    NAMES,
    RECORDS,
    joined,
    only_sheet,
    open_document,
    records,
    refusal,
    rows_of,
    text_file,
    workbook,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from old_workbooks import write_xls

from assay.ingest.extracts.extract_files import SheetReading, read_sheets


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


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "the file is empty. Export it again."),
        ("a.csv", b"Ref,Recorded,Sex\n", "there is a heading and no record under it, or it is no table. Export"),
        ("a.csv", b"%PDF-1.7 ...", "this is a PDF and not a table."),
        ("a.csv", bytes(range(256)) * 10, "this is a binary file and not a table."),
        ("a.xls", b"<html><body><p>Log in</p></body></html>", "no table can be read in it. Open it in a spreadsheet"),
        ("a.zip", b"PK\x05\x06" + bytes(18), "this is a zip archive. Unpack it and name the files in it."),
        ("a.docx", b"PK\x03\x04cut", "this is a damaged document and not a table. Export the records as CSV"),
        ("a.xlsx", b"PK\x03\x04cut", "a part of it is missing. Export it again, or copy it again"),
        ("a.zip", b"PK\x03\x04cut", "a part of it is missing. Export it again, or copy it again"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        ("a.txt", b"One sentence.\nAnother sentence.\n", "no comma, semicolon, tab or pipe separates its cells"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_next_step(tmp_path, name, content, sentence):
    (tmp_path / name).write_bytes(content)
    assert sentence in refusal(tmp_path / name)


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
        lists = output.add_worksheet("Lists")
        for number, row in enumerate([NAMES, *records(4)]):
            lists.write_row(number, 0, row)
        lists.hide()
    crimes = only_sheet(path)
    assert crimes.cells["Offence"].to_pylist()[1] is None
    assert crimes.remarks == (
        "extract.xlsx: 1 hidden sheet was not read. Show a sheet and save the workbook to add it.",
        "sheet Crimes: 1 cells hold an error such as #REF! and are read as empty.",
    )
    reading = read_sheets([path], with_hidden=True)
    assert [(sheet.name, sheet.cells.num_rows) for sheet in reading.sheets] == [("Crimes", 3), ("Lists", 4)]
    assert (read_sheets([path]).n_hidden, reading.n_hidden) == (1, 0)


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


def test_a_time_of_day_stays_one_and_a_chart_is_no_sheet(tmp_path):
    path = tmp_path / "extract.xlsx"
    with xlsxwriter.Workbook(path) as output:
        sheet = output.add_worksheet("Crimes")
        sheet.write_row(0, 0, ["Ref", "Recorded", "Time"])
        for number, clock in enumerate((datetime.time(10, 30), datetime.time(0, 0)), start=1):
            sheet.write_row(number, 0, [f"C/10{number}", "05/01/2024"])
            sheet.write_datetime(number, 2, clock, output.add_format({"num_format": "hh:mm"}))
        chart = output.add_chart({"type": "bar"})
        chart.add_series({"values": "=Crimes!$A$2:$A$3"})
        output.add_chartsheet("Chart").set_chart(chart)
    assert only_sheet(path).cells["Time"].to_pylist() == ["10:30:00", "00:00:00"]


def test_columns_of_fixed_width_are_read_by_the_line_of_dashes(tmp_path):
    widths = (12, 11, 10, 10, 8)
    rows = [NAMES, ["-" * width for width in widths], *[[*row[:2], "a, b", *row[3:]] for row in records(5)]]
    lines = [" ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    sheet = only_sheet(text_file(tmp_path, "query.rpt", [*lines, "", "(5 rows affected)"]))
    assert sheet.cells.column_names == NAMES
    assert rows_of(sheet)[0] == ("42/101/24", "01/05/2024", "a, b", "F", None)
    assert sheet.set_aside == {"ruled line": 1, "blank row": 1, "total row": 1}


@pytest.mark.parametrize("length", [520, 700, 1100, 1600, 3000])
def test_an_old_workbook_cut_short_is_refused(tmp_path, length):
    path = write_xls(tmp_path / "crimes.xls", "Crimes", [["Crime Ref", "Offence"], ["42/101/24", "20A"]])
    path.write_bytes(path.read_bytes()[:length])
    assert "Open it" in refusal(path) or "not a table" in refusal(path)


@given(st.lists(st.sampled_from([*'",;|\t\n\rab1/=-', '"\r\n', "42/1,", "Total", "\x00", "\xff"]), max_size=120))
@settings(max_examples=200, deadline=None)
def test_any_text_gives_sheets_or_a_sentence(pieces):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes("".join(pieces).encode("latin-1"))
        reading = read_sheets([path])
    assert reading.sheets or reading.refusals
    assert not any("were counted in the bytes" in sentence for sentence in reading.refusals)


def test_a_workbook_without_a_table_in_view_says_that_it_has_hidden_sheets(tmp_path):
    path = tmp_path / "extract.xlsx"
    with xlsxwriter.Workbook(path) as output:
        output.add_worksheet("Front")
        hidden = output.add_worksheet("Data")
        for number, row in enumerate([NAMES, *records(4)]):
            hidden.write_row(number, 0, row)
        hidden.hide()
    reading = read_sheets([path])
    assert (reading.sheets, reading.n_hidden) == ((), 1)
    assert reading.refusals[-1].startswith("extract.xlsx: 1 hidden sheet was not read.")


def test_a_cover_beside_a_sheet_of_records_is_no_sheet_to_export_again(tmp_path):
    front_page = [["Annual return"], ["Period", "1 April 2025 to 31 March 2026"], ["Prepared by", "Crime registrar"]]
    reading = read_sheets([workbook(tmp_path, {"Cover": front_page, "Crimes": [NAMES, *records(6)]})])
    assert reading.remarks == ("extract.xlsx, sheet Cover: not read: a sheet of notes.",)


def test_a_record_longer_than_the_limit_is_refused_although_its_quotes_match(tmp_path):
    path = tmp_path / "crimes.csv"
    path.write_text('reference,offence,notes\nA1,88A,"' + "x" * 17_000_000 + '"\nA2,88A,"y"\n', "utf-8")
    assert "a line is longer than 16 million bytes" in refusal(path)


def test_a_long_note_is_read_in_little_memory(tmp_path):
    path = tmp_path / "crimes.csv"
    path.write_text('reference,offence,notes\nA1,88A,"' + "x" * 8_000_000 + '"\nA2,88A,"y"\n', "utf-8")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert [len(row[2] or "") for row in rows_of(only_sheet(path))] == [8_000_000, 1]
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert kilobytes < 400_000  # a step of the matcher for each letter took 900,000


def test_formulas_that_were_never_calculated_are_counted_by_column_with_the_next_step(tmp_path):
    """Two formulas lack a value; one has a value, and one has an empty text as its value."""
    path = workbook(tmp_path, {"Crimes": [["Ref", "Recorded", "Outcome"], *[[f"C/{n}", "x", "y"] for n in range(4)]]})
    cells = {
        "B2": "<f>A2&amp;1</f><v></v>", "B3": "<f>A3&amp;1</f>", "B4": "<f>A4&amp;1</f><v>7</v>",
        "C5": '<f>""</f><v></v>',
    }  # fmt: skip
    rewrite_cells(path, cells, {"C5": ' t="str"'})
    sheet = only_sheet(path)
    assert sheet.remarks == (
        "sheet Crimes: 2 cells of column B hold formulas that were never calculated, and are read as empty. Open the "
        "workbook in a spreadsheet program, save it, and check again.",
    )


def rewrite_cells(path, cells, attributes):
    """Replace cells of the first sheet of a workbook by what another program would have written."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    for place, content in cells.items():
        cell = f'<c r="{place}"{attributes.get(place, "")}>{content}</c>'.encode()
        parts[name], n_replaced = re.subn(rb'<c r="%b"[^>]*>.*?</c>' % place.encode(), cell, parts[name])
        assert n_replaced == 1
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)


def test_a_text_with_zero_bytes_is_named_as_such(tmp_path):
    path = tmp_path / "crimes.csv"
    path.write_bytes("\n".join([HEADING, *RECORDS]).replace(" ", "\x00", 2).encode())
    assert read_sheets([path]).refusals == (
        "crimes.csv: this is text with zero bytes (NUL) in it, so a part of it may be lost. Export it again as CSV in "
        "UTF-8, or as an Excel workbook (.xlsx).",
    )


def test_files_that_are_refused_for_the_same_reason_share_one_sentence(tmp_path):
    for number in range(29):
        (tmp_path / f"f{number:02}.pdf").write_bytes(b"%PDF-1.7")
    assert read_sheets([tmp_path]).refusals == (
        "f00.pdf, f01.pdf, f02.pdf, f03.pdf, f04.pdf and 24 more: this is a PDF and not a table. Export the records as "
        "CSV or as an Excel workbook (.xlsx).",
    )


@pytest.mark.parametrize(
    "content",
    [
        '[{"ref": "C/1", "seen": true, "offence": {"code": "20A"}, "flags": ["CSE", "CSA"], "victims": [{"sex": "F"}, '
        '{"sex": "M"}]}, {"ref": "C/2", "seen": null, "offence": {"code": 71.0}}]',
        '{"ref": "C/1", "seen": true, "offence": {"code": "20A"}, "flags": ["CSE", "CSA"], "victims": [{"sex": "F"}, '
        '{"sex": "M"}]}\n{"ref": "C/2", "seen": null, "offence": {"code": 71}}\n',
    ],
    ids=["list", "lines"],
)
def test_json_becomes_a_row_for_each_object_with_columns_for_what_it_nests(tmp_path, content):
    path = tmp_path / "crimes.json"
    path.write_text(content, encoding="utf-8")
    sheet = only_sheet(path)
    assert sheet.cells.column_names == [
        "ref", "seen", "offence code", "flags", "number of victims", "victims 1 sex", "victims 2 sex",
    ]  # fmt: skip
    assert rows_of(sheet) == [
        ("C/1", "yes", "20A", "CSE; CSA", "2", "F", "M"), ("C/2", None, "71", None, None, None, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('[{"ref": "C/1"}, {"ref": ', "is damaged or cut short"),
        ('[{"ref": "C/1", "ref": "C/2"}]', "is damaged or cut short"),
        ("[[1, 2], [3, 4]]", "holds no list of objects"),
        ('{"a": [' + "[" * 100_000, "is damaged or cut short"),
        ('[{"ref": "C/1 \\ud83d"}]', "is damaged or cut short"),
        ('{"crimes": [{"ref": "C/1"}], "links": [{"ref": "C/1"}]}', "holds 2 lists of objects, which are not joined"),
        ('{"crimes": [{"ref": "C/1"}], "pages": [{"ref": "C/2"}]}', "holds 2 lists of objects, which are not joined"),
        ('[{"victim": {"sex": "F"}, "victim sex": "M"}]', "has two values under one heading in an object"),
        ('[{"victims": [' + ", ".join(['{"sex": "F"}'] * 501) + "]}]", "has more than 500 columns"),
    ],
)
def test_json_that_is_no_list_of_records_is_refused_with_the_next_step(tmp_path, content, reason):
    path = tmp_path / "crimes.json"
    path.write_text(content, encoding="utf-8")
    assert read_sheets([path]).refusals == (
        f"crimes.json: the JSON file {reason}. Export the records as CSV, one row a record.",
    )


@pytest.mark.parametrize(
    "content",
    [
        '{"count": 2, "crimes": [{"ref": "C/1"}, {"ref": "C/2"}]}',
        '{"@odata.context": "x", "d": {"results": [{"ref": "C/1"}, {"ref": "C/2"}]}}',
        '{"meta": {"exported": "2026-04-01"}, "data": [{"ref": "C/1"}, {"ref": "C/2"}]}',
    ],
)
def test_what_a_system_sends_around_a_list_of_records_is_no_record(tmp_path, content):
    (tmp_path / "crimes.json").write_text(content, encoding="utf-8")
    assert rows_of(only_sheet(tmp_path / "crimes.json")) == [("C/1",), ("C/2",)]


def test_a_single_record_with_a_list_in_it_stays_one_row(tmp_path):
    (tmp_path / "crimes.json").write_text('{"ref": "C/1", "victims": [{"sex": "F"}, {"sex": "M"}]}', encoding="utf-8")
    assert rows_of(only_sheet(tmp_path / "crimes.json")) == [("C/1", "2", "F", "M")]


def test_an_empty_list_of_json_objects_is_none_of_them_and_a_null_is_not_known(tmp_path):
    content = '[{"ref": "C/1", "pets": []}, {"ref": "C/2", "pets": [{"sex": "F"}]}, {"ref": "C/3", "pets": null}]'
    (tmp_path / "crimes.json").write_text(content, encoding="utf-8")
    sheet = only_sheet(tmp_path / "crimes.json")
    assert dict(zip(sheet.cells["ref"].to_pylist(), sheet.cells["number of pets"].to_pylist(), strict=True)) == {
        "C/1": "0", "C/2": "1", "C/3": None,
    }  # fmt: skip


def test_an_empty_list_in_a_column_of_texts_is_an_empty_cell(tmp_path):
    content = '[{"ref": "C/1", "tags": []}, {"ref": "C/2", "tags": ["CSE", "DA"]}]'
    (tmp_path / "crimes.json").write_text(content, encoding="utf-8")
    assert rows_of(only_sheet(tmp_path / "crimes.json")) == [("C/1", None), ("C/2", "CSE; DA")]


def test_json_in_another_encoding_is_not_called_damaged(tmp_path):
    (tmp_path / "crimes.json").write_bytes('[{"ref": "C\u00e9"}]'.encode("cp1252"))
    assert read_sheets([tmp_path / "crimes.json"]).refusals == (
        "crimes.json: the JSON file is not UTF-8. Save it as UTF-8.",
    )
