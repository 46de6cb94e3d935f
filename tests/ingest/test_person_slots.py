"""Does a slot for a victim that nobody fills stay empty, and is a person made only where the file says something of one?"""

import pytest
from small_return import SmallReturn, count, own_errors, rows_set_aside

ROLE = '[tables.involvements]\nfixed = {force_code = "INV01", role = "victim"}\n'
COLUMNS = """columns.involvement_ref = "CRIME NO"
columns.crime_ref = "CRIME NO"
columns.forenames = "VICTIM_1_FORENAME"
columns.surname = "VICTIM_1_SURNAME"
columns.date_of_birth = "VICTIM_1_DOB"
columns.sex = "VICTIM_1_SEX"
columns.disability = "VICTIM_1_DISABLED"
"""


@pytest.fixture
def return_folder(tmp_path):
    return SmallReturn(tmp_path / "return")


def read(return_folder, rows, mapping=ROLE + COLUMNS):
    """The crimes of which a victim came, and the return, from a flat file with one slot for a victim."""
    return_folder.rows("crimes", *({} for _ in rows))
    head = "CRIME NO,VICTIM_1_FORENAME,VICTIM_1_SURNAME,VICTIM_1_DOB,VICTIM_1_SEX,VICTIM_1_DISABLED,VICTIM_2_SURNAME\n"
    text = head + "".join(f"C{number},{row}\n" for number, row in enumerate(rows, start=1))
    return_folder.text("involvements", text, len(rows))
    (return_folder.folder / "mapping.toml").write_text(mapping, encoding="utf-8")
    received = return_folder.received()
    return received.tables["involvements"]["crime_ref"].to_pylist(), received


@pytest.mark.parametrize("empty", [",,,,", " ,,,,", "NULL,NULL,NULL,NULL,NULL", ",,,,N", "-,-,,U,No", ",,01/01/1900,Unknown,",
                                   "UNKNOWN,UNKNOWN,,,", "n/k,N/K,1900-01-01 00:00:00,,", "None,nan,00/00/0000,,"])  # fmt: skip
def test_an_empty_slot_is_no_victim(return_folder, empty):
    crimes, received = read(return_folder, ["Ash,Example,2010-02-03,F,Yes,", f"{empty},Other", ",Birch,,,,"])
    assert crimes == ["C1", "C3"]
    assert rows_set_aside(received, "involvements") == {}
    assert count(received, "involvements")["records"] == 2
    assert not {rule for rule, _, _ in own_errors(received, "involvements")} & {"R05", "R59"}
    assert any("1 of 3 rows" in remark and "no victim" in remark for remark in received.remarks)


def test_what_fills_empty_slots_is_counted_apart_and_is_for_the_force_to_confirm(return_folder):
    _, received = read(return_folder, [",,,,,", "UNKNOWN,UNKNOWN,,,,", "Ash,,,,,"])
    (remark,) = [remark for remark in received.remarks if "no victim" in remark]
    assert "2 of 3 rows" in remark
    assert "1 of them only a word such as unknown" in remark


def test_a_victim_without_a_name_of_whom_something_is_told_is_a_victim(return_folder):
    """A victim may be known by age or sex alone: missing is not none."""
    crimes, received = read(return_folder, [",,2011-05-06,,,", ",,,F,,", ",,,,,"])
    assert crimes == ["C1", "C2"]
    assert any("1 of 2 hold no name, date of birth, phone number or reference" in remark for remark in received.remarks)


def test_a_word_that_the_mapping_empties_is_no_value(return_folder):
    emptied = ROLE + COLUMNS + 'values.surname = {"No trace" = ""}\n'
    crimes, _ = read(return_folder, [",No trace,,,,", "Ash,No trace,,,,"], emptied)
    assert crimes == ["C2"]


def test_a_table_of_people_with_roles_of_its_own_is_read_as_before(return_folder):
    """A row that a system holds for a person whose details nobody knows is a person (return contract, 5.4)."""
    return_folder.rows("crimes", {})
    return_folder.rows("involvements", {"crime_ref": "C1", "role": "victim"}, {"crime_ref": "C1", "role": "suspect"})
    assert count(return_folder.received(), "involvements")["accepted"] == 2


def test_a_slot_of_which_no_column_is_read_says_nothing_of_emptiness(return_folder):
    only_role = ROLE + 'columns = {involvement_ref = "CRIME NO", crime_ref = "CRIME NO"}\n'
    crimes, _ = read(return_folder, [",,,,,", "Ash,,,,,"], only_role)
    assert crimes == ["C1", "C2"]
