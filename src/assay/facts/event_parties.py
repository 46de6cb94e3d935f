"""Whom does an event name: which victim, which suspect of its crime?

By the reference of the entry, else by the force's number for the person; an event that names nobody is read for the
only person of that role, if there is only one. An event that names nobody among several, or somebody who has no such
part in the crime, is read for the crime only: for each person it is not known (return contract, section 8 and rules
R34 and R35). One person who stands twice on a crime is one: the first of their entries stands for all.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import beside, stacked

PARTY = ("force_code", "crime_ref", "involvement_ref", "person_ref", "stands_for")


def parties(persons: ibis.Table, role: str) -> ibis.Table:
    """The entries of one role ("victim" or "suspect") on crimes."""
    return on_crimes(persons, role).select(*PARTY)


def on_crimes(persons: ibis.Table, role: str) -> ibis.Table:
    """Every entry of one role on a crime, all its columns and `stands_for`: of one person's entries on one crime the
    first that has a date of birth, else the first, in the order of the file: a reference may be a code."""
    rows = persons.filter((persons.role == role) & ~persons.crime_ref.isnull())
    rows = rows.mutate(who=ibis.coalesce(rows.person_id, rows.involvement_ref))
    same = [rows.force_code, rows.crime_ref, rows.who]
    in_turn = [rows.dated.fill_null(False).cast("int64").desc(), rows.line, rows.involvement_ref]
    first = rows.involvement_ref.first().over(ibis.window(group_by=same, order_by=in_turn))
    return rows.mutate(stands_for=first).drop("who")


def with_party(steps: ibis.Table, of_role: ibis.Table) -> ibis.Table:
    """Each step with `party_ref`, the entry that stands for the person it names; missing where it names none for
    certain. A number is read only where the step names no entry."""
    by_entry = of_role.select("force_code", "crime_ref", "involvement_ref", by_entry="stands_for")
    by_number = _by_number(of_role).rename(by_number="stands_for")
    told = beside(steps, by_entry, ["force_code", "crime_ref", "involvement_ref"])
    told = beside(told, by_number, ["force_code", "crime_ref", "person_ref"])
    told = beside(told, _only_ones(of_role), ["force_code", "crime_ref"])
    names_nobody = told.involvement_ref.isnull() & told.person_ref.isnull()
    only = ibis.cases((names_nobody, told.only_one))
    number = ibis.cases((told.involvement_ref.isnull(), told.by_number))
    party = ibis.coalesce(told.by_entry, number, only)
    return told.mutate(party_ref=party).drop("by_entry", "by_number", "only_one")


def of_any_crime(steps: ibis.Table, of_role: ibis.Table) -> ibis.Table:
    """Steps that name a person and no crime, once for each crime on which the person has that role."""
    by_number = _by_number(of_role).rename(crime_of="crime_ref", party_ref="stands_for")
    without = steps.filter(steps.crime_ref.isnull() & ~steps.person_ref.isnull())
    told = without.join(by_number, ["force_code", "person_ref"])
    return told.mutate(crime_ref=told.crime_of).drop("crime_of")


def with_party_wherever(steps: ibis.Table, of_role: ibis.Table) -> ibis.Table:
    """Steps with their party: on the crime they name, or on every crime of the person if they name none."""
    named = with_party(steps.filter(~steps.crime_ref.isnull()), of_role)
    return stacked([named, of_any_crime(steps, of_role).select(*named.columns)])


def _by_number(of_role: ibis.Table) -> ibis.Table:
    """One row a crime and number of a person: the entry that stands for them."""
    known = of_role.filter(~of_role.person_ref.isnull())
    return known.group_by("force_code", "crime_ref", "person_ref").aggregate(stands_for=known.stands_for.min())


def _only_ones(of_role: ibis.Table) -> ibis.Table:
    """Crimes with one person of the role, and the entry that stands for them."""
    counted = of_role.group_by("force_code", "crime_ref").aggregate(
        number=of_role.stands_for.nunique(), only_one=of_role.stands_for.min()
    )
    return counted.filter(counted.number == 1).drop("number")
