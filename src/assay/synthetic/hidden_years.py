"""Children whom a force recorded as victims of exploitation, or as missing, by year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assay.synthetic.exploited_child_records import exploited_children
from assay.synthetic.local_time import Span, birthday
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_people import Person
from assay.synthetic.synthetic_tables import ForceRecords


@dataclass(frozen=True)
class PopulationYear:
    """One year of the period, half-open, the first with number 1; `known` and `missing` are children by person key."""

    number: int
    first: dt.date
    end: dt.date
    known: Mapping[str, Person]
    missing: Mapping[str, Person]

    @property
    def only_missing(self) -> list[Person]:
        """Children who were missing and are not victims of exploitation recorded in this year."""
        return [person for key, person in self.missing.items() if key not in self.known]


def year_bounds(span: Span) -> list[tuple[dt.date, dt.date]]:
    """Return the years from the start of the period, half-open; a remainder at the end counts as one."""
    starts = [birthday(span.period_from, number) for number in range(span.days // 365 + 1)]
    starts = [start for start in starts if start < span.period_to]
    return list(zip(starts, [*starts[1:], span.period_to], strict=True))


def population_years(records: ForceRecords, cases: Sequence[Case]) -> list[PopulationYear]:
    """Return every year of the period with the children named by its crimes and missing episodes."""
    by_ref = {ref: person for person in records.people.known for ref in person.refs}
    episodes = [(row["started_at"].date(), by_ref[row["person_ref"]]) for row in records.rows("missing")]
    return [
        PopulationYear(
            number=number,
            first=first,
            end=end,
            known={
                person.key: person
                for person in exploited_children(
                    records, [case for case in cases if first <= case.recorded.date() < end]
                )
            },
            missing={person.key: person for started, person in episodes if first <= started < end},
        )
        for number, (first, end) in enumerate(year_bounds(records.span), start=1)
    ]
