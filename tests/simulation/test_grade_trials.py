"""The figures that must hold of grades, worked out by hand; and one small country that is graded and scored."""

from dataclasses import replace

import pytest

from assay.grading.grading_rules import NOT_ENOUGH
from assay.synthetic.simulation.grade_trials import (
    GradedCountry,
    grade_figures,
    matching_countries,
    ordered_pairs,
    run_graded_country,
    stated_bands,
)
from assay.synthetic.simulation.report_scores import CleanTheme, FailingInReport, ReportScore
from assay.synthetic.simulation.trial_worlds import TESTED_FAILINGS, TrialWorld, mixed_world

PENCIL_WORLD = TrialWorld("by pencil", 1, 3, 10)


def failing(grade: str, *, strength: float = 1.0, records: int = 60) -> FailingInReport:
    shown_in = ("grade",) if grade in ("adequate", "requires improvement", "inadequate") else ()
    return FailingInReport("late_recording", "INV01", strength, records, "data-quality", grade, shown_in)


def country(failings=(), clean=(), burdens=None, scores=None, **options) -> GradedCountry:
    score = ReportScore(tuple(failings), tuple(clean), has_front_page=False)
    return GradedCountry(PENCIL_WORLD, score, burdens or {}, scores or {}, options.get("contradictions", ()),
                         options.get("stated", ()), options.get("with_data", 0), options.get("graded", 0))  # fmt: skip


def test_a_stored_country_on_exact_counts_is_not_taken_for_one_on_released_counts():
    exact, released = (replace(country(), has_disclosure_control=control) for control in (False, True))
    stored = [country(), exact, released]
    assert matching_countries(stored, [PENCIL_WORLD], has_disclosure_control=True) == [released]
    assert matching_countries(stored, [PENCIL_WORLD], has_disclosure_control=False) == [exact]
    assert matching_countries(stored, [replace(PENCIL_WORLD, seed=2)], has_disclosure_control=True) == []


def test_a_share_of_nothing_is_said_to_be_none():
    assert str(grade_figures([country()]).not_good) == "none to count"


def test_pairs_that_differ_little_can_be_left_out():
    # Burdens 0, 0.7 and 1: only the pairs with 0 differ by 0.7 or more; one of these stands in the right order.
    burdens, scores = {"INV01": 0.0, "INV02": 0.7, "INV03": 1.0}, {"INV01": 0.8, "INV02": 0.9, "INV03": 0.6}
    found = ordered_pairs([country(burdens=burdens, scores=scores)], 0.7)
    assert (found.count, found.base) == (1, 2)


def test_the_order_of_the_watch_list_is_scored_by_the_expected_number_of_failings():
    # Two of the three pairs are right: INV03 before INV01 and before INV02; INV02 has fewer than INV01.
    burdens, expected = {"INV01": 0.0, "INV02": 0.7, "INV03": 1.0}, {"INV01": 1.2, "INV02": 1.1, "INV03": 2.0}
    watched = replace(country(burdens=burdens, scores={"INV01": 0.9}), expected_failings=expected)
    found = ordered_pairs([watched], by_watch_list=True)
    assert (found.count, found.base) == (2, 3)


def test_a_failing_that_is_not_graded_counts_as_missed_and_so_does_one_that_is_good():
    found = grade_figures([country([failing(name) for name in ("adequate", "inadequate", "good", NOT_ENOUGH)])])
    assert (found.not_good.count, found.not_good.base) == (2, 4)
    assert found.not_good.low < 0.5 < found.not_good.high


def test_weak_failings_and_those_on_few_records_are_left_out():
    weak_failing, small_failing = failing("good", strength=0.69), failing("good", records=29)
    found = grade_figures([country([weak_failing, small_failing, failing("adequate", strength=0.7, records=30)])])
    assert (found.not_good.count, found.not_good.base) == (1, 1)


def test_a_failing_of_another_organisation_is_not_asked_of_the_grade_of_a_force():
    other_duty = replace(failing("good"), is_police_duty=False)
    assert grade_figures([country([other_duty, failing("adequate")])]).not_good.base == 1


def test_a_clean_theme_counts_only_if_there_is_anything_to_grade():
    clean = [CleanTheme("INV01", "scale", grade, data, ()) for grade, data in
             (("good", True), ("outstanding", True), ("adequate", True), (NOT_ENOUGH, True), (NOT_ENOUGH, False))]  # fmt: skip
    found = grade_figures([country(clean=clean, with_data=4, graded=3)])
    assert (found.clean_good.count, found.clean_good.base) == (2, 4)
    assert (found.graded.count, found.graded.base) == (3, 4)


def test_of_two_forces_the_one_with_more_wrong_must_have_the_lower_score_and_equal_scores_are_half_right():
    burdens = {"INV01": 0.0, "INV02": 1.0, "INV03": 1.0, "INV04": 2.0}
    found = ordered_pairs([country(burdens=burdens, scores={"INV01": 0.9, "INV02": 0.8, "INV03": 0.9, "INV04": None})])
    assert (found.count, found.base) == (1.5, 2)
    assert 0.0 <= found.low <= found.share <= found.high <= 1.0


def test_forces_of_two_countries_are_not_compared():
    first = country(burdens={"INV01": 0.0}, scores={"INV01": 0.1})
    second = country(burdens={"INV01": 1.0}, scores={"INV01": 0.9})
    assert ordered_pairs([first, second]).base == 0


def test_stated_probabilities_stand_in_their_band_beside_the_share_without_a_failing():
    stated = ((0.01, True), (0.03, False), (0.97, False), (1.0, False))
    assert stated_bands([country(stated=stated)]) == [
        ("0% to 5%", 2, pytest.approx(0.02), 0.5),
        ("95% to 100%", 2, pytest.approx(0.985), 1.0),
    ]


def test_a_mixed_country_has_a_third_of_forces_without_a_failing_and_the_same_seed_makes_the_same():
    world = mixed_world(5, 13, 20, (0.4, 1.0))
    numbers = sorted(
        sum(code in codes for codes in world.places.values()) for code in map("INV{:02d}".format, range(1, 13))
    )
    assert numbers == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3]
    assert set(world.places) <= set(TESTED_FAILINGS)
    assert set(world.strengths.values()) == {0.4, 1.0}
    assert mixed_world(5, 13, 20, (0.4, 1.0)) == world
    assert mixed_world(6, 13, 20, (0.4, 1.0)).places != world.places


@pytest.mark.xdist_group("statements")
def test_a_small_country_is_graded_and_scored_from_its_released_tables(statements):
    world = replace(mixed_world(3, 6, 20, (1.0,)), has_equal_sizes=True)
    graded = run_graded_country(statements, world)
    assert graded.contradictions == ()
    assert {(item.failing, item.place) for item in graded.score.failings} == {
        (key, code) for key, codes in world.places.items() for code in codes
    }
    assert graded.burdens["INV01"] == sum("INV01" in codes for codes in world.places.values())
    assert 0 < graded.themes_graded <= graded.themes_with_data <= 6 * 6
