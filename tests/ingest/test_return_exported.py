"""What did an exporter or a spreadsheet do to a cell, and is it read rightly or told?"""

import io
from datetime import date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from small_return import NEEDED, SmallReturn, count, errors, rows_set_aside

from assay import contract
from assay.feedback.force_return_letter import write_letter as write_letter


def took(tmp_path, table, *rows, mapping="", **manifest):
    return_folder = SmallReturn(tmp_path / "return").rows(table, *rows, **manifest)
    if mapping:
        (tmp_path / "return" / "mapping.toml").write_text(mapping)
    return return_folder.received()


def cells(received, table, column):
    return received.tables[table][column].to_pylist()


def rules(received, table, column):
    """Line -> the rule that a cell of the column breaks."""
    return {line: rule for rule, name, line in errors(received, table) if name == column}


def adds_up(received, table):
    row = count(received, table)
    return row["records"] == row["accepted"] + row["set_aside"]


# Null words


EXPORTED_NULLS = (
    "NULL", "null", "Null", "None", "NONE", "NaN", "nan", "NaT", "<NA>", "NA", "N/A", "n/a", "#N/A", "(null)", "(blank)", "[NULL]",
    "\\N", "-", "--", " - ", "\u2013", ".",
)  # fmt: skip


COLUMNS = {
    "assessments": ("band", "score", "override"), "involvements": ("date_of_birth", "report_ref", "sex", "phone"),
    "crimes": ("outcome_code", "other_force_crime_ref", "lead_trained", "closed_at", "suspect_count_stated"),
}  # fmt: skip


@pytest.mark.parametrize("table", COLUMNS)
def test_what_an_exporter_writes_for_nothing_is_no_value_of_any_column(tmp_path, table):
    words = [word for word in EXPORTED_NULLS if table != "involvements" or word in ("NULL", "None", "nan", "N/A", "-")]
    received = took(tmp_path, table, *(dict.fromkeys(COLUMNS[table], word) for word in words))
    lines = range(2, len(words) + 2)
    for column in COLUMNS[table]:
        for name in contract.table(table).column(column).field_names:
            assert set(cells(received, table, name)) == {None}
        assert rules(received, table, column) == dict.fromkeys(lines, "R67")


def test_none_is_a_tier_as_the_list_spells_it_and_none_of_an_exporter_is_not(tmp_path):
    received = took(tmp_path, "assessments", {"band": "none"}, {"band": "None"}, {"band": "NONE"}, {"band": "high"})
    assert cells(received, "assessments", "band") == ["none", None, None, "high"]
    assert rules(received, "assessments", "band") == {3: "R67", 4: "R67"}


def test_a_sender_may_say_that_its_word_none_is_the_tier(tmp_path):
    mapping = '[tables.assessments.values]\nband = {"None" = "none"}\n'
    received = took(tmp_path, "assessments", {"band": "None"}, mapping=mapping)
    assert cells(received, "assessments", "band") == ["none"]
    assert rules(received, "assessments", "band") == {}


def test_a_sender_may_say_that_a_word_stands_for_an_empty_cell_in_every_column(tmp_path):
    mapping = '[tables.crimes]\nempty = ["null", "-"]\n'
    received = took(
        tmp_path, "crimes", {"closed_at": "NULL", "outcome_code": "-", "lead_trained": "n/a"}, mapping=mapping
    )
    assert {name for rule, name, _ in errors(received, "crimes")} == {"lead_trained"}


def test_of_a_null_word_not_even_that_the_cell_is_empty_is_believed(tmp_path):
    received = took(tmp_path, "crimes", {"closed_at": "NULL"}, {"closed_at": ""})
    unsure = [row for row in received.tables["incomplete"].to_pylist() if row["column_name"] == "closed_at"]
    assert [row["record_ref"] for row in unsure] == ["C1"]


def test_a_null_word_in_a_key_sets_its_row_aside_and_makes_no_crime_of_several(tmp_path):
    words = ["NULL", "NULL", "None", "nan", "-", "N/A", "unknown", "0", "?"]
    received = took(tmp_path, "crimes", *({"crime_ref": word} for word in words), {"crime_ref": "C9"})
    assert rows_set_aside(received, "crimes") == dict.fromkeys(range(2, 11), "R67")
    assert adds_up(received, "crimes")


def test_a_null_word_where_a_value_is_needed_sets_the_row_aside(tmp_path):
    received = took(tmp_path, "notes", {"entry_at": "NULL"}, {"person_ref": "N1"})
    assert rows_set_aside(received, "notes") == {2: "R67"}


def test_a_person_may_be_called_null_and_a_text_may_say_none(tmp_path):
    rows = [{"surname": "Null", "forenames": "Nan"}, {"surname": "NULL", "forenames": "None"}]
    received = took(tmp_path, "involvements", *rows)
    assert cells(received, "involvements", "surname") == ["Null", None]
    assert cells(received, "involvements", "forenames") == ["Nan", None]


# References that something changed


CHANGED = (
    "1.234567890123457e+16", "1.23457E+16", "1,23E+15", "1234567890123456.0", "12345.00", "1,234,567", "TRUE", "false", "Yes", "no",
    "oui", "VRAI", "12-May", "12-May-26", "May-26", "2026-05-12", "2026-05-12T00:00:00", "2026-05-12 00:00", "08 January 2026",
)  # fmt: skip


@pytest.mark.parametrize(("table", "column"), [("crimes", "other_force_crime_ref"), ("involvements", "person_ref")])
def test_a_reference_that_a_spreadsheet_changed_is_none(tmp_path, table, column):
    received = took(tmp_path, table, *({column: ref} for ref in CHANGED))
    assert set(cells(received, table, column)) == {None}
    assert rules(received, table, column) == dict.fromkeys(range(2, len(CHANGED) + 2), "R68")


def test_a_key_that_a_spreadsheet_changed_sets_its_row_aside(tmp_path):
    received = took(tmp_path, "crimes", *({"crime_ref": ref} for ref in CHANGED))
    assert rows_set_aside(received, "crimes") == dict.fromkeys(range(2, len(CHANGED) + 2), "R68")
    assert adds_up(received, "crimes")


def test_a_reference_as_a_record_system_writes_it_stays(tmp_path):
    refs = ["007/26", "42/12345/23", "12E3", "1E5", "C-May-26", "12345", "A.0", "12.5", "20260512", "NO1", "yes-1", "1"]
    received = took(tmp_path, "crimes", *({"other_force_crime_ref": ref} for ref in refs))
    assert cells(received, "crimes", "other_force_crime_ref") == refs


def test_numbers_that_lost_their_leading_zeros_are_no_references(tmp_path):
    refs = ["0012345", "1234567", "12346", "0000007", "2345678"]
    received = took(tmp_path, "involvements", *({"person_ref": ref} for ref in refs))
    assert cells(received, "involvements", "person_ref") == ["0012345", "1234567", None, "0000007", "2345678"]
    assert rules(received, "involvements", "person_ref") == {4: "R68"}


@pytest.mark.parametrize(
    "refs",
    [
        ["998", "999", "1000", "1001"],
        ["007", "12", "13", "14"],
        ["0012", "00123", "12"],
        ["007/26", "7/26"],
        ["0012", "12345", "9"],
    ],
)
def test_numbers_of_several_lengths_are_references_where_nothing_says_that_zeros_are_lost(tmp_path, refs):
    received = took(tmp_path, "involvements", *({"person_ref": ref} for ref in refs))
    assert cells(received, "involvements", "person_ref") == refs


def test_long_numbers_that_all_end_in_zeros_after_the_15th_digit_are_no_references(tmp_path):
    refs = ["12345678901234500", "98765432109876500", "1111111111111110", "12"]
    received = took(tmp_path, "involvements", *({"person_ref": ref} for ref in refs))
    assert cells(received, "involvements", "person_ref") == [None, None, None, "12"]


def test_dates_among_references_are_none_and_references_that_all_look_like_dates_are_references(tmp_path):
    mixed, same_names = ("14/12345/26", "12/05/2026", "13/99999/26"), ("12/05/2026", "12/06/2026", "")
    rows = [{"person_ref": ref, "report_ref": other} for ref, other in zip(mixed, same_names, strict=True)]
    received = took(tmp_path, "involvements", *rows)
    assert rules(received, "involvements", "person_ref") == {3: "R68"}
    assert "R68" not in rules(received, "involvements", "report_ref").values()


@pytest.mark.parametrize(("table", "column"), [("crimes", "other_force_crime_ref"), ("involvements", "surname")])
def test_an_error_of_a_spreadsheet_is_one_in_a_csv_too(tmp_path, table, column):
    texts = ["#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "########", '="00123"']
    received = took(tmp_path, table, *({column: text} for text in texts))
    assert rules(received, table, column) == dict.fromkeys(range(2, 8), "R17")


# Offence codes


DATED = (
    "2026-01-08", "2026-01-08T00:00:00", "08-Jan", "Jan-08", "08/01/2026", "8/1/26", "8/1/2026 00:00", "2026/01/08", "8.0", "20.0",
    "08.01.2026", "8 January 2026", "1.9E+01",
)  # fmt: skip


def test_an_offence_code_that_became_a_date_or_a_number_is_none(tmp_path):
    received = took(tmp_path, "crimes", *({"offence_code": code} for code in DATED))
    assert cells(received, "crimes", "offence_code") == [None] * len(DATED)
    assert rules(received, "crimes", "offence_code") == dict.fromkeys(range(2, len(DATED) + 2), "R68")


def test_a_first_offence_code_that_became_a_date_is_none_and_the_row_stays(tmp_path):
    received = took(tmp_path, "crimes", *({"first_offence_code": code} for code in DATED))
    assert cells(received, "crimes", "first_offence_code") == [None] * len(DATED)


def test_an_offence_code_with_a_subcode_is_one(tmp_path):
    read = {
        "071/17": "71",
        "04/10": "4.10",
        "19D": "19D",
        "019D/2": "19D",
        "4.10": "4.10",
        "37.2": "37.2",
        "998B": "998B",
    }
    received = took(tmp_path, "crimes", *({"offence_code": code} for code in read))
    assert cells(received, "crimes", "offence_code") == [*read.values()]


def test_what_stands_behind_a_slash_must_be_a_subcode(tmp_path):
    codes = ["20/yesterday", "1/2/3", "20/05/99", "17/1234"]
    received = took(tmp_path, "crimes", *({"offence_code": code} for code in codes))
    assert cells(received, "crimes", "offence_code") == [None] * 4


# Characters that do not show, and text in the wrong encoding


UNSEEN = (
    "\u200b",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u202e",
    "\u2066",
    "\u061c",
    "\u00ad",
    "\u180e",
    "\ufe0f",
    "\U000e0041",
)


def test_characters_that_do_not_show_are_no_part_of_a_reference_or_a_code(tmp_path):
    rows = [
        {"crime_ref": f"C{n}{sign}", "outcome_code": f"1{sign}4", "closed_at": f"2026-03-01{sign}"}
        for n, sign in enumerate(UNSEEN)
    ]
    received = took(tmp_path, "crimes", *rows)
    assert cells(received, "crimes", "crime_ref") == [f"C{n}" for n in range(len(UNSEEN))]
    assert set(cells(received, "crimes", "outcome_code")) == {"14"}
    assert set(cells(received, "crimes", "closed_at_day")) == {date(2026, 3, 1)}
    for column in ("crime_ref", "outcome_code", "closed_at"):
        assert {line for rule, name, line in errors(received, "crimes") if (rule, name) == ("R69", column)} == {
            *range(2, len(UNSEEN) + 2)
        }


def test_references_that_look_alike_are_one_reference(tmp_path):
    received = took(tmp_path, "crimes", {"crime_ref": "C1"}, {"crime_ref": "C\u200b1"})
    assert rows_set_aside(received, "crimes") == {3: "R12"}


def test_marks_of_direction_leave_a_text_and_what_joins_letters_stays(tmp_path):
    received = took(tmp_path, "notes", {"person_ref": "N1", "text": "\u202eabc\u202c d\u200ce \u200bf"})
    assert cells(received, "notes", "text") == ["abc d\u200ce f"]
    assert rules(received, "notes", "text") == {2: "R69"}


TWICE_ENCODED = (
    "Ren\u00e9e", "don\u2019t", "\u00a320", "Si\u00f4n Ll\u0177r", "\u0141ukasz", "\u00c1ine",
    "caf\u00e9 \u2013 \u201cyes\u201d", "\u20ac5", "\U0001f600", "Zo\u00eb", "na\u00efve \u2026",
)  # fmt: skip


def as_windows_1252(text):
    """UTF-8 bytes as a program that expects Windows-1252 shows them; the five bytes it lacks as control characters."""
    return "".join(bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in text.encode())


def test_text_in_utf_8_that_was_read_as_windows_1252_is_read_as_it_was(tmp_path):
    received = took(
        tmp_path, "involvements", *({"surname": as_windows_1252(text), "forenames": text} for text in TWICE_ENCODED)
    )
    assert cells(received, "involvements", "surname") == [*TWICE_ENCODED]
    assert cells(received, "involvements", "forenames") == [*TWICE_ENCODED]
    assert rules(received, "involvements", "surname") == dict.fromkeys(range(2, len(TWICE_ENCODED) + 2), "R72")
    assert rules(received, "involvements", "forenames") == {}


def test_text_that_was_read_wrongly_twice_is_read_as_it_was(tmp_path):
    text = as_windows_1252(as_windows_1252("Ren\u00e9e \u00a320"))
    assert cells(took(tmp_path, "involvements", {"surname": text}), "involvements", "surname") == [
        "Ren\u00e9e \u00a320"
    ]


def test_letters_with_accents_stay_what_they_are(tmp_path):
    texts = [
        "JO\u00c3O", "S\u00e3o", "CAF\u00c9\u00bb", "MALM\u00d6\u2019", "\u00c5ngstr\u00f6m", "\u00c2", "\u00d1and\u00fa", "\u00e0 la",
    ]  # fmt: skip
    received = took(tmp_path, "involvements", *({"surname": text} for text in texts))
    assert cells(received, "involvements", "surname") == texts
    assert rules(received, "involvements", "surname") == {}


@pytest.mark.parametrize("declared", ["windows-1252", "latin-1"])
def test_a_file_in_utf_8_that_is_declared_as_another_encoding_is_read_as_utf_8_and_told(tmp_path, declared):
    mapping = f'[tables.involvements]\nencoding = "{declared}"\n'
    received = took(tmp_path, "involvements", {"surname": "Ren\u00e9e \u2019"}, mapping=mapping)
    assert cells(received, "involvements", "surname") == ["Ren\u00e9e \u2019"]
    assert any("was read as UTF-8" in remark for remark in received.remarks)


def test_a_file_in_windows_1252_is_read_as_it_is_declared(tmp_path):
    return_folder = SmallReturn(tmp_path / "return").rows("involvements", {"surname": "Ren\u00e9e \u2019"})
    path = tmp_path / "return" / "involvements.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    (tmp_path / "return" / "mapping.toml").write_text('[tables.involvements]\nencoding = "windows-1252"\n')
    received = return_folder.received()
    assert cells(received, "involvements", "surname") == ["Ren\u00e9e \u2019"]
    assert not any("UTF-8" in remark for remark in received.remarks)


# Counts


def test_a_count_beyond_its_bounds_is_no_count(tmp_path):
    numbers = ["999999999999999999", "1001", "0", "-1", "20260101", "07700900123", "1000"]
    received = took(tmp_path, "crimes", *({"suspect_count_stated": number} for number in numbers))
    assert cells(received, "crimes", "suspect_count_stated") == [*[None] * 6, 1000]
    assert rules(received, "crimes", "suspect_count_stated") == dict.fromkeys(range(2, 8), "R16")


def test_every_number_of_the_contract_has_a_largest_value():
    numbers = [
        column for table in contract.tables().values() for column in table.columns if column.kind in ("int", "num")
    ]
    assert [column.name for column in numbers if column.maximum is None] == []


def test_posts_are_neither_fewer_than_none_nor_more_than_there_are(tmp_path):
    numbers = ["-0.5", "100000.5", "999999999999999.9", "12.5"]
    rows = [
        {"month_start": f"2026-0{n}-01", "team_kind": "cid", "posts_funded": posts}
        for n, posts in enumerate(numbers, 1)
    ]
    received = took(tmp_path, "capacity", *rows)
    assert rules(received, "capacity", "posts_funded") == {2: "R16", 3: "R16", 4: "R16"}


# Dates


IN_PART = (
    "Feb-26", "Feb 2026", "February 2026", "FEB-2026", "02/2026", "2026-02", "2026", "Q1 2026", "2025/26", "2026 Q1", "08-Jan", "8 January",
    "Feb", "FY 2025/26", "Spring 2026",
)  # fmt: skip


@pytest.mark.parametrize(("table", "column"), [("crimes", "occurred_from"), ("involvements", "date_of_birth")])
def test_a_month_or_a_year_is_no_day(tmp_path, table, column):
    received = took(tmp_path, table, *({column: text} for text in IN_PART))
    assert set(cells(received, table, column)) == {None}
    assert rules(received, table, column) == dict.fromkeys(range(2, len(IN_PART) + 2), "R71")


def test_a_month_is_no_day_where_a_form_of_dates_is_declared_either(tmp_path):
    mapping = '[tables.involvements]\ndate_form = "DD/MM/YYYY"\n'
    rows = [{"date_of_birth": text} for text in ("25/03/2010", "03/2010", "2010", "NULL", "24/02/2011")]
    received = took(tmp_path, "involvements", *rows, mapping=mapping)
    assert rules(received, "involvements", "date_of_birth") == {3: "R71", 4: "R71", 5: "R67"}


def workbook(tmp_path, table, columns):
    """A workbook of one row: column -> text, or (moment, number format)."""
    data = io.BytesIO()
    workbook = xlsxwriter.Workbook(data, {"in_memory": True})
    sheet = workbook.add_worksheet()
    names = ("force_code", *contract.table(table).column_names)
    row = {"force_code": "INV01", contract.table(table).key[0]: "X1"} | NEEDED.get(table, {}) | columns
    for place, name in enumerate(names):
        sheet.write_string(0, place, name)
        value = row.get(name, "")
        if isinstance(value, tuple):
            sheet.write_datetime(1, place, value[0], workbook.add_format({"num_format": value[1]}))
        elif isinstance(value, bool):
            sheet.write_boolean(1, place, value)
        elif isinstance(value, int | float):
            sheet.write_number(1, place, value)
        else:
            sheet.write_string(1, place, value)
    workbook.close()
    return SmallReturn(tmp_path / "return").data(f"{table}.xlsx", data.getvalue(), 1).received()


DAY = datetime(2026, 2, 1)


@pytest.mark.parametrize(
    "number_format",
    [
        "mmm-yy",
        "mmm yyyy",
        "mmmm-yy",
        "yyyy-mm",
        "mm/yyyy",
        "[$-809]mmmm\\ yyyy;@",
        "yyyy",
        "yy",
        "d-mmm",
        "dd/mm",
        "mmm",
        17,
        16,
    ],
)
def test_a_workbook_cell_that_is_shown_as_a_part_of_a_date_is_no_day(tmp_path, number_format):
    received = workbook(tmp_path, "crimes", {"occurred_from": (DAY, number_format)})
    assert cells(received, "crimes", "occurred_from_day") == [None]
    assert rules(received, "crimes", "occurred_from") == {2: "R71"}


@pytest.mark.parametrize(
    "number_format",
    ["dd/mm/yyyy", "yyyy-mm-dd", "[$-809]dd mmmm yyyy;@", "d-mmm-yy", "dd\\.mm\\.yy", "ddd d mmm yyyy", 14, 15],
)
def test_a_workbook_cell_that_is_shown_as_a_day_is_one(tmp_path, number_format):
    received = workbook(tmp_path, "crimes", {"occurred_from": (DAY, number_format)})
    assert cells(received, "crimes", "occurred_from_day") == [date(2026, 2, 1)]


@pytest.mark.parametrize("number_format", ["mmm-yy", "yyyy-mm", "dd/mm/yyyy"])
def test_a_month_is_the_start_of_itself_where_a_month_is_asked(tmp_path, number_format):
    received = workbook(tmp_path, "capacity", {"month_start": (DAY, number_format), "team_kind": "cid"})
    assert cells(received, "capacity", "month_start") == [date(2026, 2, 1)]


@pytest.mark.parametrize(
    "value",
    [
        True,
        1234567890123456.0,
        1.234567890123457e16,
        (datetime(2026, 5, 12), "d-mmm"),
        (DAY, "mmm-yy"),
        (DAY, "dd/mm/yyyy"),
    ],
)
def test_a_reference_in_a_workbook_cell_that_is_no_text_is_told(tmp_path, value):
    received = workbook(tmp_path, "involvements", {"person_ref": value})
    assert cells(received, "involvements", "person_ref") == [None]
    assert rules(received, "involvements", "person_ref") == {2: "R68"}


@pytest.mark.parametrize("number_format", ["d-mmm", "dd/mm", "mmm-yy", "dd/mm/yyyy", 14])
def test_an_offence_code_in_a_workbook_cell_that_became_a_date_is_told(tmp_path, number_format):
    received = workbook(tmp_path, "crimes", {"offence_code": (datetime(2026, 1, 8), number_format)})
    assert cells(received, "crimes", "offence_code") == [None]
    assert rules(received, "crimes", "offence_code") == {2: "R68"}


def test_truths_and_numbers_with_a_fraction_in_a_parquet_column_of_references_are_told(tmp_path):
    rows = {name: [cell] for name, cell in NEEDED["involvements"].items()}
    rows |= {"force_code": ["INV01"], "involvement_ref": ["I1"], "person_ref": [True], "report_ref": [1.5e16]}
    data = io.BytesIO()
    pq.write_table(pa.table(rows), data)
    received = SmallReturn(tmp_path / "return").data("involvements.parquet", data.getvalue(), 1).received()
    assert cells(received, "involvements", "person_ref") == [None]
    assert ("R68", "person_ref", 2) in errors(received, "involvements")
    assert ("R68", "report_ref", 2) in errors(received, "involvements")


# The form of dates


def births(tmp_path, texts, mapping, table="involvements", column="date_of_birth"):
    received = took(tmp_path, table, *({column: text} for text in texts), mapping=mapping)
    assert adds_up(received, table)
    return received


def days(count, form):
    """Days spread over months and years, in a form of strftime."""
    return [date(1990 + n % 20, 1 + n * 5 % 12, 1 + n * 7 % 28).strftime(form) for n in range(count)]


UK = '[tables.involvements]\ndate_form = "DD/MM/YYYY"\n'
FITTING = {
    "%m/%d/%Y": "MM/DD/YYYY", "%Y-%m-%d": "YYYY-MM-DD", "%d-%b-%Y": "DD-MMM-YYYY", "%d.%m.%Y": "DD.MM.YYYY", "%d%b%Y": "DDMMMYYYY",
    "%m/%d/%Y 00:00:00": "MM/DD/YYYY HH:MM:SS", "%Y/%m/%d": "YYYY/MM/DD", "%d/%m/%y": "DD/MM/YY",
}  # fmt: skip


@pytest.mark.parametrize(("form", "message"), FITTING.items())
def test_a_form_that_the_dates_of_a_column_contradict_reads_none_of_them_and_the_fitting_one_is_told(
    tmp_path, form, message
):
    received = births(tmp_path, days(40, form), UK)
    assert set(cells(received, "involvements", "date_of_birth")) == {None}
    assert set(rules(received, "involvements", "date_of_birth").values()) == {"R70"}
    remarks = " ".join(received.remarks)
    assert "not in the format DD/MM/YYYY" in remarks
    assert f'"{message}"' in remarks


def test_a_form_that_fits_most_dates_stays_though_a_few_are_wrong(tmp_path):
    texts = [*days(30, "%d/%m/%Y"), "31/02/2010", "yesterday", "2010-03-25"]
    received = births(tmp_path, texts, UK)
    assert sum(cell_value is not None for cell_value in cells(received, "involvements", "date_of_birth")) == 30
    assert set(rules(received, "involvements", "date_of_birth").values()) == {"R16"}


def test_where_no_form_fits_and_most_dates_are_in_another_none_is_read(tmp_path):
    texts = [*days(12, "%d/%m/%Y"), *days(10, "%d-%b-%Y"), *days(10, "%Y-%m-%d")]
    received = births(tmp_path, texts, UK)
    assert set(cells(received, "involvements", "date_of_birth")) == {None}
    assert any("No format fits" in remark for remark in received.remarks)


def test_a_few_dates_that_can_be_read_either_way_go_with_the_other_columns_of_their_file(tmp_path):
    rows = [{"date_of_birth": text, "died_on": ""} for text in days(40, "%m/%d/%Y")]
    for row, text in zip(rows, ("01/02/2025", "03/04/2025", "05/06/2025"), strict=False):
        row["died_on"] = text
    received = took(tmp_path, "involvements", *rows, mapping=UK)
    assert set(cells(received, "involvements", "died_on")) == {None}
    assert set(rules(received, "involvements", "died_on").values()) == {"R70"}


def test_a_column_that_only_the_declared_form_fits_is_read_beside_one_that_contradicts_it(tmp_path):
    rows = [{"date_of_birth": text, "died_on": "25/02/2025"} for text in days(40, "%m/%d/%Y")]
    received = took(tmp_path, "involvements", *rows, mapping=UK)
    assert set(cells(received, "involvements", "died_on")) == {date(2025, 2, 25)}


def test_where_a_needed_date_contradicts_its_form_every_row_is_set_aside_and_told(tmp_path):
    mapping = '[tables.notes]\ntime_form = "DD/MM/YYYY HH:MM"\n'
    texts = [date(2026, 1 + n % 6, 1 + n * 3 % 28).strftime("%m/%d/%Y 09:00") for n in range(30)]
    received = births(tmp_path, texts, mapping, "notes", "entry_at")
    assert set(rows_set_aside(received, "notes").values()) == {"R70"}
    assert count(received, "notes")["accepted"] == 0
    assert any('time_form = "MM/DD/YYYY HH:MM"' in remark for remark in received.remarks)


def test_years_days_and_months_in_that_order_are_not_taken_for_years_months_and_days(tmp_path):
    received = births(tmp_path, days(40, "%Y-%d-%m"), "")
    assert set(cells(received, "involvements", "date_of_birth")) == {None}
    assert any("YYYY-DD-MM" in remark for remark in received.remarks)


def test_dates_in_another_form_of_which_nothing_was_said_are_told_with_the_form_that_fits(tmp_path):
    received = births(tmp_path, days(20, "%d/%m/%Y"), "")
    assert set(rules(received, "involvements", "date_of_birth").values()) == {"R16"}
    assert any('date_form = "DD/MM/YYYY"' in remark for remark in received.remarks)


@pytest.mark.parametrize("text", ["%d/%m/%Y", "%m/%d/%Y"])
def test_where_a_spreadsheet_took_days_for_months_in_a_part_of_a_column_none_of_it_is_read(tmp_path, text):
    days_chosen = [date(1990 + n % 20, 1 + n % 12, 1 + n * 11 % 28) for n in range(40)]
    texts = [birth_day.strftime("%Y-%d-%m" if birth_day.day <= 12 else text) for birth_day in days_chosen]
    received = births(tmp_path, texts, "")
    assert set(cells(received, "involvements", "date_of_birth")) == {None}
    assert any("with day and month swapped" in remark for remark in received.remarks)


def test_a_letter_tells_every_rule_of_what_was_done_to_cells(tmp_path):
    rows = [
        {"person_ref": "1.2E+16", "surname": as_windows_1252("Ren\u00e9e")},
        {"person_ref": "N\u200b1", "date_of_birth": "2010"},
        {"sex": "NULL"},
    ]
    page = write_letter(took(tmp_path, "involvements", *rows)).html()
    assert [rule for rule in ("R67", "R68", "R69", "R71", "R72") if rule not in page] == []
