"""How many distinct children, suspects and crimes does each definition take in, and where do they stand?

A child in three crimes is one child. Each is counted under every definition of a crime side by side, by force,
financial year of recording, age band and sex, and once more under each other way to decide who is the same person: the
counts lie between the lowest and the highest of them. Children are counted by their age on the day of the offence, not
by the code: codes that name "16 and over" hold victims of 16 and 17 too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay import reference
from assay.engine.portable_expressions import beside
from assay.facts.financial_quarters import financial_year
from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.scale.definition_forms import cse_crimes
from assay.indicators.conditions import Condition

if TYPE_CHECKING:
    import ibis

    from assay.engine.expressions import Expressions

CRIME = ["force_code", "crime_ref"]
ALL = "all"
NOT_KNOWN = "not known"
CHILDREN, SUSPECTS, CRIMES = "children", "suspects", "crimes"
INVOLVEMENTS = "involvements"
OF_COLUMNS = {
    **dict.fromkeys(("cse_flagged", "csa_flagged", "group_flagged"), "flags"),
    "child_at_offence": INVOLVEMENTS,
}  # fmt: skip
"""By fact of a crime that definitions read, the table without which it is not known; all others stand in the crime."""
BANDS: Mapping[str, tuple[tuple[int, str], ...]] = {
    CHILDREN: ((10, "under 10"), (13, "10 to 12"), (16, "13 to 15"), (18, "16 and 17")),
    SUSPECTS: ((18, "under 18"), (25, "18 to 24"), (35, "25 to 34"), (50, "35 to 49"), (200, "50 and over")),
}
"""By what is counted: each band's first age after it, and its name."""
TEXT, WHOLE = pa.string(), pa.int64()
SCHEMA = pa.schema(
    [(name, TEXT) for name in ("place_code", "counted", "definition", "split", "value")]
    + [(name, WHOLE) for name in ("number", "number_low", "number_high")]
)


def definitions() -> tuple[str, ...]:
    """The definitions of a crime, of exploitation and of groups, in the order of the register."""
    return tuple(one.key for one in reference.predicates().on("crime"))


def taken_in(crime: ibis.Table) -> ibis.Table:
    """Crimes of the base that are not cancelled: their keys, `year` (the one in which the financial year starts),
    `month`, and for each definition whether it takes them in for certain (`in_KEY`)."""
    inside = crime.filter(Condition(cse_crimes.population).ibis(crime).fill_null(False))
    held = {
        f"in_{one.key}": Condition(one.condition).ibis(inside).fill_null(False)
        for one in reference.predicates().on("crime")
    }
    day = inside.recorded_day
    starts = (day.year() - (day.month() < 4).cast("int64")).cast("int64")
    return inside.select(*CRIME, year=starts, month=inside.recorded_month, recorded_day=day, **held)


def people(entries: ibis.Table, crimes: ibis.Table, counted: str) -> ibis.Table:
    """One row a child, or a named suspect, on a crime that some definition may take in: person_id, force_code, `band`,
    `sex`, `year` and the columns of `taken_in`."""
    entries = entries.filter(~entries.person_id.isnull())
    kept = entries.child_at_offence.fill_null(False) if counted == CHILDREN else entries.named.fill_null(False)
    rows = entries.filter(kept).select(*CRIME, "involvement_ref", "person_id", "age_at_offence", "sex")
    return (
        beside(rows, crimes, CRIME)
        .filter(lambda told: ~told.year.isnull())
        .mutate(band=_band(rows.age_at_offence, counted), sex=rows.sex.fill_null(NOT_KNOWN))
    )


def _band(age: ibis.Value, counted: str) -> ibis.Value:
    import ibis

    return ibis.cases(*((age < after, name) for after, name in BANDS[counted]), else_=NOT_KNOWN)


def counted_by(rows: ibis.Table, split: str, *, persons: bool, everywhere: bool) -> ibis.Table:
    """One row a force (or one for all) and value of `split`: of each definition how many, as `in_KEY`.

    Each person is made one row first: to count the distinct ones of every definition by itself is dear.
    """
    keys = ([] if everywhere else ["force_code"]) + ([] if split == ALL else [split])
    names = [name for name in rows.columns if name.startswith("in_")]
    if persons:
        rows = rows.group_by([*keys, "person_id"]).aggregate(**{name: rows[name].any() for name in names})
    numbers = {name: rows[name].sum() for name in names}
    return rows.group_by(keys).aggregate(**numbers) if keys else rows.aggregate(**numbers)


Lacking = Mapping[str, frozenset[str]]
"""By force, the tables that it did not send."""


def needed(definition: str, counted: str) -> frozenset[str]:
    """The tables without which nothing can be said of how many a definition takes in."""
    read = Condition(reference.predicates().get(definition).condition).columns
    of_definition = {OF_COLUMNS[name] for name in read if name in OF_COLUMNS}
    return frozenset({CRIMES, *of_definition, *([] if counted == CRIMES else [INVOLVEMENTS])})


def cannot_be_counted(definition: str, counted: str, lacking: Lacking) -> frozenset[str]:
    """The forces that did not send what is needed, and 'ALL' where no force did."""
    barred = {place for place, tables in lacking.items() if tables & needed(definition, counted)}
    return frozenset(barred | ({EVERYWHERE} if lacking and len(barred) == len(lacking) else set()))


def _certain(crimes: ibis.Table, lacking: Lacking) -> ibis.Table:
    """Crimes of which a definition takes in none in a force that cannot be counted: neither is it in all together."""
    barred = {key: cannot_be_counted(key, CRIMES, lacking) for key in definitions()}
    return crimes.mutate(**{
        f"in_{key}": crimes[f"in_{key}"] & ~crimes.force_code.isin(sorted(places))
        for key, places in barred.items() if places
    })  # fmt: skip


def distinct(
    engine: Expressions,
    facts: Mapping[str, ibis.Table],
    choices: Mapping[str, ibis.Table | None],
    lacking: Lacking = MappingProxyType({}),
) -> pa.Table:
    """The table of `SCHEMA`: distinct children, suspects and crimes.

    `facts`: crime, victim, suspect. `choices`: each way to decide who is the same person, as force_code,
    involvement_ref, person_id; None for that of the facts themselves, which the figures are of. `lacking`: the tables
    that each force did not send; where a count needs one of them there is no row, since what was not sent is no zero.
    """
    crimes = engine.keep("scale_crimes", _certain(taken_in(facts["crime"]), lacking))
    found = dict(_counts(engine, crimes, CRIMES, ("year",), persons=False))
    low, high = dict(found), dict(found)
    for counted, record in ((CHILDREN, "victim"), (SUSPECTS, "suspect")):
        for chosen in choices.values():
            entries = by_choice(facts[record], chosen)
            rows = engine.keep(f"scale_{record}", people(entries, crimes, counted))
            splits = ("year", "band", "sex") if chosen is None else ("year",)
            told = dict(_counts(engine, rows, counted, splits, persons=True))
            if chosen is None:
                found |= told
            for key, number in told.items():
                low[key], high[key] = min(low.get(key, number), number), max(high.get(key, number), number)
    barred = {(c, d): cannot_be_counted(d, c, lacking) for c in (CHILDREN, SUSPECTS, CRIMES) for d in definitions()}
    rows_out = [
        dict(zip(SCHEMA.names, (*key, number, *_range(key, low, high)), strict=True)) for key, number in found.items()
        if key[0] not in barred[key[1], key[2]]
    ]  # fmt: skip
    return pa.Table.from_pylist(sorted(rows_out, key=lambda row: tuple(row.values())[:5]), schema=SCHEMA)


def _range(key: tuple[str, ...], low: Mapping[Any, int], high: Mapping[Any, int]) -> tuple[int | None, int | None]:
    """Lowest and highest over the choices; told apart by age or sex a count is not repeated."""
    return (low.get(key, 0), high.get(key, 0)) if key[3] in (ALL, "year") else (None, None)


def by_choice(entries: ibis.Table, chosen: ibis.Table | None) -> ibis.Table:
    """Entries with the person whom this way to decide takes them for; as they are where there is none."""
    if chosen is None:
        return entries
    told = chosen.select("force_code", "involvement_ref", "person_id")
    return beside(entries.drop("person_id"), told, ["force_code", "involvement_ref"])


def _counts(
    engine: Expressions, rows: ibis.Table, counted: str, splits: tuple[str, ...], *, persons: bool
) -> Iterator[tuple[tuple[str, ...], int]]:
    for everywhere in (False, True):
        for split in (ALL, *splits):
            told = engine.run(counted_by(rows, split, persons=persons, everywhere=everywhere))
            for row in told.to_pylist():
                place = EVERYWHERE if everywhere else row["force_code"]
                value = ALL if split == ALL else _value(split, row[split])
                for key in definitions():
                    yield (place, counted, key, split, value), int(row[f"in_{key}"] or 0)


def _value(split: str, value: Any) -> str:
    return NOT_KNOWN if value is None else financial_year(int(value)) if split == "year" else str(value)
