"""Do units that are far out alike hide one another, and does one that is none of the others stay with its own figure?"""

import numpy as np
import pytest

from assay.estimation.shares import share_posterior

BASE = 200
ALIKE = np.array([180, 178, 182, 175, 184, 179, 181, 176, 183, 180, 177, 185, 174, 182, 178, 180, 181, 179, 183, 176])


def with_low(number: int):
    """Twenty units near 90 in 100, of which the first few lie at 65."""
    counts = ALIKE.copy()
    counts[:number] = 130
    return counts, np.full(len(counts), BASE)


@pytest.mark.parametrize("number", [2, 3])
def test_units_that_are_far_out_alike_do_not_hide_one_another(number):
    counts, bases = with_low(number)
    plain, robust = share_posterior(counts, bases), share_posterior(counts, bases, outlying=0.05)
    assert plain.p_values()[:number].min() > 1e-4
    assert robust.p_values()[:number].max() < 1e-6
    assert robust.between_unit_sd.mean < plain.between_unit_sd.mean / 2


def test_where_no_unit_is_far_out_the_answer_is_nearly_that_of_the_plain_model():
    counts, bases = with_low(0)
    plain, robust = share_posterior(counts, bases), share_posterior(counts, bases, outlying=0.05)
    assert robust.mean() == pytest.approx(plain.mean(), abs=0.002)
    assert robust.p_values() == pytest.approx(plain.p_values(), abs=0.02)


def test_a_unit_that_is_none_of_the_others_keeps_its_own_figure_and_a_plain_model_draws_it_in():
    counts, bases = with_low(1)
    robust = share_posterior(counts, bases, outlying=0.05)
    low, high = robust.interval()
    assert robust.mean()[0] == pytest.approx(131 / 202, abs=0.002)
    assert low[0] < 0.65 < high[0]
    assert share_posterior(counts, bases).mean()[0] > robust.mean()[0]


def test_a_chance_of_nothing_is_the_plain_model():
    counts, bases = with_low(3)
    assert (share_posterior(counts, bases, outlying=0.0).mean() == share_posterior(counts, bases).mean()).all()


def test_agrees_with_an_integration_of_its_own():
    """The posterior mean of the first unit by a plain sum over a fine grid of m and s."""
    from scipy import special

    counts, bases = np.array([3, 9, 8, 10, 9, 11]), np.array([20] * 6)
    m, s = (np.linspace(0.5 / 300, 1 - 0.5 / 300, 300) for _ in range(2))
    m, s = (grid.ravel() for grid in np.meshgrid(m, s, indexing="ij"))
    k = 1 / s**2 - 1
    a, b = (m * k)[None, :], ((1 - m) * k)[None, :]
    y, n = counts[:, None], bases[:, None]
    of_population = 0.8 * np.exp(special.betaln(a + y, b + n - y) - special.betaln(a, b))
    alone = 0.2 * np.exp(special.betaln(y + 1, n - y + 1))
    weight = np.exp(np.log(of_population + alone).sum(axis=0))
    weight /= weight.sum()
    ordinary = of_population / (of_population + alone)
    mean = ordinary * (a + y) / (a + b + n) + (1 - ordinary) * (y + 1) / (n + 2)
    ours = share_posterior(counts, bases, outlying=0.2)
    assert ours.mean() == pytest.approx((mean * weight).sum(axis=1), rel=2e-3)
