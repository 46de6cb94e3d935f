"""Does the estimate change as it should when an assumption changes?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_strata import stratum

from assay.stats.multiple_systems.assumption_sensitivity import (
    breakdown_point,
    hold_out_each_list,
    leave_out_each_list,
    merge_each_pair,
    pool_linkage_draws,
    sensitivity_to_odds_ratio,
    sensitivity_to_pair,
)
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.estimation_refusals import NoEstimate
from assay.stats.multiple_systems.hidden_estimates import HiddenEstimate
from assay.stats.multiple_systems.loglinear import estimate_fixed_model, estimate_stepwise, estimate_stepwise_all

ESTIMATE = HiddenEstimate("by hand", seen=100, population=300, low=200, high=500)


def test_twice_the_odds_are_twice_the_hidden():
    found = sensitivity_to_odds_ratio(ESTIMATE, [0.5, 1, 2])
    assert found.population.tolist() == [100 + 100, 300, 100 + 400]
    assert found.low.tolist() == [100 + 50, 200, 100 + 200]
    assert found.high.tolist() == [100 + 200, 500, 100 + 800]


@given(st.floats(101, 300))
def test_at_its_breakdown_value_the_claim_is_just_so(claim):
    found = breakdown_point(ESTIMATE, claim)
    assert sensitivity_to_odds_ratio(ESTIMATE, [found.middle]).population[0] == pytest.approx(claim)
    assert sensitivity_to_odds_ratio(ESTIMATE, [found.nearest_limit]).low[0] == pytest.approx(claim)


def test_a_claim_is_borne_out_by_the_limit_by_the_middle_or_not_at_all():
    assert "holds while the hidden are at least 0.50 times" in breakdown_point(ESTIMATE, 150).sentence
    assert "the claim is not safe" in breakdown_point(ESTIMATE, 250).sentence
    assert "does not bear out 400" in breakdown_point(ESTIMATE, 400).sentence
    with pytest.raises(NoEstimate, match="needs no estimate"):
        breakdown_point(ESTIMATE, 90)


def test_what_has_no_estimate_cannot_be_bent():
    with pytest.raises(NoEstimate, match="too thin"):
        sensitivity_to_odds_ratio(HiddenEstimate("x", 10, refusal="The lists are too thin."))


def test_a_pair_that_goes_together_hides_persons():
    """Lincoln and Petersen with an odds ratio w: hidden = w n_A n_B / n_AB."""
    table = CaptureTable.from_histories(("A", "B"), {"A": 30, "B": 20, "A*B": 10})
    found = sensitivity_to_pair(table, "A, B", ("A", "B"), [0.5, 1, 3])
    assert found.population.tolist() == pytest.approx([60 + w * 30 * 20 / 10 for w in (0.5, 1, 3)])
    assert np.isnan(found.low).all()


def test_the_odds_ratio_that_the_model_fitted_gives_the_model_back():
    table = stratum(5000)
    free = estimate_fixed_model(table, "A*B, C", replicates=0).estimate.population
    ratios = np.exp(np.linspace(-1, 1, 801))
    bent = sensitivity_to_pair(table, "A*B, C", ("A", "B"), ratios).population
    assert np.abs(bent - free).min() < 0.01 * free
    assert (np.diff(bent) > 0).all()


def test_without_a_list_and_with_lists_merged_independent_lists_say_the_same():
    table = stratum(20_000)
    for refit in (*leave_out_each_list(table), *merge_each_pair(table)):
        assert refit.estimate.low < 20_000 < refit.estimate.high, refit.change
    with pytest.raises(NoEstimate, match="at least two remain"):
        leave_out_each_list(table.drop_list("A"))


def test_a_hidden_list_is_guessed_again_and_its_number_is_known():
    found = hold_out_each_list(stratum(20_000))
    assert [holdout.hidden_list for holdout in found] == ["A", "B", "C"]
    assert all(holdout.is_covered for holdout in found)
    table = stratum(20_000)
    assert found[0].known == table.counts[1]
    assert found[0].estimate.seen == table.list_size("A") - table.counts[1]


def test_a_hidden_list_whose_others_do_not_overlap_is_neither_held_nor_missed():
    table = CaptureTable.from_histories(("A", "B", "C"), {"A": 30, "B": 20, "C": 20, "A*B": 10, "A*C": 9})
    assert hold_out_each_list(table)[0].is_covered is None


def test_linkage_draws_that_agree_add_nothing_and_those_that_do_not_widen_the_interval():
    equal_draws = estimate_stepwise_all([stratum(3000, seed=1)] * 5, replicates=200)
    pooled_equal = pool_linkage_draws(equal_draws)
    assert pooled_equal.population == pytest.approx(equal_draws[0].estimate.population)
    assert "0% of the variance" in pooled_equal.warnings[0]
    differing = estimate_stepwise_all(
        [stratum(3000, (c, 0.25, 0.2), seed=4) for c in (0.2, 0.25, 0.3, 0.35)], replicates=200
    )
    pooled_differing = pool_linkage_draws(differing)
    assert pooled_differing.high - pooled_differing.low > pooled_equal.high - pooled_equal.low


def test_one_linkage_draw_is_refused_and_one_without_estimate_is_said():
    whole = [estimate_stepwise(stratum(3000, seed=seed), replicates=50) for seed in (1, 2)]
    with pytest.raises(NoEstimate, match="Fewer than two linkage draws"):
        pool_linkage_draws(whole[:1])
    estimate = estimate_stepwise(CaptureTable.from_histories(("A", "B", "C"), {"A": 9, "B": 8, "C": 7}), replicates=5)
    assert estimate.estimate.refusal
    assert "1 of 3 linkage draws had no estimate." in pool_linkage_draws([*whole, estimate]).warnings
