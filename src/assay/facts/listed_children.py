"""Which children came to notice as exploited in each year, and on whose list?

One row an entry of a record or a list: a victim of a crime that was marked or named as exploitation, a missing episode
that was marked, a spell on the police's list, an entry of a partner's list. A year begins on the day on which the
period begins; an entry belongs to the year in which the crime was recorded, the episode began, or the child came on
the list. Who is one child is for whoever counts them: an entry bears its person by the main threshold, and its name in
linkage.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import beside, stacked, within
from assay.facts.fact_inputs import Held
from assay.facts.involved_persons import CHILD_WHEN_REPORTED
from assay.facts.jurisdictions import with_period
from assay.facts.person_roles import LIST_PEOPLE

COLUMNS = ("force_code", "record_ref", "list_key", "year", "entry", "person_id")
MARKS = ("cse", "group_cse", "cse_risk_child")
CONCERNS = ("cse", "exploitation_any")
"""A partner lists a child for sexual exploitation, or does not tell kinds of exploitation apart."""
OWN_REGISTERS = ("police", "multi_agency")
OWN_NUMBER = ["force_code", "person_ref"]


def listed(held: Held, persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """The table `listed`, with `COLUMNS`: one row an entry that puts a child on a list in a year of the period."""
    parts = [_in_crimes(persons, crime), _missing(held, persons), *_on_registers(held, persons)]
    parts += [_on_lists(held)] if LIST_PEOPLE in held else []
    rows = with_period(stacked(parts), held)
    rows = rows.filter(within(rows.day, rows.period_from, rows.period_to).fill_null(False))
    return rows.mutate(year=_year(rows.day, rows.period_from)).select(*COLUMNS).distinct()


def _part(rows: ibis.Table, list_key: str | ibis.Value, ref: ibis.Value, day: ibis.Value) -> ibis.Table:
    key = ibis.literal(list_key) if isinstance(list_key, str) else list_key
    return rows.select("force_code", "entry", "person_id", record_ref=ref, list_key=key, day=day)


def _in_crimes(persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """Children whose exploitation was marked, or named by its offence code; a cancelled crime puts nobody on a list."""
    marks = crime.cse_flagged.fill_null(False) | crime.group_flagged.fill_null(False)
    marked = crime.filter((marks | crime.cse_titled.fill_null(False)) & ~crime.cancelled.fill_null(False))
    victims = persons.filter(
        (persons.role == "victim") & (persons.when_reported == CHILD_WHEN_REPORTED) & ~persons.person_id.isnull()
    ).select("force_code", "crime_ref", "involvement_ref", "person_id")
    rows = victims.join(marked.select("force_code", "crime_ref", "recorded_day"), ["force_code", "crime_ref"])
    rows = rows.mutate(entry=rows.force_code + " " + rows.involvement_ref)
    return _part(rows, "police_crimes", rows.crime_ref, rows.recorded_day)


def _missing(held: Held, persons: ibis.Table) -> ibis.Table:
    """Children missing, of whom the episode or the child bears a mark of exploitation, put on by then or later."""
    flags = held["flags"].filter(held["flags"].flag.isin(MARKS))
    episodes = flags.filter(~flags.missing_ref.isnull()).select("force_code", "missing_ref").distinct()
    children = flags.filter(~flags.person_ref.isnull()).select(*OWN_NUMBER).distinct()
    told = beside(held["missing"], episodes.mutate(by_episode=True), ["force_code", "missing_ref"])
    told = beside(told, children.mutate(by_child=True), OWN_NUMBER)
    marked = told.filter(told.by_episode.fill_null(False) | told.by_child.fill_null(False))
    subjects = persons.filter(~persons.missing_ref.isnull() & ~persons.person_id.isnull())
    subjects = subjects.select("force_code", "missing_ref", "involvement_ref", "person_id")
    rows = marked.select("force_code", "missing_ref", "started_at_day").join(subjects, ["force_code", "missing_ref"])
    rows = rows.mutate(entry=rows.force_code + " " + rows.involvement_ref)
    return _part(rows, "police_missing", rows.missing_ref, rows.started_at_day)


def _on_registers(held: Held, persons: ibis.Table) -> list[ibis.Table]:
    """Children on lists that the force sends itself, by the force's own number; those of the local authority apart."""
    numbered = persons.filter(~persons.person_ref.isnull() & ~persons.person_id.isnull())
    first = numbered.group_by(OWN_NUMBER).aggregate(
        involvement_ref=numbered.involvement_ref.min(), person_id=numbered.person_id.min()
    )
    rows = held["registers"].join(first, OWN_NUMBER)
    rows = rows.mutate(entry=rows.force_code + " " + rows.involvement_ref)
    own = rows.filter(rows.register_kind.isin(OWN_REGISTERS))
    theirs = rows.filter(rows.register_kind == "local_authority")
    return [
        _part(own, "police_register", own.register_ref, own.started_on_day),
        _part(theirs, "local_authority", theirs.register_ref, theirs.started_on_day),
    ]


def _on_lists(held: Held) -> ibis.Table:
    """Children on partners' lists; a list of abuse of every kind is of another population, and is left out."""
    key = ["force_code", "entry_ref"]
    rows = held["agencies"].filter(held["agencies"].concern.fill_null("exploitation_any").isin(CONCERNS))
    rows = rows.join(held[LIST_PEOPLE].select(*key, "person_id"), key)
    rows = rows.mutate(entry=ibis.literal("list ") + rows.force_code + " " + rows.entry_ref)
    return _part(rows, rows.list_kind, rows.entry_ref, rows.started_on_day)


def _year(day: ibis.Value, first: ibis.Value) -> ibis.Value:
    """1 in the first year that begins with the period, 2 in the second ..."""
    return ((_number(day) - _number(first)) // 10_000 + 1).cast("int64")


def _number(day: ibis.Value) -> ibis.Value:
    """20260401: whole years apart are ten thousands apart."""
    return (day.year() * 10_000 + day.month() * 100 + day.day()).cast("int64")
