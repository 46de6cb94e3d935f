"""Is a word that no list knows told to its sender, and to nobody else, and only if it is a code?"""

import pytest
from small_return import SmallReturn

from assay.feedback.force_return_letter import write_letter as write_letter


@pytest.fixture
def return_folder(tmp_path):
    return SmallReturn(tmp_path / "return")


def people(return_folder, *sexes):
    return return_folder.rows("involvements", *({"sex": sex, "crime_ref": "", "role": "nominal"} for sex in sexes))


def unmapped_rows(received):
    names = ("table_name", "column_name", "word", "rows", "words", "nearest")
    return [tuple(row[name] for name in names) for row in received.tables["unmapped"].to_pylist()]


def test_a_word_in_five_rows_is_told_with_its_count_and_one_in_four_is_counted_only(return_folder):
    received = people(return_folder, *["Femme"] * 5, *["Zed"] * 4, "F").received()
    assert unmapped_rows(received) == [
        ("involvements", "sex", "Femme", 5, 1, "F"),  # near to female, which the words in common use know
        ("involvements", "sex", None, 4, 1, ""),
    ]


def test_the_letter_shows_the_word_and_how_to_map_it_and_not_the_seldom_one(return_folder):
    page = write_letter(people(return_folder, *["Femme"] * 5, *["Zed"] * 4, "F").received()).html()
    assert "<td>Femme</td>" in page
    assert "1 more word in 4 rows, not shown" in page
    assert "Zed" not in page
    assert "except words of coded columns" in page


def test_a_word_that_the_mapping_knows_is_not_told(return_folder):
    people(return_folder, *["Femme"] * 5)
    (return_folder.folder / "mapping.toml").write_text(
        '[tables.involvements.values.sex]\nFemme = "F"\n', encoding="utf-8"
    )
    received = return_folder.received()
    assert unmapped_rows(received) == []
    assert "Words that are in no list" not in write_letter(received).html()


def test_a_wrong_date_or_number_is_never_told_as_a_word(return_folder):
    return_folder.rows(
        "involvements", *({"date_of_birth": "spring", "crime_ref": "", "role": "nominal"} for _ in range(9))
    )
    assert unmapped_rows(return_folder.received()) == []


def test_the_errors_and_the_list_of_lines_hold_no_word(return_folder):
    received = people(return_folder, *["Femme"] * 5, "F").received()
    assert "Femme" not in str(received.tables["faults"].to_pylist()) + write_letter(received).csv()


def test_a_word_that_stands_among_the_names_is_not_shown_however_often(return_folder):
    """A column of names that was mapped to a list by mistake: the names stand where they belong as well."""
    rows = [{"sex": "Example", "surname": "Example", "crime_ref": "", "role": "nominal"}] * 9
    return_folder.rows("involvements", *rows, rows[0] | {"sex": "F"})
    assert unmapped_rows(return_folder.received()) == [("involvements", "sex", None, 9, 1, "")]


@pytest.mark.parametrize("surname", ["Example", "Birch-Example", "Example, Ash"])
def test_a_word_that_holds_a_name_is_not_shown(return_folder, surname):
    rows = [{"sex": "Ash Example", "surname": surname, "crime_ref": "", "role": "nominal"}] * 9
    return_folder.rows("involvements", *rows, rows[0] | {"sex": "F"})
    assert unmapped_rows(return_folder.received()) == [("involvements", "sex", None, 9, 1, "")]


def test_a_column_of_which_no_word_is_known_may_hold_names_and_shows_none(return_folder):
    received = people(return_folder, *["Ash Example"] * 9, "").received()
    assert unmapped_rows(received) == [("involvements", "sex", None, 9, 1, "")]
    assert "Ash Example" not in write_letter(received).html()
