"""Proposed grades are held against a truth that is known; what is not graded is neither right nor wrong."""

import pytest

from assay.grading.grading_rules import NOT_ENOUGH, rules
from assay.synthetic.simulation.grade_recovery import (
    MethodGrades,
    calibration,
    characteristic_truths,
    file_reading_grades,
    graded_indicators,
    league_table,
    proposed_grades,
    score_method,
    simulate_country,
)


@pytest.fixture(scope="module")
def country():
    return simulate_country(3, forces=12, records=80.0)


@pytest.fixture(scope="module")
def own_proposals(country):
    return proposed_grades(country)


def test_the_true_grade_follows_from_the_true_shares_by_the_same_rules(country):
    best = max(country.forces, key=country.quality.get)
    share = sum(country.true_states[best, key] for place, key in country.true_states if place == best)
    assert country.quality[best] == share / sum(place == best for place, _ in country.true_states)
    assert (country.grade[best] == "good") == (country.quality[best] >= 0.75)


def test_most_proposals_lie_within_one_grade_of_the_truth_and_forces_are_ranked_as_they_are(country, own_proposals):
    score = score_method("ours", [own_proposals[0]], [country])
    assert score.within_one >= 0.9 * score.graded
    assert score.rank_correlation > 0.8


def test_a_method_that_gives_every_force_the_same_grade_ranks_nobody_and_is_seldom_right(country):
    method = MethodGrades(dict.fromkeys(country.forces, "outstanding"), country.quality)
    assert score_method("same", [method], [country]).right == 0
    upside_down = MethodGrades({}, {code: -quality for code, quality in country.quality.items()})
    score = score_method("upside down", [upside_down], [country])
    assert (score.graded, score.right) == (0, 0)
    assert score.rank_correlation == pytest.approx(-1.0)


def test_a_force_without_enough_evidence_is_not_counted_as_graded(country, own_proposals):
    ungraded_places = {
        proposal.place for proposal in own_proposals[1] if proposal.line == "overall" and proposal.grade == NOT_ENOUGH
    }
    assert ungraded_places.isdisjoint(own_proposals[0].grade)
    assert score_method("ours", [own_proposals[0]], [country]).graded == len(country.forces) - len(ungraded_places)


def test_what_is_stated_with_little_probability_is_seldom_so_and_what_with_much_mostly():
    countries = [simulate_country(seed, forces=12, records=80.0) for seed in (3, 4, 5, 6)]
    rows = calibration([proposed_grades(country)[1] for country in countries], countries)
    assert rows[0][0] == "0 to 10%"
    assert rows[0][3] < 0.1
    assert rows[-1][3] > 0.8


def test_a_force_is_truly_beyond_the_others_however_few_they_are():
    """Eleven forces do it in 90% of cases, give or take two points, and one in 60%: its own share is none of the others'."""
    key = "other_children_looked_for"
    true = {f"INV{number:02d}": {key: 0.88 + 0.02 * (number % 3)} for number in range(1, 12)} | {"INV12": {key: 0.6}}
    states = characteristic_truths(true, graded_indicators(), rules())
    assert [force for force in true if not states[force, "suspects_pursued"]] == ["INV12"]


def test_the_peers_grade_six_forces_or_all_of_them(country):
    assert len(file_reading_grades(country, 1).grade) == 6
    assert set(league_table(country).grade) == set(country.forces)
