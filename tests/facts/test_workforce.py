"""Which ways of working were in use in the period, and how many posts stood empty?"""

import datetime as dt

import pytest
from tiny import Return, facts_of

from assay.engine import ExpressionEngine

SPELLS = [
    {"approach_ref": "A1", "approach_kind": "joint_team", "covers": "whole_force", "began_on": "2026-04-01"},
    {"approach_ref": "A2", "approach_kind": "other", "approach_named": "Weekly meeting", "covers": "part_of_force",
     "area": "North", "began_on": "2026-04-02", "ended_on": "2026-07-01"},
    {"approach_ref": "A3", "approach_kind": "other", "covers": "part_of_force", "began_on": "2026-01-01",
     "ended_on": "2026-04-01"},
]  # fmt: skip
MONTHS = [
    {"month_start": "2026-04-01", "team_kind": "exploitation", "posts_funded": 10.0, "posts_filled": 8.0,
     "posts_trained": 5.0, "open_cases": 40},
    {"month_start": "2026-07-01", "team_kind": "exploitation", "posts_filled": 0.0, "open_cases": 40},
]  # fmt: skip


@pytest.fixture(scope="module")
def found():
    with ExpressionEngine() as engine:
        yield facts_of(engine, Return(approaches=SPELLS, capacity=MONTHS), "approach", "team_month")


def test_an_approach_bears_its_kind_or_its_own_name_and_its_place(found):
    places = [(row["approach"], row["place"]) for row in sorted(found["approach"], key=lambda row: row["approach_ref"])]
    assert places == [("joint_team", "the whole force"), ("Weekly meeting", "North"), (None, None)]


def test_the_first_day_not_in_use_is_not_in_use(found):
    # The period is April to June: A2 ends on the day after it, so it was in use on the last day.
    use_by_approach = {row["approach_ref"]: (row["in_use_at_start"], row["in_use_at_end"]) for row in found["approach"]}
    assert use_by_approach == {"A1": (True, True), "A2": (False, True), "A3": (False, False)}


def test_posts_vacant_and_cases_a_post_are_not_known_where_a_number_is_lacking(found):
    first, second = sorted(found["team_month"], key=lambda row: row["month_start"])
    assert (first["posts_vacant"], first["posts_untrained"], first["cases_a_post"]) == (2.0, 3.0, 5.0)
    assert (second["posts_vacant"], second["cases_a_post"]) == (None, None)  # nobody in post: no number a post
    assert (first["in_period"], second["in_period"]) == (True, False)
    assert second["month_start"] == dt.date(2026, 7, 1)
