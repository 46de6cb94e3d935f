"""The steps of a synthetic investigation, and the notices that victims receive.

Opened, victim contacted, suspect arrested or invited, interviewed, bailed or released, file sent, decision, notice.
Every notice owed for a suspect's event is generated as in time (the same day or the next), late (seven days or more, so
beyond any working-day limit), or never; the truth records which.
"""

from __future__ import annotations

import datetime as dt

from assay.synthetic.calibration import figure_value, mixes
from assay.synthetic.local_time import When, day, random_minute, time_after
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_people import Person
from assay.synthetic.synthetic_tables import ForceRecords

LINES = (
    "device",
    "phone_data",
    "witness",
    "cctv",
    "suspect_arrest_or_interview",
    "other_children",
    "place",
    "third_party_material",
    "intelligence_check",
)


def investigate(records: ForceRecords, case: Case, stream: RandomStream) -> None:
    """Generate the investigation steps of one synthetic crime, up to the day of extraction."""
    crime_row = records.rows("crimes")[-1]
    cancelled = crime_row["cancelled_at"]
    opened = case.recorded + dt.timedelta(minutes=stream.integer(10, 600))
    records.add_event(
        "investigation_opened", opened, crime_ref=case.ref, by_role="supervisor", detail=_team(case, stream)
    )
    for victim in case.victims:
        _victim_steps(records, case, victim, stream)
    if cancelled:
        return
    _supervise(records, case, stream)
    for person in case.named_suspects:
        _pursue(records, case, person, stream.substream(person.key))
    if not case.named_suspects and case.suspects and stream.happens(0.5):
        tried = time_after(opened, stream.integer(2, 25), stream)
        means = stream.pick(("phone_or_online", "cctv", "intelligence", "victim_or_witness"))
        if tried < case.ends:
            records.add_event(
                "identification_attempted", tried, crime_ref=case.ref, by_role="investigator", detail=means
            )


def _team(case: Case, stream: RandomStream) -> str:
    return "exploitation" if case.exploited and stream.happens(0.6) else stream.weighted(mixes()["team"])


def _victim_steps(records: ForceRecords, case: Case, victim: Person, stream: RandomStream) -> None:
    """Add contact, needs assessment, agreement, account and support for one victim."""
    names = {"crime_ref": case.ref, "person_ref": _crime_person_ref(records, case, victim)}
    if stream.happens(0.93):
        first = case.recorded + dt.timedelta(hours=stream.lognormal(20, 1.1))
        channel = stream.weighted({"in_person": 5, "phone": 4, "video": 0.3, "message": 0.7})
        records.add_event("victim_contacted", _daytime(first), by_role="investigator", detail=channel, **names)
    if stream.happens(records.force.rate("needs_assessment", case.recorded)):
        assessed = time_after(case.recorded, stream.exponential(4), stream)
        records.add_event("needs_assessment_recorded", assessed, by_role="victim_liaison", **names)
    if stream.happens(0.75):
        wish = "monthly" if stream.happens(0.5) else stream.pick(("weekly", "two_weekly", "at_events_only"))
        none = stream.substream("no_contact").happens(figure_value("no_contact_wished"))
        agreed = time_after(case.recorded, stream.exponential(3), stream)
        detail = "no_contact_wished" if none else wish
        records.add_event("contact_agreement_recorded", agreed, by_role="victim_liaison", detail=detail, **names)
    if stream.happens(0.7):
        confirmation_time = time_after(case.recorded, stream.exponential(5), stream)
        records.add_event("written_confirmation_sent", confirmation_time, by_role="investigator", **names)
    _account(records, case, names, stream)
    if stream.happens(0.6):
        _support(records, case, names, stream)
    if case.ending == "16" and stream.happens(0.7):
        records.add_event(
            "victim_support_withdrawn", time_after(case.recorded, 20, stream), by_role="investigator", **names
        )


def _crime_person_ref(records: ForceRecords, case: Case, person: Person) -> str:
    """The number under which the crime names this person."""
    crime_rows = [row for row in records.rows("involvements")[-20:] if row.get("crime_ref") == case.ref]
    return next((str(row["person_ref"]) for row in crime_rows if row.get("person_ref") in person.refs), person.ref)


def _daytime(when: dt.datetime) -> dt.datetime:
    """Return the same minute, or the next morning if it is at night."""
    if when.hour >= 21:
        return dt.datetime.combine(when.date() + dt.timedelta(days=1), dt.time(9, when.minute))
    return when.replace(hour=9) if when.hour < 7 else when


def _account(records: ForceRecords, case: Case, names: dict[str, str], stream: RandomStream) -> None:
    if stream.happens(0.5):
        decided = time_after(case.recorded, stream.exponential(3), stream)
        interview_time = time_after(decided, stream.exponential(12), stream)
        records.add_event("child_account_indicated", decided, by_role="specialist_investigator", **names)
        records.add_event("abe_interview_done", interview_time, by_role="specialist_investigator", **names)
        if stream.happens(0.5):
            records.add_event(
                "abe_summary_shared",
                time_after(interview_time, stream.integer(0, 9), stream),
                by_role="investigator",
                **names,
            )
    elif stream.happens(0.6):
        account_time = time_after(case.recorded, stream.exponential(6), stream)
        records.add_event("account_taken", account_time, by_role="investigator", **names)


def _support(records: ForceRecords, case: Case, names: dict[str, str], stream: RandomStream) -> None:
    referral_time = time_after(case.recorded, stream.exponential(2), stream)
    answered = time_after(referral_time, stream.integer(1, 12), stream)
    if records.is_before_extraction(referral_time):
        records.add(
            "referrals",
            referral_ref=records.ref("RF"),
            direction="out",
            agency_kind="victim_support",
            made_at=referral_time,
            answered_at=records.time_if_extracted(answered),
            decision="accepted" if records.is_before_extraction(answered) else None,
            **names,
        )


def _supervise(records: ForceRecords, case: Case, stream: RandomStream) -> None:
    """Add the plan, reviews, and lines of enquiry raised and ended."""
    until = min(case.ends, records.span.extracted_at)
    planned = time_after(case.recorded, stream.integer(1, 5), stream)
    if stream.happens(0.75) and planned < until:
        records.add_event("investigation_plan_set", planned, crime_ref=case.ref, by_role="supervisor", detail="first")
    review = time_after(case.recorded, stream.integer(7, 28), stream)
    for _ in range(4):
        if review >= until or not stream.happens(0.8):
            break
        records.add_event("supervisor_review", review, crime_ref=case.ref, by_role="supervisor", detail="routine")
        review = time_after(review, stream.integer(24, 60), stream)
    for line in stream.sample(LINES, stream.integer(0, 3)):
        _line(records, case, line, until, stream)


def _line(records: ForceRecords, case: Case, line: str, until: dt.datetime, stream: RandomStream) -> None:
    raised = time_after(case.recorded, stream.integer(0, 20), stream)
    if raised >= until:
        return
    due = raised.date() + dt.timedelta(days=28)
    ref = records.add_event(
        "line_of_enquiry_raised", raised, crime_ref=case.ref, by_role="investigator", detail=line, due_on=due
    )
    ended = time_after(raised, stream.exponential(35), stream)
    if ref and ended < until and stream.happens(0.8):
        result = stream.weighted({"done": 7, "not_possible": 1, "not_needed": 1, "not_done": 1})
        names = {"crime_ref": case.ref, "about_event_ref": ref}
        records.add_event("line_of_enquiry_closed", ended, by_role="investigator", detail=result, **names)


def _pursue(records: ForceRecords, case: Case, person: Person, stream: RandomStream) -> None:
    """Add the steps of one named suspect, from arrest or invitation to the decision."""
    names = {"crime_ref": case.ref, "person_ref": _crime_person_ref(records, case, person)}
    principal = person == case.named_suspects[0]
    charged = principal and case.ending == "1"
    until = min(case.ends, records.span.extracted_at)
    first = time_after(case.recorded, min(stream.lognormal(12, 1.1), 300), stream)
    way = ""
    if case.closed_too_soon:
        first = until
    if first < until and stream.happens(0.8 if charged else 0.45):
        way = _arrest(records, case, names, first, until, charged, stream)
    elif first < until and stream.happens(0.5):
        _step_with_notices(
            records, case, "suspect_interviewed_under_caution", first, names, stream, detail="by_appointment"
        )
    if stream.happens(records.force.rate("other_children_checked")) and first < until:
        checked = time_after(first, stream.integer(0, 10), stream)
        if checked < until:
            records.add_event("other_children_check_done", checked, by_role="safeguarding_officer", **names)
    if principal and records.is_before_extraction(case.ends) and way != "suspect_released_no_charge":
        _decide(records, case, names, stream)


def _arrest(
    records: ForceRecords,
    case: Case,
    names: dict[str, str],
    when: dt.datetime,
    until: dt.datetime,
    charged: bool,
    stream: RandomStream,
) -> str:
    """Add arrest, custody, interview and release; return how the suspect was released, '' if after extraction."""
    morning = random_minute(when, stream, first_hour=7, last_hour=9)
    if morning <= case.recorded:
        morning = when
    custody = morning + dt.timedelta(minutes=stream.integer(25, 70))
    spoken = custody + dt.timedelta(minutes=stream.integer(90, 300))
    released = spoken + dt.timedelta(minutes=stream.integer(45, 240))
    if released >= until:
        return ""
    _step_with_notices(records, case, "suspect_arrested", morning, names, stream, by_role="specialist_investigator")
    records.add_event("detention_clock_start", custody, by_role="custody_officer", **names)
    _step_with_notices(records, case, "suspect_interviewed_under_caution", spoken, names, stream, detail="in_custody")
    ways = {"suspect_bailed": 6, "suspect_rui": 2.5, "suspect_released_no_charge": 0 if charged else 1}
    way = stream.weighted(ways)
    if way != "suspect_bailed":
        _step_with_notices(records, case, way, released, names, stream, by_role="custody_officer")
        return way
    due = released.date() + dt.timedelta(days=stream.integer(25, 88))
    conditions = "with_conditions" if stream.happens(0.8) else "without_conditions"
    _step_with_notices(
        records, case, way, released, names, stream, by_role="custody_officer", detail=conditions, due_on=due
    )
    varied = time_after(released, stream.integer(5, 40), stream)
    if stream.happens(0.1) and varied < until:
        _step_with_notices(
            records, case, "bail_conditions_varied", varied, names, stream, by_role="custody_officer", detail="varied"
        )
    longer = random_minute(due - dt.timedelta(days=2), stream)
    if stream.happens(0.5) and longer < until:
        more = due + dt.timedelta(days=stream.integer(30, 90))
        records.add_event("bail_extended", longer, by_role="inspector", due_on=more, **names)
    return way


def _decide(records: ForceRecords, case: Case, names: dict[str, str], stream: RandomStream) -> None:
    """Add the decision on the first named suspect, on the day of the crime's outcome."""
    if case.ending == "1":
        _file(records, case, names, stream)
        decided = case.ends - dt.timedelta(minutes=stream.integer(5, 90))
        _step_with_notices(
            records, case, "charge_decision", decided, names, stream, by_role="prosecutor", detail="charge"
        )
        means = stream.weighted({"charge": 5, "postal_requisition": 4, "summons": 1})
        _step_with_notices(
            records, case, "suspect_charged", case.ends, names, stream, by_role="investigator", detail=means
        )
    elif case.ending in ("3", "8", "22"):
        records.add_event("out_of_court_disposal", case.ends, by_role="investigator", detail=case.ending, **names)
    elif stream.happens(0.2):
        _step_with_notices(
            records, case, "charge_decision", case.ends, names, stream, by_role="prosecutor", detail="no_charge"
        )
    else:
        _step_with_notices(records, case, "suspect_nfa_decided", case.ends, names, stream, by_role="supervisor")


def _file(records: ForceRecords, case: Case, names: dict[str, str], stream: RandomStream) -> None:
    """Add the file to the prosecutor before the decision, sometimes returned at first review."""
    submission_time = random_minute(case.ends - dt.timedelta(days=stream.integer(9, 60)), stream)
    if submission_time <= case.recorded + dt.timedelta(days=2):
        return
    triage_time = time_after(submission_time, stream.integer(1, 4), stream)
    records.add_event("file_submitted", submission_time, by_role="investigator", detail="first", **names)
    if stream.happens(figure_value("triage_sent_back")):
        records.add_event("cps_triage_result", triage_time, by_role="prosecutor", detail="sent_back", **names)
        resubmission_time = time_after(triage_time, 1, stream)
        records.add_event("file_submitted", resubmission_time, by_role="investigator", detail="resubmission", **names)
        triage_time = time_after(resubmission_time, 1, stream)
    if triage_time < case.ends:
        records.add_event("cps_triage_result", triage_time, by_role="prosecutor", detail="accepted", **names)


def _step_with_notices(
    records: ForceRecords,
    case: Case,
    kind: str,
    when: dt.datetime,
    names: dict[str, str],
    stream: RandomStream,
    **more: object,
) -> None:
    """Add a suspect's event, and for each victim its notice: in time, late, or never."""
    more.setdefault("by_role", "investigator")
    ref = records.add_event(kind, when, **names, **more)
    for victim in case.victims if ref else ():
        victim_ref, draw = _crime_person_ref(records, case, victim), stream.substream("notice", ref, victim.key)
        add_notice(records, case, kind, str(ref), when, victim, victim_ref, draw)


def add_notice(
    records: ForceRecords,
    case: Case,
    kind: str,
    event_ref: str,
    when: dt.datetime,
    victim: Person,
    victim_ref: str,
    stream: RandomStream,
) -> None:
    """Add the notice of one event to one victim: in time, late or never."""
    force = records.force
    missed_share, in_time_share = force.rate("notice_never", when), force.rate("notice_in_time", when)
    is_missed = stream.happens(missed_share)
    in_time = not is_missed and stream.happens(min(in_time_share / (1 - missed_share), 1))
    state = "never" if is_missed else "in_time" if in_time else "late"
    notice_time = None if is_missed else _notice_time(when, in_time, stream)
    if notice_time and not records.is_before_extraction(notice_time):
        state = "after_extraction"
    records.add_truth("notices", kind=kind, event_ref=event_ref, crime_ref=case.ref, person=victim.key, state=state)
    if notice_time:
        linked = stream.happens(0.88)
        records.add_event(
            "victim_informed",
            notice_time,
            crime_ref=case.ref,
            person_ref=victim_ref,
            about_event_ref=event_ref if linked else None,
            by_role=stream.pick(("victim_liaison", "investigator")),
            detail=kind,
        )


def _notice_time(when: dt.datetime, in_time: bool, stream: RandomStream) -> When:
    if not in_time:
        late = random_minute(when + dt.timedelta(days=stream.integer(8, 45)), stream)
        return day(late) if stream.happens(0.15) else late
    soon = when + dt.timedelta(minutes=stream.integer(20, 170))
    if soon.date() == when.date() and stream.happens(0.5):
        return soon
    tomorrow = random_minute(when + dt.timedelta(days=1), stream)
    return day(tomorrow) if stream.happens(0.15) else tomorrow
