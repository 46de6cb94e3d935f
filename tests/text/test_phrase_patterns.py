"""Does a pattern match every variant that it was written for, and no other?"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_phrase_scanner import cut

from assay.errors import DefinitionError
from assay.text import Patterns, Phrase, Scanner, compile_pattern
from assay.text.phrase_finder import Finder
from assay.text.phrase_patterns import WORD

LISTS = {"puts": ["put", "puts", "putting"], "oneself": ["herself", "himself"]}


def found(source, text):
    return [sentence for _, sentence in cut(text, Scanner([Phrase("x", patterns=(compile_pattern(source, LISTS),))]))]


@pytest.mark.parametrize(
    "text", ["puts herself at risk", "PUT\nhimself at further  risk", "putting herself at real risk"]
)
def test_one_line_stands_for_a_dozen_phrases(text):
    assert found("{puts} {oneself} at [further|real] risk", f"She {text}.") == [text]


@pytest.mark.parametrize(
    "text", ["input herself at risk", "puts herself at risky", "puts at risk", "puts herself. at risk"]
)
def test_and_for_no_other(text):
    assert found("{puts} {oneself} at [further|real] risk", text) == []


def test_a_gap_is_up_to_so_many_words_of_one_sentence():
    assert found("brought ~2 on herself", "brought on herself, brought all this on herself") == [
        "brought on herself",
        "brought all this on herself",
    ]
    assert found("brought ~2 on herself", "brought it all back on herself") == []
    assert found("brought ~2 on herself", "brought home. On herself") == []
    assert found("brought ~2 on herself", "brought zoë on herself") == ["brought zoë on herself"]


def test_a_hyphen_may_be_a_blank_or_nothing_and_an_apostrophe_may_be_left_out():
    assert found("street-wise", "streetwise street wise street-wise street\u2011wise") == [
        "streetwise",
        "street wise",
        "street-wise",
        "street\u2011wise",
    ]
    assert found("doesn't care", "doesn't care doesnt care doesn\u2019t care") == [
        "doesn't care",
        "doesnt care",
        "doesn\u2019t care",
    ]


def test_what_may_be_missing_may_stand_first_or_last():
    assert found("[own|free] choice [again]", "own choice, choice again") == ["own choice", "choice", "choice again"]


@pytest.mark.parametrize(
    "source", ["", "[maybe]", "~2 a", "a ~2", "(a|b", "a)", "(a|[b])", "{none}", "a?", "[a] ~1 b", "()"]
)
def test_a_pattern_that_cannot_be_read_is_refused_by_its_own_words(source):
    with pytest.raises(DefinitionError, match="The pattern"):
        compile_pattern(source, LISTS)


SEARCHED = ["she [really] puts {who} at risk", "at risk", "(is|was) not a", "known to ~1 police", "not", "x-ray"]
WORD_LISTS = st.lists(
    st.sampled_from(
        [
            "she",
            "puts",
            "herself",
            "at",
            "risk",
            "is",
            "was",
            "not",
            "a",
            "known",
            "to",
            "the",
            "police",
            "x",
            ",",
            "x-ray",
        ]
    ),
    max_size=14,
)


@given(WORD_LISTS)
def test_a_finder_finds_what_trying_every_pattern_at_every_word_finds(words):
    """The shortcuts by first and needed words change the time alone."""
    text = " ".join(words)
    compiled = Patterns({"who": ["herself", "himself"]})
    patterns = [compiled(source) for source in SEARCHED]
    plainly = [
        (str(number), *found.span())
        for word in WORD.finditer(text)
        for number, pattern in enumerate(patterns)
        if word[0] in pattern.first_words and (found := re.compile(rf"(?:{pattern.regex})\b").match(text, word.start()))
    ]
    assert list(Finder((pattern, str(number)) for number, pattern in enumerate(patterns)).found_in(text)) == plainly
