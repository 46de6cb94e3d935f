"""Which victims complained or asked for a review of a decision, and how soon did the force answer?

The standards count working days: an answer in time comes in fewer calendar days than the standard has working days,
a late one in so many more that no holiday excuses it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from assay.synthetic.case_dossier import Dossier
from assay.synthetic.local_time import DAY, after, within
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_people import Person
from assay.synthetic.synthetic_tables import Row

NO_CHARGE = ("suspect_released_no_charge", "suspect_nfa_decided", "charge_decision")
NEVER = 0.06
"""The share of complaints and requests to which nobody replies."""


@dataclass(frozen=True)
class Wait:
    """Calendar days of an answer in time, and of a late one: lowest and highest."""

    in_time: tuple[int, int]
    late: tuple[int, int]

    def days(self, in_time: bool, chance: Chance) -> int:
        """One wait."""
        return chance.whole(*(self.in_time if in_time else self.late))


ACKNOWLEDGED = Wait((1, 9), (20, 45))  # 10 working days
ANSWERED = Wait((10, 19), (50, 80))  # 20 working days
REVIEWED = Wait((12, 29), (60, 95))  # 30 working days


def complaints(files: list[Dossier], chance: Chance) -> None:
    """Complaints by or for victims, at any time after the crime was recorded."""
    for one in files:
        for victim in one.case.victims:
            draw = chance.stream(one.case.ref, victim.key)
            if draw.happens(one.book.force.rate("complaint", one.case.recorded)):
                received = within(one.case.recorded + 5 * DAY, one.book.span.extracted_at, draw)
                _complaint(one, victim, received, draw)


def _complaint(one: Dossier, victim: Person, received: dt.datetime, chance: Chance) -> None:
    force, names = one.book.force, {"person_ref": one.ref(victim), "by_role": "other_police"}
    soon = chance.happens(force.rate("complaint_acknowledged_in_time", received))
    in_time = soon and chance.happens(force.rate("complaint_answered_in_time", received))
    acknowledged = after(received, ACKNOWLEDGED.days(soon, chance), chance)
    answered = after(received, ANSWERED.days(in_time, chance), chance)
    never = chance.happens(NEVER)
    ref = one.enter("complaint_received", received, **names)
    if ref and not never:
        one.enter("complaint_acknowledged", acknowledged, **names)
        one.enter("complaint_answered", answered, **names)
    if ref:
        state = {"acknowledged_in_time": soon and not never, "answered_in_time": in_time and not never}
        one.book.know("complaints", crime_ref=one.case.ref, event_ref=ref, person=victim.key, **state)


def reviews(files: list[Dossier], chance: Chance) -> None:
    """Requests for a review by victims who were told that nobody would be charged."""
    for one in files:
        for victim in one.case.victims:
            draw, told = chance.stream(one.case.ref, victim.key), _told_of_no_charge(one, victim)
            if told and draw.happens(one.book.force.rate("right_to_review", one.case.recorded)):
                _review(one, victim, told[0], draw)


def _told_of_no_charge(one: Dossier, victim: Person) -> list[Row]:
    """The notices to this victim that somebody would not be charged, where somebody had been asked."""
    decided = {row["detail"] for row in one.of("charge_decision")}
    if "charge" in decided or not one.of("suspect_interviewed_under_caution"):
        return []
    ref = one.ref(victim)
    return [row for row in one.of("victim_informed") if row["detail"] in NO_CHARGE and row["person_ref"] == ref]


def _review(one: Dossier, victim: Person, told: Row, chance: Chance) -> None:
    force, names = one.book.force, {"person_ref": one.ref(victim)}
    asked = after(told["happened_at"], min(1 + chance.exponential(20), 85), chance)
    soon = chance.happens(force.rate("review_acknowledged_in_time", asked))
    in_time = soon and chance.happens(force.rate("review_decided_in_time", asked))
    acknowledged = after(asked, ACKNOWLEDGED.days(soon, chance), chance)
    decided = after(asked, REVIEWED.days(in_time, chance), chance)
    result = "" if chance.happens(NEVER) else chance.weighted({"upheld": 8, "overturned": 1.2, "not_eligible": 0.8})
    ref = one.enter("vrr_requested", asked, **names, by_role="victim_liaison")
    if not ref:
        return
    state = {"acknowledged_in_time": soon and result != "", "decided_in_time": in_time and result != ""}
    whose = {"crime_ref": one.case.ref, "event_ref": ref, "person": victim.key}
    one.book.know("reviews", **whose, **state, result=result)
    by = "prosecutor" if told["detail"] == "charge_decision" else "superintendent"
    if result:
        one.enter("vrr_acknowledged", acknowledged, **names, by_role=by)
        known = one.enter("vrr_decided", decided, **names, by_role=by, detail=result)
        if known and result == "overturned":
            _opened_again(one, decided)


def _opened_again(one: Dossier, decided: dt.datetime) -> None:
    """A decision that did not stand: a closed crime is open again, and has no outcome at extraction."""
    again = decided + dt.timedelta(minutes=40)
    if not one.row["closed_at"] or not one.case.ends < again < one.book.span.extracted_at:
        return
    one.enter("earlier_closure", one.case.ends, by_role="supervisor")
    one.enter("crime_reopened", again, by_role="supervisor")
    one.book.know("reopened", crime_ref=one.case.ref, closed_at=one.case.ends, opened_at=again)
    one.row.update({"outcome_code": "NOA", "outcome_at": None, "closed_at": None})
    for row in one.parts:
        if row.get("suspect_outcome_code"):
            row["suspect_outcome_code"] = "NOA"
    truth = next(row for row in one.book.truth["crimes"] if row["crime_ref"] == one.case.ref)
    truth["ended_by_extraction"] = False
