"""Are figures worded so that nobody reads more into them than they show?"""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.report import number_words
from assay.report.charts.chart_canvas import spread_labels, ticks
from assay.wording import listing_sentences


def test_a_missing_figure_is_said_as_missing_and_never_as_zero():
    assert (
        number_words.whole(None)
        == number_words.percent(None)
        == number_words.decimal(None)
        == number_words.probability_percent(None)
        == "not given"
    )
    assert number_words.interval(None, 0.2) == "not given"
    assert number_words.whole(0) == "0"


def test_a_share_that_is_small_but_not_nothing_is_never_said_as_nothing():
    assert number_words.percent(2 / 5000) == "under 0.1%"
    assert number_words.percent(0.0005001) == "0.1%"
    assert number_words.percent(0.0) == "0.0%"
    assert number_words.whole_percent(0.004) == "under 1%"
    assert number_words.interval(0.0001, 0.0030) == "0.0% to 0.3%"
    assert number_words.interval(0.0001, 0.0004) == "under 0.1%"


def test_a_long_list_of_breaks_goes_on_in_another_sentence():
    sentences = listing_sentences("Breaks lie between", ["a", "b", "c", "d", "e"], "Later breaks")
    assert sentences == "Breaks lie between: a, b and c. Later breaks: d and e."
    assert listing_sentences("A break lies between", ["a"], "Later breaks") == "A break lies between: a."


def test_a_rank_carries_its_interval():
    row = {"rank": 12.2, "rank_low": 5.0, "rank_high": 22.0}
    assert number_words.rank(row, 40) == "12th of 40 (5th to 22nd)"


@pytest.mark.parametrize("missing", ["rank", "rank_low", "rank_high"])
def test_a_rank_without_its_interval_is_not_said(missing):
    row = {"rank": 12.2, "rank_low": 5.0, "rank_high": 22.0, missing: None}
    assert number_words.rank(row, 40) == "not given"


@pytest.mark.parametrize(
    ("number", "ordinal_text"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (21, "21st"),
        (22, "22nd"),
        (101, "101st"),
        (111, "111th"),
    ],
)
def test_ordinals_are_english(number, ordinal_text):
    assert number_words.ordinal(number) == ordinal_text


@given(st.floats(0, 1))
def test_a_chance_is_never_said_as_certain(probability):
    probability_text = number_words.probability_percent(probability)
    assert probability_text.endswith("%")
    assert probability_text not in ("0%", "100%")


@given(st.floats(0, 1))
def test_a_fall_and_a_rise_are_said_alike(probability):
    mirror = {
        "almost certainly fell": "almost certainly rose",
        "very probably fell": "very probably rose",
        "probably fell": "probably rose",
        "neither clearly rose nor clearly fell": "neither clearly rose nor clearly fell",
    }
    mirror |= {rose: falling for falling, rose in mirror.items()}
    if min(abs(probability - edge) for edge in (0.01, 0.1, 0.25, 0.75, 0.9, 0.99)) > 1e-9:
        assert number_words.direction(1 - probability) == mirror[number_words.direction(probability)]


def trend(**changes):
    return {
        "refusal": "",
        "years_apart": 3,
        "probability_fell": 0.89,
        "across_break": False,
        "latest_to": "2025/26 Q3",
        "earlier_to": "2022/23 Q3",
        **changes,
    }


@given(st.floats(0, 1), st.booleans())
def test_the_subject_of_a_trend_is_the_count_and_practice_stands_beside_it(probability, years):
    sentence = number_words.decline_sentence(
        trend(probability_fell=probability, across_break=years), "child sexual offences recorded by police", []
    )
    assert sentence.startswith("The count of ")
    assert "(probability " in sentence
    assert "the years to December 2022 and December 2025" in sentence
    assert ("break" in sentence) if years else ("change in reporting or recording" in sentence)
    assert sentence.count(". ") == 2


def test_a_trend_that_was_refused_gives_the_reason():
    assert (
        number_words.decline_sentence(trend(refusal="Too few."), "x", [])
        == "Whether the count of x fell over three years cannot be said. Too few."
    )


def test_a_break_between_the_two_periods_is_named_beside_it():
    decline_sentence = number_words.decline_sentence(
        trend(), "x", ["pandemic 2020 (from April 2020)", "a new law (from April 2021)"]
    )
    assert "Registered breaks stand between the two: pandemic 2020 (from April 2020) and a new law" in decline_sentence


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        (0.8997, "89%"),
        (0.1003, "11%"),
        (0.29, "29%"),
        (0.9899, "98%"),
        (0.995, "more than 99%"),
    ],
)
def test_a_chance_is_never_rounded_up_across_a_step_of_the_ladder(probability, expected):
    assert number_words.probability_percent(probability) == expected


@given(st.floats(0.01, 0.99))
def test_the_number_and_the_word_of_a_chance_stand_on_the_same_step(probability):
    number = int(number_words.probability_percent(probability).rstrip("%")) / 100
    order = [number_words.direction(p) for p in (0.5, 0.8, 0.92, 0.995, 0.2, 0.08, 0.005)]
    weak = {word: (0 if i == 0 else (i - 1) % 3 + 1) for i, word in enumerate(order)}
    assert weak[number_words.direction(number)] <= weak[number_words.direction(probability)]


def test_a_negative_correction_is_kept_with_a_true_minus_sign():
    assert number_words.whole(-3) == "\u22123"


@given(st.text())
def test_an_anchor_holds_only_what_an_address_may(text):
    assert set(number_words.slug(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@given(st.floats(0, 1e6), st.floats(0.001, 1e6))
def test_axis_steps_are_even_and_hold_the_data(low, span):
    found = ticks(low, low + span)
    steps = [after - before for before, after in itertools.pairwise(found)]
    assert found[0] <= low + span * 1e-6
    assert found[-1] >= (low + span) * (1 - 1e-9)
    assert max(steps) - min(steps) <= max(steps) * 1e-6 + 4 * math.ulp(found[-1])  # as even as a float can say
    assert len(found) <= 13


@given(st.lists(st.floats(0, 300), min_size=1, max_size=10))
def test_labels_do_not_overlap_and_stay_on_the_sheet(wanted_positions):
    placed = spread_labels(sorted(wanted_positions), 20, 0, 300)
    assert all(after - before >= 20 - 1e-6 for before, after in itertools.pairwise(placed))
    assert max(placed) <= 300


def test_one_is_said_in_the_singular_and_none_in_a_word():
    assert number_words.plural(1, "record") == "1 record"
    assert number_words.plural(2, "record") == "2 records"
    assert number_words.plural(0, "record") == "no record"
    assert number_words.plural(1234, "category", "categories") == "1,234 categories"
