"""Is the level of a series found with its uncertainty, and refused where it is not identified?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special
from statsmodels.tsa.statespace.structural import UnobservedComponents

from assay.stats.level_changes import level_change
from assay.stats.state_space import fit_state_space, fit_with_weights, linear_quantities, log_marginal, prepare_series

SEASON = [1.05, 0.94, 1.03, 0.98]


def simulated_counts(levels, seed=1):
    season = np.resize(SEASON, len(levels))
    return list(np.random.default_rng(seed).poisson(np.asarray(levels) * season).astype(float))


def walk(quarters=54, level=400, sd=0.03, seed=1):
    return level * np.exp(np.cumsum(sd * np.random.default_rng(seed).standard_normal(quarters)))


def smoothed_by_statsmodels(counts, step, s_h, s_e):
    """The same model in state space with exact diffuse starts; season and step are regression states."""
    time = np.arange(len(counts))
    season = [(time % 4 == q).astype(float) - (time % 4 == 3) for q in range(3)]
    exog = np.column_stack([*season, time >= step])
    model = UnobservedComponents(
        np.log(counts), level="llevel", exog=exog, mle_regression=False, use_exact_diffuse=True
    )
    model.update([s_e**2, s_h**2])
    model.ssm["obs_cov"] = (1 / np.array(counts) + s_e**2)[None, None, :]
    return model.ssm.smooth()


@pytest.mark.parametrize(("s_h", "s_e"), [(0.03, 0.02), (0.1, 0.005), (0.004, 0.08)])
def test_level_and_step_equal_those_of_statsmodels_at_fixed_variances(s_h, s_e):
    counts = simulated_counts(walk())
    counts[7] = counts[30] = np.nan
    peer = smoothed_by_statsmodels(counts, 20, s_h, s_e)
    series = prepare_series(np.array(counts), 4, (20,))
    fitted = fit_with_weights(series, np.array([s_h]), np.array([s_e]), np.array([1.0]))
    level = linear_quantities(fitted, np.eye(54), np.zeros((54, 1)))
    step = linear_quantities(fitted, np.zeros((1, 54)), np.eye(1))
    assert level.means[:, 0] == pytest.approx(peer.smoothed_state[0], abs=1e-6)
    assert level.sds[:, 0] ** 2 == pytest.approx(peer.smoothed_state_cov[0, 0], rel=1e-6)
    assert step.means[0, 0] == pytest.approx(peer.smoothed_state[-1, -1], abs=1e-6)
    assert step.sds[0, 0] ** 2 == pytest.approx(peer.smoothed_state_cov[-1, -1, -1], rel=1e-6)


def test_the_likelihood_of_the_variances_equals_that_of_statsmodels_but_for_a_constant():
    counts = simulated_counts(walk())
    pairs = [(0.03, 0.02), (0.1, 0.005), (0.004, 0.08)]
    peer = [smoothed_by_statsmodels(counts, 20, h, e).llf for h, e in pairs]
    log_marginals = log_marginal(prepare_series(np.array(counts), 4, (20,)), *np.array(pairs).T)
    assert log_marginals - log_marginals[0] == pytest.approx(np.array(peer) - peer[0], abs=1e-6)


def test_a_change_is_a_difference_of_means_with_its_own_variance():
    """Worked out another way: the precision matrix of all levels, with a very wide prior on the first."""
    counts, s_h, s_e = np.array(simulated_counts(walk(quarters=20))), 0.05, 0.03
    moves = np.diff(np.eye(20), axis=0)
    season = np.column_stack([1.0 * (np.arange(20) % 4 == q) - 1.0 * (np.arange(20) % 4 == 3) for q in range(3)])
    seen = np.column_stack([np.eye(20), season])
    weight = 1 / (1 / counts + s_e**2)
    precision = seen.T @ (weight[:, None] * seen)
    precision[:20, :20] += moves.T @ moves / s_h**2
    cov = np.linalg.inv(precision)
    mean = cov @ seen.T @ (weight * np.log(counts))
    contrast = np.zeros(23)
    contrast[16:20], contrast[4:8] = 0.25, -0.25
    fitted = fit_with_weights(prepare_series(counts, 4, ()), np.array([s_h]), np.array([s_e]), np.array([1.0]))
    mixture = linear_quantities(fitted, contrast[None, :20], np.zeros((1, 0)))
    assert mixture.means[0, 0] == pytest.approx(contrast @ mean, abs=1e-9)
    assert mixture.sds[0, 0] ** 2 == pytest.approx(contrast @ cov @ contrast, rel=1e-8)
    assert mixture.cdf(0, 0.0) == pytest.approx(special.ndtr(-(contrast @ mean) / np.sqrt(contrast @ cov @ contrast)))


def test_the_two_standard_deviations_agree_with_a_plain_grid_under_half_normal_priors():
    counts = np.array(simulated_counts(walk(40, sd=0.05)))
    fitted = fit_state_space(counts, 4, (), 0.1, 0.1)
    grid = (np.arange(90) + 0.5) * 0.4 / 90
    walks, noises = (grid.ravel() for grid in np.meshgrid(grid, grid))
    log_weight = log_marginal(prepare_series(counts, 4, ()), walks, noises) - (walks**2 + noises**2) / (2 * 0.1**2)
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    assert fitted.mean_walk_sd == pytest.approx(weight @ walks, rel=0.01)
    assert fitted.mean_noise_sd == pytest.approx(weight @ noises, rel=0.02)


def test_a_series_that_falls_by_a_quarter_is_seen_to_fall():
    counts = simulated_counts([400] * 34 + list(np.linspace(400, 300, 12)) + [300] * 8)
    change = level_change(counts).change_over_years(3)
    assert change.refusal == ""
    assert change.latest_window == (50, 54)
    assert change.earlier_window == (38, 42)
    assert change.step_adjusted.probability_fell > 0.99
    # The earlier year is on its way down: the mean of 11 equal steps from 400 to 300, quarters 5 to 8 of the fall.
    before = np.linspace(400, 300, 12)[4:8].mean()
    assert change.step_adjusted.low < 300 / before - 1 < change.step_adjusted.high


def test_a_level_series_may_have_fallen_or_risen():
    answers = [
        level_change(simulated_counts([300] * 54, seed=s)).change_over_years(3).step_adjusted.probability_fell
        for s in range(8)
    ]
    assert 0.2 < np.mean(answers) < 0.8


def test_a_fall_of_five_percent_is_never_likelier_than_a_fall():
    for change in level_change(simulated_counts(walk())).changes:
        assert change.step_adjusted.probability_fell_5_percent <= change.step_adjusted.probability_fell


def test_a_break_is_taken_out_and_left_in():
    """A new way of counting adds half at quarter 46; nothing else happens."""
    counts = simulated_counts([400] * 46 + [600] * 8)
    change = level_change(counts, steps=(46,)).change_over_years(3)
    assert change.steps_between == (46,)
    assert change.as_published.low < 0.5 < change.as_published.high
    assert change.step_adjusted.low < 0.0 < change.step_adjusted.high
    assert change.as_published.probability_fell < 0.01
    assert 0.1 < change.step_adjusted.probability_fell < 0.9


def test_taking_a_break_out_costs_certainty():
    counts = simulated_counts(walk())
    change = level_change(counts, steps=(46,)).change_over_years(3)
    width = change.step_adjusted.high - change.step_adjusted.low
    assert width > change.as_published.high - change.as_published.low


def test_without_a_break_between_both_answers_are_the_same():
    change = level_change(simulated_counts(walk()), steps=(10,)).change_over_years(3)
    assert change.steps_between == ()
    assert change.step_adjusted == change.as_published


def test_the_size_of_a_step_is_given():
    (place, size), *rest = level_change(simulated_counts([400] * 30 + [600] * 24), steps=(30,)).steps
    assert (place, rest) == (30, [])
    assert size.low < 0.5 < size.high


def test_the_level_is_seasonally_adjusted():
    found = level_change(simulated_counts([400] * 54))
    assert found.level == pytest.approx(np.full(54, 400), rel=0.05)
    assert np.all((found.level_low < found.level) & (found.level < found.level_high))
    assert found.seasonal == pytest.approx(SEASON, abs=0.03)
    assert np.prod(found.seasonal) == pytest.approx(1.0)


def test_missing_quarters_are_bridged():
    counts = simulated_counts(walk())
    whole = level_change(counts).change_over_years(3).step_adjusted
    counts[20] = counts[21] = None
    assert level_change(counts).change_over_years(3).step_adjusted.change == pytest.approx(whole.change, abs=0.01)
    assert not np.isnan(level_change(counts).level).any()


def test_a_yearly_series_is_asked_the_same_question():
    found = level_change([400.0, 410, 395, 420, 400, 405, 300, 290], period=1, spans=(1, 3))
    assert found.change_over_years(3).step_adjusted.probability_fell > 0.9
    assert found.change_over_years(3).earlier_window == (4, 5)


@pytest.mark.parametrize(
    ("counts", "settings", "word"),
    [
        ([100.0] * 18, {}, "5 full years are needed"),
        ([2.0] * 40, {}, "too few"),
        ([100.0] * 39 + [0.0], {}, "no offences or a negative count"),
        ([100.0] * 39 + [-4.0], {}, "no offences or a negative count"),
        ([100.0] * 39 + [None], {}, "not published"),
        ([100.0] * 40, {"steps": (38,)}, "breaks inside the latest year"),
        ([100.0] * 10, {"period": 1, "last_year_is_part": True}, "not complete"),
        ([100.0, None, 100.0, 100.0] * 10, {}, "season cannot be said"),
        ([100.0, None, None, None, 90.0], {"period": 1}, "three full years"),
    ],
)
def test_what_cannot_be_told_is_refused_with_a_reason(counts, settings, word):
    change = level_change(counts, **settings).change_over_years(3)
    assert word in change.refusal
    assert change.step_adjusted is None
    assert change.as_published is None


def test_the_refusal_of_small_counts_is_the_same_whatever_the_counts_are():
    """A mean in the sentence would give a count away that is too small to be shown."""
    refusals = {level_change([count] * 20).change_over_years(1).refusal for count in (0.2, 2.0, 4.9)}
    assert len(refusals) == 1


def test_one_span_may_be_refused_and_another_answered():
    found = level_change(simulated_counts([100.0] * 22))
    assert found.change_over_years(3).refusal == ""
    assert "7 full years are needed" in found.change_over_years(5).refusal


def test_a_step_where_nothing_was_counted_before_or_after_is_no_step():
    found = level_change([None, None, *simulated_counts(walk(40))], steps=(1, 2, 42, 60))
    assert found.steps == ()


def test_two_breaks_with_no_count_between_them_are_one():
    counts = simulated_counts(walk())
    counts[20] = None
    assert [place for place, _ in level_change(counts, steps=(20, 21)).steps] == [21]


def test_half_or_twice_the_prior_scale_moves_the_answer_little():
    counts = simulated_counts(walk())
    answers = [
        level_change(counts, noise_scale=0.1 * a, walk_scale=0.1 * b)
        .change_over_years(3)
        .step_adjusted.probability_fell
        for a, b in ((1, 1), (0.5, 1), (2, 1), (1, 0.5), (1, 2))
    ]
    assert np.ptp(answers) < 0.05


@settings(max_examples=10, deadline=None)
@given(st.integers(2, 50), st.integers(0, 1000))
def test_counting_in_other_units_does_not_change_the_change_much(times, seed):
    """Multiplying the counts narrows the answer, but does not move its middle by more than its own width."""
    counts = np.array(simulated_counts(walk(30, seed=seed), seed=seed))
    once, more = (level_change(list(c)).change_over_years(3).step_adjusted for c in (counts, times * counts))
    assert abs(once.change - more.change) < once.high - once.low


@pytest.mark.parametrize("step", [None, 46])
def test_nine_intervals_in_ten_or_more_hold_the_truth(step):
    """Worlds drawn from the model's own prior: 95 of 100 intervals should cover; 60 worlds allow 52 and up."""
    covered = 0
    for seed in range(60):
        random = np.random.default_rng([9, seed])
        s_h, s_e = np.abs(0.1 * random.standard_normal(2))
        path = np.log(500) + np.cumsum(s_h * random.standard_normal(54))
        jump = 0 if step is None else 0.4 * (np.arange(54) >= step)
        counts = random.poisson(np.exp(path + jump + s_e * random.standard_normal(54)))
        change = level_change(list(counts), steps=() if step is None else (step,), spans=(3,)).changes[0]
        truth = np.expm1(path[-4:].mean() - path[-16:-12].mean())
        covered += change.step_adjusted.low <= truth <= change.step_adjusted.high
    assert covered >= 52
