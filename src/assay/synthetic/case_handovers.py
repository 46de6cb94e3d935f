"""Through whose hands did a crime pass: another team of the force, another force, or a force that would not have it?"""

from __future__ import annotations

import datetime as dt

from assay.synthetic.case_dossier import Dossier, moment, open_at_extraction
from assay.synthetic.local_time import within
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_tables import Book

ELSEWHERE = "OTHER"
"""A force that is no part of the invented country, so that no return can be asked for the crime."""
ROOM = dt.timedelta(days=10)


def handovers(book: Book, files: list[Dossier], chance: Chance) -> None:
    """The team that holds a crime is the one that was given it first, unless it was handed over."""
    handed = {one.case.ref for one in files if _handed_over(one, chance.stream(one.case.ref))}
    first = {row["crime_ref"]: row["detail"] for row in book.rows("events") if row["kind"] == "investigation_opened"}
    for crime in book.rows("crimes"):
        if crime["crime_ref"] not in handed:
            crime["investigating_team"] = first.get(crime["crime_ref"], crime["investigating_team"])


def _handed_over(one: Dossier, chance: Chance) -> bool:
    team, limit = one.row["investigating_team"], min(one.until, one.opened + dt.timedelta(days=90))
    first = one.of("investigation_opened")
    if not first or team == first[0]["detail"] or one.opened >= limit:
        return False
    passed = within(one.opened, limit, chance)
    wanted = chance.happens(one.book.force.rate("handed_over", one.case.recorded))
    return wanted and one.enter("handover", passed, by_role="supervisor", detail=team) is not None


def offers(files: list[Dossier], chance: Chance) -> None:
    """Crimes offered to another force, and refused by it: they stay where they are."""
    for one in files:
        draw = chance.stream(one.case.ref)
        if draw.happens(one.book.force.rate("offer_refused")) and one.until - one.opened > ROOM:
            offered = within(one.opened, one.until, draw)
            _offer(one, offered, within(offered, min(one.until, offered + ROOM), draw), "transfer_refused")


def transfers(files: list[Dossier], chance: Chance) -> None:
    """Crimes that are open and pass to another force: nothing is entered on them afterwards."""
    for one in open_at_extraction(files):
        draw, end = chance.stream(one.case.ref), one.book.span.extracted_at
        last = max((moment(row["happened_at"]) for row in one.steps), default=one.case.recorded)
        chosen = draw.happens(one.book.force.rate("transferred_out"))
        if one.row["received_from_force"] or end - last < ROOM or not chosen:
            continue
        offered = within(last, end - ROOM / 2, draw)
        _offer(one, offered, within(offered, min(end, offered + ROOM), draw), "transfer_accepted")
        number = f"X{draw.whole(10000, 99999)}" if draw.happens(0.7) else None
        one.row.update({"transferred_to_force": ELSEWHERE, "other_force_crime_ref": number})


def _offer(one: Dossier, offered: dt.datetime, answered: dt.datetime, answer: str) -> None:
    one.enter("transfer_offered", offered, by_role="supervisor", detail=ELSEWHERE)
    one.enter(answer, answered, by_role="other_force", detail=ELSEWHERE)
