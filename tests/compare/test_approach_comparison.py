"""Are associations of approaches with better results stated without a claim of cause?"""

import datetime as dt
import re

import numpy as np
import pytest

from assay.compare.approach_comparison import compare_approaches
from assay.compare.associations import ACROSS_FORCES, APPROACHES_NOT_SENT, CAPACITY_NOT_SENT, FEWER_CASES, OVER_TIME
from assay.compare.workload import cases_per_post

MONTHS = [f"2025-{month:02}" for month in range(4, 13)] + ["2026-01", "2026-02", "2026-03"]
PERIOD = ("2025-04", "2026-04")
TITLES = {"told": "Told in time"}
NEVER_SAID = re.compile(r"\b(led to|leads to|caus\w*|works|worked|effect\w*|because of|thanks to|due to)\b", re.I)
FORCES = [f"F{n:02}" for n in range(18)]
WITH, STARTS, WITHOUT_TEAM = FORCES[:6], FORCES[6:12], FORCES[12:]


def spell(force, start_date, ended=None, place="the whole force"):
    return {
        "force_code": force,
        "approach": "specialist_team",
        "place": place,
        "began_on": start_date,
        "ended_on": ended,
    }


SPELLS = [spell(force, dt.date(2020, 1, 1)) for force in WITH] + [
    spell(force, dt.date(2025, 10, 1)) for force in STARTS
]


def panel(values, seed=1, base=60):
    """Counts of every force and month; `of(force, month)` is the true share."""
    draw = np.random.default_rng(seed)
    return [
        {"indicator": "told", "force_code": force, "month": month, "offence_family": "rape",
         "met": int(draw.binomial(base, values(force, month))), "base": base}
        for force in FORCES for month in MONTHS
    ]  # fmt: skip


def seen(rows, spells=SPELLS, forces=FORCES):
    found = compare_approaches(spells, rows, TITLES, PERIOD, forces, {}).to_pylist()
    return {row["look"]: row for row in found if row["approach"] or row["look"] == ""}


CASES = {force: 10.0 if force in WITH else 20.0 for force in FORCES}


def beside_capacity(rows, cases=CASES, forces=FORCES):
    found = compare_approaches(SPELLS if forces else [], rows, TITLES, PERIOD, forces, cases).to_pylist()
    return {(row["approach"], row["look"]): row for row in found}


def gains(force, month):
    """Twenty points more with the team, from the month in which it is there."""
    return 0.7 if force in WITH or (force in STARTS and month >= "2025-10") else 0.5


def test_twenty_points_that_go_with_a_team_are_found_across_forces_and_over_time():
    found = seen(panel(gains))
    assert (found[ACROSS_FORCES]["forces_with"], found[ACROSS_FORCES]["forces_without"]) == (6, 6)
    assert found[OVER_TIME]["forces_changed"] == 6
    for row in found.values():
        assert row["points_low"] < 20 < row["points_high"]
        assert row["q_value"] < 0.01
        assert row["e_value"] > 1.5


def test_a_change_that_came_everywhere_goes_with_nothing():
    # All forces rise by 20 points in October; in six of them a team begins then.
    found = seen(panel(lambda force, month: 0.7 if month >= "2025-10" else 0.5))[OVER_TIME]
    assert found["points_low"] < 0 < found["points_high"]
    assert "no difference is shown" in found["sentence"]
    assert "no difference." not in found["sentence"]


def test_another_mix_of_offences_is_no_better_result():
    # Images are met 9 in 10 and rape 3 in 10 everywhere; forces with the team have more images.
    rows = []
    for force in FORCES:
        for month in MONTHS:
            images = 80 if force in WITH else 20
            for family, base, share in (("images", images, 0.9), ("rape", 100 - images, 0.3)):
                rows.append({"indicator": "told", "force_code": force, "month": month, "offence_family": family,
                             "met": round(base * share), "base": base})  # fmt: skip
    assert abs(seen(rows)[ACROSS_FORCES]["points"]) < 1


def test_too_few_forces_is_said_with_how_many_changed():
    found = seen(panel(gains), [spell(force, dt.date(2025, 10, 1)) for force in STARTS[:2]])
    assert found[OVER_TIME]["points"] is None
    assert "too few forces to say" in found[OVER_TIME]["sentence"]
    assert "in 2 it began" in found[OVER_TIME]["sentence"]


@pytest.mark.parametrize(
    "spells",
    [
        [spell(force, dt.date(2020, 1, 1), place="North") for force in WITH],  # in a part of the force
        [spell(force, dt.date(2020, 1, 1), dt.date(2025, 8, 1)) for force in WITH],  # given up in the period
    ],
)
def test_a_part_of_a_force_or_of_the_period_is_neither_with_nor_without(spells):
    row = seen(panel(gains), spells)[ACROSS_FORCES]
    assert (row["forces_with"], row["forces_without"]) == (0, 12)


def test_without_the_returns_it_says_so():
    assert seen(panel(gains), [], [])[""]["sentence"] == APPROACHES_NOT_SENT


def test_cases_a_post_are_those_of_all_teams_and_months_that_tell_both():
    """(30 + 10) cases for (2 + 3) posts; the month before the period and what is half told are out."""
    team_facts = {"force_code": "F00", "in_period": True}
    months = [
        team_facts | {"open_cases": 30, "posts_filled": 2.0}, team_facts | {"open_cases": 10, "posts_filled": 3.0},
        team_facts | {"open_cases": 99, "posts_filled": None}, team_facts | {"open_cases": 99, "posts_filled": 1.0, "in_period": False},
        team_facts | {"force_code": "F01", "open_cases": 5, "posts_filled": 0.0},
    ]  # fmt: skip
    assert cases_per_post(months) == {"F00": (30 + 10) / (2 + 3)}


def test_fewer_cases_a_post_stand_beside_each_way_of_working_across_forces():
    found = beside_capacity(panel(gains))
    team, fewer = found["specialist_team", ACROSS_FORCES], found[FEWER_CASES, ACROSS_FORCES]
    assert (team["cases_with"], team["cases_without"]) == (10.0, 20.0)
    assert "The middle force with it had 10 open cases a post, the middle one of the others 20." in team["sentence"]
    assert found["specialist_team", OVER_TIME]["cases_with"] is None
    # The middle force has 20, and none has more: the six with 10 are set beside all others.
    assert (fewer["forces_with"], fewer["forces_without"]) == (6, 12)


def test_twenty_points_that_go_with_fewer_cases_a_post_are_found():
    cases = {force: 10.0 + n for n, force in enumerate(FORCES)}
    half = FORCES[:9]
    rows = panel(lambda force, _: 0.7 if force in half else 0.5)
    row = beside_capacity(rows, cases)[FEWER_CASES, ACROSS_FORCES]
    assert (row["forces_with"], row["forces_without"], row["forces_changed"]) == (9, 9, 0)
    assert row["points_low"] < 20 < row["points_high"]
    assert row["q_value"] < 0.01
    assert "9 forces had fewer, 9 more, and none is followed as it changed" in row["sentence"]
    assert not NEVER_SAID.search(row["sentence"])


def test_where_capacity_is_missing_it_says_so():
    rows = panel(gains)
    assert beside_capacity(rows, {})["", ACROSS_FORCES]["sentence"] == CAPACITY_NOT_SENT
    capacity_sentence = beside_capacity(rows, dict.fromkeys(WITH, 10.0))["", ACROSS_FORCES]["sentence"]
    assert capacity_sentence.startswith(
        "Of 18 forces that sent ways of working, 12 did not send open cases and filled posts"
    )
    assert ("", ACROSS_FORCES) not in beside_capacity(rows)


def test_capacity_is_looked_at_where_no_force_sent_ways_of_working():
    found = beside_capacity(panel(gains), {force: 10.0 + n for n, force in enumerate(FORCES)}, [])
    assert found["", ""]["sentence"] == APPROACHES_NOT_SENT
    assert found[FEWER_CASES, ACROSS_FORCES]["forces_with"] == 9


def test_no_sentence_claims_more_than_that_things_went_together():
    worse = panel(lambda force, month: 1.2 - gains(force, month))
    sentences = [
        row["sentence"] for rows in (panel(gains), worse, panel(lambda *_: 0.5)) for row in seen(rows).values()
    ]
    sentences += [row["sentence"] for row in seen(panel(gains), [], []).values()]
    assert [sentence for sentence in sentences if NEVER_SAID.search(sentence)] == []
    assert any("went with" in sentence for sentence in sentences)
    assert all(re.search(r"\d+ it began", sentence) for sentence in sentences if sentence != APPROACHES_NOT_SENT)


def test_a_name_in_the_words_of_fewer_than_five_forces_is_compared_as_other():
    def names(n_forces):
        spells = [
            spell(force, dt.date(2020, 1, 1)) | {"approach": "Weekly case meeting"} for force in FORCES[:n_forces]
        ]
        found = compare_approaches(spells, panel(gains), TITLES, PERIOD, FORCES, {}).to_pylist()
        assert ("Weekly case meeting" in str(found)) == (n_forces == 5)
        return {row["approach"] for row in found if row["approach"]}

    assert names(4) == {"other"}
    assert names(5) == {"Weekly case meeting"}
