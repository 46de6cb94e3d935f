"""What happens to a file that is not as it should be? Each trouble has its sentence, and nothing is lost."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from official_forms import Sheet, cover_sheet, notes, write_ods, write_xlsx
from tables import HEADER, OUTCOME_HEADER, outcome, row, write_table

from assay.errors import AssayError, EvidenceError, SourceError, UnknownLayout
from assay.ingest import official_statistics
from assay.ingest.file_readers import delimited_grid
from assay.ingest.official_statistics import StatisticsFile, read_statistics, validation_error_table
from assay.ingest.official_statistics.file_container import OLE

Writer = Callable[[Path, Sequence[Sheet]], Path]


def letter(path: Path) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(SourceError) as refused:
        read_statistics(path)
    return str(refused.value)


def numbers(path: Path) -> list[int]:
    return read_statistics(path).tables["recorded"]["offences"].to_pylist()


def write_bytes(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


# files that cannot be opened


def test_an_empty_file_is_refused_as_empty(tmp_path: Path) -> None:
    assert letter(write_bytes(tmp_path / "a.xlsx", b"")) == "a.xlsx: the file is empty (0 bytes). Download it again."


def test_a_truncated_workbook_is_refused_as_cut_short(tmp_path: Path) -> None:
    whole = write_xlsx(tmp_path / "whole.xlsx", [Sheet("2024-25", [], HEADER, [row(1)])]).read_bytes()
    for share in (0.2, 0.5, 0.99):
        assert "cut short" in letter(write_bytes(tmp_path / "a.xlsx", whole[: int(len(whole) * share)]))


def test_a_workbook_with_a_password_is_refused_as_protected(tmp_path: Path) -> None:
    protected = OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)
    assert "protected by a password" in letter(write_bytes(tmp_path / "a.xlsx", protected))


def test_an_old_workbook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    assert "save it as .xlsx" in letter(write_bytes(tmp_path / "a.xls", OLE + bytes(1024)))


def test_a_web_page_that_calls_itself_a_workbook_is_refused_as_a_web_page(tmp_path: Path) -> None:
    assert "web page" in letter(write_bytes(tmp_path / "a.xls", b"\n<!DOCTYPE html><html><table></table></html>"))


def test_a_truncated_gzip_and_a_truncated_parquet_are_refused_as_cut_short(tmp_path: Path) -> None:
    packed = gzip.compress(
        write_table(tmp_path / "a.csv", *[row(n, quarter=n % 4 + 1) for n in range(99)]).read_bytes()
    )
    assert "cut short" in letter(write_bytes(tmp_path / "a.csv.gz", packed[:-20]))
    assert "cut short" in letter(write_bytes(tmp_path / "a.parquet", b"PAR1" + bytes(100)))


def test_each_way_to_be_unusable_has_a_sentence_of_its_own(tmp_path: Path) -> None:
    unusable = {
        "empty": b"", "zip": b"PK\x03\x04" + bytes(50), "ole": OLE + bytes(600), "pdf": b"%PDF-1.7",
        "page": b"<html>", "unknown": bytes(range(256)) * 4,
    }  # fmt: skip
    letters = {letter(write_bytes(tmp_path / "a", data)).removeprefix("a: ") for data in unusable.values()}
    assert len(letters) == len(unusable)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    assert "not there" in letter(tmp_path / "a.csv")


def test_all_unusable_files_are_told_in_one_letter(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as refused:
        read_statistics([write_bytes(tmp_path / "a.csv", b""), write_bytes(tmp_path / "b.xls", OLE)])
    assert str(refused.value).splitlines()[0].startswith("a.csv: ")
    assert str(refused.value).splitlines()[1].startswith("b.xls: ")


# files without a table that we know


@pytest.mark.parametrize("write", [write_xlsx, write_ods])
def test_the_wrong_workbook_is_refused_with_the_tables_we_read(write: Writer, tmp_path: Path) -> None:
    path = write(tmp_path / "a.book", [cover_sheet(), notes()])
    with pytest.raises(
        UnknownLayout, match=r"no official table could be recognised.*Crime outcomes.*Police recorded crime"
    ):
        read_statistics(path)


def test_a_table_without_a_column_that_we_need_names_the_headers_we_know(tmp_path: Path) -> None:
    path = write_table(tmp_path / "a.csv", ["2024/25", "1", "Kent", "4"], header=("FY", "Quarter", "Force", "n"))
    assert "'Offence Code' or 'Home Office Offence Code'" in letter(path)


def test_a_header_that_stands_twice_is_refused_with_both_columns(tmp_path: Path) -> None:
    path = write_table(tmp_path / "a.csv", [*row(1), "2"], header=(*HEADER, "number of  offences"))
    refusal = letter(path)
    assert "'Number of Offences' (column 8) and 'number of  offences' (column 9)" in refusal
    assert "Delete one" in refusal


# text files in every dress


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_the_encoding_of_a_text_file_does_not_change_its_figures(encoding: str, tmp_path: Path) -> None:
    offence = ("Caf\u00e9 offence", "Sexual offences", "Other", "88A")
    received = read_statistics(
        write_table(tmp_path / "a.csv", row(3, offence=offence), row(4, "Essex"), encoding=encoding)
    )
    table = received.tables["recorded"]
    assert table["offences"].to_pylist() == [3, 4]
    assert table["offence_name"].to_pylist()[0] == "Caf\u00e9 offence"


def test_a_letter_that_is_not_of_the_encoding_of_its_file_is_noted(tmp_path: Path) -> None:
    """The second offence was pasted from a Windows-1252 file."""
    offences = [(f"Caf\u00e9 {number}", "Sexual offences", "Other", "88A") for number in (1, 2)]
    path = write_table(tmp_path / "a.csv", row(3, offence=offences[0]), row(4, "Essex", offence=offences[1]))
    path.write_bytes(path.read_bytes().replace("\u00e9 2".encode(), "\u00e9 2".encode("cp1252")))
    received = read_statistics(path)
    assert received.tables["recorded"]["offence_name"].to_pylist() == ["Caf\u00e9 1", "Caf\u00e9 2"]
    assert "some letters in it are Windows-1252" in received.files[0].note


def test_the_note_on_a_file_in_utf_16_names_the_encoding_without_its_byte_order(tmp_path: Path) -> None:
    received = read_statistics(write_table(tmp_path / "a.csv", row(3), row(4, "Essex"), encoding="utf-16"))
    assert "read as utf-16" in received.files[0].note.split("; ")


def test_commas_in_a_title_above_the_table_do_not_make_the_comma_its_delimiter(tmp_path: Path) -> None:
    """The title has ten commas in one line, and each row of the table seven semicolons."""
    title = b"Crime, by force, offence, quarter, year, group, subgroup, code, kind, area, England and Wales\n"
    table = write_table(tmp_path / "a.csv", row(3), row(4, "Essex")).read_bytes().replace(b",", b";")
    (tmp_path / "a.csv").write_bytes(title + table)
    received = read_statistics(tmp_path / "a.csv")
    assert received.tables["recorded"]["offences"].to_pylist() == [3, 4]


@pytest.mark.parametrize("line_end", [b"\r\n", b"\n", b"\r"])
@pytest.mark.parametrize("delimiter", [b",", b";", b"\t"])
def test_line_ends_and_delimiters_do_not_change_the_figures(line_end: bytes, delimiter: bytes, tmp_path: Path) -> None:
    plain = write_table(tmp_path / "a.csv", row(3), row(4, "Essex")).read_bytes()
    assert numbers(write_bytes(tmp_path / "b.csv", plain.replace(b",", delimiter).replace(b"\n", line_end))) == [
        3,
        4,
    ]


def test_a_line_end_inside_a_quoted_cell_does_not_end_the_row(tmp_path: Path) -> None:
    path = write_table(tmp_path / "a.csv", row(3), row("x", "Essex"), row(4, "Sussex"))
    path.write_bytes(path.read_bytes().replace(b"Sexual grooming", b'"Sexual\r\ngrooming, ""all"""', 1))
    received = read_statistics(path)
    assert received.tables["recorded"]["offences"].to_pylist() == [3, 4]
    assert received.tables["recorded"]["offence_name"].to_pylist()[0] == 'Sexual\ngrooming, "all"'
    assert [error.line for error in received.errors] == [3]


def test_title_rows_above_the_header_of_a_text_file_are_passed_over(tmp_path: Path) -> None:
    path = write_table(tmp_path / "a.csv", row(3), row("x", "Essex"))
    path.write_bytes(b"Police recorded crime\n\n" + path.read_bytes())
    received = read_statistics(path)
    assert received.tables["recorded"]["offences"].to_pylist() == [3]
    assert [error.line for error in received.errors] == [5]


def test_a_row_with_too_many_cells_is_set_aside_and_the_rows_after_it_are_kept(tmp_path: Path) -> None:
    received = read_statistics(
        write_table(tmp_path / "a.csv", row(3), [*row(9, "Essex"), "10"], row(4, "Sussex"), row("x", "Surrey"))
    )
    assert received.tables["recorded"]["offences"].to_pylist() == [3, 4]
    assert dict(received.files[0].set_aside) == {"broken row": 1, "count cannot be read": 1}
    assert [(error.line, error.column) for error in received.errors] == [(3, ""), (5, "Number of Offences")]


def test_an_empty_line_and_a_source_line_are_not_errors(tmp_path: Path) -> None:
    path = write_table(tmp_path / "a.csv", row(3))
    path.write_bytes(path.read_bytes() + b"\nSource: Home Office\n")
    received = read_statistics(path)
    assert dict(received.files[0].set_aside) == {"a note, not a row of the table": 1, "an empty row": 1}
    assert received.errors == ()


def test_a_quotation_mark_that_is_never_closed_is_refused(tmp_path: Path) -> None:
    path = write_table(tmp_path / "a.csv", row(3), row(4, "Essex"))
    text = path.read_bytes()
    for wrong in (b'"Kent', b'Ke"nt', b'"Ke"nt"'):
        assert "quotation mark" in letter(write_bytes(path, text.replace(b"Kent", wrong)))


def test_a_quotation_mark_inside_a_cell_is_refused_where_it_would_swallow_rows(tmp_path: Path) -> None:
    path = write_table(tmp_path / "a.csv", row(3), row(4, "Essex"), row(5, "Sussex"))
    text = path.read_bytes().replace(b"Kent", b'Ke"nt').replace(b"Sussex", b'Sus"sex')
    assert "quotation mark" in letter(write_bytes(path, text))


def test_every_row_of_an_official_text_is_passed_on_or_set_aside_under_its_number(tmp_path: Path) -> None:
    """Nine rows: two figures, a cell over two lines, an empty line, a wide row, an unreadable count and three notes."""
    path = write_table(
        tmp_path / "a.csv", row(3), row(4, "Essex"), row(5, "Sussex"), [*row(6, "Surrey"), "7"], row("x")
    )
    lines = path.read_bytes().rstrip(b"\r\n").splitlines()
    lines[2] = lines[2].replace(b"Sexual grooming", b'"Sexual\ngrooming"')
    lines.insert(3, b"")
    notes = [b'"A note, in quotes\nover two lines"', b"Source: Home Office", b'"Two cells\nover two lines",all']
    received = read_statistics(write_bytes(path, b"\n".join([*lines, *notes]) + b"\n"))
    [file] = received.files
    assert (file.row_count, file.passed_on) == (9, 3)
    assert dict(file.set_aside) == {
        "a note, not a row of the table": 2, "an empty row": 1, "broken row": 2, "count cannot be read": 1,
    }  # fmt: skip
    assert sorted((error.line, error.column) for error in received.errors) == [
        (6, ""), (7, "Number of Offences"), (10, ""),
    ]  # fmt: skip


@pytest.mark.parametrize("last", [b"Essex,", b"Sussex,", b"Sexual grooming,"])
def test_two_lone_quotation_marks_do_not_take_the_rows_between_them(last: bytes, tmp_path: Path) -> None:
    path = write_table(tmp_path / "a.csv", row(3), row(4, "Essex"), row(5, "Sussex"), row(6, "Surrey"))
    before, after = path.read_bytes().replace(b",Kent,", b',"Kent,').rsplit(last, 1)
    text = before + last.replace(b",", b'",') + after
    assert text.count(b'"') == 2
    assert "quotation mark" in letter(write_bytes(path, text))


def test_a_note_between_sound_rows_does_not_cut_a_text_without_a_last_line_end_short(tmp_path: Path) -> None:
    lines = write_table(tmp_path / "a.csv", row(3), row(4, "Essex"), row(5, "Sussex")).read_bytes().splitlines()
    for position in (2, 3):
        text = b"\n".join([*lines[:position], b"Note: revised,see page 2", *lines[position:]])
        [file] = read_statistics(write_bytes(tmp_path / "b.csv", text)).files
        assert (file.row_count, file.passed_on) == (4, 3)
    with pytest.raises(SourceError, match="cut short"):
        read_statistics(write_bytes(tmp_path / "b.csv", b"\n".join([*lines, b"2024/25,1"])))


@pytest.mark.parametrize("rows_before", [0, 200])
@pytest.mark.parametrize("width", [0, 1])
def test_two_lone_quotation_marks_far_apart_refuse_the_file_by_name(
    rows_before: int, width: int, tmp_path: Path
) -> None:
    first, last = row(3), [*row(4, "Essex"), *["x"] * width]
    rows = [*[row(1, "Surrey")] * rows_before, first, *[row(5, "Sussex")] * 3000, last]
    text = write_table(tmp_path / "a.csv", *rows).read_bytes()
    text = text.replace(b",Kent,", b',"Kent,').replace(b"Essex,", b'Essex",')
    assert "a.csv: the text holds a misplaced quotation mark" in letter(write_bytes(tmp_path / "a.csv", text))


NOTE_COMMAS = "Notes: " + ", ".join("abcdefgh")


@pytest.mark.parametrize(
    "note", [f'"{NOTE_COMMAS}\nsecond"', f'"{NOTE_COMMAS}\nsecond",all', f'"first\n{NOTE_COMMAS}"']
)
def test_a_note_of_two_lines_with_the_commas_of_prose_is_one_row(note: str, tmp_path: Path) -> None:
    text = write_table(tmp_path / "a.csv", row(3), row(4, "Essex")).read_bytes()
    [file] = read_statistics(write_bytes(tmp_path / "a.csv", text + note.encode() + b"\n")).files
    assert (file.row_count, file.passed_on) == (3, 2)


@pytest.mark.parametrize("separator", [",", ", "])
def test_swallowed_rows_wider_than_the_header_refuse_the_file(separator: str, tmp_path: Path) -> None:
    rows = [HEADER, *([*row(4, name), "x"] for name in ("Kent", "Essex", "Sussex", "Surrey")), row(5, "Norfolk")]
    lines = [separator.join(cells) for cells in rows]
    lines[1] = lines[1].replace("Kent", '"Kent')
    lines[4] = lines[4].replace("Surrey", 'Surrey"')
    assert "quotation mark" in letter(write_bytes(tmp_path / "a.csv", "\n".join([*lines, ""]).encode()))


def test_an_official_text_of_which_the_reader_loses_a_row_stops(tmp_path: Path, monkeypatch) -> None:
    complete = delimited_grid.pacsv.read_csv
    monkeypatch.setattr(
        delimited_grid.pacsv, "read_csv", lambda *arguments, **options: complete(*arguments, **options).slice(1)
    )
    with pytest.raises(EvidenceError, match=r"2 sound records were counted in the bytes .* found 1"):
        read_statistics(write_table(tmp_path / "a.csv", row(3), row(4, "Essex")))


def test_official_statistics_have_no_reader_of_delimited_text_of_their_own() -> None:
    package = Path(official_statistics.__file__).parent
    sources = [path.read_text(encoding="utf-8") for path in package.glob("*.py")]
    assert [text for text in sources if "pyarrow.csv" in text or "read_csv(" in text] == []


# cells that cannot be used


def test_an_unknown_force_is_set_aside_with_near_names_and_never_guessed(tmp_path: Path) -> None:
    received = read_statistics(write_table(tmp_path / "a.csv", row(3), row(4, "Essx"), row(5, "Essx", quarter=2)))
    assert received.tables["recorded"]["offences"].to_pylist() == [3]
    assert dict(received.files[0].set_aside) == {"unknown force": 2}
    [error] = received.errors
    assert (error.line, error.column, error.times) == (3, "Force Name", 2)
    assert "Did you mean Essex" in error.correction


def test_an_unknown_offence_code_is_kept_and_told_once(tmp_path: Path) -> None:
    offence = ("New offence", "Sexual offences", "Other", "99Z")
    received = read_statistics(
        write_table(tmp_path / "a.csv", *[row(n, quarter=n, offence=offence) for n in (1, 2, 3, 4)])
    )
    assert received.tables["recorded"]["offence_code"].to_pylist() == ["99Z"] * 4
    assert [(f.line, f.rule, f.times) for f in received.errors] == [(2, "unknown offence code", 4)]


def test_an_unknown_outcome_is_set_aside(tmp_path: Path) -> None:
    received = read_statistics(
        write_table(tmp_path / "a.csv", outcome("1", 3), outcome("77", 4), header=OUTCOME_HEADER)
    )
    assert received.tables["outcomes"]["of_recorded"].to_pylist() == [3]
    assert dict(received.files[0].set_aside) == {"unknown outcome": 1}
    assert [(error.line, error.column) for error in received.errors] == [(3, "Outcome Type")]


@pytest.mark.parametrize("text", ["twelve", "12*", "1.5", "12,3", "-", "1e3", "0x10", "TRUE"])
def test_text_in_a_count_is_set_aside_and_never_turned_into_a_number(text: str, tmp_path: Path) -> None:
    received = read_statistics(write_table(tmp_path / "a.csv", row(text), row(4, "Essex")))
    assert received.tables["recorded"]["offences"].to_pylist() == [4]
    assert dict(received.files[0].set_aside) == {"count cannot be read": 1}
    assert text not in {cell for error in received.errors for cell in error.correction.split()}


@pytest.mark.parametrize(("text", "number"), [("12.0", 12), ("-3", -3), ("1,234", 1234), (" 7 ", 7), ("0", 0)])
def test_a_whole_number_is_read_as_it_was_written(text: str, number: int, tmp_path: Path) -> None:
    assert numbers(write_table(tmp_path / "a.csv", row(text))) == [number]


@pytest.mark.parametrize("text", ["", "NA", ".."])
def test_a_count_that_was_not_published_is_missing_and_not_zero(text: str, tmp_path: Path) -> None:
    received = read_statistics(write_table(tmp_path / "a.csv", row(text), row(4, "Essex")))
    assert received.tables["recorded"]["offences"].to_pylist() == [4]
    assert dict(received.files[0].set_aside) == {"no count published": 1}
    assert received.errors == ()


def test_a_formula_in_a_text_file_is_set_aside(tmp_path: Path) -> None:
    received = read_statistics(write_table(tmp_path / "a.csv", row("=1+1"), row(3, "=HYPERLINK(A1)"), row(4, "Essex")))
    assert received.tables["recorded"]["offences"].to_pylist() == [4]
    assert dict(received.files[0].set_aside) == {"formula": 2}
    assert [error.column for error in received.errors] == ["Number of Offences", "Force Name"]


def test_a_year_or_quarter_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    wrong_year = ["2024/26", *row(3)[1:]]
    received = read_statistics(write_table(tmp_path / "a.csv", wrong_year, row(4, quarter="5"), row(6, quarter="Q2")))
    assert [r["quarter"] for r in received.tables["recorded"].to_pylist()] == [2]
    assert [error.column for error in received.errors] == ["Financial Year", "Financial Quarter"]


def test_a_repeated_row_counts_once(tmp_path: Path) -> None:
    received = read_statistics(write_table(tmp_path / "a.csv", row(3), row(3), row(4, "Essex")))
    assert received.tables["recorded"]["offences"].to_pylist() == [3, 4]
    assert dict(received.files[0].set_aside) == {"repeated row": 1}


def test_two_counts_for_one_key_are_both_set_aside(tmp_path: Path) -> None:
    received = read_statistics(write_table(tmp_path / "a.csv", row(3), row(5), row(4, "Essex")))
    assert received.tables["recorded"]["offences"].to_pylist() == [4]
    assert dict(received.files[0].set_aside) == {"two counts for one key": 2}
    assert [error.line for error in received.errors] == [2, 3]


def test_one_code_under_two_descriptions_is_two_rows(tmp_path: Path) -> None:
    threats = ("Threats to kill", "Sexual offences", "Other sexual offences", "72")
    trafficking = ("Trafficking for sexual exploitation", *threats[1:])
    assert numbers(write_table(tmp_path / "a.csv", row(3, offence=threats), row(5, offence=trafficking))) == [
        3,
        5,
    ]


def test_outcomes_only_rows_without_crime_are_set_aside_and_with_crime_are_kept(tmp_path: Path) -> None:
    offences = ("Burglary in a dwelling (outcome only)", "Theft offences", "Burglary", "28A")
    rows = [row(0, offence=offences), row(7, "Essex", offence=offences), row(4)]
    received = read_statistics(write_table(tmp_path / "a.csv", *rows))
    assert received.tables["recorded"]["offences"].to_pylist() == [7, 4]
    assert dict(received.files[0].set_aside) == {"outcomes only: no crime is recorded here": 1}


def test_an_alternate_outcome_beside_its_parent_is_not_counted_twice(tmp_path: Path) -> None:
    received = read_statistics(
        write_table(tmp_path / "a.csv", outcome("1", 12), outcome("1A", 5), header=OUTCOME_HEADER)
    )
    assert received.tables["outcomes"]["of_recorded"].to_pylist() == [12]
    assert dict(received.files[0].set_aside) == {"already counted in its parent outcome": 1}


def test_fraud_organisations_pass_under_their_own_codes(tmp_path: Path) -> None:
    offence = ("Fraud offences recorded by Action Fraud", "Fraud offences", "Fraud", "AF")
    rows = [row(3, "Action Fraud", offence=offence), row(4, "Financial Fraud Action UK"), row(5, "Cifas")]
    table = read_statistics(write_table(tmp_path / "a.csv", *rows)).tables["recorded"]
    assert table["force_code"].to_pylist() == ["AF", "UKF", "CIFAS"]


@pytest.mark.parametrize("kind", [pa.float64(), pa.int32(), pa.string()])
def test_a_million_in_parquet_is_a_million_whatever_its_type(kind: pa.DataType, tmp_path: Path) -> None:
    rows = [row(0), row(0, "Essex"), row(0, "Surrey")]
    table = pa.table({name: [row_cells[i] for row_cells in rows] for i, name in enumerate(HEADER)})
    found = pa.array([1_000_000, None, 123_456_789]).cast(kind)
    pq.write_table(table.set_column(7, HEADER[7], found), tmp_path / "a.parquet")
    assert numbers(tmp_path / "a.parquet") == [1_000_000, 123_456_789]


def test_a_letter_that_the_publisher_does_not_use_is_an_error_in_its_own_column(tmp_path: Path) -> None:
    factors = ("Child_sexual_exploitation", "Gangs")
    header = ("time_period", "geographic_level", "country_code", "new_la_code", *factors)
    place = ["2025", "Local authority", "E92000001"]
    rows = [[*place, "E06000047", "c", "q"], [*place, "E06000005", "=1", "7"], [*place, "E08000037", "", "u"]]
    received = read_statistics(write_table(tmp_path / "a.csv", *rows, header=header))
    found = received.tables["children_in_need"].to_pylist()
    assert [(r["area_code"], r["factor"], r["episodes"], r["marker"]) for r in found] == [
        ("E06000047", "Child_sexual_exploitation", None, "c"),
        ("E06000005", "Gangs", 7, ""),
        ("E08000037", "Child_sexual_exploitation", None, ""),
        ("E08000037", "Gangs", None, "u"),
    ]
    assert sorted((error.line, error.column) for error in received.errors) == [
        (2, "Gangs"),
        (3, "Child_sexual_exploitation"),
    ]
    assert (received.files[0].row_count, received.files[0].passed_on) == (3 * 2, 4)


# nothing is lost


def test_a_receipt_that_does_not_add_up_cannot_be_made() -> None:
    with pytest.raises(EvidenceError, match="3 rows came in, 1 were passed on and 1 set aside"):
        StatisticsFile("a.csv", "", 0, "text", "recorded", "", (), 3, 1, {"formula": 1}, "")


def test_no_error_and_no_letter_holds_the_content_of_a_cell(tmp_path: Path) -> None:
    secret = "Nobody-should-read-this"
    rows = [row(secret), row(3, secret), row(4, quarter=secret), row("=" + secret), [secret, *row(1)[1:]]]
    received = read_statistics(write_table(tmp_path / "a.csv", *rows))
    assert len(received.errors) == 5
    assert all(secret not in str(value) for error in received.errors for value in vars(error).values())


def test_equal_errors_are_one_row_of_the_table(tmp_path: Path) -> None:
    received = read_statistics(
        write_table(tmp_path / "a.csv", row("x"), row(4, "Nowhere"), row(5, "Nowhere", quarter=2))
    )
    table = validation_error_table((*received.errors, received.errors[0])).to_pylist()
    assert [(row_cells["row"], row_cells["column"], row_cells["times"]) for row_cells in table] == [
        (3, "Force Name", 2 + 2),
        (2, "Number of Offences", 1),
    ]


def test_reading_the_same_rows_twice_in_one_process_gives_the_same_table(tmp_path: Path) -> None:
    path = write_table(tmp_path / "a.csv", row(3), row("x", "Essex"))
    assert read_statistics(path) == read_statistics(path)


def test_every_refusal_is_one_of_our_own_errors(tmp_path: Path) -> None:
    for data in (b"PK\x05\x06" + bytes(18), b"PAR1PAR1", b"\x1f\x8b", b'"', b"a,b\n", b"\xff\xfe\x00"):
        with pytest.raises(AssayError):
            read_statistics(write_bytes(tmp_path / "a", data))
