"""Missing episodes of children: number, grading and return interviews."""

from __future__ import annotations

import datetime as dt

from assay.synthetic.calibration import figure_value, mixes
from assay.synthetic.exploited_child_records import child_columns, exploited_children, new_child
from assay.synthetic.local_time import DAY, birthday, random_minute, time_after
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_people import Person
from assay.synthetic.synthetic_tables import ForceRecords


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
