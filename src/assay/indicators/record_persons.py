"""Characteristics of the victims and suspects of every record.

Persons are found by the record's own entry, then by person, then by all persons of that side on the crime: if several
victims differ, the group is "more than one", and no victim stands for the others. A child who is the victim of no crime
is described by other entries of the return. If no entry shows whom a record is about, nobody is described, which
differs from a characteristic that was not recorded (decision 0128).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from assay.engine.expressions import ExpressionEngine
from assay.engine.portable_expressions import left_join, union_all
from assay.facts.age_bands import age_band
from assay.facts.person_characteristics import CONFLICTING_VALUES, GROUPS
from assay.indicators import NOT_KNOWN

if TYPE_CHECKING:
    import ibis

VICTIM, SUSPECT = "victim", "suspect"
SUSPECT_RECORDS = ("suspect", "pursuit", "prosecution", "child_suspect")
"""Prefixes of the records whose own entry or person is a suspect; other records are of a victim or a child."""
NO_PERSON = "nobody is described"
"""The group of a record for which no entry shows whom it is about."""
NO_OFFENCE = "no crime against them"
"""The age group at the offence of a child who is the victim of no crime."""
NO_GROUPS = (NOT_KNOWN, NO_PERSON, NO_OFFENCE, CONFLICTING_VALUES)
CHARACTERISTIC_COLUMNS = ("age_band", *GROUPS)
OWN_AGES = ("age_at_start", "age_when_assessed")
"""Columns of the age at the record itself, for missing episodes and assessments, which have no offence."""
Key = tuple[str, ...]
ENTRY: Key = ("involvement_ref",)
CRIME_AND_PERSON: Key = ("crime_ref", "person_id")
PERSON: Key = ("person_id",)
CRIME: Key = ("crime_ref",)


class RecordPersons:
    """The victims and suspects of each record of a fact table, with their characteristics."""

    def __init__(self, facts: Mapping[str, ibis.Table], engine: ExpressionEngine) -> None:
        self._facts, self._engine = facts, engine
        self._tables: dict[tuple[Key, str], ibis.Table] = {}

    def people(self, record: str) -> ibis.Table:
        """Return one row for each record and side (its victims, its suspects), with the persons' characteristics.

        Columns: force_code, record_ref, record, side, offence_family ('' if none) and `CHARACTERISTIC_COLUMNS`, without
        nulls.
        """
        rows = self._facts[record]
        return union_all(
            [
                self._add_characteristics(record, rows, side)
                for side in (VICTIM, SUSPECT)
                if person_keys(rows, record, side)
            ]
        )

    def _add_characteristics(self, record: str, rows: ibis.Table, side: str) -> ibis.Table:
        import ibis

        key_order = person_keys(rows, record, side)
        names = {name: rows[name] for name in dict.fromkeys(name for key in key_order for name in key)}
        if "person_id" in names and "involvement_ref" in rows.columns:
            # A person's own entry comes first; the entry of a suspect never describes a victim.
            names["person_id"] = ibis.cases((rows.involvement_ref.isnull(), rows.person_id))
        family = rows.offence_family.fill_null("") if "offence_family" in rows.columns else ibis.literal("")
        ages = {name: rows[name] for name in self._ages(rows, side)}
        record_columns = rows.select("force_code", "record_ref", offence_family=family, **names, **ages)
        if side == VICTIM and "missing_ref" in rows.columns and not ages:
            record_columns = self._with_age_of_episode(rows, record_columns)
        for place, key in enumerate(key_order):
            characteristics = self._people_by_key(key, side).rename(
                {f"{name}_{place}": name for name in CHARACTERISTIC_COLUMNS}
            )
            record_columns = left_join(record_columns, characteristics, ["force_code", *key])
        found = {
            name: ibis.coalesce(*(record_columns[f"{name}_{n}"] for n in range(len(key_order))), NO_PERSON)
            for name in CHARACTERISTIC_COLUMNS
        }
        for name in OWN_AGES:
            if name in record_columns.columns:
                found["age_band"] = _age_band_at_record(
                    record_columns[name], found["age_band"], _is_dated(record_columns, name)
                )
        return record_columns.select(
            "force_code", "record_ref", "offence_family", record=ibis.literal(record), side=ibis.literal(side), **found
        )

    def _ages(self, rows: ibis.Table, side: str) -> list[str]:
        return [name for name in OWN_AGES if side == VICTIM and name in rows.columns]

    def _with_age_of_episode(self, rows: ibis.Table, record_columns: ibis.Table) -> ibis.Table:
        """Replace the age for duties about a missing episode: the age when the episode began."""
        episodes = self._facts["missing_episode"].select("force_code", "missing_ref", "age_at_start")
        episode_rows = rows.select("force_code", "record_ref", "missing_ref")
        episode_rows = left_join(
            episode_rows.filter(~episode_rows.missing_ref.isnull()), episodes, ["force_code", "missing_ref"]
        )
        episode_rows = episode_rows.mutate(is_episode=~episode_rows.missing_ref.isnull()).drop("missing_ref")
        return left_join(record_columns, episode_rows, ["force_code", "record_ref"])

    def _people_by_key(self, key: Key, side: str) -> ibis.Table:
        """Return force_code, `key` and `CHARACTERISTIC_COLUMNS`: the persons of each entry, crime or person."""
        if (key, side) not in self._tables:
            found = self._people_of_persons() if (key, side) == (PERSON, VICTIM) else self._people_of_entries(key, side)
            self._tables[key, side] = self._engine.create_table(f"whose_{'_'.join(key)}_{side}", found)
        return self._tables[key, side]

    def _people_of_entries(self, key: Key, side: str) -> ibis.Table:
        rows = self._facts["described"].filter(lambda t: t.role == side)
        for name in key:
            rows = rows.filter(~rows[name].isnull())
        return rows.group_by("force_code", *key).aggregate(
            **{name: _common_group(rows[name]) for name in CHARACTERISTIC_COLUMNS}
        )

    def _people_of_persons(self) -> ibis.Table:
        """Return the characteristics of every child over all their entries."""
        import ibis

        rows = self._facts["person_described"]
        values = {name: rows[name].fill_null(NOT_KNOWN) for name in CHARACTERISTIC_COLUMNS}
        values["age_band"] = ibis.ifelse(rows.as_victim, values["age_band"], NO_OFFENCE)
        return rows.select("force_code", "person_id", **values)


def person_keys(rows: ibis.Table, record: str, side: str) -> list[Key]:
    """Return the sets of columns by which to find victims or suspects of a record, the most certain first."""
    main_side = SUSPECT if record.startswith(SUSPECT_RECORDS) else VICTIM
    key_order: tuple[Key, ...] = (ENTRY, CRIME_AND_PERSON, PERSON, CRIME) if side == main_side else (ENTRY, CRIME)
    found = [key for key in key_order if set(key) <= set(rows.columns)]
    # Persons of the other side are found only through the crime.
    return found if side == main_side or CRIME in found else []


def _common_group(column: ibis.Value) -> ibis.Value:
    """Return the group that all rows share, "more than one", or not known if any row lacks it."""
    import ibis

    return ibis.cases(
        (column.isnull().any(), NOT_KNOWN), (column.min() == column.max(), column.min()), else_=CONFLICTING_VALUES
    )


def _is_dated(record_columns: ibis.Table, name: str) -> ibis.Value:
    import ibis

    return record_columns.is_episode.fill_null(False) if "is_episode" in record_columns.columns else ibis.literal(True)


def _age_band_at_record(age: ibis.Value, band: ibis.Value, dated: ibis.Value) -> ibis.Value:
    """Return the age band at the record itself, for records that have their own age."""
    import ibis

    return ibis.cases((~dated | (band == NO_PERSON), band), (~age.isnull(), age_band(age)), else_=NOT_KNOWN)
