"""Do batched log-linear fits equal single fits, and are fits without an estimate refused?"""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from assay.stats.multiple_systems.bootstrap import Resampling, bca_acceleration, resample, resample_all
from assay.stats.multiple_systems.capture_histories import (
    effects_of_order,
    history_matrix,
    set_bits,
    subset_sums,
    superset_sums,
)
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.estimate_existence import EstimateStatus, estimate_status, estimate_statuses
from assay.stats.multiple_systems.estimation_refusals import NoEstimate, UnusableTable
from assay.stats.multiple_systems.hierarchical_models import LogLinearModel, all_models, independence_model
from assay.stats.multiple_systems.loglinear import (
    estimate_best_model,
    estimate_downhill_model,
    estimate_fixed_model,
    estimate_model_average,
    estimate_stepwise,
    estimate_stepwise_all,
)
from assay.stats.multiple_systems.model_selection import rank_models
from assay.stats.multiple_systems.newton_fits import fit_loglinear, pad_models, repeat_model
from assay.stats.multiple_systems.stepwise import select_stepwise
from assay.stats.multiple_systems.stepwise_aic import profile_interval

ABC, ABCD = ("A", "B", "C"), ("A", "B", "C", "D")


def capture_table(capture_probabilities, persons, seed=1, interactions=()):
    """A table of persons whose lists find them independently, or more readily together where a pair interacts."""
    lists = len(capture_probabilities)
    history = history_matrix(lists)
    weight = np.prod(np.where(history, capture_probabilities, 1 - np.asarray(capture_probabilities)), axis=1)
    for (i, j), ratio in interactions:
        weight = weight * np.where(history[:, i] * history[:, j], ratio, 1.0)
    counts = np.random.default_rng(seed).multinomial(persons, weight / weight.sum()).astype(float)
    hidden, counts[0] = counts[0], 0.0
    return CaptureTable(tuple("ABCDEFGH"[:lists]), counts), hidden


def test_a_superset_sum_is_a_margin_and_a_subset_sum_its_mirror():
    values = np.arange(8.0)[:, None]
    assert superset_sums(values)[:, 0].tolist() == [
        28,
        1 + 3 + 5 + 7,
        2 + 3 + 6 + 7,
        3 + 7,
        4 + 5 + 6 + 7,
        5 + 7,
        6 + 7,
        7,
    ]
    assert subset_sums(values)[:, 0].tolist() == [0, 1, 2, 1 + 2 + 3, 4, 1 + 4 + 5, 2 + 4 + 6, 28]


def test_two_lists_give_the_estimate_of_lincoln_and_petersen():
    table = CaptureTable.from_histories(("A", "B"), {"A": 30, "B": 20, "A*B": 10})
    assert estimate_fixed_model(table, "A, B", replicates=0).estimate.population == pytest.approx(
        (30 + 10) * (20 + 10) / 10
    )


def test_three_lists_with_all_pairs_give_the_closed_form():
    """Fienberg 1972: hidden = n_A n_B n_C n_ABC / (n_AB n_AC n_BC), the products over exact histories."""
    counts = {"A": 60, "B": 50, "C": 40, "A*B": 12, "A*C": 9, "B*C": 8, "A*B*C": 3}
    table = CaptureTable.from_histories(ABC, counts)
    hidden = estimate_fixed_model(table, "A*B, A*C, B*C", replicates=0).estimate.hidden
    assert hidden == pytest.approx(60 * 50 * 40 * 3 / (12 * 9 * 8))


def by_statsmodels(table, model):
    cells = np.arange(1, len(table.counts))
    design = np.column_stack([(cells & effect) == effect for effect in model.effects]).astype(float)
    return sm.GLM(table.counts[1:], design, family=sm.families.Poisson()).fit(tol=1e-12)


# statsmodels warns of cells that it fits exactly, and divides by no degrees of freedom; its figures are compared all the same.
@pytest.mark.filterwarnings("ignore:Perfect separation or prediction detected")
@pytest.mark.filterwarnings("ignore::RuntimeWarning:statsmodels")
@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=15, max_size=15), st.integers(0, 112))
def test_a_fit_equals_that_of_statsmodels(counts, place):
    table = CaptureTable(ABCD, np.array([0, *counts], dtype=float))
    model = all_models(ABCD, 3)[place]
    peer = by_statsmodels(table, model)
    fitted = fit_loglinear(table.counts[:, None], repeat_model(model.effects, 1))
    assert fitted.hidden[0] == pytest.approx(np.exp(peer.params[0]), rel=1e-6)
    assert fitted.log_likelihood[0] == pytest.approx(peer.llf, rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=7, max_size=7).filter(lambda c: sum(c) > 5))
def test_models_side_by_side_and_tables_side_by_side_say_what_one_alone_says(counts):
    table = np.array([0, *counts], dtype=float)[:, None]
    models = all_models(ABC, 2)
    joint_fit = fit_loglinear(np.repeat(table, len(models), axis=1), pad_models([m.effects for m in models]))
    for place, model in enumerate(models):
        single_fit = fit_loglinear(table, repeat_model(model.effects, 1))
        assert joint_fit.exists[place] == single_fit.exists[0]
        assert joint_fit.hidden[place] == pytest.approx(single_fit.hidden[0], rel=1e-6, nan_ok=True)


def exists_by_large_programme(counts, effects):
    """Fienberg & Rinaldo's condition as Chan, Silverman & Vincent pose it: a positive table with the same margins."""
    cells = np.arange(len(counts))
    margins = {e: counts[(cells & e) == e].sum() for e in effects}
    selected = [e for e in effects if margins[e] > 0]
    missing_effects = [e for e in effects if margins[e] == 0]
    cells_left = [c for c in cells[1:] if not any(c & e == e for e in missing_effects)]
    design = np.array([[float(c & e == e) for c in cells_left] + [0.0] for e in selected])
    above = np.hstack([-np.eye(len(cells_left)), np.ones((len(cells_left), 1))])
    goal = np.r_[np.zeros(len(cells_left)), -1.0]
    found = linprog(
        goal,
        A_eq=design,
        b_eq=[margins[e] for e in selected],
        A_ub=above,
        b_ub=np.zeros(len(cells_left)),
        bounds=[(None, None)] * len(goal),
    )
    full = np.linalg.matrix_rank(design) == len(selected)
    return found.status == 0 and -found.fun > 1e-9, full


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([0, 0, 0, 1, 7]), min_size=15, max_size=15).filter(any), st.integers(0, 112))
def test_existence_by_directions_agrees_with_the_large_programme(counts, place):
    counts = np.array([0, *counts], dtype=float)
    model = all_models(ABCD, 3)[place]
    observable = np.arange(16) > 0
    exists, identified = exists_by_large_programme(counts, model.effects)
    found = estimate_status(counts > 0, model.effects, observable)
    assert (found in (EstimateStatus.EXISTS, EstimateStatus.NOT_IDENTIFIED)) == exists
    assert (found in (EstimateStatus.EXISTS, EstimateStatus.NOT_EXISTING)) == identified
    assert fit_loglinear(counts[:, None], repeat_model(model.effects, 1)).exists[0] == (exists and identified)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 0.6))
def test_many_tables_together_have_the_status_that_each_has_alone(seed, share_counted):
    generator = np.random.default_rng(seed)
    models = all_models(ABCD, 3)
    table_models = [models[place].effects for place in generator.integers(0, len(models), 80)]
    seen = generator.random((16, 80)) < share_counted
    seen[0], seen[1] = False, True  # the hidden are never counted, and somebody always is
    observable = np.arange(16) > 0
    batch_statuses = estimate_statuses(seen, table_models, observable)
    single_statuses = [estimate_status(seen[:, column], model, observable) for column, model in enumerate(table_models)]
    undefined = (EstimateStatus.NOT_EXISTING, EstimateStatus.NOT_EXISTING_NOR_IDENTIFIED)
    assert all(
        a == b or (a in undefined and b in undefined) for a, b in zip(batch_statuses, single_statuses, strict=True)
    )


def test_a_margin_that_is_zero_only_by_subtraction_leaves_no_estimate():
    # Four persons: in A 3, in D 3, in both 2, so nobody is in neither, and what B and C do there runs off to infinity.
    counts = np.zeros(16)
    counts[[0b0001, 0b1001, 0b1110, 0b1111]] = 1
    model = LogLinearModel.from_text(ABCD, "A*D, B, C")
    assert estimate_status(counts > 0, model.effects, np.arange(16) > 0) == EstimateStatus.NOT_EXISTING


@pytest.mark.parametrize(("lists", "order", "models"), [(3, 2, 8), (4, 2, 64), (4, 3, 113), (5, 2, 1024), (3, 3, 9)])
def test_all_hierarchical_models_are_there_once(lists, order, models):
    found = all_models(ABCD[:lists] if lists < 5 else tuple("ABCDE"), order)
    assert len(found) == len({m.effects for m in found}) == models


def test_a_model_is_written_in_names_and_holds_what_its_effects_contain():
    model = LogLinearModel.from_text(ABCD, "A*B*C, D")
    assert [set_bits(e) for e in model.interactions] == [(0, 1), (0, 2), (1, 2), (0, 1, 2)]
    assert str(model) == "A*B*C, D"
    assert str(independence_model(ABC)) == "A, B, C"
    with pytest.raises(UnusableTable, match="'X', which is no list"):
        LogLinearModel.from_text(ABC, "A*X")


def test_a_pair_that_was_injected_is_the_first_to_enter_and_the_hidden_are_found():
    table, hidden = capture_table([0.2, 0.25, 0.3, 0.15], 40_000, interactions=[((1, 2), 4.0)])
    found = estimate_stepwise(table, replicates=200)
    assert found.path[0].startswith("B*C enters")
    assert found.estimate.low < table.persons + hidden < found.estimate.high


def test_every_way_to_a_model_finds_an_injected_population():
    table, hidden = capture_table([0.2, 0.25, 0.3], 20_000, interactions=[((0, 1), 3.0)])
    for method in (estimate_stepwise, estimate_best_model, estimate_model_average, estimate_downhill_model):
        found = method(table, replicates=100).estimate
        assert found.low < table.persons + hidden < found.high, found.method


def test_the_first_of_equal_p_values_enters():
    """Overlaps so far beyond chance that every p-value is zero: the pair whose lists stand first is taken."""
    counts = np.zeros(16)
    counts[[1, 2, 4, 8]] = 100_000
    counts[[3, 12, 6, 9]] = 90_000
    steps = select_stepwise(counts[:, None]).steps
    assert steps[0].p_value == 0.0
    assert steps[0].pair == 0b0011


def test_the_fit_that_is_handed_back_is_that_of_the_last_step_whatever_stands_beside_it():
    tables = np.stack([capture_table([0.3, 0.2, 0.25], 900, seed=seed)[0].counts for seed in range(6)], axis=1)
    injected, _ = capture_table([0.3, 0.2, 0.25], 9000, interactions=[((0, 1), 4.0)])
    joint_selection = select_stepwise(np.hstack([injected.counts[:, None], tables]))
    assert len({tuple(column) for column in joint_selection.fits.effects.T}) > 1
    assert joint_selection.fits.hidden == pytest.approx(joint_selection.hidden)
    for place in range(7):
        single_selection = select_stepwise(np.hstack([injected.counts[:, None], tables])[:, place : place + 1])
        assert single_selection.fits.hidden[0] == pytest.approx(joint_selection.hidden[place])


def test_strata_in_one_batch_say_what_each_says_alone():
    tables = [capture_table([0.3, 0.2, 0.25], 900, seed=seed)[0] for seed in (1, 2, 3)]
    joint_estimates = estimate_stepwise_all(tables, replicates=50, seed=4)
    single_populations = [estimate_stepwise(table, replicates=0).estimate.population for table in tables]
    assert [estimate.estimate.population for estimate in joint_estimates] == pytest.approx(single_populations)
    assert joint_estimates[0].estimate == estimate_stepwise(tables[0], replicates=50, seed=4).estimate


@pytest.mark.filterwarnings("ignore:Perfect separation or prediction detected")
@pytest.mark.filterwarnings("ignore::RuntimeWarning:statsmodels")
def test_bic_counts_every_effect_and_every_person():
    counts = {"A": 60, "B": 50, "C": 40, "A*B": 12, "A*C": 9, "B*C": 8, "A*B*C": 3}
    table = CaptureTable.from_histories(ABC, counts)
    ranking = rank_models(table.counts, ABC, order=2)
    peer = {str(m): 2 * -by_statsmodels(table, m).llf + len(m.effects) * np.log(182) for m in all_models(ABC, 2)}
    assert dict(zip(map(str, ranking.models), ranking.criterion, strict=True)) == pytest.approx(peer)
    weights = np.exp(-(ranking.criterion - ranking.criterion[0]) / 2)
    assert ranking.weights() == pytest.approx(weights / weights.sum())


def test_a_model_without_an_estimate_is_refused_with_the_reason():
    table = CaptureTable.from_histories(ABC, {"A": 40, "B": 30, "C": 20, "A*C": 4, "A*B*C": 0})
    with pytest.raises(NoEstimate, match="no estimate here: the likelihood has no maximum"):
        estimate_fixed_model(table, "A*C, B")


def test_limits_are_percentiles_when_half_of_the_draws_lie_below_and_nothing_is_accelerated():
    draws = np.arange(1.0, 1001.0)
    limits = Resampling(0, 500.5, draws, 0.0, 0).limits([0.025, 0.5, 0.975])
    assert limits == pytest.approx(np.quantile(draws, [0.025, 0.5, 0.975], method="median_unbiased"))


def test_the_acceleration_counts_each_history_as_often_as_persons_have_it():
    spread_out = np.repeat([10.0, 12.0, 20.0], [5, 3, 2])
    residual = spread_out.mean() - spread_out
    expected = (residual**3).sum() / (6 * (residual**2).sum() ** 1.5)
    assert bca_acceleration(np.array([10.0, 12.0, 20.0]), np.array([5, 3, 2])) == pytest.approx(expected)


def test_draws_that_had_no_estimate_or_lost_a_list_are_counted_and_said():
    table = CaptureTable.from_histories(ABC, {"A": 20, "B": 15, "C": 1, "A*B": 6, "A*C": 1})
    done = resample(
        table,
        lambda counts: fit_loglinear(counts, repeat_model(independence_model(ABC).effects, counts.shape[1])).hidden,
    )
    assert 0 < done.lists_lost < 1000
    assert any("a list held nobody" in sentence for sentence in done.warnings())
    never = resample(table, lambda counts: np.full(counts.shape[1], np.nan), replicates=10)
    assert never.without_estimate == 10
    assert np.isnan(never.limits()).all()


def test_the_same_seed_gives_the_same_interval_and_another_does_not():
    table, _ = capture_table([0.3, 0.2, 0.25], 900)
    first, repeated, other = (estimate_stepwise(table, replicates=100, seed=seed).estimate for seed in (1, 1, 2))
    assert first == repeated
    assert first.low != other.low


def test_resampling_many_tables_is_cut_into_parts_without_changing_them():
    tables = [capture_table([0.3, 0.2, 0.25], 300, seed=seed)[0] for seed in range(4)]
    method = lambda counts: fit_loglinear(counts, repeat_model(independence_model(ABC).effects, counts.shape[1])).hidden  # noqa: E731
    whole = resample_all(tables, method, replicates=6000)
    for table, resampling in zip(tables, whole, strict=True):
        assert resampling.hidden == pytest.approx(estimate_fixed_model(table, "A, B, C", replicates=0).estimate.hidden)


def test_the_profile_holds_the_estimate_and_widens_with_the_level():
    table, _ = capture_table([0.3, 0.2, 0.25], 2000)
    narrow, wide = (profile_interval(table, independence_model(ABC), level) for level in (0.5, 0.95))
    middle = estimate_fixed_model(table, "A, B, C", replicates=0).estimate.population
    assert wide.low < narrow.low < narrow.population < narrow.high < wide.high
    assert narrow.population == pytest.approx(middle, rel=0.01)


def test_pairs_stand_in_the_order_of_their_lists():
    assert [set_bits(pair) for pair in effects_of_order(4, 2)] == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
