"""Is a word that no list knows told to its sender, and to nobody else, and only if it is a code?"""

import pytest
from sent import Sent

from assay.feedback.data_quality_letter import write_letter as write_letter


@pytest.fixture
def sent(tmp_path):
    return Sent(tmp_path / "return")


def people(sent, *sexes):
    return sent.rows("involvements", *({"sex": sex, "crime_ref": "", "role": "nominal"} for sex in sexes))


def told(received):
    names = ("table_name", "column_name", "word", "rows", "words", "nearest")
    return [tuple(row[name] for name in names) for row in received.tables["unmapped"].to_pylist()]


def test_a_word_in_five_rows_is_told_with_its_count_and_one_in_four_is_counted_only(sent):
    received = people(sent, *["Femme"] * 5, *["Zed"] * 4, "F").received()
    assert told(received) == [
        ("involvements", "sex", "Femme", 5, 1, "F"),  # near to female, which the words in common use know
        ("involvements", "sex", None, 4, 1, ""),
    ]


def test_the_letter_shows_the_word_and_how_to_map_it_and_not_the_seldom_one(sent):
    page = write_letter(people(sent, *["Femme"] * 5, *["Zed"] * 4, "F").received()).html()
    assert "<td>Femme</td>" in page
    assert "1 more word in 4 rows, not shown" in page
    assert "Zed" not in page
    assert "but for words of coded columns" in page


def test_a_word_that_the_mapping_knows_is_not_told(sent):
    people(sent, *["Femme"] * 5)
    (sent.folder / "mapping.toml").write_text('[tables.involvements.values.sex]\nFemme = "F"\n', encoding="utf-8")
    received = sent.received()
    assert told(received) == []
    assert "Words that no list knows" not in write_letter(received).html()


def test_a_wrong_date_or_number_is_never_told_as_a_word(sent):
    sent.rows("involvements", *({"date_of_birth": "spring", "crime_ref": "", "role": "nominal"} for _ in range(9)))
    assert told(sent.received()) == []


def test_the_faults_and_the_list_of_lines_hold_no_word(sent):
    received = people(sent, *["Femme"] * 5, "F").received()
    assert "Femme" not in str(received.tables["faults"].to_pylist()) + write_letter(received).csv()


def test_a_word_that_stands_among_the_names_is_not_shown_however_often(sent):
    """A column of names that was mapped to a list by mistake: the names stand where they belong as well."""
    rows = [{"sex": "Example", "surname": "Example", "crime_ref": "", "role": "nominal"}] * 9
    sent.rows("involvements", *rows, rows[0] | {"sex": "F"})
    assert told(sent.received()) == [("involvements", "sex", None, 9, 1, "")]


@pytest.mark.parametrize("surname", ["Example", "Birch-Example", "Example, Ash"])
def test_a_word_that_holds_a_name_is_not_shown(sent, surname):
    rows = [{"sex": "Ash Example", "surname": surname, "crime_ref": "", "role": "nominal"}] * 9
    sent.rows("involvements", *rows, rows[0] | {"sex": "F"})
    assert told(sent.received()) == [("involvements", "sex", None, 9, 1, "")]


def test_a_column_of_which_no_word_is_known_may_hold_names_and_shows_none(sent):
    received = people(sent, *["Ash Example"] * 9, "").received()
    assert told(received) == [("involvements", "sex", None, 9, 1, "")]
    assert "Ash Example" not in write_letter(received).html()
