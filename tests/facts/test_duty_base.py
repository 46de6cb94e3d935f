"""Which duties are counted: those of the period's crimes whose clock began in the period."""

import pytest
from record_rows import arrest, crime, suspect, victim
from tiny import Return, facts_of, only_row

from assay.engine import ExpressionEngine

CASES = {
    # name: reported, recorded, arrested
    "in the period": ("2026-04-20T09:00", "2026-04-20T12:00", "2026-04-21T09:00"),
    "arrest after the period": ("2026-04-20T09:00", "2026-04-20T12:00", "2026-07-01T00:00"),
    "arrest on its last day": ("2026-04-20T09:00", "2026-04-20T12:00", "2026-06-30T23:59"),
    "recorded before the period": ("2026-03-20T09:00", "2026-03-20T12:00", "2026-04-21T09:00"),
    "reported the day before": ("2026-03-31T20:00", "2026-04-01T12:00", "2026-04-21T09:00"),
}


@pytest.fixture(scope="module")
def in_base():
    """{(standard, crime): in_base} of every duty."""
    data = Return(
        kinds={"suspect_arrested": True, "victim_informed": True},
        crimes=[crime(name, reported, recorded) for name, (reported, recorded, _) in CASES.items()],
        involvements=[row for name in CASES for row in (victim(f"v {name}", name), suspect(f"s {name}", name))],
        events=[arrest(f"a {name}", arrested, name) for name, (_, _, arrested) in CASES.items()],
    )
    with ExpressionEngine() as engine:
        rows = facts_of(engine, data, "duty")["duty"]
    return {(row["standard"], row["crime_ref"]): row["in_base"] for row in rows}


@pytest.mark.parametrize(
    ("name", "is_counted"),
    [
        ("in the period", True),
        ("arrest on its last day", True),
        ("arrest after the period", False),
        ("recorded before the period", False),
        ("reported the day before", True),
    ],
)
def test_a_notice_is_counted_if_crime_and_arrest_belong_to_the_period(in_base, name, is_counted):
    assert in_base["vc6_arrest_enh", name] is is_counted


@pytest.mark.parametrize(
    ("name", "is_counted"),
    [("in the period", True), ("reported the day before", True), ("recorded before the period", False)],
)
def test_the_clock_of_recording_goes_with_the_crime(in_base, name, is_counted):
    assert in_base["hocr24", name] is is_counted


EPISODES = {"in it": "2026-04-20T09:00", "before it": "2026-03-31T09:00"}


@pytest.mark.parametrize(("name", "is_counted"), [("in it", True), ("before it", False)])
def test_a_return_interview_is_counted_if_the_child_went_missing_and_came_back_in_the_period(name, is_counted):
    data = Return(
        kinds={"return_interview_completed": True},
        missing=[{"missing_ref": name, "person_ref": "C", "started_at": EPISODES[name],
                  "ended_at": "2026-04-21T09:00"}],
        events=[],
    )  # fmt: skip
    with ExpressionEngine() as engine:
        duty = only_row(facts_of(engine, data, "duty")["duty"], standard="rhi72")
    assert duty["in_base"] is is_counted
