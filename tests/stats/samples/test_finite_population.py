"""Does the interval of a simple random sample keep its coverage for every population?"""

import numpy as np
import pytest
from coverage_of_intervals import covered
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from assay.stats.binomial_intervals import mid_p, wilson
from assay.stats.refusals import EstimationRefused
from assay.stats.samples.finite_population import (
    count_probabilities,
    mid_p_limits,
    rejected_counts,
    share_if_none_found,
    simple_sample_share,
)

read = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n), st.integers(n + 1, 4 * n + 5)))


def limits(sample_size, population=None):
    def interval(count):
        answer = simple_sample_share(count, sample_size, population)
        return answer.low, answer.high

    return interval


@pytest.mark.parametrize(("sample_size", "mean"), [(30, (0.955, 0.97)), (100, (0.95, 0.965))])
def test_no_share_from_1_to_50_percent_is_held_less_often_than_95_times_in_100(sample_size, mean):
    shares = np.arange(0.01, 0.5005, 0.002)
    coverage = covered(limits(sample_size), sample_size, shares)
    assert coverage.min() >= 0.95 - 1e-6
    assert mean[0] <= coverage.mean() <= mean[1]


@pytest.mark.parametrize(("sample_size", "population"), [(10, 20), (30, 100), (50, 300)])
def test_no_number_in_a_finite_population_is_held_less_often_either(sample_size, population):
    coverage = covered(limits(sample_size, population), sample_size, np.arange(population + 1), population)
    assert coverage.min() >= 0.95 - 1e-9


def test_wilson_falls_under_90_percent_at_30_files_where_ours_does_not():
    shares = np.arange(0.01, 0.5, 0.0005)
    assert covered(lambda count: wilson(count, 30), 30, shares).min() < 0.90
    assert covered(limits(30), 30, shares).min() >= 0.95 - 1e-6


def test_27_group_cases_of_which_9_are_good_leave_18_to_54_percent_open():
    # Blaker's interval for 9 of 27; Clopper and Pearson's is 0.165 to 0.540
    answer = simple_sample_share(9, 27)
    assert (answer.low, answer.high) == pytest.approx((0.1760, 0.5384), abs=1e-4)


@given(read)
@settings(max_examples=40, deadline=None)
def test_the_interval_lies_within_the_exact_one_and_holds_its_own_figure(figures):
    count, sample_size, _ = figures
    answer = simple_sample_share(count, sample_size)
    exact = stats.binomtest(count, sample_size).proportion_ci(method="exact")
    assert exact.low - 1e-6 <= answer.low <= answer.value <= answer.high <= exact.high + 1e-6


@given(read)
@settings(max_examples=40, deadline=None)
def test_what_was_seen_is_always_possible_and_what_was_not_read_is_all_that_is_open(figures):
    count, sample_size, population = figures
    answer = simple_sample_share(count, sample_size, population)
    assert count <= round(answer.low * population, 6)
    assert round(answer.high * population, 6) <= population - sample_size + count


@given(read)
@settings(max_examples=40, deadline=None)
def test_what_is_missing_is_as_sure_as_what_is_there(figures):
    count, sample_size, population = figures
    estimate, missing = (
        simple_sample_share(count, sample_size, population),
        simple_sample_share(sample_size - count, sample_size, population),
    )
    assert (estimate.low, estimate.high) == pytest.approx((1 - missing.high, 1 - missing.low), abs=1e-9)


def test_a_sample_of_everything_leaves_nothing_open():
    answer = simple_sample_share(3, 12, 12)
    assert (answer.value, answer.low, answer.high) == (0.25, 0.25, 0.25)
    assert "nothing is left open" in answer.words


def test_without_a_file_nothing_is_known():
    answer = simple_sample_share(0, 0, 30)
    assert (answer.value, answer.low, answer.high) == (None, 0.0, 1.0)


def test_a_very_large_population_is_as_good_as_none():
    large, unlimited = simple_sample_share(33, 96, 6_000_000), simple_sample_share(33, 96)
    assert (large.low, large.high) == pytest.approx((unlimited.low, unlimited.high), abs=1e-4)


@pytest.mark.parametrize(("count", "sample_size", "population"), [(5, 4, None), (-1, 4, None), (1, 9, 8)])
def test_figures_that_no_sample_can_have_are_refused(count, sample_size, population):
    with pytest.raises(EstimationRefused):
        simple_sample_share(count, sample_size, population)


@pytest.mark.parametrize("population", [13, 250, 40_000])
def test_the_chances_are_those_of_the_hypergeometric_distribution(population):
    number = np.arange(0, population + 1, max(1, population // 9))
    computed = count_probabilities(12, population, number)
    assert computed == pytest.approx(stats.hypergeom.pmf(np.arange(13)[:, None], population, number, 12), abs=1e-10)


@given(read)
@settings(max_examples=30, deadline=None)
def test_a_number_within_the_interval_of_a_count_is_seldom_rejected_by_it_and_none_outside_is_kept(figures):
    count, sample_size, population = figures
    answer = simple_sample_share(count, sample_size, population)
    low, high = round(answer.low * population), round(answer.high * population)
    selected = [k for k in range(population + 1) if not rejected_counts(k, sample_size, population)[count]]
    assert (min(selected), max(selected)) == (low, high)


def test_mid_p_of_a_large_population_is_that_of_none():
    assert mid_p_limits(7, 40, 4_000_000) == pytest.approx(mid_p(7, 40), abs=1e-4)


@given(read)
@settings(max_examples=30, deadline=None)
def test_a_number_just_outside_the_mid_p_limits_has_less_than_two_and_a_half_percent_beyond(figures):
    count, sample_size, population = figures
    low, high = (round(end * population) for end in mid_p_limits(count, sample_size, population))
    half = stats.hypergeom.pmf(count, population, [low - 1, high + 1], sample_size) / 2
    if count > 0:
        assert stats.hypergeom.sf(count, population, low - 1, sample_size) + half[0] <= 0.025 + 1e-9
    if count < sample_size:
        assert stats.hypergeom.cdf(count - 1, population, high + 1, sample_size) + half[1] <= 0.025 + 1e-9


def test_nothing_found_in_52_files_leaves_5_6_percent_possible():
    assert share_if_none_found(52).high == pytest.approx(0.056, abs=5e-4)


def test_nothing_found_in_half_of_a_hundred_files_leaves_four_possible():
    # C(96, 50) / C(100, 50) is 0.0587, C(95, 50) / C(100, 50) is 0.0281
    assert share_if_none_found(50, 100).high == pytest.approx(0.04)


def test_nothing_found_where_nothing_was_read_says_nothing():
    assert share_if_none_found(0).value is None
