"""Does the scanner find every phrase, however it was typed, and nothing else?"""

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plainly import found

from assay.errors import DefinitionError
from assay.text import Phrase, Scanner, fold, plain
from assay.text.normalisation import plain_keeping_case

PHRASES = {
    "lift": ("gave her a lift", "lift"),
    "gave": ("gave her", "her a"),
    "keys": ("the child's keys", "drop-off", "office 12"),
    "fig": ("fig",),
    "caf\u00e9": ("the caf\u00e9", "caf\u00e9 keys"),
}
SCANNER = Scanner([Phrase(key, forms) for key, forms in PHRASES.items()])
WORDS = ["gave", "her", "a", "lift", "the", "child's", "child\u2019s", "keys", "drop-off", "drop\u2011off", "drop\u2013off", "office", "12",
         "\u2461", "\ufb01g", "FIG", "Gave", "li\u00adft", "\uff4c\uff49\uff46\uff54", "caf\u00e9", "cafe\u0301", "lift_", "xlift", "\u00a3", "\u2019\u0301", "\u20ac5", "\u0130", "\u017fig"]  # fmt: skip
JOINTS = [" ", " ", " ", "\n", "  ", " \r\n\t", "\u00a0", "\u2009", "", "-", ".", "\u2019", "\u200b", "\x1e", "\x85"]
TEXTS = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(JOINTS)), max_size=12).map(
    lambda pairs: "".join(word + joint for word, joint in pairs)
)


def hits_by_text(texts, scanner=SCANNER):
    """For each text its hits, as (key, start, end)."""
    hits = [[] for _ in texts]
    for record, key, start, end in scanner.hits(texts).iter_rows():
        hits[record].append((key, start, end))
    return hits


def cut(text, scanner=SCANNER):
    return [(key, text[start:end]) for key, start, end in hits_by_text([text], scanner)[0]]


@settings(max_examples=400, deadline=None)
@given(st.lists(TEXTS, max_size=6))
def test_it_finds_what_a_slow_and_plain_search_finds_and_nothing_else(texts):
    assert hits_by_text(texts) == [found(text, PHRASES) for text in texts]


@settings(deadline=None)
@given(TEXTS)
def test_a_place_cuts_out_of_the_text_as_it_stands_what_folds_to_a_form_of_the_phrase(text):
    for key, start, end in hits_by_text([text])[0]:
        assert " ".join(plain(text[start:end]).split()) in PHRASES[key]


@settings(max_examples=400, deadline=None)
@given(st.lists(TEXTS, max_size=4))
def test_a_column_is_made_plain_as_each_text_alone_but_for_capitals(texts):
    column = plain_keeping_case(pl.Series(texts, dtype=pl.String))
    assert [text.casefold() for text in column] == [plain(text) for text in texts]


@settings(deadline=None)
@given(st.lists(TEXTS, min_size=2, max_size=5))
def test_what_stands_in_one_text_does_not_depend_on_the_others(texts):
    assert hits_by_text(texts) == [hits_by_text([text])[0] for text in texts]


ANY = st.one_of(
    *(
        st.characters(min_codepoint=low, max_codepoint=high)
        for low, high in ((0, 0x5FF), (0x1E00, 0x2FFF), (0xFB00, 0xFB06), (0xFF01, 0xFF5E))
    )
)


@settings(max_examples=400, deadline=None)
@given(st.text(ANY, max_size=40))
def test_a_text_folded_with_its_places_and_without_is_the_same(text):
    folded = fold(text)
    assert folded.text == plain(text)
    assert folded.places is None or len(folded.places) == len(folded.text)


def test_a_phrase_over_two_lines_is_found_with_its_line_end():
    assert ("lift", "gave her\r\n  a lift") in cut("He gave her\r\n  a lift home.")


def test_a_curly_apostrophe_a_hard_blank_a_ligature_and_a_long_hyphen_are_the_plain_ones():
    assert cut("The child\u2019s\u00a0keys") == [("keys", "The child\u2019s\u00a0keys")]
    assert cut("a \ufb01g") == [("fig", "\ufb01g")]
    assert cut("at drop\u2011off") == [("keys", "drop\u2011off")]
    assert cut("a li\u00adft") == [("lift", "li\u00adft")]


def test_capitals_do_not_matter():
    assert cut("GAVE HER") == [("gave", "GAVE HER")]


@pytest.mark.parametrize("text", ["lift", "lift came late", "late came the lift"])
def test_a_phrase_may_begin_and_end_a_text(text):
    assert [key for key, _ in cut(text)] == ["lift"]


@pytest.mark.parametrize("text", ["shoplift", "lifted", "lift_2", "uplift's", "office 123", "caf\u00e9lift"])
def test_a_part_of_a_word_is_no_phrase(text):
    assert cut(text) == []


def test_every_one_of_overlapping_phrases_is_told():
    assert cut("gave her a lift") == [
        ("gave", "gave her"),
        ("lift", "gave her a lift"),
        ("gave", "her a"),
        ("lift", "lift"),
    ]


def test_no_phrase_crosses_from_one_record_into_the_next():
    assert hits_by_text(["gave", "her", "a lift"]) == [[], [], [("lift", 2, 6)]]


def test_a_missing_text_holds_nothing_and_keeps_its_place():
    for texts in (
        ["a", None, "lift"],
        pa.array(["a", None, "lift"]),
        pa.chunked_array([["a", None], ["lift"]]),
        pl.Series(["a", None, "lift"]),
    ):
        assert SCANNER.hits(texts).rows() == [(2, "lift", 0, 4)]
    assert SCANNER.hits(pa.array([], pa.string())).rows() == SCANNER.hits([None]).rows() == []


def test_what_a_form_prints_is_not_what_its_writer_said():
    scanner = Scanner(
        [Phrase("lift", ("lift",)), Phrase("who", ("child by an adult",))],
        templates=["(Was a lift given to the child?)"],
    )
    text = "Was a  LIFT given\nto the child? A lift home."
    assert cut(text, scanner) == [("lift", "lift")]
    assert text.index("lift") == scanner.hits([text])["start"][0]
    assert cut("Was a lift given to the child by an adult?", scanner) == []
    assert cut("A lift was given to the child by an adult", scanner) == [("lift", "lift"), ("who", "child by an adult")]


def test_two_phrases_may_be_said_alike():
    assert cut("lift", Scanner([Phrase("a", ("lift",)), Phrase("b", ("Lift", "lift"))])) == [
        ("a", "lift"),
        ("b", "lift"),
    ]


def test_phrases_by_the_thousand_are_found_as_one_is():
    scanner = Scanner([Phrase(f"k{number}", (f"word {number}",)) for number in range(1200)])
    assert cut("word 7, word 77 and word 1199", scanner) == [
        ("k7", "word 7"),
        ("k77", "word 77"),
        ("k1199", "word 1199"),
    ]


def test_without_a_phrase_nothing_is_found():
    assert Scanner([]).hits(["lift"]).rows() == []


@pytest.mark.parametrize("form", ["", "lift?", "'lift'", "\u00a3 12"])
def test_a_phrase_that_is_not_whole_words_is_refused(form):
    with pytest.raises(DefinitionError, match="must begin and end with a letter or a digit"):
        Scanner([Phrase("odd", (form,))])


class Everything:
    """An engine that takes a closer look at every text."""

    def __init__(self, forms):
        self.forms = forms

    def may_hold(self, texts):
        return pl.repeat(True, len(texts), eager=True)


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=5))
def test_the_first_look_never_loses_a_phrase(texts):
    closer = Scanner([Phrase(key, forms) for key, forms in PHRASES.items()], engine=Everything)
    assert hits_by_text(texts, closer) == hits_by_text(texts)
