"""Do the facts of the worked example say what the return contract says that they say (section 12)?"""

import pytest
from tiny import facts_of, only_row
from worked_facts import WORKED

from assay.engine import ExpressionEngine


@pytest.fixture(scope="module")
def found():
    with ExpressionEngine() as engine:
        yield facts_of(
            engine, WORKED, "crime", "victim", "suspect", "duty", "force", "described", "assessment", "list_spell",
            "known_child",
        )  # fmt: skip


def test_crime_0001_was_recorded_within_24_hours_for_certain(found):
    duty = only_row(found["duty"], record_ref="hocr24:0001")
    assert duty["in_time"] is True
    assert duty["wait_hours_low"] == duty["wait_hours_high"] == pytest.approx(2 + 40 / 60)


def test_the_notice_of_the_arrest_came_on_the_next_working_day_whatever_its_minute(found):
    duty = only_row(found["duty"], record_ref="vc6_arrest_enh:E4:V1")
    assert (duty["state"], duty["inferred"], duty["grades"]) == ("in time", False, True)


def test_no_notice_reports_the_bail_and_notices_are_complete_so_it_was_not_met(found):
    duty = only_row(found["duty"], record_ref="vc6_bail_enh:E5:V1")
    assert (duty["state"], duty["in_time"]) == ("did not happen", False)


def test_crime_0002_was_reported_on_a_day_alone_so_24_hours_are_not_known(found):
    duty = only_row(found["duty"], record_ref="hocr24:0002")
    assert (duty["state"], duty["in_time"]) == ("not known", None)
    assert duty["wait_hours_low"] > 9
    assert duty["wait_hours_high"] == 33


def test_crime_0002_has_no_needs_assessment_and_that_kind_is_complete(found):
    assert only_row(found["duty"], record_ref="vc4_needs:0002:V3")["state"] == "did not happen"
    assert only_row(found["duty"], record_ref="vc4_needs:0001:V1")["state"] == "in time"


def test_contact_with_the_victim_of_0002_is_not_known_since_contacts_are_not_complete(found):
    victim = only_row(found["victim"], record_ref="V3")
    assert (victim["days_to_first_contact"], victim["contact_known"]) == (None, False)
    assert only_row(found["victim"], record_ref="V1")["days_to_first_contact"] == 0


def test_what_the_force_did_not_send_makes_no_duty(found):
    standards = {duty["standard"] for duty in found["duty"]}
    assert standards == {"hocr24", "vc4_needs", "vc6_arrest_enh", "vc6_bail_enh"}


def test_the_suspects_ethnicity_is_recorded_neither_by_the_person_nor_by_an_officer(found):
    suspect = only_row(found["suspect"], record_ref="V2")
    assert (suspect["ethnicity_self_recorded"], suspect["ethnicity_self_reason"]) == (False, "NOT_ASKED")
    assert suspect["ethnicity_officer_recorded"] is False


def test_how_the_two_crimes_stand(found):
    open_crime, closed = only_row(found["crime"], crime_ref="0001"), only_row(found["crime"], crime_ref="0002")
    # The force sent no list of charges, so that none is there says nothing of a crime without an outcome.
    assert (open_crime["pending"], open_crime["charged"], open_crime["closed"]) == (True, None, False)
    assert (closed["pending"], closed["charged"], closed["closed"]) == (False, False, True)
    # 12 May to 20 June: 19 days left of May, and 20.
    assert closed["days_to_closed"] == 19 + 20
    assert (open_crime["suspect_identified"], closed["suspect_identified"]) == (True, False)


def test_profiles_were_not_supplied_so_nothing_is_known_of_them(found):
    assert only_row(found["force"], force_code="INV01")["profile_current"] is None


def test_what_is_recorded_of_the_people_and_why_it_is_not(found):
    suspect = only_row(found["described"], record_ref="V2")
    assert (suspect["sex_group"], suspect["ethnicity_self_recorded"]) == ("male", False)
    assert suspect["ethnicity_self_reason"] == "NOT_ASKED"
    assert only_row(found["described"], record_ref="V1")["ethnicity_self_group"] == "White"


def test_two_children_came_to_notice_and_no_list_or_assessment_was_sent(found):
    assert {str(row["first_sign_day"]) for row in found["known_child"]} == {"2026-04-08", "2026-05-12"}
    assert found["assessment"] == found["list_spell"] == []
