"""Are forces graded under other definitions from the same alerts that are released?"""

import pytest

from assay.compare.indicator_comparison import compare_indicators
from assay.sdc import policy
from assay.workflows.run.definition_trials import POLICY, released_estimates, rounding_of
from compare.test_compare_indicators import ARREST, NAMES, ORGANISATIONS, PROFILE, ladder

FIRST, *OTHER_CODES = list(NAMES)[:12]


def seen(met, not_met, share):
    rows = [ladder(FIRST, met=met, not_met=not_met)]
    rows += [ladder(code, met=share, not_met=100 - share) for code in OTHER_CODES]
    rows += [ladder(FIRST, PROFILE, met=1)]
    compared = compare_indicators((ARREST, PROFILE), rows, ORGANISATIONS, policy=rounding_of(policy(POLICY)))
    return {(row["indicator"], row["place_code"]): row for row in released_estimates(compared["force_estimates"])}


@pytest.mark.parametrize(
    ("met", "not_met", "share", "is_outlier"), [(3, 17, 60, None), (3, 37, 80, True), (8, 32, 80, True)]
)
def test_a_call_that_does_not_leave_moves_no_grade(met, not_met, share, is_outlier):
    row = seen(met, not_met, share)[ARREST.key, FIRST]
    assert (row["unusual"], row["q_value"] is None) == (is_outlier, met < 8)


def test_of_what_counts_police_organisations_nothing_is_small():
    assert seen(8, 32, 80)[PROFILE.key, FIRST]["hidden"] == ""
