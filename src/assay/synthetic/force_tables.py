"""Tables of a synthetic force about itself: profiles, claims, teams and audits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from assay.synthetic.local_time import DAY
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_tables import ForceRecords
from assay.synthetic.synthetic_texts import table_text

SOURCES = (
    "police_crime",
    "police_missing",
    "police_intelligence",
    "local_authority",
    "education",
    "health",
    "voluntary",
)
APPROACHES = (
    "specialist_team",
    "early_advice",
    "joint_team",
    "dedicated_analyst",
    "missing_coordinator",
    "disruption_first",
    "other",
)


def profiles_and_claims(records: ForceRecords, stream: RandomStream) -> None:
    """Add problem profiles with their sources, and claims about the force, which may be far from the truth."""
    current = stream.happens(records.force.rate("profile_current_with_groups"))
    extracted = records.span.extracted_at.date()
    published = extracted - stream.integer(20, 340) * DAY if current else extracted - stream.integer(380, 900) * DAY
    with_groups = current or stream.happens(0.3)
    mapped = records.totals["groups"]
    ref = records.ref("P")
    records.add(
        "profiles",
        profile_ref=ref,
        published_on=published,
        data_from=published - 425 * DAY,
        data_to=published - 60 * DAY,
        has_group_section=with_groups,
        group_definition=stream.pick(("NET_IICSA", "COCAD", "none_stated")) if with_groups else "none_stated",
        claimed_crimes=round(records.force.crimes * stream.uniform(0.8, 1.1)),
        claimed_children=records.totals["children"] if stream.happens(0.7) else None,
        claimed_suspects=records.totals["suspects"] if stream.substream("suspects").happens(0.5) else None,
        claimed_groups=mapped if with_groups else None,
    )
    for source in SOURCES[: stream.integer(2, len(SOURCES))]:
        records.add("profile_sources", profile_ref=ref, source=source)
    records.add_truth("profiles", current_with_groups=current and with_groups)
    _claims(records, stream, mapped)


def _claims(records: ForceRecords, stream: RandomStream, mapped: int) -> None:
    claim_date = records.span.period_to - stream.integer(1, 200) * DAY
    title = table_text("document", stream)
    names = {
        "data_from": records.span.period_from,
        "data_to": records.span.period_to,
        "said_on": claim_date,
        "document": title,
    }
    none = mapped == 0 or stream.happens(records.force.rate("says_no_groups"))
    records.add(
        "claims",
        claim_ref=records.ref("CL"),
        about_kind="groups",
        claimed_value=None if none else mapped,
        claimed_status="none_exist" if none else None,
        **names,
    )
    trend = stream.pick(("rising", "falling", "unchanged"))
    records.add("claims", claim_ref=records.ref("CL"), about_kind="scale", claimed_status=trend, **names)
    records.add(
        "claims",
        claim_ref=records.ref("CL"),
        about_kind="recommendation",
        about_key="hmicfrs-2023-2",
        claimed_status="applied",
        **names,
    )
    honest = stream.happens(records.force.rate("claim_is_true"))
    true = records.totals["recorded_in_24h"] / max(records.totals["crimes"], 1)
    share = round(true if honest else min(true + stream.uniform(0.15, 0.4), 0.99), 2)
    assessed = records.force.rate("needs_assessment")
    claimed_values = {
        "recorded_in_24_hours": share,
        "needs_assessment_recorded": round(assessed if honest else min(assessed + stream.uniform(0.2, 0.4), 0.98), 2),
    }
    for indicator, value in claimed_values.items():
        records.add_truth("claims", about=indicator, honest=honest, claims_no_groups=none, mapped=mapped)
        records.add(
            "claims",
            claim_ref=records.ref("CL"),
            about_kind="indicator",
            about_key=indicator,
            claimed_value=value,
            **names,
        )


def teams(records: ForceRecords, stream: RandomStream) -> None:
    """Add ways of working, and the number of posts by month."""
    for kind in stream.sample(APPROACHES, stream.integer(1, 4)):
        start_date = records.span.period_to - stream.integer(60, 1500) * DAY
        coverage = "whole_force" if stream.happens(0.7) else "part_of_force"
        ended = start_date + stream.substream("ended", kind).integer(40, 700) * DAY
        has_ended = stream.substream("over", kind).happens(0.3) and records.is_before_extraction(ended)
        records.add(
            "approaches",
            approach_ref=records.ref("W"),
            approach_kind=kind,
            approach_named="Weekly case meeting" if kind == "other" else None,
            area=f"Area {stream.substream('area', kind).integer(1, 4)}" if coverage == "part_of_force" else None,
            covers=coverage,
            began_on=start_date,
            ended_on=ended if has_ended else None,
        )
    for kind in ("child_abuse", "exploitation"):
        funded = 2 + records.force.crimes * 365 // (records.span.days * 12)
        for first in _months(records.span.period_from, records.span.period_to):
            filled = max(funded - stream.integer(0, max(funded // 4, 1)), 1)
            trained = max(filled - stream.integer(0, max(filled // 3, 1)), 0)
            records.add(
                "capacity",
                month_start=first,
                team_kind=kind,
                posts_funded=funded,
                posts_filled=filled,
                posts_trained=trained,
                open_cases=stream.integer(2, 6) * filled,
            )


def _months(first: dt.date, end: dt.date) -> Iterator[dt.date]:
    """Return the first day of each month of a period."""
    for month in range(first.year * 12 + first.month - 1, end.year * 12 + end.month - 1):
        yield dt.date(month // 12, month % 12 + 1, 1)


def audits(records: ForceRecords, cases: list[Case], stream: RandomStream) -> None:
    """Add the force's own audit of a few crimes; sometimes a second reader replaces the answer."""
    for case in stream.sample(cases, min(12, len(cases) // 4)):
        draw = stream.substream(case.ref)
        sealed = dt.datetime.combine(
            records.span.period_to - draw.integer(1, 60) * DAY, dt.time(draw.integer(9, 16), 30)
        )
        first = _audit_mark(records, case, "first", sealed, None, draw)
        second_stream = draw.substream("again")
        if second_stream.happens(0.2):
            _audit_mark(records, case, "adjudicated", sealed + second_stream.integer(1, 40) * DAY, first, second_stream)


def _audit_mark(
    records: ForceRecords,
    case: Case,
    marking_round: str,
    sealed: dt.datetime,
    replaced: str | None,
    stream: RandomStream,
) -> str:
    ref = records.ref("MK")
    records.add(
        "marks",
        mark_ref=ref,
        subject_kind="crime",
        subject_ref=case.ref,
        question_set="own_audit",
        question_set_version="1",
        question="plan_entered",
        answer=_audit_answer(records, stream),
        reason=table_text("reason", stream) if stream.happens(records.force.rate("audit_gives_reason")) else None,
        marker_code=f"A{stream.integer(1, 4)}",
        marker_kind="force_auditor",
        marking_round=marking_round,
        sealed_at=sealed,
        supersedes_mark_ref=replaced,
    )
    return ref


def _audit_answer(records: ForceRecords, stream: RandomStream) -> str:
    if stream.happens(records.force.rate("audit_finds_met")):
        return "met"
    return stream.weighted({"partly_met": 2, "not_met": 2, "not_enough_evidence": 0.5})
