"""What did the police do on an invented crime, in what order, and whom did they tell?

Opened, victim contacted, suspect arrested or invited, interviewed, bailed or released, file sent, decision, told.
Every notice owed for a suspect's event is planted as told in time (the same day or the next), late (seven days or
more, so beyond any working-day count), or never; the truth keeps which.
"""

from __future__ import annotations

import datetime as dt

from assay.synthetic.calibration import figure, mixes
from assay.synthetic.local_time import When, after, day, minute
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_people import Person
from assay.synthetic.synthetic_tables import Book

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


def investigate(book: Book, case: Case, chance: Chance) -> None:
    """Every step on one crime, up to extraction."""
    crime_row = book.rows("crimes")[-1]
    cancelled = crime_row["cancelled_at"]
    opened = case.recorded + dt.timedelta(minutes=chance.whole(10, 600))
    book.step("investigation_opened", opened, crime_ref=case.ref, by_role="supervisor", detail=_team(case, chance))
    for victim in case.victims:
        _with_victim(book, case, victim, chance)
    if cancelled:
        return
    _supervise(book, case, chance)
    for person in case.named:
        _pursue(book, case, person, chance.stream(person.key))
    if not case.named and case.suspects and chance.happens(0.5):
        tried = after(opened, chance.whole(2, 25), chance)
        means = chance.pick(("phone_or_online", "cctv", "intelligence", "victim_or_witness"))
        if tried < case.ends:
            book.step("identification_attempted", tried, crime_ref=case.ref, by_role="investigator", detail=means)


def _team(case: Case, chance: Chance) -> str:
    return "exploitation" if case.exploited and chance.happens(0.6) else chance.weighted(mixes()["team"])


def _with_victim(book: Book, case: Case, victim: Person, chance: Chance) -> None:
    """Contact, needs assessment, agreement, account and support, for one victim."""
    names = {"crime_ref": case.ref, "person_ref": _held_ref(book, case, victim)}
    if chance.happens(0.93):
        first = case.recorded + dt.timedelta(hours=chance.lognormal(20, 1.1))
        channel = chance.weighted({"in_person": 5, "phone": 4, "video": 0.3, "message": 0.7})
        book.step("victim_contacted", _daytime(first), by_role="investigator", detail=channel, **names)
    if chance.happens(book.force.rate("needs_assessment", case.recorded)):
        assessed = after(case.recorded, chance.exponential(4), chance)
        book.step("needs_assessment_recorded", assessed, by_role="victim_liaison", **names)
    if chance.happens(0.75):
        wish = "monthly" if chance.happens(0.5) else chance.pick(("weekly", "two_weekly", "at_events_only"))
        none = chance.stream("no_contact").happens(figure("no_contact_wished"))
        agreed = after(case.recorded, chance.exponential(3), chance)
        detail = "no_contact_wished" if none else wish
        book.step("contact_agreement_recorded", agreed, by_role="victim_liaison", detail=detail, **names)
    if chance.happens(0.7):
        sent = after(case.recorded, chance.exponential(5), chance)
        book.step("written_confirmation_sent", sent, by_role="investigator", **names)
    _account(book, case, names, chance)
    if chance.happens(0.6):
        _support(book, case, names, chance)
    if case.ending == "16" and chance.happens(0.7):
        book.step("victim_support_withdrawn", after(case.recorded, 20, chance), by_role="investigator", **names)


def _held_ref(book: Book, case: Case, person: Person) -> str:
    """The number under which the crime names this person."""
    held = [row for row in book.rows("involvements")[-20:] if row.get("crime_ref") == case.ref]
    return next((str(row["person_ref"]) for row in held if row.get("person_ref") in person.refs), person.ref)


def _daytime(when: dt.datetime) -> dt.datetime:
    """The same minute, or the next morning if it fell in the night."""
    if when.hour >= 21:
        return dt.datetime.combine(when.date() + dt.timedelta(days=1), dt.time(9, when.minute))
    return when.replace(hour=9) if when.hour < 7 else when


def _account(book: Book, case: Case, names: dict[str, str], chance: Chance) -> None:
    if chance.happens(0.5):
        decided = after(case.recorded, chance.exponential(3), chance)
        held = after(decided, chance.exponential(12), chance)
        book.step("child_account_indicated", decided, by_role="specialist_investigator", **names)
        book.step("abe_interview_done", held, by_role="specialist_investigator", **names)
        if chance.happens(0.5):
            book.step("abe_summary_shared", after(held, chance.whole(0, 9), chance), by_role="investigator", **names)
    elif chance.happens(0.6):
        taken = after(case.recorded, chance.exponential(6), chance)
        book.step("account_taken", taken, by_role="investigator", **names)


def _support(book: Book, case: Case, names: dict[str, str], chance: Chance) -> None:
    made = after(case.recorded, chance.exponential(2), chance)
    answered = after(made, chance.whole(1, 12), chance)
    if book.seen(made):
        book.add(
            "referrals",
            referral_ref=book.ref("RF"),
            direction="out",
            agency_kind="victim_support",
            made_at=made,
            answered_at=book.by_now(answered),
            decision="accepted" if book.seen(answered) else None,
            **names,
        )


def _supervise(book: Book, case: Case, chance: Chance) -> None:
    """The plan, reviews, and lines of enquiry raised and ended."""
    until = min(case.ends, book.span.extracted_at)
    planned = after(case.recorded, chance.whole(1, 5), chance)
    if chance.happens(0.75) and planned < until:
        book.step("investigation_plan_set", planned, crime_ref=case.ref, by_role="supervisor", detail="first")
    review = after(case.recorded, chance.whole(7, 28), chance)
    for _ in range(4):
        if review >= until or not chance.happens(0.8):
            break
        book.step("supervisor_review", review, crime_ref=case.ref, by_role="supervisor", detail="routine")
        review = after(review, chance.whole(24, 60), chance)
    for line in chance.some(LINES, chance.whole(0, 3)):
        _line(book, case, line, until, chance)


def _line(book: Book, case: Case, line: str, until: dt.datetime, chance: Chance) -> None:
    raised = after(case.recorded, chance.whole(0, 20), chance)
    if raised >= until:
        return
    due = raised.date() + dt.timedelta(days=28)
    ref = book.step(
        "line_of_enquiry_raised", raised, crime_ref=case.ref, by_role="investigator", detail=line, due_on=due
    )
    ended = after(raised, chance.exponential(35), chance)
    if ref and ended < until and chance.happens(0.8):
        result = chance.weighted({"done": 7, "not_possible": 1, "not_needed": 1, "not_done": 1})
        names = {"crime_ref": case.ref, "about_event_ref": ref}
        book.step("line_of_enquiry_closed", ended, by_role="investigator", detail=result, **names)


def _pursue(book: Book, case: Case, person: Person, chance: Chance) -> None:
    """What happened with one named suspect, from arrest or invitation to the decision."""
    names = {"crime_ref": case.ref, "person_ref": _held_ref(book, case, person)}
    principal = person == case.named[0]
    charged = principal and case.ending == "1"
    until = min(case.ends, book.span.extracted_at)
    first = after(case.recorded, min(chance.lognormal(12, 1.1), 300), chance)
    way = ""
    if case.closed_too_soon:
        first = until
    if first < until and chance.happens(0.8 if charged else 0.45):
        way = _arrest(book, case, names, first, until, charged, chance)
    elif first < until and chance.happens(0.5):
        _told(book, case, "suspect_interviewed_under_caution", first, names, chance, detail="by_appointment")
    if chance.happens(book.force.rate("other_children_checked")) and first < until:
        checked = after(first, chance.whole(0, 10), chance)
        if checked < until:
            book.step("other_children_check_done", checked, by_role="safeguarding_officer", **names)
    if principal and book.seen(case.ends) and way != "suspect_released_no_charge":
        _decide(book, case, names, chance)


def _arrest(
    book: Book, case: Case, names: dict[str, str], when: dt.datetime, until: dt.datetime, charged: bool, chance: Chance
) -> str:
    """Arrest, custody, interview and release; how the suspect was released, empty if all this came too late."""
    morning = minute(when, chance, first_hour=7, last_hour=9)
    if morning <= case.recorded:
        morning = when
    custody = morning + dt.timedelta(minutes=chance.whole(25, 70))
    spoken = custody + dt.timedelta(minutes=chance.whole(90, 300))
    released = spoken + dt.timedelta(minutes=chance.whole(45, 240))
    if released >= until:
        return ""
    _told(book, case, "suspect_arrested", morning, names, chance, by_role="specialist_investigator")
    book.step("detention_clock_start", custody, by_role="custody_officer", **names)
    _told(book, case, "suspect_interviewed_under_caution", spoken, names, chance, detail="in_custody")
    ways = {"suspect_bailed": 6, "suspect_rui": 2.5, "suspect_released_no_charge": 0 if charged else 1}
    way = chance.weighted(ways)
    if way != "suspect_bailed":
        _told(book, case, way, released, names, chance, by_role="custody_officer")
        return way
    due = released.date() + dt.timedelta(days=chance.whole(25, 88))
    conditions = "with_conditions" if chance.happens(0.8) else "without_conditions"
    _told(book, case, way, released, names, chance, by_role="custody_officer", detail=conditions, due_on=due)
    varied = after(released, chance.whole(5, 40), chance)
    if chance.happens(0.1) and varied < until:
        _told(book, case, "bail_conditions_varied", varied, names, chance, by_role="custody_officer", detail="varied")
    longer = minute(due - dt.timedelta(days=2), chance)
    if chance.happens(0.5) and longer < until:
        more = due + dt.timedelta(days=chance.whole(30, 90))
        book.step("bail_extended", longer, by_role="inspector", due_on=more, **names)
    return way


def _decide(book: Book, case: Case, names: dict[str, str], chance: Chance) -> None:
    """The decision on the first named suspect, on the day the crime was given its outcome."""
    if case.ending == "1":
        _file(book, case, names, chance)
        decided = case.ends - dt.timedelta(minutes=chance.whole(5, 90))
        _told(book, case, "charge_decision", decided, names, chance, by_role="prosecutor", detail="charge")
        means = chance.weighted({"charge": 5, "postal_requisition": 4, "summons": 1})
        _told(book, case, "suspect_charged", case.ends, names, chance, by_role="investigator", detail=means)
    elif case.ending in ("3", "8", "22"):
        book.step("out_of_court_disposal", case.ends, by_role="investigator", detail=case.ending, **names)
    elif chance.happens(0.2):
        _told(book, case, "charge_decision", case.ends, names, chance, by_role="prosecutor", detail="no_charge")
    else:
        _told(book, case, "suspect_nfa_decided", case.ends, names, chance, by_role="supervisor")


def _file(book: Book, case: Case, names: dict[str, str], chance: Chance) -> None:
    """The file goes to the prosecutor before the decision, sent back now and then at first look."""
    sent = minute(case.ends - dt.timedelta(days=chance.whole(9, 60)), chance)
    if sent <= case.recorded + dt.timedelta(days=2):
        return
    looked = after(sent, chance.whole(1, 4), chance)
    book.step("file_submitted", sent, by_role="investigator", detail="first", **names)
    if chance.happens(figure("triage_sent_back")):
        book.step("cps_triage_result", looked, by_role="prosecutor", detail="sent_back", **names)
        again = after(looked, 1, chance)
        book.step("file_submitted", again, by_role="investigator", detail="resubmission", **names)
        looked = after(again, 1, chance)
    if looked < case.ends:
        book.step("cps_triage_result", looked, by_role="prosecutor", detail="accepted", **names)


def _told(
    book: Book,
    case: Case,
    kind: str,
    when: dt.datetime,
    names: dict[str, str],
    chance: Chance,
    **more: object,
) -> None:
    """A suspect's event, and for each victim the notice of it: in time, late, or never."""
    more.setdefault("by_role", "investigator")
    ref = book.step(kind, when, **names, **more)
    for victim in case.victims if ref else ():
        held, draw = _held_ref(book, case, victim), chance.stream("notice", ref, victim.key)
        notice(book, case, kind, str(ref), when, victim, held, draw)


def notice(
    book: Book, case: Case, kind: str, about: str, when: dt.datetime, victim: Person, held: str, chance: Chance
) -> None:
    """The notice of one event that one victim is owed, in time, late or never; `held` is the victim's number."""
    force = book.force
    missed, soon = force.rate("notice_never", when), force.rate("notice_in_time", when)
    never = chance.happens(missed)
    in_time = not never and chance.happens(min(soon / (1 - missed), 1))
    state = "never" if never else "in_time" if in_time else "late"
    told = None if never else _moment(when, in_time, chance)
    if told and not book.seen(told):
        state = "after_extraction"
    book.know("notices", kind=kind, event_ref=about, crime_ref=case.ref, person=victim.key, state=state)
    if told:
        linked = chance.happens(0.88)
        book.step(
            "victim_informed",
            told,
            crime_ref=case.ref,
            person_ref=held,
            about_event_ref=about if linked else None,
            by_role=chance.pick(("victim_liaison", "investigator")),
            detail=kind,
        )


def _moment(when: dt.datetime, in_time: bool, chance: Chance) -> When:
    if not in_time:
        late = minute(when + dt.timedelta(days=chance.whole(8, 45)), chance)
        return day(late) if chance.happens(0.15) else late
    soon = when + dt.timedelta(minutes=chance.whole(20, 170))
    if soon.date() == when.date() and chance.happens(0.5):
        return soon
    tomorrow = minute(when + dt.timedelta(days=1), chance)
    return day(tomorrow) if chance.happens(0.15) else tomorrow
