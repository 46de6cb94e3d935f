"""Are persons who are listed in one cell read as persons?"""

import pytest

from assay.ingest.extracts.listed_facts import expanded_sheet
from assay.ingest.extracts.person_cells import ListedPerson, listed_persons
from ingest.extracts.sheets_by_hand import sheet


@pytest.mark.parametrize(
    ("cell", "persons"),
    [
        ("1. Ann SMITH, F, dob 01/02/2010", [("Ann SMITH", "01/02/2010", "Female", "")]),
        ("Ann Smith (14); Bob Jones (15)", [("Ann Smith", "", "", "14"), ("Bob Jones", "", "", "15")]),
        ("1) JONES, Bob - Male - 3 May 1990 2) Unknown male", [("JONES, Bob", "3 May 1990", "Male", ""), ("Unknown", "", "Male", "")]),
        ("Ann Smith F aged 13\nUnknown", [("Ann Smith", "", "Female", "13"), ("Unknown", "", "", "")]),
        ("1. Yarrow ANVIL, F, dob n/k", [("Yarrow ANVIL", "", "Female", "")]),
        ("SMITH; Ann; F; 01/02/2010", [("SMITH, Ann", "01/02/2010", "Female", "")]),
        ("Ann SMITH; Bea JONES; Cat OAK, F", [("Ann SMITH",), ("Bea JONES",), ("Cat OAK", "", "Female")]),
        ("F 14 W1; ? 12", [("", "", "Female", "14", "W1"), ("", "", "", "12")]),
        ("Ann Smith 14 F; Bob Jones, 12 High Street", [("Ann Smith", "", "Female", "14"), ("Bob Jones, 12 High Street",)]),
    ],
)  # fmt: skip
def test_each_person_of_a_cell_is_read_with_name_birth_sex_and_age(cell, persons):
    assert listed_persons(cell) == tuple(ListedPerson(*facts) for facts in persons)


@pytest.mark.parametrize(
    "cell",
    [
        "unknown males 2",
        "Unknown male 2",
        "Male 2",
        "School Year 9",
        "M, Year 9",
        "Smith, John 1",
        "F, Flat 12, 3 High St",
        "3",
    ],
)
def test_a_number_that_counts_persons_or_names_a_class_or_an_address_is_no_age(cell):
    assert [person.age for person in listed_persons(cell)] == [""]


def test_a_column_of_lists_becomes_columns_for_each_person_and_others_stay():
    expanded = expanded_sheet(sheet("""
        Crime No | Victim(s)                                          | Victim sex
        1/24     | 1. Ann SMITH, F, 01/02/2010; 2. Joe SMITH, M, 2009-03-04 | F
        2/24     |                                                    | M
        3/24     | 1. Unknown                                         | M
    """))  # fmt: skip
    assert expanded.cells.column_names == [
        "Crime No", "Victim 1 name", "Victim 1 DOB", "Victim 1 sex", "Victim 2 name", "Victim 2 DOB", "Victim 2 sex",
        "Victim sex",
    ]  # fmt: skip
    assert expanded.cells["Victim 1 name"].to_pylist() == ["Ann SMITH", None, "Unknown"]
    assert expanded.cells["Victim 2 DOB"].to_pylist() == ["2009-03-04", None, None]


def test_a_column_of_plain_names_or_of_counts_is_left_alone():
    for cells in (("Ann Smith", "Bob Jones"), ("2", "1")):
        cell_sheet = sheet(f"Crime No | Victims\n1/24 | {cells[0]}\n2/24 | {cells[1]}")
        assert expanded_sheet(cell_sheet) is cell_sheet
