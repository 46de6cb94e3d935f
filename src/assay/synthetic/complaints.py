"""Complaints and requests for a review of a decision, with the time to reply.

The standards count working days: a timely answer takes fewer calendar days than the standard has working days, a late
one so many more that holidays cannot make it timely.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from assay.synthetic.case_dossier import Dossier
from assay.synthetic.local_time import DAY, time_after, time_between
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_people import Person
from assay.synthetic.synthetic_tables import Row

NO_CHARGE = ("suspect_released_no_charge", "suspect_nfa_decided", "charge_decision")
NO_REPLY_SHARE = 0.06
"""The share of complaints and requests without a reply."""


@dataclass(frozen=True)
class Wait:
    """Lowest and highest calendar days of a timely and of a late answer."""

    in_time: tuple[int, int]
    late: tuple[int, int]

    def days(self, in_time: bool, stream: RandomStream) -> int:
        """One wait."""
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
