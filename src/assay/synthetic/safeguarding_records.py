"""What was done to keep an exploited child safe: assessments, lists, referrals, meetings; and reports with no crime?"""

from __future__ import annotations

import datetime as dt

from assay.synthetic.exploited_child_records import as_named, exploited_children, new_child
from assay.synthetic.local_time import DAY, after, birthday, minute
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_people import Person
from assay.synthetic.synthetic_tables import Book
from assay.synthetic.synthetic_texts import phrase

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


def safeguarding(book: Book, cases: list[Case], chance: Chance) -> None:
    """Assessments, lists, referrals and steps for exploited children, and reports that led to no crime."""
    first = {person.key: case for case in reversed(cases) for person in case.victims}
    for child in exploited_children(book, cases):
        draw, since = chance.stream(child.key), first[child.key].recorded
        if birthday(child.born, 18) <= since.date() + dt.timedelta(days=60):
            continue
        if draw.happens(0.6):
            _assessments(book, child, since, draw)
        if draw.happens(0.35):
            _register(book, child, since, draw)
        if draw.happens(book.force.rate("child_referred")):
            _referral(book, child, since, draw)
        if draw.happens(0.4):
            _meetings(book, child, since, draw)
        if draw.happens(0.3):
            _risk_flag(book, child, since, draw)
    for place in range(round(book.crimes * 0.22)):
        _report_without_crime(book, chance.stream("report", place))


def _assessments(book: Book, child: Person, since: dt.datetime, chance: Chance) -> None:
    when = after(since, chance.exponential(20), chance)
    for _ in range(3):
        if not book.seen(when) or birthday(child.born, 18) <= when.date():
            return
        _assessment(book, child, when, chance)
        when = after(when, chance.whole(60, 140), chance)
        if not chance.happens(0.55):
            return


def _assessment(book: Book, child: Person, when: dt.datetime, chance: Chance) -> None:
    ref = book.ref("A")
    if book.force.welsh:
        score = sum(_item(book, ref, code, kind, chance) for code, kind in ITEMS)
        band, local = next((band, local) for most, band, local in SERAF_BANDS if score <= most)
    else:
        score, band = chance.whole(3, 30), chance.pick(TIERS[:3])
        local = {"low": "standard", "medium": "medium", "high": "significant"}[band]
    other = chance.happens(0.08) and not book.force.welsh
    book.add(
        "assessments",
        assessment_ref=ref,
        person_ref=child.ref,
        assessed_at=when,
        tool="SERAF" if book.force.welsh else "LOCAL_CSE_TOOLKIT",
        score=score,
        band_local=local,
        band=band,
        harm_finding=_harm(book, chance),
        override=other,
        override_reason_given=chance.happens(0.6) if other else None,
        by_role=chance.pick(("safeguarding_officer", "specialist_investigator")),
        narrative=phrase("narrative", chance) if chance.happens(book.force.rate("narrative_written")) else None,
    )


def _harm(book: Book, chance: Chance) -> str:
    """What the assessment says of harm; every child assessed here has been harmed."""
    if chance.happens(book.force.rate("called_at_risk_only")):
        return "at_risk_only"
    return chance.weighted({"harm_suspected": 3, "harm_known": 2, "not_stated": 1})


def _item(book: Book, ref: str, code: str, kind: str, chance: Chance) -> int:
    """One item of the scored tool and its points: 1 each; a significant sign now 5, earlier 1, both 6."""
    if kind == "significant":
        present = chance.weighted({"no": 7, "last_6_months": 2, "6_to_12_months": 1, "both": 0.5})
        points = {"no": 0, "last_6_months": 5, "6_to_12_months": 1, "both": 6}[present]
    else:
        there = "yes" if kind == "vulnerability" else "last_6_months"
        present = there if chance.happens(0.4) else "no"
        points = int(present != "no")
    book.add("assessment_items", assessment_ref=ref, item_code=code, item_kind=kind, present=present, points=points)
    return points


def _register(book: Book, child: Person, since: dt.datetime, chance: Chance) -> None:
    """Spells on the list of children at risk, each at one tier, one after the other."""
    kind = chance.pick(("police", "multi_agency"))
    starts, tier = after(since, chance.whole(3, 40), chance).date(), chance.whole(1, 3)
    for _ in range(3):
        too_soon = chance.happens(book.force.rate("removed_too_soon"))
        ends = starts + dt.timedelta(days=chance.whole(14, 30) if too_soon else chance.whole(40, 160))
        over = book.seen(ends)
        if not book.seen(starts):
            return
        more = over and chance.happens(0.6) and not too_soon
        reason = ("tier_changed" if more else "risk_reduced") if over else None
        book.add(
            "registers",
            register_ref=book.ref("L"),
            register_kind=kind,
            person_ref=child.ref,
            tier_local=f"tier {tier}",
            tier=TIERS[tier],
            started_on=starts,
            ended_on=ends if over else None,
            reason_ended=reason,
        )
        if too_soon and over:
            book.again[child.key] = ends + dt.timedelta(days=chance.whole(5, 80))
        if over:
            book.know("removals", person=child.key, ended_on=ends, too_soon=too_soon)
        if not more:
            return
        starts, tier = ends, max(tier - 1, 0)


def _referral(book: Book, child: Person, since: dt.datetime, chance: Chance) -> None:
    inward = chance.happens(0.4)
    others = {"education": 2, "health": 2} if inward else {"nrm": 2}
    agency = chance.weighted({"local_authority": 7} | others)
    made = after(since, chance.whole(0, 12), chance)
    answered = after(made, chance.exponential(4), chance)
    if not book.seen(made):
        return
    reached = book.by_now(answered) if chance.happens(0.85) else None
    refused = chance.happens(0.15)
    good, bad = ("positive_decision", "negative_decision") if agency == "nrm" else ("accepted", "refused")
    book.add(
        "referrals",
        referral_ref=book.ref("RF"),
        direction="in" if inward else "out",
        agency_kind=agency,
        person_ref=child.ref,
        made_at=made,
        answered_at=reached,
        decision=(bad if refused else good) if reached else None,
        decision_reason=chance.pick(("threshold_not_met", "no_consent")) if reached and refused else None,
        feedback_at=book.by_now(after(answered, chance.whole(1, 20), chance)) if reached and inward else None,
    )


def _meetings(book: Book, child: Person, since: dt.datetime, chance: Chance) -> None:
    """Signs entered, the strategy discussion and what followed it."""
    names = {"person_ref": child.ref}
    signs = after(since, chance.whole(0, 6), chance)
    held = after(signs, chance.whole(0, 4), chance)
    begins = chance.happens(0.6)
    book.step("indicators_recorded", signs, by_role="investigator", detail="exploitation", **names)
    book.step("reasonable_cause_significant_harm", signs + dt.timedelta(minutes=30), by_role="supervisor", **names)
    detail = "starts_s47" if begins else "no_s47"
    book.step("strategy_discussion_held", held, by_role="safeguarding_officer", detail=detail, **names)
    due = held.date() + dt.timedelta(days=21)
    action = book.step(
        "safeguarding_action_agreed",
        held + dt.timedelta(minutes=50),
        by_role="safeguarding_officer",
        due_on=due,
        **names,
    )
    if action and chance.happens(0.75):
        done = after(held, chance.whole(2, 40), chance)
        book.step("safeguarding_action_done", done, about_event_ref=action, by_role="safeguarding_officer", **names)
    if begins:
        finished = after(held, chance.whole(15, 60), chance)
        book.step("s47_started", held + dt.timedelta(minutes=55), by_role="local_authority", **names)
        book.step("assessment_completed", finished, by_role="local_authority", **names)
        if chance.happens(0.5):
            book.step("icpc_held", after(held, chance.whole(10, 30), chance), by_role="local_authority", **names)


def _risk_flag(book: Book, child: Person, since: dt.datetime, chance: Chance) -> None:
    added = after(since, chance.exponential(15), chance)
    if book.seen(added):
        book.add(
            "flags",
            flag_ref=book.ref("F"),
            person_ref=child.ref,
            flag="cse_risk_child",
            added_at=added,
            added_by_role="safeguarding_officer",
        )


def _report_without_crime(book: Book, chance: Chance) -> None:
    """A report about a child that led to no crime, and the child as its subject."""
    received = minute(book.span.period_from + chance.whole(0, book.span.days - 1) * DAY, chance)
    result = chance.weighted({"n100": 3, "referral_only": 4, "intelligence_only": 2, "no_action": 2, "pending": 0.5})
    decided = after(received, chance.whole(0, 9), chance)
    ref = book.ref("R")
    noted = received + dt.timedelta(minutes=chance.whole(30, 1300)) if result == "n100" else None
    book.add(
        "reports",
        report_ref=ref,
        received_at=received,
        source=chance.pick(("education", "health", "parent_or_carer", "local_authority")),
        n100_at=noted,
        report_result=result,
        result_at=None if result == "pending" else decided,
    )
    child = new_child(book, chance)
    named = as_named(child, book.force, chance)
    book.add("involvements", involvement_ref=book.ref("V"), report_ref=ref, role="subject", **named)
