"""Are the twelve known pitfalls avoided, each on the data in which it was found?

The numbers are those of the list of traps in the project's research notes; what each is about stands in its name.
"""

import numpy as np
import pytest
from mse_reference import capture_table
from scipy.stats import poisson
from test_strata import stratum

from assay.stats.multiple_systems.capture_figures import upset_plot
from assay.stats.multiple_systems.capture_histories import effects_of_order, superset_sums
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.decomposable import average_decomposable_graphs, log_grid
from assay.stats.multiple_systems.ensemble import VerdictKind, estimate_ensemble, verdict
from assay.stats.multiple_systems.estimate_existence import EstimateStatus, estimate_status
from assay.stats.multiple_systems.estimation_refusals import NoEstimate
from assay.stats.multiple_systems.hierarchical_models import LogLinearModel, independence_model
from assay.stats.multiple_systems.latent_class import latent_class_all
from assay.stats.multiple_systems.list_screening import QUESTIONS, DependenceSign, ListDependence, screen_lists
from assay.stats.multiple_systems.loglinear import estimate_best_model, estimate_fixed_model, estimate_stepwise
from assay.stats.multiple_systems.newton_fits import fit_loglinear, repeat_model
from assay.stats.multiple_systems.stepwise import select_stepwise


def test_1_a_model_without_an_estimate_is_refused_and_not_returned_as_a_number():
    table = capture_table("artificial_3lists")
    with pytest.raises(NoEstimate, match="the likelihood has no maximum"):
        estimate_fixed_model(table, "A*B, C")
    assert verdict(estimate_ensemble(table)).kind is VerdictKind.NO_ESTIMATE
    assert "A*B, C" not in {str(model) for model in estimate_best_model(table, replicates=5).ranking.models}


def test_2_that_effects_are_told_apart_is_another_question_than_existence():
    table = capture_table("artificial_3lists")
    seen, observable = table.counts > 0, np.arange(8) > 0

    def found(text):
        return estimate_status(seen, LogLinearModel.from_text(table.lists, text).effects, observable)

    assert found("A*B, A*C, B*C") is EstimateStatus.NOT_IDENTIFIED
    assert found("A*B, C") is EstimateStatus.NOT_EXISTING
    assert found("A*C, B*C") is EstimateStatus.EXISTS


def test_3_a_graph_that_takes_over_is_said_and_the_prior_is_shown_to_matter():
    table = capture_table("uk2013_5lists")
    heavy = average_decomposable_graphs(table, concentration=0.5)
    assert heavy.saturated_weight == pytest.approx(0.995, abs=0.002)
    assert any(
        "holds 99% of the weight" in sentence or "holds 100%" in sentence for sentence in heavy.estimate.warnings
    )
    light = average_decomposable_graphs(table)
    assert light.saturated_weight < 0.01
    assert not any("knows nothing of the hidden" in sentence for sentence in light.estimate.warnings)


def test_3_no_mode_is_hidden_by_a_grid_that_ends_too_soon():
    table = capture_table("netherlands_5lists")
    found = average_decomposable_graphs(table)
    shares = {round(mode.population, -4): mode.share for mode in found.modes}
    assert shares[50_000] == pytest.approx(0.65, abs=0.02)
    assert shares[160_000] == pytest.approx(0.35, abs=0.02)
    assert any("2 modes" in sentence for sentence in found.estimate.warnings)
    cut = average_decomposable_graphs(table, grid=log_grid(10 * table.persons, 1401), sensitivity=False)
    assert cut.estimate.high < 56_000 < 200_000 < found.estimate.high
    assert any("a mode beyond it would not be seen" in sentence for sentence in cut.estimate.warnings)


def test_4_chains_that_do_not_agree_are_refused():
    (found,) = latent_class_all([capture_table("netherlands_6lists")], chains=4, rounds=1, steps=600, warm_up=300)
    assert found.estimate.population is None
    assert "asked for" in found.estimate.refusal


def test_5_a_lumpy_bootstrap_is_said_and_a_bias_without_end_does_not_break_it():
    found = estimate_stepwise(capture_table("korea_3lists"))
    assert any("heap up" in sentence for sentence in found.resampling.warnings())
    all_above = found.resampling.__class__(10, 5.0, np.full(50, 9.0), 0.1, 0)
    assert all_above.limits([0.025, 0.975]).tolist() == [19.0, 19.0]
    assert any("single edge" in sentence for sentence in all_above.warnings())


def test_6_of_p_values_that_are_all_zero_the_pair_that_stands_first_is_taken():
    """Dutch lists, made a hundred times as long: several overlaps so far from chance that no float tells them apart."""
    table = capture_table("netherlands_6lists")
    counts = 100 * table.counts[:, None]
    margins = superset_sums(counts)
    fitted = fit_loglinear(counts, repeat_model(independence_model(table.lists).effects, 1)).fitted
    fitted[0] = 0
    pairs = effects_of_order(6, 2)
    capture_probabilities = [
        min(poisson.cdf(n, m), poisson.sf(n - 1, m))
        for n, m in zip(margins[pairs, 0], superset_sums(fitted)[pairs, 0], strict=True)
    ]
    zero = [pair for pair, p in zip(pairs, capture_probabilities, strict=True) if p == 0]
    assert len(zero) > 1
    first = select_stepwise(counts).steps[0]
    assert (first.pair, first.p_value) == (zero[0], 0.0)


def test_7_one_history_more_or_less_is_another_estimate_and_the_table_is_named():
    first_estimate, other = (
        estimate_stepwise(capture_table(f"new_orleans_5lists{end}"), replicates=0) for end in ("_sparsemse2019", "")
    )
    assert (round(first_estimate.estimate.population), round(other.estimate.population)) == (1034, 981)
    assert first_estimate.estimate.fingerprint != other.estimate.fingerprint


def test_8_the_path_is_shown_by_which_steps_go_far_from_the_best():
    table = capture_table("netherlands_5lists")
    steps = estimate_stepwise(table, replicates=0)
    assert len(steps.path) == 6
    assert steps.path[-1].endswith("121,522")
    assert estimate_best_model(table, order=2, replicates=5).estimate.population == pytest.approx(48_012.7, abs=0.1)


def test_9_lists_are_named_so_that_their_order_does_not_matter():
    table = capture_table("uk2013_5lists")
    turned = CaptureTable.from_histories(
        tuple(reversed(table.lists)),
        {
            "*".join(name for bit, name in enumerate(table.lists) if cell >> bit & 1): count
            for cell, count in enumerate(table.counts)
            if count
        },
    )
    model = "LA*NG, NG*GP, PFNCA, GO"
    first_population, other = (
        estimate_fixed_model(t, model, replicates=0).estimate.population for t in (table, turned)
    )
    assert first_population == pytest.approx(other, rel=1e-9)


def test_10_a_match_that_is_missed_makes_more_hidden_and_a_false_one_fewer():
    true = stratum(5000)
    missed, false = true.counts.copy(), true.counts.copy()
    missed[[3, 1, 2]] += np.array([-0.2, 0.2, 0.2]) * true.counts[3]
    false[[3, 1, 2]] += np.array([0.2, -0.2, -0.2]) * true.counts[3]
    points = [
        estimate_fixed_model(CaptureTable(true.lists, counts), "A, B, C", replicates=0).estimate.population
        for counts in (false, true.counts, missed)
    ]
    assert points == sorted(points)


def test_11_what_only_those_who_know_the_lists_can_say_is_asked_before_any_number():
    table = capture_table("uk2013_5lists")
    assert len(screen_lists(table).open_questions) == len(QUESTIONS) == 5
    referred = ListDependence("PFNCA", "LA", DependenceSign.POSITIVE, "Police refer to the local authority.")
    assert "too low" in screen_lists(table, [referred]).direction()


def test_12_overlaps_of_a_few_are_not_printed_or_drawn():
    table = capture_table("uk2013_5lists")
    assert ((table.overlap() > 0) & (table.overlap() < 5)).any()
    assert not any(word in {"1", "2", "3", "4"} for row in table.overlap_text() for word in row)
    assert all(f">{small_count}<" not in upset_plot(table) for small_count in (1, 2, 3, 4))
