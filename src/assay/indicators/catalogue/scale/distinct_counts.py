"""Count the distinct children, suspects and crimes in each definition, by place, and their overlaps.

A child in three crimes is one child. Counts are given for every definition of a crime, by force, financial year of
recording, age band and sex, and again under each alternative linkage; their range is the linkage uncertainty.
Children are identified by their age on the day of the offence, not by the code: codes that name "16 and over" include
victims of 16 and 17.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay import reference
from assay.engine.portable_expressions import left_join
from assay.facts.crime_base import BASE_REASONS
from assay.facts.financial_quarters import financial_year
from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.scale.definition_forms import cse_crimes
from assay.indicators.conditions import Condition
from assay.indicators.indicator_answers import statement_sources

if TYPE_CHECKING:
    import ibis

    from assay.engine.expressions import ExpressionEngine

CRIME = ["force_code", "crime_ref"]
ALL = "all"
NOT_KNOWN = "not known"
CHILDREN, SUSPECTS, CRIMES = "children", "suspects", "crimes"
INVOLVEMENTS = "involvements"
TABLE_OF_COLUMN = {
    **dict.fromkeys(("cse_flagged", "csa_flagged", "group_flagged"), "flags"),
    "child_at_offence": INVOLVEMENTS,
}  # fmt: skip
"""The table needed for each fact that definitions read; all other facts are in the crime itself."""
BANDS: Mapping[str, tuple[tuple[int, str], ...]] = {
    CHILDREN: ((10, "under 10"), (13, "10 to 12"), (16, "13 to 15"), (18, "16 and 17")),
    SUSPECTS: ((18, "under 18"), (25, "18 to 24"), (35, "25 to 34"), (50, "35 to 49"), (200, "50 and over")),
}
"""For each unit: the first age after each band, and the name of the band."""
TEXT, WHOLE = pa.string(), pa.int64()
SCHEMA = pa.schema(
    [(name, TEXT) for name in ("place_code", "counting_unit", "definition", "split", "value")]
    + [(name, WHOLE) for name in ("number", "number_low", "number_high")]
)


def definitions() -> tuple[str, ...]:
    """Return the definitions of a crime (exploitation and groups) in the order of the register."""
    return tuple(predicate.key for predicate in reference.predicates().for_record_kind("crime"))


def included_crimes(crime: ibis.Table) -> ibis.Table:
    """Return the crimes of the base that were not cancelled, and for each the definitions that include it."""
    return _with_definitions(crime.filter(Condition(cse_crimes.population).ibis(crime).fill_null(False)))


def included_with_history(crime: ibis.Table) -> ibis.Table:
    """Return `included_crimes`, with the crimes of the same kinds that were recorded before or after the period."""
    is_of_base_kind = crime.scope_reason.isin(BASE_REASONS).fill_null(False)
    return _with_definitions(crime.filter(is_of_base_kind & ~crime.cancelled.fill_null(False)))


def _with_definitions(crimes: ibis.Table) -> ibis.Table:
    membership = {
        f"in_{predicate.key}": Condition(predicate.condition).ibis(crimes).fill_null(False)
        for predicate in reference.predicates().for_record_kind("crime")
    }
    day = crimes.recorded_day
    starts = (day.year() - (day.month() < 4).cast("int64")).cast("int64")
    return crimes.select(*CRIME, year=starts, month=crimes.recorded_month, recorded_day=day, **membership)


def select_people(entries: ibis.Table, crimes: ibis.Table, unit: str) -> ibis.Table:
    """Return one row for each child (or named suspect) and crime, for crimes that at least one definition includes.

    Columns: person_id, force_code, `band`, `sex`, `year`, and the columns of `included_crimes`.
    """
    entries = entries.filter(~entries.person_id.isnull())
    included = entries.child_at_offence.fill_null(False) if unit == CHILDREN else entries.named.fill_null(False)
    rows = entries.filter(included).select(*CRIME, "involvement_ref", "person_id", "age_at_offence", "sex")
    return (
        left_join(rows, crimes, CRIME)
        .filter(lambda table: ~table.year.isnull())
        .mutate(band=_band(rows.age_at_offence, unit), sex=rows.sex.fill_null(NOT_KNOWN))
    )


def _band(age: ibis.Value, unit: str) -> ibis.Value:
    import ibis

    return ibis.cases(*((age < after, name) for after, name in BANDS[unit]), else_=NOT_KNOWN)


def count_by(rows: ibis.Table, split: str, *, persons: bool, everywhere: bool) -> ibis.Table:
    """Count the members of each definition by force (or in total) and value of `split`, in columns `in_KEY`.

    Rows are first reduced to one for each person, because a distinct count for every definition is slow.
    """
    keys = ([] if everywhere else ["force_code"]) + ([] if split == ALL else [split])
    names = [name for name in rows.columns if name.startswith("in_")]
    if persons:
        rows = rows.group_by([*keys, "person_id"]).aggregate(**{name: rows[name].any() for name in names})
    numbers = {name: rows[name].sum() for name in names}
    return rows.group_by(keys).aggregate(**numbers) if keys else rows.aggregate(**numbers)


MissingTables = Mapping[str, frozenset[str]]
"""The tables that each force did not send."""


def required_tables(definition: str, unit: str) -> frozenset[str]:
    """Return the tables that are required to count a definition."""
    read = Condition(reference.predicates().get(definition).condition).columns
    definition_tables = {TABLE_OF_COLUMN[name] for name in read if name in TABLE_OF_COLUMN}
    return frozenset({CRIMES, *definition_tables, *([] if unit == CRIMES else [INVOLVEMENTS])})


def uncountable_forces(definition: str, unit: str, missing_tables: MissingTables) -> frozenset[str]:
    """Return the forces that did not send the required tables, and 'ALL' if no force sent them."""
    forces = {place for place, tables in missing_tables.items() if tables & required_tables(definition, unit)}
    return frozenset(forces | ({EVERYWHERE} if missing_tables and len(forces) == len(missing_tables) else set()))


def _countable_crimes(crimes: ibis.Table, lacking: MissingTables) -> ibis.Table:
    """Return the crimes without uncountable definitions, for each force: these are not part of the total either."""
    unanswerable = {key: uncountable_forces(key, CRIMES, lacking) for key in definitions()}
    return crimes.mutate(**{
        f"in_{key}": crimes[f"in_{key}"] & ~crimes.force_code.isin(sorted(places))
        for key, places in unanswerable.items() if places
    })  # fmt: skip


def distinct_counts(
    engine: ExpressionEngine,
    facts: Mapping[str, ibis.Table],
    choices: Mapping[str, ibis.Table | None],
    missing_tables: MissingTables = MappingProxyType({}),
) -> pa.Table:
    """Count the distinct children, suspects and crimes in each definition (table `SCHEMA`).

    `facts`: crime, victim, suspect. `choices`: each alternative linkage, as force_code, involvement_ref, person_id;
    None is the main choice, which the facts use. `missing_tables`: the tables that each force did not send; a count
    that needs one of them has no row, because missing is not zero.
    """
    crimes = engine.create_table("scale_crimes", _countable_crimes(included_crimes(facts["crime"]), missing_tables))
    found = dict(_counts(engine, crimes, CRIMES, ("year",), persons=False))
    low, high = dict(found), dict(found)
    for unit, record in ((CHILDREN, "victim"), (SUSPECTS, "suspect")):
        for choice in choices.values():
            entries = apply_linkage_choice(facts[record], choice)
            rows = engine.create_table(f"scale_{record}", select_people(entries, crimes, unit))
            splits = ("year", "band", "sex") if choice is None else ("year",)
            counts = dict(_counts(engine, rows, unit, splits, persons=True))
            if choice is None:
                found |= counts
            for key, number in counts.items():
                low[key], high[key] = min(low.get(key, number), number), max(high.get(key, number), number)
    uncountable = {
        (c, d): uncountable_forces(d, c, missing_tables) for c in (CHILDREN, SUSPECTS, CRIMES) for d in definitions()
    }
    rows_out = [
        dict(zip(SCHEMA.names, (*key, number, *_range(key, low, high)), strict=True)) for key, number in found.items()
        if key[0] not in uncountable[key[1], key[2]]
    ]  # fmt: skip
    return pa.Table.from_pylist(sorted(rows_out, key=lambda row: tuple(row.values())[:5]), schema=SCHEMA)


def _range(key: tuple[str, ...], low: Mapping[Any, int], high: Mapping[Any, int]) -> tuple[int | None, int | None]:
    """Return the lowest and highest count over all alternative linkages; None for counts by age or sex."""
    return (low.get(key, 0), high.get(key, 0)) if key[3] in (ALL, "year") else (None, None)


def apply_linkage_choice(entries: ibis.Table, choice: ibis.Table | None) -> ibis.Table:
    """Return the entries with the person that an alternative linkage assigns to each; unchanged if none is given."""
    if choice is None:
        return entries
    persons = choice.select("force_code", "involvement_ref", "person_id")
    return left_join(entries.drop("person_id"), persons, ["force_code", "involvement_ref"])


def _counts(
    engine: ExpressionEngine, rows: ibis.Table, unit: str, splits: tuple[str, ...], *, persons: bool
) -> Iterator[tuple[tuple[str, ...], int]]:
    cuts = [(everywhere, split) for everywhere in (False, True) for split in (ALL, *splits)]

    def derive(tables: Mapping[str, ibis.Table]) -> dict[str, ibis.Table]:
        return {
            f"{everywhere} {split}": count_by(tables["rows"], split, persons=persons, everywhere=everywhere)
            for everywhere, split in cuts
        }

    tables = engine.run_plan(f"{cuts} {persons} {statement_sources()}", {"rows": rows}, derive)
    for everywhere, split in cuts:
        for row in tables[f"{everywhere} {split}"].to_pylist():
            place = EVERYWHERE if everywhere else row["force_code"]
            value = ALL if split == ALL else _value(split, row[split])
            for key in definitions():
                yield (place, unit, key, split, value), int(row[f"in_{key}"] or 0)


def _value(split: str, value: Any) -> str:
    return NOT_KNOWN if value is None else financial_year(int(value)) if split == "year" else str(value)


# Overlap of the definitions: which combinations capture which children and crimes.
#
# Every pattern of definitions is counted for all forces together. Rare patterns are combined, so that none identifies a
# person.

REST = "other patterns"
COMPOSITE_DEFINITIONS = ("flagged_or_titled_cse",)
"""Definitions that combine two others, and add nothing to a pattern."""
OVERLAP_SCHEMA = pa.schema([("counting_unit", pa.string()), ("pattern", pa.string()), ("number", pa.int64())])


def pattern_definitions() -> tuple[str, ...]:
    """Return the definitions whose overlaps are counted as patterns."""
    return tuple(key for key in definitions() if key not in COMPOSITE_DEFINITIONS)


def patterns(engine: ExpressionEngine, crimes: ibis.Table, children: ibis.Table) -> pa.Table:
    """Return the overlaps of definitions (`OVERLAP_SCHEMA`), from `included_crimes` and `select_people`.

    A pattern is the keys of its definitions with '+' between.
    """
    rows = [*_patterns(engine, crimes, CRIMES), *_patterns(engine, _child_rows(children), CHILDREN)]
    return pa.Table.from_pylist(rows, schema=OVERLAP_SCHEMA)


def _child_rows(children: ibis.Table) -> ibis.Table:
    """Return one row for each child: a definition includes a child if it includes any crime against them, in any
    force."""
    names = [f"in_{key}" for key in pattern_definitions()]
    return children.group_by("person_id").aggregate(**{name: children[name].any() for name in names})


def _patterns(engine: ExpressionEngine, rows: ibis.Table, unit: str) -> list[dict[str, Any]]:
    names = [f"in_{key}" for key in pattern_definitions()]
    counts = engine.run(rows.group_by(names).aggregate(number=rows.count())).to_pylist()
    found = [("+".join(key for key in pattern_definitions() if row[f"in_{key}"]), row["number"]) for row in counts]
    return [{"counting_unit": unit, "pattern": pattern, "number": number} for pattern, number in found if pattern]


def fold_rare_patterns(table: pa.Table, minimum: int) -> pa.Table:
    """Combine patterns of fewer than `minimum` records into `REST`, and further patterns while `REST` is too small."""
    output_rows: list[dict[str, Any]] = []
    for unit in dict.fromkeys(table["counting_unit"].to_pylist()):
        rows = [row for row in table.to_pylist() if row["counting_unit"] == unit]
        output_rows += _fold_rows(sorted(rows, key=lambda row: (-row["number"], row["pattern"])), unit, minimum)
    return pa.Table.from_pylist(output_rows, schema=OVERLAP_SCHEMA)


def _fold_rows(rows: list[dict[str, Any]], unit: str, minimum: int) -> list[dict[str, Any]]:
    frequent_rows, rest = list(rows), 0
    while frequent_rows and (frequent_rows[-1]["number"] < minimum or 0 < rest < minimum):
        rest += frequent_rows.pop()["number"]
    return frequent_rows + ([{"counting_unit": unit, "pattern": REST, "number": rest}] if rest >= minimum else [])
