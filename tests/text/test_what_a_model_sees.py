"""What features does a text have after names, numbers and ages are replaced?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.text.classifier import classifier_features
from assay.text.classifier.classifier_features import Features
from assay.text.classifier.concept_features import Concepts
from assay.text.classifier.tokenisation import replace_details, runs, sentences, words

IDEAS = Concepts(
    {"gift": ("present*", "new phone"), "child": ("<child>", "<young>"), "journey": ("lift",)}, {"girl": "<child>"}
)


@pytest.mark.parametrize(
    "spelling", ["aged 15", "15 yo", "15yo", "15 y/o", "15-year-old", "fifteen year old", "15 yrs"]
)
def test_every_way_of_saying_an_age_under_18_is_one_word(spelling):
    assert words(replace_details([f"A pupil, {spelling}, called."])[0]) == ["a", "pupil", "<young>", "called"]


@pytest.mark.parametrize("spelling", ["aged 34", "34 yo", "18-year-old", "forty-two years old", "mid 30s"])
def test_an_age_from_18_is_an_adult(spelling):
    assert "<adult>" in words(replace_details([f"A driver, {spelling}, called."])[0])


def test_a_time_is_no_number_and_a_number_is_no_age():
    assert words(replace_details(["At 23:40hrs 3 cars, then 2 at 2am."])[0]) == [
        "at", "<time>", "<number>", "cars", "then", "<number>", "at", "<time>",
    ]  # fmt: skip


def test_a_capital_in_the_middle_of_a_sentence_is_a_name_and_at_its_start_is_not():
    assert words(replace_details(["Police met Sarah Ann Jones there."])[0]) == ["police", "met", "<name>", "there"]


def test_sentences_end_at_stops_new_lines_and_bullets():
    assert sentences("Called at 9. Seen by Mr Day\n- no reply. \"Left.\" Then home") == [
        "Called at 9.", "Seen by Mr Day", "- no reply.", '"Left.', "Then home",
    ]  # fmt: skip


def test_runs_of_two_words_are_every_pair_of_neighbours():
    assert list(runs(["a", "b", "c"], 2)) == ["a", "b", "c", "a b", "b c"]


def test_an_idea_is_found_by_a_word_a_stem_or_a_run_and_two_in_one_sentence_make_a_pair():
    read = words(replace_details(["The girl had presents and a new phone."])[0], IDEAS.synonyms)
    assert IDEAS.concepts_in(read) == {"child", "gift"}
    assert list(IDEAS.features(read)) == ["=child", "=gift", "=child+gift"]


def test_words_that_only_contain_a_word_of_an_idea_do_not_hold_it():
    assert IDEAS.concepts_in(words("lifted shoplift")) == set()


@settings(deadline=None)
@given(st.lists(st.text(max_size=60), max_size=8))
def test_any_text_gives_one_row_and_the_same_alone_as_among_others(texts):
    look = Features(IDEAS)
    assert classifier_features.quick_rows(texts).shape[0] == look.full(texts).shape[0] == len(texts) if texts else True
    for place, text in enumerate(texts):
        assert (classifier_features.quick_rows([text]) != classifier_features.quick_rows(texts)[place]).nnz == 0


def test_the_name_of_a_feature_leads_to_its_place():
    look = Features(IDEAS)
    row = look.full(["The girl got a lift."])
    place_by_name = {name: place for place, name in look.feature_names("The girl got a lift.")}
    assert place_by_name["=child+journey"] in row.indices
    assert place_by_name["got a lift"] in row.indices
