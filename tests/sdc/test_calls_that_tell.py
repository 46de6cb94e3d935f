"""Does an outlier alert, or its absence, reveal on which side of a limit a suppressed count is?"""

from itertools import product

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.compare.alert_disclosure import MET_DISCLOSIVE, NOT_MET_DISCLOSIVE, RoundingPolicy, extreme_cases
from assay.compare.failure_mode_tests import combine_measures
from assay.compare.indicator_comparison import compare_indicators
from assay.compare.previous_alerts import Alert, PreviousAlerts
from assay.sdc import apply_policy, apply_policy_with_suppressions, changes, declared_tables, policy, release
from assay.sdc.alert_suppression import ALERT_SUPPRESSED_TEXT
from assay.sdc.cell_status import suppress_cell
from compare.test_compare_indicators import ARREST, CHARGED, NAMES, ORGANISATIONS, ladder

RECORD_LEVEL = policy("record level")
POLICY = RoundingPolicy(RECORD_LEVEL.suppression_threshold, RECORD_LEVEL.rounding_base)
FIRST, *OTHER_CODES = list(NAMES)[:12]
BEFORE = PreviousAlerts(1, {(ARREST.key, FIRST): Alert("lower", 0.001, "1 April 2024 to 31 March 2025")})
LEAVE = ("met", "not_met", "base", "outlier_alert", "direction", "alert_status", "alerted_since", "suppressed_cells")


def country(met, not_met, share, form=ARREST):
    """One force, and eleven others of which about `share` of 100 are met."""
    rows = [ladder(FIRST, form, met=met, not_met=not_met)]
    shares = [share + number % 3 - 1 for number in range(len(OTHER_CODES))]
    return rows + [
        ladder(code, form, met=met, not_met=100 - met) for code, met in zip(OTHER_CODES, shares, strict=True)
    ]


def compared(rows, before=None, rounding=POLICY, forms=(ARREST,)):
    exact = compare_indicators(forms, rows, ORGANISATIONS, before or PreviousAlerts(), rounding)
    return {name: exact[name].select(declared(name)) for name in ("force_estimates", "indicator_spread")}


def declared(name):
    form = declared_tables()[name]
    return [*(column.name for column in form.columns), *form.internal_columns]


def first_force_row(tables):
    [row] = [row for row in tables["force_estimates"].to_pylist() if row["place_code"] == FIRST]
    return row


def let_out(met, not_met, share, before=None, rounding=POLICY):
    return first_force_row(apply_policy(compared(country(met, not_met, share), before, rounding), RECORD_LEVEL))


def alert_of(row):
    return row["outlier_alert"], row["direction"], row["alert_status"]


def test_where_every_count_that_is_not_shown_would_be_called_the_call_is_said():
    """Elsewhere 80 in 100 are met: of 40 records, 1 or 7 is called alike."""
    row = let_out(3, 37, 80)
    assert (row["met"], *alert_of(row), row["suppressed_cells"].split().count("outlier_alert")) == (
        None,
        True,
        "lower",
        "new",
        0,
    )


@pytest.mark.parametrize("met", [3, 4, 5, 7])
def test_where_the_limit_lies_among_counts_that_are_not_shown_nothing_is_said(met):
    """Elsewhere 60 in 100 are met: of 20 records 4 are called and 5 are not. A call would say that it is below 5."""
    exact = compared(country(met, 20 - met, 60))
    assert first_force_row(exact)["outlier_alert"] == (met < 5)
    row = first_force_row(apply_policy(exact, RECORD_LEVEL))
    assert (row["met"], *alert_of(row)) == (None, None, "", "")
    assert "outlier_alert" in row["suppressed_cells"].split()


def test_the_same_holds_of_those_that_do_not():
    assert alert_of(let_out(17, 3, 40)) == (None, "", "")
    assert alert_of(let_out(37, 3, 20)) == (True, "higher", "new")


@pytest.mark.parametrize("met", [0, 8])
def test_a_call_is_said_of_a_count_that_is_shown_whatever_its_limit(met):
    """Elsewhere 65 in 100 are met: of 30 records 8 are called, and a limit lies above them."""
    row = let_out(met, 30 - met, 65)
    assert (row["met"], *alert_of(row)) == (10 if met else 0, True, "lower", "new")


def test_the_ends_are_the_least_with_the_most_and_the_most_with_the_least_that_the_other_may_be():
    """Of 25 records 3 are met: 22 are not, which is shown as 20, so they may be 18 to 22. Met is not
    shown: it may be 1 to 7."""
    counts, sizes = extreme_cases([3], [25], POLICY)
    assert (counts.ravel().tolist(), sizes.ravel().tolist()) == ([1, 7, 7, 1], [23, 25, 8, 8])


def test_where_neither_count_is_shown_either_may_be_the_least_while_the_other_is_the_most():
    counts, sizes = extreme_cases([3], [8], POLICY)
    assert (counts.ravel().tolist(), sizes.ravel().tolist()) == ([1, 7, 7, 1], [8, 8, 8, 8])


def test_that_a_call_of_before_stands_or_is_gone_tells_as_much():
    """Elsewhere 40 in 100 are met: of 20 records a call of before stands with 1, and is gone with 7."""
    alerts = [first_force_row(compared(country(met, 20 - met, 40), BEFORE))["alert_status"] for met in (1, 7)]
    assert alerts == ["persists", "no longer shown"]
    for met in (2, 6):
        assert alert_of(let_out(met, 20 - met, 40, BEFORE)) == (None, "", "")


def test_how_probable_a_call_is_goes_and_is_noted_whether_it_had_a_probability_or_none():
    """A call of before that is gone on its own side was asked no more, and has none."""
    combined_test = [first_force_row(compared(country(met, 20 - met, 40), BEFORE))["q_value"] for met in (2, 6)]
    assert (combined_test[0], combined_test[1]) == (0.001, None)
    for met in (2, 6):
        row = let_out(met, 20 - met, 40, BEFORE)
        assert (row["q_value"], "q_value" in row["suppressed_cells"].split()) == (None, True)


def test_where_it_is_not_known_what_a_call_would_tell_none_is_said():
    assert alert_of(let_out(3, 37, 80, rounding=None)) == (None, "", "")


def with_first(exact, change):
    rows = exact["force_estimates"].to_pylist()
    change(next(row for row in rows if row["place_code"] == FIRST))
    table = pa.Table.from_pylist(rows, exact["force_estimates"].schema)
    return first_force_row(apply_policy({"force_estimates": table}, RECORD_LEVEL))


def test_of_a_count_that_is_suppressed_no_call_is_said():
    """It may be any number; one that the call rules out may be one that protects another."""
    exact = compared(country(20, 80, 80))
    assert alert_of(first_force_row(exact)) == (True, "lower", "new")
    row = first_force_row(exact)
    assert (row[MET_DISCLOSIVE], row[NOT_MET_DISCLOSIVE]) == (False, False)
    assert alert_of(with_first(exact, lambda row: suppress_cell(row, "not_met"))) == (None, "", "")


def test_of_a_force_that_is_not_compared_it_is_not_said_that_a_call_is_suppressed():
    row = let_out(3, 10, 80)
    assert (row["not_comparable"][:15], "outlier_alert" in row["suppressed_cells"].split()) == (
        "Not comparable:",
        False,
    )


def test_how_many_are_unusual_says_no_more_than_which():
    """A number of forces that is larger by one than those that are named would be the call that is suppressed."""
    rows = country(3, 17, 60) + country(3, 37, 80, CHARGED)
    exact = compared(rows, forms=(ARREST, CHARGED))
    assert [row["outliers"] for row in exact["indicator_spread"].to_pylist()] == [1, 1]
    left = apply_policy(exact, RECORD_LEVEL)["indicator_spread"].to_pylist()
    assert [(row["indicator"], row["outliers"]) for row in left] == [(ARREST.key, 0), (CHARGED.key, 1)]


def test_what_a_call_would_tell_stays_inside():
    exact = compared(country(3, 37, 80))
    released = release(exact, policy=RECORD_LEVEL, ledger_head="ab", edition="TRIAL")
    assert set(released.tables["force_estimates"].column_names).isdisjoint((MET_DISCLOSIVE, NOT_MET_DISCLOSIVE))


def test_a_call_that_was_suppressed_stands_in_the_log_with_its_reason():
    exact = compared(country(3, 17, 60))
    log = changes(*apply_policy_with_suppressions(exact, RECORD_LEVEL), RECORD_LEVEL).to_pylist()
    [entry] = [row for row in log if row["column"] == "outlier_alert"]
    assert (entry["row"], entry["change"]) == (f"{ARREST.key} / {FIRST}", "withheld")


def test_applied_again_nothing_more_is_suppressed():
    once = apply_policy(compared(country(3, 37, 80)), RECORD_LEVEL)
    assert apply_policy(once, RECORD_LEVEL)["force_estimates"].equals(once["force_estimates"])


@pytest.mark.parametrize("before", [None, BEFORE])
@pytest.mark.parametrize(("share", "seen"), [(60, 20), (70, 15), (65, 20), (55, 25), (40, 15), (80, 40)])
def test_of_all_that_a_reader_would_see_alike_the_same_is_said(share, seen, before):
    """The reader sees the other count to the nearest 5, and the base as that of both, or not at all."""
    pairs = [(met, other) for met, other in product(range(1, 8), range(seen - 2, seen + 3)) if met + other >= 20]
    alerts = {alert_of(let_out(*pair, share, before)) for pair in pairs}
    assert len(alerts) == 1


@settings(max_examples=12, deadline=None)
@given(
    other=st.integers(19, 100), share=st.integers(2, 97), small_count=st.integers(1, 7), met_is_few=st.booleans(),
    previously=st.booleans(),
)  # fmt: skip
def test_whatever_is_said_would_be_said_of_every_count_that_is_not_shown(
    other, share, small_count, met_is_few, previously
):
    before = BEFORE if previously else None
    row = let_out(*pair(small_count, other, met_is_few), share, before)
    seen = (other + 2) // 5 * 5
    for count, other_count in ((1, seen + 2), (4, seen), (7, seen - 2)):
        first_outcome = let_out(*pair(count, other_count, met_is_few), share, before)
        assert first_outcome["not_comparable"] or alert_of(first_outcome) == alert_of(row)


def pair(small_count, other, met_is_few):
    return (small_count, other) if met_is_few else (other, small_count)


def looked_for(first, second, shares=(60, 60), rounding=POLICY):
    """The tables that reveal a failure that two measures show."""
    rows = country(*first, shares[0]) + country(*second, shares[1], CHARGED)
    exact = compare_indicators((ARREST, CHARGED), rows, ORGANISATIONS, policy=rounding)
    shown_by = {"F12": {ARREST.key: "lower", CHARGED.key: "lower"}}
    combined_tests = combine_measures(exact["force_estimates"], shown_by, policy=rounding)
    modes = pa.table({"failure_mode": ["F12"], "shown_by": [f"{ARREST.key} {CHARGED.key}"]})
    return {"force_estimates": exact["force_estimates"].select(declared("force_estimates")), "failure_modes": modes,
            "combined_tests": combined_tests.select(declared("combined_tests"))}  # fmt: skip


def failure(first, second, shares=(60, 60), rounding=POLICY):
    """The same, as it leaves of the first force."""
    left = apply_policy(looked_for(first, second, shares, rounding), RECORD_LEVEL)["combined_tests"]
    assert "alert_discloses" not in left.column_names
    return next(row for row in left.to_pylist() if row["place_code"] == FIRST)


@pytest.mark.parametrize(("other", "is_alerted"), [((1, 22), True), ((7, 18), False)])
def test_a_failure_that_several_measures_show_is_not_said_where_it_would_report_the_count_of_one(other, is_alerted):
    """Elsewhere 60 in 100 are met. With 24 of 60 on the one, it is named with 1 of 23 on the other, not with 7 of 25."""
    tables = looked_for((24, 36), other)
    [combined_test] = [row for row in tables["combined_tests"].to_pylist() if row["place_code"] == FIRST]
    assert combined_test["outlier_alert"] == is_alerted
    row = failure((24, 36), other)
    assert (row["outlier_alert"], row["alert_status"], row["not_comparable"]) == (None, "", ALERT_SUPPRESSED_TEXT)


def test_what_was_said_of_a_failure_is_said_again_when_the_policy_is_applied_again():
    once = apply_policy(looked_for((4, 56), (4, 21)), RECORD_LEVEL)
    assert True in once["combined_tests"]["outlier_alert"].to_pylist()
    assert apply_policy(once, RECORD_LEVEL)["combined_tests"].equals(once["combined_tests"])


def test_a_failure_is_said_where_it_would_be_named_with_every_count_that_is_not_shown_or_with_none():
    far = failure((4, 56), (4, 21))
    assert (far["outlier_alert"], far["alert_status"]) == (True, "new")
    near_miss = failure((36, 24), (4, 6 + 14), shares=(60, 20))
    assert (near_miss["outlier_alert"], near_miss["not_comparable"]) == (False, "")


def test_a_failure_is_said_where_all_counts_are_shown():
    assert failure((24, 36), (10, 15))["outlier_alert"] is not None


def test_where_it_is_not_known_what_a_failure_would_tell_it_is_not_said():
    assert failure((4, 56), (4, 21), rounding=None)["outlier_alert"] is None
