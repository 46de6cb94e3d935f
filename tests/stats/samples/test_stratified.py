"""Do the intervals of stratified samples keep their coverage, for ordinary and for rare shares?"""

from functools import cache
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.stats.binomial_intervals import mid_p
from assay.stats.refusals import EstimationRefused
from assay.stats.samples import effective_sample_size, stratified_sampling
from assay.stats.samples.effective_sample_size import effective_limits
from assay.stats.samples.finite_population import count_probabilities, mid_p_limits, simple_sample_share
from assay.stats.samples.stratified_sampling import Stratum, strata_arrays, stratified_share


def every_sample(sizes, sample_sizes, numbers):
    """Each sample that can be drawn from strata holding `numbers`, as (counts, chance)."""
    probabilities = [
        count_probabilities(n, size, k)[:, 0] for size, n, k in zip(sizes, sample_sizes, numbers, strict=True)
    ]
    for counts in product(*(range(n + 1) for n in sample_sizes)):
        yield counts, np.prod([probability[count] for probability, count in zip(probabilities, counts, strict=True)])


def coverage(sizes, sample_sizes, numbers, answers):
    truth = sum(numbers) / sum(sizes)
    sure = 0.0
    for counts, probability in every_sample(sizes, sample_sizes, numbers):
        if counts not in answers:
            strata = [Stratum(*stratum_counts) for stratum_counts in zip(sizes, sample_sizes, counts, strict=True)]
            answers[counts] = stratified_share(strata)
        sure += probability * (answers[counts].low - 1e-12 <= truth <= answers[counts].high + 1e-12)
    return sure


@pytest.mark.parametrize("numbers", [(6, 6, 6), (3, 12, 30), (60, 50, 20), (1, 1, 1), (30, 30, 30)])
def test_strata_read_in_proportion_hold_the_truth_in_at_least_93_samples_of_100(numbers):
    assert coverage([120] * 3, [7] * 3, numbers, {}) >= 0.93


@pytest.mark.parametrize("numbers", [(0, 4, 30), (20, 4, 1), (40, 10, 20), (120, 30, 15)])
def test_strata_read_out_of_proportion_do_too(numbers):
    assert coverage([400, 100, 40], [7] * 3, numbers, {}) >= 0.93


@pytest.mark.parametrize("numbers", [(2, 1, 1), (0, 1, 2), (6, 4, 3), (23, 5, 1)])
def test_small_strata_of_which_much_was_read_do_too(numbers):
    assert coverage([60, 40, 20], [7] * 3, numbers, {}) >= 0.93


BANDS, SAMPLE_SIZES = np.array([180_000, 12_000, 5_000, 2_000, 1_000]), np.array([400, 150, 150, 150, 150])
"""200,000 records by score, the lowest first, and how many files are read of each band."""


@pytest.mark.parametrize(
    "shares",
    [(0, 0.001, 0.005, 0.05, 0.3), (0.0002, 0.002, 0.01, 0.05, 0.2), (0.001, 0.003, 0.01, 0.03, 0.1), (0.002,) * 5],
    ids=["a good score", "an ordinary score", "a poor score", "a score that says nothing"],
)
def test_what_two_records_in_a_thousand_have_is_held_in_at_least_93_samples_of_100(shares, monkeypatch):
    monkeypatch.setattr(stratified_sampling, "mid_p_limits", cache(mid_p_limits))  # bands of one count have one answer
    draws, numbers = 2000, np.round(BANDS * np.array(shares)).astype(int)
    truth = numbers.sum() / BANDS.sum()
    assert 0.0019 < truth < 0.0023
    counts = np.random.default_rng(20).hypergeometric(numbers, BANDS - numbers, SAMPLE_SIZES, size=(draws, len(BANDS)))
    answers = [
        stratified_share([Stratum(*map(int, pair)) for pair in zip(BANDS, SAMPLE_SIZES, row, strict=True)])
        for row in counts
    ]
    assert sum(estimate.low <= truth <= estimate.high for estimate in answers) / draws >= 0.93


def test_the_estimate_is_right_on_average_over_all_samples():
    sizes, sample_sizes, numbers = (12, 6, 3), (4, 3, 2), (3, 4, 1)
    mean = sum(
        weight * stratified_share([Stratum(*pair) for pair in zip(sizes, sample_sizes, counts, strict=True)]).value
        for counts, weight in every_sample(sizes, sample_sizes, numbers)
    )
    assert mean == pytest.approx(8 / 21, abs=1e-9)


def test_a_band_without_a_find_still_adds_what_it_leaves_possible():
    answer = stratified_share([Stratum(100_000, 200, 0), Stratum(1000, 200, 40)])
    assert answer.value == pytest.approx(200 / 101_000)
    assert answer.high > 0.01  # 3.7 of 200 in the lower band are not ruled out


def test_two_strata_by_hand():
    answer = stratified_share([Stratum(300, 30, 6), Stratum(100, 10, 5)])
    assert answer.value == pytest.approx(0.75 * 0.2 + 0.25 * 0.5)


def test_one_stratum_is_a_simple_random_sample():
    assert stratified_share([Stratum(300, 30, 6), Stratum(0, 0, 0)]) == simple_sample_share(6, 30, 300)


def test_strata_read_whole_leave_nothing_open():
    answer = stratified_share([Stratum(10, 10, 2), Stratum(30, 30, 3)])
    assert answer.low == answer.value == answer.high == pytest.approx(5 / 40)


def test_a_stratum_that_nobody_read_is_refused():
    with pytest.raises(EstimationRefused, match="no file in the sample"):
        stratified_share([Stratum(10, 0, 0), Stratum(30, 3, 1)])


def test_no_records_are_refused():
    with pytest.raises(EstimationRefused, match="no records"):
        stratified_share([Stratum(0, 0, 0)])


strata = st.lists(
    st.integers(1, 40).flatmap(
        lambda n: st.tuples(st.integers(n, 20 * n), st.just(n)).flatmap(
            lambda pair: st.builds(Stratum, st.just(pair[0]), st.just(pair[1]), st.integers(0, pair[1]))
        )
    ),
    min_size=1,
    max_size=4,
)


@given(strata)
@settings(max_examples=50, deadline=None)
def test_the_figure_lies_in_its_interval_and_the_interval_between_0_and_1(stratum_counts):
    answer = stratified_share(stratum_counts)
    assert 0 <= answer.low <= answer.value + 1e-9
    assert answer.value - 1e-9 <= answer.high <= 1


@given(strata)
@settings(max_examples=50, deadline=None)
def test_the_order_of_strata_makes_no_difference(stratum_counts):
    assert stratified_share(stratum_counts[::-1]).high == pytest.approx(stratified_share(stratum_counts).high)


def test_equal_shares_are_worth_as_many_files_as_were_read():
    figures = strata_arrays([Stratum(10**9, 20, 5)] * 3)
    assert figures.effective_files == pytest.approx(60, rel=1e-6)


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@settings(deadline=None)
def test_with_half_of_its_own_chance_the_effective_interval_is_mid_p(figures):
    count, files = figures
    previous_weight, effective_sample_size.COUNT_WEIGHT = effective_sample_size.COUNT_WEIGHT, 0.5
    try:
        low, high = effective_limits(np.array([count / files]), np.array([float(files)]))
    finally:
        effective_sample_size.COUNT_WEIGHT = previous_weight
    assert (low[0], high[0]) == pytest.approx(mid_p(count, files), abs=1e-7)
