"""Facts are the same whatever references are called: in a bundle they are codes, whose order is by chance."""

import pytest
from coded_references import as_in_a_bundle
from tiny import FORCE, Return, facts_on, only_row, tables_held

from assay.engine import ExpressionEngine

NAMES = ("record_ref", "crime_ref", "report_ref", "missing_ref", "person_ref", "involvement_ref", "assessment_ref",
         "about_ref", "group_ref", "exhibit_ref", "approach_ref", "person_id", "entry", "approach")  # fmt: skip
"""Columns of facts that name a record or a person, or that a bundle leaves out."""
CRIME = {
    "scope_reason": "core_offence",
    "offence_code": "13",
    "reported_at": "2026-04-10T10:00",
    "recorded_at": "2026-04-10T12:00",
}
LINE = {"crime_ref": "C1", "happened_at": "2026-04-12T09:00"}
PROFILE = {"published_on": "2026-04-01"}
CLAIM = {"about_kind": "groups", "said_on": "2026-05-01"}
ABSENT_PERSON = {"person_ref": "P1"}
DATA = Return(
    crimes=[{**CRIME, "crime_ref": "C1", "closed_at": "2026-06-01", "outcome_code": "15", "outcome_at": "2026-06-01"}],
    involvements=[
        {"involvement_ref": "V1", "crime_ref": "C1", "person_ref": "P1", "role": "victim", "date_of_birth": "2012-01-05"},
        {"involvement_ref": "S1", "crime_ref": "C1", "person_ref": "P2", "role": "suspect", "suspect_known_as": "named"},
        {"involvement_ref": "S2", "crime_ref": "C1", "person_ref": "P3", "role": "suspect", "suspect_known_as": "named"},
    ],
    # The line of enquiry was sent twice (rule R46), and each closing names the one or the other.
    events=[
        {**LINE, "event_ref": "E1", "kind": "line_of_enquiry_raised"},
        {**LINE, "event_ref": "E2", "kind": "line_of_enquiry_raised"},
        {**LINE, "event_ref": "E3", "kind": "line_of_enquiry_closed", "happened_at": "2026-04-20T09:00", "about_event_ref": "E2"},
        # Two arrests from one moment on, of the one the hour is not known; one notice names neither.
        {**LINE, "event_ref": "E5", "kind": "suspect_arrested", "happened_at": "2026-04-14", "involvement_ref": "S1"},
        {**LINE, "event_ref": "E6", "kind": "suspect_arrested", "happened_at": "2026-04-14T00:00", "involvement_ref": "S2"},
        {**LINE, "event_ref": "E7", "kind": "victim_informed", "happened_at": "2026-04-14T19:00", "involvement_ref": "V1",
         "detail": "suspect_arrested"},
        {"event_ref": "E4", "kind": "trigger_plan_made", "happened_at": "2026-05-05T21:00", "person_ref": None, "missing_ref": "M2"},
    ],
    # Two profiles of one day, and two claims: the later line of the file was entered last.
    profiles=[
        {**PROFILE, "profile_ref": "R2", "has_group_section": False, "data_from": "2025-01-01", "data_to": "2026-01-01"},
        {**PROFILE, "profile_ref": "R1", "has_group_section": True, "data_from": "2025-07-01", "data_to": "2026-01-01"},
    ],
    profile_sources=[],
    claims=[
        {**CLAIM, "claim_ref": "K2", "claimed_status": "none_exist"},
        {**CLAIM, "claim_ref": "K1", "claimed_status": "exist"},
    ],
    # The child's second and third time missing began on one day; the fifth and sixth on another, without an hour.
    missing=[
        {**ABSENT_PERSON, "missing_ref": "M4", "started_at": "2026-05-01T20:00"},
        {**ABSENT_PERSON, "missing_ref": "M3", "started_at": "2026-05-05T08:00"},
        {**ABSENT_PERSON, "missing_ref": "M2", "started_at": "2026-05-05T20:00"},
        {**ABSENT_PERSON, "missing_ref": "M5", "started_at": "2026-05-09"},
        {**ABSENT_PERSON, "missing_ref": "M6", "started_at": "2026-05-12"},
        {**ABSENT_PERSON, "missing_ref": "M7", "started_at": "2026-05-12T10:00"},
    ],
    flags=[], reports=[], referrals=[],
    kinds={"line_of_enquiry_raised": True, "line_of_enquiry_closed": True, "trigger_plan_made": True,
           "suspect_arrested": True, "victim_informed": True},
)  # fmt: skip


def facts_of(tables):
    with ExpressionEngine() as engine:
        found = facts_on(engine, tables_held(engine, tables))
        return {name: engine.run(rows).to_pylist() for name, rows in found.items()}


@pytest.fixture(scope="module")
def full():
    return facts_of(DATA.tables())


@pytest.fixture(scope="module")
def coded():
    return facts_of(as_in_a_bundle(DATA.tables(), FORCE))


def without_names(rows):
    return sorted(str({name: value for name, value in row.items() if name not in NAMES}) for row in rows)


def test_no_fact_rests_on_the_order_of_references(full, coded):
    assert [name for name in full if without_names(full[name]) != without_names(coded[name])] == []


def test_times_missing_are_numbered_by_the_hour_and_not_numbered_where_the_order_is_not_known(full):
    numbers = {row["missing_ref"]: row["number_of_child"] for row in full["missing_episode"]}
    assert numbers == {"M4": 1, "M3": 2, "M2": 3, "M5": 4, "M6": None, "M7": None}


def test_a_line_of_enquiry_that_was_sent_twice_is_closed_by_either_reference(full):
    assert only_row(full["investigation"], crime_ref="C1")["lines_ended"] is True


def test_of_two_profiles_or_claims_of_one_day_the_last_line_of_the_file_holds(full):
    force = only_row(full["force"], force_code=FORCE)
    assert force["profile_window_days"] == 184  # 1 July 2025 to 1 January 2026: 31 + 31 + 30 + 31 + 30 + 31
