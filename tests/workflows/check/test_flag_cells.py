"""Are cells with several flags read part by part, and does a flag that could not be read count as not known?"""

from datetime import date

import pytest

from assay.ingest.extracts.extract_files import read_sheets
from assay.ingest.extracts.split_plan import plan_split
from assay.ingest.extracts.split_tables import split_extract
from assay.workflows.check.checked_extract import examine_extract

HEADINGS = "Crime Number,Offence Code,Date Reported,Date Recorded,Crime Flags"


def checked(path, flags):
    """The counts of an extract of crimes with these cells of flags, ten crimes of each."""
    rows = [
        f'CR/{10 * number + crime:05d}/25,20B,{crime + 1:02d}/05/2025 09:00,{crime + 1:02d}/05/2025 10:00,"{cell}"'
        for number, cell in enumerate(flags)
        for crime in range(10)
    ]
    return counts_of_lines(path, [HEADINGS, *rows])


def counts_of_lines(path, lines):
    """The counts of an extract of these lines."""
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    sheets = read_sheets([path]).sheets
    plan = plan_split(sheets)
    tables = split_extract(sheets, plan)
    return examine_extract("extract", tuple(sheets), (), plan, tables, today=date(2026, 1, 1)).counts.as_dict()


@pytest.mark.parametrize("cell", ["CSE CSA", "CSE and CSA", "CSE - CSA", "CSE-CSA", "CSE; CSA"])
def test_two_flags_in_one_cell_are_two_whatever_stands_between_them(tmp_path, cell):
    found = checked(tmp_path / "crimes.csv", ["CSE", "CSA", "", cell])
    assert found["flags"] == 40
    assert found["measures"]["cse_flagged"] == {"met": 20, "n": 40}


def test_a_space_within_the_name_of_a_flag_does_not_part_it(tmp_path):
    names = ["Child sexual exploitation", "Child sexual abuse", "", "Child sexual exploitation; Child sexual abuse"]
    found = checked(tmp_path / "crimes.csv", names)
    assert found["flags"] == 40
    assert found["measures"]["cse_flagged"] == {"met": 20, "n": 40}


def test_a_crime_whose_flag_could_not_be_read_is_not_known_to_have_none(tmp_path):
    found = checked(tmp_path / "crimes.csv", ["CSE", "CSA", "", "CSE?"])
    assert found["measures"]["cse_flagged"] == {"met": 10, "n": 40, "not_known": 10}


@pytest.mark.parametrize(
    "doubtful",
    ["possible CSE", "CSE declined", "CSE - rejected", "CSE-suspected", "query CSE", "CSA (not CSE), Online"],
)
def test_a_word_beside_a_flag_that_may_doubt_or_deny_it_leaves_it_not_known(tmp_path, doubtful):
    found = checked(tmp_path / "crimes.csv", ["CSE", "CSA", "", doubtful])
    assert found["measures"]["cse_flagged"] == {"met": 10, "n": 40, "not_known": 10}


def test_a_doubtful_cell_leaves_the_cells_of_two_flags_beside_it_read(tmp_path):
    found = checked(tmp_path / "crimes.csv", ["CSE", "CSA", "CSE CSA", "possible CSE"])
    assert found["measures"]["cse_flagged"] == {"met": 20, "n": 40, "not_known": 10}


def test_the_separator_may_differ_from_cell_to_cell(tmp_path):
    found = checked(tmp_path / "crimes.csv", ["CSE, CSA", "CSE/CSA", "CSA; CSE", "CSE + CSA, CCE", ""])
    assert found["flags"] == 90
    assert found["measures"]["cse_flagged"] == {"met": 40, "n": 50}


@pytest.mark.parametrize("other", ["ONLINE", "Online / Internet Enabled", "ONL - Online Crime", "DA - Domestic Abuse"])
def test_a_marker_of_another_matter_leaves_a_crime_without_the_flag_and_the_flag_beside_it_read(tmp_path, other):
    found = checked(tmp_path / "crimes.csv", ["CSE", "CSA", other, f"CSE; {other}"])
    assert found["flags"] == 30
    assert found["measures"]["cse_flagged"] == {"met": 20, "n": 40}


def test_doubt_between_separators_leaves_the_flag_beside_it_not_known(tmp_path):
    found = checked(tmp_path / "crimes.csv", ["CSE; CSA", "CSA; CCE", "", "CSE; suspected"])
    assert found["measures"]["cse_flagged"] == {"met": 10, "n": 40, "not_known": 10}


def test_columns_with_the_date_of_each_flag_say_which_crimes_have_it(tmp_path):
    headings = HEADINGS.replace("Crime Flags", "CSE Flag Date,CSA Flag Date")
    dates = [("03/05/2025", ""), ("04/05/2025", "05/05/2025"), ("", "06/05/2025"), ("", "")]
    rows = [
        f"CR/{10 * number + crime:05d}/25,20B,{crime + 1:02d}/05/2025 09:00,{crime + 1:02d}/05/2025 10:00,{','.join(pair)}"
        for number, pair in enumerate(dates)
        for crime in range(10)
    ]
    found = counts_of_lines(tmp_path / "crimes.csv", [headings, *rows])
    assert found["flags"] == 40
    assert found["measures"]["cse_flagged"] == {"met": 20, "n": 40}
