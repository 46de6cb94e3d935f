"""What did the court decide after the first hearing, and of what did the witness care unit hear?"""

from __future__ import annotations

import datetime as dt

from assay.synthetic.case_dossier import Dossier, moment
from assay.synthetic.local_time import DAY, after
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_tables import Book, Row

SENTENCES = {"custody_immediate": 6, "custody_suspended": 3, "community_order": 2, "other_sentence": 0.5}
VERDICTS = {"guilty_found": 6, "not_guilty": 3, "discontinued": 1}
SATURDAY = 5


def hearings(book: Book, chance: Chance) -> None:
    """A plea some weeks after each first hearing; a trial of those who plead not guilty; and the sentence."""
    for first in list(book.rows("court")):
        draw = chance.stream(first["court_ref"])
        names = {key: first[key] for key in ("crime_ref", "person_ref")}
        guilty, pleaded = draw.happens(0.5), _sitting(first["happened_at"], draw.whole(21, 50), draw)
        _hearing(book, "plea", "guilty_plea" if guilty else "adjourned", pleaded, names)
        if guilty:
            sentenced = _sitting(pleaded, draw.whole(14, 45), draw)
            _hearing(book, "sentence", draw.weighted(SENTENCES), sentenced, names)
        else:
            _trial(book, pleaded, names, draw.stream("trial"))


def _trial(book: Book, pleaded: dt.datetime, names: dict[str, str], chance: Chance) -> None:
    """Months later; a case that is discontinued ends before a verdict."""
    verdict, tried = chance.weighted(VERDICTS), _sitting(pleaded, chance.whole(90, 300), chance)
    _hearing(book, "discontinued" if verdict == "discontinued" else "verdict", verdict, tried, names)
    if verdict == "guilty_found":
        sentenced = _sitting(tried, chance.whole(14, 45), chance)
        _hearing(book, "sentence", chance.weighted(SENTENCES), sentenced, names)


def _sitting(since: dt.datetime, days: int, chance: Chance) -> dt.datetime:
    """A minute on a weekday, so many days on or at most two more."""
    when = after(since, days, chance)
    return when + max(7 - when.weekday(), 0) * DAY if when.weekday() >= SATURDAY else when


def _hearing(book: Book, stage: str, result: str, when: dt.datetime, names: dict[str, str]) -> None:
    if book.seen(when):
        book.add("court", court_ref=book.ref("CT"), stage=stage, court_result=result, happened_at=when, **names)


def witness_care(files: list[Dossier], chance: Chance) -> None:
    """Word from court and prosecutor on crimes that were charged, and the notices that victims are then owed."""
    by_crime: dict[str, list[Row]] = {}
    for row in files[0].book.rows("court") if files else ():
        by_crime.setdefault(row["crime_ref"], []).append(row)
    for one in files:
        draw = chance.stream(one.case.ref)
        for charged in one.of("suspect_charged"):
            _before_court(one, moment(charged["happened_at"]), draw.stream("before", charged["person_ref"]))
        for row in by_crime.get(one.case.ref, ()):
            _from_court(one, row, draw.stream(row["court_ref"]))


def _before_court(one: Dossier, charged: dt.datetime, chance: Chance) -> None:
    if not chance.happens(one.book.force.rate("word_to_witness_care", charged)):
        return
    kind = "wcu_received_from_court"
    one.tell(kind, after(charged, chance.whole(1, 7), chance), chance.stream(1), by_role="court", detail="hearing_date")
    if chance.happens(0.2):
        heard = after(charged, chance.whole(2, 9), chance)
        one.tell(kind, heard, chance.stream(2), by_role="court", detail="bail_hearing")
    if chance.happens(0.4):
        asked = after(charged, chance.whole(25, 90), chance)
        one.tell("wcu_received_from_cps", asked, chance.stream(3), by_role="prosecutor")


def _from_court(one: Dossier, row: Row, chance: Chance) -> None:
    """Word of a result, within five working days or long after; and the contact scheme after a sentence of custody."""
    in_time = chance.happens(one.book.force.rate("court_tells_in_time"))
    told = after(row["happened_at"], chance.whole(0, 4) if in_time else chance.whole(12, 25), chance)
    if row["stage"] != "first_hearing":
        subject = "sentence" if row["stage"] == "sentence" else "outcome"
        one.tell("wcu_received_from_court", told, chance, by_role="court", detail=subject)
    if row["court_result"] == "custody_immediate":
        for victim in one.case.victims:
            _contact_scheme(one, one.ref(victim), after(row["happened_at"], chance.whole(1, 20), chance))


def _contact_scheme(one: Dossier, ref: str, made: dt.datetime) -> None:
    if one.book.seen(made):
        names = {"direction": "out", "agency_kind": "victim_contact_scheme", "person_ref": ref}
        one.book.add("referrals", referral_ref=one.book.ref("RF"), crime_ref=one.case.ref, made_at=made, **names)
