"""Do rules and classifier combine to one answer, and does every text get one?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.indicators.catalogue.attitudes.attitude_lexicon import lexicon
from assay.text import Entry, Phrase, Reader
from assay.text.attitude_reader import BY_SLOTS_FILLED
from assay.text.language_identification import NO_LATIN, other_language

TERMS = lexicon().terms


class Fixed:
    """A classifier that gives what was left with a word in it one score, and others another; never less than rules."""

    def __init__(self, word="window", high=0.9, low=0.1):
        self.word, self.high, self.low, self.questions = word, high, low, []

    def blaming(self, whole, left, rules, taken_out):
        self.questions.append((whole, left, taken_out))
        return np.maximum(self.sentences(left), rules)

    def sentences(self, texts):
        return np.array([self.high if self.word in text else self.low for text in texts])

    unflagged = sentences
    description = "fixed"


def read(text, classifier=None, **more):
    return Reader(TERMS, classifier=classifier, **more).read([text])[0]


def test_without_a_classifier_the_rules_answer_alone():
    answer = read("She is streetwise.")
    assert (answer.blaming, answer.blaming_score, answer.category, answer.voice) == (
        True,
        0.9,
        "adultification",
        "officer",
    )
    assert read("She was seen at school.").blaming_score == 0.0


def test_a_sentence_without_a_term_counts_by_its_score():
    answer = read("She opened the window herself. She was seen at school.", Fixed())
    assert (answer.blaming, answer.blaming_score, answer.category, answer.voice) == (
        True,
        0.9,
        "in_other_words",
        "officer",
    )


@pytest.mark.parametrize(
    "text",
    ["Mother states that she opened the window herself.", "Officers should avoid saying that she opened the window.", "Please amend the wording about the window.", "It was not her fault that the window was open.", "\"She opened the window all by herself that night.\""],
)  # fmt: skip
def test_what_rules_have_seen_to_be_no_view_of_the_police_is_taken_out_before_it_is_scored(text):
    classifier = Fixed()
    assert read(text, classifier).blaming is False
    assert classifier.questions == [((text,), ("",), (1.0,))]


def test_a_denied_term_takes_out_its_own_sentence_and_no_other():
    assert read("She is not promiscuous by the window.", Fixed()).blaming is False
    assert read("She is not promiscuous. She opened the window herself.", Fixed()).blaming is True


def test_the_sentence_that_weighs_most_is_marked_where_no_term_is():
    text = "Seen at school. She opened the window herself. Home by ten."
    (passage,) = read(text, Fixed()).passages
    assert (text[passage.start : passage.end], passage.category) == ("She opened the window herself.", "in_other_words")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The tractor was left unlocked. Its window was broken.", False),  # a thing
        ("The suspect was arrested. He opened the window.", False),  # he is the suspect
        (
            "Mother states that she is at home. The window was left open.",
            False,
        ),  # only another's words speak of a child
        ("The victim was at home. The window was left open.", True),
        ("Found at the flat. She opened the window.", True),
    ],
)
def test_the_classifier_alone_calls_no_text_that_speaks_of_no_child(text, expected):
    answer = read(text, Fixed())
    assert answer.blaming is expected
    assert answer.blaming_score == (0.9 if expected else 0.18)  # a fifth of 0.9


def test_a_listed_term_in_the_police_s_own_words_needs_no_mention_of_a_child():
    assert read("Streetwise. The window was left open.", Fixed()).blaming_score == 0.9


def test_words_of_an_entry_whose_fields_say_who_speaks_are_not_held_against_the_police():
    reader, text = Reader(TERMS, classifier=Fixed(high=1.0)), "She opened the window."
    by_police, by_school = reader.read([text, text], [Entry("officer", "log"), Entry("education", "log")])
    assert (by_police.blaming, by_school.blaming) == (True, False)


def test_a_prompt_alone_is_not_counted_but_two_kinds_of_terms_are_more_than_one():
    assert read("She is a young woman.").blaming is False
    # 1 - (1 - 0.9)(1 - 0.7)
    assert read("IP refuses to engage and is well known to police.").blaming_score == pytest.approx(0.97)


def test_the_classifier_is_given_the_text_as_it_was_typed_and_what_rules_leave_of_it():
    classifier = Fixed()
    read("She was SEEN there. Mother states that she is streetwise.", classifier)
    ((whole, left, taken_out),) = classifier.questions
    assert (whole, left, taken_out) == (
        ("She was SEEN there. Mother states that she is streetwise.",),
        ("She was SEEN there.",),
        (0.5,),
    )


def test_the_classifier_is_given_no_tags():
    classifier = Fixed()
    read("<p>She was SEEN there.</p><br>Mother states that she is streetwise.", classifier)
    ((whole, left, _),) = classifier.questions
    assert whole[0].split() == ["She", "was", "SEEN", "there.", "Mother", "states", "that", "she", "is", "streetwise."]
    assert left[0].strip() == "She was SEEN there."


def test_signs_are_counted_by_kind_where_no_classifier_is():
    signs = {
        "signs": [Phrase("a", ("lift",)), Phrase("b", ("girl",)), Phrase("c", ("older man",)), Phrase("d", ("gave",))],
        "slots": {"a": "more", "b": "child", "c": "adult", "d": "more"},
    }
    assert read("A girl was gave a lift.", **signs).unflagged_score == BY_SLOTS_FILLED[2]
    answer = read("An older man gave a girl a lift.", **signs)
    assert (answer.unflagged, answer.unflagged_score) == (True, BY_SLOTS_FILLED[3])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, "no text"), ("", "empty"), (" \n\t ", "empty"), ("\x00\x07", "empty"), ("...", "empty"), ("<p>&nbsp;</p>", "empty"),
        ("Mae'r ferch wedi dweud wrth yr heddlu nad oedd hi yn gwybod ei fod yno.", "Welsh"), ("\u041e\u043d\u0430 \u0433\u043e\u0432\u043e\u0440\u0438\u0442, \u0447\u0442\u043e \u0435\u0433\u043e \u0442\u0430\u043c \u043d\u0435 \u0431\u044b\u043b\u043e.", "other than Latin"),
        ("Matka powiedzia\u0142a, \u017ce jej nie by\u0142o i \u017ce jest w domu przez ca\u0142y czas, ale nie na pewno.", "Polish"),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_says_so_and_is_neither_yes_nor_no(text, expected):
    answer = read(text)
    assert expected in answer.note
    assert set(answer.as_dict().values()) == {None, answer.note}


@pytest.mark.parametrize(
    "text",
    [
        "MISPER NFA",
        "IP u/k",
        "OP BRACKEN",
        "la la la",
        "Llanelli, Mae Fern seen",
        "Enqs re veh neg. Susp o/s.",
        "Interpreter (Polish) booked for mother, 14:05",
    ],
)
def test_shorthand_and_names_are_not_taken_for_another_language(text):
    assert read(text).note == ""


def test_a_language_is_named_only_where_its_small_words_fill_the_text():
    assert other_language("the officer told her that she was seen in llanelli, y fenni and yn y dref") == ""
    assert (
        other_language("\u4ed6\u8aaa\u904e\u4ed6\u6c92\u6709\u5728\u90a3\u88e1") == NO_LATIN
        or len("\u4ed6\u8aaa\u904e\u4ed6\u6c92\u6709\u5728\u90a3\u88e1") < 12
    )


def test_a_note_of_a_megabyte_is_read_to_its_end():
    answer = read("Officer attended and spoke to staff. " * 30_000 + "She is streetwise.")
    assert answer.blaming is True
    assert [passage.term for passage in answer.passages] == ["streetwise"]


def test_a_note_longer_than_the_most_is_read_so_far_and_says_so(monkeypatch):
    monkeypatch.setattr("assay.text.attitude_reader.MAX_CHARACTERS", 40)
    answer = read("Officer attended and spoke to the staff there. She is streetwise.")
    assert (answer.blaming, "first 40 characters" in answer.note) == (False, True)


WORDS = st.sampled_from(["she", "is", "streetwise", "not", "mother", "states", "that", "\"", "'", "but", ".", "\n", "\n\n", ":", "- ", "suspect", "said", "<b>", "&amp;", "\u201c", "\u201d", "\u2019", "promiscuous", "I agree", "the phrase", "?", ";", "(", "per carer)", "\u0130", "\ufb01", "\u200b", "\x00", "IP refuses to engage"])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=120), st.lists(WORDS, max_size=30).map(" ".join), st.lists(WORDS, max_size=30).map("".join)
    )
)
def test_any_text_at_all_gets_an_answer_whose_places_lie_in_it(text):
    answer = READER.read([text])[0]
    for passage in answer.passages:
        assert 0 <= passage.start < passage.end <= len(text)
        assert all(0 <= start <= end <= len(text) for start, end in passage.evidence)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(WORDS, max_size=12).map(" ".join), min_size=1, max_size=5))
def test_an_answer_does_not_depend_on_what_is_read_beside_it(texts):
    many_texts = texts * (1 + 200 // len(texts))  # so many that a first, quick look is taken
    assert READER.read(many_texts)[: len(texts)] == [READER.read([text])[0] for text in texts]


READER = Reader(TERMS)
