"""Deterministic record linkage by exact keys: force number, or names and date of birth.

A number never links two forces. Names are compared without capitals, spaces, hyphens, full stops and apostrophes, and
only if forenames, surname and date of birth are all present. Linked by both keys, entries form chains: one number links
two spellings, one spelling links two numbers.
"""

from __future__ import annotations

import ibis

ROUNDS = 4
"""Rounds of label propagation. Each round crosses one shared number and one shared name, so a chain of up to four
numbers becomes one person; a longer chain stays divided (a missed link, never a false one)."""


def match_exactly(entries: ibis.Table) -> ibis.Table:
    """Return one row for each entry: force_code, ref, on_list, person_id.

    `entries` is the result of `linkage_entries` or `involvement_entries`. `person_id` is the smallest entry name of the
    person ("FORCE involvement", or "list FORCE entry" if the person is on partners' lists only); it reveals no
    identity. An entry with neither key is a person of its own.
    """
    rows = _add_keys(entries)
    rows = rows.mutate(person_id=rows.entry)
    for _ in range(ROUNDS):
        rows = _propagate_smallest_label(rows, "number_key")
        rows = _propagate_smallest_label(rows, "name_key")
    return rows.select("force_code", "ref", "on_list", "person_id")


def _add_keys(rows: ibis.Table) -> ibis.Table:
    """Return the entries with their two keys; a key is missing if any part of it is missing."""
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
    """Return the name in lower case without spaces and punctuation; missing if nothing is left."""
    return name.lower().re_replace(r"[\s'’.-]+", "").nullif("")


def _propagate_smallest_label(entries: ibis.Table, key: str) -> ibis.Table:
    """Give all entries that share a key the smallest person_id among them; entries without the key keep their own."""
    smallest = entries.person_id.min().over(group_by=entries[key])
    return entries.mutate(person_id=ibis.ifelse(entries[key].isnull(), entries.person_id, smallest))
