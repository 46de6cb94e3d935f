"""Is every record of a file found, on the line where it stands, whatever shape the file is in?"""

import datetime as dt
import gc
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from pencil_store import manifest

from assay.ingest.file_readers import TableRefused, open_source
from assay.ingest.file_readers.delimited_scan import apply_edits, scan
from assay.ingest.staging_store import StagingStore

DELIMITED = st.lists(
    st.sampled_from(["a", "é", '"', '"', ",", "\n", "\r\n", "\r", " ", '""', ',"', '",', "\x00"]), max_size=30
)


@pytest.fixture(scope="module")
def store():
    with_nothing = StagingStore(manifest(), threads=1)
    yield with_nothing
    with_nothing.close()


def test_the_folder_of_a_return_goes_without_a_warning_when_nobody_closes_the_return(recwarn):
    left = StagingStore(manifest(), threads=1)
    folder = left.folder
    assert folder.is_dir()
    del left
    gc.collect()
    assert not folder.exists()
    assert [str(warning.message) for warning in recwarn if warning.category is ResourceWarning] == []


def read(store, path, *, delimiter=",", encoding="utf-8"):
    """[(line, first cell, second cell)], the lines that were no records, and the count."""
    source = open_source(path, delimiter, encoding)
    source.load_columns(store, "read_rows", {"one": 0, "two": 1})
    rows = [tuple(row.values()) for row in store.query("select line, one, two from read_rows").to_pylist()]
    return rows, [unread.line for unread in source.unread_records], source.records


def csv(tmp_path, data):
    path = tmp_path / "flags.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_a_record_stands_on_the_line_on_which_it_begins(store, tmp_path):
    text = 'a,b\n1,"first\nsecond"\n2,x\n'
    assert read(store, csv(tmp_path, text)) == ([(2, "1", "first\nsecond"), (4, "2", "x")], [], 2)


def test_a_line_with_too_many_cells_is_told_and_the_lines_after_it_keep_their_numbers(store, tmp_path):
    text = "a,b\n1,x\n2,y,z\n3\n4,w\n"
    assert read(store, csv(tmp_path, text)) == ([(2, "1", "x"), (5, "4", "w")], [3, 4], 4)


def test_a_row_of_300_cells_costs_one_line(store, tmp_path):
    text = "a,b\n1,x\n" + ",".join(["7"] * 300) + "\n2,y\n"
    assert read(store, csv(tmp_path, text)) == ([(2, "1", "x"), (4, "2", "y")], [3], 3)


def test_a_lone_quote_inside_a_cell_is_a_letter(store, tmp_path):
    assert read(store, csv(tmp_path, 'a,b\n1,6" high\n2,y\n')) == ([(2, "1", '6" high'), (3, "2", "y")], [], 2)


@pytest.mark.parametrize(
    ("record", "cells"),
    [
        (b'1,6" high', ("1", '6" high')),
        (b'6" high,1', ('6" high', "1")),
        (b'6" high,', ('6" high', None)),
        (b' "q" ,7', ("q", "7")),
    ],
)
def test_a_lone_quote_in_a_file_with_the_line_ends_of_windows_costs_nothing(store, tmp_path, record, cells):
    text = b"a,b\r\n" + record + b'\r\n2,y\r\n"3","z"\r\n'
    assert read(store, csv(tmp_path, text)) == ([(2, *cells), (3, "2", "y"), (4, "3", "z")], [], 3)


def test_a_quote_that_is_never_closed_costs_one_line_and_not_the_rest_of_the_file(store, tmp_path):
    text = 'a,b\n1,"never closed\n2,x\n3,"well"\n4,z\n'
    rows, unread, records = read(store, csv(tmp_path, text))
    assert rows == [(3, "2", "x"), (4, "3", "well"), (5, "4", "z")]
    assert (unread, records) == ([2], 4)


def test_a_quote_closed_in_the_middle_of_a_cell_costs_one_line(store, tmp_path):
    assert read(store, csv(tmp_path, 'a,b\n1,"x"y\n2,z\n')) == ([(3, "2", "z")], [2], 2)


def test_empty_lines_are_no_records(store, tmp_path):
    assert read(store, csv(tmp_path, "\na,b\n\n1,x\n\n\n2,y")) == ([(4, "1", "x"), (7, "2", "y")], [], 2)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_line_ends_are_lf_or_crlf(store, tmp_path, ends):
    assert read(store, csv(tmp_path, ends.join(["a,b", "1,x", "2,y", ""])))[0] == [(2, "1", "x"), (3, "2", "y")]


def test_mixed_line_ends_are_read_all_the_same(store, tmp_path):
    assert read(store, csv(tmp_path, 'a,b\r\n1,x\n2,"y\r\nz"\n'))[0] == [(2, "1", "x"), (3, "2", "y\nz")]


def test_a_byte_order_mark_is_no_part_of_the_first_name(store, tmp_path):
    source = open_source(csv(tmp_path, b"\xef\xbb\xbfa,b\n1,x\n"))
    assert source.columns == ("a", "b")


@pytest.mark.parametrize("encoding", ["latin-1", "windows-1252", "utf-16", "utf-16-le"])
def test_another_encoding_is_read_where_it_is_declared(store, tmp_path, encoding):
    assert read(store, csv(tmp_path, "a;b\n1;Zoë\n".encode(encoding)), delimiter=";", encoding=encoding)[0] == [
        (2, "1", "Zoë")
    ]


def test_utf_16_that_nobody_declared_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(TableRefused, match=r"UTF-16, not of a CSV in UTF-8.*declare its encoding") as error:
        open_source(csv(tmp_path, "a,b\n1,x\n".encode("utf-16")))
    assert error.value.rule == "R04"


def test_utf_16_that_was_declared_and_is_something_else_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(
        TableRefused, match=r"declared as UTF-16, but its first bytes do not show the byte order.*as UTF-8"
    ) as error:
        open_source(csv(tmp_path, b"a,b\n1,x\n"), encoding="utf-16")
    assert error.value.rule == "R04"


def test_bytes_that_are_no_text_stand_as_control_characters(store, tmp_path):
    assert read(store, csv(tmp_path, b"a,b\n1,x\xffy\n2,z\x00\n3,p\rq\n"))[0] == [
        (2, "1", "x\x1ay"), (3, "2", "z\x00"), (4, "3", "p\x1fq"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "no header"),
        (b"a,b,a\n1,2,3\n", "1 name occurs more than once in the header"),
        (b"PK\x03\x04rest", "a spreadsheet or archive"),
        (b"PAR1rest", "Parquet"),
    ],
)
def test_a_file_that_is_no_csv_is_refused(tmp_path, data, sentence):
    with pytest.raises(TableRefused, match=sentence):
        open_source(csv(tmp_path, data))


@settings(max_examples=300, deadline=None)
@given(cells=DELIMITED, latin=st.booleans(), windows=st.booleans())
def test_no_record_is_ever_lost_whatever_stands_in_the_file(store, tmp_path_factory, cells, latin, windows):
    text = "".join(cells)
    content_sent = b"x,y\n" + text.encode("latin-1" if latin else "utf-8")
    path = csv(tmp_path_factory.mktemp("any"), content_sent.replace(b"\n", b"\r\n") if windows else content_sent)
    rows, unread, records = read(store, path)
    assert len(rows) + len(unread) == records
    lines = sorted([row[0] for row in rows] + unread)
    assert lines == sorted(set(lines))
    assert all(2 <= line <= text.count("\n") + 2 for line in lines)


ROWS = st.lists(st.tuples(*[st.text(alphabet='ab",\né ', min_size=1, max_size=6)] * 2), max_size=8)


@settings(max_examples=100, deadline=None)
@given(rows=ROWS)
def test_what_was_written_as_csv_comes_back_cell_for_cell(store, tmp_path_factory, rows):
    quoted = ['"' + item.replace('"', '""') + '","' + two.replace('"', '""') + '"' for item, two in rows]
    path = csv(tmp_path_factory.mktemp("same"), "\n".join(["x,y", *quoted]) + "\n")
    read_rows, unread, _ = read(store, path)
    assert [row[1:] for row in read_rows] == rows
    assert unread == []


@settings(max_examples=100, deadline=None)
@given(text=DELIMITED.map("".join), size=st.integers(1, 9))
def test_the_scan_does_not_depend_on_the_size_of_the_blocks(text, size):
    data = ("x,y\n" + text).encode()
    whole = scan([data], ",")
    parts = scan([data[offset : offset + size] for offset in range(0, len(data), size)], ",")
    assert (parts.lines.tolist(), parts.broken_records, parts.edits) == (
        whole.lines.tolist(),
        whole.broken_records,
        whole.edits,
    )


@settings(max_examples=100, deadline=None)
@given(spans=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), max_size=4), size=st.integers(1, 7))
def test_edits_leave_every_other_byte_as_it_was(spans, size):
    data, edits, expected_bytes, gap_start = b"abcdefghijklmnopqrstuvwxyz012345", [], b"", 0
    for gap, length in spans:
        expected_bytes += data[gap_start : gap_start + gap] + b"#"
        edits.append((gap_start + gap, gap_start + gap + length, b"#"))
        gap_start += gap + length
    blocks = [data[place : place + size] for place in range(0, len(data), size)]
    assert b"".join(apply_edits(blocks, edits)) == expected_bytes + data[gap_start:]


def parquet(tmp_path, **columns):
    path = tmp_path / "flags.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def test_parquet_is_read_in_the_forms_of_the_contract(store, tmp_path):
    path = parquet(
        tmp_path,
        a=pa.array([True, None, False]),
        b=pa.array([dt.datetime(2026, 1, 2, 3, 4), None, dt.datetime(2026, 1, 2)], pa.timestamp("ms")),
    )
    assert read(store, path) == (
        [(2, "yes", "2026-01-02T03:04:00"), (3, None, None), (4, "no", "2026-01-02T00:00:00")],
        [],
        3,
    )


def test_a_parquet_date_is_a_day_and_a_nan_is_nothing(store, tmp_path):
    path = parquet(tmp_path, a=pa.array([dt.date(2026, 1, 2), None]), b=pa.array([float("nan"), 3.0]))
    assert read(store, path)[0] == [(2, "2026-01-02", None), (3, None, "3")]


@pytest.mark.parametrize(
    "column",
    [
        pa.array([["a", "b"]]),
        pa.array([{"x": 1}]),
    ],
)
def test_a_list_or_a_nested_column_refuses_the_table(tmp_path, column):
    with pytest.raises(TableRefused, match="neither text, number, DATE nor TIMESTAMP"):
        open_source(parquet(tmp_path, a=column, b=pa.array(["x"])))


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.98])
def test_a_parquet_cut_short_is_refused(tmp_path, keep):
    path = parquet(tmp_path, a=pa.array([str(n) for n in range(2000)]), b=pa.array(["x"] * 2000))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    with pytest.raises(TableRefused, match="damaged or cut short"):
        open_source(path)


def test_a_parquet_damaged_in_its_middle_is_refused_without_a_word_of_its_content(store, tmp_path):
    path = parquet(tmp_path, a=pa.array([f"secret {n}" for n in range(5000)]), b=pa.array(["x"] * 5000))
    data = bytearray(path.read_bytes())
    data[10:2000] = bytes(1990)
    path.write_bytes(data)
    with pytest.raises(TableRefused, match="damaged or cut short") as error:
        read(store, path)
    assert "secret" not in str(error.value)
    assert error.value.__suppress_context__


def workbook(tmp_path, fill, name="flags.xlsx"):
    data = io.BytesIO()
    workbook = xlsxwriter.Workbook(data)
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, ["a", "b"])
    fill(workbook, sheet)
    workbook.close()
    path = tmp_path / name
    path.write_bytes(data.getvalue())
    return path


def test_a_spreadsheet_tells_a_day_from_a_time_by_the_format_of_the_cell(store, tmp_path):
    def fill(workbook, sheet):
        day, time = (
            workbook.add_format({"num_format": "dd/mm/yyyy"}),
            workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        )
        for row, form in ((1, day), (2, time)):
            sheet.write_string(row, 0, "007")
            sheet.write_datetime(row, 1, dt.datetime(2026, 4, 1), form)

    assert read(store, workbook(tmp_path, fill))[0] == [(2, "007", "2026-04-01"), (3, "007", "2026-04-01T00:00:00")]


def test_numbers_and_booleans_of_a_spreadsheet_are_text_of_the_contract(store, tmp_path):
    def fill(_, sheet):
        sheet.write_row(1, 0, [5, True])
        sheet.write_row(3, 0, [5.5, "x"])

    assert read(store, workbook(tmp_path, fill)) == ([(2, "5", "yes"), (4, "5.5", "x")], [], 2)


def test_a_formula_and_an_error_are_marked_and_their_last_value_is_not_read(store, tmp_path):
    def fill(_, sheet):
        sheet.write_formula(1, 0, "=1+1", None, 2)
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")

    path = workbook(tmp_path, fill)
    assert read(store, path)[0] == [(2, None, None)]
    assert open_source(path).marked_cells.to_pylist() == [{"line": 2, "place": 0}, {"line": 2, "place": 1}]


def test_a_row_wider_than_the_header_is_told(store, tmp_path):
    def fill(_, sheet):
        sheet.write_row(1, 0, ["x"] * 300)
        sheet.write_row(2, 0, ["x", "y"])

    assert read(store, workbook(tmp_path, fill)) == ([(3, "x", "y")], [2], 2)


def test_merged_cells_refuse_the_table(tmp_path):
    with pytest.raises(TableRefused, match="merged cells"):
        open_source(workbook(tmp_path, lambda _, sheet: sheet.merge_range("A2:B3", "x")))


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_damaged_workbook_is_refused(tmp_path, keep):
    path = workbook(tmp_path, lambda _, sheet: sheet.write_row(1, 0, ["x", "y"]))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    with pytest.raises(TableRefused, match=r"damaged, cut short or not an \.xlsx"):
        open_source(path)


def test_a_workbook_whose_inside_is_damaged_is_refused(tmp_path):
    path = workbook(tmp_path, lambda _, sheet: sheet.write_row(1, 0, ["x" * 500, "y"]))
    data = bytearray(path.read_bytes())
    place = data.index(b"xl/worksheets/sheet1.xml") + 60
    data[place : place + 80] = bytes(80)
    path.write_bytes(data)
    with pytest.raises(TableRefused, match="damaged"):
        open_source(path)


def test_a_workbook_under_a_password_is_refused_as_such(tmp_path):
    path = tmp_path / "flags.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500))
    with pytest.raises(TableRefused, match="protected by a password"):
        open_source(path)
