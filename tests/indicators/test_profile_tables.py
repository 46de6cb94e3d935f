"""Does the table of profiles say of each force what its latest profile rests on, and how far its counts lie outside?"""

import datetime as dt

import pyarrow as pa

from assay.engine.expressions import ExpressionEngine
from assay.indicators.catalogue.assessments.profile_tables import problem_profile_checks

FORCE = {
    "body_kind": "territorial", "profile_published_on": dt.date(2026, 1, 1), "profile_age_days": 100,
    "profile_window_days": 365,
    "profile_crimes_claimed": 111, "profile_crimes_lowest": 50, "profile_crimes_highest": 100,
    "profile_children_claimed": 30, "profile_children_lowest": 40, "profile_children_highest": 60,
    "profile_suspects_claimed": 40, "profile_suspects_lowest": 40, "profile_suspects_highest": 60,
}  # fmt: skip
ROWS = [
    FORCE | {"force_code": "A"},
    FORCE | {"force_code": "B", "profile_crimes_lowest": None, "profile_crimes_highest": None},
    FORCE | {"force_code": "C", "profile_published_on": None},
    FORCE | {"force_code": "D", "body_kind": "transport"},
    FORCE | {"force_code": "E", "profile_suspects_highest": 0, "profile_suspects_lowest": 0},
]


def test_a_difference_is_told_from_the_nearest_end_in_steps_of_five_and_away_from_zero():
    with ExpressionEngine() as engine:
        found = problem_profile_checks({"force": engine.table("force", pa.Table.from_pylist(ROWS))}, engine).to_pylist()
    a, b, e = found
    assert [row["place_code"] for row in found] == ["A", "B", "E"]
    assert (a["age_days"], a["months_of_data"]) == (100, 12.0)
    # 111 is 11 in 100 more than 100, told as 15; 30 is 25 in 100 fewer than 40; 40 is the fewest itself.
    assert (a["crimes_outside"], a["children_outside"], a["suspects_outside"]) == (15.0, -25.0, 0.0)
    assert b["crimes_outside"] is None
    assert e["suspects_outside"] is None  # nothing to be a share of
