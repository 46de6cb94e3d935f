"""On whom or what was each order, warning or notice used, and was a warning followed by an investigation?

What is used on a suspect, a place or a vehicle disrupts. What is used on the child burdens or protects the child, and
is never counted as disruption.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, beside, days_between, within
from assay.facts.crime_endings import CRIME
from assay.facts.fact_inputs import Held
from assay.facts.inferred_absence import extracted_day_of, with_answers
from assay.facts.jurisdictions import with_country, with_period
from assay.facts.repeat_suspects import PERSON

WARNING = "CAWN"
FOLLOW_UP_DAYS = 28
CHILD = "child"
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "order_code", "served_on", "disrupts", "breached",
    "is_warning", "followed_up", "recent",
)  # fmt: skip


def disruptions(held: Held, persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """The table `disruption`, with `COLUMNS`: one row an order, warning or notice.

    `followed_up`: the person was a suspect of a crime already recorded, or recorded within 28 days. `recent`: made
    within 28 days of the day of extraction.
    """
    rows = with_period(with_country(held["orders"], held, authority=""), held)
    numbers = persons.filter(~persons.person_ref.isnull()).select("force_code", "person_ref", "person_id").distinct()
    numbers = numbers.group_by("force_code", "person_ref").aggregate(person_id=numbers.person_id.min())
    rows = beside(rows, numbers, ["force_code", "person_ref"])
    rows = beside(rows, _first_suspected(persons, crime), PERSON)
    rows = with_answers(rows, held, "involvements_complete", "crimes_complete")
    rows = beside(rows, extracted_day_of(held, "orders", "crimes"), ["force_code"])
    in_period = within(rows.made_at_day, rows.period_from, rows.period_to)
    soon = days_between(rows.made_at_day, rows.first_suspected) <= FOLLOW_UP_DAYS
    nobody = rows.involvements_complete & rows.crimes_complete & ~rows.person_id.isnull()
    return rows.mutate(
        record_ref=rows.order_ref,
        in_period=in_period,
        in_base=in_period,
        disrupts=rows.served_on != CHILD,
        breached=~rows.breached_at.isnull(),
        is_warning=(rows.order_code == WARNING) & (rows.served_on == "suspect"),
        followed_up=any_true(soon | ~rows.crime_ref.isnull(), nobody),
        recent=days_between(rows.made_at_day, rows.extracted_day) < FOLLOW_UP_DAYS,
    ).select(*COLUMNS)


def _first_suspected(persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """One row a person: the first day on which a crime that names them as a suspect was recorded."""
    rows = persons.filter((persons.role == "suspect") & ~persons.crime_ref.isnull()).select(*PERSON, "crime_ref")
    both = rows.distinct().join(crime.select(*CRIME, "recorded_day"), CRIME)
    return both.group_by(PERSON).aggregate(first_suspected=both.recorded_day.min())
