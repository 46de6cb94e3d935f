"""Does a process chart show no signal for a stable series, and describe signals in words?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.stats.process_control import control_chart

LABELS = [f"20{y}/{y + 1} Q{q}" for y in range(12, 27) for q in (1, 2, 3, 4)]
CALM = [10, 12, 11, 9, 10, 11, 12, 10, 9, 11, 10, 12]


def signals(counts, **settings):
    return [point.signal for point in control_chart(counts, LABELS[: len(counts)], **settings).points]


def test_centre_and_limits_by_hand():
    counts = [10, 12, 10, 12, 10, 12, 10, 12]
    point = control_chart(counts, LABELS).points[0]
    # Mean 11, every moving range 2: 11 - 2.66 x 2 = 5.68, 11 + 2.66 x 2 = 16.32
    assert (point.centre, point.lower, point.upper) == pytest.approx((11, 5.68, 16.32))


def test_a_calm_series_is_called_stable():
    found = control_chart(CALM, LABELS)
    assert {point.signal for point in found.points} == {""}
    assert found.words == "Stable since 2012/13 Q1: no point outside its limits and no run on one side."


def test_a_point_outside_the_limits_is_named():
    found = control_chart([*CALM, *CALM, *CALM, 40], LABELS)
    assert found.points[-1].signal == "above the upper limit"
    assert found.words == "Above the upper limit in 2021/22 Q1."


def test_eight_in_a_row_make_a_run_and_seven_do_not():
    low, high = [10, 12, 11, 10, 12, 11, 10, 12, 11], [14, 15, 14, 15, 14, 15, 14, 15]
    assert set(signals([*low, *high[:7]])[9:]) == {""}
    eight = control_chart([*low, *high], LABELS)
    assert [point.signal for point in eight.points][-8:] == ["a run above the centre"] * 8
    assert "A run above the centre since 2014/15 Q2." in eight.words


def test_a_run_that_ended_is_told_with_both_ends():
    counts = [14, 15] * 4 + [10, 12, 11, 15, 9, 15, 10, 9, 15, 10]
    words = control_chart(counts, LABELS).words
    assert "from 2012/13 Q1 to 2013/14 Q4" in words


def test_three_of_four_near_a_limit_are_a_signal():
    # Mean range 2 around 11: halfway to the upper limit is 13.66.
    counts = [10, 12] * 10 + [14, 14, 12, 14]
    assert "near the upper limit" in signals(counts)[-4:]


def test_a_break_starts_a_new_phase_with_its_own_limits():
    found = control_chart([*CALM, *(30 + c for c in CALM)], LABELS, breaks=(12,))
    assert {point.signal for point in found.points} == {""}
    assert [point.phase for point in found.points] == [1] * 12 + [2] * 12
    assert found.points[12].centre == pytest.approx(30 + np.mean(CALM))
    assert "since 2015/16 Q1" in found.words


def test_a_short_phase_has_no_limits_and_says_so():
    found = control_chart([*CALM, 30, 31, 29], LABELS, breaks=(12,))
    assert found.points[-1].centre is None
    assert found.words == "Too few points since 2015/16 Q1 to say what is usual: at least 8 are needed."


def test_a_missing_quarter_stays_missing_and_has_no_moving_range():
    counts = [10, 12, None, 30, 10, 12, 10, 12, 10, 12]
    found = control_chart(counts, LABELS)
    assert found.points[2].count is None
    assert found.points[2].signal == ""
    # Ranges: 2, then none across the gap, 20, 2 x 5.
    assert found.points[0].upper == pytest.approx(np.mean([10, 12, 30, 10, 12, 10, 12, 10, 12]) + 2.66 * 32 / 7)


def test_the_lower_limit_of_a_count_is_not_under_zero():
    assert control_chart([1, 9, 0, 8, 1, 9, 2, 8], LABELS).points[0].lower == 0.0


def test_a_negative_count_is_kept_as_published():
    assert control_chart([*CALM, -2], LABELS).points[-1].count == -2


def test_nothing_published_gives_no_points():
    assert control_chart([], []).words == "Nothing was published."


@given(st.lists(st.integers(0, 500), min_size=8, max_size=40), st.integers(1, 100))
def test_adding_the_same_to_every_point_moves_the_chart_and_no_signal_above(counts, more):
    plain, moved = control_chart(counts, LABELS), control_chart([c + 1000 + more for c in counts], LABELS)
    far = control_chart([c + 1000 for c in counts], LABELS)
    assert [p.signal for p in moved.points] == [p.signal for p in far.points]
    assert moved.points[0].centre == pytest.approx(plain.points[0].centre + 1000 + more)
