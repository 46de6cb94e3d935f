"""Are forces ordered for inspectors by the probability that they are worse, also where nothing is published?"""

import pytest
from scipy import stats
from test_compare_indicators import ARREST, ORGANISATIONS, country
from test_taken_together import BAIL, MODE, varied

from assay.compare.alert_disclosure import RoundingPolicy
from assay.compare.failure_mode_tests import compare_with_failure_modes
from assay.compare.watch_list import (
    ODDS_MARGIN,
    OTHER_FORCES,
    STANDARD,
    force_watch_rows,
    is_worth_a_look,
    leading_rows,
    margin_threshold,
    watch_list,
    watch_words,
)
from assay.grading.grading_rules import rules
from assay.indicators.failure_mode_measures import HIGHER, LOWER
from assay.indicators.indicator_catalogue import find_form

EXPLOITED = find_form("children_also_suspects")
POLICY = RoundingPolicy(7, 5)


def watch(rows, forms=(ARREST, BAIL), modes=MODE):
    tables = compare_with_failure_modes(forms, rows, ORGANISATIONS, modes, policy=POLICY)
    assert "p_beyond_lower" not in tables["force_estimates"].column_names
    return tables["watch_list"].to_pylist()


def order(rows, failing="F8"):
    return [row["place_code"] for row in leading_rows(rows) if row["failing"] == failing]


def test_the_force_that_is_most_probably_worse_by_the_margin_comes_first_though_no_alert_names_it():
    rows = [
        *varied(ARREST, 1, INV05={"met": 70, "not_met": 30}, INV07={"met": 66, "not_met": 34}),
        *varied(BAIL, 2),
    ]
    tables = compare_with_failure_modes((ARREST, BAIL), rows, ORGANISATIONS, MODE, policy=POLICY)
    assert not any(row["outlier_alert"] for row in tables["force_estimates"].to_pylist())
    found = tables["watch_list"].to_pylist()
    assert order(found)[:2] == ["INV07", "INV05"]
    first = next(row for row in leading_rows(found) if row["failing"] == "F8" and row["rank"] == 1)
    assert (first["measure"], first["base"], first["share"]) == (ARREST.key, 100, 0.66)
    assert first["beyond"] == pytest.approx(margin_threshold(first["expected"], LOWER))
    assert 0.2 < first["probability"] < 0.95


def test_a_force_that_is_better_by_as_much_is_at_the_end():
    rows = [*varied(ARREST, 1, INV05={"met": 97, "not_met": 3}), *varied(BAIL, 2, INV05={"met": 97, "not_met": 3})]
    assert order(watch(rows))[-1] == "INV05"


def test_the_margin_is_a_factor_of_the_odds_so_that_half_becomes_two_fifths():
    assert ODDS_MARGIN == 1.5
    assert margin_threshold(0.5, LOWER) == pytest.approx(0.4)
    assert margin_threshold(0.5, HIGHER) == pytest.approx(0.6)
    assert 0 < margin_threshold(0.02, LOWER) < 0.02 < margin_threshold(0.02, HIGHER) < 0.04


def test_with_many_records_the_probability_is_that_of_the_records_alone():
    counts = {f"INV{n:02}": {"met": 8_000, "not_met": 2_000} for n in range(1, 13)}
    counts["INV05"] = {"met": 7_200, "not_met": 2_800}
    row = next(
        row for row in watch(country(ARREST, **counts)) if row["place_code"] == "INV05" and row["failing"] == "F8"
    )
    assert row["probability"] == pytest.approx(stats.beta(7_201, 2_801).cdf(row["beyond"]), abs=0.02)


def test_a_measure_of_which_more_is_worse_is_looked_at_above_the_others():
    rows = country(EXPLOITED, INV05={"met": 95, "not_met": 5})
    assert order(watch(rows, (EXPLOITED,), {"F11": {EXPLOITED.key: HIGHER}}), "F11")[0] == "INV05"


def test_a_force_on_few_records_is_in_the_order_and_one_on_none_stands_last_with_the_reason():
    rows = country(ARREST, INV05={"met": 2, "not_met": 10}, INV07={"met": 0, "not_met": 0})
    found = watch(rows, (ARREST,), {"F8": {ARREST.key: LOWER}})
    assert order(found)[0] == "INV05"
    last = next(row for row in found if row["place_code"] == "INV07" and row["failing"] == "F8")
    assert (last["probability"], last["rank"]) == (None, None)
    assert last["not_compared"].startswith("Not comparable: no record")


def test_a_standard_in_law_has_a_list_of_its_own_against_the_standard_and_against_the_others():
    rows = country(ARREST, **{f"INV{n:02}": {"met": 20, "not_met": 80} for n in range(1, 13)})
    found = [row for row in watch(rows) if row["failing"] == ARREST.key and row["place_code"] == "INV05"]
    assert {row["comparator"] for row in found} == {STANDARD, OTHER_FORCES}
    standard = next(row for row in found if row["comparator"] == STANDARD)
    assert standard["probability"] > 0.99
    assert standard["beyond"] == rules().floor
    comparison = next(row for row in found if row["comparator"] == OTHER_FORCES)
    assert comparison["probability"] < 0.5


def test_a_measure_without_a_standard_in_law_is_held_against_no_standard():
    rows = country(EXPLOITED, INV05={"met": 95, "not_met": 5})
    found = watch(rows, (EXPLOITED,), {"F11": {EXPLOITED.key: HIGHER}})
    assert {row["comparator"] for row in found} == {OTHER_FORCES}
    assert {row["failing"] for row in found} == {"F11"}


def test_a_force_has_its_own_failings_in_the_order_of_probability_from_the_first_that_is_worth_a_look():
    rows = [*varied(ARREST, 1, INV05={"met": 55, "not_met": 45}), *varied(BAIL, 2)]
    found = force_watch_rows(watch(rows), "INV05")
    assert [row["failing"] for row in found][:1] in (["F8"], [ARREST.key])
    assert all(row["probability"] >= 0.2 for row in found)
    assert [row["probability"] for row in found] == sorted((row["probability"] for row in found), reverse=True)


@pytest.mark.parametrize(
    ("side", "share", "worth"),
    [("lower", 0.15, True), ("lower", 0.2, False), ("higher", 0.25, True), ("higher", 0.2, False)],
)
def test_a_force_whose_own_share_is_not_worse_than_expected_is_no_first_look_however_few_its_records(
    side, share, worth
):
    """Of ten records so little is known that three in ten of the posterior may lie beyond a margin on either side."""
    row = {"probability": 0.3, "comparator": OTHER_FORCES, "side": side, "share": share, "expected": 0.2}
    assert is_worth_a_look(row) is worth


@pytest.mark.parametrize(("share", "worth"), [(0.625, False), (0.375, True)])
def test_a_force_that_keeps_a_standard_more_often_than_it_breaks_it_is_no_first_look_against_the_standard(share, worth):
    """Of eight records five, or three, are met; where all forces are near half, the posterior lies near half too."""
    columns = {"expected": 1.0, "beyond": 0.5}
    row = {"probability": 0.4, "comparator": STANDARD, "side": LOWER, "share": share, **columns}
    assert is_worth_a_look(row) is worth


def row_of(measure, probability, share, place="INV05", failing="F8", expected=0.8):
    return {
        "failing": failing, "place_code": place, "rank": 1, "measure": measure, "comparator": OTHER_FORCES,
        "side": LOWER, "probability": probability, "share": share, "expected": expected,
    }  # fmt: skip


def test_a_measure_that_is_worse_is_not_hidden_behind_a_wide_posterior_of_another_measure():
    """On ten records half of a posterior may lie beyond the margin, though the share is as expected."""
    rows = [row_of("told_of_arrest", 0.5, 0.8), row_of("told_of_bail", 0.4, 0.7)]
    assert [row["measure"] for row in leading_rows(rows)] == ["told_of_bail"]
    assert [row["measure"] for row in force_watch_rows(rows, "INV05")] == ["told_of_bail"]


def test_without_a_measure_worth_a_look_the_most_probable_leads():
    rows = [row_of("told_of_arrest", 0.1, 0.7), row_of("told_of_bail", 0.5, 0.8), row_of("third", None, None)]
    assert [row["measure"] for row in leading_rows(rows)] == ["told_of_bail"]


def test_a_force_worth_a_look_is_ranked_before_one_that_only_has_a_wider_posterior():
    wide_posterior = estimate("INV01", ARREST, 0.5, met=8), estimate("INV01", BAIL, 0.1, met=7)
    worse = estimate("INV02", ARREST, 0.1, met=7), estimate("INV02", BAIL, 0.3, met=6)
    found = watch_list([*wide_posterior, *worse], (), {"F8": {ARREST.key: LOWER, BAIL.key: LOWER}}).to_pylist()
    assert [(row["place_code"], row["rank"]) for row in leading_rows(found)] == [("INV02", 1), ("INV01", 2)]


def estimate(place, indicator, probability, met):
    """The estimate of a force on ten records, where the other forces have 80%."""
    return {
        "place_code": place, "indicator": indicator.key, "p_beyond_lower": probability, "expected": 0.8, "met": met,
        "base": 10,
    }  # fmt: skip


def test_two_failings_on_the_same_measure_are_one_entry_that_names_both_with_their_ranks():
    rows = [row_of("told_of_arrest", 0.4, 0.7), row_of("told_of_arrest", 0.4, 0.7, failing="F9") | {"rank": 3}]
    [entry] = force_watch_rows(rows, "INV05")
    assert entry["ranks"] == {"F8": 1, "F9": 3}


@pytest.mark.parametrize(
    ("probability", "words"),
    [(0.97, "almost certainly"), (0.6, "probably"), (0.25, "look first"), (0.1, ""), (None, "")],
)
def test_a_probability_is_also_said_in_words(probability, words):
    assert watch_words(probability) == words
