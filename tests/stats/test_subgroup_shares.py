"""Does a part of a sample say of itself, and of its share, what a pencil says?"""

import pytest

from assay.stats.interval_estimates import Answer, unanswered
from assay.stats.samples.stratified_sampling import Stratum
from assay.stats.samples.subgroup_shares import (
    as_simple,
    difference,
    number_in,
    share_of_first,
    share_of_part,
    weighed_share,
)


def test_within_a_band_each_stratum_stands_for_its_records_and_bands_for_theirs():
    low = [Stratum(300, 10, 1), Stratum(100, 10, 3)]  # (300 x 0.1 + 100 x 0.3) / 400 = 0.15
    high = [Stratum(100, 10, 8)]  # 0.8; together (400 x 0.15 + 100 x 0.8) / 500 = 0.28
    found = share_of_part([low, high])
    assert found.value == pytest.approx(0.28)
    assert 0.1 < found.low < 0.28 < found.high < 0.5


def test_a_stratum_without_a_file_counts_as_the_others_of_its_band():
    assert share_of_part([[Stratum(90, 10, 2), Stratum(10, 0, 0)]]).value == pytest.approx(0.2)


def test_a_band_that_nobody_read_is_a_refusal():
    found = share_of_part([[Stratum(90, 10, 2)], [Stratum(5, 0, 0)]])
    assert (found.value, found.low) == (None, None)
    assert "no file of it was read" in found.words


def test_a_number_is_never_below_what_was_found_nor_above_what_is_left():
    strata = [Stratum(12, 10, 4)]
    assert number_in(strata, Answer(0.4, 0.1, 0.9)) == Answer(pytest.approx(4.8), 4.0, 6.0)  # 12 - 10 + 4
    assert number_in([], unanswered("")) == Answer(0.0, 0.0, 0.0)


def test_the_share_of_the_first_part_moves_with_the_limits_of_both():
    found = share_of_first(Answer(30, 20, 40), Answer(10, 10, 10))  # only the first is unsure: 20/30 to 40/50
    assert (found.value, found.low, found.high) == pytest.approx((0.75, 2 / 3, 0.8))
    assert share_of_first(Answer(0, 0, 3), Answer(0, 0, 3)).value is None


def test_a_difference_has_the_distances_of_both_put_together_by_their_squares():
    found = difference(Answer(0.5, 0.46, 0.53), Answer(0.4, 0.37, 0.44))
    assert (found.value, found.low, found.high) == pytest.approx(
        (-0.1, -0.1 - (0.03**2 + 0.03**2) ** 0.5, -0.1 + 0.0565685), abs=1e-6
    )
    assert difference(unanswered("not read"), Answer(0.4, 0.3, 0.5)).words == "not read"


def test_a_file_that_stands_for_more_weighs_more():
    assert weighed_share([1, 0], [3, 1]).value == pytest.approx(0.75)
    assert weighed_share([], []).value is None


def test_a_share_is_worth_as_many_files_as_would_leave_its_interval():
    count, files = as_simple(Answer(0.2, 0.1608, 0.2392), 10_000)  # 0.2 x 0.8 x (1.96 / 0.0392)^2 = 400
    assert (count, files) == (80, 400)
    assert as_simple(Answer(0.2, 0.1608, 0.2392), 50) == (10, 50)
    assert as_simple(unanswered("nothing"), 50) == (0, 0)
