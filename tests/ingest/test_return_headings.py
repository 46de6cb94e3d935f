"""Which column of a file is meant by a heading, and which headings are repeated to the sender?"""

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from small_return import NEEDED, SmallReturn, count, errors

from assay import contract
from assay.feedback.force_return_letter import write_letter as write_letter


def parquet(*columns):
    """Bytes of a Parquet file of (heading, cells)."""
    data = io.BytesIO()
    arrays = [pa.array(cells, pa.string()) for _, cells in columns]
    pq.write_table(pa.Table.from_arrays(arrays, names=[heading for heading, _ in columns]), data)
    return data.getvalue()


def xlsx(*columns):
    """Bytes of a workbook of the same."""
    data = io.BytesIO()
    workbook = xlsxwriter.Workbook(data, {"in_memory": True})
    sheet = workbook.add_worksheet()
    for place, (heading, cells) in enumerate(columns):
        for line, cell in enumerate((heading, *cells)):
            sheet.write_string(line, place, cell)
    workbook.close()
    return data.getvalue()


def csv(*columns):
    """Bytes of a CSV of the same."""
    rows = zip(*((heading, *cells) for heading, cells in columns), strict=True)
    return "".join(",".join(row) + "\n" for row in rows).encode()


FORMS = {".parquet": parquet, ".xlsx": xlsx, ".csv": csv}


def crimes(*more, but=()):
    """Columns of two crimes, with further ones."""
    columns = {name: [""] * 2 for name in contract.table("crimes").column_names if name not in but}
    columns |= {name: [cell] * 2 for name, cell in NEEDED["crimes"].items()}
    columns |= {"force_code": ["INV01"] * 2, "crime_ref": ["C1", "C2"]}
    return [*columns.items(), *more]


def took(tmp_path, suffix, columns):
    return SmallReturn(tmp_path / "r").data(f"crimes{suffix}", FORMS[suffix](*columns), 2).received()


def refusal(received):
    return next(remark for remark in received.remarks if "crimes." in remark)


SAME_HEADINGS = {
    "in case": "Outcome_Code",
    "in case, with the other one in capitals": "OUTCOME_CODE",
    "in spaces around it": " outcome_code ",
    "in a space that is not broken": "outcome_code\u00a0",
    "in a character of no width": "outcome_\u200bcode",
    "in a mark of direction": "\u202aoutcome_code\u202c",
    "in the width of its letters": "\uff4futcome_code",
    "in nothing": "outcome_code",
}


@pytest.mark.parametrize("suffix", FORMS)
@pytest.mark.parametrize("other", SAME_HEADINGS.values(), ids=SAME_HEADINGS)
def test_two_columns_whose_names_differ_only_in_what_nobody_sees_refuse_their_table(tmp_path, suffix, other):
    received = took(tmp_path, suffix, crimes((other, ["1", "1"])))
    assert count(received, "crimes")["refused_rule"] == "R04"
    assert count(received, "crimes")["accepted"] == 0
    assert "outcome_code" in refusal(received)


def test_columns_that_nothing_reads_may_differ_in_case_alone(tmp_path):
    received = took(tmp_path, ".parquet", crimes(("Colour", ["1", "1"]), ("colour", ["2", "2"])))
    assert received.tables["crimes"].num_rows == 2


def test_a_column_is_read_from_where_it_stands_and_not_by_a_name_that_another_shares_but_for_case(tmp_path):
    mapped = '[tables.crimes]\ncolumns.outcome_at = "Ended"\n'
    return_folder = SmallReturn(tmp_path / "r")
    data = parquet(*crimes(("Ended", ["2026-03-01", ""]), but=("outcome_at",)))
    return_folder.data("crimes.parquet", data, 2)
    (tmp_path / "r" / "mapping.toml").write_text(mapped)
    table = return_folder.received().tables["crimes"].to_pylist()
    assert [str(row["outcome_at_day"]) for row in table] == ["2026-03-01", "None"]


NAMES_OF_READER = ("file_row_number", "FILE_ROW_NUMBER", "filename", "file_index", "rowid", "line", "c0")


@pytest.mark.parametrize("suffix", FORMS)
def test_columns_may_bear_the_names_that_the_reader_uses_itself(tmp_path, suffix):
    received = took(tmp_path, suffix, crimes(*((heading, ["1", "2"]) for heading in NAMES_OF_READER)))
    assert received.tables["crimes"]["line"].to_pylist() == [2, 3]
    assert [row["crime_ref"] for row in received.tables["crimes"].to_pylist()] == ["C1", "C2"]
    assert errors(received, "crimes") == set()


NAMES = (
    "Jane Example", "EXAMPLE, Jane", "jane example", "jane_example", "JaneExample", "Jane O'Example", "Dr Example",
    "Jos\u00e9 Ex\u00e1mple", "Zbigniew Przyklad", "SW1A 1AA", "QQ123456C", "Mark Ward", "Jane Example dob",
)  # fmt: skip
NUMBERS_AND_DAYS = (
    "07700 900123", "+44 7700 900123", "01632-960-001", "07700900123", "jane@example.org", "12/03/2011", "2011-03-12",
)  # fmt: skip
"""No column is named so: where a file has such a heading, its header line is broken."""


@pytest.mark.parametrize("headings", [NAMES, NUMBERS_AND_DAYS], ids=["names", "numbers and days"])
@pytest.mark.parametrize("suffix", [".parquet", ".xlsx"])
def test_headings_that_may_report_a_person_are_told_by_their_places_alone(tmp_path, suffix, headings):
    columns = crimes(*((heading, ["", ""]) for heading in headings))
    received = took(tmp_path, suffix, columns)
    letter = write_letter(received)
    texts = [*received.remarks, *received.statements, letter.html(), letter.csv()]
    assert [heading for heading in headings if any(heading in text for text in texts)] == []
    places = range(len(columns) - len(headings) + 1, len(columns) + 1)
    remark = f"({', '.join(f'column {place}' for place in places)})"
    assert remark in " ".join(received.remarks)
    assert any("check the header line" in text for text in received.remarks) == (headings == NUMBERS_AND_DAYS)


def test_a_heading_that_may_report_a_person_is_no_hint_at_a_missing_column(tmp_path):
    columns = crimes(("Crime_Reff Smyth", ["", ""]), ("crimeref Bart", ["", ""]), but=("crime_ref",))
    columns = [column for column in columns if column[0] != "crime_ref"]
    received = took(tmp_path, ".csv", columns)
    assert ("R03", "crime_ref", None) in errors(received, "crimes")
    assert "Smyth" not in refusal(received)
    assert "Bart" not in refusal(received)


def test_two_equal_headings_that_may_report_a_person_are_told_by_their_places(tmp_path):
    columns = crimes(("Jane Example", ["", ""]), ("Jane Example", ["", ""]))
    refusal_text = refusal(took(tmp_path, ".csv", columns))
    assert "Jane" not in refusal_text
    assert f"column {len(columns) - 1} and column {len(columns)}" in refusal_text


PLAIN = ("Colour", "Colour (old)", "CRIME NO", "OccurrenceType", "Last Updated", "OIC collar number", "HO class", "URN", "extract_date",
         "status_2", "Beat Code", "mo_keywords", "Offence Sub Group", "more_17", "District", "Created By", "DateClosed")  # fmt: skip


def test_headings_of_plain_words_for_a_field_are_told_by_name(tmp_path):
    received = took(tmp_path, ".csv", crimes(*((heading, ["", ""]) for heading in PLAIN)))
    assert f"{len(PLAIN)} columns ({', '.join(PLAIN)})" in " ".join(received.remarks)
