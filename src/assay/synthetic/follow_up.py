"""Add rare follow-up events, after the main investigation, to the crimes and children of a synthetic force.

Each of these steps follows others, so they are added last and change no earlier random draw. The order matters: a crime
is reopened or transferred in a period without other records.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from assay.synthetic import child_follow_up, suspect_investigation
from assay.synthetic.calibration import figure_value
from assay.synthetic.case_dossier import Dossier, dossiers, moment, open_at_extraction
from assay.synthetic.local_time import DAY, age, time_after, time_between
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_people import Person
from assay.synthetic.synthetic_tables import ForceRecords, Row

# Complaints and requests for a review of a decision, with the time to reply.
#
# The standards count working days: a timely answer takes fewer calendar days than the standard has working days, a late
# one so many more that holidays cannot make it timely.

NO_CHARGE = ("suspect_released_no_charge", "suspect_nfa_decided", "charge_decision")
NO_REPLY_SHARE = 0.06
"""The share of complaints and requests without a reply."""


@dataclass(frozen=True)
class Wait:
    """The ranges of waiting time, in days, of an answer in time and of a late answer."""

    in_time: tuple[int, int]
    late: tuple[int, int]

    def days(self, in_time: bool, stream: RandomStream) -> int:
        """Sample a waiting time in days, either in time or late."""
        return stream.integer(*(self.in_time if in_time else self.late))


ACKNOWLEDGED = Wait((1, 9), (20, 45))  # 10 working days
ANSWERED = Wait((10, 19), (50, 80))  # 20 working days
REVIEWED = Wait((12, 29), (60, 95))  # 30 working days


def complaints(files: list[Dossier], stream: RandomStream) -> None:
    """Add complaints by or for victims, at any time after the crime was recorded."""
    for dossier in files:
        for victim in dossier.case.victims:
            draw = stream.substream(dossier.case.ref, victim.key)
            if draw.happens(dossier.records.force.rate("complaint", dossier.case.recorded)):
                received = time_between(dossier.case.recorded + 5 * DAY, dossier.records.span.extracted_at, draw)
                _complaint(dossier, victim, received, draw)


def _complaint(dossier: Dossier, victim: Person, received: dt.datetime, stream: RandomStream) -> None:
    force, names = dossier.records.force, {"person_ref": dossier.ref(victim), "by_role": "other_police"}
    soon = stream.happens(force.rate("complaint_acknowledged_in_time", received))
    in_time = soon and stream.happens(force.rate("complaint_answered_in_time", received))
    acknowledged = time_after(received, ACKNOWLEDGED.days(soon, stream), stream)
    answered = time_after(received, ANSWERED.days(in_time, stream), stream)
    is_unanswered = stream.happens(NO_REPLY_SHARE)
    ref = dossier.add_step("complaint_received", received, **names)
    if ref and not is_unanswered:
        dossier.add_step("complaint_acknowledged", acknowledged, **names)
        dossier.add_step("complaint_answered", answered, **names)
    if ref:
        state = {"acknowledged_in_time": soon and not is_unanswered, "answered_in_time": in_time and not is_unanswered}
        dossier.records.add_truth("complaints", crime_ref=dossier.case.ref, event_ref=ref, person=victim.key, **state)


def reviews(files: list[Dossier], stream: RandomStream) -> None:
    """Add requests for a review by victims who were notified that nobody would be charged."""
    for dossier in files:
        for victim in dossier.case.victims:
            draw, notices = stream.substream(dossier.case.ref, victim.key), _no_charge_notices(dossier, victim)
            if notices and draw.happens(dossier.records.force.rate("right_to_review", dossier.case.recorded)):
                _review(dossier, victim, notices[0], draw)


def _no_charge_notices(dossier: Dossier, victim: Person) -> list[Row]:
    """Return the notices to this victim of a decision not to charge, if a suspect was interviewed."""
    decided = {row["detail"] for row in dossier.steps_of_kind("charge_decision")}
    if "charge" in decided or not dossier.steps_of_kind("suspect_interviewed_under_caution"):
        return []
    ref = dossier.ref(victim)
    return [
        row
        for row in dossier.steps_of_kind("victim_informed")
        if row["detail"] in NO_CHARGE and row["person_ref"] == ref
    ]


def _review(dossier: Dossier, victim: Person, refusal_notice: Row, stream: RandomStream) -> None:
    force, names = dossier.records.force, {"person_ref": dossier.ref(victim)}
    request_time = time_after(refusal_notice["happened_at"], min(1 + stream.exponential(20), 85), stream)
    soon = stream.happens(force.rate("review_acknowledged_in_time", request_time))
    in_time = soon and stream.happens(force.rate("review_decided_in_time", request_time))
    acknowledged = time_after(request_time, ACKNOWLEDGED.days(soon, stream), stream)
    decided = time_after(request_time, REVIEWED.days(in_time, stream), stream)
    result = (
        "" if stream.happens(NO_REPLY_SHARE) else stream.weighted({"upheld": 8, "overturned": 1.2, "not_eligible": 0.8})
    )
    ref = dossier.add_step("vrr_requested", request_time, **names, by_role="victim_liaison")
    if not ref:
        return
    state = {"acknowledged_in_time": soon and result != "", "decided_in_time": in_time and result != ""}
    subject = {"crime_ref": dossier.case.ref, "event_ref": ref, "person": victim.key}
    dossier.records.add_truth("reviews", **subject, **state, result=result)
    role = "prosecutor" if refusal_notice["detail"] == "charge_decision" else "superintendent"
    if result:
        dossier.add_step("vrr_acknowledged", acknowledged, **names, by_role=role)
        known = dossier.add_step("vrr_decided", decided, **names, by_role=role, detail=result)
        if known and result == "overturned":
            _reopen_crime(dossier, decided)


def _reopen_crime(dossier: Dossier, decided: dt.datetime) -> None:
    """Reopen a closed crime after an overturned decision; it has no outcome at extraction."""
    reopened_at = decided + dt.timedelta(minutes=40)
    if not dossier.row["closed_at"] or not dossier.case.ends < reopened_at < dossier.records.span.extracted_at:
        return
    dossier.add_step("earlier_closure", dossier.case.ends, by_role="supervisor")
    dossier.add_step("crime_reopened", reopened_at, by_role="supervisor")
    dossier.records.add_truth(
        "reopened", crime_ref=dossier.case.ref, closed_at=dossier.case.ends, opened_at=reopened_at
    )
    dossier.row.update({"outcome_code": "NOA", "outcome_at": None, "closed_at": None})
    for row in dossier.involvements:
        if row.get("suspect_outcome_code"):
            row["suspect_outcome_code"] = "NOA"
    truth = next(row for row in dossier.records.truth["crimes"] if row["crime_ref"] == dossier.case.ref)
    truth["ended_by_extraction"] = False


# Court results after the first hearing, and the messages that witness care units receive.

SENTENCES = {"custody_immediate": 6, "custody_suspended": 3, "community_order": 2, "other_sentence": 0.5}
VERDICTS = {"guilty_found": 6, "not_guilty": 3, "discontinued": 1}
SATURDAY = 5


def hearings(records: ForceRecords, stream: RandomStream) -> None:
    """Add a plea some weeks after each first hearing, a trial after a plea of not guilty, and the sentence."""
    for first in list(records.rows("court")):
        draw = stream.substream(first["court_ref"])
        names = {key: first[key] for key in ("crime_ref", "person_ref")}
        guilty, pleaded = draw.happens(0.5), _sitting(first["happened_at"], draw.integer(21, 50), draw)
        _hearing(records, "plea", "guilty_plea" if guilty else "adjourned", pleaded, names)
        if guilty:
            sentenced = _sitting(pleaded, draw.integer(14, 45), draw)
            _hearing(records, "sentence", draw.weighted(SENTENCES), sentenced, names)
        else:
            _trial(records, pleaded, names, draw.substream("trial"))


def _trial(records: ForceRecords, pleaded: dt.datetime, names: dict[str, str], stream: RandomStream) -> None:
    """Add the trial months later; a discontinued case ends before a verdict."""
    verdict, tried = stream.weighted(VERDICTS), _sitting(pleaded, stream.integer(90, 300), stream)
    _hearing(records, "discontinued" if verdict == "discontinued" else "verdict", verdict, tried, names)
    if verdict == "guilty_found":
        sentenced = _sitting(tried, stream.integer(14, 45), stream)
        _hearing(records, "sentence", stream.weighted(SENTENCES), sentenced, names)


def _sitting(since: dt.datetime, days: int, stream: RandomStream) -> dt.datetime:
    """Return a minute on a weekday, after this many days or up to two more."""
    when = time_after(since, days, stream)
    return when + max(7 - when.weekday(), 0) * DAY if when.weekday() >= SATURDAY else when


def _hearing(records: ForceRecords, stage: str, result: str, when: dt.datetime, names: dict[str, str]) -> None:
    if records.is_before_extraction(when):
        records.add("court", court_ref=records.ref("CT"), stage=stage, court_result=result, happened_at=when, **names)


def add_witness_care(files: list[Dossier], stream: RandomStream) -> None:
    """Add messages from court and prosecutor on charged crimes, and the notices to which victims are then entitled."""
    by_crime: dict[str, list[Row]] = {}
    for row in files[0].records.rows("court") if files else ():
        by_crime.setdefault(row["crime_ref"], []).append(row)
    for dossier in files:
        draw = stream.substream(dossier.case.ref)
        for charged in dossier.steps_of_kind("suspect_charged"):
            _before_court(dossier, moment(charged["happened_at"]), draw.substream("before", charged["person_ref"]))
        for row in by_crime.get(dossier.case.ref, ()):
            _from_court(dossier, row, draw.substream(row["court_ref"]))


def _before_court(dossier: Dossier, charged: dt.datetime, stream: RandomStream) -> None:
    if not stream.happens(dossier.records.force.rate("word_to_witness_care", charged)):
        return
    kind = "wcu_received_from_court"
    dossier.add_step_with_notices(
        kind,
        time_after(charged, stream.integer(1, 7), stream),
        stream.substream(1),
        by_role="court",
        detail="hearing_date",
    )
    if stream.happens(0.2):
        hearing_time = time_after(charged, stream.integer(2, 9), stream)
        dossier.add_step_with_notices(kind, hearing_time, stream.substream(2), by_role="court", detail="bail_hearing")
    if stream.happens(0.4):
        request_time = time_after(charged, stream.integer(25, 90), stream)
        dossier.add_step_with_notices("wcu_received_from_cps", request_time, stream.substream(3), by_role="prosecutor")


def _from_court(dossier: Dossier, row: Row, stream: RandomStream) -> None:
    """Add the message of a result, within five working days or much later, and the contact scheme after a custodial
    sentence."""
    in_time = stream.happens(dossier.records.force.rate("court_tells_in_time"))
    word_time = time_after(row["happened_at"], stream.integer(0, 4) if in_time else stream.integer(12, 25), stream)
    if row["stage"] != "first_hearing":
        subject = "sentence" if row["stage"] == "sentence" else "outcome"
        dossier.add_step_with_notices("wcu_received_from_court", word_time, stream, by_role="court", detail=subject)
    if row["court_result"] == "custody_immediate":
        for victim in dossier.case.victims:
            _contact_scheme(dossier, dossier.ref(victim), time_after(row["happened_at"], stream.integer(1, 20), stream))


def _contact_scheme(dossier: Dossier, ref: str, referral_time: dt.datetime) -> None:
    if dossier.records.is_before_extraction(referral_time):
        names = {"direction": "out", "agency_kind": "victim_contact_scheme", "person_ref": ref}
        dossier.records.add(
            "referrals",
            referral_ref=dossier.records.ref("RF"),
            crime_ref=dossier.case.ref,
            made_at=referral_time,
            **names,
        )


# Suspects who died after their crimes were closed.

MIN_AGE = 45  # minimum age in years of a suspect who may die
TIMES = {"events": ("happened_at",), "orders": ("made_at", "ended_at", "breached_at"), "court": ("happened_at",)}


def suspects_who_died(records: ForceRecords, stream: RandomStream) -> None:
    """Add the death of some older suspects after all their crimes were closed."""
    crimes, last = {row["crime_ref"]: row for row in records.rows("crimes")}, _last_mentions(records)
    parts: defaultdict[str, list[Row]] = defaultdict(list)
    for row in records.rows("involvements"):
        parts[row.get("person_ref") or ""].append(row)
    for person in records.suspects_known:
        if age(person.born, records.span.period_to) < MIN_AGE:
            continue
        draw = stream.substream(person.key)
        if not draw.happens(figure_value("suspect_died")):
            continue
        person_rows = [row for ref in person.refs for row in parts[ref]]
        ends = [crimes[row["crime_ref"]]["outcome_at"] for row in person_rows if row.get("crime_ref")]
        since = max([when for when in ends if when] + [last[ref] for ref in person.refs if ref in last], default=None)
        if since and None not in ends and records.span.extracted_at - since > 3 * DAY:
            died = time_between(since + DAY, records.span.extracted_at - DAY, draw).date()
            for row in person_rows:
                row["died_on"] = died


def _last_mentions(records: ForceRecords) -> dict[str, dt.datetime]:
    """Return the last minute at which a record refers to each person number."""
    found: dict[str, dt.datetime] = {}
    for table, columns in TIMES.items():
        for row in records.rows(table):
            ref = str(row.get("person_ref"))
            for when in (row[column] for column in columns if row[column]):
                found[ref] = max(found.get(ref, moment(when)), moment(when))
    return found


# Crimes that were not investigated, reopened, or reviewed after closure.

INVESTIGATION_STEPS = {
    "investigation_plan_set",
    "line_of_enquiry_raised",
    "identification_attempted",
    "device_seized",
    "suspect_arrested",
    "suspect_interviewed_under_caution",
}
MIN_SILENCE = dt.timedelta(days=25)
"""The shortest period without a record in which a crime can have been closed."""


def not_investigated(files: list[Dossier], stream: RandomStream) -> None:
    """Add the decision not to investigate to some crimes without an investigation step."""
    for dossier in files:
        untouched = not INVESTIGATION_STEPS & {row["kind"] for row in dossier.steps}
        has_no_suspect = not dossier.case.named_suspects or dossier.case.closed_too_soon
        if not (untouched and has_no_suspect and dossier.row["closed_at"] and dossier.case.ending != "1"):
            continue
        draw = stream.substream(dossier.case.ref)
        limit = min(dossier.end, dossier.opened + dt.timedelta(days=10))
        if dossier.opened < limit and draw.happens(
            dossier.records.force.rate("not_investigated", dossier.case.recorded)
        ):
            dossier.add_step_with_notices(
                "decision_not_to_investigate", time_between(dossier.opened, limit, draw), draw, by_role="supervisor"
            )


def reopened(files: list[Dossier], stream: RandomStream) -> None:
    """Add closure and reopening of some crimes, with no records in between."""
    for dossier in files:
        draw = stream.substream(dossier.case.ref)
        if not draw.happens(dossier.records.force.rate("reopened", dossier.case.recorded)):
            continue
        start, end = _longest_silence(dossier)
        if end - start >= MIN_SILENCE and not dossier.steps_of_kind("crime_reopened", "decision_not_to_investigate"):
            closed = time_after(start, draw.integer(1, 4), draw)
            opened = time_between(closed + dt.timedelta(days=7), end, draw)
            dossier.add_step("earlier_closure", closed, by_role="supervisor")
            dossier.add_step("crime_reopened", opened, by_role="supervisor")
            dossier.records.add_truth("reopened", crime_ref=dossier.case.ref, closed_at=closed, opened_at=opened)


def _longest_silence(dossier: Dossier) -> tuple[dt.datetime, dt.datetime]:
    """The longest time from the opening to the end in which nothing was entered."""
    first, last = dossier.opened, dossier.end
    inside = sorted(moment(row["happened_at"]) for row in dossier.steps)
    times = [first, *(when for when in inside if first < when < last), last]
    return max(((start, stop) for start, stop in pairwise(times)), key=lambda gap: gap[1] - gap[0])


def closed_cases(files: list[Dossier], stream: RandomStream) -> None:
    """Add referrals of closed group-based crimes without a charge to the national review of closed cases."""
    for dossier in files:
        if not dossier.row["closed_at"] or dossier.case.ending == "1" or len(dossier.case.suspects) < 2:
            continue
        draw = stream.substream(dossier.case.ref)
        referred = time_after(dossier.case.ends, 10 + draw.exponential(40), draw)
        if draw.happens(dossier.records.force.rate("closed_case_referred", dossier.case.recorded)):
            dossier.add_step("closed_case_referred", referred, by_role="chief_officer")
            if draw.happens(dossier.records.force.rate("closed_case_reviewed")):
                dossier.add_step(
                    "independent_review_done", time_after(referred, draw.integer(15, 60), draw), by_role="other"
                )


# Generate handovers and transfers of crimes between teams and forces.

OTHER_FORCE = "OTHER"
"""A force outside the synthetic country, so that no return covers the crime."""
MIN_GAP = dt.timedelta(days=10)


def handovers(records: ForceRecords, files: list[Dossier], stream: RandomStream) -> None:
    """Add handovers between teams; without one, the first team keeps the crime."""
    handed = {dossier.case.ref for dossier in files if _hand_over(dossier, stream.substream(dossier.case.ref))}
    first = {row["crime_ref"]: row["detail"] for row in records.rows("events") if row["kind"] == "investigation_opened"}
    for crime in records.rows("crimes"):
        if crime["crime_ref"] not in handed:
            crime["investigating_team"] = first.get(crime["crime_ref"], crime["investigating_team"])


def _hand_over(dossier: Dossier, stream: RandomStream) -> bool:
    team, limit = dossier.row["investigating_team"], min(dossier.end, dossier.opened + dt.timedelta(days=90))
    first = dossier.steps_of_kind("investigation_opened")
    if not first or team == first[0]["detail"] or dossier.opened >= limit:
        return False
    handover_time = time_between(dossier.opened, limit, stream)
    is_handed_over = stream.happens(dossier.records.force.rate("handed_over", dossier.case.recorded))
    return is_handed_over and dossier.add_step("handover", handover_time, by_role="supervisor", detail=team) is not None


def offers(files: list[Dossier], stream: RandomStream) -> None:
    """Add offers of crimes to another force that refuses them, so that the crimes stay."""
    for dossier in files:
        draw = stream.substream(dossier.case.ref)
        if draw.happens(dossier.records.force.rate("offer_refused")) and dossier.end - dossier.opened > MIN_GAP:
            offered = time_between(dossier.opened, dossier.end, draw)
            _offer(
                dossier, offered, time_between(offered, min(dossier.end, offered + MIN_GAP), draw), "transfer_refused"
            )


def transfers(files: list[Dossier], stream: RandomStream) -> None:
    """Add transfers of open crimes to another force: nothing is recorded on them afterwards."""
    for dossier in open_at_extraction(files):
        draw, end = stream.substream(dossier.case.ref), dossier.records.span.extracted_at
        last = max((moment(row["happened_at"]) for row in dossier.steps), default=dossier.case.recorded)
        is_transferred = draw.happens(dossier.records.force.rate("transferred_out"))
        if dossier.row["received_from_force"] or end - last < MIN_GAP or not is_transferred:
            continue
        offered = time_between(last, end - MIN_GAP / 2, draw)
        _offer(dossier, offered, time_between(offered, min(end, offered + MIN_GAP), draw), "transfer_accepted")
        number = f"X{draw.integer(10000, 99999)}" if draw.happens(0.7) else None
        dossier.row.update({"transferred_to_force": OTHER_FORCE, "other_force_crime_ref": number})


def _offer(dossier: Dossier, offered: dt.datetime, answered: dt.datetime, answer: str) -> None:
    dossier.add_step("transfer_offered", offered, by_role="supervisor", detail=OTHER_FORCE)
    dossier.add_step(answer, answered, by_role="other_force", detail=OTHER_FORCE)


def add_follow_up(records: ForceRecords, cases: list[Case], stream: RandomStream) -> None:
    """Add every further step on the crimes and children of one batch of records of a force."""
    child_follow_up.disclosures(records, cases, stream.substream("disclosures"))
    child_follow_up.conferences(records, stream.substream("conferences"))
    child_follow_up.protection_notices(records, stream.substream("told of protection"))
    child_follow_up.trigger_plans(records, stream.substream("trigger plans"))
    child_follow_up.referrals(records, stream.substream("referrals"))
    hearings(records, stream.substream("hearings"))
    files = dossiers(records, cases)
    suspect_investigation.early_advice(files, stream.substream("early advice"))
    suspect_investigation.link_identifications(records)
    suspect_investigation.identify_suspects(files, stream.substream("identified"))
    suspect_investigation.linked_children(files, stream.substream("linked children"))
    add_witness_care(files, stream.substream("witness care"))
    not_investigated(files, stream.substream("not investigated"))
    handovers(records, files, stream.substream("handovers"))
    offers(files, stream.substream("offers"))
    complaints(files, stream.substream("complaints"))
    reviews(files, stream.substream("reviews"))
    reopened(files, stream.substream("reopened"))
    closed_cases(files, stream.substream("closed cases"))
    transfers(files, stream.substream("transfers"))
    suspects_who_died(records, stream.substream("deaths"))
