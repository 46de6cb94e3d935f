"""What was entered on one crime so far, in order of time, so that a later step finds its place?

Steps that follow others (a handover, a complaint, a review) are entered when everything else about the force is known:
each then reads what is there, and moves nothing that was drawn before.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assay.synthetic.investigation_steps import notice
from assay.synthetic.local_time import When
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_people import Person
from assay.synthetic.synthetic_tables import Book, Row


@dataclass(frozen=True)
class Dossier:
    """One crime of the period: its case, its row in `crimes`, its steps, and the rows of those who took part."""

    book: Book
    case: Case
    row: Row
    steps: list[Row]
    parts: list[Row]

    @property
    def until(self) -> dt.datetime:
        """The minute at which the investigation ends, or the extraction."""
        return self.case.ends if self.row["closed_at"] else self.book.span.extracted_at

    @property
    def opened(self) -> dt.datetime:
        """The minute at which an investigator was first given the crime; where that is not entered, the recording."""
        return next((row["happened_at"] for row in self.of("investigation_opened")), self.case.recorded)

    def of(self, *kinds: str) -> list[Row]:
        """The steps of these kinds, in order of time."""
        return sorted((row for row in self.steps if row["kind"] in kinds), key=lambda row: moment(row["happened_at"]))

    def ref(self, person: Person) -> str:
        """The number under which this crime names the person."""
        return next((str(row["person_ref"]) for row in self.parts if row.get("person_ref") in person.refs), person.ref)

    def enter(self, kind: str, when: When, **more: object) -> str | None:
        """One more step, unless it lies after extraction; its reference."""
        ref = self.book.step(kind, when, crime_ref=self.case.ref, **more)
        if ref:
            self.steps.append(self.book.rows("events")[-1])
        return ref

    def tell(self, kind: str, when: dt.datetime, chance: Chance, **more: object) -> str | None:
        """One more step of which every victim is owed a notice."""
        ref = self.enter(kind, when, **more)
        for victim in self.case.victims if ref else ():
            draw = chance.stream("notice", victim.key)
            before = len(self.book.rows("events"))
            notice(self.book, self.case, kind, str(ref), when, victim, self.ref(victim), draw)
            self.steps.extend(self.book.rows("events")[before:])
        return ref


def dossiers(book: Book, cases: list[Case]) -> list[Dossier]:
    """Every crime that is investigated: of a record that was cancelled nothing more is entered."""
    rows = {row["crime_ref"]: row for row in book.rows("crimes")}
    steps, parts = _by_crime(book.rows("events")), _by_crime(book.rows("involvements"))
    found = (Dossier(book, case, rows[case.ref], steps[case.ref], parts[case.ref]) for case in cases)
    return [one for one in found if not one.row["cancelled_at"]]


def _by_crime(rows: list[Row]) -> Mapping[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.get("crime_ref"):
            found[row["crime_ref"]].append(row)
    return found


def moment(when: When) -> dt.datetime:
    """A minute; of a day alone, its noon."""
    return when if isinstance(when, dt.datetime) else dt.datetime.combine(when, dt.time(12))


def open_at_extraction(files: list[Dossier]) -> Iterator[Dossier]:
    """The crimes that have no outcome yet."""
    return (one for one in files if not one.row["outcome_at"])
