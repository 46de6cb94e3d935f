"""Follow-up for a child: disclosures, conferences, police protection, plans and referrals."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from assay.synthetic.exploited_child_records import exploited_children
from assay.synthetic.local_time import DAY, birthday, time_after
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_people import Person
from assay.synthetic.synthetic_tables import ForceRecords

THIRD_INDEX = 2  # the place of the third episode


def disclosures(records: ForceRecords, cases: list[Case], stream: RandomStream) -> None:
    """Add recorded disclosures of exploited children: to the police at the report, or to others before it."""
    first = {person.key: case for case in reversed(cases) for person in case.victims}
    for child in exploited_children(records, cases):
        draw, reported = stream.substream(child.key), first[child.key].reported
        if not draw.happens(records.force.rate("disclosure_entered", reported)):
            continue
        if draw.happens(0.15):
            disclosed_at, recipient = (
                time_after(reported - draw.integer(5, 60) * DAY, 0, draw),
                draw.pick(("education", "local_authority")),
            )
        else:
            disclosed_at, recipient = time_after(reported, draw.integer(0, 5), draw), "specialist_investigator"
        _add_step(records, child, "disclosure_recorded", disclosed_at, by_role=recipient)


def conferences(records: ForceRecords, stream: RandomStream) -> None:
    """Add core group meetings and the first review after an initial child protection conference."""
    known = _person_by_ref(records)
    for conference in [row for row in records.rows("events") if row["kind"] == "icpc_held"]:
        draw, child, since = (
            stream.substream(conference["event_ref"]),
            known[conference["person_ref"]],
            conference["happened_at"],
        )
        in_time = draw.happens(records.force.rate("core_group_in_time", since))
        first_meeting = time_after(since, draw.integer(3, 9) if in_time else draw.integer(20, 45), draw)
        _add_step(records, child, "core_group_held", first_meeting, by_role="local_authority")
        if draw.happens(0.6):
            second_meeting = time_after(first_meeting, draw.integer(24, 34), draw)
            _add_step(records, child, "core_group_held", second_meeting, by_role="local_authority")
        in_time = draw.happens(records.force.rate("review_conference_in_time", since))
        review = time_after(since, draw.integer(60, 85) if in_time else draw.integer(100, 150), draw)
        _add_step(records, child, "review_conference_held", review, by_role="local_authority")


def protection_notices(records: ForceRecords, stream: RandomStream) -> None:
    """Add whether the local authority was notified when police protection began."""
    known = _person_by_ref(records)
    for row in [row for row in records.rows("orders") if row["order_code"] == "PPP"]:
        draw, order_time = stream.substream(row["order_ref"]), row["made_at"]
        notice_time = order_time + dt.timedelta(minutes=20 + draw.exponential(240))
        if draw.happens(records.force.rate("la_informed", order_time)):
            names = {"by_role": "supervisor", "crime_ref": row["crime_ref"]}
            _add_step(records, known[row["person_ref"]], "la_informed", notice_time, **names)


def trigger_plans(records: ForceRecords, stream: RandomStream) -> None:
    """Add trigger plans after a child's third missing episode: what to do at once the next time."""
    known, episodes = _person_by_ref(records), defaultdict(list)
    for row in records.rows("missing"):
        episodes[row["person_ref"]].append(row)
    for ref, rows in episodes.items():
        if len(rows) <= THIRD_INDEX:
            continue
        third = sorted(rows, key=lambda row: row["started_at"])[THIRD_INDEX]
        draw, plan_ref = stream.substream(third["missing_ref"]), None
        since = third["ended_at"] or third["started_at"]
        if draw.happens(records.force.rate("trigger_plan", since)):
            names = {"by_role": "missing_officer", "missing_ref": third["missing_ref"]}
            plan_ref = _add_step(
                records, known[ref], "trigger_plan_made", time_after(since, draw.integer(0, 6), draw), **names
            )
        names = {"person": known[ref].key, "missing_ref": third["missing_ref"], "episodes": len(rows)}
        columns = names | {"made": plan_ref is not None}
        records.add_truth("trigger_plans", **columns)


def referrals(records: ForceRecords, stream: RandomStream) -> None:
    """Add referrals after a report without a crime, or after a flagged missing episode."""
    child_by_report = {
        row["report_ref"]: row["person_ref"] for row in records.rows("involvements") if row.get("report_ref")
    }
    for report in [row for row in records.rows("reports") if row["report_result"] == "referral_only"]:
        draw, ref = stream.substream(report["report_ref"]), report["report_ref"]
        if draw.happens(records.force.rate("child_referred", report["result_at"])):
            _add_referral(records, child_by_report[ref], report["result_at"], draw, report_ref=ref)
    flagged = {row["missing_ref"] for row in records.rows("flags") if row.get("missing_ref")}
    for episode in [row for row in records.rows("missing") if row["missing_ref"] in flagged and row["ended_at"]]:
        draw, ref = stream.substream(episode["missing_ref"]), episode["missing_ref"]
        if draw.happens(records.force.rate("child_referred", episode["ended_at"])):
            _add_referral(
                records, episode["person_ref"], time_after(episode["ended_at"], 0, draw), draw, missing_ref=ref
            )


def _add_referral(
    records: ForceRecords, child_ref: str, referral_time: dt.datetime, stream: RandomStream, **names: str
) -> None:
    answered = records.time_if_extracted(time_after(referral_time, stream.exponential(4), stream))
    decision = stream.weighted({"accepted": 7, "already_known": 2, "more_information_asked": 1, "refused": 1})
    if records.is_before_extraction(referral_time):
        records.add(
            "referrals",
            referral_ref=records.ref("RF"),
            direction="out",
            agency_kind="local_authority",
            person_ref=child_ref,
            made_at=referral_time,
            answered_at=answered,
            decision=decision if answered else None,
            decision_reason="threshold_not_met" if answered and decision == "refused" else None,
            **names,
        )


def _add_step(records: ForceRecords, child: Person, kind: str, when: dt.datetime, **more: object) -> str | None:
    """Add a step about a child, if they are still under 18."""
    return (
        records.add_event(kind, when, person_ref=child.ref, **more) if when.date() < birthday(child.born, 18) else None
    )


def _person_by_ref(records: ForceRecords) -> dict[str, Person]:
    return {ref: person for person in records.people.known for ref in person.refs}
