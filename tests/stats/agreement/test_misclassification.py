"""Is a share corrected for known errors, and bounded if only the agreement of two raters is known?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.stats.agreement.agreement_coefficients import agreement
from assay.stats.agreement.misclassification import bounds_from_two_raters, corrected_share, odds_bounds
from assay.stats.agreement.rating_table import ratings_from_table
from assay.stats.interval_estimates import IntervalEstimate
from assay.stats.refusals import EstimationRefused


def test_correction_by_hand():
    # 30% marked yes; 9 of 10 yes are read as yes, 19 of 20 no as no: (0.30 + 0.95 - 1) / (0.90 + 0.95 - 1)
    result = corrected_share((300, 1000), (90, 100), (190, 200))
    assert result.value == pytest.approx(0.25 / 0.85)
    assert result.low < result.value < result.high


def test_without_misreading_nothing_is_corrected():
    result = corrected_share((300, 1000), (10_000, 10_000), (10_000, 10_000))
    assert result.value == pytest.approx(0.3)
    assert (result.low, result.high) == pytest.approx((0.2725, 0.3291), abs=2e-3)


def test_few_reference_files_leave_more_open():
    wide, narrow = (
        corrected_share((300, 1000), (18, 20), (19, 20)),
        corrected_share((300, 1000), (900, 1000), (950, 1000)),
    )
    assert wide.width > 1.5 * narrow.width


def test_the_interval_holds_the_truth():
    random, covered = np.random.default_rng(2), 0
    for _ in range(1000):
        marked = random.binomial(200, 0.2 * 0.85 + 0.8 * 0.08)
        result = corrected_share((marked, 200), (random.binomial(60, 0.85), 60), (random.binomial(60, 0.92), 60))
        covered += result.low <= 0.2 <= result.high
    assert covered >= 930


def test_markers_no_better_than_chance_are_told_in_words():
    result = corrected_share((30, 100), (5, 10), (5, 10))
    assert result.value is None
    assert "no better than chance" in result.words


def test_no_reference_of_one_kind_is_told_in_words():
    assert corrected_share((30, 100), (0, 0), (5, 10)).value is None


def test_a_count_above_its_base_is_refused():
    with pytest.raises(EstimationRefused):
        corrected_share((30, 20), (5, 10), (5, 10))


def world(share, hit, false):
    """What two like markers with independent errors show: the share of yes, and agreement beyond chance (Scott's)."""
    agreed = share * hit**2 + (1 - share) * false**2
    mean = share * hit + (1 - share) * false
    return mean, (agreed - mean**2) / (mean * (1 - mean))


PROBABILITY = st.floats(0.02, 0.98)


@given(PROBABILITY, PROBABILITY, PROBABILITY)
def test_the_truth_always_lies_within_the_bounds(share, hit, false):
    if hit > false + 0.02:
        low, high = odds_bounds(*world(share, hit, false))
        assert low - 1e-9 <= share <= high + 1e-9


@given(PROBABILITY, st.floats(0.1, 0.98))
def test_the_ends_are_reached_where_all_errors_are_of_one_kind(share, good):
    assert odds_bounds(*world(share, good, 0.0))[1] == pytest.approx(share)  # yes is missed at times, no never misread
    assert odds_bounds(*world(share, 1.0, 1 - good))[0] == pytest.approx(share)


def test_bounds_by_hand():
    # a fifth marked yes, agreement 0.6: odds 0.25, so from 0.15 to 0.41667
    assert odds_bounds(0.2, 0.6) == pytest.approx((0.15 / 1.15, 0.41667 / 1.41667), abs=1e-5)
    assert odds_bounds(0.2, 1.0) == pytest.approx((0.2, 0.2))


def test_bounds_with_intervals_are_wider_than_those_without_and_hold_the_shares_own():
    share, agreed = IntervalEstimate(0.2, 0.15, 0.26), IntervalEstimate(0.6, 0.5, 0.7)
    low, high = odds_bounds(0.2, 0.6)
    result = bounds_from_two_raters(share, agreed)
    assert result.value is None
    assert result.low < low < high < result.high


def test_perfect_agreement_leaves_the_interval_of_the_share():
    result = bounds_from_two_raters(IntervalEstimate(0.2, 0.15, 0.26), IntervalEstimate(1.0, 1.0, 1.0))
    assert (result.low, result.high) == pytest.approx((0.15, 0.26))


@pytest.mark.parametrize(
    "agreed",
    [IntervalEstimate(-0.1, -0.3, 0.1), IntervalEstimate(0.2, -0.1, 0.5), IntervalEstimate(None, None, None, "none")],
)
def test_agreement_that_may_be_chance_leaves_all_open(agreed):
    result = bounds_from_two_raters(IntervalEstimate(0.2, 0.15, 0.26), agreed)
    assert (result.low, result.high) == (0.0, 1.0)
    assert "could be anything" in result.words


def test_bounds_from_a_table_of_two_markers():
    table = ratings_from_table([[150, 10], [10, 30]])
    result = bounds_from_two_raters(IntervalEstimate(0.2, 0.15, 0.26), agreement(table, "fleiss"))
    assert 0.09 < result.low < 0.15
    assert 0.26 < result.high < 0.36


def test_bounds_hold_the_truth_in_samples():
    random, covered = np.random.default_rng(9), 0
    for _ in range(400):
        truth = random.random(150) < 0.3
        reads = [np.where(truth, random.random(150) < 0.9, random.random(150) < 0.05) for _ in range(2)]
        cells = [[int((~reads[0] & ~reads[1]).sum()), int((~reads[0] & reads[1]).sum())],
                 [int((reads[0] & ~reads[1]).sum()), int((reads[0] & reads[1]).sum())]]  # fmt: skip
        marked = float(np.mean(reads))
        half = 1.96 * (marked * (1 - marked) / 150) ** 0.5
        result = bounds_from_two_raters(
            IntervalEstimate(marked, marked - half, marked + half), agreement(ratings_from_table(cells), "fleiss")
        )
        covered += result.low <= 0.3 <= result.high
    assert covered >= 0.95 * 400
