"""Are the sums inside the likelihood correct, for small and very large arguments?"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from assay.stats.posterior_grid import build_grid, weighted_quantile
from assay.stats.rising_factorial import log_beta, log_rising_factorial


@given(st.floats(-10, 14).map(lambda x: 10.0**x), st.integers(0, 400))
def test_it_is_the_sum_of_its_terms(start, count):
    by_hand = math.fsum(math.log1p(i / start) for i in range(count))
    assert log_rising_factorial(np.array(start), np.array(float(count))) == pytest.approx(by_hand, rel=1e-9, abs=1e-9)


@given(st.floats(-8, 12).map(lambda x: 10.0**x), st.floats(-8, 3).map(lambda x: 10.0**x))
def test_the_beta_function_is_that_of_scipy(first, second):
    """SciPy takes logarithms from one another that are large where the first is, unless it is a million times the second;
    of 10**6 and 0.1 it is wrong in the ninth place (its asymptotic series says 0.8711616409, as we do)."""
    expected = special.betaln(first, second)
    lost = 0.0 if first > 1e6 * max(second, 1) else 4 * np.finfo(float).eps * abs(special.gammaln(first + second))
    found = log_beta(np.array([first]), np.array([second]))[0]
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9 + lost)


def test_of_a_million_and_a_tenth_the_series_is_right():
    """ln B(a, b) = ln G(b) - b ln a + b (1 - b) / 2a, and what follows is below 1e-13 here."""
    series = special.gammaln(0.1) - 0.1 * np.log(1e6) + 0.1 * 0.9 / 2e6
    assert log_beta(np.array([1e6]), np.array([0.1]))[0] == pytest.approx(series, abs=2e-11)


def test_a_row_of_starts_and_a_column_of_counts_give_every_pair():
    starts, counts = np.array([0.01, 7.9, 8.1, 1e6]), np.array([0.0, 3.0, 200.0])
    pairs = [[float(log_rising_factorial(start, count)) for start in starts] for count in counts]
    assert log_rising_factorial(starts, counts[:, None]) == pytest.approx(np.array(pairs))


def test_it_vanishes_as_the_start_grows():
    # count (count - 1) / (2 start) to first order
    assert log_rising_factorial(np.array(1e12), np.array(1000.0)) == pytest.approx(
        1000 * 999 / 2e12, rel=1e-3, abs=1e-12
    )


def test_weighted_quantiles_by_hand():
    # Weights 1/4, 1/2, 1/4 at 1, 2, 3: reached in the middle of each share at 1/8, 1/2, 7/8
    found = weighted_quantile(np.array([3.0, 1.0, 2.0]), np.array([0.25, 0.25, 0.5]), np.array([0.125, 0.5, 0.6875]))
    assert found == pytest.approx([1.0, 2.0, 2.5])


@pytest.mark.parametrize("side", [1, -1])
def test_the_rectangle_is_moved_when_it_closed_in_on_the_wrong_place(side):
    """400 values with mean 3.217 and sd 0.02: at any other mean a far larger sd looks likely, until one looks closely."""

    def model(x, y):
        log_sd = side * y
        squares = 400 * ((x - 3.217) ** 2 + 0.02**2)
        return -400 * log_sd - squares / (2 * np.exp(2 * log_sd)), np.zeros((1, len(x)))

    grid = build_grid(model, (-25, 25), (-12, 12), np.array([True]))
    assert grid.weights @ grid.x == pytest.approx(3.217, abs=1e-5)
    assert grid.weights @ grid.y == pytest.approx(side * np.log(0.02), abs=0.005)
    assert grid.weights @ (grid.x - 3.217) ** 2 == pytest.approx(0.02**2 / 400, rel=0.02)


def test_many_units_do_not_hide_the_true_spread():
    """With 400 units no mean fits well on a coarse grid, and a wide spread looks likely until it is looked at closely."""
    from assay.stats.share_posteriors import share_posterior

    shares = np.random.default_rng(7).beta(12, 48, 400)
    found = share_posterior(np.random.default_rng(8).binomial(300, shares), np.full(400, 300))
    assert found.between_unit_sd.low < shares.std() < found.between_unit_sd.high
