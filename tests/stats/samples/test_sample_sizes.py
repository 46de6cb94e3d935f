"""Do sample sizes agree with published ones, and give the stated precision?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from assay.stats.refusals import EstimationRefused
from assay.stats.samples.finite_population import simple_sample_share
from assay.stats.samples.sample_allocation import allocate, allocation_half_width
from assay.stats.samples.sample_sizes import (
    cluster_design_effect,
    files_for_half_width,
    files_for_power,
    half_width,
    power,
    sample_precision,
)


@pytest.mark.parametrize(
    ("points", "population", "files"),
    [(10, None, 96), (10, 300, 73), (10, 100, 49), (5, None, 384), (5, 300, 169), (5, 100, 80)],
)
def test_sizes_are_those_published(points, population, files):
    assert files_for_half_width(points / 100, population) == files


@given(st.floats(0.02, 0.3), st.integers(30, 5000), st.floats(0.1, 0.9))
def test_so_many_files_reach_about_as_far_as_was_wanted_and_never_past_all_there_are(
    wanted_half_width, population, share
):
    files = files_for_half_width(wanted_half_width, population, share)
    assert 1 <= files <= population
    if 20 <= files < population - 20:
        assert half_width(files, population, share) == pytest.approx(wanted_half_width, rel=0.03)


def test_52_files_reach_13_6_points_either_way():
    assert half_width(52) == pytest.approx(1.96 * 0.5 / 52**0.5, abs=1e-4)


def test_all_files_leave_nothing_open():
    assert half_width(80, 80) == 0.0


def test_drawing_ten_files_a_force_with_a_similarity_of_one_tenth_nearly_doubles_the_files():
    assert cluster_design_effect(10, 0.1) == pytest.approx(1.9)
    assert files_for_half_width(0.1, design_effect=1.9) == 182


def test_power_is_the_share_of_samples_whose_interval_lies_below_the_standard():
    below = [simple_sample_share(count, 60).high < 0.9 for count in range(61)]
    assert power(0.75, 0.9, 60) == pytest.approx(stats.binom.pmf(np.arange(61), 60, 0.75) @ below, abs=1e-9)


@given(st.integers(20, 120), st.sampled_from([0.5, 0.7, 0.9]))
@settings(max_examples=25, deadline=None)
def test_a_standard_that_is_met_is_found_missed_no_more_than_once_in_twenty(files, standard):
    assert power(standard - 1e-9, standard, files) <= 0.05


def test_a_hundred_files_tell_80_percent_from_a_standard_of_90():
    files = files_for_power(0.8, 0.9)
    assert power(0.8, 0.9, files) >= 0.8 > power(0.8, 0.9, files - 1)
    assert all(power(0.8, 0.9, more) >= 0.8 for more in range(files, int(1.4 * files)))
    assert files_for_power(0.8, 0.9, population=300) < files


def test_a_share_that_is_the_standard_is_never_told_from_it():
    with pytest.raises(EstimationRefused, match="no number of files"):
        files_for_power(0.9, 0.9)


def test_what_52_files_show():
    precision = sample_precision(52)
    assert precision.maximum_if_none_found == pytest.approx(0.056, abs=5e-4)
    assert power(precision.detectable_below, 0.9, 52) >= 0.8 > power(precision.detectable_below + 0.01, 0.9, 52)


def test_ten_files_tell_no_share_above_the_standard_of_90_from_it():
    assert sample_precision(10).detectable_above is None


amounts = st.lists(st.integers(0, 500), min_size=1, max_size=8).filter(lambda sizes: sum(sizes) > 40)


@given(amounts, st.data())
def test_files_add_up_and_no_stratum_has_more_than_it_holds_or_none(sizes, data):
    files = data.draw(st.integers(2 * len(sizes), 600))
    shared = allocate(files, sizes)
    assert sum(shared) == min(files, sum(sizes))
    assert all(min(size, 2) <= allocated <= size for allocated, size in zip(shared, sizes, strict=True))


def test_files_follow_size_or_size_times_spread():
    assert allocate(60, [100, 200, 300]) == [10, 20, 30]
    assert allocate(60, [100, 100], expected=[0.5, 0.1]) == [38, 22]  # standard deviations 0.5 and 0.3: 37.5, 22.5


def test_a_rare_stratum_gets_its_least_and_what_it_is_oversampled_by():
    assert allocate(20, [90, 9, 1], minimum=2) == [17, 2, 1]
    assert allocate(20, [90, 9, 1], times=[1, 10, 1], minimum=1) == [10, 9, 1]


def test_nobody_expects_a_record_to_differ_and_files_follow_size_all_the_same():
    assert allocate(30, [100, 200], expected=[0.0, 1.0]) == [10, 20]


@given(
    st.lists(st.tuples(st.integers(0, 40), st.floats(0.1, 10)), min_size=1, max_size=9),
    st.integers(0, 3),
    st.integers(1, 120),
)
def test_no_stratum_gets_more_than_it_has_or_less_than_its_least_however_often_it_is_drawn(strata, minimum, files):
    sizes, times = [size for size, _ in strata], [often for _, often in strata]
    if sum(min(minimum, size) for size in sizes) > files:
        with pytest.raises(EstimationRefused, match="too few"):
            allocate(files, sizes, times=times, minimum=minimum)
        return
    shared = allocate(files, sizes, times=times, minimum=minimum)
    assert sum(shared) == min(files, sum(sizes))
    assert all(min(minimum, size) <= allocated <= size for allocated, size in zip(shared, sizes, strict=True))


def test_a_band_where_next_to_nothing_is_expected_is_still_read():
    assert allocate(300, [100_000, 900, 100], expected=[0.0, 0.1, 0.5], minimum=20)[0] == 20


def test_the_spread_that_neyman_follows_is_narrower_than_that_of_equal_shares():
    sizes, expected = [5000, 500, 100], [0.02, 0.2, 0.5]
    best = allocate(200, sizes, expected=expected)
    assert allocation_half_width(sizes, best, expected) < allocation_half_width(sizes, [67, 67, 66], expected)


def test_too_few_files_for_all_strata_are_refused():
    with pytest.raises(EstimationRefused, match="too few"):
        allocate(5, [10, 10, 10])
