"""True counts and measures of an extract, computed from the force's return and never from the extract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from .force_records import Crime, ForceRecords, Person

CANNOT_BE_ASKED = "cannot be asked"
NOT_KNOWN = "not_known"
CHARGED = frozenset({"1", "1A"})
CSE_FLAGS = frozenset({"cse", "group_cse"})
ETHNICITY_NOT_KNOWN = frozenset({"", "NS", "IC9", "IC0"})
AGE_BANDS = ((12, "0-12"), (15, "13-15"), (17, "16-17"))


@dataclass(frozen=True)
class Carried:
    """What an extract carries, beside its crimes with their offences and outcomes."""

    precision: Literal["minute", "day"] = "minute"
    """Unit of the report and record times."""
    suspects: Literal["rows", "yes_no"] = "rows"
    """Whether suspects can be counted, or only whether a crime has one who is identified."""
    victim_ethnicity: frozenset[str] = frozenset()
    """Ethnicity columns of victims: `self`, `officer`."""
    suspect_ethnicity: frozenset[str] = frozenset()
    """Ethnicity columns of suspects: `self`, `officer`."""
    victim_key: Literal["reference", "name_and_birth", "none"] = "none"
    """What tells that the victims of two crimes are the same person."""


def compute_truth(records: ForceRecords, carried: Carried) -> dict[str, Any]:
    """Compute the truth file of an extract.

    Parameters
    ----------
    records
        The source, restricted to the crimes, persons and flags that the extract carries.
    carried
        The columns that the extract carries.

    Returns
    -------
    dict
        Counts, and measures by name; a measure that the extract does not carry is the text `cannot be asked`.
    """
    victims = [person for person in records.persons if person.role == "victim"]
    suspects = [person for person in records.persons if person.role == "suspect"]
    return {
        "crimes": len({crime.crime_ref for crime in records.crimes}),
        "victims": len({person.involvement_ref for person in victims}),
        "suspects": len({s.involvement_ref for s in suspects}) if carried.suspects == "rows" else CANNOT_BE_ASKED,
        "flags": len({(flag.crime_ref, flag.flag) for flag in records.flags}),
        "measures": _crime_measures(records, carried) | _person_measures(records, carried, victims, suspects),
    }


def _crime_measures(records: ForceRecords, carried: Carried) -> dict[str, Any]:
    crimes = records.crimes
    recorded = Counter(_recorded_within_24h(crime, carried.precision) for crime in crimes)
    with_more_suspects = sum(len(records.suspects_of(crime)) > 1 for crime in crimes)
    return {
        "recorded_within_24h": {answer: recorded[answer] for answer in ("met", "not_met", NOT_KNOWN)},
        "outcome_mix": _counts(crime.outcome_code for crime in crimes),
        "charged_share": _share(sum(crime.outcome_code in CHARGED for crime in crimes), len(crimes)),
        "offence_mix": _counts(crime.offence_code for crime in crimes),
        "suspect_identified": _share(
            sum(any(person.has_name for person in records.suspects_of(crime)) for crime in crimes), len(crimes)
        ),
        "cse_flagged": _share(sum(bool(records.flag_names(crime) & CSE_FLAGS) for crime in crimes), len(crimes)),
        "crimes_with_two_or_more_suspects": (
            _share(with_more_suspects, len(crimes)) if carried.suspects == "rows" else CANNOT_BE_ASKED
        ),
    }


def _person_measures(
    records: ForceRecords, carried: Carried, victims: list[Person], suspects: list[Person]
) -> dict[str, Any]:
    crime_by_ref = {crime.crime_ref: crime for crime in records.crimes}
    named_suspects = [person for person in suspects if person.has_name]
    return {
        "suspect_ethnicity_missing": _ethnicity_missing(named_suspects, carried.suspect_ethnicity),
        "victim_ethnicity_missing": _ethnicity_missing(victims, carried.victim_ethnicity),
        "victims_by_age_band_at_offence": _counts(
            age_band(age_at_offence(person, crime_by_ref[person.crime_ref])) for person in victims
        ),
        "victims_by_sex": _counts(person.sex for person in victims),
        "persons_victim_in_two_or_more_crimes": _repeat_victims(victims, carried),
    }


def _recorded_within_24h(crime: Crime, precision: str) -> str:
    """Answer met, not met or not known; a day without a time is an interval from 00:00 to 23:59."""
    if crime.reported_at is None:
        return NOT_KNOWN
    if precision == "day":
        days = (crime.recorded_at.day - crime.reported_at.day).days
        return "met" if days <= 0 else NOT_KNOWN if days == 1 else "not_met"
    if crime.recorded_at.latest - crime.reported_at.earliest <= timedelta(hours=24):
        return "met"
    if crime.recorded_at.earliest - crime.reported_at.latest > timedelta(hours=24):
        return "not_met"
    return NOT_KNOWN


def age_at_offence(person: Person, crime: Crime) -> int | None:
    """Age in whole years on the first possible day of the offence; None where either date is not known."""
    if person.date_of_birth is None or crime.occurred_from is None:
        return None
    return age_on(crime.occurred_from.day, person.date_of_birth)


def age_on(day: date, date_of_birth: date) -> int:
    """Age in whole years on a day."""
    before_birthday = (day.month, day.day) < (date_of_birth.month, date_of_birth.day)
    return day.year - date_of_birth.year - before_birthday


def age_band(age: int | None) -> str:
    """The band of an age; ages of 18 and over form the last band."""
    if age is None:
        return NOT_KNOWN
    return next((band for highest, band in AGE_BANDS if age <= highest), "18+")


def _ethnicity_missing(persons: list[Person], schemes: frozenset[str]) -> dict[str, int] | str:
    if not schemes:
        return CANNOT_BE_ASKED
    return {"missing": sum(not _ethnicity_known(person, schemes) for person in persons), "n": len(persons)}


def _ethnicity_known(person: Person, schemes: frozenset[str]) -> bool:
    codes = {"self": person.ethnicity_self, "officer": person.ethnicity_officer}
    return any(codes[scheme] not in ETHNICITY_NOT_KNOWN for scheme in schemes)


def _repeat_victims(victims: list[Person], carried: Carried) -> dict[str, int] | str:
    """Count persons; a victim without the key (reference, or full name with date of birth) is not counted."""
    if carried.victim_key == "none":
        return CANNOT_BE_ASKED
    links = {(key, person.crime_ref) for person in victims if (key := _victim_key(person, carried.victim_key))}
    crimes_by_person = Counter(key for key, _ in links)
    return _share(sum(crimes > 1 for crimes in crimes_by_person.values()), len(crimes_by_person))


def _victim_key(person: Person, kind: str) -> tuple[str, ...]:
    """The key of a person; empty where a part of it is missing."""
    if kind == "reference":
        return (person.person_ref,) if person.person_ref else ()
    if not (person.forenames and person.surname and person.date_of_birth):
        return ()
    return person.forenames, person.surname, person.date_of_birth.isoformat()


def _counts(values: Iterable[str]) -> dict[str, int]:
    """Count by value in order; an empty value is not known."""
    return dict(sorted(Counter(value or NOT_KNOWN for value in values).items()))


def _share(met: int, n: int) -> dict[str, int]:
    return {"met": met, "n": n}
