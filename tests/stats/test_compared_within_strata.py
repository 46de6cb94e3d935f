"""Do two groups differ, compared within strata only?"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import survdiff

from assay.stats.stratified_differences import StratumWaits, difference_bounds, e_value, log_rank_test, share_difference


def test_one_stratum_is_the_plain_difference():
    # 12 of 20 and 8 of 40: 0.60 less 0.20.
    found = share_difference([12], [20], [8], [40])
    assert found.value == pytest.approx(0.40)
    # Near the unpooled standard error: sqrt(.6 * .4 / 20 + .2 * .8 / 40) = 0.1265.
    assert found.half / 1.96 == pytest.approx(0.1265, abs=0.002)


def test_a_group_that_lives_where_everybody_is_served_badly_is_not_worse_served():
    # In one force 9 in 10, in the other 1 in 10, the same for both groups; the group lives in the second.
    found = share_difference([9, 9], [10, 90], [81, 1], [90, 10])
    assert found.value == pytest.approx(0)
    assert found.p_value == pytest.approx(1)


def test_a_stratum_with_one_group_reveals_nothing():
    assert share_difference([5, 0], [10, 0], [0, 5], [0, 10]) is None
    assert share_difference([5, 7], [10, 9], [4, 0], [10, 0]).strata == 1


def test_where_everybody_met_it_there_is_no_interval_and_nothing_is_said():
    assert share_difference([5], [5], [9], [9]) is None


counts = st.lists(st.tuples(*[st.integers(0, 9)] * 2, *[st.integers(0, 9)] * 2), min_size=1, max_size=6)


@given(counts)
def test_the_other_way_round_is_the_same_with_the_sign_turned(rows):
    y1, r1, y0, r0 = (np.array(column) for column in zip(*rows, strict=True))
    difference = share_difference(y1, y1 + r1, y0, y0 + r0)
    other = share_difference(y0, y0 + r0, y1, y1 + r1)
    assert (difference is None) == (other is None)
    if difference:
        assert difference.value == pytest.approx(-other.value)
        assert difference.p_value == pytest.approx(other.p_value, abs=1e-9)


def test_intervals_hold_the_truth_as_often_as_they_say():
    # 40 small strata with shares of their own, a difference of 0.1 in each: of 400 samples 380 should hold it.
    draw = np.random.default_rng(7)
    base = draw.uniform(0.2, 0.6, 40)
    n1, n0 = draw.integers(1, 8, 40), draw.integers(3, 20, 40)
    covered = 0
    for _ in range(400):
        found = share_difference(draw.binomial(n1, base + 0.1), n1, draw.binomial(n0, base), n0)
        covered += found.low <= 0.1 <= found.high
    assert 368 <= covered <= 392


def test_the_pace_agrees_with_statsmodels_over_strata_with_ties_and_open_waits():
    draw = np.random.default_rng(3)
    days, group, stratum = draw.integers(1, 12, 200), draw.integers(0, 2, 200), draw.integers(0, 4, 200)
    ended = draw.integers(0, 2, 200)
    chi2, p = survdiff(days, ended, group, strata=stratum)
    found = log_rank_test([StratumWaits(*(x[stratum == s] for x in (days, ended, group)), np.ones((stratum == s).sum()))
                  for s in range(4)])  # fmt: skip
    assert found.p_value == pytest.approx(p, abs=1e-9)
    assert (found.observed - found.expected) ** 2 / found.variance == pytest.approx(chi2, abs=1e-9)


def test_records_counted_together_are_as_records_one_by_one():
    frame = pd.DataFrame({"days": [3, 3, 5, 5, 5, 9], "ended": [1, 1, 0, 1, 1, 1], "group": [1, 0, 1, 0, 0, 1]})
    result = frame.groupby(["days", "ended", "group"]).size().reset_index(name="records")
    single_stratum = log_rank_test([StratumWaits(frame.days, frame.ended, frame.group, np.ones(6))])
    assert log_rank_test([StratumWaits(result.days, result.ended, result.group, result.records)]) == single_stratum


def test_the_pace_of_one_group_alone_is_not_known():
    assert log_rank_test([StratumWaits([1, 2], [1, 1], [1, 1], [1, 1])]) is None


def test_bounds_hold_whichever_group_those_not_recorded_belong_to():
    # 6 of 10 against 12 of 20; of 4 not recorded 3 met. Least: 6/11 - 15/23; most: 9/13 - 12/21.
    low, high = difference_bounds(6, 10, 12, 20, 3, 4)
    assert (low, high) == (pytest.approx(6 / 11 - 15 / 23), pytest.approx(9 / 13 - 12 / 21))


def test_the_e_value_of_published_examples():
    # VanderWeele and Ding, 2017: a risk ratio of 3.9 has 7.26; one of 0.8 is read as 1.25, which has 1.81.
    assert e_value(3.9) == pytest.approx(7.26, abs=0.005)
    assert e_value(0.8) == e_value(1.25) == pytest.approx(1.81, abs=0.005)
    assert e_value(1) == 1
