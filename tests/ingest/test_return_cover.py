"""Is a cover read as the contract says, and is a wrong one refused with every error in one letter?"""

from datetime import date, datetime

import pyarrow.parquet as pq
import pytest
from small_return import ORGANISATIONS, REQUEST, SmallReturn

from assay.errors import ReturnRefused
from assay.ingest.london_time import is_valid_local_time
from assay.ingest.manifest_checks import form_rows
from assay.ingest.return_manifest import read_return_manifest
from assay.ingest.return_validation import validate_return
from assay.workflows.run.text_stage import printed_lines

pytestmark = pytest.mark.quick


def read_cover(return_folder):
    return_folder.folder.mkdir(exist_ok=True)
    (return_folder.folder / "return.toml").write_text(return_folder.toml(), encoding="utf-8")
    return read_return_manifest(return_folder.folder, REQUEST, ORGANISATIONS)


@pytest.fixture
def return_folder(tmp_path):
    return SmallReturn(tmp_path / "return")


def test_the_cover_says_whose_return_it_is_and_for_which_days(return_folder):
    read = read_cover(return_folder)
    assert (read.force_code, read.edition) == ("INV01", 1)
    assert (read.period_from, read.period_to) == (date(2026, 1, 1), date(2026, 7, 1))


def test_the_extraction_is_universal_time(return_folder):
    assert read_cover(return_folder).extracted_at == datetime(2026, 8, 3, 5, 0)  # 06:00 of British Summer Time


def test_without_history_it_starts_with_the_period(return_folder):
    return_folder.return_keys["history_from"] = ""
    assert read_cover(return_folder).history_from == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("spec_version", '"3.0"', "spec_version must be 2.1"),
        ("request", '"ANOTHER"', "request is not the key of the data request"),
        ("force_code", '"INV99"', "Did you mean INV0"),
        ("period_to", "2026-06-01", "copied from the request"),
        ("history_from", "2026-02-01", "history_from lies after period_from"),
        ("extracted_at", '"2026-06-30T23:59"', "extracted_at lies before period_to"),
        ("extracted_at", '"2026-08-03T06:00Z"', "not a local time"),
        ("extracted_at", '"2027-03-28T01:30"', "not a local time"),
        ("period_from", '"1 January"', "not a day such as"),
        ("edition", "0", "edition is not a whole number from 1"),
        ("contact_post", "", "contact_post is missing"),
    ],
)
def test_a_wrong_cover_refuses_the_return_and_says_why(return_folder, key, value, sentence):
    return_folder.return_keys[key] = value
    with pytest.raises(ReturnRefused, match=sentence) as error:
        read_cover(return_folder)
    assert "R01" in str(error.value)


def test_all_errors_of_a_cover_stand_in_one_letter(return_folder):
    return_folder.return_keys |= {"edition": "", "request": '"X"', "period_to": "2026-06-01"}
    with pytest.raises(ReturnRefused) as error:
        read_cover(return_folder)
    assert all(word in str(error.value) for word in ("edition is missing", "request is not the key", "copied from"))


def test_a_return_without_a_cover_is_refused(tmp_path):
    with pytest.raises(ReturnRefused, match="missing"):
        read_return_manifest(tmp_path, REQUEST, ORGANISATIONS)


def test_a_cover_that_is_not_toml_names_its_line(tmp_path):
    (tmp_path / "return.toml").write_text("[return]\nwhat is this")
    with pytest.raises(ReturnRefused, match=r"return\.toml.*not TOML"):
        read_return_manifest(tmp_path, REQUEST, ORGANISATIONS)


def test_a_table_without_a_section_was_not_supplied_and_no_reason_was_stated(return_folder):
    remark = read_cover(return_folder).table("crimes")
    assert (remark.supplied, remark.reason, remark.complete) == ("none", "not_stated", None)


def test_a_table_that_does_not_say_it_is_complete_is_read_as_not(return_folder):
    return_folder.tables["flags"] = {
        "supplied": '"whole"',
        "system": '"S"',
        "searchable": '"yes"',
        "query": '"q"',
        "rows": "0",
    }
    read = read_cover(return_folder)
    assert read.table("flags").complete is False
    assert any("[tables.flags]: complete is missing" in remark for remark in read.remarks)


def test_a_table_may_have_an_extraction_of_its_own(return_folder):
    return_folder.tables["flags"] = {
        "supplied": '"none"',
        "reason": '"on_paper"',
        "extracted_at": "2026-07-20T08:00:00",
    }
    read = read_cover(return_folder)
    assert read.table("flags").extracted_at == datetime(2026, 7, 20, 7, 0)
    assert read.table("crimes").extracted_at == read.extracted_at


def test_words_that_nobody_knows_are_told_with_the_nearest(return_folder):
    return_folder.tables["crime"] = {"supplied": '"none"', "reason": '"not_held"'}
    return_folder.tables["flags"] = {
        "supplied": '"none"',
        "reason": '"on_papyrus"',
        "columns_not_sent": '{added_role = "not_held"}',
    }
    return_folder.kinds = {"suspect_arested": '"yes"', "crime_recorded": '"yes"', "victim_contacted": '"no"'}
    read = read_cover(return_folder)
    remarks = " ".join(read.remarks)
    assert "Did you mean crimes?" in remarks
    assert "reason is not one of" in remarks
    assert "Did you mean added_by_role?" in remarks
    assert "Did you mean suspect_arrested?" in remarks
    assert dict(read.kinds) == {"victim_contacted": False}


def test_the_hour_that_spring_leaves_out_never_was():
    assert not is_valid_local_time(datetime(2026, 3, 29, 1, 30))
    assert is_valid_local_time(datetime(2026, 3, 29, 2, 0))
    assert is_valid_local_time(datetime(2026, 10, 25, 1, 30))


FORM = '\n[[forms]]\ntitle = "Risk form"\nlines = ["Is the child streetwise?", "Seen by a supervisor on"]\n'


def with_forms(return_folder, text):
    return_folder.folder.mkdir(exist_ok=True)
    (return_folder.folder / "return.toml").write_text(return_folder.toml() + text, encoding="utf-8")
    return read_return_manifest(return_folder.folder, REQUEST, ORGANISATIONS)


def test_the_lines_that_a_force_s_own_forms_print_are_read_and_told_with_the_return(return_folder):
    read = with_forms(return_folder, FORM)
    assert read.remarks == read_cover(return_folder).remarks
    assert form_rows(read) == [
        ("Risk form", 1, "Is the child streetwise?"),
        ("Risk form", 2, "Seen by a supervisor on"),
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (FORM.replace('"Is the child streetwise?"', '"Streetwise"'), "number 1: line 1 has fewer than 3 words"),
        (FORM.replace('title = "Risk form"\n', ""), "number 1: title is missing. The form is not used."),
        ('\n[[forms]]\ntitle = "Risk form"\nlines = "Streetwise"\n', "number 1: lines must be a list of texts"),
        (FORM + FORM.replace("supervisor on", "x" * 301), "number 2: line 2 is longer than 300 characters"),
        ('\n[forms]\ntitle = "Streetwise"\n', "write each form as a section [[forms]]. None is used."),
    ],
)
def test_a_form_that_is_out_of_form_is_told_without_its_words_and_not_used(return_folder, text, sentence):
    usual = read_cover(return_folder).remarks
    read = with_forms(return_folder, text)
    [remark] = [remark for remark in read.remarks if remark not in usual]
    assert sentence in remark
    assert "streetwise" not in remark.casefold()
    assert len(read.forms) == text.count("[[forms]]") // 2


def test_a_stage_finds_the_lines_where_the_return_lies(return_folder, tmp_path):
    return_folder.folder.mkdir()
    (return_folder.folder / "return.toml").write_text(return_folder.toml() + FORM, encoding="utf-8")
    received = validate_return(return_folder.folder, REQUEST, organisations=ORGANISATIONS, threads=1)
    pq.write_table(received.tables["forms"], tmp_path / "forms.parquet")
    assert printed_lines(tmp_path / "forms.parquet") == ("Is the child streetwise?", "Seen by a supervisor on")
    assert printed_lines(tmp_path / "not_there.parquet") == ()
    received.close()
