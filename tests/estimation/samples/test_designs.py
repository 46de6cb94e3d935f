"""Forces drawn first, forces side by side, missing files, and scores beside marks: does each say what is known?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.estimation.refusals import Refused
from assay.estimation.samples.domains import domain_shares
from assay.estimation.samples.missing import Answered, share_with_missing
from assay.estimation.samples.scored import band_of, prediction_powered, scored_share
from assay.estimation.samples.stratified import Stratum, stratified_share
from assay.estimation.samples.two_stage import two_stage_share

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


def country(random):
    sizes = random.integers(100, 900, 43)
    return sizes, random.binomial(sizes, random.beta(0.3 * 9, 0.7 * 9, 43))


def test_intervals_of_two_stages_hold_the_truth_in_nine_countries_of_ten_or_more():
    random, held = np.random.default_rng(5), 0
    for _ in range(300):
        sizes, having = country(random)
        forces = random.choice(43, 8, replace=False)
        strata = [
            Stratum(int(sizes[f]), 12, int(random.hypergeometric(having[f], sizes[f] - having[f], 12))) for f in forces
        ]
        answer = two_stage_share(43, strata)
        held += answer.low <= having.sum() / sizes.sum() <= answer.high
    assert held >= 0.92 * 300


def test_a_force_with_few_files_is_drawn_in_and_its_interval_is_narrower():
    domains = domain_shares([[one] for one in (*FORCES, *FORCES, Stratum(300, 5, 3))])
    last = domains.each[-1]
    assert last.own.value == 0.6
    assert last.pooled.value < 0.5
    assert last.pooled.width < last.own.width
    assert domains.mean.low < 0.35 < domains.mean.high


def test_a_force_read_whole_is_known():
    domains = domain_shares([[one] for one in (*FORCES, Stratum(12, 12, 9))])
    assert domains.each[-1].pooled.low == domains.each[-1].pooled.high == 0.75


def test_reading_half_of_all_records_counts_for_more_than_the_same_number_from_many():
    many = domain_shares([[one] for one in FORCES]).each[2].pooled
    half = domain_shares([[Stratum(20, one.drawn, one.count)] for one in FORCES]).each[2].pooled
    assert half.width < many.width


def test_pooled_intervals_of_forces_hold_the_truth():
    random, held, asked = np.random.default_rng(8), 0, 0
    for _ in range(10):
        sizes, having = country(random)
        counts = [int(random.hypergeometric(k, n - k, 15)) for n, k in zip(sizes, having, strict=True)]
        domains = domain_shares([[Stratum(int(n), 15, c)] for n, c in zip(sizes, counts, strict=True)])
        for one, n, k in zip(domains.each, sizes, having, strict=True):
            held, asked = held + (one.pooled.low <= k / n <= one.pooled.high), asked + 1
    assert 0.91 <= held / asked <= 0.985  # 430 intervals; those of one country go together


def test_four_forces_are_too_few_to_borrow_from():
    domains = domain_shares([[one] for one in FORCES[:4]])
    assert domains.mean is None
    assert "too few" in domains.each[0].pooled.words
    assert domains.each[0].pooled.high == domains.each[0].own.high


def test_files_that_did_not_come_are_stood_for_within_their_stratum():
    told = share_with_missing([Answered(300, 30, 20, 5), Answered(100, 10, 10, 4)])
    assert told.weighted.value == pytest.approx(0.75 * 0.25 + 0.25 * 0.4)
    assert told.missing == 10
    assert "10 of 40 files did not come" in told.bounds.words


def test_bounds_reach_from_all_missing_no_to_all_missing_yes():
    told = share_with_missing([Answered(300, 30, 20, 5), Answered(100, 10, 10, 4)])
    none = stratified_share([Stratum(300, 30, 5), Stratum(100, 10, 4)])
    every = stratified_share([Stratum(300, 30, 15), Stratum(100, 10, 4)])
    assert (told.bounds.low, told.bounds.high) == (none.low, every.high)
    assert told.bounds.value is None


def test_a_stratum_from_which_nothing_came_has_bounds_only():
    told = share_with_missing([Answered(300, 30, 0, 0), Answered(100, 10, 10, 4)])
    assert told.weighted.value is None
    assert "no file came" in told.weighted.words
    assert told.weighted.high > 0.7


def test_nothing_missing_leaves_the_figure_as_it_is():
    told = share_with_missing([Answered(300, 30, 30, 5)])
    assert told.weighted == stratified_share([Stratum(300, 30, 5)])
    assert told.bounds.value == told.weighted.value


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=3))
@settings(max_examples=30, deadline=None)
def test_the_weighted_figure_always_lies_within_the_bounds(pairs):
    strata = [Answered(200, 12, max(came, count), min(came, count)) for came, count in pairs]
    told = share_with_missing(strata)
    if told.weighted.value is not None:
        assert told.bounds.low - 1e-9 <= told.weighted.value <= told.bounds.high + 1e-9


def test_a_score_on_an_edge_belongs_to_the_band_above():
    assert band_of([0.1, 0.5, 0.9], [0.5]).tolist() == [0, 1, 1]


def test_bands_of_scores_are_strata():
    scores = np.concatenate([np.full(900, 0.1), np.full(100, 0.9)])
    marked, marks = [*range(30), *range(900, 920)], [0] * 30 + [1] * 8 + [0] * 12
    told = scored_share(scores, [0.5], marked, marks)
    assert told.bands == [Stratum(900, 30, 0), Stratum(100, 20, 8)]
    assert told.share.value == pytest.approx(0.04)
    # nothing found in 30 of 900: one-sided, C(900 - K, 30) / C(900, 30) falls to 0.05 between K = 84 and 85
    assert told.lowest_most == 84


def test_a_band_that_nobody_marked_is_refused():
    with pytest.raises(Refused, match="no file in the sample"):
        scored_share([0.1, 0.9, 0.9], [0.5], [1], [1])


def test_a_record_marked_twice_or_half_is_refused():
    for marked, marks in (([0, 0], [1, 1]), ([0, 1], [1, 0.5])):
        with pytest.raises(Refused, match="marked once"):
            scored_share([0.1, 0.9], [0.5], marked, marks)


def test_a_record_without_a_score_is_refused():
    with pytest.raises(Refused, match="no score"):
        band_of([0.1, float("nan")], [0.5])


MARKS = [1, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0]
PREDICTED = [0.8, 0.1, 0.2, 0.6, 0.3, 0.9, 0.1, 0.4, 0.2, 0.7, 0.1, 0.5, 0.4, 0.2, 0.1, 0.3, 0.1, 0.6, 0.2, 0.1]
OTHERS = np.linspace(0.02, 0.98, 200) ** 2


def test_prediction_powered_agrees_with_ppi_python():
    # ppi-python 0.2.3: ppi_mean_pointestimate(...) and ppi_mean_ci(..., alpha=0.05) of these arrays
    ours = prediction_powered(MARKS, PREDICTED, OTHERS)
    assert ours.value == pytest.approx(0.28257186, abs=1e-7)
    assert (ours.low, ours.high) == pytest.approx((0.15277433, 0.41236939), abs=1e-7)


def test_a_prediction_that_says_nothing_leaves_the_mean_of_the_marks():
    assert prediction_powered(MARKS, [0.5] * 20, [0.5] * 50).value == pytest.approx(6 / 20)


def test_a_good_prediction_narrows_the_interval():
    assert prediction_powered(MARKS, PREDICTED, OTHERS).width < prediction_powered(MARKS, [0.5] * 20, OTHERS).width


def test_one_mark_gives_no_interval():
    assert prediction_powered([1], [0.5], [0.5]).value is None
