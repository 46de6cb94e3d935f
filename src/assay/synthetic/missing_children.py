"""Which children were missing, how often, how were they graded, and who spoke with them afterwards?"""

from __future__ import annotations

import datetime as dt

from assay.synthetic.calibration import figure, mixes
from assay.synthetic.exploited_child_records import as_named, exploited_children, new_child
from assay.synthetic.local_time import DAY, after, birthday, minute
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_people import Person
from assay.synthetic.synthetic_tables import Book


def children_missing(book: Book, cases: list[Case], chance: Chance) -> None:
    """Episodes of children missing: some of them victims of crimes sent, most of them not."""
    number = round(book.crimes * figure("missing_children_per_crime"))
    until = birthday(book.span.period_to, -18)
    victims = [child for child in exploited_children(book, cases) if child.born > until]
    known = chance.some(victims, number // 5)
    for place in range(number):
        draw = chance.stream(place)
        child = known[place] if place < len(known) else new_child(book, draw)
        _episodes(book, child, draw)
    _again(book, victims, {child.key for child in known}, chance.stream("again"))


def _again(book: Book, victims: list[Person], known: set[str], chance: Chance) -> None:
    """Children who were taken off the list too soon are missing once more, unless they are missing often anyway."""
    for child in victims:
        when = book.again.get(child.key)
        if when and child.key not in known and when < book.span.period_to and birthday(child.born, 18) > when:
            draw = chance.stream(child.key)
            _episode(book, child, minute(when, draw, first_hour=14, last_hour=23), draw)


def _episodes(book: Book, child: Person, chance: Chance) -> None:
    """One child's episodes in the period, none overlapping another; many children have one, a few have many."""
    mean = figure("missing_incidents_per_child")
    number = 1 + int(chance.exponential(mean - 0.5))
    starts = sorted(book.span.period_from + chance.whole(0, book.span.days - 1) * DAY for _ in range(number))
    free_from = dt.datetime.combine(book.span.period_from, dt.time(0, 1))
    for started_on in starts:
        started = minute(started_on, chance, first_hour=14, last_hour=23)
        if started < free_from or birthday(child.born, 18) <= started_on:
            continue
        free_from = _episode(book, child, started, chance)


def _episode(book: Book, child: Person, started: dt.datetime, chance: Chance) -> dt.datetime:
    """One episode with what followed; the time from which the next may begin."""
    hours = chance.between(1, 46) if chance.happens(figure("missing_ended_48h")) else chance.lognormal(90, 0.6)
    ended = started + dt.timedelta(hours=hours)
    ref, force = book.ref("M"), book.force
    grade = _grade(book, chance)
    book.add(
        "missing",
        missing_ref=ref,
        person_ref=child.ref,
        started_at=started,
        ended_at=book.by_now(ended),
        first_grade=grade,
    )
    named = as_named(child, force, chance)
    book.add("involvements", involvement_ref=book.ref("V"), missing_ref=ref, role="subject", **named)
    if chance.happens(force.rate("missing_flagged")):
        later = after(started, chance.whole(0, 2), chance)
        added = later if book.seen(later) else started
        book.add(
            "flags",
            flag_ref=book.ref("F"),
            missing_ref=ref,
            flag="cse",
            added_at=added,
            added_by_role="missing_officer",
        )
    if chance.happens(0.12):
        regraded = started + dt.timedelta(minutes=chance.whole(60, 600))
        if regraded < ended:
            detail = "high" if grade != "high" else "medium"
            book.step("missing_regraded", regraded, missing_ref=ref, by_role="supervisor", detail=detail)
    if book.seen(ended):
        _after_return(book, ref, ended, chance)
    return ended + dt.timedelta(hours=6)


def _grade(book: Book, chance: Chance) -> str:
    if chance.happens(book.force.rate("graded_low")):
        return "low"
    return chance.weighted({key: share for key, share in mixes()["missing_grade"].items() if key != "low"})


def _after_return(book: Book, ref: str, ended: dt.datetime, chance: Chance) -> None:
    force = book.force
    names = {"missing_ref": ref}
    if chance.happens(0.7):
        spoken = after(ended, chance.whole(0, 3), chance)
        book.step("prevention_interview_completed", spoken, by_role="missing_officer", **names)
    if chance.happens(0.35):
        book.step(
            "intelligence_submitted", after(ended, chance.whole(0, 5), chance), by_role="missing_officer", **names
        )
    held = chance.happens(force.rate("return_interview_any"))
    in_time = chance.happens(force.rate("return_interview_72h", ended))
    done = ended + dt.timedelta(hours=chance.between(5, 70) if in_time else chance.between(80, 400))
    if held or chance.happens(0.6):
        offered = ended + (done - ended) * 0.4
        book.step("return_interview_offered", offered, by_role="local_authority", **names)
        if held:
            book.step("return_interview_completed", done, by_role="return_interviewer", **names)
        elif chance.happens(0.6):
            declined = offered + dt.timedelta(hours=chance.between(1, 40))
            book.step("return_interview_declined", declined, by_role="return_interviewer", **names)
