"""Which children are suspected while they are being exploited, was it considered first, and how did their cases end?"""

import pytest
from tiny import Return, facts_of, only_row

from assay.engine import ExpressionEngine

CHILD = {"date_of_birth": "2011-02-03", "forenames": "Rowan", "surname": "Example"}
OTHER = {"date_of_birth": "2010-05-06", "forenames": "Hazel", "surname": "Sample"}
ACCUSED = {"role": "suspect", "suspect_known_as": "named", "person_ref": "P1", **CHILD}
THEFT = {"scope_reason": "child_as_suspect", "offence_code": "39"}
CONTACT_OFFENCE = {"scope_reason": "core_offence", "offence_code": "71"}


def crime(ref, kind, day, outcome="NOA", decided=None, **more):
    ends = {"outcome_at": f"{decided}T12:00", "closed_at": decided} if decided else {}
    return {**kind, "crime_ref": ref, "reported_at": f"{day}T09:00", "recorded_at": f"{day}T10:00", "occurred_from": day,
            "outcome_code": outcome, **ends, **more}  # fmt: skip


CRIMES = [
    crime("V", CONTACT_OFFENCE, "2026-04-02", "16", "2026-06-20"),
    crime("W", CONTACT_OFFENCE, "2026-04-03", "1", "2026-06-20"),
    crime("first", THEFT, "2026-04-20", "8", "2026-05-20"),
    crime("late", THEFT, "2026-04-21", "8", "2026-05-20"),
    crime("never", THEFT, "2026-04-22", "1", "2026-05-20"),
    crime("referred", THEFT, "2026-04-23", "22", "2026-05-20"),
    crime("open", THEFT, "2026-04-24"),
    crime("before", THEFT, "2026-04-01", "8", "2026-05-20"),
]
PEOPLE = [
    {"involvement_ref": "a", "crime_ref": "V", "role": "victim", "person_ref": "P1", "care_status": "in_care_own_area", **CHILD},
    {"involvement_ref": "b", "crime_ref": "W", "role": "victim", "person_ref": "P2", **OTHER},
    *({"involvement_ref": f"s-{row['crime_ref']}", "crime_ref": row["crime_ref"], **ACCUSED} for row in CRIMES[2:]),
]  # fmt: skip


def considered(ref, day):
    return {"event_ref": f"E-{ref}", "kind": "exploitation_considered", "happened_at": f"{day}T10:00", "crime_ref": ref,
            "person_ref": "P1"}  # fmt: skip


EVENTS = [
    considered("first", "2026-05-02"),
    considered("late", "2026-05-21"),
    {
        "event_ref": "A",
        "kind": "account_taken",
        "happened_at": "2026-04-05T10:00",
        "crime_ref": "W",
        "person_ref": "P2",
    },
]
KINDS = {"exploitation_considered": True, "account_taken": True, "abe_interview_done": True}
FACT_NAMES = ("child_suspect", "victim_as_child", "child_victim", "order_on_child")


def return_with(**more):
    whole = {
        "crimes": CRIMES, "involvements": PEOPLE, "events": EVENTS, "kinds": KINDS,
        "missing": [{"missing_ref": "M", "person_ref": "P1", "started_at": "2026-05-01T20:00"}],
        "referrals": [{"referral_ref": "R", "person_ref": "P1", "direction": "out", "agency_kind": "nrm",
                       "made_at": "2026-04-25T09:00"}],
        "orders": [{"order_ref": code, "order_code": code, "served_on": served_on, "person_ref": "P1", "made_at": "2026-05-01"}
                   for code, served_on in (("SECURE", "child"), ("PPP", "child"), ("CPN", "child"), ("CAWN", "suspect"))],
    }  # fmt: skip
    return Return(**whole | more)


@pytest.fixture(scope="module")
def engine():
    with ExpressionEngine() as opened:
        yield opened


@pytest.fixture(scope="module")
def found(engine):
    return facts_of(engine, return_with(), *FACT_NAMES)


@pytest.fixture(scope="module")
def unsure(engine):
    """Nobody says that every consideration, account and person was sent, and there are no referrals."""
    kinds = dict.fromkeys(KINDS, False)
    return facts_of(engine, return_with(kinds=kinds, not_complete=("involvements",), referrals=[]), *FACT_NAMES)


def values_by_crime(rows, name):
    return {row["crime_ref"]: row[name] for row in rows["child_suspect"]}


def test_the_window_opens_with_the_first_offence_against_the_child(found):
    """The offence against the child was on 2 April: one of 1 April is outside, those from 20 April on are within."""
    within_window = {"first": True, "late": True, "never": True, "referred": True, "open": True, "before": False}
    assert values_by_crime(found, "victim_then") == within_window


def test_what_was_considered_after_the_decision_was_not_considered_first(engine):
    rows = facts_of(engine, return_with(referrals=[]), "child_suspect")
    assert values_by_crime(rows, "considered_first") == {
        "first": True, "late": False, "never": False, "referred": False, "open": False, "before": False,
    }  # fmt: skip


def test_a_referral_between_report_and_decision_counts_as_considered(found):
    """Made on 25 April: after every report, before every decision of 20 May; an open case has none yet."""
    considered = values_by_crime(found, "considered_first")
    assert (considered["never"], considered["referred"], considered["open"]) == (True, True, None)


def test_where_not_every_step_was_sent_it_is_not_known_that_nothing_was_considered(unsure):
    considered = values_by_crime(unsure, "considered_first")
    assert (considered["first"], considered["late"], considered["never"]) == (True, False, None)


def test_what_came_of_it_and_of_what_it_was(found):
    row = only_row(found["child_suspect"], crime_ref="referred")
    assert (row["outcome_family"], row["pending"], row["offence_family"]) == ("out_of_court", False, "other")
    assert only_row(found["child_suspect"], crime_ref="open")["pending"] is True


def test_a_child_victim_is_a_suspect_too_or_surely_is_none_only_where_everybody_was_sent(found, unsure):
    assert sorted(str(row["suspect_too"]) for row in found["victim_as_child"]) == ["False", "True"]
    assert sorted(str(row["suspect_too"]) for row in unsure["victim_as_child"]) == ["None", "True"]


def test_a_child_whose_case_was_decided_without_a_thought_of_exploitation_is_told_apart_from_one_who_is_accused(
    engine, found
):
    """The referral of 25 April speaks for the three cases of May that came after it but for the one it is later than:
    none of the theft cases was reported after it, so each counts as considered. Without it two were not."""
    unconsidered = {row["unconsidered"] for row in found["victim_as_child"] if row["suspect_too"]}
    assert unconsidered == {False}
    without_referrals = facts_of(engine, return_with(referrals=[]), "victim_as_child")["victim_as_child"]
    assert {row["unconsidered"] for row in without_referrals if row["suspect_too"]} == {True}


def test_a_case_that_ended_without_support_shows_what_is_on_record_of_the_child(found):
    row = only_row(found["child_victim"], crime_ref="V")
    vulnerabilities = ("unsupported", "in_care", "disabled", "went_missing", "suspect_too", "circumstance_known")
    assert tuple(row[name] for name in vulnerabilities) == (True, True, False, True, True, True)
    assert only_row(found["child_victim"], crime_ref="W")["circumstance_known"] is False


def test_an_account_is_on_record_or_surely_is_not_only_where_all_were_sent(found, unsure):
    accounts = {row["crime_ref"]: row["account_recorded"] for row in found["child_victim"]}
    assert accounts == {"V": False, "W": True}
    accounts = {row["crime_ref"]: row["account_recorded"] for row in unsure["child_victim"]}
    assert accounts == {"V": None, "W": True}


def test_what_was_used_on_a_child_burdens_it_or_protects_it(found):
    rows = {row["record_ref"]: (row["burdens"], row["secure"]) for row in found["order_on_child"]}
    assert rows == {"SECURE": (True, True), "PPP": (False, False), "CPN": (True, False)}
