"""Are a force's own names, forms and words translated, and is what nobody knows told and never guessed?"""

import pytest
from small_return import SmallReturn, count, errors, own_errors

from assay.ingest.date_formats import strptime_format


@pytest.fixture
def small_return(tmp_path):
    return SmallReturn(tmp_path / "return")


def mapped(small_return, text):
    small_return.folder.mkdir(exist_ok=True)
    (small_return.folder / "mapping.toml").write_text(text, encoding="utf-8")
    return small_return


def test_a_file_of_ones_own_is_read_by_its_name_its_delimiter_its_encoding_and_its_columns(small_return):
    text = "FORCE;No;Crime;What;Remark\nINV01;1;C1;Zoë's mark;x\n"
    small_return.data("flags.csv", b"")
    (small_return.folder / "flags.csv").unlink()
    (small_return.folder / "export 7.txt").write_bytes(text.encode("windows-1252"))
    mapped(small_return, """
[tables.flags]
file = "export 7.txt"
delimiter = ";"
encoding = "windows-1252"
columns = {force_code = "FORCE", flag_ref = "No", crime_ref = "Crime", flag = "What"}
values.flag = {"zoë's MARK" = "cse"}
""")  # fmt: skip
    received = small_return.received()
    assert received.tables["flags"].select(["flag_ref", "crime_ref", "flag"]).to_pylist() == [
        {"flag_ref": "1", "crime_ref": "C1", "flag": "cse"}
    ]
    assert "Remark" in " ".join(received.remarks)


def test_a_value_mapped_to_nothing_is_empty_and_no_error(small_return):
    small_return.rows("crimes", {"outcome_code": "not yet known", "lead_trained": "J"})
    mapped(small_return, '[tables.crimes.values]\noutcome_code = {"Not yet known" = ""}\nlead_trained = {j = "yes"}\n')
    received = small_return.received()
    assert own_errors(received, "crimes") == set()
    assert received.tables["crimes"]["outcome_code"].to_pylist() == [None]
    assert received.tables["crimes"]["lead_trained"].to_pylist() == [True]


def test_where_a_form_of_dates_is_declared_another_form_is_no_date(small_return):
    rows = [{"received_at": when} for when in ("03/02/2026", "03/02/2026 10:15", "2026-02-03", "13/13/2026")]
    small_return.rows("reports", *rows)
    mapped(small_return, '[tables.reports]\ndate_form = "DD/MM/YYYY"\ntime_form = "DD/MM/YYYY HH:MM"\n')
    received = small_return.received()
    assert [str(day) for day in received.tables["reports"]["received_at_day"].to_pylist()] == [
        *["2026-02-03"] * 2,
        "None",
        "None",
    ]
    assert own_errors(received, "reports") == {("R16", "received_at", 4), ("R16", "received_at", 5)}


def test_without_a_declared_form_a_day_of_another_form_is_never_guessed(small_return):
    small_return.rows("reports", {"received_at": "2026-02-03"}, {"received_at": "03/02/2026"})
    assert own_errors(small_return.received(), "reports") == {("R16", "received_at", 3)}


@pytest.mark.parametrize(
    ("form", "strptime_text"),
    [("DD/MM/YYYY HH:MM", "%d/%m/%Y %H:%M"), ("DD-MMM-YY", "%d-%b-%y"), ("YYYYMMDD HHMMSS", "%Y%m%d %H%M%S")],
)
def test_mm_is_months_before_the_hours_and_minutes_after(form, strptime_text):
    assert strptime_format(form) == strptime_text


def test_a_log_with_a_column_of_dates_a_kind_becomes_events(small_return):
    small_return.kinds = {"suspect_arrested": '"yes"', "suspect_charged": '"no"'}
    text = "force_code,Crime,Arrested,Charged\nINV01,C1,2026-02-01T10:00,2026-02-09\nINV01,C2,,\nINV01,C3,bad day,\n"
    small_return.text("events", text, 3)
    mapped(small_return, """
[tables.events]
columns.crime_ref = "Crime"
[tables.events.wide]
Arrested = "suspect_arrested"
Charged = "suspect_charged"
""")  # fmt: skip
    received = small_return.received()
    events = received.tables["events"].select(["kind", "crime_ref", "line"]).to_pylist()
    assert events == [
        {"kind": "suspect_arrested", "crime_ref": "C1", "line": 2},
        {"kind": "suspect_charged", "crime_ref": "C1", "line": 2},
    ]
    assert len(set(received.tables["events"]["event_ref"].to_pylist())) == 2
    assert (count(received, "events")["records"], count(received, "events")["set_aside"]) == (3, 1)
    assert ("R16", "happened_at", 4) in errors(received, "events")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[tables.flags]\ncolums = {}\n", "Did you mean columns?"),
        ('[tables.flags]\ncolumns = {flagg = "X"}\n', "Did you mean flag?"),
        ('[tables.flags]\ndelimiter = "tab"\n', "delimiter is one character"),
        ('[tables.flags]\nencoding = "ebcdic"\n', "encoding is one of"),
        ('[tables.flags]\ndate_form = "%d.%m"\n', "date_form is written with"),
        ('[tables.flags.values]\nflag = {x = "csee"}\n', "Did you mean cse?"),
        ("[tables.flags.columns]\nflag = {x = 1}\n", "columns: a value is not text"),
        ('[tables.flags.wide]\nX = "suspect_arrested"\n', "a flag is not in its list"),
    ],
)
def test_a_wrong_mapping_refuses_its_own_table_and_says_what_was_meant(small_return, text, sentence):
    small_return.rows("flags", {"crime_ref": "C1", "flag": "cse"}).rows("reports", {})
    received = mapped(small_return, text).received()
    assert ("R04", "", None) in errors(received, "flags")
    assert sentence in " ".join(received.remarks)
    assert received.tables["reports"].num_rows == 1


def test_only_events_and_flags_may_be_wide_columns_of_a_file(small_return):
    small_return.rows("reports", {})
    received = mapped(small_return, '[tables.reports.wide]\nX = "cse"\n').received()
    assert "wide is for the tables events and flags only" in " ".join(received.remarks)


def test_a_section_that_names_no_table_is_told(small_return):
    small_return.rows("flags", {"crime_ref": "C1", "flag": "cse"})
    received = mapped(small_return, "[tables.flag]\n").received()
    assert "Did you mean flags?" in " ".join(received.remarks)
    assert received.tables["flags"].num_rows == 1


def test_a_column_that_the_file_lacks_may_have_one_value_for_every_row(small_return):
    small_return.data("flags.csv", b"flag_ref,flag,person_ref\n1,cse,N1\n2,csa,N2\n", 2)
    mapped(small_return, '[tables.flags.fixed]\nforce_code = "INV01"\nadded_by_role = "analyst"\n')
    received = small_return.received()
    assert count(received, "flags")["accepted"] == 2
    assert received.tables["flags"]["added_by_role"].to_pylist() == ["analyst", "analyst"]


def test_a_fixed_value_is_held_against_its_list_like_any_other(small_return):
    small_return.data("flags.csv", b"flag_ref,flag\n1,cse\n", 1)
    mapped(small_return, '[tables.flags.fixed]\nforce_code = "INV01"\nadded_by_role = "somebody"\n')
    assert own_errors(small_return.received(), "flags") == {("R16", "added_by_role", 2)}


def test_a_column_that_is_there_cannot_be_fixed(small_return):
    small_return.data("flags.csv", b"force_code,flag_ref,flag\nINV02,1,cse\n", 1)
    mapped(small_return, '[tables.flags.fixed]\nforce_code = "INV01"\n')
    received = small_return.received()
    assert count(received, "flags")["refused_rule"] == "R04"
    assert (
        "flags.csv has the column force_code, which mapping.toml fixes. Leave out one of the two." in received.remarks
    )
