"""Does every indicator have the words that follow its share in a sentence?"""

import pytest

from assay.indicators.finding_phrases import finding_phrase, finding_phrases
from assay.indicators.indicator_catalogue import indicators

MOST_WORDS = 16


def test_every_indicator_of_the_catalogue_has_a_phrase_and_no_phrase_is_left_over():
    assert set(finding_phrases()) == {indicator.key for indicator in indicators()}


def test_a_phrase_names_what_is_counted_first_and_is_short():
    phrases = finding_phrases().values()
    assert [phrase for phrase in phrases if not phrase.startswith("of ") or phrase.endswith(".")] == []
    assert [phrase for phrase in phrases if len(phrase.split()) > MOST_WORDS] == []


def test_an_indicator_of_a_plugin_is_stated_by_what_it_counts():
    assert finding_phrase("their_own_measure", "visits") == "of visits"


LIMITS = ("outcome", "no further action", "times or more", "no apparent risk", "named suspect", "judgement", "referral",
          "ever missing", "written investigation plan", "recorded interview", "within 28 days", "at most one",
          "third time", "identified suspect", "arrested or interviewed", "that there is none", "adult")  # fmt: skip


@pytest.mark.parametrize("limit", LIMITS)
def test_a_phrase_keeps_each_limit_that_the_question_sets(limit):
    questions = [form.key for form in indicators() if limit in form.question]
    assert questions
    assert [key for key in questions if limit not in finding_phrases()[key]] == []


def test_no_phrase_says_that_partners_know_a_child_where_a_referral_was_counted():
    assert "known to partners" not in finding_phrases()["exploited_child_shared"]
