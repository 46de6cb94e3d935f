"""When was a child's exploitation first marked, what had come before, and which marks were taken away?

The period is April to June 2026; everything is read out on 3 August.
"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from record_rows import crime, suspect, victim
from tiny import FORCE, Return, facts_of, only_row

from assay.engine import ExpressionEngine


def flag(ref, added="2026-05-10", **more):
    return {"flag_ref": ref, "flag": "cse", "added_at": added, **more}


def missing(ref, person, day):
    return {"missing_ref": ref, "person_ref": person, "started_at": f"{day}T20:00"}


@pytest.fixture(scope="module")
def found():
    data = Return(
        crimes=[crime("1", "2026-05-01T09:00", "2026-05-01T12:00"), crime("2"), crime("3", offence_code="71"), crime("4")],
        involvements=[
            victim("LATE", "1"), suspect("S", "1"), victim("NONE", "2"), victim("NAMED", "3"),
            victim("GROWN", "4", born="1980-01-01"),
            {"involvement_ref": "M", "role": "nominal", "person_ref": "NRISK", "date_of_birth": "2011-01-01"},
        ],
        missing=[
            missing("M1", "NLATE", "2026-04-02"), missing("M2", "NLATE", "2026-04-20"),
            missing("M3", "NLATE", "2026-05-10"), missing("M4", "NRISK", "2026-06-01"),
        ],
        referrals=[
            {"referral_ref": "R1", "direction": "in", "agency_kind": "education", "person_ref": "NRISK", "made_at": "2026-04-11"},
            {"referral_ref": "R2", "direction": "out", "agency_kind": "health", "person_ref": "NRISK", "made_at": "2026-04-01"},
        ],
        flags=[
            flag("F1", crime_ref="1", removed_at="2026-06-02", removed_by_role="supervisor", removed_reason="error"),
            flag("F2", crime_ref="4"),
            flag("F3", "2026-04-21", person_ref="NRISK", flag="cse_risk_child"),
            flag("F4", "2026-05-01", crime_ref="2", flag="csa"),
            flag("F5", "2025-01-01", crime_ref="4", removed_at="2026-03-31"),
            flag("F6", "2026-07-05", crime_ref="1", flag="group_cse", removed_at="2026-07-06"),
        ],
        forces=(FORCE,),
    )  # fmt: skip
    with ExpressionEngine() as engine:
        rows = facts_of(engine, data, "flag", "flagged_child", "person")
    person_by_involvement = {row["involvement_ref"]: row["person_id"] for row in rows["person"]}
    children = {row["person_id"]: row for row in rows["flagged_child"]}
    return {
        "flag": rows["flag"],
        "child": {name: children.get(person_id) for name, person_id in person_by_involvement.items()},
    }


def test_a_child_is_flagged_days_after_the_first_missing_episode_and_episodes_of_that_day_are_not_before_it(found):
    """2 April to 10 May is 38 days; the third episode began on the day of the flag."""
    late = found["child"]["LATE"]
    assert (late["flagged"], late["days_to_flag"], late["episodes_before_flag"]) == (True, 38, 2)


def test_a_partner_reports_a_child_ten_days_before_the_flag_and_what_the_police_send_out_is_no_sign(found):
    risk = found["child"]["M"]
    assert (risk["days_to_flag"], risk["episodes_before_flag"], risk["in_base"]) == (10, 0, True)


def test_who_is_marked_by_the_title_of_the_offence_alone_waits_still(found):
    """From the report of 20 April to the day of extraction, 3 August, are 105 days."""
    named_child = found["child"]["NAMED"]
    assert (named_child["flagged"], named_child["days_to_flag"], named_child["days_seen"]) == (False, None, 105)


def test_a_flag_of_abuse_an_adult_and_a_suspect_make_no_flagged_child(found):
    assert found["child"]["NONE"] is found["child"]["GROWN"] is found["child"]["S"] is None


@pytest.mark.parametrize(
    ("ref", "base", "removed", "in_period"),
    [("F1", True, True, True), ("F2", True, False, False), ("F4", False, False, False), ("F5", False, True, False),
     ("F6", False, True, False)],
)  # fmt: skip
def test_a_flag_that_stood_in_the_period_is_in_the_base_and_taken_away_in_it_or_not(
    found, ref, base, removed, in_period
):
    row = only_row(found["flag"], record_ref=ref)
    assert (row["in_base"], row["removed"], row["removed_in_period"]) == (base, removed, in_period)
