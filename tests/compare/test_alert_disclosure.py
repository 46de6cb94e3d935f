"""For which values of a suppressed count would a force have an outlier alert?"""

import numpy as np
import pytest

from assay.compare.alert_disclosure import MET_DISCLOSIVE, NOT_MET_DISCLOSIVE, RoundingPolicy, mark_disclosive_alerts
from assay.compare.previous_alerts import PreviousAlerts

LEVEL = 0.001


def mark_alert(*p_of_few, good="", before=None):
    """One force that is asked alone, so that it is called up to a p-value of 0.001, and its four ends."""
    row = {
        "measure": "m",
        "place_code": "A",
        "p_of_few": p_of_few,
        "sides_of_few": ["lower", "lower", "higher", "higher"],
    }
    mark_disclosive_alerts([row], np.array([0.5]), {"m": good} if good else {}, before or PreviousAlerts(), LEVEL)
    return row[MET_DISCLOSIVE], row[NOT_MET_DISCLOSIVE]


def test_a_call_tells_where_one_end_would_be_called_and_the_other_would_not():
    assert mark_alert(0.0009, 0.0011, 0.0009, 0.0008) == (True, False)
    assert mark_alert(0.0011, 0.5, 0.0011, 0.0009) == (False, True)


def test_the_worse_side_is_called_sooner_and_the_better_one_later():
    """Divided by 1.8, 0.0017 lies below 0.001; divided by 0.2, 0.0003 lies above it."""
    assert mark_alert(0.0017, 0.5, 0.0003, 0.5) == (False, True)
    assert mark_alert(0.0017, 0.5, 0.0003, 0.5, good="higher") == (True, False)


def test_a_later_inspection_calls_later():
    assert mark_alert(0.0009, 0.5, 0.5, 0.5) == (True, False)
    assert mark_alert(0.0009, 0.5, 0.5, 0.5, before=PreviousAlerts(1)) == (False, False)


def test_of_a_force_that_is_not_compared_nothing_is_known():
    row = {"measure": "m", "place_code": "A", "p_of_few": None}
    mark_disclosive_alerts([row], np.array([np.nan]), {}, PreviousAlerts(), LEVEL)
    assert (row[MET_DISCLOSIVE], row[NOT_MET_DISCLOSIVE]) == (None, None)


@pytest.mark.parametrize(("count", "cell"), [(8, (8, 12)), (12, (8, 12)), (13, (13, 17)), (22, (18, 22)), (2, (0, 2))])
def test_a_rounded_count_may_be_any_of_five(count, cell):
    low, high = RoundingPolicy(7, 5).rounding_interval([count])
    assert (low[0], high[0]) == cell


def test_none_is_shown_and_one_to_seven_are_not():
    assert [RoundingPolicy(7, 5).suppresses(count) for count in (0, 1, 7, 8)] == [False, True, True, False]
