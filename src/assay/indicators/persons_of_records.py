"""Who are the people of each record, and what is written down of them: row by row, by what each row names?

Somebody's entry is asked first, then the person, then everybody of that side on the crime: of several victims who
differ a record is of "more than one", and no victim is picked for the others. A child who is the victim of no crime is
described by what the return says of them elsewhere. Where no entry says who a record is about, nobody is described:
that is another thing than a characteristic that nobody wrote down (decision 0128).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from assay.engine.expressions import Expressions
from assay.engine.portable_expressions import beside, stacked
from assay.facts.person_characteristics import GROUPS, SEVERAL, age_band
from assay.indicators import NOT_KNOWN

if TYPE_CHECKING:
    import ibis

VICTIM, SUSPECT = "victim", "suspect"
OF_THE_SUSPECT = ("suspect", "pursuit", "prosecution", "child_suspect")
"""Records whose own entry or person is that of a suspect; these begin so, and others are of a victim or a child."""
NOBODY = "nobody is described"
"""The people of a record of which no entry of the return says who it is about."""
NO_OFFENCE = "no crime against them"
"""The age at the offence of a child who is the victim of no crime."""
NO_GROUPS = (NOT_KNOWN, NOBODY, NO_OFFENCE, SEVERAL)
COLUMNS = ("age_band", *GROUPS)
OWN_AGES = ("age_at_start", "age_when_assessed")
"""How old the child was in a missing episode or when assessed: there the age is that, and not one at an offence."""
Key = tuple[str, ...]
ENTRY: Key = ("involvement_ref",)
BOTH: Key = ("crime_ref", "person_id")
PERSON: Key = ("person_id",)
CRIME: Key = ("crime_ref",)


class Whose:
    """Of every record of a table of facts: who its victims, and its suspects, are."""

    def __init__(self, facts: Mapping[str, ibis.Table], engine: Expressions) -> None:
        self._facts, self._engine = facts, engine
        self._held: dict[tuple[Key, str], ibis.Table] = {}

    def people(self, record: str) -> ibis.Table:
        """force_code, record_ref, record, side, offence_family ('' where a record has none) and `COLUMNS`, in which
        nothing is missing: each record once for its victims and once for its suspects."""
        rows = self._facts[record]
        return stacked([self._with(record, rows, side) for side in (VICTIM, SUSPECT) if keys(rows, record, side)])

    def _with(self, record: str, rows: ibis.Table, side: str) -> ibis.Table:
        import ibis

        asked = keys(rows, record, side)
        names = {name: rows[name] for name in dict.fromkeys(name for key in asked for name in key)}
        if "person_id" in names and "involvement_ref" in rows.columns:
            # Whoever has an entry is known by it; that of a suspect never describes a victim.
            names["person_id"] = ibis.cases((rows.involvement_ref.isnull(), rows.person_id))
        family = rows.offence_family.fill_null("") if "offence_family" in rows.columns else ibis.literal("")
        ages = {name: rows[name] for name in self._ages(rows, side)}
        own = rows.select("force_code", "record_ref", offence_family=family, **names, **ages)
        if side == VICTIM and "missing_ref" in rows.columns and not ages:
            own = self._with_age_of_episode(rows, own)
        for place, key in enumerate(asked):
            told = self._of(key, side).rename({f"{name}_{place}": name for name in COLUMNS})
            own = beside(own, told, ["force_code", *key])
        found = {name: ibis.coalesce(*(own[f"{name}_{n}"] for n in range(len(asked))), NOBODY) for name in COLUMNS}
        for name in OWN_AGES:
            if name in own.columns:
                found["age_band"] = _then(own[name], found["age_band"], _is_dated(own, name))
        return own.select(
            "force_code", "record_ref", "offence_family", record=ibis.literal(record), side=ibis.literal(side), **found
        )

    def _ages(self, rows: ibis.Table, side: str) -> list[str]:
        return [name for name in OWN_AGES if side == VICTIM and name in rows.columns]

    def _with_age_of_episode(self, rows: ibis.Table, own: ibis.Table) -> ibis.Table:
        """A duty about a missing episode: the age when it began."""
        episodes = self._facts["missing_episode"].select("force_code", "missing_ref", "age_at_start")
        told = rows.select("force_code", "record_ref", "missing_ref")
        told = beside(told.filter(~told.missing_ref.isnull()), episodes, ["force_code", "missing_ref"])
        told = told.mutate(is_episode=~told.missing_ref.isnull()).drop("missing_ref")
        return beside(own, told, ["force_code", "record_ref"])

    def _of(self, key: Key, side: str) -> ibis.Table:
        """force_code, `key` and `COLUMNS`, one row each: who the people of an entry, a crime or a person are."""
        if (key, side) not in self._held:
            found = self._of_persons() if (key, side) == (PERSON, VICTIM) else self._of_entries(key, side)
            self._held[key, side] = self._engine.keep(f"whose_{'_'.join(key)}_{side}", found)
        return self._held[key, side]

    def _of_entries(self, key: Key, side: str) -> ibis.Table:
        rows = self._facts["described"].filter(lambda t: t.role == side)
        for name in key:
            rows = rows.filter(~rows[name].isnull())
        return rows.group_by("force_code", *key).aggregate(**{name: _of_all(rows[name]) for name in COLUMNS})

    def _of_persons(self) -> ibis.Table:
        """Every child by what any entry of theirs says."""
        import ibis

        rows = self._facts["person_described"]
        told = {name: rows[name].fill_null(NOT_KNOWN) for name in COLUMNS}
        told["age_band"] = ibis.ifelse(rows.as_victim, told["age_band"], NO_OFFENCE)
        return rows.select("force_code", "person_id", **told)


def keys(rows: ibis.Table, record: str, side: str) -> list[Key]:
    """By which columns the people of one side are found, the surest first; none where a record has no such people."""
    own = SUSPECT if record.startswith(OF_THE_SUSPECT) else VICTIM
    asked: tuple[Key, ...] = (ENTRY, BOTH, PERSON, CRIME) if side == own else (ENTRY, CRIME)
    found = [key for key in asked if set(key) <= set(rows.columns)]
    # Of the other side there are people only on a crime.
    return found if side == own or CRIME in found else []


def _of_all(column: ibis.Value) -> ibis.Value:
    """The group that all share; "more than one"; or not known, where it is not written down for somebody."""
    import ibis

    return ibis.cases((column.isnull().any(), NOT_KNOWN), (column.min() == column.max(), column.min()), else_=SEVERAL)


def _is_dated(own: ibis.Table, name: str) -> ibis.Value:
    import ibis

    return own.is_episode.fill_null(False) if "is_episode" in own.columns else ibis.literal(True)


def _then(age: ibis.Value, band: ibis.Value, dated: ibis.Value) -> ibis.Value:
    """The band of the age at the record itself, where the record is one that has its own age."""
    import ibis

    return ibis.cases((~dated | (band == NOBODY), band), (~age.isnull(), age_band(age)), else_=NOT_KNOWN)
