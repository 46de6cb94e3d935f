"""What is one invented crime, before anybody writes it down?

Truth first: who, when, what became of it. What the force then records of it, late or not at all, is the work of the
modules that write rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from assay.synthetic.calibration import figure, mixes
from assay.synthetic.local_time import DAY, When, after, age, birthday, born_to_be, day, minute
from assay.synthetic.offence_sampling import CONTACT, NON_RECENT, offence_code
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_country import Force
from assay.synthetic.synthetic_people import Person
from assay.synthetic.synthetic_tables import Book

NAMED_BY = {"1", "3", "8", "10", "15", "16", "17", "21", "22"}  # outcomes that need a suspect who is known by name
HOURS_24 = 24 * 60  # minutes
REPORTED_LATER = 0.585  # the share of crimes in families that adults report years later


@dataclass(frozen=True)
class Suspect:
    """One suspect; `person` is None where nobody is named."""

    person: Person | None
    known_as: str
    relationship: str


@dataclass(frozen=True)
class Case:
    """One crime as it truly was; `reported` is the true minute, `reported_as` what the record holds."""

    ref: str
    family: str
    code: str
    exploited: bool
    adult_reporter: bool
    reported: dt.datetime
    reported_as: When
    recorded: dt.datetime
    occurred_from: When | None
    occurred_to: When | None
    victims: tuple[Person, ...]
    suspects: tuple[Suspect, ...]
    ending: str
    ends: dt.datetime
    by_police: bool
    closed_too_soon: bool = False

    @property
    def named(self) -> tuple[Person, ...]:
        """The suspects who are known by name."""
        return tuple(suspect.person for suspect in self.suspects if suspect.person)

    @property
    def first_day(self) -> dt.date | None:
        """The first possible day of the offence, as recorded."""
        return day(self.occurred_from) if self.occurred_from else None


def new_case(
    book: Book, chance: Chance, recorded_on: dt.date, victim: Person | None = None, *, by_police: bool = False
) -> Case:
    """One crime recorded on that day; with `victim`, of a child who is known already; `by_police` found it."""
    force = book.force
    family = chance.weighted(_families(book, victim))
    recorded = minute(recorded_on, chance, first_hour=7, last_hour=22)
    in_time = force.rate("recorded_in_24h", recorded_on)
    reported = recorded - dt.timedelta(minutes=_minutes_to_record(in_time, chance))
    of_contact = force.rate("adult_reporter") / REPORTED_LATER
    adult = victim is None and family in NON_RECENT and chance.happens(of_contact)
    happened = _happened(reported, adult, chance)
    victims = _victims(book, chance, family, happened, adult, reported, victim)
    written_as = _written_as(book, family, chance.stream("written as"))
    code = offence_code(written_as, victims[0].sex, max(age(victims[0].born, happened), 0), chance)
    ending = _ending(book, chance)
    too_soon = chance.stream("too soon").happens(force.rate("closed_before_asking", recorded_on))
    if too_soon:
        ending = chance.stream("too soon", "ending").weighted({"15": 6, "16": 4})
    occurred_from, occurred_to = _occurred(happened, adult, reported, chance)
    return Case(
        ref=book.ref("C"),
        family=family,
        code=code,
        exploited=family in ("cse_named", "trafficking") or (not adult and chance.happens(_exploited(force, family))),
        adult_reporter=adult,
        reported=reported,
        reported_as=reported.date() if chance.happens(figure("report_day_alone")) else reported,
        recorded=recorded,
        occurred_from=occurred_from,
        occurred_to=occurred_to,
        victims=victims,
        suspects=_suspects(book, chance, ending, happened),
        ending=ending,
        ends=_soon(recorded, chance) if too_soon else _ends(recorded, ending, family, chance),
        by_police=not adult and (chance.happens(0.12) or by_police),
        closed_too_soon=too_soon,
    )


def _exploited(force: Force, family: str) -> float:
    """The share of a kind of crime that is exploitation, whether anybody says so or not."""
    return force.rate("exploited") * (1.0 if CONTACT.get(family, True) else figure("exploited_not_in_contact"))


def _families(book: Book, victim: Person | None) -> Mapping[str, float]:
    mix = book.force.mix("offence")
    return mix if victim is None else {key: mix[key] for key in ("cse_named", "sexual_activity", "grooming")}


def _written_as(book: Book, family: str, chance: Chance) -> str:
    """Under which kind of offence it is recorded: one that names exploitation is now and then recorded as another."""
    named = family != "cse_named" or chance.happens(book.force.rate("coded_as_exploitation"))
    return family if named else "sexual_activity"


def _soon(recorded: dt.datetime, chance: Chance) -> dt.datetime:
    """The end of a crime that is closed within days."""
    return after(recorded, chance.whole(3, 9), chance)


def _minutes_to_record(in_time: float, chance: Chance) -> int:
    if chance.happens(in_time):
        return min(int(chance.lognormal(120, 1.2)) + 5, HOURS_24 - 20)
    return HOURS_24 + 60 + int(chance.exponential(6 * HOURS_24))


def _happened(reported: dt.datetime, adult: bool, chance: Chance) -> dt.date:
    if adult:
        return reported.date() - chance.whole(8 * 365, 38 * 365) * DAY
    return reported.date() - min(int(chance.exponential(60)), 600) * DAY


def _victims(
    book: Book, chance: Chance, family: str, happened: dt.date, adult: bool, reported: dt.datetime, known: Person | None
) -> tuple[Person, ...]:
    if known:
        return (known,)
    number = chance.weighted(mixes()["victims"])
    return tuple(_victim(book, chance, family, happened, adult, reported) for _ in range(int(number)))


def _victim(book: Book, chance: Chance, family: str, happened: dt.date, adult: bool, reported: dt.datetime) -> Person:
    years = int(chance.weighted(mixes()["victim_age"]))
    if family in ("cse_named", "trafficking", "grooming", "position_of_trust"):
        years = max(years, 12)
    if adult:  # old enough by now to report as an adult
        years = max(years, 19 - (reported.year - happened.year))
    born = born_to_be(years, happened, chance)
    return book.people.new(born, female=figure("victim_female"), child=not adult)


def _occurred(happened: dt.date, adult: bool, reported: dt.datetime, chance: Chance) -> tuple[When | None, When | None]:
    """The first and the last possible time, as it is recorded: a year, a day, or an hour."""
    if chance.happens(0.01):
        return None, None
    if adult:
        return dt.date(happened.year, 1, 1), dt.date(happened.year, 12, 31)
    if happened < reported.date() and chance.happens(0.6):
        exact = minute(happened, chance, first_hour=9, last_hour=22)
        return exact, None if chance.happens(0.5) else exact + dt.timedelta(minutes=chance.whole(5, 90))
    last = min(happened + chance.whole(0, 30) * DAY, reported.date())
    return happened, None if chance.happens(0.5) else last


def _ending(book: Book, chance: Chance) -> str:
    """The outcome code that the crime will come to, some day."""
    return "1" if chance.happens(book.force.rate("charged")) else chance.weighted(mixes()["ending"])


def _ends(recorded: dt.datetime, ending: str, family: str, chance: Chance) -> dt.datetime:
    if ending != "1":
        days = chance.lognormal(figure("days_to_close"), 0.9)
    else:
        key = "days_to_charge_rape" if family == "rape" else "days_to_charge"
        days = chance.lognormal(figure(key), 0.8)
    return after(recorded, max(days, 4), chance)


def _suspects(book: Book, chance: Chance, ending: str, happened: dt.date) -> tuple[Suspect, ...]:
    number = int(chance.weighted(book.force.mix("suspects")))
    named_first = ending in NAMED_BY
    drawn = [_suspect(book, chance, happened, named_first and place == 0, ending) for place in range(number)]
    named_once = {suspect.person.key: suspect for suspect in drawn if suspect.person}
    return (*named_once.values(), *(suspect for suspect in drawn if not suspect.person))


def _suspect(book: Book, chance: Chance, happened: dt.date, must_be_named: bool, ending: str) -> Suspect:
    relationship = _relationship(chance)
    if must_be_named or (ending in NAMED_BY and chance.happens(0.7)):
        return Suspect(_named(book, chance, happened), "named", relationship)
    return Suspect(None, "described" if chance.happens(0.5) else "nothing_known", relationship)


def _named(book: Book, chance: Chance, happened: dt.date) -> Person:
    """Somebody new, or now and then somebody who was a suspect before."""
    before = book.suspects_known
    if before and chance.happens(0.06):
        again = chance.pick(before)
        if birthday(again.born, 10) <= happened:
            return again
    if book.people.abroad and chance.happens(figure("known_in_several_forces")):
        travelling = book.people.from_abroad(chance)
        if birthday(travelling.born, 10) <= happened:
            return travelling
    if chance.happens(book.force.rate("suspect_under_18")):
        years = int(chance.weighted(mixes()["suspect_age_under_18"]))
    else:
        years = min(18 + int(chance.exponential(16)), 78)
    person = book.people.new(born_to_be(years, happened, chance), female=1 - figure("suspect_male"))
    before.append(person)
    return person


def _relationship(chance: Chance) -> str:
    if chance.happens(figure("family")):
        return "family"
    if chance.happens(figure("online") / 2):
        return "known_online_only"
    return chance.weighted(mixes()["relationship"])
