"""What does an invented force say of itself: profiles, claims, teams, audits?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from assay.synthetic.local_time import DAY
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_tables import Book
from assay.synthetic.synthetic_texts import phrase

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


def say_of_itself(book: Book, chance: Chance) -> None:
    """Profiles with their sources, and claims; what is claimed may be far from the truth."""
    current = chance.happens(book.force.rate("profile_current_with_groups"))
    extracted = book.span.extracted_at.date()
    published = extracted - chance.whole(20, 340) * DAY if current else extracted - chance.whole(380, 900) * DAY
    with_groups = current or chance.happens(0.3)
    mapped = book.totals["groups"]
    ref = book.ref("P")
    book.add(
        "profiles",
        profile_ref=ref,
        published_on=published,
        data_from=published - 425 * DAY,
        data_to=published - 60 * DAY,
        has_group_section=with_groups,
        group_definition=chance.pick(("NET_IICSA", "COCAD", "none_stated")) if with_groups else "none_stated",
        claimed_crimes=round(book.force.crimes * chance.between(0.8, 1.1)),
        claimed_children=book.totals["children"] if chance.happens(0.7) else None,
        claimed_suspects=book.totals["suspects"] if chance.stream("suspects").happens(0.5) else None,
        claimed_groups=mapped if with_groups else None,
    )
    for source in SOURCES[: chance.whole(2, len(SOURCES))]:
        book.add("profile_sources", profile_ref=ref, source=source)
    book.know("profiles", current_with_groups=current and with_groups)
    _claims(book, chance, mapped)


def _claims(book: Book, chance: Chance, mapped: int) -> None:
    said = book.span.period_to - chance.whole(1, 200) * DAY
    title = phrase("document", chance)
    names = {"data_from": book.span.period_from, "data_to": book.span.period_to, "said_on": said, "document": title}
    none = mapped == 0 or chance.happens(book.force.rate("says_no_groups"))
    book.add(
        "claims",
        claim_ref=book.ref("CL"),
        about_kind="groups",
        claimed_value=None if none else mapped,
        claimed_status="none_exist" if none else None,
        **names,
    )
    trend = chance.pick(("rising", "falling", "unchanged"))
    book.add("claims", claim_ref=book.ref("CL"), about_kind="scale", claimed_status=trend, **names)
    book.add(
        "claims",
        claim_ref=book.ref("CL"),
        about_kind="recommendation",
        about_key="hmicfrs-2023-2",
        claimed_status="applied",
        **names,
    )
    honest = chance.happens(book.force.rate("claim_is_true"))
    true = book.totals["recorded_in_24h"] / max(book.totals["crimes"], 1)
    share = round(true if honest else min(true + chance.between(0.15, 0.4), 0.99), 2)
    assessed = book.force.rate("needs_assessment")
    told = {
        "recorded_in_24_hours": share,
        "needs_assessment_recorded": round(assessed if honest else min(assessed + chance.between(0.2, 0.4), 0.98), 2),
    }
    for about, value in told.items():
        book.know("claims", about=about, honest=honest, claims_no_groups=none, mapped=mapped)
        book.add(
            "claims", claim_ref=book.ref("CL"), about_kind="indicator", about_key=about, claimed_value=value, **names
        )


def teams(book: Book, chance: Chance) -> None:
    """Ways of working in use, and posts by month."""
    for kind in chance.some(APPROACHES, chance.whole(1, 4)):
        began = book.span.period_to - chance.whole(60, 1500) * DAY
        covers = "whole_force" if chance.happens(0.7) else "part_of_force"
        ended = began + chance.stream("ended", kind).whole(40, 700) * DAY
        over = chance.stream("over", kind).happens(0.3) and book.seen(ended)
        book.add(
            "approaches",
            approach_ref=book.ref("W"),
            approach_kind=kind,
            approach_named="Weekly case meeting" if kind == "other" else None,
            area=f"Area {chance.stream('area', kind).whole(1, 4)}" if covers == "part_of_force" else None,
            covers=covers,
            began_on=began,
            ended_on=ended if over else None,
        )
    for kind in ("child_abuse", "exploitation"):
        funded = 2 + book.force.crimes * 365 // (book.span.days * 12)
        for first in _months(book.span.period_from, book.span.period_to):
            filled = max(funded - chance.whole(0, max(funded // 4, 1)), 1)
            trained = max(filled - chance.whole(0, max(filled // 3, 1)), 0)
            book.add(
                "capacity",
                month_start=first,
                team_kind=kind,
                posts_funded=funded,
                posts_filled=filled,
                posts_trained=trained,
                open_cases=chance.whole(2, 6) * filled,
            )


def _months(first: dt.date, end: dt.date) -> Iterator[dt.date]:
    """The first day of each month of a period."""
    for month in range(first.year * 12 + first.month - 1, end.year * 12 + end.month - 1):
        yield dt.date(month // 12, month % 12 + 1, 1)


def audits(book: Book, cases: list[Case], chance: Chance) -> None:
    """The force's own audit of a few crimes; now and then a second reader looks, and the answer is replaced."""
    for case in chance.some(cases, min(12, len(cases) // 4)):
        draw = chance.stream(case.ref)
        sealed = dt.datetime.combine(book.span.period_to - draw.whole(1, 60) * DAY, dt.time(draw.whole(9, 16), 30))
        first = _mark(book, case, "first", sealed, None, draw)
        again = draw.stream("again")
        if again.happens(0.2):
            _mark(book, case, "adjudicated", sealed + again.whole(1, 40) * DAY, first, again)


def _mark(book: Book, case: Case, marking_round: str, sealed: dt.datetime, replaced: str | None, chance: Chance) -> str:
    ref = book.ref("MK")
    book.add(
        "marks",
        mark_ref=ref,
        subject_kind="crime",
        subject_ref=case.ref,
        question_set="own_audit",
        question_set_version="1",
        question="plan_entered",
        answer=_audit_answer(book, chance),
        reason=phrase("reason", chance) if chance.happens(book.force.rate("audit_gives_reason")) else None,
        marker_code=f"A{chance.whole(1, 4)}",
        marker_kind="force_auditor",
        marking_round=marking_round,
        sealed_at=sealed,
        supersedes_mark_ref=replaced,
    )
    return ref


def _audit_answer(book: Book, chance: Chance) -> str:
    if chance.happens(book.force.rate("audit_finds_met")):
        return "met"
    return chance.weighted({"partly_met": 2, "not_met": 2, "not_enough_evidence": 0.5})
