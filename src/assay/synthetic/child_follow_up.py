"""What followed for a child: what the child had said, conferences, police protection, plans and referrals?"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from assay.synthetic.exploited_child_records import exploited_children
from assay.synthetic.local_time import DAY, after, birthday
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_people import Person
from assay.synthetic.synthetic_tables import Book

THIRD = 2  # the place of the third episode


def disclosures(book: Book, cases: list[Case], chance: Chance) -> None:
    """What exploited children said and somebody entered: to the police at the report, or to others before it."""
    first = {person.key: case for case in reversed(cases) for person in case.victims}
    for child in exploited_children(book, cases):
        draw, reported = chance.stream(child.key), first[child.key].reported
        if not draw.happens(book.force.rate("disclosure_entered", reported)):
            continue
        if draw.happens(0.15):
            said, to = after(reported - draw.whole(5, 60) * DAY, 0, draw), draw.pick(("education", "local_authority"))
        else:
            said, to = after(reported, draw.whole(0, 5), draw), "specialist_investigator"
        _step(book, child, "disclosure_recorded", said, by_role=to)


def conferences(book: Book, chance: Chance) -> None:
    """Core groups and the first review after an initial conference."""
    known = _by_ref(book)
    for held in [row for row in book.rows("events") if row["kind"] == "icpc_held"]:
        draw, child, since = chance.stream(held["event_ref"]), known[held["person_ref"]], held["happened_at"]
        in_time = draw.happens(book.force.rate("core_group_in_time", since))
        met = after(since, draw.whole(3, 9) if in_time else draw.whole(20, 45), draw)
        _step(book, child, "core_group_held", met, by_role="local_authority")
        if draw.happens(0.6):
            again = after(met, draw.whole(24, 34), draw)
            _step(book, child, "core_group_held", again, by_role="local_authority")
        in_time = draw.happens(book.force.rate("review_conference_in_time", since))
        review = after(since, draw.whole(60, 85) if in_time else draw.whole(100, 150), draw)
        _step(book, child, "review_conference_held", review, by_role="local_authority")


def told_of_protection(book: Book, chance: Chance) -> None:
    """Whether the local authority was told when police protection began."""
    known = _by_ref(book)
    for row in [row for row in book.rows("orders") if row["order_code"] == "PPP"]:
        draw, made = chance.stream(row["order_ref"]), row["made_at"]
        told = made + dt.timedelta(minutes=20 + draw.exponential(240))
        if draw.happens(book.force.rate("la_informed", made)):
            names = {"by_role": "supervisor", "crime_ref": row["crime_ref"]}
            _step(book, known[row["person_ref"]], "la_informed", told, **names)


def trigger_plans(book: Book, chance: Chance) -> None:
    """After a child's third missing episode: whether it was planned what is done at once the next time."""
    known, episodes = _by_ref(book), defaultdict(list)
    for row in book.rows("missing"):
        episodes[row["person_ref"]].append(row)
    for ref, rows in episodes.items():
        if len(rows) <= THIRD:
            continue
        third = sorted(rows, key=lambda row: row["started_at"])[THIRD]
        draw, made = chance.stream(third["missing_ref"]), None
        since = third["ended_at"] or third["started_at"]
        if draw.happens(book.force.rate("trigger_plan", since)):
            names = {"by_role": "missing_officer", "missing_ref": third["missing_ref"]}
            made = _step(book, known[ref], "trigger_plan_made", after(since, draw.whole(0, 6), draw), **names)
        names = {"person": known[ref].key, "missing_ref": third["missing_ref"], "episodes": len(rows)}
        book.know("trigger_plans", **names, made=made is not None)


def referrals(book: Book, chance: Chance) -> None:
    """Referrals out that came of a report without a crime, or of a missing episode that was flagged."""
    of_report = {row["report_ref"]: row["person_ref"] for row in book.rows("involvements") if row.get("report_ref")}
    for report in [row for row in book.rows("reports") if row["report_result"] == "referral_only"]:
        draw, ref = chance.stream(report["report_ref"]), report["report_ref"]
        if draw.happens(book.force.rate("child_referred", report["result_at"])):
            _referred(book, of_report[ref], report["result_at"], draw, report_ref=ref)
    flagged = {row["missing_ref"] for row in book.rows("flags") if row.get("missing_ref")}
    for episode in [row for row in book.rows("missing") if row["missing_ref"] in flagged and row["ended_at"]]:
        draw, ref = chance.stream(episode["missing_ref"]), episode["missing_ref"]
        if draw.happens(book.force.rate("child_referred", episode["ended_at"])):
            _referred(book, episode["person_ref"], after(episode["ended_at"], 0, draw), draw, missing_ref=ref)


def _referred(book: Book, child_ref: str, made: dt.datetime, chance: Chance, **names: str) -> None:
    answered = book.by_now(after(made, chance.exponential(4), chance))
    decision = chance.weighted({"accepted": 7, "already_known": 2, "more_information_asked": 1, "refused": 1})
    if book.seen(made):
        book.add(
            "referrals",
            referral_ref=book.ref("RF"),
            direction="out",
            agency_kind="local_authority",
            person_ref=child_ref,
            made_at=made,
            answered_at=answered,
            decision=decision if answered else None,
            decision_reason="threshold_not_met" if answered and decision == "refused" else None,
            **names,
        )


def _step(book: Book, child: Person, kind: str, when: dt.datetime, **more: object) -> str | None:
    """A step about a child, while they are one."""
    return book.step(kind, when, person_ref=child.ref, **more) if when.date() < birthday(child.born, 18) else None


def _by_ref(book: Book) -> dict[str, Person]:
    return {ref: person for person in book.people.known for ref in person.refs}
