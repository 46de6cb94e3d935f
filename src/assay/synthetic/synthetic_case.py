"""A synthetic crime as it truly happened, before anything is recorded.

It holds the truth: persons, times and outcome. Other modules derive what the force records, late or not at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from assay.synthetic.calibration import figure_value, mixes
from assay.synthetic.local_time import DAY, When, age, birth_date, birthday, day, random_minute, time_after
from assay.synthetic.offence_sampling import CONTACT, NON_RECENT, offence_code
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_country import SyntheticForce
from assay.synthetic.synthetic_people import Person
from assay.synthetic.synthetic_tables import ForceRecords

NAMED_BY = {"1", "3", "8", "10", "15", "16", "17", "21", "22"}  # outcomes that need a named suspect
HOURS_24 = 24 * 60  # minutes
REPORTED_LATER = 0.585  # the share of familial crimes that adults report years later


@dataclass(frozen=True)
class Suspect:
    """One suspect; `person` is None if the suspect is not named."""

    person: Person | None
    known_as: str
    relationship: str


@dataclass(frozen=True)
class Case:
    """One crime as it truly happened; `reported` is the true time of the report, `reported_as` the recorded one."""

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
    def named_suspects(self) -> tuple[Person, ...]:
        """The named suspects."""
        return tuple(suspect.person for suspect in self.suspects if suspect.person)

    @property
    def first_day(self) -> dt.date | None:
        """The first possible day of the offence, as recorded."""
        return day(self.occurred_from) if self.occurred_from else None


def new_case(
    records: ForceRecords,
    stream: RandomStream,
    recorded_on: dt.date,
    victim: Person | None = None,
    *,
    by_police: bool = False,
) -> Case:
    """Generate a crime that is recorded on that date.

    `victim`: a child who is already known; `by_police`: the police found the crime.
    """
    force = records.force
    family = stream.weighted(_families(records, victim))
    recorded = random_minute(recorded_on, stream, first_hour=7, last_hour=22)
    in_time = force.rate("recorded_in_24h", recorded_on)
    reported = recorded - dt.timedelta(minutes=_minutes_to_record(in_time, stream))
    adult_share = force.rate("adult_reporter") / REPORTED_LATER
    adult = victim is None and family in NON_RECENT and stream.happens(adult_share)
    happened = _happened(reported, adult, stream)
    victims = _victims(records, stream, family, happened, adult, reported, victim)
    recorded_family = _recorded_family(records, family, stream.substream("written as"))
    code = offence_code(recorded_family, victims[0].sex, max(age(victims[0].born, happened), 0), stream)
    ending = _ending(records, stream)
    too_soon = stream.substream("too soon").happens(force.rate("closed_before_asking", recorded_on))
    if too_soon:
        ending = stream.substream("too soon", "ending").weighted({"15": 6, "16": 4})
    occurred_from, occurred_to = _occurred(happened, adult, reported, stream)
    return Case(
        ref=records.ref("C"),
        family=family,
        code=code,
        exploited=family in ("cse_named", "trafficking") or (not adult and stream.happens(_exploited(force, family))),
        adult_reporter=adult,
        reported=reported,
        reported_as=reported.date() if stream.happens(figure_value("report_day_alone")) else reported,
        recorded=recorded,
        occurred_from=occurred_from,
        occurred_to=occurred_to,
        victims=victims,
        suspects=_suspects(records, stream, ending, happened),
        ending=ending,
        ends=_early_end(recorded, stream) if too_soon else _ends(recorded, ending, family, stream),
        by_police=not adult and (stream.happens(0.12) or by_police),
        closed_too_soon=too_soon,
    )


def _exploited(force: SyntheticForce, family: str) -> float:
    """Return the true share of exploitation in a family of crimes, recorded or not."""
    return force.rate("exploited") * (1.0 if CONTACT.get(family, True) else figure_value("exploited_not_in_contact"))


def _families(records: ForceRecords, victim: Person | None) -> Mapping[str, float]:
    mix = records.force.mix("offence")
    return mix if victim is None else {key: mix[key] for key in ("cse_named", "sexual_activity", "grooming")}


def _recorded_family(records: ForceRecords, family: str, stream: RandomStream) -> str:
    """Sample the recorded family: an offence titled exploitation is sometimes recorded as another."""
    is_kept = family != "cse_named" or stream.happens(records.force.rate("coded_as_exploitation"))
    return family if is_kept else "sexual_activity"


def _early_end(recorded: dt.datetime, stream: RandomStream) -> dt.datetime:
    """Return the end of a crime that is closed within days."""
    return time_after(recorded, stream.integer(3, 9), stream)


def _minutes_to_record(in_time: float, stream: RandomStream) -> int:
    if stream.happens(in_time):
        return min(int(stream.lognormal(120, 1.2)) + 5, HOURS_24 - 20)
    return HOURS_24 + 60 + int(stream.exponential(6 * HOURS_24))


def _happened(reported: dt.datetime, adult: bool, stream: RandomStream) -> dt.date:
    if adult:
        return reported.date() - stream.integer(8 * 365, 38 * 365) * DAY
    return reported.date() - min(int(stream.exponential(60)), 600) * DAY


def _victims(
    records: ForceRecords,
    stream: RandomStream,
    family: str,
    happened: dt.date,
    adult: bool,
    reported: dt.datetime,
    known: Person | None,
) -> tuple[Person, ...]:
    if known:
        return (known,)
    number = stream.weighted(mixes()["victims"])
    return tuple(_victim(records, stream, family, happened, adult, reported) for _ in range(int(number)))


def _victim(
    records: ForceRecords, stream: RandomStream, family: str, happened: dt.date, adult: bool, reported: dt.datetime
) -> Person:
    years = int(stream.weighted(mixes()["victim_age"]))
    if family in ("cse_named", "trafficking", "grooming", "position_of_trust"):
        years = max(years, 12)
    if adult:  # old enough to report as an adult
        years = max(years, 19 - (reported.year - happened.year))
    born = birth_date(years, happened, stream)
    return records.people.new_person(born, female=figure_value("victim_female"), child=not adult)


def _occurred(
    happened: dt.date, adult: bool, reported: dt.datetime, stream: RandomStream
) -> tuple[When | None, When | None]:
    """Return the recorded first and last possible time, to a year, a day, or an hour."""
    if stream.happens(0.01):
        return None, None
    if adult:
        return dt.date(happened.year, 1, 1), dt.date(happened.year, 12, 31)
    if happened < reported.date() and stream.happens(0.6):
        exact = random_minute(happened, stream, first_hour=9, last_hour=22)
        return exact, None if stream.happens(0.5) else exact + dt.timedelta(minutes=stream.integer(5, 90))
    last = min(happened + stream.integer(0, 30) * DAY, reported.date())
    return happened, None if stream.happens(0.5) else last


def _ending(records: ForceRecords, stream: RandomStream) -> str:
    """Sample the final outcome code of the crime."""
    return "1" if stream.happens(records.force.rate("charged")) else stream.weighted(mixes()["ending"])


def _ends(recorded: dt.datetime, ending: str, family: str, stream: RandomStream) -> dt.datetime:
    if ending != "1":
        days = stream.lognormal(figure_value("days_to_close"), 0.9)
    else:
        key = "days_to_charge_rape" if family == "rape" else "days_to_charge"
        days = stream.lognormal(figure_value(key), 0.8)
    return time_after(recorded, max(days, 4), stream)


def _suspects(records: ForceRecords, stream: RandomStream, ending: str, happened: dt.date) -> tuple[Suspect, ...]:
    number = int(stream.weighted(records.force.mix("suspects")))
    named_first = ending in NAMED_BY
    sampled = [_suspect(records, stream, happened, named_first and place == 0, ending) for place in range(number)]
    named_once = {suspect.person.key: suspect for suspect in sampled if suspect.person}
    return (*named_once.values(), *(suspect for suspect in sampled if not suspect.person))


def _suspect(
    records: ForceRecords, stream: RandomStream, happened: dt.date, must_be_named: bool, ending: str
) -> Suspect:
    relationship = _relationship(stream)
    if must_be_named or (ending in NAMED_BY and stream.happens(0.7)):
        return Suspect(_named_person(records, stream, happened), "named", relationship)
    return Suspect(None, "described" if stream.happens(0.5) else "nothing_known", relationship)


def _named_person(records: ForceRecords, stream: RandomStream, happened: dt.date) -> Person:
    """Return a new person, or sometimes an earlier suspect."""
    earlier_suspects = records.suspects_known
    if earlier_suspects and stream.happens(0.06):
        earlier_suspect = stream.pick(earlier_suspects)
        if birthday(earlier_suspect.born, 10) <= happened:
            return earlier_suspect
    if records.people.shared_people and stream.happens(figure_value("known_in_several_forces")):
        travelling = records.people.shared_person(stream)
        if birthday(travelling.born, 10) <= happened:
            return travelling
    if stream.happens(records.force.rate("suspect_under_18")):
        years = int(stream.weighted(mixes()["suspect_age_under_18"]))
    else:
        years = min(18 + int(stream.exponential(16)), 78)
    person = records.people.new_person(birth_date(years, happened, stream), female=1 - figure_value("suspect_male"))
    earlier_suspects.append(person)
    return person


def _relationship(stream: RandomStream) -> str:
    if stream.happens(figure_value("family")):
        return "family"
    if stream.happens(figure_value("online") / 2):
        return "known_online_only"
    return stream.weighted(mixes()["relationship"])
