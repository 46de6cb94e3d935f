"""Are the texts of a round selected as stated, with known inclusion probabilities?"""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.errors import UsageError
from assay.text.classifier import classifier_features
from assay.text.classifier.active_learning import (
    AT_RANDOM,
    DIVERSE,
    SEED,
    UNCERTAIN,
    Pool,
    next_round,
    recall_is_reached,
)

POOL_SIZE = 120
WORDS = [first + second for first in ("north", "south", "late", "early", "high") for second in "abcdefgh"]


def pool(labelled=(), seed=1) -> Pool:
    rng = np.random.default_rng(seed)
    done = np.zeros(POOL_SIZE, bool)
    done[list(labelled)] = True
    texts = [" ".join(rng.choice(WORDS, 6)) for _ in range(POOL_SIZE)]
    strata = [("A", "B", "C")[n % 3] for n in range(POOL_SIZE)]
    return Pool(
        rng.uniform(size=POOL_SIZE), strata, rng.uniform(size=POOL_SIZE), classifier_features.quick_rows(texts), done
    )


def test_the_first_round_is_drawn_evenly_from_every_stratum():
    text_pool = pool()
    picks = next_round(text_pool, 30)
    assert Counter(text_pool.strata[pick.row] for pick in picks) == {"A": 10, "B": 10, "C": 10}
    assert {(pick.why, pick.inclusion_probability) for pick in picks} == {(SEED, 10 / 40)}


def test_later_rounds_are_half_unsure_a_quarter_unlike_and_a_quarter_at_random():
    picks = next_round(pool(labelled=range(20)), 40)
    assert Counter(pick.why for pick in picks) == {UNCERTAIN: 20, DIVERSE: 10, AT_RANDOM: 10}
    assert all((pick.inclusion_probability is None) == (pick.why != AT_RANDOM) for pick in picks)


def test_nothing_is_picked_twice_or_labelled_again():
    picks = next_round(pool(labelled=range(20)), 40)
    rows = [pick.row for pick in picks]
    assert len(set(rows)) == len(rows)
    assert min(rows) >= 20


def test_the_least_sure_are_those_nearest_to_a_half():
    text_pool = pool(labelled=range(20))
    picks = next_round(text_pool, 40)
    unsure = {pick.row for pick in picks if pick.why == UNCERTAIN}
    unlabelled = set(range(20, POOL_SIZE)) - {pick.row for pick in picks}
    assert max(abs(text_pool.scores[row] - 0.5) for row in unsure) <= min(
        abs(text_pool.scores[row] - 0.5) for row in unlabelled
    )


def test_of_texts_that_hold_nothing_or_one_word_none_is_unlike_and_a_round_is_full():
    for text in ("", "north"):
        text_pool = replace(pool(labelled=range(20)), rows=classifier_features.quick_rows([text] * POOL_SIZE))
        assert Counter(pick.why for pick in next_round(text_pool, 40)) == {UNCERTAIN: 30, AT_RANDOM: 10}


def test_a_fifth_of_every_kind_of_pick_is_labelled_by_two():
    picks = next_round(pool(labelled=range(20)), 40)
    assert Counter(pick.why for pick in picks if pick.people == 2) == {UNCERTAIN: 4, DIVERSE: 2, AT_RANDOM: 2}


def test_over_many_seeds_each_text_is_drawn_as_often_as_its_chance_says():
    draw_counts = Counter(pick.row for seed in range(400) for pick in next_round(pool(seed=seed), 30))
    share = np.array([draw_counts[row] / 400 for row in range(POOL_SIZE)])
    assert share.mean() == pytest.approx(0.25)
    assert np.abs(share - 0.25).max() < 4.5 * np.sqrt(0.25 * 0.75 / 400)


def test_one_text_that_is_left_is_picked():
    assert len(next_round(pool(labelled=range(POOL_SIZE - 1)), 4)) == 1


def test_texts_that_are_all_the_same_are_picked_without_a_warning():
    text_pool = replace(pool(labelled=range(20)), rows=classifier_features.quick_rows(["north south late"] * POOL_SIZE))
    assert len(next_round(text_pool, 40)) <= 40


@settings(deadline=None, max_examples=20)
@given(st.integers(4, 200), st.integers(0, POOL_SIZE))
def test_a_round_is_as_large_as_asked_or_as_there_are_texts_left(size, done):
    assert len(next_round(pool(labelled=range(done)), size)) <= min(size, POOL_SIZE - done)


def test_a_round_that_is_too_small_for_each_way_of_picking_is_refused():
    with pytest.raises(UsageError, match="at least 4"):
        next_round(pool(), 3)


def test_labelling_may_stop_when_the_lower_limit_of_recall_is_reached():
    assert not recall_is_reached(9, 1, 0.7)  # Wilson's lower limit of 9 in 10 is 0.60
    assert recall_is_reached(90, 10, 0.8)  # of 90 in 100 it is 0.83
