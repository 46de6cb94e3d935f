"""Does every record of a return end up accepted or set aside, and does a bad table stop nothing but itself?"""

import io
import json
import tempfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from pencil_store import store_of
from small_return import REQUEST, SmallReturn, count, errors, own_errors, rows_set_aside

from assay import contract
from assay.errors import EvidenceError
from assay.feedback.force_return_letter import write_letter as write_letter
from assay.ingest import return_validation
from assay.ingest.accepted_tables import RETURN_TABLE_SCHEMAS
from assay.ingest.file_readers import delimited_files
from assay.ingest.record_reconciliation import reconcile_records
from assay.ingest.return_validation import validate_return
from assay.ingest.table_reader import TableReading

FLAGS = "force_code,flag_ref,crime_ref,person_ref,missing_ref,flag,added_at,added_by_role,removed_at,removed_by_role,removed_reason\n"


@pytest.fixture
def return_folder(tmp_path):
    return SmallReturn(tmp_path / "return")


def test_a_return_has_every_table_of_the_contract_with_its_own_columns(return_folder):
    received = return_folder.rows("flags", {"crime_ref": "C1", "flag": "cse"}).received()
    assert list(received.tables) == [*contract.tables(), *RETURN_TABLE_SCHEMAS]
    for name in contract.tables():
        assert received.tables[name].schema == contract.typed_schema(name)
    for name, schema in RETURN_TABLE_SCHEMAS.items():
        assert received.tables[name].schema == schema
    assert received.tables["flags"]["line"].to_pylist() == [2]


def test_accepted_and_set_aside_add_up_to_the_records_of_the_file(return_folder):
    rows = [{"crime_ref": "C1", "flag": flag} for flag in ("cse", "csa", "", "nothing")]
    received = return_folder.rows("flags", *rows).received()
    assert count(received, "flags") == {
        "force_code": "INV01", "table_name": "flags", "file": "flags.csv", "records": 4, "rows_stated": 4,
        "accepted": 2, "set_aside": 2, "refused_rule": "",
    }  # fmt: skip
    assert rows_set_aside(received, "flags") == {4: "R15", 5: "R16"}


def test_a_return_says_the_same_whether_it_is_little_or_larger_or_too_large_for_memory(return_folder, monkeypatch):
    odd = ["\u00a0C{}", "C{}\t", "\ufeffC{} ", " \t", "NaN", "C{}\u00e9", "\u00e9C{}", "C1"]
    times = ["2026-02-03T00:00", " 2026-02-30", "2026-02-04"]
    crimes = [{"crime_ref": ref.format(n), "closed_at": closed_at} for n, closed_at in enumerate(times) for ref in odd]
    return_folder.rows("crimes", *crimes).rows("flags", *({"crime_ref": ref.format(0), "flag": "cse "} for ref in odd))
    small = return_folder.received()
    assert count(small, "crimes")["accepted"] > 0 < count(small, "crimes")["set_aside"]
    monkeypatch.setattr(return_validation, "UNOPTIMISED_BYTES", 0)
    planned = return_folder.received()
    monkeypatch.setattr(return_validation, "DISK_STORE_BYTES", 0)
    large = return_folder.received()
    for other in (planned, large):
        assert {name: other.tables[name].to_pylist() for name in other.tables} == {
            name: small.tables[name].to_pylist() for name in small.tables
        }
        assert other.error_counts == small.error_counts
    assert len(large.statements) < len(small.statements)  # of the small one the texts were laid down first


def test_a_value_set_aside_is_listed_with_its_record_and_without_its_content(return_folder):
    rows = [{"closed_at": "soon", "outcome_code": "18"}, {"closed_at": "", "outcome_code": "99"}]
    listed = return_folder.rows("crimes", *rows).received().tables["incomplete"].to_pylist()
    empty = dict.fromkeys(("crime_ref", "person_ref", "missing_ref"))
    count_row = {"force_code": "INV01", "table_name": "crimes", "kind": "", **empty}
    assert listed == [
        {**count_row, "column_name": "closed_at", "record_ref": "C1"},
        {**count_row, "column_name": "outcome_code", "record_ref": "C2"},
    ]


def test_a_row_set_aside_keeps_its_text_in_the_inspection_alone(return_folder):
    received = return_folder.rows("flags", {"crime_ref": "C1", "flag": "mystery"}).received()
    record = json.loads(received.tables["aside"]["record"][0].as_py())
    assert record["flag"] == "mystery"
    assert "mystery" not in str(received.tables["faults"].to_pylist())


def test_a_record_that_is_no_row_is_set_aside_with_its_line_and_text(return_folder):
    text = FLAGS + "INV01,F1,C1,,,cse,,,,,\nINV01,F2,C1\n" + "INV01,F3,C1,,,csa,,,,,\n"
    received = return_folder.text("flags", text, 3).received()
    assert rows_set_aside(received, "flags") == {3: "R07"}
    assert received.tables["flags"]["line"].to_pylist() == [2, 4]
    assert json.loads(received.tables["aside"]["record"][0].as_py()) == {"record": "INV01,F2,C1"}


def test_a_missing_file_is_a_table_that_was_not_supplied(return_folder):
    return_folder.rows("flags", {"crime_ref": "C1", "flag": "cse"})
    (return_folder.folder / "flags.csv").unlink()
    received = return_folder.received()
    assert errors(received, "flags") == {("R06", "", None)}
    manifest_row = next(row for row in received.tables["covers"].to_pylist() if row["table_name"] == "flags")
    assert (manifest_row["supplied"], manifest_row["reason"], manifest_row["used"]) == ("none", "not_stated", False)
    assert any("there is no file" in remark for remark in received.remarks)


def test_a_file_that_the_cover_denies_is_not_read(return_folder):
    return_folder.rows("flags", {"crime_ref": "C1", "flag": "cse"}, supplied='"none"', reason='"not_held"')
    received = return_folder.received()
    assert errors(received, "flags") == {("R06", "", None)}
    assert received.tables["flags"].num_rows == 0


def test_a_missing_column_refuses_its_table_alone_and_says_which_is_near(return_folder):
    return_folder.text("flags", FLAGS.replace(",flag,", ",flagg,") + "INV01,F1,C1,,,cse,,,,,\n")
    received = return_folder.rows("reports", {}).received()
    assert ("R03", "flag", None) in errors(received, "flags")
    assert any("no column flag" in remark and "Did you mean flagg?" in remark for remark in received.remarks)
    assert count(received, "flags")["refused_rule"] == "R03"
    assert count(received, "flags")["records"] == 1
    assert received.tables["reports"].num_rows == 1


def test_two_files_for_one_table_refuse_it(return_folder):
    return_folder.rows("flags", {"crime_ref": "C1", "flag": "cse"})
    (return_folder.folder / "flags.parquet").write_bytes(b"PAR1")
    assert errors(return_folder.received(), "flags") == {("R04", "", None)}


@pytest.mark.parametrize("name", ["flags.parquet", "flags.xlsx"])
def test_a_damaged_file_refuses_its_table_and_the_others_are_read(return_folder, name):
    return_folder.data(name, b"PAR1 or PK, and then nothing that fits")
    received = return_folder.rows("reports", {}).received()
    assert errors(received, "flags") == {("R04", "", None)}
    assert received.tables["reports"].num_rows == 1


def test_a_column_that_is_not_sent_and_not_explained_is_counted(return_folder):
    text = "force_code,missing_ref,person_ref,started_at,first_grade\nINV01,M1,N1,2026-02-03T10:00,\n"
    return_folder.text("missing", text, columns_not_sent='{ended_at = "not_held"}')
    received = return_folder.received()
    unsent = [r["column_name"] for r in received.tables["faults"].to_pylist() if r["rule"] == "R08"]
    assert unsent == ["local_authority_code"]
    columns = {r["column_name"]: r for r in received.tables["columns"].to_pylist() if r["table_name"] == "missing"}
    assert (columns["local_authority_code"]["in_file"], columns["local_authority_code"]["reason"]) == (False, "")
    assert (columns["ended_at"]["in_file"], columns["ended_at"]["reason"]) == (False, "not_held")
    assert columns["first_grade"]["in_file"]


def test_a_wrong_count_in_the_cover_is_told(return_folder):
    received = return_folder.rows("flags", {"crime_ref": "C1", "flag": "cse"}, rows="7").received()
    assert own_errors(received, "flags") == {("R05", "", None)}
    assert received.tables["flags"].num_rows == 1


def test_a_header_alone_is_a_zero(return_folder):
    received = return_folder.text("flags", FLAGS, 0).received()
    assert own_errors(received, "flags") == set()
    assert (count(received, "flags")["records"], count(received, "flags")["accepted"]) == (0, 0)
    assert next(r for r in received.tables["covers"].to_pylist() if r["table_name"] == "flags")["used"]


def test_names_that_nobody_knows_are_told_and_not_read(return_folder):
    return_folder.text("flags", FLAGS.replace("\n", ",mood\n") + "INV01,F1,C1,,,cse,,,,,,blue\n")
    (return_folder.folder / "holiday.jpg").write_bytes(b"x")
    received = return_folder.received()
    remarks = " ".join(received.remarks)
    assert "holiday.jpg" in remarks
    assert "mood" in remarks
    assert "mood" not in received.tables["flags"].schema.names


def test_of_equal_rows_the_first_is_kept_and_of_rows_that_differ_none(return_folder):
    first_flag, other = {"crime_ref": "C1", "flag": "cse"}, {"crime_ref": "C1", "flag": "csa"}
    rows = [
        {"flag_ref": ref} | row
        for ref, row in [
            ("A", first_flag),
            ("A", first_flag),
            ("B", first_flag),
            ("B", other),
            ("B", first_flag),
            ("C", first_flag),
        ]
    ]
    received = return_folder.rows("flags", *rows).received()
    assert rows_set_aside(received, "flags") == {3: "R12", 4: "R13", 5: "R13", 6: "R13"}
    assert received.tables["flags"]["line"].to_pylist() == [2, 7]


def test_spaces_around_a_key_do_not_make_it_another(return_folder):
    rows = [{"flag_ref": ref, "crime_ref": "C1", "flag": "cse"} for ref in ("A", " A ")]
    assert rows_set_aside(return_folder.rows("flags", *rows).received(), "flags") == {3: "R12"}


def test_a_row_of_another_force_is_no_twin(return_folder):
    rows = [{"force_code": force, "flag_ref": "A", "crime_ref": "C1", "flag": "cse"} for force in ("INV02", "INV01")]
    assert rows_set_aside(return_folder.rows("flags", *rows).received(), "flags") == {2: "R10"}


def test_the_patterns_of_an_overlap_are_told_apart_by_empty_lists_too(return_folder):
    overlap_fields = {"definition": "CSE_2017", "data_from": "2026-01-01", "data_to": "2026-07-01",
             "linkage_method": "by_hand", "children": "5", "overlap_ref": "O"}  # fmt: skip
    rows = [overlap_fields | {"on_police_crimes": "yes", "on_health": on_health} for on_health in ("yes", "no", "no")]
    assert rows_set_aside(return_folder.rows("overlap_counts", *rows).received(), "overlap_counts") == {4: "R12"}


def test_a_kind_that_the_cover_does_not_list_is_supplied_and_not_complete(return_folder):
    return_folder.kinds = {"suspect_arrested": '"yes"'}
    received = return_folder.rows(
        "events", {"crime_ref": "C1"}, {"kind": "suspect_arrested", "crime_ref": "C1"}
    ).received()
    assert ("R09", "kind", 2) in errors(received, "events")
    kinds = {row["kind"]: (row["supplied"], row["complete"]) for row in received.tables["kinds"].to_pylist()}
    assert kinds["victim_contacted"] == (True, False)
    assert kinds["suspect_arrested"] == (True, True)
    assert kinds["suspect_bailed"] == (False, False)
    assert kinds["crime_recorded"] == (False, False)
    assert "bail_start" not in kinds  # worked out, never sent


def test_what_was_sent_and_is_not_asked_is_named_to_its_sender_and_kept(return_folder):
    requested_column = next(c.name for c in contract.table("reports").requested_columns)
    unasked = next(c.name for c in contract.table("reports").columns if not c.is_requested)
    received = return_folder.rows("reports", {}).received()
    remark = next(remark for remark in received.remarks if remark.startswith("Sent beyond what this inspection uses"))
    assert unasked in remark
    assert f"({requested_column}" not in remark
    assert f" {requested_column}," not in remark
    assert remark.endswith("Nothing needs correcting; the next return may leave it out.")
    assert received.tables["reports"].num_rows == 1


def test_a_kind_at_home_in_a_table_is_as_complete_as_the_table(return_folder):
    return_folder.rows("missing", {"person_ref": "N1"}, complete='"no"').rows("reports", {})
    kinds = {
        row["kind"]: (row["supplied"], row["complete"]) for row in return_folder.received().tables["kinds"].to_pylist()
    }
    assert kinds["missing_started"] == (True, False)
    assert kinds["report_received"] == (True, True)


def test_completeness_is_by_column_and_month(return_folder):
    rows = [
        {"assessed_at": "2026-01-05", "band": "low"},
        {"assessed_at": "2026-01-06", "band": ""},
        {"assessed_at": "2026-01-07", "band": "nobody of the list"},
        {"assessed_at": "2026-02-01", "band": "high"},
        {"assessed_at": "", "band": "high"},
    ]
    table = return_folder.rows("assessments", *rows).received().tables["completeness"].to_pylist()
    by_month = {row["month"]: row for row in table if row["column_name"] == "band"}
    assert {month: (r["rows"], r["filled"], r["missing"], r["value_set_aside"]) for month, r in by_month.items()} == {
        "2026-01": (3, 1, 1, 1), "2026-02": (1, 1, 0, 0),
    }  # fmt: skip


def test_an_empty_cell_with_its_reason_is_counted_so(return_folder):
    rows = [{"ethnicity_self": "W1"}, {"ethnicity_self_missing_reason": "REFUSED"}, {}]
    table = return_folder.rows("involvements", *rows).received().tables["completeness"].to_pylist()
    row = next(row for row in table if row["column_name"] == "ethnicity_self")
    assert (row["month"], row["rows"], row["filled"], row["missing"], row["with_reason"]) == ("", 3, 1, 2, 1)


def test_parquet_and_spreadsheet_give_the_same_rows_as_csv(return_folder, tmp_path):
    rows = [{"crime_ref": "0007", "flag": "cse", "added_at": "2026-02-01"},
            {"crime_ref": "0008", "flag": "csa", "added_at": "2026-02-02T10:30", "removed_reason": "error"}]  # fmt: skip
    by_csv = return_folder.rows("flags", *rows).received().tables["flags"].to_pylist()
    names = FLAGS.strip().split(",")
    cells = [{"force_code": "INV01", "flag_ref": f"F{n}"} | row for n, row in enumerate(rows, start=1)]

    data = io.BytesIO()
    pq.write_table(pa.table({name: pa.array([cell.get(name) for cell in cells], pa.string()) for name in names}), data)
    by_parquet = SmallReturn(tmp_path / "parquet").data("flags.parquet", data.getvalue(), 2).received().tables["flags"]
    assert by_parquet.to_pylist() == by_csv

    data = io.BytesIO()
    workbook = xlsxwriter.Workbook(data)
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, names)
    for line, cell in enumerate(cells, start=1):
        for place, name in enumerate(names):
            sheet.write_string(line, place, cell.get(name, ""))
    workbook.close()
    by_sheet = SmallReturn(tmp_path / "sheet").data("flags.xlsx", data.getvalue(), 2).received().tables["flags"]
    assert by_sheet.to_pylist() == by_csv


def test_a_formula_in_a_needed_cell_lays_the_row_aside_and_elsewhere_the_value(return_folder):
    data = io.BytesIO()
    workbook = xlsxwriter.Workbook(data)
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, FLAGS.strip().split(","))
    sheet.write_row(1, 0, ["INV01", "F1", "C1", "", "", "cse"])
    sheet.write_formula(1, 7, '="supervisor"', None, "supervisor")
    sheet.write_row(2, 0, ["INV01", "F2", "C1"])
    sheet.write_formula(2, 5, '="cse"', None, "cse")
    workbook.close()
    received = return_folder.data("flags.xlsx", data.getvalue(), 2).received()
    assert own_errors(received, "flags") == {("R17", "added_by_role", 2), ("R17", "flag", 3)}
    assert rows_set_aside(received, "flags") == {3: "R17"}
    assert received.tables["flags"]["added_by_role"].to_pylist() == [None]


def test_a_reader_that_loses_a_row_is_found_out(return_folder, monkeypatch):
    return_folder.rows("flags", *[{"crime_ref": "C1", "flag": "cse"}] * 3)
    whole = delimited_files.DelimitedFile._reader_sql
    monkeypatch.setattr(
        delimited_files.DelimitedFile, "_reader_sql", lambda self, path: f"(from {whole(self, path)} limit 2)"
    )
    with pytest.raises(EvidenceError, match="3 sound records were counted"):
        return_folder.received()


def test_a_sum_that_does_not_come_out_stops_the_return():
    store = store_of(flags=[{"crime_ref": "C1"}] * 2)
    assert reconcile_records(store, [TableReading("flags", "flags.csv", 2)])[0].accepted == 2
    with pytest.raises(EvidenceError, match="3 records were counted in the file, and 2 accepted and 0 set aside"):
        reconcile_records(store, [TableReading("flags", "flags.csv", 3)])


def test_errors_and_remarks_never_hold_what_a_cell_holds(return_folder):
    marker = "zqxmarkerzqx"
    for name, table in contract.tables().items():
        row = {column.name: marker for column in table.columns if column.kind in ("text", "ref", "code", "when", "num")}
        return_folder.rows(name, row, {column.name: f"{marker}\x07" for column in table.columns})
    return_folder.text("flags", FLAGS + f'INV01,F1,"{marker}"{marker}\n{marker}\n', 2)
    received = return_folder.received()
    outside = [received.remarks, received.tables["faults"].to_pylist(), received.tables["counted"].to_pylist(),
               received.tables["completeness"].to_pylist(), received.statements]  # fmt: skip
    assert marker not in str(outside)
    assert marker in str(received.tables["aside"].to_pylist())


def test_nothing_that_was_sent_is_left_lying_about(return_folder, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    return_folder.text("flags", FLAGS + "INV01\n", 1).text(
        "reports", "force_code,report_ref\nINV01\n", 1
    ).received().close()
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_return_without_a_single_table_is_taken_in(return_folder):
    received = return_folder.received()
    assert received.edition_status == "first"
    assert all(received.tables[name].num_rows == 0 for name in contract.tables())


def test_the_letter_can_be_written(return_folder):
    letter = write_letter(return_folder.rows("flags", {"crime_ref": "C1", "flag": "mystery"}).received())
    assert "R16" in letter.csv()
    assert "mystery" not in letter.html() + letter.csv()


CELLS = st.sampled_from(
    ["", " ", "cse", "CSA", "nothing", "INV01", "A", "B", "2026-02-01", "2026-02-01T10:00", "2026-02-01T10:00Z", "01/02/2026",
     "2031-01-01", "supervisor", "error", 'a"b', "a,b", "a\nb", "\x07", "é", "NaN", "=1+1"]
)  # fmt: skip
WIDE = st.one_of(st.lists(CELLS, min_size=11, max_size=11), st.lists(CELLS, min_size=1, max_size=14))


@settings(max_examples=8, deadline=None)
@given(rows=st.lists(WIDE, max_size=8), quote=st.booleans())
def test_whatever_the_cells_hold_every_record_is_accepted_or_set_aside(tmp_path_factory, rows, quote):
    folder = tmp_path_factory.mktemp("any")
    lines = [",".join('"' + c.replace('"', '""') + '"' if quote or "\n" in c else c for c in row) for row in rows]
    received = SmallReturn(folder / "return").text("flags", FLAGS + "\n".join(lines) + "\n", len(rows)).received()
    counts = count(received, "flags")
    assert counts["accepted"] + counts["set_aside"] == counts["records"]
    table = received.tables["flags"]
    assert table.num_rows == counts["accepted"]
    lines_of = table["line"].to_pylist()
    assert lines_of == sorted(set(lines_of))
    resent = SmallReturn(folder / "again").rows("flags", *[_sent_again(row) for row in table.to_pylist()]).received()
    strip = [name for name in table.schema.names if name != "line"]
    assert resent.tables["flags"].select(strip).to_pylist() == table.select(strip).to_pylist()
    received.close()
    resent.close()


def _sent_again(row):
    """The accepted row as a force would send it: a day where it was a day, in local time."""
    from assay.ingest.london_time import local_time

    cells = {name: "" if row[name] is None else row[name] for name in contract.table("flags").column_names}
    for column in contract.table("flags").columns:
        if column.kind == "when" and row[column.name] is not None:
            differs = row[column.name] != row[f"{column.name}_last"]
            minute = local_time(row[column.name]).strftime("%Y-%m-%dT%H:%M")
            cells[column.name] = str(row[f"{column.name}_day"]) if differs else minute
    return cells


def test_the_statements_name_no_file_and_no_place_on_a_machine(return_folder):
    broken = FLAGS + "INV01,F1,C1,,,cse,,,,,\nINV01\n"
    first, second = (return_folder.text("flags", broken, 2).received().statements for _ in range(2))
    assert first == second
    assert any("read_csv('file.csv'" in sql for sql in first)
    assert str(return_folder.folder) not in str(first)


def test_the_same_folder_is_read_the_same_twice(return_folder):
    return_folder.rows("flags", *[{"crime_ref": "C1", "flag": flag} for flag in ("cse", "", "csa", "x")])
    first, second = return_folder.received(), validate_return(return_folder.folder, REQUEST, threads=2)
    for name in first.tables:
        assert first.tables[name].equals(second.tables[name]), name


CRIME = {"crime_ref": "C1", "offence_code": "19D", "outcome_code": "18", "closed_at": "2026-06-20"}


def crimes_received(folder, *rows):
    """The crimes that are left of these rows, and what was set aside and why."""
    received = SmallReturn(folder / "return").rows("crimes", *rows).received()
    kept_errors = {error for error in errors(received, "crimes") if error[0] in ("R12", "R13")}
    return received.tables["crimes"].to_pylist(), rows_set_aside(received, "crimes"), kept_errors


def test_rows_that_a_join_made_are_one_row_with_what_any_of_them_says(tmp_path):
    """A crime on three rows of persons: one lacks the outcome, one writes a time to the second."""
    rows = [CRIME | {"outcome_code": ""}, CRIME | {"recorded_at": "2026-02-02T09:00:00"}, CRIME]
    (crime,), set_aside, errors = crimes_received(tmp_path, *rows)
    assert (crime["line"], crime["outcome_code"], str(crime["closed_at_day"])) == (2, "18", "2026-06-20")
    assert set_aside == {3: "R12", 4: "R12"}
    assert {error[0] for error in errors} == {"R12"}


def test_of_rows_that_contradict_each_other_what_they_agree_in_stays(tmp_path):
    (crime,), set_aside, errors = crimes_received(tmp_path, CRIME, CRIME | {"outcome_code": "16"})
    assert (crime["outcome_code"], str(crime["closed_at_day"])) == (None, "2026-06-20")
    assert set_aside == {3: "R12"}
    assert ("R13", "outcome_code", 2) in errors


def test_rows_that_contradict_each_other_in_what_every_row_needs_are_set_aside(tmp_path):
    """A flag that is one flag on one row and another on the next, under one number."""
    rows = [{"flag_ref": "F1", "crime_ref": "C1", "flag": flag} for flag in ("cse", "csa")]
    received = SmallReturn(tmp_path / "return").rows("flags", *rows).received()
    assert rows_set_aside(received, "flags") == {2: "R13", 3: "R13"}


def test_a_table_with_three_rows_for_each_row_of_a_join_keeps_its_declaration(tmp_path):
    rows = [{"crime_ref": f"C{n}"} for n in (1, 1, 1, 2, 2, 2)]
    received = SmallReturn(tmp_path / "return").rows("crimes", *rows).rows("flags").rows("involvements").received()
    assert received.tables["crimes"].num_rows == 2
    assert [row["complete"] for row in received.tables["covers"].to_pylist() if row["table_name"] == "crimes"] == [True]
    assert {rule for rule, _ in received.error_counts} & {"R58", "R59"} == set()


def test_no_sealed_rating_is_put_together_from_two_rows(tmp_path):
    rows = [{"mark_ref": "M1", "reason": reason} for reason in ("One reason.", "Another.")]
    received = SmallReturn(tmp_path / "return").rows("crimes", {"crime_ref": "C1"}).rows("marks", *rows).received()
    assert rows_set_aside(received, "marks") == {2: "R13", 3: "R13"}


def test_a_text_in_two_spellings_of_one_value_is_no_contradiction(tmp_path):
    rows = [
        {"crime_ref": "C1", "outcome_code": code, "lead_trained": yes} for code, yes in (("018", "yes"), ("18", "YES"))
    ]
    (crime,), set_aside, _ = crimes_received(tmp_path, *rows)
    assert (crime["outcome_code"], crime["lead_trained"], set_aside) == ("18", True, {3: "R12"})
