"""How probable is it that a rate fell from one small count to another?"""

import numpy as np
import pytest

from assay.stats.level_changes import NOISE_SCALE
from assay.stats.two_count_change import two_count_change


def test_equal_counts_are_as_likely_a_rise_as_a_fall():
    assert two_count_change(7, 7).probability_fell == pytest.approx(0.5)
    assert two_count_change(0, 0).probability_fell == pytest.approx(0.5)


def test_the_smaller_the_later_count_the_surer_the_fall_and_a_zero_is_the_surest():
    probabilities = [two_count_change(16, later).probability_fell for later in (16, 8, 4, 2, 0)]
    assert probabilities == sorted(probabilities)
    assert probabilities[-1] > 0.999


def test_a_rise_is_the_fall_of_the_other_way_round():
    assert two_count_change(5, 12).probability_fell == pytest.approx(1 - two_count_change(12, 5).probability_fell)


def test_it_agrees_with_draws_of_two_rates_and_the_noise():
    draws = np.random.default_rng(3)
    ratio = draws.gamma(4.5, size=400_000) / draws.gamma(12.5, size=400_000)
    ratio *= np.exp(draws.normal(0, NOISE_SCALE, 400_000))
    found = two_count_change(12, 4)
    assert found.probability_fell == pytest.approx((ratio < 1).mean(), abs=0.003)
    assert found.low == pytest.approx(np.quantile(ratio, 0.025) - 1, abs=0.005)
    assert found.high == pytest.approx(np.quantile(ratio, 0.975) - 1, abs=0.02)


def test_many_records_still_vary_beyond_counting():
    assert two_count_change(10_000, 9_900).probability_fell < 0.6
