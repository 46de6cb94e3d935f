"""What is the ratio of two independent estimates, with its interval?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import UsageError
from assay.stats.change_between_estimates import ratio_of_estimates

UNIT_INTERVAL = (1.0, 1.0)


def test_half_as_many_as_before_is_a_fall():
    found = ratio_of_estimates(earlier_interval=(30, 30), later_interval=(15, 15))
    assert (found.low, found.high, found.probability_fell) == pytest.approx((0.5, 0.5, 1.0))


def test_an_interval_even_around_one_is_as_likely_a_fall_as_a_rise():
    assert ratio_of_estimates(UNIT_INTERVAL, (0.5, 2.0)).probability_fell == pytest.approx(0.5)


def test_an_interval_that_ends_at_one_leaves_a_chance_of_a_fortieth():
    assert ratio_of_estimates(UNIT_INTERVAL, (0.25, 1.0)).probability_fell == pytest.approx(0.975, abs=1e-4)


@given(st.floats(0.2, 0.9), st.floats(1.0, 1.5), st.floats(1.0, 1.5))
def test_a_number_that_is_less_surely_known_never_makes_the_answer_surer(middle, narrow, more):
    wide = narrow * more
    sharp, blunt = (ratio_of_estimates((middle / k, middle * k), (0.1, 0.15)) for k in (narrow, wide))
    assert blunt.high - blunt.low >= sharp.high - sharp.low - 1e-12
    assert blunt.probability_fell <= sharp.probability_fell + 1e-12


@pytest.mark.parametrize("wrong", [(0.0, 1.0), (-1.0, 1.0), (2.0, 1.0)])
def test_an_interval_that_is_none_is_refused(wrong):
    with pytest.raises(UsageError, match="lies above zero"):
        ratio_of_estimates(wrong, UNIT_INTERVAL)
