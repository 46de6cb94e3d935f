"""Is the posterior of shares correct, by every way to compute it?"""

import numpy as np
import pytest
from charge_rates import CHARGED, CLOSED
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special, stats

from assay.stats.refusals import EstimationRefused
from assay.stats.share_posteriors import share_posterior

SMALL_COUNTS, SMALL_BASES = [3, 1, 4, 0, 9, 2], [20, 15, 30, 12, 40, 33]


def posterior_at(log_a, log_b, counts, bases):
    """The model in another parametrisation, (log a, log b) of the beta, with log-gammas and no shortcuts."""
    a, b = np.exp(log_a), np.exp(log_b)
    k = a + b
    # Uniform in m = a/k and s = (1+k)^(-1/2): the Jacobian of (m, s) with respect to (a, b), times ab for the logs.
    jacobian = 0.5 * (1 + k) ** -1.5 / k * a * b
    likelihood = special.betaln(a + counts, b + bases - counts) - special.betaln(a, b)
    return np.log(jacobian) + likelihood.sum()


def independently(counts, bases, ends):
    """Means, and probabilities up to the given values, by adaptive integration over (log a, log b)."""
    counts, bases = np.asarray(counts, float), np.asarray(bases, float)
    top = max(posterior_at(x, y, counts, bases) for x in np.linspace(-2, 8, 41) for y in np.linspace(-2, 10, 49))

    def integral(integrand):
        def inside(y, x):
            return integrand(np.exp(x), np.exp(y)) * np.exp(posterior_at(x, y, counts, bases) - top)

        return integrate.dblquad(inside, -5, 20, lambda x: x - 2, lambda x: x + 6, epsabs=1e-7, epsrel=1e-5)[0]

    whole = integral(lambda a, b: 1.0)
    units = range(len(ends))
    means = [integral(lambda a, b, i=i: (a + counts[i]) / (a + b + bases[i])) / whole for i in units]
    expected = [
        integral(lambda a, b, i=i: special.betainc(a + counts[i], b + bases[i] - counts[i], ends[i])) / whole
        for i in units
    ]
    return np.array(means), np.array(expected)


def test_real_charge_rates_agree_to_three_digits_with_an_independent_integration():
    posterior = share_posterior(CHARGED, CLOSED)
    low, high = posterior.interval()
    for end, level in ((low, 0.025), (high, 0.975)):
        means, numerators = independently(CHARGED, CLOSED, list(end[:4]))
        assert posterior.mean()[:4] == pytest.approx(means, rel=5e-4)
        assert numerators == pytest.approx([level] * 4, abs=5e-4)


def test_small_bases_agree_with_an_independent_integration_too():
    posterior = share_posterior(SMALL_COUNTS, SMALL_BASES)
    low, high = posterior.interval()
    means, numerators = independently(SMALL_COUNTS, SMALL_BASES, list(low))
    assert posterior.mean() == pytest.approx(means, rel=1e-3)
    assert numerators == pytest.approx([0.025] * 6, abs=1e-3)
    assert independently(SMALL_COUNTS, SMALL_BASES, list(high))[1] == pytest.approx([0.975] * 6, abs=1e-3)


def test_leaving_a_unit_out_is_the_same_as_never_having_had_it():
    with_unit = share_posterior(CHARGED, CLOSED)
    for unit in (0, 22, 24):
        without_unit = share_posterior(np.delete(CHARGED, unit), np.delete(CLOSED, unit))
        expected = with_unit.predictive().expected[unit]
        assert expected == pytest.approx(without_unit.mean_of(np.array([0.0]), np.array([0.0]))[0], rel=1e-4)


def test_the_prediction_of_a_unit_is_the_beta_binomial_summed_count_by_count():
    posterior = share_posterior(SMALL_COUNTS, SMALL_BASES)
    unit, base, count = 4, 40, 9
    weights = posterior.grid.leave_one_out_weights[unit]
    m, s = special.expit(posterior.grid.x), special.expit(posterior.grid.y)
    k = 1 / s**2 - 1
    probabilities = stats.betabinom.pmf(np.arange(base + 1)[:, None], base, m * k, (1 - m) * k) @ weights
    lower = probabilities[:count].sum() + probabilities[count] / 2
    predicted = posterior.predictive()
    assert predicted.p_value[unit] == pytest.approx(2 * min(lower, 1 - lower), abs=2e-4)
    assert predicted.low[unit] == np.searchsorted(np.cumsum(probabilities), 0.025) / base
    assert predicted.high[unit] == np.searchsorted(np.cumsum(probabilities), 0.975) / base


def test_a_unit_a_thousand_times_larger_than_the_rest_is_predicted_exactly_too():
    """What is expected of it are counts far beyond any that were seen, between which nodes laid out for the rest are coarse."""
    counts, bases = [*SMALL_COUNTS, 30], [*SMALL_BASES, 30_000]
    posterior = share_posterior(counts, bases)
    weights = posterior.grid.leave_one_out_weights[-1]
    bears = weights > 1e-9  # of some thousand nodes: the rest comes to a millionth
    m, s = special.expit(posterior.grid.x[bears]), special.expit(posterior.grid.y[bears])
    k = 1 / s**2 - 1
    predicted = posterior.predictive()
    for end, level in ((predicted.low, 0.025), (predicted.high, 0.975)):
        neighbours = np.add(np.round(end[-1] * 30_000), [[-1], [0]])
        before, reached = stats.betabinom.cdf(neighbours, 30_000, m * k, (1 - m) * k) @ weights[bears]
        assert (before, reached) == pytest.approx((level, level), abs=5e-4)


def test_a_unit_without_a_base_is_described_by_the_population():
    posterior = share_posterior([*SMALL_COUNTS, 0], [*SMALL_BASES, 0])
    assert posterior.mean()[-1] == pytest.approx(posterior.overall.mean, rel=1e-3)
    assert posterior.predictive().p_value[-1] == pytest.approx(1.0)


def test_units_that_do_not_differ_are_drawn_together():
    posterior = share_posterior([20] * 30, [200] * 30)
    assert posterior.between_unit_sd.mean < 0.01
    assert posterior.mean() == pytest.approx([0.1] * 30, abs=0.001)
    # All 600 of 6,000 together have a standard error of 0.004: no unit can be known better, nor is it much worse.
    low, high = posterior.interval()
    assert np.all(high - low > 2 * 1.96 * 0.0038)
    assert np.all(high - low < 2 * 1.96 * 0.0125)


def test_the_spread_between_units_is_found_again():
    share = np.random.default_rng(7).beta(0.2 * 60, 0.8 * 60, 400)
    counts = np.random.default_rng(8).binomial(300, share)
    # sqrt(0.2 x 0.8 / 61) = 0.0512
    estimate = share_posterior(counts, np.full(400, 300)).between_unit_sd
    assert estimate.low < 0.0512 < estimate.high


@pytest.mark.parametrize(
    ("counts", "bases", "word"),
    [
        ([1, 2, 3, 4], [9, 9, 9, 9], "too few"),
        ([1, 2, 3, 4, -1], [9] * 5, "negative"),
        ([1, 2, 3, 4, 10], [9] * 5, "larger than its base"),
        ([1, 2, 3, 4, np.nan], [9] * 5, "missing"),
        ([0] * 5, [0] * 5, "nothing to compare"),
    ],
)
def test_what_cannot_be_estimated_is_refused_with_a_sentence(counts, bases, word):
    with pytest.raises(EstimationRefused, match=word):
        share_posterior(counts, bases)


units = st.lists(
    st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=6, max_size=12
).filter(lambda rows: sum(n for _, n in rows) > 0)


@settings(max_examples=20, deadline=None)
@given(units, st.randoms(use_true_random=False))
def test_the_order_of_units_does_not_matter(rows, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    counts, bases = np.array(rows).T
    straight, shuffled = share_posterior(counts, bases), share_posterior(counts[order], bases[order])
    assert shuffled.mean() == pytest.approx(straight.mean()[order], rel=1e-6)
    assert shuffled.predictive().p_value == pytest.approx(straight.predictive().p_value[order], abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(units)
def test_a_drawn_in_share_lies_between_its_own_and_the_overall_one(rows):
    counts, bases = np.array(rows, dtype=float).T
    posterior = share_posterior(counts, bases)
    means, overall = posterior.mean(), posterior.overall
    raw = np.divide(counts, bases, out=np.full(len(counts), overall.mean), where=bases > 0)
    assert np.all(means >= np.minimum(raw, overall.low) - 1e-6)
    assert np.all(means <= np.maximum(raw, overall.high) + 1e-6)


@settings(max_examples=20, deadline=None)
@given(units)
def test_swapping_what_is_counted_turns_the_answer_round(rows):
    counts, bases = np.array(rows).T
    posterior, other = share_posterior(counts, bases), share_posterior(bases - counts, bases)
    assert posterior.mean() == pytest.approx(1 - other.mean(), abs=1e-4)
    assert posterior.predictive().p_value == pytest.approx(other.predictive().p_value, abs=2e-3)


def test_twice_the_counts_narrow_the_intervals():
    once = share_posterior(CHARGED, CLOSED).interval()
    doubled = share_posterior(2 * np.array(CHARGED), 2 * np.array(CLOSED)).interval()
    large = np.array(CLOSED) > 100  # all but the City of London, whose 6 offences say next to nothing either way
    assert np.all((doubled[1] - doubled[0] < once[1] - once[0])[large])


def test_a_share_drawn_in_further_the_smaller_its_base():
    posterior = share_posterior([*CHARGED, 4, 40, 400], [*CLOSED, 10, 100, 1000])
    small, middle, large = posterior.mean()[-3:]
    assert posterior.overall.mean < small < middle < large < 0.4


def test_the_same_data_give_the_same_answer_twice():
    assert np.array_equal(share_posterior(CHARGED, CLOSED).mean(), share_posterior(CHARGED, CLOSED).mean())
