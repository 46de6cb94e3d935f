"""What does an invented force say of itself and of its partners: profiles, claims, lists, teams, audits?"""

from __future__ import annotations

import datetime as dt

from assay.invented.book import Book
from assay.invented.calibration import figure
from assay.invented.case import Case
from assay.invented.chance import Chance
from assay.invented.children import exploited_children
from assay.invented.people import Person
from assay.invented.texts import phrase
from assay.invented.wall import DAY, age, born_to_be

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
)


def say_of_itself(book: Book, cases: list[Case], chance: Chance) -> None:
    """Profiles with their sources, and claims; what is claimed may be far from the truth."""
    current = chance.happens(figure("profile_current_with_groups"))
    extracted = book.span.extracted_at.date()
    published = extracted - chance.whole(20, 340) * DAY if current else extracted - chance.whole(380, 900) * DAY
    with_groups = current or chance.happens(0.3)
    mapped = len(book.rows("groups"))
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
        claimed_children=len(exploited_children(book, cases)) if chance.happens(0.7) else None,
        claimed_suspects=None,
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
    none = mapped == 0 or chance.happens(0.15)
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
    share = round(chance.between(0.85, 0.99), 2)
    book.add(
        "claims",
        claim_ref=book.ref("CL"),
        about_kind="indicator",
        about_key="recorded_within_24_hours",
        claimed_value=share,
        **names,
    )


def partners(book: Book, cases: list[Case], chance: Chance) -> None:
    """Children whom the local authority lists: some whom the police know, some whom they do not."""
    for child in exploited_children(book, cases):
        draw = chance.stream(child.key)
        if draw.happens(0.4) and age(child.born, book.span.period_to) < 18:
            _listed(book, child, draw)
    for place in range(round(book.force.crimes * 0.08)):
        draw = chance.stream("unknown", place)
        born = born_to_be(draw.whole(11, 16), book.span.period_from, draw)
        stranger = book.people.new(born, female=0.7, child=True)
        _listed(book, stranger, draw)
        book.know("hidden", person=stranger.key)


def _listed(book: Book, child: Person, chance: Chance) -> None:
    started = book.span.period_from + chance.whole(0, 330) * DAY
    ended = started + chance.whole(60, 300) * DAY
    book.add(
        "agencies",
        entry_ref=book.ref("Q"),
        list_kind="local_authority",
        concern="cse" if chance.happens(0.7) else "exploitation_any",
        forenames=child.forenames,
        surname=child.surname,
        date_of_birth=child.born,
        sex=child.sex,
        postcode=child.postcode if chance.happens(0.9) else None,
        started_on=started,
        ended_on=ended if book.seen(ended) else None,
    )


def overlaps(book: Book, chance: Chance) -> None:
    """One set of counts of children on each pattern of lists."""
    ref = book.ref("OV")
    patterns = (
        (True, False, False),
        (False, True, False),
        (False, False, True),
        (True, True, False),
        (True, False, True),
        (True, True, True),
    )
    for crimes, missing, council in patterns:
        book.add(
            "overlap_counts",
            overlap_ref=ref,
            on_police_crimes=crimes,
            on_police_missing=missing,
            on_local_authority=council,
            definition="CSE_2017",
            data_from=book.span.period_from,
            data_to=book.span.period_to,
            linkage_method="exact_names_dates",
            children=chance.whole(1, 25),
        )


def teams(book: Book, chance: Chance) -> None:
    """Ways of working in use, and posts by month."""
    for kind in chance.some(APPROACHES, chance.whole(1, 4)):
        began = book.span.period_to - chance.whole(60, 1500) * DAY
        covers = "whole_force" if chance.happens(0.7) else "part_of_force"
        book.add("approaches", approach_ref=book.ref("W"), approach_kind=kind, covers=covers, began_on=began)
    for kind in ("child_abuse", "exploitation"):
        funded = 2 + book.force.crimes // 12
        for month in range(12):
            first = dt.date(2025 + (month + 3) // 12, (month + 3) % 12 + 1, 1)
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


def audits(book: Book, cases: list[Case], chance: Chance) -> None:
    """The force's own audit of a few crimes."""
    for case in chance.some(cases, min(12, len(cases) // 4)):
        draw = chance.stream(case.ref)
        sealed = dt.datetime.combine(book.span.period_to - draw.whole(1, 60) * DAY, dt.time(draw.whole(9, 16), 30))
        book.add(
            "marks",
            mark_ref=book.ref("MK"),
            subject_kind="crime",
            subject_ref=case.ref,
            question_set="own_audit",
            question_set_version="1",
            question="plan_entered",
            answer=draw.weighted({"met": 6, "partly_met": 2, "not_met": 2, "not_enough_evidence": 0.5}),
            reason=phrase("reason", draw),
            marker_code=f"A{draw.whole(1, 4)}",
            marker_kind="force_auditor",
            marking_round="first",
            sealed_at=sealed,
        )
