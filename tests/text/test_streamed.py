"""Is every text scored, are the right ones read closely, and is no claim made on the others?"""

import multiprocessing

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.worker_processes import map_batches
from assay.errors import UsageError
from assay.indicators.catalogue.attitudes.attitude_lexicon import lexicon
from assay.text import Entry, Reader
from assay.text.text_cleaning import clean_text, clean_with_positions
from assay.text.text_triage import Funnel, Thresholds, thresholds_for_share

TEXTS = [
    "Officer attended and spoke to staff.",
    "She is streetwise.",
    "She opened the window herself.",
    None,
    "Mae'r ferch wedi dweud wrth yr heddlu nad oedd hi yn gwybod ei fod yno.",
]


class Fixed:
    """Scores by a word: `window` for blame, `lift` for exploitation."""

    description, quick_lines = "fixed", (0.05, 0.05)

    def quick(self, texts):
        return self.sentences(texts), self.unflagged(texts)

    def blaming(self, whole, left, rules, taken_out):
        return np.maximum(self.sentences(left), rules)

    def sentences(self, texts):
        return np.array([0.9 if "window" in text else 0.1 for text in texts])

    def unflagged(self, texts):
        return np.array([0.8 if "lift" in text else 0.1 for text in texts])


def begin():
    models = Fixed()
    return Funnel(Reader(lexicon().terms, classifier=models), models, Thresholds(0.5, 0.5))


def looks():
    return begin().look


def looked_at(texts, entries=None):
    return begin().look(texts, entries).to_pylist()


def test_texts_that_may_hold_a_term_or_score_high_are_read_closely_and_of_others_nothing_is_said():
    rows = looked_at(TEXTS)
    assert [row["blaming_read"] for row in rows] == [False, True, True, False, False]
    assert [row["blaming"] for row in rows] == [None, True, True, None, None]
    assert [row["may_hold_term"] for row in rows] == [False, True, False, None, None]
    assert [row["category"] for row in rows[1:3]] == ["adultification", "in_other_words"]


def test_a_text_that_cannot_be_read_says_why_and_has_no_score():
    rows = looked_at(TEXTS)
    assert "no text" in rows[3]["said"]
    assert "Welsh" in rows[4]["said"]
    assert [(row["quick_blaming"], row["quick_unflagged"]) for row in rows[3:]] == [(None, None), (None, None)]


def test_marks_of_a_web_page_hide_no_term_and_are_no_text():
    rows = looked_at(["<p>She is street<b>wise</b>.</p>", "<p>&nbsp;</p>", "She is\x07streetwise."])
    assert [row["may_hold_term"] for row in rows] == [True, None, True]
    assert rows[1]["said"] == "The text is empty."


@given(st.text(st.sampled_from("ab <>&;/pbr\x00\x85\u00ad\ufb01\u2019\u0130"), max_size=40))
def test_a_text_cleaned_without_its_places_is_the_same_text(text):
    assert clean_text(text) == clean_with_positions(text).text


def test_exploitation_is_asked_of_those_that_score_high_for_it_alone():
    rows = looked_at(["A lift was given.", "She opened the window."])
    assert [(row["unflagged_read"], row["unflagged"]) for row in rows] == [(True, True), (False, None)]
    assert [row["blaming_read"] for row in rows] == [False, True]


def test_what_the_return_says_of_an_entry_is_heard():
    police, school = looked_at(["She opened the window."] * 2, [Entry("officer", "log"), Entry("education", "log")])
    assert (police["blaming"], school["blaming"]) == (True, False)


def test_what_is_read_closely_is_answered_as_if_it_were_read_alone():
    models = Fixed()
    single_answers = Reader(lexicon().terms, classifier=models).read(TEXTS[1:3])
    assert [row["blaming_score"] for row in looked_at(TEXTS)[1:3]] == pytest.approx(
        [answer.blaming_score for answer in single_answers]
    )


@pytest.mark.parametrize("processes", [1, 2])
def test_batches_come_back_in_their_order(processes):
    tables = list(map_batches([TEXTS[:2], TEXTS[2:], []], looks, processes))
    assert [table.num_rows for table in tables] == [2, 3, 0]
    assert [row for table in tables for row in table.to_pylist()] == looked_at(TEXTS)


def test_a_process_that_may_have_no_children_looks_itself(monkeypatch):
    monkeypatch.setitem(multiprocessing.current_process()._config, "daemon", True)  # as in a pool of processes
    assert [table.num_rows for table in map_batches([TEXTS[:2], TEXTS[2:]], looks, processes=2)] == [2, 3]


def test_a_cut_lets_the_share_through_that_was_asked_for_and_never_less_than_the_models_own_line():
    # One text in ten scores 0.9 for blame; of exploitation all score 0.1, so the cut is the line where that is higher.
    sample = ["She opened the window."] + ["Seen at school."] * 9
    assert thresholds_for_share(Fixed(), sample, 0.1) == Thresholds(0.9, 0.1)
    with pytest.raises(UsageError, match="at least one text"):
        thresholds_for_share(Fixed(), [], 0.1)
