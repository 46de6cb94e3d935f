"""Who is suspected of offences against two or more children, and was anything done about them?

One row is one person named as a suspect in one force. Something was done if they were arrested or charged, or an order
or warning was used on them, at any time; that nothing was done is known only where all of these are sent whole.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, beside
from assay.facts.crime_endings import CRIME
from assay.facts.event_parties import on_crimes
from assay.facts.fact_inputs import Held
from assay.facts.inferred_absence import with_answers
from assay.facts.jurisdictions import with_country

ARREST, CHARGE = "suspect_arrested", "suspect_charged"
DONE = (ARREST, CHARGE)
PERSON = ["force_code", "person_id"]
SEVERAL = 2
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "person_id", "crimes", "children",
    "several_children", "arrested_or_charged", "under_order", "acted_on",
)  # fmt: skip


def suspected_persons(held: Held, persons: ibis.Table, crime: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """The table `suspected_person`, with `COLUMNS`. `children`: victims of their crimes in this force who were under
    18; `several_children`: two or more; not known if it hangs on a victim whose age is not known."""
    mine = _named(persons, crime)
    rows = beside(_own(mine), _children(mine, persons), PERSON)
    rows = beside(rows, _steps_on(mine, steps), PERSON)
    rows = beside(rows, orders_on(held, persons), PERSON)
    rows = with_answers(with_country(rows, held, authority=""), held, f"no_{ARREST}_is_no", f"no_{CHARGE}_is_no",
                        "orders_complete")  # fmt: skip
    children, unsure = rows.children.fill_null(0), rows.unsure_children.fill_null(0)
    done = rows.any_step.fill_null(False) | rows.any_own_charge
    certain = rows[f"no_{ARREST}_is_no"] & rows[f"no_{CHARGE}_is_no"] & ~rows.unclear_step.fill_null(False)
    certain = certain & ~rows.crime_charged
    acted, ordered = any_true(done, certain), any_true(rows.any_order, rows.orders_complete)
    return rows.mutate(
        record_ref=rows.person_id,
        children=children,
        several_children=ibis.cases((children >= SEVERAL, True), (children + unsure < SEVERAL, False)),
        arrested_or_charged=acted,
        under_order=ordered,
        acted_on=acted | ordered,
    ).select(*COLUMNS)


def _named(persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """The entries of named suspects on crimes that were not cancelled."""
    rows = on_crimes(persons, "suspect")
    rows = rows.filter((rows.suspect_known_as == "named") & ~rows.cancelled.fill_null(False))
    return beside(rows, crime.select(*CRIME, "charged"), CRIME)


def _own(mine: ibis.Table) -> ibis.Table:
    """One row a person: crimes, whether a charge stands against them, or on their crimes against nobody by name."""
    own = mine.suspect_outcome_code.isin(("1", "1A"))
    return mine.group_by(PERSON).aggregate(
        crimes=mine.crime_ref.nunique(),
        in_base=mine.in_base.fill_null(False).any(),
        in_period=mine.in_period.fill_null(False).any(),
        any_own_charge=own.fill_null(False).any(),
        crime_charged=(mine.charged.fill_null(False) & own.isnull()).any(),
    )


def _children(mine: ibis.Table, persons: ibis.Table) -> ibis.Table:
    """One row a person: how many children were victims of their crimes, and how many victims of unknown age."""
    victims = persons.filter((persons.role == "victim") & ~persons.crime_ref.isnull())
    victims = victims.select(*CRIME, victim_id="person_id", child="child_at_offence")
    both = mine.select(*PERSON, "crime_ref").join(victims, CRIME)
    return both.group_by(PERSON).aggregate(
        children=both.victim_id.nunique(where=both.child),
        unsure_children=both.victim_id.nunique(where=both.child.isnull()),
    )


def _steps_on(mine: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """One row a person with an arrest or a charge on their crimes: of them, or of somebody whom it does not name."""
    told = steps.filter(steps.kind.isin(DONE) & ~steps.crime_ref.isnull()).select(*CRIME, "suspect_ref")
    both = mine.select(*PERSON, "crime_ref", "stands_for").join(told, CRIME)
    return both.group_by(PERSON).aggregate(
        any_step=(both.suspect_ref == both.stands_for).fill_null(False).any(),
        unclear_step=both.suspect_ref.isnull().any(),
    )


def orders_on(held: Held, persons: ibis.Table) -> ibis.Table:
    """One row a person on whom an order or warning was served as a suspect."""
    numbers = persons.filter(~persons.person_ref.isnull()).select("force_code", "person_ref", "person_id").distinct()
    served = held["orders"].filter(held["orders"].served_on == "suspect").join(numbers, ["force_code", "person_ref"])
    return served.select(*PERSON).distinct().mutate(any_order=ibis.literal(True))
