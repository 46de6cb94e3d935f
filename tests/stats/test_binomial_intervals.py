"""Do the intervals of a share have their nominal properties, and the naive funnel its stated ones?"""

import numpy as np
import pytest
from charge_rates import CHARGED, CLOSED
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from assay.stats.binomial_intervals import jeffreys, mid_p, naive_funnel_z, naive_funnel_z_of_rates, wilson

pytestmark = pytest.mark.quick

COUNTS = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_wilson_by_hand():
    # 9 of 27, z = 1.96: (1/3 + 3.8415/54) / (1 + 3.8415/27) = 0.3541, half width 0.1679
    assert wilson(9, 27) == pytest.approx((0.1864, 0.5218), abs=1e-3)


@given(COUNTS)
def test_wilson_and_jeffreys_agree_with_statsmodels(figures):
    count, base = figures
    assert wilson(count, base) == pytest.approx(proportion_confint(count, base, method="wilson"), abs=1e-9)
    low, high = jeffreys(count, base)
    peer_low, peer_high = proportion_confint(count, base, method="jeffreys")
    assert low == pytest.approx(0.0 if count == 0 else peer_low, abs=1e-9)
    assert high == pytest.approx(1.0 if count == base else peer_high, abs=1e-9)


@given(COUNTS)
def test_the_ends_of_mid_p_leave_two_and_a_half_percent_to_each_side(figures):
    count, base = figures
    low, high = mid_p(count, base)
    half = stats.binom.pmf(count, base, [low, high]) / 2
    if count > 0:
        assert stats.binom.sf(count, base, low) + half[0] == pytest.approx(0.025, abs=1e-8)
    if count < base:
        assert stats.binom.cdf(count - 1, base, high) + half[1] == pytest.approx(0.025, abs=1e-8)
    assert low <= count / base <= high


@pytest.mark.parametrize("interval", [wilson, jeffreys, mid_p])
def test_without_a_base_nothing_is_known(interval):
    assert interval(0, 0) == (0.0, 1.0)


@given(COUNTS, st.sampled_from([wilson, jeffreys, mid_p]))
def test_four_times_the_figures_narrow_the_interval(figures, interval):
    count, base = figures
    low, high = interval(count, base)
    low_4, high_4 = interval(4 * count, 4 * base)
    assert high_4 - low_4 < high - low


def test_a_naive_funnel_would_put_13_of_43_forces_outside_three_sigma():
    z = naive_funnel_z(CHARGED, CLOSED)
    assert (np.abs(z) > 3).sum() == 13
    assert (np.abs(z) > 2).sum() == 24
    assert (z**2).mean() == pytest.approx(11.8, abs=0.05)


def test_the_naive_funnel_of_rates_by_hand():
    # 10 for 1, 30 for 1: pooled 20, so z = -10/sqrt(20), 10/sqrt(20)
    assert naive_funnel_z_of_rates([10, 30], [1, 1]) == pytest.approx([-2.236, 2.236], abs=1e-3)


def test_a_unit_without_a_base_has_no_z():
    assert np.isnan(naive_funnel_z([1, 0], [5, 0])[1])
