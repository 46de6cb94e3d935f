"""What takes a duty out of a count, and what comes too late to do so?"""

import pytest
from record_rows import arrest, crime, event, notice, suspect, victim
from tiny import Return, facts_of, only_row

from assay.engine import ExpressionEngine

ARRESTED = "2026-04-20T10:00"  # a Monday: one working day is over with Tuesday 21 April
# Case: the agreements on contact (when, what), and whether a wish for no contact was in force at the arrest.
WISHES = {
    "before": ([("2026-04-20T09:30", "no_contact_wished")], True),
    "after": ([("2026-04-22T09:30", "no_contact_wished")], False),
    "same day": ([("2026-04-20", "no_contact_wished")], None),
    "taken back": ([("2026-04-20T09:30", "no_contact_wished"), ("2026-04-20T09:45", "monthly")], False),
    "order open": ([("2026-04-19", "no_contact_wished"), ("2026-04-19T12:00", "monthly")], None),
    "asked twice": ([("2026-04-19", "no_contact_wished"), ("2026-04-19T12:00", "no_contact_wished")], True),
    "never": ([], False),
}
# Case: when cancelled, when told of the arrest, and whether the cancelling excuses.
CANCELLED = {
    "in time": ("2026-04-21T15:00", None, True),
    "too late": ("2026-04-22T00:01", None, False),
    "after it was told": ("2026-04-21T15:00", "2026-04-21T10:00", False),
    "told all the same, late": ("2026-04-21T15:00", "2026-04-23T10:00", True),
    "not cancelled": (None, None, False),
}
BACK = "2026-05-01T10:00"  # 72 hours are over on 4 May at 10:00
# Episode: when refused, when held, and whether the refusal excuses.
REFUSED = {
    "at the last minute": ("2026-05-04T10:00", None, True),
    "a minute too late": ("2026-05-04T10:01", None, False),
    "held all the same": ("2026-05-02T10:00", "2026-05-03T10:00", False),
    "on the last day": ("2026-05-04", None, True),
    "silent": (None, None, False),
}


def return_with_wishes(refusals=True):
    crimes, people, events, missing = [], [], [], []
    for case, (agreements, _) in WISHES.items():
        crimes.append(crime(case))
        events += [
            event("contact_agreement_recorded", recorded_at, case, detail=agreement)
            for recorded_at, agreement in agreements
        ]
    for case, (cancelled, notice_at, _) in CANCELLED.items():
        crimes.append(crime(case, cancelled_at=cancelled))
        events += [notice(notice_at, case, f"a {case}")] if notice_at else []
    for row in crimes:
        case = row["crime_ref"]
        people += [victim(f"v {case}", case), suspect(f"s {case}", case)]
        events.append(arrest(f"a {case}", ARRESTED, case))
    for case, (refused, done, _) in REFUSED.items():
        missing.append({"missing_ref": case, "person_ref": "child", "started_at": "2026-04-30T10:00", "ended_at": BACK})
        if refused and refusals:
            events.append(event("return_interview_declined", refused, missing_ref=case))
        events += [event("return_interview_completed", done, missing_ref=case)] if done else []
    kinds = dict.fromkeys(
        ("suspect_arrested", "victim_informed", "return_interview_completed", "needs_assessment_recorded"), True
    ) | {"contact_agreement_recorded": False}  # fmt: skip
    kinds |= {"return_interview_declined": True} if refusals else {}
    return Return(kinds=kinds, crimes=crimes, involvements=people, events=events, missing=missing)


@pytest.fixture(scope="module")
def duties():
    with ExpressionEngine() as engine:
        yield facts_of(engine, return_with_wishes(), "duty")["duty"]


def arrest_duty(duties, case):
    return only_row(duties, record_ref=f"vc6_arrest_enh:a {case}:v {case}")


@pytest.mark.parametrize("case", WISHES)
def test_a_wish_for_no_contact_excuses_only_if_it_was_in_force_when_the_duty_began(duties, case):
    assert arrest_duty(duties, case)["no_contact_wished"] is WISHES[case][1]


@pytest.mark.parametrize("case", CANCELLED)
def test_a_cancelled_crime_excuses_only_what_was_still_owed_in_time(duties, case):
    assert arrest_duty(duties, case)["crime_cancelled"] is CANCELLED[case][2]


def test_where_no_number_is_set_a_crime_cancelled_at_any_time_excuses(duties):
    assert only_row(duties, record_ref="vc4_needs:too late:v too late")["crime_cancelled"] is True


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_excuses_only_before_the_72_hours_have_passed(duties, case):
    assert only_row(duties, record_ref=f"rhi72:{case}")["declined"] is REFUSED[case][2]


def test_where_refusals_are_not_sent_an_interview_that_was_not_held_did_not_happen():
    with ExpressionEngine() as engine:
        found = facts_of(engine, return_with_wishes(refusals=False), "duty")["duty"]
    silent = only_row(found, record_ref="rhi72:silent")
    assert (silent["state"], silent["declined"]) == ("did not happen", False)
