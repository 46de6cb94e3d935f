"""Are forces graded under other definitions from the same alerts that are released?"""

import pytest

from assay.compare.indicator_comparison import compare_indicators
from assay.sdc import policy
from assay.sdc.alert_suppression import COMPARISON_SUPPRESSED_TEXT
from assay.workflows.run.definition_trials import (
    POLICY,
    released_estimates,
    released_trial_ladders,
    rounding_of,
)
from compare.test_compare_indicators import ARREST, NAMES, ORGANISATIONS, PROFILE, ladder

FIRST, *OTHER_CODES = list(NAMES)[:12]


def seen(met, not_met, share, secondary=()):
    rows = [ladder(FIRST, met=met, not_met=not_met, not_known=2 if secondary else 0)]
    rows += [ladder(code, met=share, not_met=100 - share) for code in OTHER_CODES]
    rows += [ladder(FIRST, PROFILE, met=1)]
    compared = compare_indicators((ARREST, PROFILE), rows, ORGANISATIONS, policy=rounding_of(policy(POLICY)))
    ladders = released_trial_ladders(rows, {(ARREST.key, FIRST, "all"): secondary})
    estimates = released_estimates(compared["force_estimates"], ladders)
    return {(row["indicator"], row["place_code"]): row for row in estimates}


@pytest.mark.parametrize(
    ("met", "not_met", "share", "is_outlier"), [(3, 17, 60, None), (3, 37, 80, True), (8, 32, 80, True)]
)
def test_a_call_that_does_not_leave_moves_no_grade(met, not_met, share, is_outlier):
    row = seen(met, not_met, share)[ARREST.key, FIRST]
    assert (row["outlier_alert"], row["q_value"] is None) == (is_outlier, met < 8)


@pytest.mark.parametrize(("met", "not_met", "base"), [(3, 17, None), (8, 32, 40)])
def test_no_base_is_given_beside_a_count_that_is_not_shown(met, not_met, base):
    """20 in all and 17 not met: 3 are met. A grade under another definition may not rest on that."""
    assert seen(met, not_met, 60)[ARREST.key, FIRST]["base"] == base


@pytest.mark.parametrize("secondary", [["met"], ["not_known"]])
@pytest.mark.parametrize("not_met", [32, 8])
def test_a_count_that_the_release_suppresses_moves_no_grade_under_another_definition(secondary, not_met):
    """8 of 40 are met, an outlier; of 16 no force is compared. Beside the suppressed count neither is said."""
    row = seen(8, not_met, 80, secondary)[ARREST.key, FIRST]
    assert (row["outlier_alert"], row["direction"], row["rank"]) == (None, "", None)
    assert row["not_comparable"] == COMPARISON_SUPPRESSED_TEXT


def test_of_what_counts_police_organisations_nothing_is_small():
    assert seen(8, 32, 80)[PROFILE.key, FIRST]["suppressed_cells"] == ""
