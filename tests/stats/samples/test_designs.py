"""Estimates from two-stage samples, small areas, nonresponse and prediction-powered inference."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.stats.refusals import EstimationRefused
from assay.stats.samples.domain_estimates import domain_shares
from assay.stats.samples.nonresponse import StratumResponse, nonresponse_share
from assay.stats.samples.prediction_powered import maximum_remaining, prediction_powered, sampled_band
from assay.stats.samples.stratified_sampling import Stratum, stratified_share
from assay.stats.samples.two_stage_sampling import TwoStageSample, two_stage_ratio, two_stage_share
from assay.stats.samples.unequal_probability import ratio, unequal_probability_sample

FORCES = [Stratum(300, 10, count) for count in (1, 2, 5, 3, 4, 2)]


def test_six_forces_of_43_say_less_than_as_many_files_from_all():
    answer = two_stage_share(43, FORCES)
    assert answer.value == pytest.approx(17 / 60)
    assert answer.width > 1.1 * stratified_share(FORCES).width


def test_all_forces_drawn_are_strata():
    assert two_stage_share(6, FORCES) == stratified_share(FORCES)


def test_one_force_of_many_has_a_figure_and_no_interval():
    answer = two_stage_share(43, FORCES[:1])
    assert answer.value == pytest.approx(0.1)
    assert answer.low is None
    assert "One force" in answer.words


def in_forces(forces, force_probabilities, files=4):
    """A sample of `files` files of each force, each with an inclusion probability of 0.1 within its force."""
    probabilities = np.repeat(force_probabilities, files) * 0.1
    return TwoStageSample(
        probabilities,
        forces=np.repeat(np.arange(forces), files),
        force_inclusion_probabilities=np.array(force_probabilities),
    )


PARTS = [2, 1, 1, 2, 0, 0, 1, 1, 1, 2, 1, 1]
WHOLES = [2, 2, 1, 2, 2, 1, 2, 1, 2, 2, 1, 1]


def test_a_ratio_from_forces_drawn_first_varies_as_its_forces_do():
    # totals of force: each file stands for 20; the variance is 3 times that of three totals, as if with replacement
    sample = in_forces(3, [0.5] * 3)
    totals = 20 * np.array(PARTS).reshape(3, 4).sum(axis=1)
    assert sample.variance_of_total(PARTS) == pytest.approx(3 * np.var(totals, ddof=1))
    answer = two_stage_ratio(PARTS, WHOLES, sample)
    assert answer.value == pytest.approx(13 / 19)
    assert answer.width > ratio(PARTS, WHOLES, unequal_probability_sample([0.05] * 12)).width


def test_forces_that_were_certain_are_strata():
    strata = unequal_probability_sample([0.1] * 12, strata=np.repeat([0, 1, 2], 4).tolist())
    assert two_stage_ratio(PARTS, WHOLES, in_forces(3, [1.0] * 3)) == ratio(PARTS, WHOLES, strata)


def test_one_force_that_need_not_have_been_drawn_gives_a_ratio_without_an_interval():
    answer = two_stage_ratio(PARTS, WHOLES, in_forces(3, [1.0, 1.0, 0.5]))
    assert answer.value is not None
    assert answer.low is None


def country(random):
    sizes = random.integers(100, 900, 43)
    return sizes, random.binomial(sizes, random.beta(0.3 * 9, 0.7 * 9, 43))


def test_intervals_of_two_stages_hold_the_truth_in_nine_countries_of_ten_or_more():
    random, covered = np.random.default_rng(5), 0
    for _ in range(300):
        sizes, having = country(random)
        forces = random.choice(43, 8, replace=False)
        strata = [
            Stratum(int(sizes[f]), 12, int(random.hypergeometric(having[f], sizes[f] - having[f], 12))) for f in forces
        ]
        answer = two_stage_share(43, strata)
        covered += answer.low <= having.sum() / sizes.sum() <= answer.high
    assert covered >= 0.92 * 300


def test_a_force_with_few_files_is_drawn_in_and_its_interval_is_narrower():
    domains = domain_shares([[stratum] for stratum in (*FORCES, *FORCES, Stratum(300, 5, 3))])
    last = domains.domains[-1]
    assert last.direct.value == 0.6
    assert last.pooled.value < 0.5
    assert last.pooled.width < last.direct.width
    assert domains.mean.low < 0.35 < domains.mean.high


def test_a_force_read_whole_is_known():
    domains = domain_shares([[stratum] for stratum in (*FORCES, Stratum(12, 12, 9))])
    assert domains.domains[-1].pooled.low == domains.domains[-1].pooled.high == 0.75


def test_reading_half_of_all_records_counts_for_more_than_the_same_number_from_many():
    whole = domain_shares([[stratum] for stratum in FORCES]).domains[2].pooled
    half = domain_shares([[Stratum(20, stratum.sample_size, stratum.count)] for stratum in FORCES]).domains[2].pooled
    assert half.width < whole.width


def test_pooled_intervals_of_forces_hold_the_truth():
    random, covered, intervals = np.random.default_rng(8), 0, 0
    for _ in range(10):
        sizes, having = country(random)
        counts = [int(random.hypergeometric(k, n - k, 15)) for n, k in zip(sizes, having, strict=True)]
        domains = domain_shares([[Stratum(int(n), 15, c)] for n, c in zip(sizes, counts, strict=True)])
        for domain, n, k in zip(domains.domains, sizes, having, strict=True):
            covered, intervals = covered + (domain.pooled.low <= k / n <= domain.pooled.high), intervals + 1
    assert 0.91 <= covered / intervals <= 0.985  # 430 intervals; those of one country go together


def test_four_forces_are_too_few_to_borrow_from():
    domains = domain_shares([[stratum] for stratum in FORCES[:4]])
    assert domains.mean is None
    assert "too few" in domains.domains[0].pooled.words
    assert domains.domains[0].pooled.high == domains.domains[0].direct.high


def test_files_that_did_not_come_are_stood_for_within_their_stratum():
    result = nonresponse_share([StratumResponse(300, 30, 20, 5), StratumResponse(100, 10, 10, 4)])
    assert result.weighted.value == pytest.approx(0.75 * 0.25 + 0.25 * 0.4)
    assert result.missing == 10
    assert "10 of 40 files did not come" in result.bounds.words


def test_bounds_reach_from_all_missing_no_to_all_missing_yes():
    result = nonresponse_share([StratumResponse(300, 30, 20, 5), StratumResponse(100, 10, 10, 4)])
    none = stratified_share([Stratum(300, 30, 5), Stratum(100, 10, 4)])
    all_missing = stratified_share([Stratum(300, 30, 15), Stratum(100, 10, 4)])
    assert (result.bounds.low, result.bounds.high) == (none.low, all_missing.high)
    assert result.bounds.value is None


def test_a_stratum_from_which_nothing_came_has_bounds_only():
    result = nonresponse_share([StratumResponse(300, 30, 0, 0), StratumResponse(100, 10, 10, 4)])
    assert result.weighted.value is None
    assert "no file came" in result.weighted.words
    assert result.weighted.high > 0.7


def test_nothing_missing_leaves_the_figure_as_it_is():
    result = nonresponse_share([StratumResponse(300, 30, 30, 5)])
    assert result.weighted == stratified_share([Stratum(300, 30, 5)])
    assert result.bounds.value == result.weighted.value


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=3))
@settings(max_examples=30, deadline=None)
def test_the_weighted_figure_always_lies_within_the_bounds(pairs):
    strata = [StratumResponse(200, 12, max(pair), min(pair)) for pair in pairs]
    result = nonresponse_share(strata)
    if result.weighted.value is not None:
        assert result.bounds.low - 1e-9 <= result.weighted.value <= result.bounds.high + 1e-9


def test_what_the_lowest_band_may_hold_is_told_in_records():
    # nothing found in 30 of 900: one-sided, C(900 - K, 30) / C(900, 30) falls to 0.05 between K = 84 and 85
    assert maximum_remaining([Stratum(900, 30, 0)]) == 84
    bands = [Stratum(300, 30, 0), Stratum(600, 30, 2)]
    assert maximum_remaining(bands) == round(900 * stratified_share(bands).high)
    assert maximum_remaining([Stratum(0, 0, 0)]) == 0


MARKS = [1, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0]
PREDICTED = [0.8, 0.1, 0.7, 0.6, 0.3, 0.2, 0.1, 0.4, 0.2, 0.7, 0.1, 0.5, 0.4, 0.2, 0.1, 0.3, 0.1, 0.6, 0.2, 0.1]
UNRATED = np.linspace(0.02, 0.98, 200) ** 2


def one_band(marks=MARKS, predicted=PREDICTED, unrated=UNRATED):
    return sampled_band([*predicted, *unrated], range(len(marks)), marks)


def test_prediction_powered_in_one_band_corrects_as_ppi_python_does():
    # ppi-python 0.2.3: ppi_mean_pointestimate(...) and ppi_mean_ci(..., alpha=0.05) of these arrays
    result = prediction_powered([one_band()])
    # ppi-python divides a covariance of 20 marks by 20, we by 19
    assert 0.3 + 19 / 20 * (result.value - 0.3) == pytest.approx(0.29456283, abs=1e-7)
    # ppi-python's interval is for a sample of many more records; ours is for the 220 records of the population
    assert result.low == pytest.approx(0.12565667, abs=0.01)
    assert result.high == pytest.approx(0.46346899, abs=0.01)


def test_its_interval_is_that_of_the_regression_estimator_in_a_finite_population():
    y, f, all_scores = np.array(MARKS, dtype=float), np.array(PREDICTED), np.concatenate([PREDICTED, UNRATED])
    slope = np.cov(y, f)[0, 1] / np.var(all_scores, ddof=1)
    half = 1.959964 * np.sqrt((1 - 20 / 220) * np.var(y - slope * f, ddof=1) / 20)
    result = prediction_powered([one_band()])
    assert (result.low, result.high) == pytest.approx((result.value - half, result.value + half), abs=1e-6)


def test_bands_are_weighed_by_how_many_records_they_have():
    bands = [
        sampled_band(np.full(900, 0.1), range(30), [0] * 30),
        sampled_band(np.full(100, 0.9), range(20), [1] * 8 + [0] * 12),
    ]
    result = prediction_powered(bands)
    assert result.value == pytest.approx(0.04) == stratified_share([Stratum(900, 30, 0), Stratum(100, 20, 8)]).value


def test_a_score_that_runs_the_other_way_serves_as_well():
    forward = prediction_powered([one_band()])
    backward = prediction_powered([one_band(predicted=[1 - score for score in PREDICTED], unrated=1 - UNRATED)])
    assert (backward.value, backward.low) == pytest.approx((forward.value, forward.low))


def test_a_prediction_that_says_nothing_leaves_the_mean_of_the_marks():
    assert prediction_powered([one_band(predicted=[0.5] * 20, unrated=[0.5] * 50)]).value == pytest.approx(6 / 20)


def test_a_good_prediction_narrows_the_interval():
    plain = prediction_powered([one_band(predicted=[0.5] * 20)])
    assert prediction_powered([one_band()]).width < plain.width


def test_a_share_is_of_the_records_in_which_the_question_arises():
    inside = [1] * 10 + [0] * 10
    result = prediction_powered([sampled_band([0.5] * 220, range(20), MARKS, inside)])
    assert result.value == pytest.approx(sum(MARKS[:10]) / 10)
    assert prediction_powered([sampled_band([0.5] * 9, [0, 1], [0, 0], [0, 0])]).value is None


def test_a_band_read_whole_adds_nothing_to_what_is_open():
    whole = sampled_band([0.9] * 4, range(4), [1, 1, 0, 1])
    assert prediction_powered([whole]).width == 0
    assert prediction_powered([whole, one_band()]).width < prediction_powered([one_band()]).width


def test_one_mark_gives_no_interval():
    assert prediction_powered([sampled_band([0.5, 0.5], [0], [1])]).value is None


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: sampled_band([0.1, float("nan")], [0], [1]), "no score"),
        (lambda: sampled_band([0.1, 0.9], [0, 0], [1, 1]), "marked once"),
        (lambda: sampled_band([0.1, 0.9], [0, 1], [1, 0.5]), "1 or as 0"),
        (
            lambda: prediction_powered([sampled_band([0.1, 0.9], [0, 1], [1, 0]), sampled_band([0.1], [], [])]),
            "no mark",
        ),
    ],
)
def test_a_band_that_cannot_be_is_refused(call, sentence):
    with pytest.raises(EstimationRefused, match=sentence):
        call()


def test_the_cross_check_in_bands_holds_the_truth_where_finds_are_not_few():
    random, covered = np.random.default_rng(9), 0
    sizes = (3000, 600, 200)
    scores = [
        random.uniform(low, high, size) for size, low, high in zip(sizes, (0, 0.3, 0.7), (0.3, 0.7, 1), strict=True)
    ]
    having = [(random.random(len(band)) < 0.6 * band + 0.02).astype(float) for band in scores]
    truth = sum(band.sum() for band in having) / sum(sizes)
    for _ in range(300):
        samples = [random.choice(len(band), 150, replace=False) for band in scores]
        bands = [sampled_band(s, sample, y[sample]) for s, sample, y in zip(scores, samples, having, strict=True)]
        result = prediction_powered(bands)
        covered += result.low <= truth <= result.high
    assert covered >= 0.88 * 300  # 0.93 in 1,500 draws
