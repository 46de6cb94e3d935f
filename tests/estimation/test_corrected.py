"""What is said of two years when each count found another share of what there was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import UsageError
from assay.estimation.corrected import corrected

SAME = ALL = (1.0, 1.0)


def test_a_count_that_stayed_while_the_share_found_doubled_means_half_as_many():
    found = corrected(SAME, found_earlier=(0.3, 0.3), found_later=(0.6, 0.6))
    assert (found.low, found.high) == pytest.approx((0.5, 0.5))
    assert found.probability_fell == 1.0


def test_an_interval_even_around_one_is_as_likely_a_fall_as_a_rise():
    assert corrected((0.5, 2.0), ALL, ALL).probability_fell == pytest.approx(0.5)


def test_an_interval_that_ends_at_one_leaves_a_chance_of_a_fortieth():
    assert corrected((0.25, 1.0), ALL, ALL).probability_fell == pytest.approx(0.975, abs=1e-4)


@given(st.floats(0.2, 0.9), st.floats(1.0, 1.5), st.floats(1.0, 1.5))
def test_a_share_that_is_less_surely_found_never_makes_the_answer_surer(middle, narrow, more):
    wide = narrow * more
    sharp, blunt = (
        corrected((0.7, 0.8), (middle / k, middle * k), (middle / k, middle * k)) for k in (narrow, wide)
    )
    assert blunt.high - blunt.low >= sharp.high - sharp.low - 1e-12
    assert blunt.probability_fell <= sharp.probability_fell + 1e-12


@pytest.mark.parametrize("wrong", [(0.0, 1.0), (-1.0, 1.0), (2.0, 1.0)])
def test_an_interval_that_is_none_is_refused(wrong):
    with pytest.raises(UsageError, match="lies above zero"):
        corrected(SAME, wrong, ALL)
