"""Waits within a limit, children removed and moved down apart, group crimes apart, and exploited children apart."""

import pytest
from record_rows import crime, event, suspect, victim
from tiny import Return, facts_of, only_row

from assay.engine import ExpressionEngine
from assay.indicators import indicator_catalogue
from assay.indicators.plain_evaluator import plain_answer

EXTRACTED = "2027-06-01T06:00"
"""407 days after 20 April 2026, 335 days after 1 July 2026."""
SENT_KINDS = ("device_seized", "device_examined", "suspect_charged", "charge_decision", "transfer_accepted",
              "suspect_rui", "suspect_nfa_decided", "suspect_released_no_charge", "line_of_enquiry_raised",
              "line_of_enquiry_closed")  # fmt: skip


@pytest.fixture(scope="module")
def engine():
    with ExpressionEngine() as opened:
        yield opened


def answer(key, row):
    return plain_answer(indicator_catalogue.find_form(key), row)[0]


def device(ref, seized_on, examined=None):
    events = [event("device_seized", f"{seized_on}T09:00", ref, exhibit_ref=f"X{ref}")]
    if examined:
        events.append(event("device_examined", f"{examined}T09:00", ref, exhibit_ref=f"X{ref}"))
    return {"exhibit_ref": f"X{ref}", "crime_ref": ref, "item_kind": "phone", "taken_from": "suspect"}, events


DEVICES = {
    "read in a week": ("2026-04-20", "2026-04-27"),
    "read on the last day": ("2026-04-20", "2027-04-20"),
    "read a day late": ("2026-04-20", "2027-04-21"),
    "never read": ("2026-04-20",),
    "closed unread": ("2026-04-20",),
    "read, then closed": ("2026-04-20", "2026-04-27"),
    "taken in July": ("2026-07-01",),
    "taken in July, read at once": ("2026-07-01", "2026-07-02"),
}


@pytest.fixture(scope="module")
def devices(engine):
    found = {name: device(name, *days) for name, days in DEVICES.items()}
    ended = {"outcome_code": "16", "outcome_at": "2026-09-01T12:00", "closed_at": "2026-09-01"}
    crimes = [crime(name, **(ended if "closed" in name else {"outcome_code": "NOA"})) for name in found]
    whole = {
        "crimes": crimes,
        "exhibits": [item for item, _ in found.values()],
        "events": [row for _, rows in found.values() for row in rows],
        "involvements": [victim(f"V{name}", name) for name in found],
    }
    force_return = Return(kinds=dict.fromkeys(SENT_KINDS, True), extracted=EXTRACTED, **whole)
    part = Return(kinds=dict.fromkeys(SENT_KINDS, False), extracted=EXTRACTED, **whole)
    return [
        {row["crime_ref"]: answer("device_examined_in_365_days", row) for row in rows["device"]}
        for rows in (facts_of(engine, force_return, "device"), facts_of(engine, part, "device"))
    ]


def test_a_device_that_waits_over_a_year_is_not_examined_in_time(devices):
    answers, _ = devices
    assert answers["read in a week"] == answers["read on the last day"] == answers["read, then closed"] == "met"
    assert answers["read a day late"] == answers["never read"] == "not met"


def test_a_device_that_was_not_followed_for_a_year_is_left_out_whether_it_was_read_or_not(devices):
    """The quick ones alone would make any force look good."""
    answers, _ = devices
    assert answers["taken in July"] == answers["taken in July, read at once"] == "left out"


def test_a_crime_that_is_closed_first_ends_the_wait_and_is_counted_apart(devices):
    assert devices[0]["closed unread"] == "left out"


def test_that_a_device_was_never_read_is_not_known_where_not_every_examination_was_sent(devices):
    _, answers = devices
    assert answers["read in a week"] == "met"
    assert answers["never read"] in ("not known", "not known if counted")


RELEASED = {
    "decided in 180 days": ("2026-05-01", "2026-10-28"),
    "decided a day later": ("2026-05-01", "2026-10-29"),
    "never decided": ("2026-05-01", None),
    "released lately": ("2027-01-01", "2027-01-02"),
}


def test_a_suspect_waits_no_longer_than_half_a_year_for_a_decision(engine):
    events = [
        event("suspect_rui", f"{day}T09:00", name, involvement_ref=f"S{name}") for name, (day, _) in RELEASED.items()
    ]
    events += [event("suspect_nfa_decided", f"{day}T09:00", name, involvement_ref=f"S{name}")
               for name, (_, day) in RELEASED.items() if day]  # fmt: skip
    force_return = Return(kinds=dict.fromkeys(SENT_KINDS, True), extracted=EXTRACTED,
                  crimes=[crime(name, outcome_code="NOA") for name in RELEASED],
                  involvements=[suspect(f"S{name}", name) for name in RELEASED], events=events)  # fmt: skip
    rows = facts_of(engine, force_return, "pursuit")["pursuit"]
    assert {row["crime_ref"]: answer("released_decided_in_180_days", row) for row in rows} == {
        "decided in 180 days": "met", "decided a day later": "not met", "never decided": "not met",
        "released lately": "left out",
    }  # fmt: skip


def test_a_partner_waits_no_longer_than_four_weeks_for_an_answer(engine):
    days = {"soon": "2026-05-29", "late": "2026-05-30", "never": None}
    rows = [{"referral_ref": name, "direction": "in", "agency_kind": "school", "made_at": "2026-05-01",
             "answered_at": day} for name, day in days.items()]  # fmt: skip
    rows.append({**rows[0], "referral_ref": "just sent", "made_at": "2027-05-20", "answered_at": "2027-05-21"})
    found = facts_of(engine, Return(referrals=rows, extracted=EXTRACTED), "referral")["referral"]
    answers = {row["record_ref"]: answer("referral_answered_in_28_days", row) for row in found}
    assert answers == {
        "soon": "met",
        "late": "not met",
        "never": "not met",
        "just sent": "outside",
    }  # not of the period


def test_a_mark_of_the_force_brings_a_referral_into_the_questions_of_2026_and_none_leaves_it_unknown(engine):
    referral = {"direction": "in", "agency_kind": "school", "made_at": "2026-05-01"}
    rows = [
        {**referral, "referral_ref": "answered", "duty_report": True, "answered_at": "2026-05-29"},
        {**referral, "referral_ref": "not answered", "duty_report": True},
        {
            **referral,
            "referral_ref": "online",
            "duty_report": False,
            "online_report": True,
            "safeguarding_followed": True,
        },
        {
            **referral,
            "referral_ref": "no step",
            "duty_report": False,
            "online_report": True,
            "safeguarding_followed": False,
        },
        {**referral, "referral_ref": "no mark"},
    ]
    found = facts_of(engine, Return(referrals=rows, extracted=EXTRACTED), "referral")["referral"]
    duty = {row["record_ref"]: answer("duty_reports_answered", row) for row in found}
    online = {row["record_ref"]: answer("online_reports_safeguarded", row) for row in found}
    assert duty == {"answered": "met", "not answered": "not met", "online": "outside", "no step": "outside",
                    "no mark": "not known if counted"}  # fmt: skip
    assert (online["online"], online["no step"], online["no mark"]) == ("met", "not met", "not known if counted")


def test_the_licensing_authority_is_asked_about_suspects_who_are_marked_as_drivers_for_hire(engine):
    marks = {"told": (True, True), "not told": (True, False), "not a driver": (False, None), "no mark": (None, None)}
    people = [
        suspect(f"S {name}", name, drives_for_hire=drives, licensing_told=licensing_told)
        for name, (drives, licensing_told) in marks.items()
    ]
    force_return = Return(kinds=dict.fromkeys(SENT_KINDS, True), extracted=EXTRACTED,
                          crimes=[crime(name) for name in marks], involvements=people)  # fmt: skip
    rows = facts_of(engine, force_return, "pursuit")["pursuit"]
    assert {row["crime_ref"]: answer("licensing_authority_told", row) for row in rows} == {
        "told": "met", "not told": "not met", "not a driver": "outside", "no mark": "not known if counted",
    }  # fmt: skip


def test_a_crime_of_two_suspects_that_is_closed_with_a_line_open_is_asked_apart(engine):
    closed = {"outcome_code": "16", "outcome_at": "2026-06-01T12:00", "closed_at": "2026-06-01"}
    suspects = {"one": 1, "two": 2, "three": 3}
    crimes = [crime(name, **closed) for name in suspects] + [crime("two are stated", suspect_count_stated=2, **closed)]
    people = [suspect(f"{name}{n}", name) for name, count in suspects.items() for n in range(count)]
    events = [event("line_of_enquiry_raised", "2026-04-25T09:00", row["crime_ref"]) for row in crimes]
    force_return = Return(kinds=dict.fromkeys(SENT_KINDS, True), crimes=crimes, involvements=people, events=events)
    rows = facts_of(engine, force_return, "investigation")["investigation"]
    group = {row["crime_ref"]: answer("group_lines_ended_before_closing", row) for row in rows}
    single = {row["crime_ref"]: answer("lines_ended_before_closing", row) for row in rows}
    assert group == {"one": "outside", "two": "not met", "three": "not met", "two are stated": "not met"}
    assert single == {"one": "not met", "two": "outside", "three": "outside", "two are stated": "outside"}


def test_one_suspect_is_sure_only_where_every_person_was_sent(engine):
    closed = {"outcome_code": "16", "outcome_at": "2026-06-01T12:00", "closed_at": "2026-06-01"}
    line = [event("line_of_enquiry_raised", "2026-04-25T09:00", "one")]
    force_return = Return(kinds=dict.fromkeys(SENT_KINDS, True), not_complete=("involvements",), crimes=[crime("one", **closed)],
                  involvements=[suspect("S", "one")], events=line)  # fmt: skip
    row = only_row(facts_of(engine, force_return, "investigation")["investigation"], crime_ref="one")
    assert answer("group_lines_ended_before_closing", row) == "not known if counted"


def test_children_taken_off_a_list_are_counted_apart_from_those_moved_down():
    spell = {"in_base": True, "removed": True, "lowered": False, "followed_90": True, "back_in_90": True}
    moved = {**spell, "removed": False, "lowered": True}
    keys = ("back_within_90_days", "moved_down_back_within_90_days")
    assert [answer(key, spell) for key in keys] == ["met", "outside"]
    assert [answer(key, moved) for key in keys] == ["outside", "met"]


CHILDREN = {name: {"person_ref": f"P{n}", "forenames": f"Child{n}", "surname": "Example", "date_of_birth": f"2011-02-{n:02}"}
            for n, name in enumerate(("flagged crime", "plain crime", "flag on the child", "nothing"), start=1)}  # fmt: skip


def accused_children(engine, *, not_complete=(), offence_day="2026-05-10"):
    """Four children, each suspected of a theft. Two are victims of a crime reported on 20 May, one flagged; of a third
    there is a flag on the child and a missing episode of 2 May alone; the fourth is no victim and has no flag."""
    offence = {"scope_reason": "core_offence", "offence_code": "13", "outcome_code": "NOA"}
    dated = {"occurred_from": "2026-05-19", "reported_at": "2026-05-20T09:00", "recorded_at": "2026-05-20T10:00"}
    theft = {"scope_reason": "child_as_suspect", "offence_code": "39", "outcome_code": "8", "outcome_at": "2026-06-10T12:00",
             "closed_at": "2026-06-10", "occurred_from": offence_day, "reported_at": "2026-05-21T09:00",
             "recorded_at": "2026-05-21T10:00"}  # fmt: skip
    victims = ("flagged crime", "plain crime")
    crimes = [{"crime_ref": f"V{name}", **offence, **dated} for name in victims]
    crimes += [{"crime_ref": f"T{name}", **theft} for name in CHILDREN]
    people = [
        {"involvement_ref": f"V{name}", "crime_ref": f"V{name}", "role": "victim", **CHILDREN[name]} for name in victims
    ]
    people += [{"involvement_ref": f"T{name}", "crime_ref": f"T{name}", "role": "suspect", "suspect_known_as": "named", **child}
               for name, child in CHILDREN.items()]  # fmt: skip
    people.append({"involvement_ref": "M", "missing_ref": "M", "role": "subject", **CHILDREN["flag on the child"]})
    missing = [{"missing_ref": f"M{n}", "person_ref": CHILDREN[name]["person_ref"], "started_at": "2026-05-02T20:00"}
               for n, name in enumerate(("flagged crime", "flag on the child"))]  # fmt: skip
    flags = [{"flag_ref": "F1", "flag": "cse", "crime_ref": "Vflagged crime", "added_at": "2026-05-20"},
             {"flag_ref": "F2", "flag": "cse_risk_child", "person_ref": "P3", "added_at": "2026-05-15"}]  # fmt: skip
    force_return = Return(kinds={"exploitation_considered": True}, crimes=crimes, involvements=people[:-1], missing=missing, flags=flags,
                  referrals=[], not_complete=not_complete)  # fmt: skip
    return facts_of(engine, force_return, "child_suspect", "victim_as_child")


def test_the_window_of_exploitation_opens_at_the_first_known_sign(engine):
    """The theft was on 10 May: after the missing episode of 2 May, before the crime of 19 May and the flag of 15 May."""
    rows = accused_children(engine)["child_suspect"]
    assert {row["crime_ref"]: row["victim_then"] for row in rows} == {
        "Tflagged crime": True, "Tplain crime": False, "Tflag on the child": True, "Tnothing": False,
    }  # fmt: skip


def test_what_happened_before_any_sign_is_outside_the_window(engine):
    rows = accused_children(engine, offence_day="2026-05-01")["child_suspect"]
    assert not any(row["victim_then"] for row in rows)


def test_the_share_is_of_children_whose_exploitation_is_marked(engine):
    """A child victim of a crime without a flag, and a child with a flag and no crime: the first is outside."""
    rows = accused_children(engine)["victim_as_child"]
    answers = sorted(
        (answer("children_also_suspects", row), answer("children_accused_unconsidered", row)) for row in rows
    )
    assert answers == [("met", "met"), ("met", "met"), ("outside", "outside")]


def test_that_a_child_was_not_exploited_is_sure_only_where_every_flag_was_sent(engine):
    rows = accused_children(engine, not_complete=("flags",))["child_suspect"]
    assert only_row(rows, crime_ref="Tnothing")["victim_then"] is None


def test_a_table_that_is_searchable_in_part_is_neither_searchable_nor_not(engine):
    manifests = {name: {"searchable": word} for name, word in (("crimes", "yes"), ("notes", "part"), ("missing", "no"))}
    force_return = Return(crimes=[], notes=[], missing=[], flags=[], manifest_rows=manifests)
    rows = facts_of(engine, force_return, "sent_table")["sent_table"]
    answers = {row["table_name"]: answer("tables_searchable", row) for row in rows}
    assert answers == {"crimes": "met", "notes": "not known", "missing": "not met", "flags": "not known"}
