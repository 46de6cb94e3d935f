"""Are past failures and past recommendations there, and is a status that nobody read left open?"""

import pytest

from assay import reference
from assay.reference.past_recommendations import STATUSES

pytestmark = pytest.mark.quick


def test_the_failure_modes_are_f1_to_f19_and_each_has_a_test():
    assert reference.failure_modes().keys == tuple(f"F{number}" for number in range(1, 20))
    assert all(
        failure_mode.text and failure_mode.test and failure_mode.part for failure_mode in reference.failure_modes()
    )


def test_the_inspection_of_2023_made_nine_recommendations_and_one_area_for_improvement():
    found = [
        recommendation
        for recommendation in reference.recommendations()
        if recommendation.key.startswith("hmicfrs-2023-")
    ]
    assert len(found) == 9 + 1


def test_of_the_five_statuses_that_were_read_four_are_incomplete_and_one_in_progress():
    found = [reference.recommendations().get(f"hmicfrs-2023-{number}").status for number in range(1, 6)]
    assert found == ["incomplete", "incomplete", "in progress", "incomplete", "incomplete"]


def test_a_recommendation_whose_text_was_not_found_says_so_and_claims_no_status():
    missing = [
        recommendation for recommendation in reference.recommendations() if recommendation.evidence == "not-found"
    ]
    assert len(missing) == 4
    assert all(
        "not found" in recommendation.text and recommendation.status == "not known" for recommendation in missing
    )


def test_the_inquiry_made_six_and_one_was_declined():
    found = [
        recommendation for recommendation in reference.recommendations() if recommendation.key.startswith("iicsa-2022-")
    ]
    assert len(found) == 6
    assert [recommendation.number for recommendation in found if recommendation.status == "declined"] == ["1"]


def test_deadlines_and_owners_are_those_that_were_read():
    found = {number: reference.recommendations().get(f"hmicfrs-2023-{number}") for number in range(1, 7)}
    assert {number: recommendation.deadline for number, recommendation in found.items()} == {
        1: "2024-12-31", 2: "2024-12-31", 3: "2025-05-30", 4: "2024-12-31", 5: "2025-03-31", 6: "2026-03-31",
    }  # fmt: skip
    assert found[2].owner == "Chief constables"


def test_every_recommendation_names_the_questions_that_would_test_it():
    for recommendation in reference.recommendations():
        assert recommendation.questions
        assert all(reference.questions().knows(number) for number in recommendation.questions)
        assert recommendation.status in STATUSES


def test_definitions_of_a_group_stand_side_by_side():
    kinds = [definition.key for definition in reference.definitions() if definition.kind == "group"]
    assert {"NET_IICSA", "GROUP_BERELOWITZ", "COCAD", "OCG"} <= set(kinds)


def test_what_we_call_child_sexual_offences_is_graded_as_our_own():
    assert reference.definitions().get("CSO_POLICE").evidence == "derived"
