"""Parties of events: the victim or suspect that each event names.

The party is found by the reference of the entry, else by the force's number for the person; an event without either
belongs to the only person of that role, if there is one. Otherwise the event belongs to the crime only, and is not
known for each person (return contract, section 8 and rules R34 and R35). A person with several entries on a crime is
represented by the first.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import left_join, union_all

PARTY = ("force_code", "crime_ref", "involvement_ref", "person_ref", "stands_for")


def crime_parties(persons: ibis.Table, role: str) -> ibis.Table:
    """Return the entries of one role ("victim" or "suspect") on crimes."""
    return entries_on_crimes(persons, role).select(*PARTY)


def entries_on_crimes(persons: ibis.Table, role: str) -> ibis.Table:
    """Return every involvement in one role on a crime, with the main involvement of the same person (`stands_for`)."""
    rows = persons.filter((persons.role == role) & ~persons.crime_ref.isnull())
    rows = rows.mutate(who=ibis.coalesce(rows.person_id, rows.involvement_ref))
    person_columns = [rows.force_code, rows.crime_ref, rows.who]
    entry_order = [rows.dated.fill_null(False).cast("int64").desc(), rows.line, rows.involvement_ref]
    main_entry = rows.involvement_ref.first().over(ibis.window(group_by=person_columns, order_by=entry_order))
    return rows.mutate(stands_for=main_entry).drop("who")


def add_party(steps: ibis.Table, entries: ibis.Table) -> ibis.Table:
    """Add `party_ref` to each step: the involvement of the person whom the step names; missing if uncertain.

    The number of a person is used only if the step names no entry.
    """
    by_entry = entries.select("force_code", "crime_ref", "involvement_ref", by_entry="stands_for")
    by_number = _entries_by_person_ref(entries).rename(by_number="stands_for")
    step_rows = left_join(steps, by_entry, ["force_code", "crime_ref", "involvement_ref"])
    step_rows = left_join(step_rows, by_number, ["force_code", "crime_ref", "person_ref"])
    step_rows = left_join(step_rows, _single_party_crimes(entries), ["force_code", "crime_ref"])
    names_nobody = step_rows.involvement_ref.isnull() & step_rows.person_ref.isnull()
    single_party = ibis.cases((names_nobody, step_rows.only_one))
    numbered_party = ibis.cases((step_rows.involvement_ref.isnull(), step_rows.by_number))
    party = ibis.coalesce(step_rows.by_entry, numbered_party, single_party)
    return step_rows.mutate(party_ref=party).drop("by_entry", "by_number", "only_one")


def steps_without_crime(steps: ibis.Table, entries: ibis.Table) -> ibis.Table:
    """Return the steps that name a person but no crime, once for each crime of the person in that role."""
    by_number = _entries_by_person_ref(entries).rename(crime_of="crime_ref", party_ref="stands_for")
    steps_with_person = steps.filter(steps.crime_ref.isnull() & ~steps.person_ref.isnull())
    step_rows = steps_with_person.join(by_number, ["force_code", "person_ref"])
    return step_rows.mutate(crime_ref=step_rows.crime_of).drop("crime_of")


def add_party_on_any_crime(steps: ibis.Table, entries: ibis.Table) -> ibis.Table:
    """Add the party to each step: on the crime that it names or, if it names none, on every crime of the person."""
    steps_with_crime = add_party(steps.filter(~steps.crime_ref.isnull()), entries)
    return union_all([steps_with_crime, steps_without_crime(steps, entries).select(*steps_with_crime.columns)])


def _entries_by_person_ref(entries: ibis.Table) -> ibis.Table:
    """Return one row for each crime and number of a person: the entry that represents them."""
    entries_with_ref = entries.filter(~entries.person_ref.isnull())
    return entries_with_ref.group_by("force_code", "crime_ref", "person_ref").aggregate(
        stands_for=entries_with_ref.stands_for.min()
    )


def _single_party_crimes(entries: ibis.Table) -> ibis.Table:
    """Return the crimes with one person of the role, and the entry that represents them."""
    party_counts = entries.group_by("force_code", "crime_ref").aggregate(
        number=entries.stands_for.nunique(), only_one=entries.stands_for.min()
    )
    return party_counts.filter(party_counts.number == 1).drop("number")
