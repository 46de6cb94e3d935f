"""Children on each list (police, partners) in each year of the period.

One row for each entry of a record or a list: a victim of a crime that was flagged or titled exploitation, a missing
episode that was flagged, a spell on the police's list, an entry of a partner's list. A year begins on the day on which
the period begins; an entry belongs to the year in which the crime was recorded, the episode began, or the child came on
the list. Entries are not merged into children here: an entry has its person at the main linkage threshold, and its
linkage key.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import is_in_period, left_join, union_all
from assay.facts.fact_inputs import Tables
from assay.facts.involved_persons import CHILD_WHEN_REPORTED
from assay.facts.jurisdictions import add_period
from assay.facts.person_roles import LIST_PEOPLE

COLUMNS = ("force_code", "record_ref", "list_key", "year", "entry", "person_id")
EXPLOITATION_FLAGS = ("cse", "group_cse", "cse_risk_child")
CONCERNS = ("cse", "exploitation_any")
"""Partner list concerns: sexual exploitation, or exploitation of any kind."""
POLICE_REGISTERS = ("police", "multi_agency")
PERSON_REF_KEY = ["force_code", "person_ref"]


def listed_entries(tables: Tables, persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """Return the table `listed_entries`, with `COLUMNS`: one row for each entry that puts a child on a list in a year
    of the period."""
    parts = [
        _crime_entries(persons, crime),
        _missing_episode_entries(tables, persons),
        *_register_entries(tables, persons),
    ]
    parts += [_partner_list_entries(tables)] if LIST_PEOPLE in tables else []
    rows = add_period(union_all(parts), tables)
    rows = rows.filter(is_in_period(rows.day, rows.period_from, rows.period_to).fill_null(False))
    return rows.mutate(year=_period_year(rows.day, rows.period_from)).select(*COLUMNS).distinct()


def _entry_rows(rows: ibis.Table, list_key: str | ibis.Value, ref: ibis.Value, day: ibis.Value) -> ibis.Table:
    key = ibis.literal(list_key) if isinstance(list_key, str) else list_key
    return rows.select("force_code", "entry", "person_id", record_ref=ref, list_key=key, day=day)


def _crime_entries(persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """Return victims of crimes flagged or titled exploitation; cancelled crimes are excluded."""
    is_flagged = crime.cse_flagged.fill_null(False) | crime.group_flagged.fill_null(False)
    flagged_crimes = crime.filter((is_flagged | crime.cse_titled.fill_null(False)) & ~crime.cancelled.fill_null(False))
    victims = persons.filter(
        (persons.role == "victim") & (persons.when_reported == CHILD_WHEN_REPORTED) & ~persons.person_id.isnull()
    ).select("force_code", "crime_ref", "involvement_ref", "person_id")
    rows = victims.join(flagged_crimes.select("force_code", "crime_ref", "recorded_day"), ["force_code", "crime_ref"])
    rows = rows.mutate(entry=rows.force_code + " " + rows.involvement_ref)
    return _entry_rows(rows, "police_crimes", rows.crime_ref, rows.recorded_day)


def _missing_episode_entries(tables: Tables, persons: ibis.Table) -> ibis.Table:
    """Return missing children whose episode or own record has an exploitation flag, set then or later."""
    flags = tables["flags"].filter(tables["flags"].flag.isin(EXPLOITATION_FLAGS))
    episodes = flags.filter(~flags.missing_ref.isnull()).select("force_code", "missing_ref").distinct()
    children = flags.filter(~flags.person_ref.isnull()).select(*PERSON_REF_KEY).distinct()
    flagged_episodes = left_join(tables["missing"], episodes.mutate(by_episode=True), ["force_code", "missing_ref"])
    flagged_episodes = left_join(flagged_episodes, children.mutate(by_child=True), PERSON_REF_KEY)
    marked = flagged_episodes.filter(
        flagged_episodes.by_episode.fill_null(False) | flagged_episodes.by_child.fill_null(False)
    )
    subjects = persons.filter(~persons.missing_ref.isnull() & ~persons.person_id.isnull())
    subjects = subjects.select("force_code", "missing_ref", "involvement_ref", "person_id")
    rows = marked.select("force_code", "missing_ref", "started_at_day").join(subjects, ["force_code", "missing_ref"])
    rows = rows.mutate(entry=rows.force_code + " " + rows.involvement_ref)
    return _entry_rows(rows, "police_missing", rows.missing_ref, rows.started_at_day)


def _register_entries(tables: Tables, persons: ibis.Table) -> list[ibis.Table]:
    """Children on lists that the force sends itself, by the force's own number; those of the local authority apart."""
    entries_with_person = persons.filter(~persons.person_ref.isnull() & ~persons.person_id.isnull())
    first_entries = entries_with_person.group_by(PERSON_REF_KEY).aggregate(
        involvement_ref=entries_with_person.involvement_ref.min(), person_id=entries_with_person.person_id.min()
    )
    rows = tables["registers"].join(first_entries, PERSON_REF_KEY)
    rows = rows.mutate(entry=rows.force_code + " " + rows.involvement_ref)
    police_rows = rows.filter(rows.register_kind.isin(POLICE_REGISTERS))
    authority_rows = rows.filter(rows.register_kind == "local_authority")
    return [
        _entry_rows(police_rows, "police_register", police_rows.register_ref, police_rows.started_on_day),
        _entry_rows(authority_rows, "local_authority", authority_rows.register_ref, authority_rows.started_on_day),
    ]


def _partner_list_entries(tables: Tables) -> ibis.Table:
    """Children on partners' lists; a list of abuse of every kind is of another population, and is left out."""
    key = ["force_code", "entry_ref"]
    rows = tables["agencies"].filter(tables["agencies"].concern.fill_null("exploitation_any").isin(CONCERNS))
    rows = rows.join(tables[LIST_PEOPLE].select(*key, "person_id"), key)
    rows = rows.mutate(entry=ibis.literal("list ") + rows.force_code + " " + rows.entry_ref)
    return _entry_rows(rows, rows.list_kind, rows.entry_ref, rows.started_on_day)


def _period_year(day: ibis.Value, first_day: ibis.Value) -> ibis.Value:
    """1 in the first year that begins with the period, 2 in the second ..."""
    return ((_date_number(day) - _date_number(first_day)) // 10_000 + 1).cast("int64")


def _date_number(day: ibis.Value) -> ibis.Value:
    """20260401: whole years apart are ten thousands apart."""
    return (day.year() * 10_000 + day.month() * 100 + day.day()).cast("int64")
