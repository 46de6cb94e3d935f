"""Are past failures and past recommendations there, and is a status that nobody read left open?"""

import re

import pytest

from assay import reference
from assay.errors import DefinitionError
from assay.reference.past_recommendations import (
    STATUSES,
    TEXT_NOT_READ,
    _event,
    _recommendation,
    recommendation_events,
)
from assay.reference.reference_data import register_text, replaced_registers

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


def test_a_recommendation_whose_text_was_not_read_says_so_names_its_publisher_and_claims_nothing():
    unread = [recommendation for recommendation in reference.recommendations() if not recommendation.text_read]
    assert len(unread) == 16  # 3 of 2023, 6 of 2025, 3 of the National Audit, 4 of the final report
    for recommendation in unread:
        assert recommendation.text.startswith(TEXT_NOT_READ), recommendation.key
        assert recommendation.publisher, recommendation.key
        assert recommendation.state == "not shown", recommendation.key
    assert {item.evidence for item in unread} == {"not-found", "recalled"}


def test_the_reports_made_as_many_recommendations_as_they_say():
    keys = [recommendation.key for recommendation in reference.recommendations()]
    counts = {report: sum(key.startswith(report) for key in keys) for report in
              ("hmicfrs-2023-", "hmicfrs-2025-", "iicsa-2022-", "iicsa-final-2022-", "casey-2025-")}  # fmt: skip
    assert counts == {
        "hmicfrs-2023-": 10, "hmicfrs-2025-": 6, "iicsa-2022-": 6, "iicsa-final-2022-": 20, "casey-2025-": 12,
    }  # fmt: skip
    assert len(keys) == 59


def test_every_recommendation_has_the_date_of_its_report_and_every_text_that_was_read_an_address():
    for recommendation in reference.recommendations():
        assert re.fullmatch(r"20\d\d-\d\d(-\d\d)?", recommendation.report_date), recommendation.key
        assert recommendation.address.startswith("http") or not recommendation.text_read, recommendation.key


def test_those_of_the_latest_report_come_first():
    dates = [recommendation.report_date for recommendation in reference.recommendations().latest_first]
    assert dates == sorted(dates, reverse=True)
    assert (dates[0], dates[-1]) == ("2025-10-24", "2013-11")


def test_every_recommendation_has_a_dated_history_and_no_state_rests_on_memory():
    for recommendation in reference.recommendations():
        events = reference.events_of(recommendation.key)
        assert events, recommendation.key
        assert [event.event_date for event in events] == sorted((event.event_date for event in events), reverse=True)
        if recommendation.state != "not shown":
            assert any(event.evidence in ("seen", "seen-secondary") for event in events), recommendation.key


def test_the_aggravating_factor_was_declined_in_2022_and_promised_in_2025():
    factor = reference.recommendations().get("iicsa-2022-1")
    assert (factor.status, factor.state) == ("in progress", "policy only")
    history = [(event.event_date, event.happened.split(":")[0]) for event in reference.events_of("iicsa-2022-1")]
    assert ("2022-07-27", "Declined") in history
    assert max(day for day, _ in history) == "2026-06-29"
    assert "not the same factor" in factor.status_words


def test_the_duty_to_report_is_in_the_act_of_2026_and_its_first_day_is_not_known():
    duty = reference.recommendations().get("iicsa-final-2022-13")
    assert (duty.status, duty.state) == ("in progress", "policy only")
    law = reference.laws().get("cpa-2026-duty-to-report")
    assert law.recommendations == (duty.key,)
    assert (law.commencement, law.valid_from) == ("not found", "")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"report_date": ""}, "date of its report"),
        ({"publisher": ""}, "publisher of its text"),
        ({"report_date": "June 2025"}, "Write a day, a month or a year"),
        ({"address": ""}, "needs the address of its source"),
        ({"address": "press of June 2025"}, "needs the address of its source"),
        ({"state": "superseded"}, "names what took its place"),
        ({"superseded_by": "another"}, "names what took its place"),
        ({"state": "done"}, "unknown state"),
        ({"text": "Text not read."}, "only there"),
        ({"evidence": "recalled"}, "only there"),
    ],
)
def test_a_row_that_claims_what_it_does_not_show_is_refused(change, reason):
    row = {**vars(reference.recommendations().get("casey-2025-1")), "questions": "Q39"}
    assert _recommendation(row).key == "casey-2025-1"
    with pytest.raises(DefinitionError, match=reason):
        _recommendation(row | change)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"recommendations": "casey-2025-99"}, "casey-2025-99"),
        ({"event_date": ""}, "a date and what happened"),
        ({"event_date": "2025-13-01"}, "Write a day"),
        ({"address": ""}, "needs the address"),
    ],
)
def test_an_event_without_date_recommendation_or_address_is_refused(change, reason):
    row = {"recommendations": "casey-2025-1", "event_date": "2025-06-16", "happened": "Accepted.", "publisher": "",
           "evidence": "seen", "source": "gov.uk", "address": "https://www.gov.uk/x"}  # fmt: skip
    assert _event(row).event_date == "2025-06-16"
    with pytest.raises(DefinitionError, match=reason):
        _event(row | change)


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


def test_a_recommendation_is_met_in_records_only_where_somebody_read_that_in_the_source():
    met = {item.key for item in reference.recommendations() if item.state == "met in records"}
    assert met == {"telford-2022-review-group"}
    secondary = register_text("recommendation_events").replace(",,seen,", ",A publisher,seen-secondary,")
    with (
        replaced_registers({"recommendation_events": secondary}),
        pytest.raises(DefinitionError, match="in the source"),
    ):
        recommendation_events.__wrapped__()
