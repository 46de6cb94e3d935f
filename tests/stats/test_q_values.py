"""Are few units false discoveries when many are compared?"""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from assay.stats.false_discovery import p_value_limits, q_values

p_lists = st.lists(st.floats(0, 1), min_size=1, max_size=60)


def test_q_values_by_hand():
    # Sorted p: 0.01, 0.02, 0.03, 0.50; times 4 / rank: 0.04, 0.04, 0.04, 0.50
    assert q_values([0.03, 0.5, 0.01, 0.02]) == pytest.approx([0.04, 0.5, 0.04, 0.04])


def test_what_was_not_compared_stays_missing_and_does_not_count():
    q = q_values([0.01, np.nan, 0.5])
    assert np.isnan(q[1])
    assert q[0] == pytest.approx(0.02)


def test_nothing_compared_gives_nothing():
    assert len(q_values([])) == 0
    assert np.isnan(q_values([np.nan])).all()


@given(p_lists)
def test_q_values_equal_the_published_procedure(p):
    assert q_values(p) == pytest.approx(stats.false_discovery_control(p, method="bh"), abs=1e-12)


@given(p_lists, st.integers(0, 59))
def test_a_smaller_p_value_never_has_a_larger_q_value(p, turn):
    q = q_values(p)
    order = np.argsort(p, kind="stable")
    assert np.all(np.diff(q[order]) >= -1e-15)
    assert q_values(np.roll(p, turn)) == pytest.approx(np.roll(q, turn))


def test_up_to_which_p_value_one_is_named_by_hand():
    # Four, held at 0.05: the least is named alone up to 0.05 / 4, and each that is named makes room for the next.
    assert p_value_limits([0.5, 0.6, 0.7, 0.8], 0.05) == pytest.approx([0.0125] * 4)
    assert p_value_limits([0.001, 0.6, 0.7, 0.8], 0.05) == pytest.approx([0.0125, 0.025, 0.025, 0.025])
    assert p_value_limits([0.001, 0.02, 0.7, 0.8], 0.05) == pytest.approx([0.025, 0.025, 0.0375, 0.0375])


def test_of_one_that_was_not_compared_it_is_said_as_if_it_were():
    assert p_value_limits([np.nan, 0.001], 0.05) == pytest.approx([0.05, 0.05])


@given(st.lists(st.floats(0, 1), min_size=2, max_size=30), st.integers(0, 29), st.floats(0.001, 0.2))
def test_below_that_p_value_it_is_named_and_above_it_is_not(p, place, level):
    place %= len(p)
    steps = level * np.arange(1, len(p) + 1) / len(p)
    assume(np.abs(np.subtract.outer(p, steps)).min() > 1e-9)  # no p-value lies on a step
    limit = p_value_limits(p, level)[place]
    for moved, is_alerted in ((limit * 0.999, True), (min(1.0, limit * 1.001), False)):
        q = q_values([*p[:place], moved, *p[place + 1 :]])[place]
        assert (q <= level) == is_alerted
