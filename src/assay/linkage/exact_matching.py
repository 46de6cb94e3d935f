"""Deterministic record linkage by exact keys: force number, or names and date of birth.

A number never joins two forces. Names count as the same without regard to capitals, spaces, hyphens, full stops and
apostrophes, and only where forenames, surname and date of birth are all there. Both keys together make chains: a
number ties two spellings, a spelling ties two numbers.
"""

from __future__ import annotations

import ibis

ROUNDS = 4
"""How often the smallest label is handed on. Each round crosses one shared number and one shared name, so persons
with up to four numbers in a chain become one; a longer chain stays apart, and is never joined wrongly."""


def match_exactly(entries: ibis.Table) -> ibis.Table:
    """One row an entry, of a record or of a partner's list: force_code, ref, on_list, person_id.

    `entries`: a table as the function of that name gives it. `person_id` is the smallest entry among those of the
    person ("FORCE involvement", or "list FORCE entry" where no record knows them); it holds no detail of anybody. An
    entry with neither key is a person by itself.
    """
    rows = _add_keys(entries)
    rows = rows.mutate(person_id=rows.entry)
    for _ in range(ROUNDS):
        rows = _propagate_smallest_label(rows, "number_key")
        rows = _propagate_smallest_label(rows, "name_key")
    return rows.select("force_code", "ref", "on_list", "person_id")


def _add_keys(rows: ibis.Table) -> ibis.Table:
    """Each entry with its two keys; a key is missing where a part of it is missing."""
    forenames, surname = _normalise_name(rows.forenames), _normalise_name(rows.surname)
    return rows.select(
        "force_code",
        "ref",
        "on_list",
        "entry",
        number_key=rows.number,
        name_key=surname + "," + forenames + "," + rows.date_of_birth.cast("string"),
    )


def _normalise_name(name: ibis.Value) -> ibis.Value:
    """A name without what is written now one way, now another; missing if nothing is left."""
    return name.lower().re_replace(r"[\s'’.-]+", "").nullif("")


def _propagate_smallest_label(entries: ibis.Table, key: str) -> ibis.Table:
    """Everybody with this key takes the smallest label among them; who has no such key keeps theirs."""
    smallest = entries.person_id.min().over(group_by=entries[key])
    return entries.mutate(person_id=ibis.ifelse(entries[key].isnull(), entries.person_id, smallest))
