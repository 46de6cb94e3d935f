"""A test of a failing without an outlier alert names nobody, and keeps a theme from being called good."""

from dataclasses import replace
from math import erf

import numpy as np
import pyarrow as pa
import pytest
from judged import FORCE, FORMS, combined_test, estimate_row, evidence_tables, ladder, level_of

from assay.grading import adverse_tests
from assay.grading.adverse_tests import with_adverse_tests
from assay.grading.characteristic_levels import CharacteristicLevel, characteristic_level
from assay.grading.coherence import contradictions
from assay.grading.force_evidence import TEST, CharacteristicEvidence, characteristic_evidence, is_duty
from assay.grading.force_proposals import proposal_tables
from assay.grading.grade_proposals import line_proposal
from assay.grading.grading_rules import rules
from assay.reference import characteristics
from assay.sdc import policy

RULES = rules()
TITLED = "titled_of_recorded"
"""The only measure of F1: crimes under a title that names exploitation, of all recorded. Few are a sign of hidden ones."""
SPREAD = [{"indicator": TITLED, "overall": 0.10, "between_force_sd": 0.03}]
RESPONSES = [item for item in characteristics() if item.line == "responses"]


def titled(met, **more):
    """Released rows of a force with so many of 200 crimes under such a title; the others predict 10%, from 4% to 18%."""
    share = met / 200
    rows = [ladder(TITLED, met, 200 - met, share=share)]
    expected = {"expected": 0.10, "expected_low": 0.04, "expected_high": 0.18, "base": 200, "not_comparable": ""}
    return rows, [estimate_row(TITLED, **(expected | more))]


def titled_level(rows, estimates, tests=(), used_rules=RULES):
    tables = evidence_tables(rows, estimates, spread=SPREAD, tests=tests)
    evidence = characteristic_evidence(
        tables, tuple(FORMS.values()), characteristics().get("scale_known"), FORCE, used_rules
    )
    return characteristic_level(with_adverse_tests(evidence, tables, tuple(FORMS.values()), used_rules), used_rules)


def proposed(rows, estimates):
    tables = evidence_tables(rows, estimates, spread=SPREAD)
    return proposal_tables(tables, tuple(FORMS.values()), [FORCE], RULES)


def grade_of(found, line):
    return next(row["proposed"] for row in found["grades"].to_pylist() if row["line"] == line)


def test_a_share_at_the_end_of_the_prediction_speaks_against_and_one_half_way_does_not():
    # At 4% (the lower end) the one-sided p-value is 0.025. At 7%, half way, it is 0.16; at 18%, on the other side, .975.
    [item] = titled_level(*titled(8)).evidence.adverse_tests
    assert (item.key, item.direction) == ("F1", "against")
    assert item.false_alert_probability == pytest.approx(0.025)
    assert titled_level(*titled(14)).evidence.adverse_tests == ()
    assert titled_level(*titled(36)).evidence.adverse_tests == ()


def test_the_level_is_five_in_a_hundred_on_the_side_of_the_failing():
    # 1.645 standard deviations: 10% - 1.645 / 1.96 * 6 points = 5.0%, which is 10 of 200 crimes.
    assert titled_level(*titled(9)).evidence.adverse_tests
    assert not titled_level(*titled(11)).evidence.adverse_tests


def test_a_theme_with_an_adverse_test_is_adequate_and_its_characteristic_open_without_any_concern():
    level = titled_level(*titled(9))
    assert level.probability > RULES.shown_from  # without the test it would be shown
    assert level.state(RULES) == "open"
    found = proposed(*titled(9))
    assert grade_of(found, "scale") == "adequate"
    assert found["concerns"].num_rows == 0
    [row] = [row for row in found["evidence"].to_pylist() if row["kind"] == TEST]
    assert (row["key"], row["counts"], row["alert"]) == ("F1", "test", "")
    assert "its measure is worse than in the other forces, by a test at the 5% level." in row["figure"]
    assert grade_of(proposed(*titled(20)), "scale") == "good"


def test_the_reasons_say_that_the_test_speaks_against_the_force():
    row = next(row for row in proposed(*titled(8))["grades"].to_pylist() if row["line"] == "scale")
    assert "by a test at the 5% level" in row["speaks_against"]
    assert row["speaks_for"] == ""
    assert "1 by a test of a failing" in row["certainty"]
    assert "good if this were shown" in row["would_change"]


def test_an_alert_says_more_than_a_test_and_takes_its_place():
    assert titled_level(*titled(8), [combined_test("F1")]).evidence.adverse_tests == ()


def test_a_force_that_is_not_compared_or_whose_count_is_suppressed_has_no_test():
    assert titled_level(*titled(8, not_comparable="Too few.")).evidence.adverse_tests == ()
    rows = [ladder(TITLED, None, 192, suppressed_cells="secondary:met share", share=None)]
    assert titled_level(rows, [estimate_row(TITLED, expected=0.1, expected_low=0.04, expected_high=0.18)]
                        ).evidence.adverse_tests == ()  # fmt: skip


def test_a_suppressed_small_count_is_tested_as_its_middle():
    # Of 1 to 7 crimes the middle is 4 of 196: 2%, under the lower end. A reader of the release finds the same.
    rows = [ladder(TITLED, None, 192, suppressed_cells="met share", share=None)]
    [item] = titled_level(rows, titled(4)[1]).evidence.adverse_tests
    middle = (policy("record level").suppression_threshold + 1) / 2
    assert item.false_alert_probability == pytest.approx(
        float(1 - normal_cdf(1.96 * (0.10 - middle / 196) / 0.06)), abs=1e-4
    )


def normal_cdf(value):
    return (1 + erf(value / 2**0.5)) / 2


def test_many_flags_are_no_merit_where_few_are_a_sign_of_a_failing():
    key = "cse_flag_on_other_offence"
    assert FORMS[key].better == "neither"
    directions = {}
    for side, met in (("higher", 80), ("lower", 2)):
        outlier = estimate_row(key, is_outlier=True, direction=side, q_value=0.001)
        level = level_of("recorded_rightly", [ladder(key, met, 100 - met)], [outlier], rules=RULES,
                         spread=[{"indicator": key, "overall": 0.2, "between_force_sd": 0.05}])  # fmt: skip
        directions[side] = next(item.outlier_direction for item in level.evidence.items if item.key == key)
    assert directions == {"higher": "", "lower": "worse"}


def test_rules_without_a_level_of_tests_have_none():
    assert titled_level(*titled(8), used_rules=replace(RULES, test_level=0.0)).evidence.adverse_tests == ()


def test_where_duties_alone_count_no_other_measure_is_tested():
    duties_alone = replace(RULES, duties_alone=True)
    # An alert of F1 rests on a measure that is no duty, so under this alternative it is neither an alert nor a test.
    assert titled_level(*titled(8), [combined_test("F1")], duties_alone).evidence.adverse_tests == ()
    rightly = characteristics().get("recorded_rightly")
    forms = tuple(FORMS.values())
    assert set(adverse_tests.tested_measures(forms, rightly, RULES)) == {"F2", "duties", "others"}
    assert adverse_tests.tested_measures(forms, rightly, duties_alone) == {"duties": {"recorded_in_24_hours": "lower"}}


def test_where_duties_alone_count_a_failure_mode_is_tested_by_its_duties():
    flag = "cse_flag_on_cse_offence"
    as_duty = replace(FORMS[flag], graded=True)
    assert is_duty(as_duty)
    forms = tuple((FORMS | {flag: as_duty}).values())
    rightly = characteristics().get("recorded_rightly")
    assert set(adverse_tests.tested_measures(forms, rightly, RULES)["F2"]) == {flag, "cse_flag_on_other_offence"}
    assert set(adverse_tests.tested_measures(forms, rightly, replace(RULES, duties_alone=True))["F2"]) == {flag}


def test_duties_in_law_that_are_not_met_keep_a_theme_from_good_where_all_else_is_shown():
    # Half of the victims were told of the arrest in time; the law asks for every one. Five other characteristics are shown.
    not_met = level_of("kept_informed", [ladder("told_of_arrest", 24, 26)], rules=RULES)
    other_levels = [
        CharacteristicLevel(
            CharacteristicEvidence(FORCE, item, (), {}, ()), 1.0, draws=np.ones(RULES.draws, dtype=bool)
        )
        for item in RESPONSES
        if item.key != "kept_informed"
    ]
    assert line_proposal(FORCE, "responses", [not_met, *other_levels], RULES).grade == "adequate"
    uncapped = replace(not_met, doubtful=None)
    assert line_proposal(FORCE, "responses", [uncapped, *other_levels], RULES).grade == "good"
    met = level_of("kept_informed", [ladder("told_of_arrest", 49, 1)], rules=RULES)
    assert line_proposal(FORCE, "responses", [met, *other_levels], RULES).grade == "good"


def test_a_probable_failing_is_graded_although_its_draws_fall_far_apart():
    # In 20 draws all is well, in 80 the theme has failed: 40 of these show half of it, and 40 nothing.
    draws = np.arange(100)
    levels = [
        CharacteristicLevel(
            CharacteristicEvidence(FORCE, item, (), {}, ()), 0.2, draws=draws < limit, failed=draws >= 20
        )
        for item, limit in zip(RESPONSES, (20, 60), strict=False)
    ]
    result = line_proposal(FORCE, "responses", levels, RULES)
    assert result.grade == "requires improvement"
    assert result.probability["good"] == 0.20


def test_the_gate_finds_a_good_grade_beside_a_test():
    full = {"share_highest": None, "when_reported": "all"}
    rows, estimates = titled(8)
    found = {name: table.to_pylist() for name, table in proposed(rows, estimates).items()}
    read = {**found, "ladders": [row | full for row in rows], "force_estimates": estimates, "combined_tests": []}
    assert contradictions(tables_of(read), RULES) == []
    good = [row | {"proposed": "good"} if row["line"] == "scale" else row for row in found["grades"]]
    assert any("a test of F1 speaks against it" in text for text in
               contradictions(tables_of({**read, "grades": good}), RULES))  # fmt: skip


def tables_of(rows_by_name):
    return {name: pa.Table.from_pylist(rows) if rows else pa.table({}) for name, rows in rows_by_name.items()}
