"""Are few units named by chance when many are compared?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from assay.estimation.discoveries import q_values

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
