"""All records of one synthetic crime in order of time, from which later follow-up events are generated.

Later steps (a handover, a complaint, a review) are added after all other records of the force, so that they can depend
on them and change no earlier random draw.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assay.synthetic.investigation_steps import add_notice
from assay.synthetic.local_time import When
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_people import Person
from assay.synthetic.synthetic_tables import ForceRecords, Row


@dataclass(frozen=True)
class Dossier:
    """One crime of the period: its case, its row in `crimes`, its steps, and the rows of those who took part."""

    records: ForceRecords
    case: Case
    row: Row
    steps: list[Row]
    involvements: list[Row]

    @property
    def end(self) -> dt.datetime:
        """The time at which the investigation ends, or the time of extraction."""
        return self.case.ends if self.row["closed_at"] else self.records.span.extracted_at

    @property
    def opened(self) -> dt.datetime:
        """The time of the first allocation to an investigator or, if there is none, of recording."""
        return next((row["happened_at"] for row in self.steps_of_kind("investigation_opened")), self.case.recorded)

    def steps_of_kind(self, *kinds: str) -> list[Row]:
        """Return the steps of these kinds, in order of time."""
        return sorted((row for row in self.steps if row["kind"] in kinds), key=lambda row: moment(row["happened_at"]))

    def ref(self, person: Person) -> str:
        """Return the reference number that a person has in this crime."""
        return next(
            (str(row["person_ref"]) for row in self.involvements if row.get("person_ref") in person.refs), person.ref
        )

    def add_step(self, kind: str, when: When, **more: object) -> str | None:
        """Add a step, unless it lies after extraction; return its reference."""
        ref = self.records.add_event(kind, when, crime_ref=self.case.ref, **more)
        if ref:
            self.steps.append(self.records.rows("events")[-1])
        return ref

    def add_step_with_notices(self, kind: str, when: dt.datetime, stream: RandomStream, **more: object) -> str | None:
        """Add a step about which every victim must be notified, with the notices."""
        ref = self.add_step(kind, when, **more)
        for victim in self.case.victims if ref else ():
            draw = stream.substream("notice", victim.key)
            step_count = len(self.records.rows("events"))
            add_notice(self.records, self.case, kind, str(ref), when, victim, self.ref(victim), draw)
            self.steps.extend(self.records.rows("events")[step_count:])
        return ref


def dossiers(records: ForceRecords, cases: list[Case]) -> list[Dossier]:
    """Return the dossier of every crime that is investigated; cancelled records get no further steps."""
    rows = {row["crime_ref"]: row for row in records.rows("crimes")}
    steps, parts = _by_crime(records.rows("events")), _by_crime(records.rows("involvements"))
    candidates = (Dossier(records, case, rows[case.ref], steps[case.ref], parts[case.ref]) for case in cases)
    return [dossier for dossier in candidates if not dossier.row["cancelled_at"]]


def _by_crime(rows: list[Row]) -> Mapping[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.get("crime_ref"):
            found[row["crime_ref"]].append(row)
    return found


def moment(when: When) -> dt.datetime:
    """Return a time to the minute; a date alone becomes noon of that day."""
    return when if isinstance(when, dt.datetime) else dt.datetime.combine(when, dt.time(12))


def open_at_extraction(case_dossiers: list[Dossier]) -> Iterator[Dossier]:
    """Return the crimes that have no outcome at the time of extraction."""
    return (dossier for dossier in case_dossiers if not dossier.row["outcome_at"])
