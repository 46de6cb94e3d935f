"""What is known of forces' profiles, of groups, reports, assessments and missing episodes?"""

import pyarrow as pa
import pytest
from tiny import Return, facts_of, only_row

from assay.engine import ExpressionEngine

GROUPS = [
    {"group_ref": "now", "group_kind": "network", "mapped_on": "2026-05-01"},
    {"group_ref": "over", "group_kind": "gang", "mapped_on": "2025-05-01", "ended_on": "2026-03-31"},
    {"group_ref": "later", "group_kind": "gang", "mapped_on": "2026-07-01"},
    {"group_ref": "undated", "group_kind": "network"},
]
MEMBERS = [
    {"group_ref": "now", "person_ref": person, "member_role": role}
    for person, role in (("P1", "offender"), ("P2", "offender"), ("P3", "offender"), ("P4", "victim"))
]
NAMED_PERSON = {"role": "nominal", "forenames": "Rowan", "surname": "Example", "date_of_birth": "2009-08-01"}
PEOPLE = [
    {**NAMED_PERSON, "involvement_ref": "I1", "person_ref": "P1"},
    {**NAMED_PERSON, "involvement_ref": "I2", "person_ref": "P2"},
    {"involvement_ref": "I4", "person_ref": "P4", "role": "nominal", "date_of_birth": "2011-08-01"},
]


@pytest.fixture(scope="module")
def engine():
    with ExpressionEngine() as opened:
        yield opened


@pytest.fixture(scope="module")
def found(engine):
    data = Return(
        groups=GROUPS, group_members=MEMBERS, involvements=PEOPLE,
        reports=[{"report_ref": "R1", "received_at": "2026-04-01T00:00"},
                 {"report_ref": "R2", "received_at": "2026-05-01"}],
        report_crimes=[{"report_ref": "R1", "crime_ref": ref} for ref in ("1", "2")],
        assessments=[{"assessment_ref": "A1", "person_ref": "P4", "assessed_at": "2026-07-31", "tool": "SERAF"}],
        missing=[{"missing_ref": "M1", "person_ref": "P4", "started_at": "2026-06-01T20:00"}],
        profiles=[],
    )  # fmt: skip
    return facts_of(engine, data, "group", "report", "assessment", "missing_episode")


def test_two_numbers_of_one_person_are_one_offender(found):
    """P1 and P2 bear the same names and date of birth."""
    row = only_row(found["group"], record_ref="now")
    assert (row["offenders"], row["facilitators"], row["victims"]) == (2, 0, 1)


def test_a_group_is_active_if_mapped_before_the_period_ends_and_not_given_up_before_it_begins(found):
    active = {row["record_ref"]: row["active_in_period"] for row in found["group"]}
    assert active == {"now": True, "over": False, "later": False, "undated": None}


def test_a_report_counts_the_crimes_that_it_led_to(found):
    crimes = {row["record_ref"]: (row["crimes"], row["in_period"], row["n100_made"]) for row in found["report"]}
    assert crimes == {"R1": (2, True, False), "R2": (0, True, False)}


def test_a_child_is_as_old_as_the_record_of_their_number_says(found):
    """Born on 1 August 2011: 14 on 31 July 2026, and on 1 June."""
    assert only_row(found["assessment"], record_ref="A1")["age_when_assessed"] == 14
    episode = only_row(found["missing_episode"], record_ref="M1")
    assert (episode["age_at_start"], episode["returned"]) == (14, False)


def profile(published, section):
    return {"profile_ref": f"{published}", "published_on": published, "has_group_section": section}


@pytest.mark.parametrize(
    ("profiles", "complete", "current", "with_groups"),
    [
        ([profile("2025-08-04", True)], True, True, True),  # eleven months and 30 days at extraction, 3 August 2026
        ([profile("2025-08-03", True)], True, False, False),  # twelve months
        ([profile("2026-01-01", False)], True, True, False),
        ([profile("2026-01-01", None)], True, True, None),
        ([profile("2026-01-01", False), profile("2025-12-01", True)], True, True, True),
        ([], True, False, False),
        ([profile("2024-01-01", True)], False, None, None),  # a newer one may be there
    ],
)
def test_a_profile_is_current_for_twelve_months(engine, profiles, complete, current, with_groups):
    from assay.facts import force_facts, inferred_absence

    data = Return(profiles=profiles, not_complete=() if complete else ("profiles",))
    tables = {name: engine.table(name, rows) for name, rows in data.tables().items()}
    tables["work_answers"], tables["work_extraction"] = (
        inferred_absence.supply_indicators(tables),
        inferred_absence.extraction_by_table(tables),
    )
    row = engine.run(force_facts.force_facts(tables)).to_pylist()[0]
    assert (row["profile_current"], row["profile_current_with_groups"]) == (current, with_groups)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-08-03T00:30", "2026-08-03"),  # half past eleven on the day before, in UTC
        ("2026-08-02T23:59", "2026-08-02"),
        ("2026-12-03T00:00", "2026-12-03"),
        ("2026-12-02T23:59", "2026-12-02"),
    ],
)
def test_the_day_of_the_extraction_is_the_day_in_london(engine, moment, day):
    from assay.facts.inferred_absence import extraction_by_table

    data = Return(extracted=moment)
    tables = {name: engine.table(name, rows) for name, rows in data.tables().items()}
    assert {str(row["extracted_day"]) for row in engine.run(extraction_by_table(tables)).to_pylist()} == {day}


EPISODES = [  # of P1 three, sent in no order; of P2 one; of nobody one
    ("M3", "P1", "2026-06-01"), ("M1", "P1", "2026-04-01"), ("M2", "P1", "2026-05-01"), ("M4", "P2", "2026-05-01"),
    ("M5", None, "2026-05-01"),
]  # fmt: skip


def planned(engine, *plans, sure=True, episode_rows=EPISODES):
    """`number_of_child` and `planned_after` by episode; a plan: (child, episode, day)."""
    from assay.facts.reports_and_episodes import add_trigger_plans

    episodes = [
        {
            "force_code": "INV01",
            "missing_ref": ref,
            "person_ref": person_ref,
            "person_id": person_ref,
            "started_day": day,
        }
        for ref, person_ref, day in episode_rows
    ]
    steps = [
        {
            "force_code": "INV01",
            "kind": "trigger_plan_made",
            "person_ref": person_ref,
            "missing_ref": ref,
            "starts_day": day,
        }
        for person_ref, ref, day in (*plans, ("P9", "M9", "2026-01-01"))
    ]
    tables = {name: engine.table(name, pa.Table.from_pylist(rows)) for name, rows in (("e", episodes), ("s", steps))}
    completeness_rows = [{"force_code": "INV01", "no_trigger_plan_made_is_no": sure}]
    plan_tables = [
        {"force_code": "INV01", "missing_ref": ref, "started_at": day, "started_at_last": day}
        for ref, _, day in episode_rows
    ]
    missing = engine.table("m", pa.Table.from_pylist(plan_tables)).cast(
        {"started_at": "timestamp", "started_at_last": "timestamp"}
    )
    engine_tables = {"work_answers": engine.table("a", pa.Table.from_pylist(completeness_rows)), "missing": missing}
    days = {name: tables[name].cast({day: "date"}) for name, day in (("e", "started_day"), ("s", "starts_day"))}
    rows = engine.run(add_trigger_plans(days["e"], engine_tables, days["s"])).to_pylist()
    return {row["missing_ref"]: (row["number_of_child"], row["planned_after"]) for row in rows}


def test_episodes_of_a_child_are_numbered_by_their_days(engine):
    numbers = {ref: number for ref, (number, _) in planned(engine).items()}
    assert numbers == {"M1": 1, "M2": 2, "M3": 3, "M4": 1, "M5": None}


def test_a_plan_counts_for_episodes_that_began_by_the_day_on_which_it_was_made(engine):
    """Made on the day of the second episode: there after the first and the second, not yet after the third."""
    found = planned(engine, ("P1", None, "2026-05-01"))
    assert [found[ref][1] for ref in ("M1", "M2", "M3", "M4")] == [True, True, False, False]


def test_a_plan_may_name_the_episode_alone(engine):
    assert planned(engine, (None, "M3", "2026-06-02"))["M3"] == (3, True)


def test_without_every_plan_or_without_the_child_it_is_not_known_that_there_is_none(engine):
    assert planned(engine, sure=False)["M3"] == (3, None)
    assert planned(engine)["M5"] == (None, None)


def test_where_the_day_of_one_episode_is_not_known_none_of_the_child_has_a_number(engine):
    found = planned(engine, episode_rows=[*EPISODES, ("M6", "P2", None)])
    assert [found[ref][0] for ref in ("M4", "M6", "M3")] == [None, None, 3]
