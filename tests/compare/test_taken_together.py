"""Which forces are outliers on the combined test of the measures of a failure mode?"""

import numpy as np
import pytest
from test_compare_indicators import NAMES, ORGANISATIONS, country

from assay.compare.alert_thresholds import (
    FAILURE_MODE_Q_THRESHOLD,
    FALSE_DISCOVERY,
    MAX_PERSISTING_P_VALUE,
    MEASURE_Q_THRESHOLD,
    Q_THRESHOLD,
)
from assay.compare.comparability import MIN_COMBINED_RECORDS
from assay.compare.failure_mode_tests import (
    AWAY_FROM_FAILURE,
    NONE_COMPARED,
    TOWARDS_FAILURE,
    combine_measures,
    compare_with_failure_modes,
)
from assay.compare.indicator_comparison import compare_indicators
from assay.compare.previous_alerts import ENDED, NEW, NO_PREVIOUS_ALERTS, PERSISTS, Alert, PreviousAlerts
from assay.indicators.failure_mode_measures import ELSEWHERE, HIGHER, LOWER, MEASURES_OF_MODE
from assay.indicators.indicator_catalogue import find_form, indicators
from assay.reference import failure_modes
from assay.synthetic.simulation.injected_failings import failings

ARREST, BAIL = find_form("told_of_arrest"), find_form("told_of_bail")
MODE = {"F8": {"told_of_arrest": LOWER, "told_of_bail": LOWER}}
WORN = {"INV05": {"met": 64, "not_met": 36}}
"""A force that is 16 points worse than the others: not so far that it is named by one measure."""


def varied(indicator, seed, **special):
    """Twelve forces whose counts scatter as chance would have them around 80 of 100, save those that are given."""
    met = np.random.default_rng(seed).binomial(100, 0.8, 12)
    own_counts = {code: {"met": int(n), "not_met": int(100 - n)} for code, n in zip(list(NAMES)[:12], met, strict=True)}
    return country(indicator, **own_counts | special)


def combined_tests(rows, shown_by=None, before=NO_PREVIOUS_ALERTS):
    measured = compare_indicators((ARREST, BAIL), rows, ORGANISATIONS, before)["force_estimates"]
    found = combine_measures(measured, shown_by or MODE, before).to_pylist()
    return measured.to_pylist(), {(row["failure_mode"], row["place_code"]): row for row in found}


def both_measures(**special):
    return [*varied(ARREST, 1, **special), *varied(BAIL, 2, **special)]


def test_a_force_somewhat_worse_on_both_measures_is_named_though_neither_names_it():
    estimates, found = combined_tests(both_measures(**WORN))
    assert not any(row["outlier_alert"] for row in estimates)
    assert [place for (_, place), row in found.items() if row["outlier_alert"]] == ["INV05"]
    row = found["F8", "INV05"]
    assert (row["measures"], row["alert_status"], row["alerted_since"]) == (2, NEW, "")
    assert row["p_value"] < 0.001


def test_a_force_that_is_as_much_better_is_not_named():
    assert not any(
        row["outlier_alert"] for row in combined_tests(both_measures(INV05={"met": 96, "not_met": 4}))[1].values()
    )


def test_a_force_worse_on_one_and_better_on_the_other_is_not_named():
    rows = [*varied(ARREST, 1, **WORN), *varied(BAIL, 2, INV05={"met": 97, "not_met": 3})]
    assert not combined_tests(rows)[1]["F8", "INV05"]["outlier_alert"]
    other_way = {"F8": {"told_of_arrest": LOWER, "told_of_bail": HIGHER}}
    assert combined_tests(rows, other_way)[1]["F8", "INV05"]["outlier_alert"]


def test_with_no_measure_compared_nothing_is_said_and_that_is_no_clean_bill():
    small_counts = {"met": 3, "not_met": 1}
    row = combined_tests(both_measures(INV05=small_counts))[1]["F8", "INV05"]
    assert (row["outlier_alert"], row["q_value"], row["measures"], row["not_comparable"]) == (
        None,
        None,
        0,
        NONE_COMPARED,
    )


def test_with_one_measure_compared_that_one_is_asked_on_the_side_of_the_failing():
    rows = [*varied(ARREST, 1, INV05={"met": 50, "not_met": 50}), *varied(BAIL, 2, INV05={"met": 3, "not_met": 1})]
    for mode, out in ((MODE, True), ({"F8": {"told_of_arrest": HIGHER, "told_of_bail": HIGHER}}, False)):
        estimates, found = combined_tests(rows, mode)
        [single_p_value] = [
            row["p_value"] for row in estimates if row["indicator"] == ARREST.key and row["place_code"] == "INV05"
        ]
        row = found["F8", "INV05"]
        assert (row["measures"], row["outlier_alert"]) == (1, out)
        assert row["p_value"] == pytest.approx(single_p_value / 2 if out else 1 - single_p_value / 2)


def test_a_failing_that_one_of_two_measures_shows_is_not_lost_in_their_sum():
    rows = [*varied(ARREST, 1, INV05={"met": 40, "not_met": 60}), *varied(BAIL, 2, INV05={"met": 84, "not_met": 16})]
    estimates, found = combined_tests(rows)
    [single_p_value] = [
        row["p_value"] for row in estimates if row["indicator"] == ARREST.key and row["place_code"] == "INV05"
    ]
    row = found["F8", "INV05"]
    assert row["outlier_alert"]
    assert row["p_value"] == pytest.approx(
        2 * 2 * single_p_value / 2
    )  # of half the chance one of two parts, on one side


def test_every_body_has_its_row_and_a_total_has_none():
    places = {
        place
        for _, place in combined_tests([*both_measures(), *country(ARREST, BTP1={"met": 8, "not_met": 2})[-2:-1]])[1]
    }
    assert places == {*list(NAMES)[:12], "BTP1"}


def test_a_call_stands_while_the_records_show_it_and_is_said_to_be_gone_when_they_do_not():
    before = PreviousAlerts(1, {("F8", "INV05"): Alert(TOWARDS_FAILURE, 0.01, "1 April 2024 to 31 March 2025")})
    row = combined_tests(both_measures(**WORN), before=before)[1]["F8", "INV05"]
    assert (row["outlier_alert"], row["alert_status"], row["alerted_since"], row["q_value"]) == (
        True,
        PERSISTS,
        "1 April 2024 to 31 March 2025",
        0.01,
    )
    row = combined_tests(both_measures(INV05={"met": 85, "not_met": 15}), before=before)[1]["F8", "INV05"]
    assert (row["outlier_alert"], row["alert_status"]) == (False, ENDED)
    assert AWAY_FROM_FAILURE != TOWARDS_FAILURE


def test_a_call_stands_as_long_as_one_of_a_single_measure_would_of_both_sides():
    before = PreviousAlerts(1, {("F8", "INV05"): Alert(TOWARDS_FAILURE, 0.01, "1 April 2024 to 31 March 2025")})
    for met, alert_state in ((72, PERSISTS), (73, ENDED)):
        row = combined_tests(both_measures(INV05={"met": met, "not_met": 100 - met}), before=before)[1]["F8", "INV05"]
        assert (row["alert_status"], row["p_value"] <= MAX_PERSISTING_P_VALUE / 2) == (
            alert_state,
            alert_state == PERSISTS,
        )
        assert 0.01 < row["p_value"] < 0.05


def test_a_call_of_whom_it_cannot_be_looked_at_neither_stands_nor_is_gone():
    before = PreviousAlerts(1, {("F8", "INV05"): Alert(TOWARDS_FAILURE, 0.01, "1 April 2024 to 31 March 2025")})
    row = combined_tests(both_measures(INV05={"met": 3, "not_met": 1}), before=before)[1]["F8", "INV05"]
    assert (row["outlier_alert"], row["alert_status"], row["alerted_since"]) == (None, "", "")


def test_a_call_that_stands_is_not_tested_again_and_a_later_inspection_names_up_to_half_as_much():
    rows, call = (
        both_measures(INV05={"met": 64, "not_met": 36}, INV07={"met": 70, "not_met": 30}),
        Alert(TOWARDS_FAILURE, 0.01, "then"),
    )
    first, later = (
        combined_tests(rows, before=before)[1]
        for before in (NO_PREVIOUS_ALERTS, PreviousAlerts(1, {("F8", "INV05"): call}))
    )
    tested = [row["p_value"] for (_, place), row in later.items() if place != "INV05"]
    assert later["F8", "INV07"]["q_value"] == pytest.approx(11 * min(tested))
    assert first["F8", "INV07"]["q_value"] == pytest.approx(12 * min(tested) / 2)
    for level, number in (
        (FAILURE_MODE_Q_THRESHOLD, 0),
        (FAILURE_MODE_Q_THRESHOLD / 2, 1),
        (FAILURE_MODE_Q_THRESHOLD / 6, 2),
    ):
        q = list(combined_tests(rows, before=PreviousAlerts(number))[1].values())
        assert [row["outlier_alert"] for row in q] == [row["q_value"] <= level for row in q]
        assert any(level < row["q_value"] <= 1 for row in q)


def test_a_q_value_is_over_every_failure_mode_and_force():
    one_mode, two = (combined_tests(both_measures(**WORN), modes)[1] for modes in (MODE, MODE | {"F9": MODE["F8"]}))
    smallest_p_value = min(row["p_value"] for row in one_mode.values())
    assert one_mode["F8", "INV05"]["q_value"] == pytest.approx(12 * smallest_p_value)
    assert two["F8", "INV05"]["q_value"] == pytest.approx(24 * smallest_p_value / 2)


def test_a_measure_by_itself_is_alerted_up_to_a_smaller_q_value_than_measures_together():
    assert MEASURE_Q_THRESHOLD < Q_THRESHOLD < FAILURE_MODE_Q_THRESHOLD < FALSE_DISCOVERY


def test_every_failure_mode_is_shown_by_measures_or_it_is_said_where_to_look():
    assert sorted([*MEASURES_OF_MODE, *ELSEWHERE]) == sorted(mode.code for mode in failure_modes())


def test_each_measure_that_shows_a_mode_is_compared_between_forces_and_on_its_worse_side():
    forms = {indicator.key: indicator for indicator in indicators()}
    for mode, sides in MEASURES_OF_MODE.items():
        assert sides, mode
        for measure, side in sides.items():
            assert forms[measure].record != "force", measure
            assert forms[measure].better in ("neither", {LOWER: HIGHER, HIGHER: LOWER}[side]), measure


FEW_RECORDS = {f"INV{n:02}": {"met": 10, "not_met": 2} for n in range(1, 13)}
"""Twelve records in each force: too few to show a share, and enough to count beside another measure."""


def with_small_bases(arrests, bails):
    tables = compare_with_failure_modes((ARREST, BAIL), [*arrests, *bails], ORGANISATIONS, MODE)
    together_rows = {row["place_code"]: row for row in tables["combined_tests"].to_pylist()}
    return tables["force_estimates"].to_pylist(), together_rows


def test_a_measure_on_few_records_counts_in_the_combined_test_though_its_share_is_not_compared_alone():
    small_bases = FEW_RECORDS | {"INV05": {"met": 1, "not_met": 11}}
    estimates, found = with_small_bases(
        varied(ARREST, 1, INV05={"met": 66, "not_met": 34}), country(BAIL, **small_bases)
    )
    row = next(row for row in estimates if row["indicator"] == BAIL.key and row["place_code"] == "INV05")
    assert (row["p_value"], row["outlier_alert"]) == (None, None)
    assert row["not_comparable"].startswith("Not comparable: fewer than 20 records")
    assert (found["INV05"]["measures"], found["INV05"]["outlier_alert"]) == (2, True)
    assert [place for place, row in found.items() if row["outlier_alert"]] == ["INV05"]


def test_fewer_than_five_records_count_in_no_test():
    small_bases = FEW_RECORDS | {"INV05": {"met": 0, "not_met": MIN_COMBINED_RECORDS - 1}}
    _, found = with_small_bases(varied(ARREST, 1), country(BAIL, **small_bases))
    assert (found["INV05"]["measures"], found["INV06"]["measures"]) == (1, 2)


def test_records_that_mostly_do_not_tell_count_in_no_test_either():
    small_bases = FEW_RECORDS | {"INV05": {"met": 1, "not_met": 11, "not_known": 12}}
    _, found = with_small_bases(varied(ARREST, 1), country(BAIL, **small_bases))
    assert found["INV05"]["measures"] == 1


NOT_TAKEN = {
    "marked_as_titled": "many flags give a low share too",
    "groups_not_denied": "each force has one record",
    "charged_of_all": "no right level: it moves with the mix of cases",
    "charged_of_closed": "no right level: it moves with the mix of cases",
}
"""Measures that show a failing, and why they are not in its combined test."""


@pytest.mark.parametrize("mode", sorted(MEASURES_OF_MODE))
def test_every_measure_that_shows_a_failing_is_in_its_combined_test_on_its_side(mode):
    showing = {
        measure: side
        for failing in failings().values()
        if failing.mode == mode
        for measure, side in failing.shown_by.items()
    }
    expected = {measure: side for measure, side in showing.items() if measure not in NOT_TAKEN}
    assert expected.items() <= MEASURES_OF_MODE[mode].items()


def test_ethnicity_recorded_in_some_way_counts_where_it_is_asked_whether_ethnicity_is_missing():
    assert MEASURES_OF_MODE["F5"]["suspect_ethnicity_recorded"] == LOWER
