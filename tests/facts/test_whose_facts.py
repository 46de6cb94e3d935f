"""Whose is a duty or a referral that names no victim of a crime, and what does the return say of such a child?"""

import pyarrow as pa
import pytest
from record_rows import crime, event, victim
from tiny import Return, facts_on, only_row, tables_held

from assay.engine import ExpressionEngine
from assay.facts.person_roles import LIST_PEOPLE

FACT_NAMES = ("duty", "referral", "flag", "report", "person_described", "missing_episode")
KINDS = (
    "reasonable_cause_significant_harm", "strategy_discussion_held", "return_interview_completed",
    "prevention_interview_completed",
)  # fmt: skip
CHILD = {"role": "nominal", "person_ref": "P7", "date_of_birth": "2012-08-01"}
DATA = Return(
    crimes=[crime("1", "2026-04-20T09:00", "2026-04-21T09:00")],
    involvements=[
        victim("V1", "1", sex="F"),
        {**CHILD, "involvement_ref": "N7", "care_status": "not_in_care"},
        {**CHILD, "involvement_ref": "R1", "report_ref": "of one", "role": "subject"},
        {**CHILD, "involvement_ref": "R2", "report_ref": "of two", "role": "subject"},
        {"involvement_ref": "R3", "report_ref": "of two", "role": "subject", "person_ref": "P8"},
        {"involvement_ref": "R4", "report_ref": "of one", "role": "suspect", "person_ref": "P9"},
        # The same child in another list: what one entry leaves empty the other says, and of care they differ.
        {**CHILD, "involvement_ref": "N8", "sex": "M", "care_status": "care_leaver", "ethnicity_officer": "IC9"},
    ],
    missing=[{"missing_ref": "M7", "person_ref": "P7", "started_at": "2026-05-01T20:00", "ended_at": "2026-05-02T08:00"}],
    referrals=[
        {"referral_ref": "of a number", "direction": "in", "agency_kind": "school", "made_at": "2026-05-01", "person_ref": "P7"},
        {"referral_ref": "of an episode", "direction": "in", "agency_kind": "school", "made_at": "2026-05-01", "missing_ref": "M7"},
        {"referral_ref": "of nobody", "direction": "in", "agency_kind": "school", "made_at": "2026-05-01"},
    ],
    flags=[{"flag_ref": "on the child", "flag": "cse_risk_child", "added_at": "2026-05-02", "person_ref": "P7"},
           {"flag_ref": "on the episode", "flag": "cse", "added_at": "2026-05-02", "missing_ref": "M7"},
           {"flag_ref": "on the crime", "flag": "cse", "added_at": "2026-05-02", "crime_ref": "1"}],
    reports=[{"report_ref": ref, "received_at": "2026-05-01T10:00"} for ref in ("of one", "of two", "of nobody")],
    agencies=[{"entry_ref": "L1", "list_kind": "school", "sex": "F", "started_on": "2026-04-05"}],
    events=[event("reasonable_cause_significant_harm", "2026-05-03T10:00", person_ref="P7")],
    kinds=dict.fromkeys(KINDS, True),
)  # fmt: skip


@pytest.fixture(scope="module")
def found():
    listed = pa.table({"force_code": ["INV01"], "entry_ref": ["L1"], "person_id": ["from a list"]})
    with ExpressionEngine() as engine:
        tables = tables_held(engine, DATA.tables()) | {LIST_PEOPLE: engine.table(LIST_PEOPLE, listed)}
        facts = facts_on(engine, tables, FACT_NAMES)
        return {name: engine.run(facts[name]).to_pylist() for name in FACT_NAMES}


@pytest.fixture(scope="module")
def child(found):
    return only_row(found["missing_episode"], record_ref="M7")["person_id"]


@pytest.mark.parametrize("family", ["return interview", "prevention interview", "strategy discussion"])
def test_a_duty_to_a_child_or_about_an_episode_is_of_that_child(found, child, family):
    rows = [row for row in found["duty"] if row["family"] == family]
    assert [row["person_id"] for row in rows] == [child] * len(rows) != []
    assert {row["missing_ref"] for row in rows} == {None if family == "strategy discussion" else "M7"}


def test_a_duty_on_a_crime_is_of_no_one_person(found):
    assert {row["person_id"] for row in found["duty"] if row["family"] == "recorded"} == {None}


def test_a_referral_is_of_the_child_by_number_or_by_episode(found, child):
    assert {row["record_ref"]: row["person_id"] for row in found["referral"]} == {
        "of a number": child, "of an episode": child, "of nobody": None,
    }  # fmt: skip


def test_a_person_is_described_by_all_entries_and_by_none_where_they_differ(found, child):
    row = only_row(found["person_described"], person_id=child)
    assert (row["as_victim"], row["sex_group"], row["care_status_group"]) == (False, "male", "more than one")
    assert (row["age_band"], row["disability_group"], row["ethnicity_officer_group"]) == (None, None, None)
    assert only_row(found["person_described"], as_victim=True)["sex_group"] == "female"


def test_a_flag_is_of_the_child_it_is_on_and_a_report_of_the_only_person_it_is_about(found, child):
    assert {row["record_ref"]: (row["person_id"], row["crime_ref"]) for row in found["flag"]} == {
        "on the child": (child, None), "on the episode": (child, None), "on the crime": (None, "1"),
    }  # fmt: skip
    assert {row["record_ref"]: row["person_id"] for row in found["report"]} == {
        "of one": child, "of two": None, "of nobody": None,
    }  # fmt: skip


def test_a_child_whom_a_list_alone_knows_is_described_by_its_sex_alone(found):
    row = only_row(found["person_described"], person_id="from a list")
    assert (row["sex_group"], row["as_victim"], row["care_status_group"]) == ("female", False, None)
