"""Was it done, and in time? Each case is one crime or episode of a small return."""

import pytest
from record_rows import arrest, crime, event, notice, suspect, victim
from tiny import Return, facts_of, only_row

from assay.engine import ExpressionEngine

BAIL_ENDS = ("bail_extended", "charge_decision", "suspect_released_no_charge", "suspect_nfa_decided", "suspect_rui")
KINDS = dict.fromkeys(
    ("suspect_arrested", "victim_informed", "suspect_bailed", "needs_assessment_recorded", *BAIL_ENDS,
     "return_interview_completed", "return_interview_offered", "return_interview_declined"), True,
) | {"contact_agreement_recorded": False}  # fmt: skip

RECORDED = {
    "crimes": [
        crime("r24", "2026-04-20T09:00", "2026-04-21T09:00"),
        crime("r24+", "2026-04-20T09:00", "2026-04-21T09:01"),
        crime("spring", "2026-03-28T12:00", "2026-03-29T13:00"),
        crime("untimed", None),
        crime("tied", "2026-04-20T09:00", "2026-04-22T10:00"),
        crime("early", "2026-04-20T09:00", "2026-04-20T12:00"),
        crime("too early", "2026-04-20T09:00", "2026-04-20T12:00"),
    ],
    "reports": [
        {"report_ref": "R1", "received_at": "2026-04-21T11:00"},
        {"report_ref": "R2", "received_at": "2026-04-22T08:00"},
        {"report_ref": "R3", "received_at": "2026-04-20T14:00"},
        {"report_ref": "R4", "received_at": "2026-04-21T12:01"},
    ],
    "report_crimes": [
        {"report_ref": "R1", "crime_ref": "tied"},
        {"report_ref": "R2", "crime_ref": "tied"},
        {"report_ref": "R3", "crime_ref": "early"},
        {"report_ref": "R4", "crime_ref": "too early"},
    ],
}
# Case: the victim's rights and offence, then the days of the arrest and of the notice that names it.
NOTICES = {
    "easter": ({}, "2026-04-02T10:00", "2026-04-07"),
    "after easter": ({}, "2026-04-02T10:00", "2026-04-08T00:01"),
    "saturday": ({}, "2026-04-18T10:00", "2026-04-20T23:00"),
    "not told": ({}, "2026-04-20T10:00", None),
    "too soon": ({}, "2026-04-20T10:00", "2026-04-19T10:00"),
    "last friday": ({}, "2026-07-31T10:00", None),
    "last thursday": ({}, "2026-07-30T10:00", None),
    "hole": ({}, "2026-04-20T10:00", None),
    "rights ? 1": ({"enhanced_rights": None}, "2026-04-20T10:00", "2026-04-21"),
    "rights ? 3": ({"enhanced_rights": None}, "2026-04-20T10:00", "2026-04-23"),
    "rights ? 6": ({"enhanced_rights": None}, "2026-04-20T10:00", "2026-04-28"),
    "standard 5": ({"enhanced_rights": False}, "2026-04-20T10:00", "2026-04-27"),
    "standard 6": ({"enhanced_rights": False}, "2026-04-20T10:00", "2026-04-28"),
    "sexual": ({"enhanced_rights": False}, "2026-04-20T10:00", "2026-04-23"),
}


def told_cases():
    """Crime, victim, suspect, arrest and notice of each case of `NOTICES`."""
    crimes, people, events = [], [], []
    for case, (rights, arrested, notice_at) in NOTICES.items():
        crimes.append(crime(case, offence_code="19D" if case == "sexual" else "13"))
        people += [victim(f"v {case}", case, **rights), suspect(f"s {case}", case)]
        events.append(arrest(f"a {case}", arrested, case))
        events += [notice(notice_at, case, f"a {case}")] if notice_at else []
    return crimes, people, events


SEVERAL_VICTIMS = {
    "crimes": [crime(ref) for ref in ("two", "nobody", "neither", "stranger", "inferred", "both", "twice", "wish", "half")],
    "people": [
        *[victim(f"v{number} two", "two") for number in (1, 2)],
        *[victim(f"v{number} nobody", "nobody") for number in (1, 2)],
        *[victim(f"v{number} half", "half") for number in (1, 2)],
        victim("v neither", "neither"), victim("v stranger", "stranger"), victim("v inferred", "inferred"),
        victim("v both", "both"), victim("v twice", "twice"), victim("v wish", "wish"),
    ],
    "events": [
        arrest("a two", "2026-04-20T10:00", "two"),
        notice("2026-04-21T10:00", "two", "a two", person_ref="Nv1 two"),
        arrest("a nobody", "2026-04-20T10:00", "nobody"),
        notice("2026-04-21T10:00", "nobody", "a nobody"),
        arrest("a half", "2026-04-20T10:00", "half"),
        notice("2026-04-21T10:00", "half", person_ref="Nv1 half"),
        arrest("a neither", "2026-04-20T10:00", "neither"),
        notice("2026-04-21T10:00", "neither"),
        arrest("a stranger", "2026-04-20T10:00", "stranger"),
        notice("2026-04-21T10:00", "stranger", "a stranger", person_ref="N of nobody here"),
        arrest("a1 inferred", "2026-04-20T10:00", "inferred"),
        arrest("a2 inferred", "2026-04-22T10:00", "inferred"),
        notice("2026-04-23T10:00", "inferred", detail="suspect_arrested"),
        arrest("a1 both", "2026-04-20T10:00", "both"),
        arrest("a2 both", "2026-04-20T11:00", "both"),
        notice("2026-04-20T12:00", "both", detail="suspect_arrested"),
        notice("2026-04-21T12:00", "both", detail="suspect_arrested"),
        arrest("a1 twice", "2026-04-20T10:00", "twice"),
        arrest("a2 twice", "2026-04-20T10:00", "twice", entered_at="2026-04-25T10:00"),
        notice("2026-04-21T10:00", "twice", "a2 twice"),
        arrest("a wish", "2026-04-20T10:00", "wish"),
        event("contact_agreement_recorded", "2026-04-20T09:30", "wish", detail="monthly"),
        event("contact_agreement_recorded", "2026-04-20T09:40", "wish", detail="no_contact_wished"),
    ],
}  # fmt: skip
BAILED = {"old": ("2022-10-27", "2022-11-20"), "february": ("2025-11-30", "2026-02-28"),
          "march": ("2025-11-30", "2026-03-01")}  # fmt: skip


def bail_cases():
    """An arrest, bail on the next day for "old" and on the same for the others, and a decision."""
    crimes, people, events = [], [], []
    for case, (arrested, decided) in BAILED.items():
        crimes.append(crime(case, f"{arrested}T08:00", f"{arrested}T09:00", cancelled_at="2026-05-01"))
        people.append(suspect(f"s {case}", case))
        bailed = "2022-10-28T10:00" if case == "old" else f"{arrested}T20:00"
        events += [arrest(f"a {case}", f"{arrested}T10:00", case), event("suspect_bailed", bailed, case, f"b {case}"),
                   event("suspect_nfa_decided", decided, case)]  # fmt: skip
    return crimes, people, events


CAME_BACK = "2026-05-01T10:00"
EPISODES = {
    "72": ("E06000001", "2026-05-04T10:00"), "72+": ("E06000001", "2026-05-04T10:01"), "declined": ("E06000001", None),
    "not held": ("E06000001", None), "wales": ("W06000001", None),
}  # fmt: skip


def missing_cases():
    """Episodes that began on 30 April, and their return interviews."""
    episodes, events = [], []
    for ref, (area, interviewed) in EPISODES.items():
        episodes.append({"missing_ref": ref, "person_ref": "child", "started_at": "2026-04-30T10:00",
                         "ended_at": CAME_BACK, "local_authority_code": area})  # fmt: skip
        if interviewed:
            events.append(event("return_interview_completed", interviewed, missing_ref=ref))
    events.append(event("return_interview_declined", "2026-05-02T10:00", missing_ref="declined"))
    episodes.append({"force_code": "BTP", "missing_ref": "anywhere", "started_at": "2026-04-30", "ended_at": CAME_BACK})
    return episodes, events


def everything():
    notices, bailed, missing = told_cases(), bail_cases(), missing_cases()
    return Return(
        kinds=KINDS,
        crimes=[*RECORDED["crimes"], *notices[0], *SEVERAL_VICTIMS["crimes"], *bailed[0]],
        reports=RECORDED["reports"],
        report_crimes=RECORDED["report_crimes"],
        involvements=[*notices[1], *SEVERAL_VICTIMS["people"], *bailed[1]],
        events=[*notices[2], *SEVERAL_VICTIMS["events"], *bailed[2], *missing[1]],
        missing=missing[0],
        incomplete=[{"table_name": "events", "kind": "victim_informed", "crime_ref": "hole"}],
        forces=("INV01", "BTP"),
    )


@pytest.fixture(scope="module")
def duties():
    with ExpressionEngine() as engine:
        yield facts_of(engine, everything(), "duty")["duty"]


def state(duties, record_ref):
    return only_row(duties, record_ref=record_ref)["state"]


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("r24", "in time"),  # exactly 24 hours
        ("r24+", "late"),  # a minute more
        ("spring", "in time"),  # 25 hours by the clock on the wall, 24 hours gone by
        ("untimed", "not known"),  # nothing says when it was reported: the crime does not vanish
        ("tied", "in time"),  # 23 hours after the earlier of the two reports tied to it
        ("early", "in time"),  # on record two hours before the log of its report
        ("too early", "not known"),  # 24 hours and a minute before it: the two contradict each other
    ],
)
def test_recorded_within_24_hours_of_the_report(duties, case, expected):
    assert state(duties, f"hocr24:{case}") == expected


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("easter", "in time"),  # from Maundy Thursday to the Tuesday after Easter is one working day
        ("after easter", "late"),
        ("saturday", "in time"),  # arrested on a Saturday, told on the Monday
        ("not told", "did not happen"),
        ("too soon", "not known"),  # the notice is before what it reports (R44)
        ("last friday", "not yet due"),  # the next working day is the day of the extraction
        ("last thursday", "did not happen"),
        ("hole", "not known"),  # a notice on this crime was set aside (R58)
        ("rights ? 1", "in time"),  # in time by either limit
        ("rights ? 3", "not known"),  # late for one with enhanced rights, in time for another
        ("rights ? 6", "late"),  # late by either limit
        ("sexual", "late"),  # the victim of a sexual offence has enhanced rights, whatever was entered
    ],
)
def test_told_of_the_arrest_with_enhanced_rights(duties, case, expected):
    assert state(duties, f"vc6_arrest_enh:a {case}:v {case}") == expected


def test_a_victim_with_standard_rights_is_owed_five_working_days_and_nothing_else(duties):
    assert state(duties, "vc6_arrest_std:a standard 5:v standard 5") == "in time"
    assert state(duties, "vc6_arrest_std:a standard 6:v standard 6") == "late"
    assert not [duty for duty in duties if duty["record_ref"] == "vc6_arrest_enh:a standard 5:v standard 5"]


def test_where_rights_are_not_known_there_is_one_duty_and_it_says_so(duties):
    rows = [duty for duty in duties if duty["involvement_ref"] == "v rights ? 3" and duty["family"] == "told of arrest"]
    assert [(row["standard"], row["rights_known"]) for row in rows] == [("vc6_arrest_enh", False)]


def test_each_victim_is_owed_the_notice_of_their_own(duties):
    assert state(duties, "vc6_arrest_enh:a two:v1 two") == "in time"
    assert state(duties, "vc6_arrest_enh:a two:v2 two") == "did not happen"


def test_a_notice_that_names_nobody_among_two_victims_leaves_both_not_known(duties):
    assert {state(duties, f"vc6_arrest_enh:a nobody:v{number} nobody") for number in (1, 2)} == {"not known"}


def test_a_notice_that_names_neither_event_nor_kind_leaves_what_is_before_it_not_known(duties):
    assert state(duties, "vc6_arrest_enh:a neither:v neither") == "not known"


def test_a_notice_that_names_only_its_victim_leaves_the_other_victim_as_they_are(duties):
    assert state(duties, "vc6_arrest_enh:a half:v1 half") == "not known"
    assert state(duties, "vc6_arrest_enh:a half:v2 half") == "did not happen"


def test_a_notice_to_somebody_who_is_no_victim_of_the_crime_leaves_it_not_known(duties):
    assert state(duties, "vc6_arrest_enh:a stranger:v stranger") == "not known"


def test_a_notice_that_names_only_a_kind_answers_the_latest_event_of_it(duties):
    later = only_row(duties, record_ref="vc6_arrest_enh:a2 inferred:v inferred")
    assert (later["state"], later["inferred"]) == ("in time", True)
    assert state(duties, "vc6_arrest_enh:a1 inferred:v inferred") == "did not happen"


def test_two_notices_that_name_only_a_kind_answer_two_events_the_last_one_first(duties):
    first, last = (only_row(duties, record_ref=f"vc6_arrest_enh:a{number} both:v both") for number in (1, 2))
    assert last["ended"] < first["ended"]
    assert (first["state"], last["state"]) == ("in time", "in time")


def test_an_event_sent_twice_is_one_and_a_notice_of_either_answers_it(duties):
    rows = [duty for duty in duties if duty["crime_ref"] == "twice" and duty["family"] == "told of arrest"]
    assert [(row["about_ref"], row["state"]) for row in rows] == [("a1 twice", "in time")]


def test_the_last_agreement_says_whether_contact_is_wished(duties):
    assert only_row(duties, record_ref="vc6_arrest_enh:a wish:v wish")["no_contact_wished"] is True
    assert only_row(duties, record_ref="vc6_arrest_enh:a two:v1 two")["no_contact_wished"] is False


def test_where_agreements_are_not_complete_none_on_record_says_nothing(duties):
    assert state(duties, "vc6_freq:wish:v wish") == "in time"
    assert state(duties, "vc6_freq:neither:v neither") == "not known"


def test_the_day_of_the_arrest_picks_the_law_of_bail(duties):
    """Bailed on the first day of the new rules, arrested on the last of the old: 28 days, and 23 were used."""
    assert state(duties, "bail_old28:b old:s old") == "in time"
    assert not [duty for duty in duties if duty["record_ref"] == "bail_init:b old:s old"]


def test_three_months_from_30_november_end_on_the_last_of_february(duties):
    assert state(duties, "bail_init:b february:s february") == "in time"
    assert state(duties, "bail_init:b march:s march") == "breach"


def test_a_return_interview_is_due_within_72_hours(duties):
    assert state(duties, "rhi72:72") == "in time"
    assert state(duties, "rhi72:72+") == "late"
    assert state(duties, "rhi72:not held") == "did not happen"
    assert {duty["holder"] for duty in duties if duty["standard"] == "rhi72"} == {"system around the child"}


def test_a_declined_interview_says_so(duties):
    declined = {duty["about_ref"]: duty["declined"] for duty in duties if duty["standard"] == "rhi72"}
    assert declined == {"72": False, "72+": False, "declined": True, "not held": False}


def test_a_welsh_episode_is_held_to_the_welsh_standard_only(duties):
    rows = {duty["standard"]: duty["country"] for duty in duties if duty["about_ref"] == "wales"}
    assert rows == {"rhi72_w": "W"}


def test_where_the_country_is_not_known_there_is_one_row_under_no_standard(duties):
    duty = only_row(duties, about_ref="anywhere")
    assert (duty["country"], duty["standard"], duty["state"], duty["grades"]) == (None, "", "not known", False)
    assert (duty["in_time"], duty["not_yet_due"]) == (None, None)


def test_what_was_not_supplied_makes_no_duties(duties):
    assert "vc4_support" not in {duty["standard"] for duty in duties}


def test_every_duty_has_its_own_name_and_one_of_six_states(duties):
    names = [(duty["force_code"], duty["record_ref"]) for duty in duties]
    assert len(names) == len(set(names))
    assert {duty["state"] for duty in duties} == {
        "in time", "late", "breach", "did not happen", "not yet due", "not known"
    }  # fmt: skip


def test_in_time_follows_from_the_state(duties):
    meaning = {
        "in time": True,
        "late": False,
        "breach": False,
        "did not happen": False,
        "not yet due": None,
        "not known": None,
    }
    assert all(duty["in_time"] is meaning[duty["state"]] for duty in duties)


def test_an_agreement_between_the_report_and_the_record_is_not_too_early(duties):
    """Crime "wish" was reported at 09:00 and recorded at 12:00; the first agreement is of 09:30."""
    duty = only_row(duties, record_ref="vc6_freq:wish:v wish")
    assert (duty["state"], duty["wait_hours_low"]) == ("in time", 0)
