"""A characteristic is as probable as the records leave it, and what nobody knows is neither for nor against it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judged import ALL_LEVELS, claim, estimate_row, ladder, level_of, source_row
from scipy import stats

from assay.grading.force_evidence import released_count
from assay.grading.grading_rules import rules
from assay.sdc import policy
from assay.stats.missing_data_bounds import (
    beta_population,
    mixture_share_draws,
    share_draws,
    share_with_missing,
    similar_missing_shares,
    uniform_missing_shares,
)

NEEDS = "childs_account_recorded"  # with closed_without_support the whole of the characteristic `heard`


def test_the_probability_that_a_share_reaches_the_line_is_that_of_its_beta_distribution():
    # One part alone: 40 met and 10 not, so the share is Beta(41, 11).
    probability = level_of("heard", [ladder(NEEDS, 40, 10)]).probability
    assert probability == pytest.approx(stats.beta(41, 11).sf(0.75), abs=0.03)


def test_of_fewer_than_ten_records_that_reveal_nothing_is_said():
    assert level_of("heard", [ladder(NEEDS, 9, 0, 500)]).probability is None
    assert level_of("heard", [ladder(NEEDS, 10, 0)]).probability is not None


def test_a_question_that_could_not_be_asked_is_neither_for_nor_against():
    level = level_of("heard", [ladder(NEEDS, 0, 0, not_askable="The table was not sent.")])
    assert level.probability is None
    assert "An account of the child on record before the case ended" in level.evidence.unknown_titles


def test_where_fewer_is_better_the_records_that_met_count_against():
    few_records, many_records = (
        level_of("heard", [ladder("closed_without_support", 5, 95)]),
        level_of("heard", [ladder("closed_without_support", 95, 5)]),
    )
    assert few_records.probability == 1.0
    assert many_records.probability == 0.0


def test_records_that_do_not_tell_widen_the_bounds_and_move_no_probability_to_an_end():
    sure, unsure = level_of("heard", [ladder(NEEDS, 90, 10)]), level_of("heard", [ladder(NEEDS, 90, 10, 60)])
    assert sure.lowest == sure.probability == sure.highest == 1.0
    assert unsure.lowest == 0.0  # 90 of 160 if none of them was met
    assert unsure.highest == 1.0
    assert 0.5 < unsure.probability < 0.99  # more likely than not: the others were mostly met


def test_a_force_of_few_records_is_taken_to_be_like_the_others_as_far_as_these_are_alike():
    rows = [ladder(NEEDS, 8, 4)]
    narrow_spread = [{"indicator": NEEDS, "overall": 0.90, "between_force_sd": 0.03}]
    wide_spread = [{"indicator": NEEDS, "overall": 0.90, "between_force_sd": 0.20}]
    by_itself, likely, less = (
        level_of("heard", rows, spread=spread).probability for spread in ((), narrow_spread, wide_spread)
    )
    assert by_itself < less < likely
    # 40 of 100 in a country that lies at 90: it is none of the others, and is not drawn up to them.
    assert level_of("heard", [ladder(NEEDS, 40, 60)], spread=narrow_spread).probability == 0.0


def test_a_suppressed_count_of_1_to_7_counts_as_4():
    assert policy("record level").suppression_threshold == 7
    assert released_count(ladder(NEEDS, 95, None, suppressed_cells="not_met share"), "not_met") == 4


def test_a_hidden_count_is_taken_for_its_middle_and_one_that_is_suppressed_says_nothing():
    assert level_of("heard", [ladder(NEEDS, 95, None, suppressed_cells="not_met share")]).probability == 1.0
    assert level_of("heard", [ladder(NEEDS, 95, None, suppressed_cells="secondary:not_met share")]).probability is None


def test_one_part_below_the_floor_undoes_what_the_others_show():
    # 95, 95 and 45 in 100 are 78 on average, which is above the line.
    rows = [ladder("named_suspect_met", 950, 50), ladder("described_suspect_looked_for", 950, 50),
            ladder("other_children_looked_for", 450, 550)]  # fmt: skip
    assert level_of("suspects_pursued", rows).probability == 0.0
    assert level_of("suspects_pursued", rows, rules=replace(ALL_LEVELS, floor=0.0)).probability > 0.95


def test_a_force_that_has_one_record_of_itself_is_no_draw():
    rows = [
        ladder(key, 1, 0) for key in ("problem_profile_current", "profile_uses_partners_data", "profile_covers_a_year")
    ]
    assert level_of("problem_known", [*rows, ladder("profile_crimes_fit", 0, 1)]).probability == 1.0  # three in four
    assert level_of("problem_known", [*rows[:2], ladder("profile_crimes_fit", 0, 1)]).probability == 0.0  # two in three


def test_other_organisations_duties_and_what_has_no_right_level_never_count():
    rows = [
        ladder("conference_in_15_days", 0, 100),
        ladder("strategy_discussed", 0, 100),
        ladder("charged_of_all", 5, 95),
    ]
    assert level_of("partners_answered", rows).probability is None
    assert level_of("suspects_pursued", rows).probability is None


def test_a_limit_by_which_nobody_is_graded_never_counts_in_another_way():
    limits = [ladder("bail_in_first_period", 0, 100), ladder("held_24_hours", 0, 100)]
    assert level_of("investigated_soon", limits).probability is None


def test_what_has_no_right_level_counts_against_a_force_that_is_an_outlier_as_far_as_the_call_is_true():
    rows = [ladder("named_suspect_met", 95, 5), ladder("charged_of_closed", 5, 95)]
    outlier_rows = [estimate_row("charged_of_closed", is_outlier=True, direction="lower", q_value=0.04)]
    assert level_of("suspects_pursued", rows).probability == 1.0
    assert level_of("suspects_pursued", rows, outlier_rows).probability == pytest.approx(0.04, abs=0.02)
    higher = [estimate_row("charged_of_closed", is_outlier=True, direction="higher", q_value=0.04)]
    assert level_of("suspects_pursued", rows, higher).probability == 1.0


def test_people_who_say_otherwise_hold_a_characteristic_back_and_never_raise_one():
    rows = [ladder(NEEDS, 95, 5)]
    assert level_of("heard", rows).state(rules()) == "shown"
    assert (
        level_of("heard", rows, source_rows=[source_row("heard", "victims", "disagrees")]).state(rules()) == "at odds"
    )
    assert level_of("heard", source_rows=[source_row("heard", "victims", "agrees")]).probability is None


def test_files_count_as_a_part_and_a_document_only_where_it_is_what_is_asked_for():
    assert level_of("heard", source_rows=[source_row("heard", "files", "agrees")]).probability == pytest.approx(
        0.975, abs=0.02
    )
    assert level_of("heard", source_rows=[source_row("heard", "files", "disagrees")]).probability == pytest.approx(
        0.025, abs=0.02
    )
    assert level_of("heard", source_rows=[source_row("heard", "documents", "agrees")]).probability is None
    assert level_of("problem_known", source_rows=[source_row("problem_known", "documents", "agrees")]).probability > 0.9


@given(met=st.integers(0, 400), not_met=st.integers(0, 400), more=st.integers(1, 50))
def test_a_record_more_that_met_never_makes_a_characteristic_less_probable(met, not_met, more):
    if met + not_met < 10:
        return
    before, after = (
        level_of("heard", [ladder(NEEDS, met, not_met)]),
        level_of("heard", [ladder(NEEDS, met + more, not_met)]),
    )
    assert after.probability >= before.probability - 0.04  # drawn with one seed each: chance alone is smaller


@given(met=st.integers(5, 300), not_met=st.integers(5, 300), unknown=st.integers(0, 300))
def test_the_probability_lies_between_its_bounds(met, not_met, unknown):
    level = level_of("heard", [ladder(NEEDS, met, not_met, unknown)])
    assert level.lowest <= level.probability <= level.highest


def test_what_is_said_of_a_fall_agrees_where_no_series_contradicts_it_and_disagrees_where_one_does():
    supported_claims = [claim("scale", "supported"), claim("scale", "cannot be tested")]
    # A strand is taken to be right in 97.5 of 100.
    assert level_of("trend_sound", claims=supported_claims).probability == pytest.approx(0.975, abs=0.02)
    assert level_of(
        "trend_sound", claims=[*supported_claims, claim("scale", "contradicted")]
    ).probability == pytest.approx(0.025, abs=0.02)


def test_what_nobody_said_or_nothing_can_test_is_not_known_and_what_would_tell_is_named():
    for untested_claims in ([], [claim("scale", "cannot be tested")], [claim("indicator", "supported")]):
        found = level_of("trend_sound", claims=untested_claims)
        assert found.state(rules()) == "not known"
        assert found.evidence.unknown_titles == ("What the force says of a rise or fall, held against every series",)


def test_figures_of_its_own_count_from_three_that_its_records_can_test():
    two = [claim("indicator", "supported")] * 2
    assert level_of("evidence_shown", claims=two).probability is None
    [item] = level_of("evidence_shown", claims=[*two, claim("indicator", "contradicted")]).evidence.items
    assert (item.met, item.not_met) == (2, 1)


def test_draws_are_the_same_for_the_same_words_and_others_for_others():
    first_draws, same_seed, other = (share_draws(3, 1, draws=50, seed=seed) for seed in ("a", "a", "b"))
    assert (first_draws == same_seed).all()
    assert (first_draws != other).any()


def test_unknown_records_weigh_as_many_as_they_are():
    known = share_draws(30, 10, draws=5, seed="x")
    assert share_with_missing(known, 40, 60, 0.0) == pytest.approx(known * 0.4)
    assert ((uniform_missing_shares(draws=5, seed="x") > 0) & (uniform_missing_shares(draws=5, seed="x") < 1)).all()


def test_the_population_of_forces_has_the_mean_and_the_spread_that_it_was_given():
    first, second = beta_population(0.8, 0.1)
    assert stats.beta(first, second).mean() == pytest.approx(0.8)
    assert stats.beta(first, second).std() == pytest.approx(0.1)
    assert beta_population(0.8, 0.5) is None  # no share has so much room


def test_a_unit_like_the_others_has_the_mean_of_both_and_one_unlike_them_its_own():
    like = mixture_share_draws(16, 4, population_prior=(80.0, 20.0), outlier_prior=0.05, draws=4000, seed="a").mean()
    prior_mean = mixture_share_draws(
        40, 160, population_prior=(80.0, 20.0), outlier_prior=0.05, draws=4000, seed="a"
    ).mean()
    assert like == pytest.approx(96 / 120, abs=0.01)
    assert prior_mean == pytest.approx(41 / 202, abs=0.01)


def test_unknown_records_are_on_average_as_the_known_and_far_less_sure():
    known = share_draws(80, 20, draws=4000, seed="a")
    unknown = similar_missing_shares(known, 4.0, seed="a")
    assert unknown.mean() == pytest.approx(known.mean(), abs=0.02)
    assert unknown.std() > 3 * known.std()
