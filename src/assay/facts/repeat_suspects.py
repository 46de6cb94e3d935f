"""Suspects of offences against two or more children, and action taken.

One row is one person named as a suspect in one force. Action was taken if they were arrested or charged, or an order or
warning was used on them, at any time; its absence is known only if all of these are completely sent.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, left_join
from assay.facts.crime_endings import CRIME
from assay.facts.event_parties import entries_on_crimes
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import add_supply_indicators
from assay.facts.jurisdictions import add_country

ARREST, CHARGE = "suspect_arrested", "suspect_charged"
ACTION_KINDS = (ARREST, CHARGE)
PERSON = ["force_code", "person_id"]
MINIMUM_CHILDREN = 2
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "person_id", "crimes", "children",
    "several_children", "arrested_or_charged", "under_order", "acted_on",
)  # fmt: skip


def suspected_persons(tables: Tables, persons: ibis.Table, crime: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """Return the table `suspected_person`, with `COLUMNS`: one row for each person named as a suspect in one force.

    `children`: victims under 18 of their crimes in this force. `several_children`: two or more; not known if it depends
    on a victim of unknown age.
    """
    entries = _named_suspect_entries(persons, crime)
    rows = left_join(_person_charges(entries), _child_victim_counts(entries, persons), PERSON)
    rows = left_join(rows, _steps_by_person(entries, steps), PERSON)
    rows = left_join(rows, persons_with_orders(tables, persons), PERSON)
    rows = add_supply_indicators(
        add_country(rows, tables, authority=""), tables, f"no_{ARREST}_is_no", f"no_{CHARGE}_is_no", "orders_complete"
    )
    children, unsure = rows.children.fill_null(0), rows.unsure_children.fill_null(0)
    has_step = rows.any_step.fill_null(False) | rows.any_own_charge
    is_absence_certain = rows[f"no_{ARREST}_is_no"] & rows[f"no_{CHARGE}_is_no"] & ~rows.unclear_step.fill_null(False)
    is_absence_certain = is_absence_certain & ~rows.crime_charged
    is_arrested_or_charged, is_under_order = (
        any_true(has_step, is_absence_certain),
        any_true(rows.any_order, rows.orders_complete & ~rows.unclear_order.fill_null(False)),
    )
    return rows.mutate(
        record_ref=rows.person_id,
        children=children,
        several_children=ibis.cases(
            (children >= MINIMUM_CHILDREN, True), (children + unsure < MINIMUM_CHILDREN, False)
        ),
        arrested_or_charged=is_arrested_or_charged,
        under_order=is_under_order,
        acted_on=is_arrested_or_charged | is_under_order,
    ).select(*COLUMNS)


def _named_suspect_entries(persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """The entries of named suspects on crimes that were not cancelled."""
    rows = entries_on_crimes(persons, "suspect")
    rows = rows.filter((rows.suspect_known_as == "named") & ~rows.cancelled.fill_null(False))
    return left_join(rows, crime.select(*CRIME, "charged"), CRIME)


def _person_charges(entries: ibis.Table) -> ibis.Table:
    """Return for each person their crimes, and whether there is a charge against them or against nobody by name."""
    is_charged = entries.suspect_outcome_code.isin(("1", "1A"))
    return entries.group_by(PERSON).aggregate(
        crimes=entries.crime_ref.nunique(),
        in_base=entries.in_base.fill_null(False).any(),
        in_period=entries.in_period.fill_null(False).any(),
        any_own_charge=is_charged.fill_null(False).any(),
        crime_charged=(entries.charged.fill_null(False) & is_charged.isnull()).any(),
    )


def _child_victim_counts(entries: ibis.Table, persons: ibis.Table) -> ibis.Table:
    """Return for each person the number of child victims, and of victims of unknown age, of their crimes."""
    victims = persons.filter((persons.role == "victim") & ~persons.crime_ref.isnull())
    victims = victims.select(*CRIME, victim_id="person_id", child="child_at_offence")
    victims_by_person = entries.select(*PERSON, "crime_ref").join(victims, CRIME)
    return victims_by_person.group_by(PERSON).aggregate(
        children=victims_by_person.victim_id.nunique(where=victims_by_person.child),
        unsure_children=victims_by_person.victim_id.nunique(where=victims_by_person.child.isnull()),
    )


def _steps_by_person(entries: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """Return each person with an arrest or charge on their crimes, of them or of a person who is not named."""
    crime_steps = steps.filter(steps.kind.isin(ACTION_KINDS) & ~steps.crime_ref.isnull()).select(*CRIME, "suspect_ref")
    steps_by_person = entries.select(*PERSON, "crime_ref", "stands_for").join(crime_steps, CRIME)
    return steps_by_person.group_by(PERSON).aggregate(
        any_step=(steps_by_person.suspect_ref == steps_by_person.stands_for).fill_null(False).any(),
        unclear_step=steps_by_person.suspect_ref.isnull().any(),
    )


def persons_with_orders(tables: Tables, persons: ibis.Table) -> ibis.Table:
    """Return one row for each person named in an order or warning.

    `any_order`: an order was served on them as a suspect. `unclear_order`: it is not known on whom an order was served.
    """
    persons_by_ref = (
        persons.filter(~persons.person_ref.isnull()).select("force_code", "person_ref", "person_id").distinct()
    )
    orders = tables["orders"].select("force_code", "person_ref", "served_on")
    orders = orders.join(persons_by_ref, ["force_code", "person_ref"])
    return orders.group_by(PERSON).aggregate(
        any_order=(orders.served_on == "suspect").fill_null(False).any(),
        unclear_order=orders.served_on.isnull().any(),
    )
