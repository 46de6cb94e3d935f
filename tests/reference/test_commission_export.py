"""Can somebody take the code lists away and read them?"""

import pytest

from assay import reference

pytestmark = pytest.mark.quick


def test_every_data_file_is_exported_and_every_column_described():
    lists = reference.code_lists()
    described = {(row["file"], row["column"]) for row in reference.data_dictionary()}
    for name, rows in lists.items():
        if name != "dictionary":
            assert {(name, column) for column in rows[0]} == {pair for pair in described if pair[0] == name}


def test_every_column_has_a_meaning():
    assert all(row["meaning"] for row in reference.data_dictionary())


@pytest.mark.parametrize("name", ["children_mid2020", "area_km2"])
def test_a_column_of_numbers_has_a_unit(name):
    assert [row["unit"] for row in reference.data_dictionary() if row["column"] == name] != [""]


def test_no_cell_would_be_read_as_a_formula_by_a_spreadsheet():
    for rows in reference.code_lists().values():
        for row in rows:
            assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())


def test_no_cell_carries_a_long_dash():
    for rows in reference.code_lists().values():
        assert not any("\u2014" in cell for row in rows for cell in row.values())


def test_the_lists_are_copies_that_a_reader_may_change():
    reference.code_lists()["forces"][0]["name"] = "changed"
    reference.data_dictionary()[0]["meaning"] = "changed"
    assert reference.code_lists()["forces"][0]["name"] != "changed"
    assert reference.data_dictionary()[0]["meaning"] != "changed"
