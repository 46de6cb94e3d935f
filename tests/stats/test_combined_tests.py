"""Does a combined test find a unit that is a little extreme on each measure, and no others?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from assay.stats.combined_tests import MAXIMUM_SCORE, combined_p_values, rank_correlations, stouffer_scores, z_scores

INDEPENDENT = np.array(
    [[-1.0, 0.0, 1.0, -1.0, 0.0, 1.0, -1.0, 0.0, 1.0], [-1.0, -1.0, -1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0]]
)
"""Two measures of nine units of which each says nothing of the other."""


def test_a_p_value_of_5_in_100_is_two_deviations_on_the_side_on_which_the_unit_lies():
    assert z_scores([0.05, 0.05, 1.0], [1, -1, 1]) == pytest.approx([1.96, -1.96, 0.0], abs=0.001)


def test_a_measure_that_is_beyond_all_chance_counts_as_eight_deviations_and_no_more():
    assert z_scores([0.0], [-1]) == [-MAXIMUM_SCORE]


def test_two_measures_that_say_nothing_of_each_other_add_up_as_two_throws_do():
    assert rank_correlations(INDEPENDENT) == pytest.approx(np.zeros((2, 2)), abs=1e-9)
    assert stouffer_scores(INDEPENDENT)[[0, 4, 8]] == pytest.approx([-2 / np.sqrt(2), 0.0, 2 / np.sqrt(2)])


def test_a_measure_asked_twice_says_no_more_than_once():
    assert stouffer_scores(np.array([INDEPENDENT[0], INDEPENDENT[0]])) == pytest.approx(INDEPENDENT[0])


def test_measures_that_go_against_each_other_are_not_taken_to_tell_more_than_two():
    opposed = np.array([INDEPENDENT[0], -0.5 * INDEPENDENT[0]])
    assert rank_correlations(opposed)[0, 1] == pytest.approx(-1.0)
    assert stouffer_scores(opposed) == pytest.approx(opposed.sum(axis=0) / np.sqrt(2))


def test_how_two_go_together_is_read_from_ranks_as_normal_values_would_have_it():
    by_rank = np.array([[1.0, 2.0, 3.0, 4.0, 5.0], [2.0, 1.0, 3.0, 5.0, 400.0]])  # the ranks correlate by 0.9
    assert rank_correlations(by_rank)[0, 1] == pytest.approx(2 * np.sin(np.pi * 0.9 / 6))


def test_a_measure_on_which_all_are_alike_counts_as_one_with_the_others():
    assert rank_correlations(np.array([INDEPENDENT[0], np.ones(9)]))[0, 1] == 1.0


def test_a_unit_is_summed_over_the_measures_that_it_has_and_one_with_none_has_no_sum():
    three_measures = np.vstack([INDEPENDENT, INDEPENDENT[0]])
    three_measures[1:, 0] = np.nan
    three_measures[2, 1] = np.nan
    three_measures[:, 8] = np.nan
    found = stouffer_scores(three_measures)
    assert (found[0], np.isnan(found[8])) == (-1.0, True)
    assert rank_correlations(three_measures)[0, 1] < 0
    assert found[1] == pytest.approx(three_measures[:2, 1].sum() / np.sqrt(2))


def test_a_measure_that_nobody_has_changes_nothing():
    no_values = np.full((1, 9), np.nan)
    assert stouffer_scores(np.vstack([INDEPENDENT, no_values])) == pytest.approx(stouffer_scores(INDEPENDENT))


def test_half_of_the_chance_is_for_the_sum_and_half_is_dealt_out_among_the_measures():
    with_missing = INDEPENDENT.copy()
    with_missing[:, 4], with_missing[:, 8] = (4.0, -1.0), (2.0, 2.0)
    found, summed = combined_p_values(with_missing), stats.norm.sf(stouffer_scores(with_missing))
    assert found[4] == pytest.approx(2 * 2 * stats.norm.sf(4.0))  # one lies out: half of a half is its own
    assert found[8] == pytest.approx(2 * summed[8])  # both do a little: the sum tells more
    assert found[0] == 1.0  # nothing is more probable than sure


def test_a_unit_with_one_measure_is_asked_that_one_and_one_with_none_nothing():
    measures_by_unit = INDEPENDENT.copy()
    measures_by_unit[1, 2], measures_by_unit[:, 3] = np.nan, np.nan
    found = combined_p_values(measures_by_unit)
    assert found[2] == pytest.approx(stats.norm.sf(1.0))
    assert np.isnan(found[3])


@given(st.integers(0, 200), st.integers(1, 4), st.floats(0, 0.9))
def test_to_lie_further_out_on_any_measure_never_makes_a_unit_less_unusual(seed, measures, shared):
    """Of a unit that is an extreme outlier already, so that it does not tell how measures go together."""
    scores = _random_scores(np.random.default_rng(seed), measures, 12, shared)
    scores[:, 0] = np.abs(scores[:, 0]) + 4.0
    further = scores.copy()
    further[seed % measures, 0] += 1.0
    assert combined_p_values(further)[0] <= combined_p_values(scores)[0]


def test_of_too_few_units_it_is_not_told_how_measures_go_together_so_they_count_as_one():
    few_units = INDEPENDENT[:, [2, 4, 6, 1]]  # of these two the ranks go against each other
    assert stouffer_scores(few_units) == pytest.approx(few_units.mean(axis=0))


@given(st.integers(0, 200), st.integers(2, 5), st.floats(0, 0.9))
def test_what_is_taken_together_does_not_depend_on_the_order_of_measures_or_units(seed, measures, shared):
    scores = _random_scores(np.random.default_rng(seed), measures, 12, shared)
    units = np.random.default_rng(seed + 1).permutation(12)
    assert stouffer_scores(scores[::-1][:, units]) == pytest.approx(stouffer_scores(scores)[units])


@pytest.mark.parametrize(("measures", "shared"), [(2, 0.0), (2, 0.5), (3, 0.3), (5, 0.0), (5, 0.7)])
def test_where_nothing_is_wrong_scores_lie_out_no_more_often_than_they_say(measures, shared):
    random = np.random.default_rng(7)
    score_sets = [_random_scores(random, measures, 44, shared) for _ in range(600)]
    for out in (stats.norm.sf(np.concatenate([stouffer_scores(scores) for scores in score_sets])),
                np.concatenate([combined_p_values(score_set) for score_set in score_sets])):  # fmt: skip
        assert (out < 0.01).mean() <= 0.0115
        assert (out < 0.001).mean() <= 0.0016


def test_a_unit_that_lacks_the_one_measure_that_is_an_outlier_is_not_called_more_often():
    """Three measures, two of them nearly one; half of the units lack the third, and are left with the two."""
    random, out = np.random.default_rng(11), []
    for _ in range(900):
        nearly = np.sqrt(0.9) * random.normal(size=44) + np.sqrt(0.1) * random.normal(size=(2, 44))
        measures_by_unit = np.vstack([nearly, random.normal(size=44)])
        measures_by_unit[2, :22] = np.nan
        out.append(stats.norm.sf(stouffer_scores(measures_by_unit))[:22])
    assert (np.concatenate(out) < 0.01).mean() <= 0.0125
    assert (np.concatenate(out) < 0.001).mean() <= 0.002


def test_four_that_fail_alike_in_two_measures_do_not_hide_one_another():
    scores = _random_scores(np.random.default_rng(5), 2, 44, 0.0)
    first_only, both_shifted = scores.copy(), scores.copy()
    first_only[:, 0], both_shifted[:, :4] = 3.5, 3.5
    assert rank_correlations(both_shifted)[0, 1] > rank_correlations(scores)[0, 1] + 0.1
    assert stouffer_scores(both_shifted)[0] == pytest.approx(7 / np.sqrt(2))
    assert stouffer_scores(first_only)[0] == pytest.approx(7 / np.sqrt(2))


def test_a_unit_that_lies_three_deviations_out_on_each_of_two_lies_more_than_four_out_together():
    random, found = np.random.default_rng(3), []
    for _ in range(50):
        scores = _random_scores(random, 2, 44, 0.0)
        scores[:, 0] = 3.0
        found.append(stouffer_scores(scores)[0])
    assert 3.8 < np.mean(found) < 3 * np.sqrt(2)


def _random_scores(random, measures, units, shared):
    """Scores of units of which nothing is wrong; any two measures correlate by `shared`."""
    return np.sqrt(shared) * random.normal(size=units) + np.sqrt(1 - shared) * random.normal(size=(measures, units))


def test_how_far_measures_go_together_may_be_told_by_other_scores():
    """Two measures at 2 each: that go wholly together they tell as much as one, and apart the more, by 4 over root 2."""
    equal_scores = np.tile(np.linspace(-2, 2, 21), (2, 1))
    opposed_scores = np.array([equal_scores[0], np.resize([0.0, 1.0, -1.0], 21)])
    two = np.full((2, 21), 2.0)
    assert stouffer_scores(two, equal_scores) == pytest.approx(np.full(21, 2.0), rel=0.01)
    assert stouffer_scores(two, opposed_scores) == pytest.approx(np.full(21, 4 / np.sqrt(2)), rel=0.05)
    assert combined_p_values(two, opposed_scores)[0] < combined_p_values(two, equal_scores)[0]
