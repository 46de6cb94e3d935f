"""Do ways of working and posts make sense? (R63 to R66)"""

from __future__ import annotations

import pytest
from pencil_store import broken, lines, store_of

from assay.ingest.cross_field_checks import check_workforce


def checked(**tables):
    store = store_of(**tables)
    check_workforce(store)
    return store


def wrong_lines(store, rule):
    return [line for _, _, line in broken(store, rule)]


def month(first="2026-05-01", **numbers):
    return {"month_start": first, "team_kind": "exploitation", **numbers}


def spell(number, began_on, ended=None, **more):
    approach_fields = {"approach_kind": "joint_team", "covers": "whole_force", **more}
    return {"approach_ref": f"A{number}", "began_on": began_on, "ended_on": ended, **approach_fields}


def test_a_month_is_told_by_its_first_day():
    store = checked(capacity=[month(), month("2026-06-02")])
    assert wrong_lines(store, "R63") == [3]
    assert lines(store, "capacity") == [2]


@pytest.mark.parametrize(
    ("numbers", "wrong"),
    [
        ({"posts_funded": 8.0, "posts_filled": 8.0}, False),
        ({"posts_funded": 8.0, "posts_filled": 8.5}, True),
        ({"posts_filled": 5.0, "posts_trained": 6.0}, True),
        ({"posts_funded": None, "posts_filled": 6.0}, False),
    ],
)
def test_more_filled_than_funded_is_said_and_counted_and_stays(numbers, wrong):
    store = checked(capacity=[month(**numbers)])
    assert wrong_lines(store, "R64") == ([2] if wrong else [])
    assert lines(store, "capacity") == [2]


@pytest.mark.parametrize(
    ("second", "wrong"),
    [
        (spell(2, "2026-03-01"), False),
        (spell(2, "2026-02-28"), True),
        (spell(2, "2026-02-28", approach_kind="specialist_team"), False),
        (spell(2, "2026-02-28", covers="part_of_force", area="North"), False),
    ],
    ids=["from the day on which the first ended", "a day before", "another approach", "another area"],
)
def test_two_spells_of_one_approach_in_one_area_may_not_overlap(second, wrong):
    store = checked(approaches=[spell(1, "2026-01-01", "2026-03-01"), second])
    assert wrong_lines(store, "R65") == ([2, 3] if wrong else [])


def test_two_areas_of_one_force_are_two_places():
    north, south, north_again = (spell(n, "2026-01-01", covers="part_of_force", area=a) for n, a in enumerate("NSN"))
    assert wrong_lines(checked(approaches=[north, south]), "R65") == []
    assert wrong_lines(checked(approaches=[north, south, north_again]), "R65") == [2, 4]


def test_another_approach_is_named_and_a_part_of_the_force_too():
    store = checked(
        approaches=[
            spell(1, "2026-01-01", approach_kind="other"),
            spell(2, "2026-01-01", approach_kind="other", approach_named="Weekly case meeting"),
            spell(3, "2026-01-01", covers="part_of_force"),
        ]
    )
    assert wrong_lines(store, "R66") == [2, 4]
    assert wrong_lines(store, "R65") == []
