"""Orders, warnings and notices: on whom they were used, and whether a warning was followed up.

Measures on a suspect, a place or a vehicle are disruption. Measures on the child restrict or protect the child, and are
never counted as disruption.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, days_between, is_in_period, left_join
from assay.facts.crime_endings import CRIME
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import add_supply_indicators, extraction_days
from assay.facts.jurisdictions import add_country, add_period
from assay.facts.repeat_suspects import PERSON

WARNING = "CAWN"
FOLLOW_UP_DAYS = 28
CHILD = "child"
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "order_code", "served_on", "disrupts", "breached",
    "is_warning", "followed_up", "recent",
)  # fmt: skip


def disruption_facts(tables: Tables, persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """Return the table `disruption`, with `COLUMNS`: one row for each order, warning or notice.

    `followed_up`: the person was a suspect of a crime already recorded, or recorded within 28 days. `recent`: made
    within 28 days of the day of extraction.
    """
    rows = add_period(add_country(tables["orders"], tables, authority=""), tables)
    persons_by_ref = (
        persons.filter(~persons.person_ref.isnull()).select("force_code", "person_ref", "person_id").distinct()
    )
    persons_by_ref = persons_by_ref.group_by("force_code", "person_ref").aggregate(
        person_id=persons_by_ref.person_id.min()
    )
    rows = left_join(rows, persons_by_ref, ["force_code", "person_ref"])
    rows = left_join(rows, _first_suspected_days(persons, crime), PERSON)
    rows = add_supply_indicators(rows, tables, "involvements_complete", "crimes_complete")
    rows = left_join(rows, extraction_days(tables, "orders", "crimes"), ["force_code"])
    in_period = is_in_period(rows.made_at_day, rows.period_from, rows.period_to)
    is_soon = days_between(rows.made_at_day, rows.first_suspected) <= FOLLOW_UP_DAYS
    is_absence_certain = rows.involvements_complete & rows.crimes_complete & ~rows.person_id.isnull()
    return rows.mutate(
        record_ref=rows.order_ref,
        in_period=in_period,
        in_base=in_period,
        disrupts=rows.served_on != CHILD,
        breached=~rows.breached_at.isnull(),
        is_warning=(rows.order_code == WARNING) & (rows.served_on == "suspect"),
        followed_up=any_true(is_soon | ~rows.crime_ref.isnull(), is_absence_certain),
        recent=days_between(rows.made_at_day, rows.extracted_day) < FOLLOW_UP_DAYS,
    ).select(*COLUMNS)


def _first_suspected_days(persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """Return one row for each person: the first day on which a crime that names them as a suspect was recorded."""
    rows = persons.filter((persons.role == "suspect") & ~persons.crime_ref.isnull()).select(*PERSON, "crime_ref")
    suspected_crimes = rows.distinct().join(crime.select(*CRIME, "recorded_day"), CRIME)
    return suspected_crimes.group_by(PERSON).aggregate(first_suspected=suspected_crimes.recorded_day.min())
