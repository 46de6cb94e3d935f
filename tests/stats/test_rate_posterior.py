"""Is the posterior of rates correct, by every way to compute it?"""

import numpy as np
import pytest
from charge_rates import FORCES
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special, stats

from assay.stats.rates import rate_posterior
from assay.stats.refusals import EstimationRefused

COUNTS = [4, 0, 12, 7, 30, 9, 2]
EXPOSURES = [10.0, 8.0, 14.0, 11.0, 25.0, 9.0, 12.0]


def log_posterior(log_shape, log_rate, counts, exposures):
    """The model in (log shape, log rate) of the gamma: the mean is shape / rate, v is shape^(-1/2)."""
    shape, rate = np.exp(log_shape), np.exp(log_rate)
    v = shape**-0.5
    # v / (1 + v) uniform: density 1 / (1 + v)^2 in v; dv = v/2 dlog(shape); log mean is flat, d log m = d log rate.
    prior = np.log(v) - 2 * np.log1p(v)
    likelihood = special.gammaln(shape + counts) - special.gammaln(shape)
    likelihood += shape * np.log(rate / (rate + exposures)) - counts * np.log(rate + exposures)
    return prior + likelihood.sum()


def independently(counts, exposures, integrand):
    counts, exposures = np.asarray(counts, float), np.asarray(exposures, float)
    top = max(
        log_posterior(x, x + y, counts, exposures) for x in np.linspace(-2, 9, 45) for y in np.linspace(-4, 4, 33)
    )

    def integral(integrand):
        def inside(y, x):
            return integrand(np.exp(x), np.exp(y)) * np.exp(log_posterior(x, y, counts, exposures) - top)

        return integrate.dblquad(inside, -6, 18, lambda x: x - 3, lambda x: x + 3, epsabs=1e-8, epsrel=1e-6)[0]

    return integral(integrand) / integral(lambda a, b: 1.0)


def test_rates_agree_to_three_digits_with_an_independent_integration():
    posterior = rate_posterior(COUNTS, EXPOSURES)
    low, high = posterior.interval()
    for unit in (0, 1, 4):
        y, e = COUNTS[unit], EXPOSURES[unit]
        mean = independently(COUNTS, EXPOSURES, lambda a, b, y=y, e=e: (a + y) / (b + e))
        assert posterior.mean()[unit] == pytest.approx(mean, rel=5e-4)
        for end, level in ((low[unit], 0.025), (high[unit], 0.975)):
            expected = independently(
                COUNTS, EXPOSURES, lambda a, b, y=y, e=e, end=end: special.gammainc(a + y, (b + e) * end)
            )
            assert expected == pytest.approx(level, abs=5e-4)


def test_the_prediction_of_a_unit_is_the_negative_binomial_summed_count_by_count():
    posterior = rate_posterior(COUNTS, EXPOSURES)
    unit, count, exposure = 4, 30, 25.0
    weights = posterior.grid.leave_one_out_weights[unit]
    shape, mean = np.exp(-2 * posterior.grid.y), np.exp(posterior.grid.x)
    counts = np.arange(600)[:, None]
    probabilities = stats.nbinom.pmf(counts, shape, shape / (shape + exposure * mean)) @ weights
    lower = probabilities[:count].sum() + probabilities[count] / 2
    predicted = posterior.predictive()
    assert predicted.p_value[unit] == pytest.approx(2 * min(lower, 1 - lower), abs=3e-4)
    assert predicted.low[unit] == np.searchsorted(np.cumsum(probabilities), 0.025) / exposure
    assert predicted.high[unit] == pytest.approx(np.searchsorted(np.cumsum(probabilities), 0.975) / exposure, abs=0.041)


def test_an_exposure_in_other_units_gives_the_same_rates_in_other_units():
    offences = [figures[0] for figures in FORCES.values()]
    children = np.linspace(1e5, 9e5, 43)
    per_child, thousands = rate_posterior(offences, children), rate_posterior(offences, children / 1000)
    assert per_child.mean() * 1000 == pytest.approx(thousands.mean(), rel=1e-6)
    assert per_child.predictive().p_value == pytest.approx(thousands.predictive().p_value, abs=1e-6)
    assert per_child.between_unit_cv.mean == pytest.approx(thousands.between_unit_cv.mean, rel=1e-4)


def test_the_spread_between_rates_is_found_again():
    rates = np.random.default_rng(3).gamma(25, 4 / 25, 300)  # mean 4, sd 4/5
    counts = np.random.default_rng(4).poisson(rates * 50)
    posterior = rate_posterior(counts, np.full(300, 50.0))
    assert posterior.between_unit_sd.low < rates.std() < posterior.between_unit_sd.high
    assert posterior.overall.low < rates.mean() < posterior.overall.high


def test_a_unit_without_exposure_is_described_by_the_population():
    posterior = rate_posterior([*COUNTS, 0], [*EXPOSURES, 0.0])
    assert posterior.mean()[-1] == pytest.approx(posterior.overall.mean, rel=2e-3)


@pytest.mark.parametrize(
    ("counts", "exposures", "word"),
    [
        ([1, 2, 3], [1, 1, 1], "too few"),
        ([1, 2, 3, 4, -5], [9] * 5, "negative"),
        ([0] * 6, [9] * 6, "Every count is zero"),
        ([1] * 5, [0, 1, 1, 1, 1], "no exposure"),
    ],
)
def test_what_cannot_be_estimated_is_refused_with_a_sentence(counts, exposures, word):
    with pytest.raises(EstimationRefused, match=word):
        rate_posterior(counts, exposures)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 300), st.floats(0.5, 50)), min_size=6, max_size=10), st.integers(0, 5))
def test_the_order_of_units_does_not_matter(rows, turn):
    counts, exposures = np.array(rows).T
    counts[0] += 1
    straight = rate_posterior(counts, exposures)
    turned = rate_posterior(np.roll(counts, turn), np.roll(exposures, turn))
    assert turned.mean() == pytest.approx(np.roll(straight.mean(), turn), rel=1e-6)
