"""What is known of each crime's investigation, each suspect's pursuit, each device, referral, order and exploited child?

To derive facts takes seconds, whatever the number of records: every case below is a force of its own, and all of them
are worked out at once. The data were read on 3 August 2026.
"""

import datetime as dt

import pytest
from tiny import Return, facts_of

from assay.engine import ExpressionEngine

CRIME = {
    "crime_ref": "1", "scope_reason": "core_offence", "offence_code": "71", "reported_at": "2026-04-08T08:30",
    "recorded_at": "2026-04-08T11:10", "occurred_from": "2026-04-07",
}  # fmt: skip
CLOSED = {"outcome_code": "15", "outcome_at": "2026-05-08", "closed_at": "2026-05-08"}
SUSPECT = {
    "involvement_ref": "S1", "crime_ref": "1", "person_ref": "P1", "role": "suspect", "suspect_known_as": "named",
    "date_of_birth": "1990-05-06",
}  # fmt: skip
VICTIM = {
    "involvement_ref": "V1",
    "crime_ref": "1",
    "person_ref": "C1",
    "role": "victim",
    "date_of_birth": "2011-02-03",
}
FLAG = {"flag_ref": "F1", "crime_ref": "1", "flag": "cse", "added_at": "2026-04-09"}
KINDS = (
    "suspect_arrested", "suspect_interviewed_under_caution", "account_taken", "abe_interview_done", "suspect_charged",
    "early_advice_requested", "file_submitted", "supervisor_review", "investigation_plan_set", "charge_decision",
    "line_of_enquiry_raised", "line_of_enquiry_closed", "device_seized", "device_examined", "suspect_identified",
    "other_children_check_done", "identification_attempted", "strategy_discussion_held", "cps_triage_result",
    "suspect_nfa_decided", "suspect_released_no_charge", "suspect_rui", "handover",
    "closed_case_referred", "investigation_opened",
)  # fmt: skip
NOT_ALL_ARRESTS = {**dict.fromkeys(KINDS, True), "suspect_arrested": False, "closed_case_referred": False}
TABLES = ("crimes", "involvements", "flags", "events", "orders", "referrals", "missing", "exhibits", "registers")


def event(kind, day, ref="E1", crime="1", **values):
    return {"event_ref": ref, "kind": kind, "happened_at": f"{day}T10:00", "crime_ref": crime, **values}


def arrest(day, **values):
    return event("suspect_arrested", day, person_ref="P1", **values)


def closed(*events, **more):
    return {"crimes": [{**CRIME, **CLOSED}], "events": list(events)} | more


LINE = event("line_of_enquiry_raised", "2026-04-20", "L1", detail="device")


def line_end(day):
    return event("line_of_enquiry_closed", day, "L2", about_event_ref="L1", detail="done")


def seized_phone(*events):
    item = {"exhibit_ref": "X1", "crime_ref": "1", "item_kind": "phone", "taken_from": "suspect"}
    return {"exhibits": [item], "events": [event(k, d, r, exhibit_ref="X1") for k, d, r in events]}


def referral(direction="out", made_on="2026-04-20", **values):
    return {
        "referral_ref": f"R{direction}{made_on}", "direction": direction, "agency_kind": "local_authority",
        "person_ref": "C1", "made_at": made_on, **values,
    }  # fmt: skip


def on_list(started, ended=None, reason=None):
    return {
        "register_ref": f"L{started}", "register_kind": "cse", "person_ref": "C1", "tier": "high",
        "started_on": started, "ended_on": ended, "reason_ended": reason,
    }  # fmt: skip


def missing(started, **values):
    return {"missing_ref": "M1", "person_ref": "C1", "started_at": f"{started}T20:00", "first_grade": "low", **values}


RUI = event("suspect_rui", "2026-05-01", "E2", person_ref="P1")
LOOK = event("cps_triage_result", "2026-06-01", "E3", person_ref="P1", detail="sent_back")
WARNING = {"order_ref": "O1", "order_code": "CAWN", "served_on": "suspect", "person_ref": "P1", "made_at": "2026-04-02"}
DESCRIBED = {**SUSPECT, "person_ref": None, "suspect_known_as": "described"}
SECOND = {**SUSPECT, "involvement_ref": "S2", "person_ref": "P2"}
TO_THE_ACCOUNT = (
    event("investigation_opened", "2026-04-09", "O1"),
    event("account_taken", "2026-04-12", "A1", person_ref="C1"),
)
NOT_CHARGED = event("suspect_nfa_decided", "2026-04-20", "N1", involvement_ref="S1")
CHARGED = event("suspect_charged", "2026-04-20", "N1", person_ref="P1")
CASES = {
    "nobody known": closed(*TO_THE_ACCOUNT, NOT_CHARGED, involvements=[DESCRIBED, VICTIM],
                           crimes=[{**CRIME, **CLOSED, "outcome_code": "18"}]),
    "perhaps known": closed(*TO_THE_ACCOUNT, NOT_CHARGED, involvements=[{**DESCRIBED, "suspect_known_as": None}, VICTIM]),
    "known and not met": closed(*TO_THE_ACCOUNT, NOT_CHARGED),
    "charged without a file": closed(*TO_THE_ACCOUNT, arrest("2026-04-14"), CHARGED,
                                     crimes=[{**CRIME, **CLOSED, "outcome_code": "1"}]),
    "met before the account": closed(TO_THE_ACCOUNT[0], arrest("2026-04-10"), TO_THE_ACCOUNT[1], NOT_CHARGED),
    "open": {},
    "arrested": {"events": [arrest("2026-04-10")]},
    "arrested before the report": {"events": [arrest("2026-04-01")]},
    "closed unasked": closed(),
    "closed after an interview": closed(event("suspect_interviewed_under_caution", "2026-05-08", person_ref="P1")),
    "asked too late": closed(arrest("2026-05-09")),
    "charged": {"crimes": [{**CRIME, **CLOSED, "outcome_code": "1"}]},
    "referred to a review": closed(event("closed_case_referred", "2026-06-20")),
    "line left": closed(LINE),
    "line ended": closed(LINE, line_end("2026-05-08")),
    "line ended too late": closed(LINE, line_end("2026-05-09")),
    "recent": {"crimes": [{**CRIME, "reported_at": "2026-05-05T08:30", "recorded_at": "2026-05-05T09:00"}]},
    "not recent": {"crimes": [{**CRIME, "reported_at": "2026-05-04T08:30", "recorded_at": "2026-05-04T09:00"}]},
    "of nobody": {"involvements": [SUSPECT, SECOND, VICTIM], "events": [event("suspect_arrested", "2026-04-10")]},
    "described": {"involvements": [DESCRIBED, VICTIM]},
    "looked for": {
        "involvements": [DESCRIBED, VICTIM],
        "events": [event("identification_attempted", "2026-04-12", involvement_ref="S1")],
    },
    "still under investigation": {"events": [RUI]},
    "decided": {"events": [RUI, event("suspect_nfa_decided", "2026-06-30", "E4", person_ref="P1")]},
    "decided before": {"events": [RUI, event("suspect_nfa_decided", "2026-04-30", "E4", person_ref="P1")]},
    "sent back, then accepted": {"events": [LOOK, event("cps_triage_result", "2026-06-20", "E4", person_ref="P1", detail="accepted")]},
    "waits for results": seized_phone(("device_seized", "2026-04-13", "E1")),
    "read": seized_phone(("device_seized", "2026-04-13", "E1"), ("device_examined", "2026-07-13", "E2")),
    "read first": seized_phone(("device_seized", "2026-04-13", "E1"), ("device_examined", "2026-04-03", "E2")),
    "answered": {"referrals": [referral("in", "2026-05-01", answered_at="2026-05-11")]},
    "not answered": {"referrals": [referral("in", "2026-05-01")]},
    "just sent": {"referrals": [referral("in", "2026-07-07")]},
    "shared": {"referrals": [referral()]},
    "only for support": {"referrals": [referral(agency_kind="victim_support")]},
    "discussed late": {"events": [event("strategy_discussion_held", "2026-05-07", crime=None, person_ref="C1")]},
    "missing again": {"missing": [missing("2026-05-20")]},
    "missing at once": {"missing": [missing("2026-04-20", first_grade="high")]},
    "missing before": {"missing": [missing("2026-04-02", first_grade=None)]},
    "turns 18": {"involvements": [{**VICTIM, "date_of_birth": "2008-06-20"}]},
    "turns 18 at once": {"involvements": [{**VICTIM, "date_of_birth": "2008-04-20"}]},
    "born on two days": {"involvements": [VICTIM, {**VICTIM, "involvement_ref": "V2", "date_of_birth": "2009-02-03"}]},
    "moved away": {"registers": [on_list("2026-04-10", "2026-05-28", "moved_away")]},
    "moved away and back": {
        "registers": [on_list("2026-04-10", "2026-05-28", "moved_away"), on_list("2026-06-15")],
    },
    "listed by the authority": {"registers": [{**on_list("2026-04-10"), "register_kind": "local_authority"}]},
    "let go for less risk": {"registers": [on_list("2026-04-10", "2026-05-28", "risk_reduced")]},
    "warned": {"orders": [WARNING]},
    "warned on a child": {"orders": [{**WARNING, "served_on": "child", "person_ref": "C1"}]},
    "warned alone": {"orders": [{**WARNING, "made_at": "2026-02-02", "person_ref": "P1"}]},
}  # fmt: skip
PARTLY = {"closed unasked": closed(), "open": {}}


def return_of_cases(cases, kinds):
    """A return of one force for each case."""
    rows = {name: [] for name in TABLES}
    for number, tables in enumerate(cases.values(), start=1):
        usual = {"crimes": [CRIME], "involvements": [SUSPECT, VICTIM], "flags": [FLAG]}
        for name, records in {**usual, **tables}.items():
            rows[name] += [{"force_code": f"INV{number:02d}", **row} for row in records]
    return Return(forces=[f"INV{number:02d}" for number in range(1, len(cases) + 1)], kinds=kinds, **rows)


FACT_NAMES = (
    "investigation", "pursuit", "device", "referral", "exploited_child", "disruption", "missing_episode", "course",
    "course_step",
)  # fmt: skip


@pytest.fixture(scope="module")
def worked_out():
    """The facts of every case, and of those whose arrests are not sent whole."""
    with ExpressionEngine() as engine:
        whole = facts_of(engine, return_of_cases(CASES, dict.fromkeys(KINDS, True)), *FACT_NAMES)
        return whole, facts_of(engine, return_of_cases(PARTLY, NOT_ALL_ARRESTS), *FACT_NAMES)


@pytest.fixture(scope="module")
def course_steps(worked_out):
    """course_steps(case): the rows of the steps of its crime."""

    def rows(case):
        force = f"INV{list(CASES).index(case) + 1:02d}"
        return [row for row in worked_out[0]["course_step"] if row["force_code"] == force]

    return rows


@pytest.fixture(scope="module")
def found(worked_out):
    """found(case, table): the first row of a table of facts; found(case, table, "partly"): arrests not sent whole."""
    whole, partly = worked_out

    def single_fact(case, table, version="whole"):
        facts, cases = (whole, CASES) if version == "whole" else (partly, PARTLY)
        force = f"INV{list(cases).index(case) + 1:02d}"
        return next(row for row in facts[table] if row["force_code"] == force)

    return single_fact


def test_a_closed_case_was_referred_or_was_not_where_every_referral_is_sent_and_else_it_is_not_known(found):
    assert found("referred to a review", "investigation")["referred_for_review"] is True
    assert found("closed unasked", "investigation")["referred_for_review"] is False
    assert found("closed unasked", "investigation", "partly")["referred_for_review"] is None


def test_an_arrest_two_days_after_the_report_ends_the_wait_for_it(found):
    row = found("arrested", "investigation")
    assert (row["days_to_arrest"], row["arrest_known"], row["days_seen"]) == (2, True, 117)
    assert (found("open", "investigation")["days_to_arrest"], found("open", "investigation")["arrest_known"]) == (
        None,
        True,
    )


def test_an_arrest_before_the_report_leaves_the_wait_not_known(found):
    row = found("arrested before the report", "investigation")
    assert (row["days_to_arrest"], row["arrest_known"]) == (None, False)


def test_where_not_every_arrest_is_sent_nobody_is_known_to_wait_for_one(found):
    assert found("open", "investigation", "partly")["arrest_known"] is False
    assert found("open", "investigation", "partly")["account_known"] is True


@pytest.mark.parametrize(
    ("case", "met_first"),
    [
        ("closed unasked", False),
        ("closed after an interview", True),  # on the day of closing itself
        ("asked too late", False),
        ("open", None),
    ],
)
def test_a_suspect_was_asked_first_if_an_arrest_or_interview_came_by_the_day_of_closing(found, case, met_first):
    assert found(case, "investigation")["suspect_met_first"] is met_first


def test_that_nobody_was_asked_is_known_only_where_every_arrest_is_sent(found):
    assert found("closed unasked", "investigation", "partly")["suspect_met_first"] is None


def test_a_charged_crime_is_not_closed_without_a_charge_though_its_file_is(found):
    row = found("charged", "investigation")
    assert (row["days_to_closed"], row["days_to_closed_uncharged"], row["closed_no_further"]) == (30, None, False)
    assert found("closed unasked", "investigation")["days_to_closed_uncharged"] == 30


@pytest.mark.parametrize(
    ("case", "raised", "ended"),
    [("line left", True, False), ("line ended", True, True), ("line ended too late", True, False),
     ("closed unasked", False, True)],
)  # fmt: skip
def test_a_line_of_enquiry_counts_as_ended_only_if_it_was_by_the_day_of_closing(found, case, raised, ended):
    row = found(case, "investigation")
    assert (row["line_raised"], row["lines_ended"]) == (raised, ended)


def test_a_crime_is_recent_for_thirteen_weeks(found):
    """From 5 May to 3 August are 90 days, from 4 May 91."""
    assert found("recent", "investigation")["recent_and_open"] is True
    assert found("not recent", "investigation")["recent_and_open"] is False


def test_an_arrest_that_may_be_of_either_of_two_leaves_both_not_known(found):
    assert found("of nobody", "pursuit")["met"] is None
    assert (found("arrested", "pursuit")["met"], found("open", "pursuit")["met"]) == (True, False)
    assert found("open", "pursuit", "partly")["met"] is None


def test_a_described_suspect_was_looked_for_if_a_step_to_identify_them_names_the_entry(found):
    assert (found("described", "pursuit")["looked_for"], found("looked for", "pursuit")["looked_for"]) == (False, True)


def test_a_release_under_investigation_lasts_until_a_decision_that_comes_after_it(found):
    """1 May to 30 June are 60 days; to the day of extraction 94."""
    waits, decided, before = (
        found(case, "pursuit") for case in ("still under investigation", "decided", "decided before")
    )
    assert (decided["days_to_decided"], decided["decided_known"]) == (60, True)
    assert (waits["days_to_decided"], waits["days_seen_since_release"]) == (None, 94)
    assert before["days_to_decided"] is None


def test_the_first_look_of_the_prosecutor_decides_and_not_the_last(found):
    assert found("sent back, then accepted", "pursuit")["first_file_accepted"] is False


def test_a_device_waits_from_the_day_it_was_taken(found):
    """13 April to 13 July are 91 days, to 3 August 112."""
    assert found("read", "device")["days_to_examined"] == 91
    waits = found("waits for results", "device")
    assert (waits["days_to_examined"], waits["days_seen"]) == (None, 112)


def test_results_before_the_taking_are_not_known(found):
    row = found("read first", "device")
    assert (row["days_to_examined"], row["examined_known"]) == (None, False)


def test_a_referral_is_answered_or_waits_and_is_recent_for_four_weeks(found):
    answered, waits, sent_now = (found(case, "referral") for case in ("answered", "not answered", "just sent"))
    assert (answered["answered"], answered["days_to_answered"], waits["answered"]) == (True, 10, False)
    assert (waits["recent"], sent_now["recent"]) == (False, True)  # 7 July to 3 August: 27 days


def test_partners_know_of_a_child_by_a_referral_that_is_not_for_the_rights_of_a_victim(found):
    assert [found(case, "exploited_child")["partners_know"] for case in ("shared", "only for support", "open")] == [
        True, False, False,
    ]  # fmt: skip


def test_a_list_of_the_local_authority_that_the_force_holds_is_a_partner_s_and_its_own_list_is_not(found):
    """No partner sent a list: who is on none that the force holds may be on one."""
    assert found("listed by the authority", "exploited_child")["partner_lists"] is True
    assert found("let go for less risk", "exploited_child")["partner_lists"] is None


def test_what_is_done_on_the_29th_day_is_not_early(found):
    assert found("shared", "exploited_child")["done_early"] is True
    late = found("discussed late", "exploited_child")  # 8 April to 7 May: 29 days
    assert (late["discussed"], late["done_early"]) == (True, False)


def test_the_next_thing_after_the_first_report_is_the_later_missing_episode(found):
    row = found("missing again", "exploited_child")
    assert row["known_day"] == dt.date(2026, 4, 8)
    assert (row["days_to_next_missing"], row["days_to_next_crime"], row["harmed_early"]) == (42, None, False)
    assert row["days_late_to_next"] == 42 - 28
    at_once = found("missing at once", "exploited_child")
    assert (at_once["harmed_early"], at_once["days_late_to_next"]) == (True, None)
    assert found("missing before", "exploited_child")["days_to_next_missing"] is None


def test_a_missing_child_is_known_as_exploited_from_the_day_of_the_report(found):
    after, before = found("missing again", "missing_episode"), found("missing before", "missing_episode")
    assert (after["known_exploited"], before["known_exploited"]) == (True, False)
    assert (after["graded_low"], found("missing at once", "missing_episode")["graded_low"], before["graded_low"]) == (
        True, False, None,
    )  # fmt: skip


def test_a_warning_is_followed_up_by_a_crime_recorded_within_28_days(found):
    """Warned on 2 April, recorded on 8 April; warned on 2 February, recorded 65 days later."""
    assert [found(case, "disruption")["followed_up"] for case in ("warned", "warned alone")] == [True, False]


def test_what_is_served_on_a_child_disrupts_nobody(found):
    assert found("warned on a child", "disruption")["disrupts"] is False
    assert found("warned on a child", "disruption")["is_warning"] is False


def course_of(found, case):
    return found(case, "course")


def test_steps_of_one_day_are_in_order_and_a_step_after_a_later_one_is_not(found):
    """Reported and recorded on 8 April; arrested on the 10th; closed on 8 May."""
    arrested = course_of(found, "arrested")
    assert (arrested["steps"], arrested["in_order"]) == (3, True)
    late = course_of(found, "asked too late")  # arrested on the day after the closing
    assert (late["steps"], late["in_order"]) == (4, False)


def test_what_comes_after_each_step_is_told_as_the_course_expects_it(found, course_steps):
    steps = {row["step"]: (row["next_is"], row["days_to_next"]) for row in course_steps("asked too late")}
    assert steps == {
        "reported": ("the expected next step", 0),
        "recorded": ("a later step", 30),  # no investigator, no account: straight to the closing
        "closed": ("an earlier step", 1),
        "suspect_met": ("nothing more", None),
    }


def after(course_steps, case, step):
    [row] = [row for row in course_steps(case) if row["step"] == step]
    return row["next_step"], row["next_is"], row["days_to_next"]


def test_a_case_without_a_known_suspect_owes_no_arrest_and_no_file_and_is_decided_in_order(course_steps):
    assert after(course_steps, "nobody known", "account") == ("decided", "the expected next step", 8)


def test_a_case_with_a_known_suspect_who_is_decided_on_unasked_leaves_the_course(course_steps):
    assert after(course_steps, "known and not met", "account") == ("decided", "a later step", 8)


def test_where_it_is_not_known_whether_a_suspect_is_known_it_is_not_known_whether_the_case_left_the_course(
    course_steps,
):
    assert after(course_steps, "perhaps known", "account") == ("decided", "a later step, perhaps the expected one", 8)


def test_a_charged_case_without_a_file_passes_it_over_and_lacks_it(found, course_steps):
    assert after(course_steps, "charged without a file", "suspect_met") == ("decided", "a later step", 6)
    row = course_of(found, "charged without a file")
    assert (row["owes_file"], row["took_file"], row["took_decided"]) == (True, False, True)


def test_an_uncharged_case_owes_no_file_and_goes_on_from_the_arrest_as_expected(found, course_steps):
    assert after(course_steps, "met before the account", "suspect_met")[:2] == ("account", "an earlier step")
    assert after(course_steps, "met before the account", "account")[:2] == ("decided", "the expected next step")
    assert course_of(found, "met before the account")["owes_file"] is False


def test_what_a_case_owes_is_known_as_far_as_its_suspect_is(found):
    owed = [
        course_of(found, case)["owes_suspect_met"] for case in ("nobody known", "perhaps known", "known and not met")
    ]
    assert owed == [False, None, True]


def test_a_step_that_is_not_sent_whole_is_not_known_to_be_lacking(found):
    """Interviews are sent whole, arrests are not; who was charged was decided on, though no event says so."""
    assert found("closed unasked", "course")["took_suspect_met"] is False
    assert found("closed unasked", "course", "partly")["took_suspect_met"] is None
    assert course_of(found, "charged")["took_decided"] is True


def test_a_step_is_followed_up_to_the_day_on_which_the_data_were_read(course_steps):
    """From 12 April to 3 August are 113 days."""
    [row] = [row for row in course_steps("nobody known") if row["step"] == "account"]
    assert row["days_seen"] == 113


def test_a_child_who_turns_18_is_followed_up_to_the_four_weeks_of_the_birthday(found):
    first = dt.date(1970, 1, 1)
    days_before_window = (dt.date(2026, 6, 20) - first).days // 28 * 28  # the first day of the four weeks it lies in
    row = found("turns 18", "exploited_child")
    assert row["days_to_18"] == days_before_window - (dt.date(2026, 4, 8) - first).days
    assert row["days_late_to_18"] == row["days_to_18"] - 28
    assert (row["gone_early"], found("missing again", "exploited_child")["days_to_18"]) == (False, None)


def test_a_child_who_turns_18_in_the_first_weeks_is_gone_early(found):
    row = found("turns 18 at once", "exploited_child")
    assert (row["days_to_18"], row["gone_early"]) == (1, True)  # the four weeks of 20 April begin on the 9th


def test_of_a_child_with_two_dates_of_birth_it_is_not_known_what_came_next(found):
    row = found("born on two days", "exploited_child")
    assert (row["days_to_18"], row["next_known"], row["gone_early"]) == (None, False, None)


@pytest.mark.parametrize(
    ("case", "days"), [("moved away", 50), ("moved away and back", None), ("let go for less risk", None)]
)
def test_a_child_has_left_the_area_where_a_list_says_so_and_none_takes_them_up_again(found, case, days):
    row = found(case, "exploited_child")
    assert (row["days_to_gone"], row["next_known"]) == (days, True)
