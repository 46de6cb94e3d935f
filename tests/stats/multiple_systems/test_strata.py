"""Do strata pool and add up, and is a fall distinguished from lower coverage of the lists?"""

import numpy as np
import pytest

from assay.stats.multiple_systems.capture_histories import history_matrix
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.covariates import estimate_with_covariates, layout
from assay.stats.multiple_systems.estimation_refusals import NoEstimate, UnusableTable
from assay.stats.multiple_systems.hidden_change import estimate_change
from assay.stats.multiple_systems.loglinear import estimate_fixed_model
from assay.stats.multiple_systems.partial_pooling import pool_strata

ABC = ("A", "B", "C")


def stratum(persons, capture_probabilities=(0.3, 0.25, 0.2), *, seed=1, **table_options):
    history = history_matrix(3)
    weight = np.prod(np.where(history, capture_probabilities, 1 - np.asarray(capture_probabilities)), axis=1)
    counts = np.random.default_rng(seed).multinomial(persons, weight).astype(float)
    counts[0] = 0
    return CaptureTable(ABC, counts, **table_options)


def forces(sizes, seed=0):
    return [stratum(n, seed=seed + k, stratum=(("force", f"F{k:02d}"),)) for k, n in enumerate(sizes)]


def test_points_of_strata_add_up_to_the_total():
    found = pool_strata(forces([2000, 800, 300, 120, 60]), replicates=20).estimates
    assert sum(e.population for e in found.strata) == pytest.approx(found.total.population)
    assert found.total.low < 2000 + 800 + 300 + 120 + 60 < found.total.high


def test_a_thin_stratum_is_surer_with_the_others_than_alone():
    tables = forces([3000, 2500, 2000, 1500, 60])
    thin = pool_strata(tables, replicates=200).estimates.strata[-1]
    last_estimate = estimate_fixed_model(tables[-1], "A, B, C", replicates=200).estimate
    assert thin.high - thin.low < 0.8 * (last_estimate.high - last_estimate.low)
    assert thin.low < 60 < thin.high


def test_strata_that_are_alike_are_found_to_be_and_strata_that_are_not_are_not():
    spread = dict(pool_strata(forces([1500] * 6), replicates=5).spread)
    differing_strata = [
        stratum(1500, (probability, 0.25, 0.2), seed=k, stratum=(("force", str(k)),))
        for k, probability in enumerate([0.05, 0.1, 0.2, 0.4, 0.6, 0.7])
    ]
    differing = dict(pool_strata(differing_strata, replicates=5).spread)
    assert spread["A"] < 0.3 < 0.8 < differing["A"]
    assert differing["B"] < 0.3


def test_persons_whose_stratum_is_not_known_are_shared_out_and_none_is_lost():
    tables = forces([2000, 1000, 500])
    lost = stratum(400, seed=9, stratum=(("force", "not known"),))
    found = pool_strata([*tables, lost], replicates=200)
    assert found.reallocated_persons == lost.persons
    assert found.estimates.total.seen == pytest.approx(sum(t.persons for t in (*tables, lost)), abs=2)
    assert found.estimates.total.low < 3900 < found.estimates.total.high


def test_a_value_that_is_known_keeps_persons_out_of_the_strata_it_rules_out():
    tables = [
        stratum(800, seed=k, stratum=(("force", force), ("sex", sex)))
        for k, (force, sex) in enumerate([("N", "f"), ("N", "m"), ("S", "f"), ("S", "m")])
    ]
    half_known = stratum(300, seed=8, stratum=(("force", "not known"), ("sex", "f")))
    before = [t.persons for t in tables]
    after = [e.seen for e in pool_strata([*tables, half_known], replicates=5).estimates.strata]
    assert [after[k] - before[k] for k in (1, 3)] == [0, 0]
    assert after[0] - before[0] + after[2] - before[2] == pytest.approx(half_known.persons, abs=1)


def test_two_strata_cannot_show_how_far_strata_differ():
    with pytest.raises(NoEstimate, match="at least three are needed to borrow"):
        pool_strata(forces([500, 500]))


def test_a_covariate_lets_each_list_find_another_share():
    """Capture differs by sex; without it the lists look as if they went together."""
    tables = [
        stratum(1500, (0.1, 0.08, 0.1), seed=1, stratum=(("sex", "f"),)),
        stratum(1500, (0.5, 0.45, 0.5), seed=2, stratum=(("sex", "m"),)),
    ]
    found = estimate_with_covariates(tables, replicates=100)
    assert found.total.low < 3000 < found.total.high
    assert sum(e.population for e in found.strata) == pytest.approx(found.total.population)
    joint_table = CaptureTable(ABC, tables[0].counts + tables[1].counts)
    assert estimate_fixed_model(joint_table, "A, B, C", replicates=0).estimate.population < 2400


def test_covariates_are_laid_out_one_bit_a_value_but_the_first():
    tables = [stratum(50, stratum=(("eth", v), ("sex", s))) for v in "xyz" for s in "fm"]
    table_layout = layout(tables)
    assert table_layout.bits == ((3, 4), (5,))
    assert table_layout.codes.tolist() == [0, 32, 8, 40, 16, 48]
    assert table_layout.observable().sum() == 7 * 3 * 2


def test_strata_with_other_lists_or_other_covariates_are_refused():
    other = CaptureTable(("A", "C", "B"), stratum(50).counts)
    with pytest.raises(UnusableTable, match="same lists in the same order"):
        layout([stratum(50), other])
    with pytest.raises(UnusableTable, match="same covariates"):
        layout([stratum(50, stratum=(("sex", "f"),)), stratum(50, stratum=(("age", "9"),))])
    many_strata = [stratum(50, stratum=(("force", f"{k:02d}"),)) for k in range(20)]
    with pytest.raises(NoEstimate, match="let strata borrow"):
        layout(many_strata)


def test_lists_that_find_fewer_are_not_taken_for_a_fall():
    first_year, later = stratum(6000, (0.3, 0.25, 0.2), seed=1), stratum(6000, (0.2, 0.16, 0.13), seed=2)
    found = estimate_change(first_year, later, replicates=200)
    assert found.seen_ratio < 0.75
    assert found.joint.low < 1 < found.joint.high
    assert "cannot be said" in found.words
    assert {name: after / before for name, before, after in found.list_coverage}["A"] < 0.85


def test_a_fall_by_half_is_told_by_both_ways():
    found = estimate_change(stratum(8000, seed=1), stratum(4000, seed=2), replicates=200)
    assert found.joint.high < 1
    assert found.separate.high < 1
    assert found.words.endswith("there are fewer.")
    middle, low, high = found.difference
    assert low < -4000 < high
    assert low < middle < high


def test_what_no_overlap_shows_may_differ_between_years_and_then_less_is_sure_of_the_same_estimate():
    years = stratum(6000, seed=1), stratum(5000, seed=2)
    similar, drifting = estimate_change(*years, replicates=200), estimate_change(*years, replicates=200, drift=3)
    assert drifting.joint.ratio == similar.joint.ratio
    assert drifting.joint.high - drifting.joint.low > 1.5 * (similar.joint.high - similar.joint.low)
    assert abs(drifting.joint.share_fewer - 0.5) < abs(similar.joint.share_fewer - 0.5)


def test_years_with_other_lists_are_not_compared():
    with pytest.raises(UnusableTable, match="the change may be theirs"):
        estimate_change(stratum(500), CaptureTable(("A", "B", "X"), stratum(500).counts))
