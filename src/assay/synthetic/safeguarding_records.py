"""Safeguarding records of children: missing episodes, assessments, registers, referrals and meetings."""

from __future__ import annotations

import datetime as dt

from assay.synthetic.calibration import figure_value, mixes
from assay.synthetic.exploited_child_records import child_columns, exploited_children, new_child
from assay.synthetic.local_time import DAY, birthday, random_minute, time_after
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_people import Person
from assay.synthetic.synthetic_tables import ForceRecords
from assay.synthetic.synthetic_texts import table_text

TIERS = ("low", "medium", "high", "very_high")
SERAF_BANDS = (
    (5, "none", "category 1"),
    (10, "low", "category 2"),
    (15, "medium", "category 3"),
    (99, "high", "category 4"),
)
ITEMS = (
    *((f"V{n}", "vulnerability") for n in range(1, 7)),
    *((f"M{n}", "moderate") for n in range(1, 6)),
    *((f"S{n}", "significant") for n in range(1, 5)),
)


def add_safeguarding(records: ForceRecords, cases: list[Case], stream: RandomStream) -> None:
    """Add assessments, time on lists, referrals and steps for exploited children, and reports without a crime."""
    first = {person.key: case for case in reversed(cases) for person in case.victims}
    for child in exploited_children(records, cases):
        draw, since = stream.substream(child.key), first[child.key].recorded
        if birthday(child.born, 18) <= since.date() + dt.timedelta(days=60):
            continue
        if draw.happens(0.6):
            _assessments(records, child, since, draw)
        if draw.happens(0.35):
            _register(records, child, since, draw)
        if draw.happens(records.force.rate("child_referred")):
            _referral(records, child, since, draw)
        if draw.happens(0.4):
            _meetings(records, child, since, draw)
        if draw.happens(0.3):
            _risk_flag(records, child, since, draw)
    for place in range(round(records.crimes * 0.22)):
        _report_without_crime(records, stream.substream("report", place))


def _assessments(records: ForceRecords, child: Person, since: dt.datetime, stream: RandomStream) -> None:
    when = time_after(since, stream.exponential(20), stream)
    for _ in range(3):
        if not records.is_before_extraction(when) or birthday(child.born, 18) <= when.date():
            return
        _assessment(records, child, when, stream)
        when = time_after(when, stream.integer(60, 140), stream)
        if not stream.happens(0.55):
            return


def _assessment(records: ForceRecords, child: Person, when: dt.datetime, stream: RandomStream) -> None:
    ref = records.ref("A")
    if records.force.welsh:
        score = sum(_item(records, ref, code, kind, stream) for code, kind in ITEMS)
        band, local = next((band, local) for highest_score, band, local in SERAF_BANDS if score <= highest_score)
    else:
        score, band = stream.integer(3, 30), stream.pick(TIERS[:3])
        local = {"low": "standard", "medium": "medium", "high": "significant"}[band]
    is_override = stream.happens(0.08) and not records.force.welsh
    records.add(
        "assessments",
        assessment_ref=ref,
        person_ref=child.ref,
        assessed_at=when,
        tool="SERAF" if records.force.welsh else "LOCAL_CSE_TOOLKIT",
        score=score,
        band_local=local,
        band=band,
        harm_finding=_harm(records, stream),
        override=is_override,
        override_reason_given=stream.happens(0.6) if is_override else None,
        by_role=stream.pick(("safeguarding_officer", "specialist_investigator")),
        narrative=table_text("narrative", stream) if stream.happens(records.force.rate("narrative_written")) else None,
    )


def _harm(records: ForceRecords, stream: RandomStream) -> str:
    """Return the harm column of an assessment; every child whom this module assesses was harmed."""
    if stream.happens(records.force.rate("called_at_risk_only")):
        return "at_risk_only"
    return stream.weighted({"harm_suspected": 3, "harm_known": 2, "not_stated": 1})


def _item(records: ForceRecords, ref: str, code: str, kind: str, stream: RandomStream) -> int:
    """Add one item of the scored tool; return its points: 1 each; a significant sign now 5, earlier 1, both 6."""
    if kind == "significant":
        present = stream.weighted({"no": 7, "last_6_months": 2, "6_to_12_months": 1, "both": 0.5})
        points = {"no": 0, "last_6_months": 5, "6_to_12_months": 1, "both": 6}[present]
    else:
        present_value = "yes" if kind == "vulnerability" else "last_6_months"
        present = present_value if stream.happens(0.4) else "no"
        points = int(present != "no")
    records.add("assessment_items", assessment_ref=ref, item_code=code, item_kind=kind, present=present, points=points)
    return points


def _register(records: ForceRecords, child: Person, since: dt.datetime, stream: RandomStream) -> None:
    """Add consecutive spells on the list of children at risk, each at one tier."""
    kind = stream.pick(("police", "multi_agency"))
    starts, tier = time_after(since, stream.integer(3, 40), stream).date(), stream.integer(1, 3)
    for _ in range(3):
        too_soon = stream.happens(records.force.rate("removed_too_soon"))
        ends = starts + dt.timedelta(days=stream.integer(14, 30) if too_soon else stream.integer(40, 160))
        has_ended = records.is_before_extraction(ends)
        if not records.is_before_extraction(starts):
            return
        more = has_ended and stream.happens(0.6) and not too_soon
        reason = ("tier_changed" if more else "risk_reduced") if has_ended else None
        records.add(
            "registers",
            register_ref=records.ref("L"),
            register_kind=kind,
            person_ref=child.ref,
            tier_local=f"tier {tier}",
            tier=TIERS[tier],
            started_on=starts,
            ended_on=ends if has_ended else None,
            reason_ended=reason,
        )
        if too_soon and has_ended:
            records.repeat_dates[child.key] = ends + dt.timedelta(days=stream.integer(5, 80))
        if has_ended:
            records.add_truth("removals", person=child.key, ended_on=ends, too_soon=too_soon)
        if not more:
            return
        starts, tier = ends, max(tier - 1, 0)


def _referral(records: ForceRecords, child: Person, since: dt.datetime, stream: RandomStream) -> None:
    inward = stream.happens(0.4)
    other_agencies = {"education": 2, "health": 2} if inward else {"nrm": 2}
    agency = stream.weighted({"local_authority": 7} | other_agencies)
    referral_time = time_after(since, stream.integer(0, 12), stream)
    answered = time_after(referral_time, stream.exponential(4), stream)
    if not records.is_before_extraction(referral_time):
        return
    reached = records.time_if_extracted(answered) if stream.happens(0.85) else None
    refused = stream.happens(0.15)
    good, bad = ("positive_decision", "negative_decision") if agency == "nrm" else ("accepted", "refused")
    records.add(
        "referrals",
        referral_ref=records.ref("RF"),
        direction="in" if inward else "out",
        agency_kind=agency,
        person_ref=child.ref,
        made_at=referral_time,
        answered_at=reached,
        decision=(bad if refused else good) if reached else None,
        decision_reason=stream.pick(("threshold_not_met", "no_consent")) if reached and refused else None,
        feedback_at=records.time_if_extracted(time_after(answered, stream.integer(1, 20), stream))
        if reached and inward
        else None,
    )


def _meetings(records: ForceRecords, child: Person, since: dt.datetime, stream: RandomStream) -> None:
    """Add recorded signs, the strategy discussion and what followed it."""
    names = {"person_ref": child.ref}
    signs = time_after(since, stream.integer(0, 6), stream)
    discussion_time = time_after(signs, stream.integer(0, 4), stream)
    begins = stream.happens(0.6)
    records.add_event("indicators_recorded", signs, by_role="investigator", detail="exploitation", **names)
    records.add_event(
        "reasonable_cause_significant_harm", signs + dt.timedelta(minutes=30), by_role="supervisor", **names
    )
    detail = "starts_s47" if begins else "no_s47"
    records.add_event(
        "strategy_discussion_held", discussion_time, by_role="safeguarding_officer", detail=detail, **names
    )
    due = discussion_time.date() + dt.timedelta(days=21)
    action = records.add_event(
        "safeguarding_action_agreed",
        discussion_time + dt.timedelta(minutes=50),
        by_role="safeguarding_officer",
        due_on=due,
        **names,
    )
    if action and stream.happens(0.75):
        done = time_after(discussion_time, stream.integer(2, 40), stream)
        records.add_event(
            "safeguarding_action_done", done, about_event_ref=action, by_role="safeguarding_officer", **names
        )
    if begins:
        finished = time_after(discussion_time, stream.integer(15, 60), stream)
        records.add_event("s47_started", discussion_time + dt.timedelta(minutes=55), by_role="local_authority", **names)
        records.add_event("assessment_completed", finished, by_role="local_authority", **names)
        if stream.happens(0.5):
            records.add_event(
                "icpc_held",
                time_after(discussion_time, stream.integer(10, 30), stream),
                by_role="local_authority",
                **names,
            )


def _risk_flag(records: ForceRecords, child: Person, since: dt.datetime, stream: RandomStream) -> None:
    added = time_after(since, stream.exponential(15), stream)
    if records.is_before_extraction(added):
        records.add(
            "flags",
            flag_ref=records.ref("F"),
            person_ref=child.ref,
            flag="cse_risk_child",
            added_at=added,
            added_by_role="safeguarding_officer",
        )


def _report_without_crime(records: ForceRecords, stream: RandomStream) -> None:
    """Add a report about a child that led to no crime, with the child as its subject."""
    received = random_minute(records.span.period_from + stream.integer(0, records.span.days - 1) * DAY, stream)
    result = stream.weighted({"n100": 3, "referral_only": 4, "intelligence_only": 2, "no_action": 2, "pending": 0.5})
    decided = time_after(received, stream.integer(0, 9), stream)
    ref = records.ref("R")
    reason_noted_at = received + dt.timedelta(minutes=stream.integer(30, 1300)) if result == "n100" else None
    records.add(
        "reports",
        report_ref=ref,
        received_at=received,
        source=stream.pick(("education", "health", "parent_or_carer", "local_authority")),
        n100_at=reason_noted_at,
        report_result=result,
        result_at=None if result == "pending" else decided,
    )
    child = new_child(records, stream)
    columns = child_columns(child, records.force, stream)
    records.add("involvements", involvement_ref=records.ref("V"), report_ref=ref, role="subject", **columns)


# Missing episodes of children: number, grading and return interviews.


def children_missing(records: ForceRecords, cases: list[Case], stream: RandomStream) -> None:
    """Add missing episodes of children; some are victims of crimes in the return, most are not."""
    number = round(records.crimes * figure_value("missing_children_per_crime"))
    until = birthday(records.span.period_to, -18)
    victims = [child for child in exploited_children(records, cases) if child.born > until]
    known = stream.sample(victims, number // 5)
    for place in range(number):
        draw = stream.substream(place)
        child = known[place] if place < len(known) else new_child(records, draw)
        _episodes(records, child, draw)
    _repeat_episodes(records, victims, {child.key for child in known}, stream.substream("again"))


def _repeat_episodes(records: ForceRecords, victims: list[Person], known: set[str], stream: RandomStream) -> None:
    """Add one more episode for children removed from the list too soon, unless they already have many."""
    for child in victims:
        when = records.repeat_dates.get(child.key)
        if when and child.key not in known and when < records.span.period_to and birthday(child.born, 18) > when:
            draw = stream.substream(child.key)
            _episode(records, child, random_minute(when, draw, first_hour=14, last_hour=23), draw)


def _episodes(records: ForceRecords, child: Person, stream: RandomStream) -> None:
    """Add the non-overlapping episodes of one child in the period; many children have one, a few have many."""
    mean = figure_value("missing_incidents_per_child")
    number = 1 + int(stream.exponential(mean - 0.5))
    starts = sorted(records.span.period_from + stream.integer(0, records.span.days - 1) * DAY for _ in range(number))
    free_from = dt.datetime.combine(records.span.period_from, dt.time(0, 1))
    for started_on in starts:
        started = random_minute(started_on, stream, first_hour=14, last_hour=23)
        if started < free_from or birthday(child.born, 18) <= started_on:
            continue
        free_from = _episode(records, child, started, stream)


def _episode(records: ForceRecords, child: Person, started: dt.datetime, stream: RandomStream) -> dt.datetime:
    """Add one episode with its follow-up; return the time from which the next may begin."""
    hours = stream.uniform(1, 46) if stream.happens(figure_value("missing_ended_48h")) else stream.lognormal(90, 0.6)
    ended = started + dt.timedelta(hours=hours)
    ref, force = records.ref("M"), records.force
    grade = _grade(records, stream)
    records.add(
        "missing",
        missing_ref=ref,
        person_ref=child.ref,
        started_at=started,
        ended_at=records.time_if_extracted(ended),
        first_grade=grade,
    )
    columns = child_columns(child, force, stream)
    records.add("involvements", involvement_ref=records.ref("V"), missing_ref=ref, role="subject", **columns)
    if stream.happens(force.rate("missing_flagged")):
        later = time_after(started, stream.integer(0, 2), stream)
        added = later if records.is_before_extraction(later) else started
        records.add(
            "flags",
            flag_ref=records.ref("F"),
            missing_ref=ref,
            flag="cse",
            added_at=added,
            added_by_role="missing_officer",
        )
    if stream.happens(0.12):
        regraded = started + dt.timedelta(minutes=stream.integer(60, 600))
        if regraded < ended:
            detail = "high" if grade != "high" else "medium"
            records.add_event("missing_regraded", regraded, missing_ref=ref, by_role="supervisor", detail=detail)
    if records.is_before_extraction(ended):
        _after_return(records, ref, ended, stream)
    return ended + dt.timedelta(hours=6)


def _grade(records: ForceRecords, stream: RandomStream) -> str:
    if stream.happens(records.force.rate("graded_low")):
        return "low"
    return stream.weighted({key: share for key, share in mixes()["missing_grade"].items() if key != "low"})


def _after_return(records: ForceRecords, ref: str, ended: dt.datetime, stream: RandomStream) -> None:
    force = records.force
    names = {"missing_ref": ref}
    if stream.happens(0.7):
        prevention_time = time_after(ended, stream.integer(0, 3), stream)
        records.add_event("prevention_interview_completed", prevention_time, by_role="missing_officer", **names)
    if stream.happens(0.35):
        records.add_event(
            "intelligence_submitted",
            time_after(ended, stream.integer(0, 5), stream),
            by_role="missing_officer",
            **names,
        )
    is_interviewed = stream.happens(force.rate("return_interview_any"))
    in_time = stream.happens(force.rate("return_interview_72h", ended))
    interview_time = ended + dt.timedelta(hours=stream.uniform(5, 70) if in_time else stream.uniform(80, 400))
    if is_interviewed or stream.happens(0.6):
        offered = ended + (interview_time - ended) * 0.4
        records.add_event("return_interview_offered", offered, by_role="local_authority", **names)
        if is_interviewed:
            records.add_event("return_interview_completed", interview_time, by_role="return_interviewer", **names)
        elif stream.happens(0.6):
            declined = offered + dt.timedelta(hours=stream.uniform(1, 40))
            records.add_event("return_interview_declined", declined, by_role="return_interviewer", **names)
