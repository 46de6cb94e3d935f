"""Is the share of a subgroup of a sample equal to that by hand?"""

import pytest

from assay.stats.interval_estimates import IntervalEstimate, missing_estimate
from assay.stats.samples.stratified_sampling import Stratum
from assay.stats.samples.subgroup_shares import (
    difference,
    equivalent_simple_sample,
    share_in_first_part,
    subgroup_count,
    subgroup_share,
    weighted_share,
)


def test_within_a_band_each_stratum_stands_for_its_records_and_bands_for_theirs():
    low = [Stratum(300, 10, 1), Stratum(100, 10, 3)]  # (300 x 0.1 + 100 x 0.3) / 400 = 0.15
    high = [Stratum(100, 10, 8)]  # 0.8; together (400 x 0.15 + 100 x 0.8) / 500 = 0.28
    found = subgroup_share([low, high])
    assert found.value == pytest.approx(0.28)
    assert 0.1 < found.low < 0.28 < found.high < 0.5


def test_a_stratum_without_a_file_counts_as_the_others_of_its_band():
    assert subgroup_share([[Stratum(90, 10, 2), Stratum(10, 0, 0)]]).value == pytest.approx(0.2)


def test_a_band_that_nobody_read_is_a_refusal():
    found = subgroup_share([[Stratum(90, 10, 2)], [Stratum(5, 0, 0)]])
    assert (found.value, found.low) == (None, None)
    assert "no file of it was read" in found.words


def test_a_number_is_never_below_what_was_found_nor_above_what_is_left():
    strata = [Stratum(12, 10, 4)]
    assert subgroup_count(strata, IntervalEstimate(0.4, 0.1, 0.9)) == IntervalEstimate(
        pytest.approx(4.8), 4.0, 6.0
    )  # 12 - 10 + 4
    assert subgroup_count([], missing_estimate("")) == IntervalEstimate(0.0, 0.0, 0.0)


def test_the_share_of_the_first_part_moves_with_the_limits_of_both():
    found = share_in_first_part(
        IntervalEstimate(30, 20, 40), IntervalEstimate(10, 10, 10)
    )  # only the first is unsure: 20/30 to 40/50
    assert (found.value, found.low, found.high) == pytest.approx((0.75, 2 / 3, 0.8))
    assert share_in_first_part(IntervalEstimate(0, 0, 3), IntervalEstimate(0, 0, 3)).value is None


def test_a_difference_has_the_distances_of_both_put_together_by_their_squares():
    found = difference(IntervalEstimate(0.5, 0.46, 0.53), IntervalEstimate(0.4, 0.37, 0.44))
    assert (found.value, found.low, found.high) == pytest.approx(
        (-0.1, -0.1 - (0.03**2 + 0.03**2) ** 0.5, -0.1 + 0.0565685), abs=1e-6
    )
    assert difference(missing_estimate("not read"), IntervalEstimate(0.4, 0.3, 0.5)).words == "not read"


def test_a_file_that_stands_for_more_weighs_more():
    assert weighted_share([1, 0], [3, 1]).value == pytest.approx(0.75)
    assert weighted_share([], []).value is None


def test_a_share_is_worth_as_many_files_as_would_leave_its_interval():
    count, files = equivalent_simple_sample(
        IntervalEstimate(0.2, 0.1608, 0.2392), 10_000
    )  # 0.2 x 0.8 x (1.96 / 0.0392)^2 = 400
    assert (count, files) == (80, 400)
    assert equivalent_simple_sample(IntervalEstimate(0.2, 0.1608, 0.2392), 50) == (10, 50)
    assert equivalent_simple_sample(missing_estimate("nothing"), 50) == (0, 0)
