"""Do several alike outliers mask one another, and does an outlier keep its own figure?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from scipy.stats import norm

from assay.stats.rates import rate_posterior
from assay.stats.share_posteriors import share_posterior

BASE = 200
SIMILAR_COUNTS = np.array(
    [180, 178, 182, 175, 184, 179, 181, 176, 183, 180, 177, 185, 174, 182, 178, 180, 181, 179, 183, 176]
)


def with_low(number: int):
    """Twenty units near 90 in 100, of which the first few lie at 65."""
    counts = SIMILAR_COUNTS.copy()
    counts[:number] = 130
    return counts, np.full(len(counts), BASE)


@pytest.mark.parametrize("number", [2, 3])
def test_units_that_are_extreme_alike_do_not_hide_one_another(number):
    counts, bases = with_low(number)
    plain, robust = share_posterior(counts, bases), share_posterior(counts, bases, outlier_prior=0.05)
    assert plain.p_values()[:number].min() > 1e-4
    assert robust.p_values()[:number].max() < 1e-6
    assert robust.between_unit_sd.mean < plain.between_unit_sd.mean / 2


def test_where_no_unit_is_extreme_the_answer_is_nearly_that_of_the_plain_model():
    counts, bases = with_low(0)
    plain, robust = share_posterior(counts, bases), share_posterior(counts, bases, outlier_prior=0.05)
    assert robust.mean() == pytest.approx(plain.mean(), abs=0.002)
    assert robust.p_values() == pytest.approx(plain.p_values(), abs=0.02)


def test_a_unit_that_is_none_of_the_others_keeps_its_own_figure_and_a_plain_model_draws_it_in():
    counts, bases = with_low(1)
    robust = share_posterior(counts, bases, outlier_prior=0.05)
    low, high = robust.interval()
    assert robust.mean()[0] == pytest.approx(131 / 202, abs=0.002)
    assert low[0] < 0.65 < high[0]
    assert share_posterior(counts, bases).mean()[0] > robust.mean()[0]


def test_a_chance_of_nothing_is_the_plain_model():
    counts, bases = with_low(3)
    assert (share_posterior(counts, bases, outlier_prior=0.0).mean() == share_posterior(counts, bases).mean()).all()


def test_agrees_with_an_integration_of_its_own():
    """The posterior mean of the first unit by a plain sum over a fine grid of m and s."""
    from scipy import special

    counts, bases = np.array([3, 9, 8, 10, 9, 11]), np.array([20] * 6)
    m, s = (np.linspace(0.5 / 300, 1 - 0.5 / 300, 300) for _ in range(2))
    m, s = (grid.ravel() for grid in np.meshgrid(m, s, indexing="ij"))
    k = 1 / s**2 - 1
    a, b = (m * k)[None, :], ((1 - m) * k)[None, :]
    y, n = counts[:, None], bases[:, None]
    population_weight = 0.8 * np.exp(special.betaln(a + y, b + n - y) - special.betaln(a, b))
    outlier_weight = 0.2 * np.exp(special.betaln(y + 1, n - y + 1))
    weight = np.exp(np.log(population_weight + outlier_weight).sum(axis=0))
    weight /= weight.sum()
    ordinary = population_weight / (population_weight + outlier_weight)
    mean = ordinary * (a + y) / (a + b + n) + (1 - ordinary) * (y + 1) / (n + 2)
    posterior = share_posterior(counts, bases, outlier_prior=0.2)
    assert posterior.mean() == pytest.approx((mean * weight).sum(axis=1), rel=2e-3)


def scattered(number: int, excluded_below: float, bases: int = 2000):
    """Forty units that scatter as chance lets them around a half, and so many that lie four deviations below."""
    deviations = np.append(norm.ppf((np.arange(40) + 0.5) / 40), np.full(number, -4.0))
    counts = np.rint(bases * expit(0.3 * deviations))
    return share_posterior(counts, np.full(len(counts), bases), outlier_prior=0.05, exclusion_p_value=excluded_below)


def test_four_that_fail_alike_are_measured_as_one_alone_would_be():
    one_outlier, hidden, four = scattered(1, 0.01), scattered(4, 0.0), scattered(4, 0.01)
    assert four.excluded.nonzero()[0].tolist() == [40, 41, 42, 43]
    assert four.p_values()[-1] == pytest.approx(one_outlier.p_values()[-1], rel=0.05)
    assert hidden.p_values()[-1] > 10 * one_outlier.p_values()[-1]
    assert four.predictive().expected[-1] == pytest.approx(one_outlier.predictive().expected[-1], abs=1e-4)


def test_one_alone_is_as_extreme_whether_or_not_it_is_excluded_and_the_others_are_measured_without_it():
    included, excluded = scattered(1, 0.0), scattered(1, 0.01)
    assert excluded.p_values()[-1] == pytest.approx(included.p_values()[-1], rel=1e-3)
    assert excluded.p_values()[0] < included.p_values()[0]
    assert excluded.predictive().low[0] > included.predictive().low[0]


def test_where_nobody_is_extreme_nobody_is_excluded():
    assert not scattered(0, 0.001).excluded.any()
    assert (scattered(0, 0.001).p_values() == scattered(0, 0.0).p_values()).all()


def test_where_more_than_a_quarter_are_extreme_nobody_is_excluded():
    counts = np.array([50] * 14 + [0] * 3 + [100] * 3)
    found = share_posterior(counts, np.full(20, 100), exclusion_p_value=0.9)
    assert (found.p_values() < 0.9).sum() > 5
    assert not found.excluded.any()


def test_what_is_excluded_keeps_its_own_figure_and_its_place_among_all():
    included, excluded = scattered(4, 0.0), scattered(4, 0.01)
    assert (included.mean() == excluded.mean()).all()
    assert included.overall == excluded.overall


def test_rates_that_are_extreme_alike_do_not_hide_one_another_either():
    exposures = np.full(43, 100.0)
    counts = np.append(np.rint(500 * np.exp(0.05 * norm.ppf((np.arange(40) + 0.5) / 40))), [640.0] * 3)
    hidden, found = rate_posterior(counts, exposures), rate_posterior(counts, exposures, exclusion_p_value=0.01)
    assert found.excluded.nonzero()[0].tolist() == [40, 41, 42]
    assert found.p_values()[-1] < hidden.p_values()[-1] / 10


def test_nobody_is_excluded_where_the_others_counted_nothing():
    found = rate_posterior([0.0] * 9 + [400.0], [10.0] * 10, exclusion_p_value=0.9)
    assert found.p_values()[-1] < 0.9
    assert not found.excluded.any()


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from([0, 1, 30, 4000])), min_size=5, max_size=9))
@settings(max_examples=40)
def test_whatever_the_counts_are_what_is_left_when_some_are_excluded_can_be_worked_out(units):
    sizes = np.array([size for _, size in units], dtype=float)
    counts = np.minimum([count for count, _ in units], sizes)
    if not sizes.any() or not counts.any():
        return
    for found in (
        share_posterior(counts, sizes, outlier_prior=0.02, exclusion_p_value=0.2),
        rate_posterior(counts, sizes, exclusion_p_value=0.2),
    ):
        p = found.p_values()
        assert ((p >= 0) & (p <= 1)).all()
        assert found.excluded.mean() <= 0.25


def test_where_nothing_is_wrong_far_p_values_stay_about_as_rare_as_they_say():
    """100 worlds of 44 units that differ as the model says: 44 p values below 1 in 100 and 4 below 1 in 1,000 are meant."""
    random = np.random.default_rng(5)
    p = np.concatenate([
        share_posterior(random.binomial(300, random.beta(20, 20, 44)), np.full(44, 300), outlier_prior=0.05,
                        exclusion_p_value=0.01).p_values()
        for _ in range(100)
    ])  # fmt: skip
    assert 25 < (p < 0.01).sum() < 70
    assert (p < 0.001).sum() < 12


@pytest.mark.parametrize("outlying", [0.0, 0.05])
def test_the_p_value_at_another_count_is_that_of_a_unit_that_has_it(outlying):
    counts, bases = with_low(1)
    posterior = share_posterior(counts, bases, outlier_prior=outlying)
    p_values = posterior.p_values_at(np.array([np.full(20, 131), np.full(20, 170)]), bases)
    assert p_values.shape == (2, 20)
    assert posterior.p_values_at(counts, bases) == pytest.approx(posterior.p_values(), rel=1e-9)
    for number, count in enumerate((131, 170)):
        moved = share_posterior(np.array([count, *counts[1:]]), bases, outlier_prior=outlying)
        assert p_values[number, 0] == pytest.approx(moved.p_values()[0], rel=0.01)


def test_the_p_value_at_another_size_is_that_of_a_unit_that_has_it():
    counts, bases = with_low(1)
    p_values = share_posterior(counts, bases, outlier_prior=0.05).p_values_at(np.full(20, 30), np.full(20, 50))
    moved = share_posterior(np.array([30, *counts[1:]]), np.array([50, *bases[1:]]), outlier_prior=0.05)
    assert p_values[0] == pytest.approx(moved.p_values()[0], rel=0.01)
