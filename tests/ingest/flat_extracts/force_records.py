"""The crimes, persons and flags of one force's return, as the source from which extracts are written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path

import polars as pl


@dataclass(frozen=True)
class Moment:
    """A day, with the time of day where the return gives one."""

    day: date
    clock: time | None = None

    @classmethod
    def parse(cls, text: str) -> Moment | None:
        """Read `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM`; an empty text is None."""
        if not text:
            return None
        day, _, clock = text.partition("T")
        return cls(date.fromisoformat(day), time.fromisoformat(clock) if clock else None)

    @property
    def earliest(self) -> datetime:
        """The first minute that the moment can be."""
        return datetime.combine(self.day, self.clock or time())

    @property
    def latest(self) -> datetime:
        """The last minute that the moment can be."""
        return self.earliest if self.clock else self.earliest + timedelta(hours=23, minutes=59)

    def in_form(self, day_form: str, time_form: str) -> str:
        """Print the day, followed by the time of day where there is one."""
        return self.day.strftime(day_form) + (self.clock.strftime(time_form) if self.clock else "")


@dataclass(frozen=True)
class Crime:
    """A recorded crime; the fields are named after the columns of the table `crimes`."""

    crime_ref: str
    offence_code: str
    reported_at: Moment | None
    recorded_at: Moment
    occurred_from: Moment | None
    occurred_to: Moment | None
    investigating_team: str
    source_of_report: str
    outcome_code: str
    outcome_at: Moment | None
    closed_at: Moment | None

    @property
    def number(self) -> int:
        """The digits of the crime reference, from which each extract forms its own crime number."""
        return int("".join(letter for letter in self.crime_ref if letter.isdigit()))


@dataclass(frozen=True)
class Person:
    """A victim or suspect of a crime; the fields are named after the columns of the table `involvements`."""

    involvement_ref: str
    crime_ref: str
    person_ref: str
    role: str
    suspect_known_as: str
    forenames: str
    surname: str
    date_of_birth: date | None
    sex: str
    ethnicity_self: str
    ethnicity_officer: str

    @property
    def number(self) -> int:
        """The digits of the involvement reference."""
        return int("".join(letter for letter in self.involvement_ref if letter.isdigit()))

    @property
    def has_name(self) -> bool:
        """True for a suspect who is identified by name."""
        return self.role == "suspect" and self.suspect_known_as == "named"


@dataclass(frozen=True)
class Flag:
    """A spell of a flag on a crime; the fields are named after the columns of the table `flags`."""

    flag_ref: str
    crime_ref: str
    flag: str
    added_at: Moment | None
    removed_at: Moment | None


@dataclass(frozen=True)
class ForceRecords:
    """All that an extract may carry: crimes with their persons and flags."""

    crimes: tuple[Crime, ...]
    persons: tuple[Person, ...] = field(repr=False)
    flags: tuple[Flag, ...] = field(repr=False)

    @cached_property
    def _persons_by_crime(self) -> dict[str, list[Person]]:
        grouped: dict[str, list[Person]] = defaultdict(list)
        for person in self.persons:
            grouped[person.crime_ref].append(person)
        return grouped

    def victims_of(self, crime: Crime) -> list[Person]:
        """The victims of a crime, in the order of the return."""
        return [person for person in self._persons_by_crime.get(crime.crime_ref, []) if person.role == "victim"]

    def suspects_of(self, crime: Crime) -> list[Person]:
        """The suspects of a crime, identified or not, in the order of the return."""
        return [person for person in self._persons_by_crime.get(crime.crime_ref, []) if person.role == "suspect"]

    def flags_of(self, crime: Crime) -> list[Flag]:
        """The flags of a crime, in the order of the return."""
        return [flag for flag in self.flags if flag.crime_ref == crime.crime_ref]

    def flag_names(self, crime: Crime) -> set[str]:
        """The flags of a crime by the contract's names."""
        return {flag.flag for flag in self.flags_of(crime)}

    def with_persons(self, test: Callable[[Person], bool]) -> ForceRecords:
        """Only the persons who pass a test, with all crimes."""
        return replace(self, persons=tuple(person for person in self.persons if test(person)))

    def with_flags(self, test: Callable[[Flag], bool]) -> ForceRecords:
        """Only the flags that pass a test, with all crimes."""
        return replace(self, flags=tuple(flag for flag in self.flags if test(flag)))

    def with_current_flags(self) -> ForceRecords:
        """Only the flags that were on the crime when the return was made."""
        return self.with_flags(lambda flag: flag.removed_at is None)

    def with_first_victims(self) -> ForceRecords:
        """Only the first victim of each crime, with all suspects."""
        first = {victims[0] for crime in self.crimes if (victims := self.victims_of(crime))}
        return self.with_persons(lambda person: person.role == "suspect" or person in first)


def read_records(returns_folder: Path) -> ForceRecords:
    """Read the crimes, and the victims, suspects and flags of crimes, from a force's return.

    Parameters
    ----------
    returns_folder
        Folder of the return, with `crimes.csv`, `involvements.csv` and `flags.csv`.
    """
    persons = (_person(row) for row in _rows(returns_folder / "involvements.csv") if row["crime_ref"])
    return ForceRecords(
        crimes=tuple(_crime(row) for row in _rows(returns_folder / "crimes.csv")),
        persons=tuple(person for person in persons if person.role in {"victim", "suspect"}),
        flags=tuple(_flag(row) for row in _rows(returns_folder / "flags.csv") if row["crime_ref"]),
    )


def _rows(path: Path) -> list[dict[str, str]]:
    """All rows of a table as text, an empty cell as an empty text."""
    table = pl.read_csv(path, infer_schema=False).fill_null("")
    return table.to_dicts()


def _crime(row: dict[str, str]) -> Crime:
    recorded_at = Moment.parse(row["recorded_at"])
    assert recorded_at is not None, "The contract requires recorded_at."
    return Crime(
        crime_ref=row["crime_ref"],
        offence_code=row["offence_code"],
        reported_at=Moment.parse(row["reported_at"]),
        recorded_at=recorded_at,
        occurred_from=Moment.parse(row["occurred_from"]),
        occurred_to=Moment.parse(row["occurred_to"]),
        investigating_team=row["investigating_team"],
        source_of_report=row["source_of_report"],
        outcome_code=row["outcome_code"],
        outcome_at=Moment.parse(row["outcome_at"]),
        closed_at=Moment.parse(row["closed_at"]),
    )


def _person(row: dict[str, str]) -> Person:
    return Person(
        involvement_ref=row["involvement_ref"],
        crime_ref=row["crime_ref"],
        person_ref=row["person_ref"],
        role=row["role"],
        suspect_known_as=row["suspect_known_as"],
        forenames=row["forenames"],
        surname=row["surname"],
        date_of_birth=date.fromisoformat(row["date_of_birth"]) if row["date_of_birth"] else None,
        sex=row["sex"],
        ethnicity_self=row["ethnicity_self"],
        ethnicity_officer=row["ethnicity_officer"],
    )


def _flag(row: dict[str, str]) -> Flag:
    return Flag(
        flag_ref=row["flag_ref"],
        crime_ref=row["crime_ref"],
        flag=row["flag"],
        added_at=Moment.parse(row["added_at"]),
        removed_at=Moment.parse(row["removed_at"]),
    )
