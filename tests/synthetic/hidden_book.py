"""A book with nothing in it but victims of exploited crimes and children who were missing."""

import datetime as dt
from dataclasses import dataclass

from assay.reference import Organisation
from assay.synthetic.hidden_population import hidden_children
from assay.synthetic.hidden_settings import LISTS, PARTNERS, TRAITS, hidden_settings
from assay.synthetic.local_time import DAY, EXTRACTED_AT, PERIOD_TO, Span, birth_date
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_country import SyntheticForce
from assay.synthetic.synthetic_people import People, Person
from assay.synthetic.synthetic_tables import ForceRecords

FLAT = {  # every child alike, and no list tells another
    "spread": 0, "yearly_spread": 0, "capture_spread": 0,
    "visibility": {"unseen": 0, "seldom": 0, "sometimes": 1, "often": 0},
    "effects": {trait: dict.fromkeys(LISTS, 0) for trait in TRAITS},
    "feeds": {giver: dict.fromkeys([receiver for receiver in LISTS[place + 1 :] if receiver in PARTNERS], 0) for place, giver in enumerate(LISTS)},
}  # fmt: skip


@dataclass(frozen=True)
class Crime:
    """As much of a case as hidden children are drawn from."""

    exploited: bool
    recorded: dt.datetime
    victims: tuple[Person, ...]


def book_of(crimes: int, *, years: int = 1, code: str = "INV01", seed: int = 1, failings=(), rate: float | None = None):
    """(book, crimes): one crime in five is of an exploited child; for every four crimes one child was missing."""
    organisation = Organisation(
        code, "Hingeshire (invented)", "hingeshire", "territorial", "England", 100_000, 500_000, 1, 1
    )
    span = Span(PERIOD_TO.replace(year=2026 - years), PERIOD_TO, PERIOD_TO.replace(year=2023), EXTRACTED_AT)
    stream = RandomStream(seed, "force", code)
    force = SyntheticForce(organisation, crimes, {} if rate is None else {"on_la_list": rate}, failings)
    records = ForceRecords(force, span, stream.substream("book"), People(stream.substream("people"), code))
    records.force_stream = stream
    crimes_made = [_crime(records, stream.substream(place), place) for place in range(crimes)]
    for place in range(crimes // 4):
        draw = stream.substream("missing", place)
        child = crimes_made[5 * place].victims[0] if place % 5 == 0 and 5 * place < crimes else _child(records, draw)
        for _ in range(draw.integer(1, 3)):
            started = dt.datetime.combine(_day(records, draw), dt.time(15, 30))
            records.add("missing", missing_ref=records.ref("M"), person_ref=child.ref, started_at=started)
    return records, crimes_made


def _crime(records: ForceRecords, stream: RandomStream, place: int) -> Crime:
    recorded = dt.datetime.combine(_day(records, stream), dt.time(12, 30))
    return Crime(place % 5 == 0, recorded, (_child(records, stream),))


def _child(records: ForceRecords, stream: RandomStream) -> Person:
    return records.people.new_person(
        birth_date(stream.integer(10, 14), records.span.period_from, stream), female=0.7, child=True
    )


def _day(records: ForceRecords, stream: RandomStream) -> dt.date:
    return records.span.period_from + stream.integer(0, records.span.days - 1) * DAY


def hidden_in(crimes: int, changes=None, **how):
    """The book after hidden children were drawn, with these settings changed."""
    records, crimes_made = book_of(crimes, **how)
    hidden_children(records, crimes_made, records.stream.substream("hidden"), hidden_settings(changes))
    return records
