"""Counts of suspects by ethnicity, age, sex and nationality, with the number not known.

A suspect is not convicted, and not every suspect is recorded. There is no share, rate or map: each count is shown with
the number not recorded, so that a reader sees its bounds. A figure for all forces is given only if every force that was
asked sent the data. Suspects under 18 are counted separately, with the number who are known as victims.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay import reference
from assay.engine.expressions import ExpressionEngine
from assay.engine.portable_expressions import count_where, left_join
from assay.indicators import EVERYWHERE, NOT_KNOWN
from assay.indicators.conditions import Condition

if TYPE_CHECKING:
    import ibis

TEXT, WHOLE = pa.string(), pa.int64()
DEFINITIONS = ("flagged_or_titled_cse", "contact_by_several", "child_sexual_offence")
CHARACTERISTICS: Mapping[str, str] = {
    "ethnicity, as they define it": "ethnicity_self",
    "ethnicity, as an officer saw it": "ethnicity_officer",
    "sex": "sex",
    "nationality": "nationality",
}
UNDER_18, ADULT, ALL_AGES = "under 18", "18 and over", "all ages"
CONFLICTING = "recorded in two ways"
ALL_FORM = pa.schema([("place_code", TEXT), ("definition", TEXT), ("age_group", TEXT), ("suspects", WHOLE),
                      ("known_victims", WHOLE), ("suppressed_cells", TEXT)])  # fmt: skip
FORM = pa.schema([("place_code", TEXT), ("definition", TEXT), ("age_group", TEXT), ("characteristic", TEXT),
                  ("people", TEXT), ("suspects", WHOLE), ("known_victims", WHOLE),
                  ("suppressed_cells", TEXT)])  # fmt: skip
SCHEMAS = {"suspects_by_age": ALL_FORM, "suspects_by_characteristic": FORM}
Row = dict[str, Any]


def count_suspects(
    facts: Mapping[str, ibis.Table],
    engine: ExpressionEngine,
    force_codes: Collection[str],
    senders: Mapping[str, Collection[str]],
) -> dict[str, pa.Table]:
    """Return the tables of suspect counts (`SCHEMAS`); a force that did not send a column is left out of its counts.

    Parameters
    ----------
    force_codes
        Every force of the request.
    senders
        The forces that sent each column of `involvements`; "" stands for the table itself.
    """
    rows: list[Row] = []
    for definition in DEFINITIONS:
        found = engine.run(_count_persons(facts, reference.predicates().get(definition).condition))
        rows += [row | {"definition": definition} for row in found.to_pylist()]
    total_rows = list(_total_rows(rows, force_codes, senders[""]))
    characteristic_rows = [
        characteristic_row
        for name, column in CHARACTERISTICS.items()
        for characteristic_row in _characteristic_rows(rows, name, column, force_codes, senders[column])
    ]
    return {
        "suspects_by_age": pa.Table.from_pylist(total_rows, schema=ALL_FORM),
        "suspects_by_characteristic": pa.Table.from_pylist(characteristic_rows, schema=FORM),
    }


def _count_persons(facts: Mapping[str, ibis.Table], condition: str) -> ibis.Table:
    """Count the persons suspected of crimes that a definition includes, by force, age and every characteristic."""
    import ibis

    crimes = facts["crime"]
    found = crimes.filter(
        (crimes.in_base & ~crimes.cancelled.fill_null(False) & Condition(condition).ibis(crimes)).fill_null(False)
    )
    rows = facts["described"].filter(facts["described"].role == "suspect")
    rows = rows.semi_join(found, ["force_code", "crime_ref"])
    rows = rows.filter((rows.known_as != "nothing_known").fill_null(True))
    rows = rows.mutate(who=ibis.coalesce(rows.person_id, rows.involvement_ref))
    groups = {name: rows[f"{name}_group"] for name in CHARACTERISTICS.values()}
    persons = rows.group_by("force_code", "who").aggregate(
        # The age of a person suspected of several crimes is that at the first of them.
        under_18=rows.child_at_offence.fill_null(False).any(),
        age_unknown=rows.child_at_offence.isnull().any(),
        **{
            name: ibis.cases(
                (group.min() == group.max(), group.min()), (~group.min().isnull(), CONFLICTING), else_=NOT_KNOWN
            )
            for name, group in groups.items()
        },
    )
    known = facts["roles_of_person"].select("force_code", "as_victim", who="person_id")
    persons = left_join(persons, known, ["force_code", "who"])
    age = ibis.cases((persons.under_18, UNDER_18), (persons.age_unknown, NOT_KNOWN), else_=ADULT)
    persons = persons.mutate(age_group=age, victim=persons.as_victim.fill_null(False))
    return persons.group_by("force_code", "age_group", *CHARACTERISTICS.values()).aggregate(
        suspects=persons.count(), known_victims=count_where(persons, persons.victim)
    )


def _places(force_codes: Collection[str], senders: Collection[str]) -> list[str]:
    """Return the forces that sent the column, and all forces combined only if every one of them sent it."""
    whole = [EVERYWHERE] if set(force_codes) <= set(senders) else []
    return [*whole, *sorted(senders)]


def _total_rows(rows: list[Row], force_codes: Collection[str], senders: Collection[str]) -> Iterator[Row]:
    for place in _places(force_codes, senders):
        for definition in DEFINITIONS:
            for age in (ALL_AGES, UNDER_18, ADULT, NOT_KNOWN):
                age_rows = _select_rows(rows, place, definition, age)
                yield {
                    "place_code": place,
                    "definition": definition,
                    "age_group": age,
                    **_counts(age_rows),
                    "suppressed_cells": "",
                }


def _characteristic_rows(
    rows: list[Row], name: str, column: str, force_codes: Collection[str], senders: Collection[str]
) -> Iterator[Row]:
    for place in _places(force_codes, senders):
        for definition in DEFINITIONS:
            groups = {row[column] for row in rows if row["definition"] == definition} | {NOT_KNOWN}
            for age in (ALL_AGES, UNDER_18, ADULT, NOT_KNOWN):
                age_rows = _select_rows(rows, place, definition, age)
                for people in sorted(groups):
                    counts = _counts([row for row in age_rows if row[column] == people])
                    yield {"place_code": place, "definition": definition, "age_group": age, "characteristic": name,
                           "people": people, **counts, "suppressed_cells": ""}  # fmt: skip


def _select_rows(rows: list[Row], place: str, definition: str, age: str) -> list[Row]:
    return [
        row
        for row in rows
        if row["definition"] == definition
        and place in (EVERYWHERE, row["force_code"])
        and age in (ALL_AGES, row["age_group"])
    ]


def _counts(rows: list[Row]) -> dict[str, int]:
    return {name: sum(row[name] for row in rows) for name in ("suspects", "known_victims")}
