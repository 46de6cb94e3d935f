"""Has every crime of the base its clock, also if it was reported before the standard began?"""

import datetime as dt

import pytest
from record_rows import crime, event, suspect, victim
from tiny import Return, facts_of, only_row

from assay.engine import ExpressionEngine

REPORTED = {"now": "2026-04-20T09:00", "under the old Code": "2019-05-01T09:00", "long ago": "2014-03-01T09:00",
            "no day": None}  # fmt: skip


@pytest.fixture(scope="module")
def found():
    data = Return(
        kinds={"needs_assessment_recorded": True, "suspect_bailed": True, "suspect_arrested": True,
               "bail_extended": True},
        crimes=[crime(name, reported, "2026-04-20T12:00") for name, reported in REPORTED.items()],
        involvements=[row for name in REPORTED for row in (victim(f"v {name}", name), suspect(f"s {name}", name))],
        events=[event("suspect_arrested", "2022-10-27T10:00", "now"),
                event("suspect_bailed", "2022-10-27T20:00", "now", "b")],
    )  # fmt: skip
    with ExpressionEngine() as engine:
        yield facts_of(engine, data, "duty", "crime")


def test_every_crime_of_the_base_has_one_clock_of_recording(found):
    base = sorted(row["crime_ref"] for row in found["crime"] if row["in_base"])
    clocks = sorted(row["crime_ref"] for row in found["duty"] if row["standard"] == "hocr24" and row["in_base"])
    assert clocks == base == sorted(REPORTED)


def test_the_first_day_of_the_rule_on_recording_was_not_read_so_it_bounds_nothing(found):
    duty = only_row(found["duty"], record_ref="hocr24:long ago")
    assert (duty["state"], duty["standard_in_force"]) == ("late", True)


@pytest.mark.parametrize(("name", "duty_holds"), [("now", True), ("under the old Code", False), ("no day", True)])
def test_a_duty_from_before_its_standard_is_there_and_says_so(found, name, duty_holds):
    """The day of the record stands in where none is known for the report; the Code is of 1 April 2021."""
    duty = only_row(found["duty"], record_ref=f"vc4_needs:{name}:v {name}")
    assert (duty["standard_in_force"], duty["in_base"]) == (duty_holds, True)


def test_where_an_earlier_standard_held_the_later_makes_no_duty(found):
    """Arrested on the last day of the old rules of bail."""
    assert {duty["standard"] for duty in found["duty"] if duty["about_ref"] == "b"} == {"bail_old28"}


def test_a_crime_reported_before_the_days_that_are_covered_keeps_its_clocks():
    covered = {"covers_from": dt.date(2026, 4, 1)}
    data = Return(
        kinds={"needs_assessment_recorded": True},
        crimes=[crime("1", "2026-03-01T09:00")],
        involvements=[victim("v", "1")],
        events=[],
        manifest_rows={"crimes": covered, "events": covered},
    )
    with ExpressionEngine() as engine:
        found = facts_of(engine, data, "duty")["duty"]
    states = {duty["standard"]: duty["state"] for duty in found}
    assert states == {"hocr24": "late", "vc4_needs": "not known"}
