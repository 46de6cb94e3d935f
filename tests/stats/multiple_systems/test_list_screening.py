"""Does the screening find every reason against an estimate?"""

import pytest

from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.estimation_refusals import NoEstimate, UnusableTable
from assay.stats.multiple_systems.list_screening import QUESTIONS, DependenceSign, ListDependence, screen_lists

GOOD = {"A": 60, "B": 50, "C": 40, "A*B": 12, "A*C": 9, "B*C": 8, "A*B*C": 3}


def table(histories, lists=("A", "B", "C")):
    return CaptureTable.from_histories(lists, histories)


def kinds(screening):
    return {finding.kind for finding in screening.findings}


def test_three_lists_that_overlap_pass():
    assert screen_lists(table(GOOD)).passed
    assert kinds(screen_lists(table(GOOD))) == set()


def test_lists_that_hardly_overlap_end_in_no_estimate_with_the_reason():
    screening = screen_lists(table({"A": 40, "B": 30, "C": 20, "A*C": 3, "B*C": 3}))
    assert not screening.passed
    with pytest.raises(NoEstimate, match="Only 6 persons stand on two lists or more, and at least 10"):
        screening.require()


def test_an_overlap_that_could_single_out_children_is_not_said_in_the_refusal():
    with pytest.raises(NoEstimate, match="Only under 5 persons"):
        screen_lists(table({"A": 40, "B": 30, "C": 20, "A*C": 3})).require()


def test_two_copies_of_one_list_end_in_no_estimate():
    screening = screen_lists(table({"A*B": 100, "C": 40, "A*B*C": 20, "A": 1}))
    assert "duplicate lists" in kinds(screening)
    assert "Merge them" in screening.reason


def test_a_list_drawn_from_another_is_seen():
    screening = screen_lists(table({"A": 200, "A*B": 60, "C": 40, "A*C": 20}))
    assert "nested lists" in kinds(screening)
    assert "B lies within A" in screening.reason


def test_lists_that_no_person_joins_fall_apart():
    histories = {"A*B": 20, "C*D": 20, "A": 10, "C": 10, "B": 5, "D": 5}
    population_by_two_lists = (10 + 20) * (5 + 20) / 20
    expected_to_join = 35 * 35 / population_by_two_lists
    reason = screen_lists(table(histories, ("A", "B", "C", "D"))).reason
    assert "fall apart into groups" in reason
    assert f"About {expected_to_join:.0f} would be expected" in reason


def test_lists_so_thin_that_nobody_would_be_expected_to_join_them_do_not_stop():
    histories = {"A": 40, "B": 40, "A*B": 8, "C": 5, "D": 5, "C*D": 2}
    screening = screen_lists(table(histories, ("A", "B", "C", "D")))
    assert screening.passed
    (finding,) = [found for found in screening.findings if found.kind == "lists fall apart"]
    population_by_two_lists = (40 + 8) * (40 + 8) / 8
    assert (40 + 40 + 8) * (5 + 5 + 2) / population_by_two_lists < 4
    assert "Few would be expected to join" in finding.sentence


def test_a_pair_without_overlap_a_list_apart_and_a_thin_stratum_are_said_but_do_not_stop():
    screening = screen_lists(table({"A": 9, "B": 9, "C": 9, "A*B": 12}))
    assert screening.passed
    assert kinds(screening) == {"sparse stratum", "no overlap", "no overlap of a pair"}


def test_a_list_with_nobody_stops():
    assert "Nobody is on C" in screen_lists(table({"A": 90, "B": 90, "A*B": 20})).reason


def test_two_lists_are_said_to_rest_on_an_assumption():
    assert kinds(screen_lists(table({"A": 90, "B": 90, "A*B": 20}, ("A", "B")))) == {"two lists"}


def test_lists_that_feed_one_another_make_the_estimate_too_low_and_the_reason_is_kept():
    fed = ListDependence("A", "B", DependenceSign.POSITIVE, "A refers every child to B.")
    screening = screen_lists(table(GOOD), [fed])
    assert "too low" in screening.direction()
    assert any("refers every child" in finding.sentence for finding in screening.findings)
    shunned = ListDependence("A", "C", DependenceSign.NEGATIVE, "Who is with C is not taken by A.")
    assert "too high" in screen_lists(table(GOOD), [shunned]).direction()
    assert "both directions" in screen_lists(table(GOOD), [fed, shunned]).direction()
    assert screen_lists(table(GOOD)).direction() == ""


def test_a_dependence_without_a_reason_or_of_an_unknown_list_is_refused():
    with pytest.raises(UnusableTable, match="Say why"):
        ListDependence("A", "B", DependenceSign.POSITIVE, " ")
    with pytest.raises(UnusableTable, match="'D', which is not among the lists"):
        screen_lists(table(GOOD), [ListDependence("A", "D", DependenceSign.NONE, "no contact")])


def test_what_the_table_cannot_show_stays_asked_until_somebody_answers():
    assert screen_lists(table(GOOD)).open_questions == QUESTIONS
    assert screen_lists(table(GOOD), answered=QUESTIONS[:4]).open_questions == QUESTIONS[4:]
