"""Does a name have one normal form, however it was typed?"""

import pytest

from assay.linkage.transliteration import normalised_words


@pytest.mark.parametrize("name", ["O'Brien", "O\u2019Brien", "O\u00b4Brien", "O\uff07Brien", "o`brien"])
def test_every_character_that_stands_for_an_apostrophe_is_left_out(name):
    assert normalised_words(name) == ("obrien",)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("José", ("jose",)),
        ("Jose\u0301", ("jose",)),
        ("Łukasz", ("lukasz",)),
        ("Йорданов", ("iordanov",)),
        ("Jean-Luc", ("jean", "luc")),
        ("\u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f", ("\u0645\u062d\u0645\u062f",)),  # Muhammad, pointed
        ("A\ufe0fda", ("ada",)),
        ("123", ()),
    ],
)
def test_accents_and_optional_points_make_no_other_name(name, words):
    assert normalised_words(name) == words


@pytest.mark.parametrize("name", ["\u0930\u093e\u092e", "\u0b9a\u0bc1\u0bb0\u0bc7\u0bb7\u0bcd", "\u0e1e\u0e25\u0e38"])
def test_vowel_signs_that_spell_a_word_are_kept(name):
    assert normalised_words(name) == (name,)
