"""Join the sheets of an extract: by crime number, or by system keys that identify crimes and persons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assay.ingest.extracts.column_settlement import (
    SettledColumn,
    settled_column,
)
from assay.ingest.extracts.extract_model import ColumnMeaning, KeyLookup
from assay.ingest.extracts.person_cells import role_in_name
from assay.ingest.extracts.planned_sheets import (
    CRIME,
    CRIMES,
    MAIN_COLUMNS,
    MIN_PROBABILITY_OF_KEY,
    PERSON,
    PERSONS,
    PROBABILITY_OF_JOIN,
    PlannedSheet,
)
from assay.ingest.extracts.sheet_shape import (
    Join,
    SheetKey,
    find_joins,
    share_in,
)


def join_to_crimes(planned: Sequence[PlannedSheet]) -> None:
    """Find for each sheet the crime number, or the system key that leads to it in another sheet."""
    mains = [one for one in planned if one.is_main]
    if not mains:
        mains = _take_probable_keys(planned)
    for one in planned:
        if one in mains or one.is_code_list or _names_known_crimes(one, mains):
            continue
        joins = [(main, join) for main in mains for join in _joins_to_crimes(one, main)]
        if joins:
            _lead_to_crimes(one, *max(joins, key=lambda pair: _strength(*pair)))


def _take_probable_keys(planned: Sequence[PlannedSheet]) -> list[PlannedSheet]:
    """Take the most probable crime number of a sheet of crimes to which the rows of another sheet lead."""
    for one in planned:
        if one.crime_key or not any(one.settled.find(CRIMES, name) for name in MAIN_COLUMNS):
            continue
        probable = [
            c for c in one.candidates if (c.table, c.column) == (CRIMES, CRIME) and one.columns[c.heading].is_unique
        ]
        best = max(probable, key=lambda c: c.probability, default=None)
        if (
            best is not None
            and best.probability >= MIN_PROBABILITY_OF_KEY
            and _is_referred_to(one, best.heading, planned)
        ):
            one.settled.take(settled_column(best, PROBABILITY_OF_JOIN))
    return [one for one in planned if one.is_main]


def _is_referred_to(one: PlannedSheet, heading: str, planned: Sequence[PlannedSheet]) -> bool:
    key = [one.columns[heading]]
    others = (other for other in planned if other is not one)
    return any(
        next(find_joins(other.columns.values(), key, ("crime", "occurrence", "offence")), None) for other in others
    )


def _names_known_crimes(one: PlannedSheet, mains: Sequence[PlannedSheet]) -> bool:
    """Return True if the crime numbers of a sheet stand on a sheet of crimes."""
    if not one.crime_key:
        return False
    own = one.columns[one.crime_key]
    return not mains or any(share_in(own, main.columns[main.crime_key]) >= 0.5 for main in mains)


def _joins_to_crimes(one: PlannedSheet, main: PlannedSheet) -> Iterable[Join]:
    return find_joins(one.columns.values(), main.columns.values(), ("crime", "occurrence", "offence", "occ"))


def _strength(main: PlannedSheet, join: Join) -> tuple[bool, bool, float]:
    """Return how strong a join is: to the crime number itself, by equal headings, by the share of keys."""
    same = join.child.words == join.parent.words
    return (join.parent.heading == main.crime_key, same, join.share)


def _lead_to_crimes(one: PlannedSheet, main: PlannedSheet, join: Join) -> None:
    reason = f"its cells are keys of the rows of {main.sheet.label}"
    meaning = ColumnMeaning(join.child.heading, CRIMES, CRIME, PROBABILITY_OF_JOIN, (reason,))
    previous = one.settled.find(CRIMES, CRIME)
    if previous is not None:
        one.settled.drop(previous)
    one.settled.take(SettledColumn(meaning, kind="reference"))
    if join.parent.heading != main.crime_key:
        one.lookups[CRIME] = KeyLookup(*main.key, join.parent.heading, main.crime_key)


def join_to_persons(planned: Sequence[PlannedSheet]) -> None:
    """Find the key by which a list of persons without a crime number is joined to the sheets with one."""
    linked = [one for one in planned if one.crime_key]
    for one in planned:
        if one.crime_key or one.is_code_list or not one.settled.of_table(PERSONS):
            continue
        joins = [(link, join) for link in linked for join in _joins_to_persons(link, one)]
        for link, join in _one_for_each_child(joins):
            _lead_to_persons(link, one, join)


def _joins_to_persons(link: PlannedSheet, persons: PlannedSheet) -> Iterable[Join]:
    words = ("person", "nominal", "individual", "party", "subject", "victim", "suspect", "offender")
    return (
        join
        for join in find_joins(link.columns.values(), persons.columns.values(), words)
        if join.child.heading != link.crime_key
    )


def _one_for_each_child(joins: Sequence[tuple[PlannedSheet, Join]]) -> list[tuple[PlannedSheet, Join]]:
    best: dict[tuple[SheetKey, str], tuple[PlannedSheet, Join]] = {}
    for link, join in sorted(joins, key=lambda pair: (pair[1].child.words != pair[1].parent.words, -pair[1].share)):
        best.setdefault((link.key, join.child.heading), (link, join))
    return list(best.values())


def _lead_to_persons(link: PlannedSheet, persons: PlannedSheet, join: Join) -> None:
    """Take the key of the list of persons as person reference on both sheets."""
    found = persons.settled.find(PERSONS, PERSON)
    if found is not None and found.meaning.heading != join.parent.heading:
        persons.settled.drop(found)
    reason = f"it leads to the rows of {persons.sheet.label}"
    on_list = ColumnMeaning(join.parent.heading, PERSONS, PERSON, PROBABILITY_OF_JOIN, ("each row has its own",))
    persons.settled.take(SettledColumn(on_list, kind="reference"))
    role, block = _whose(link, join.child.heading)
    same = [c for c in link.settled.of_table(PERSONS) if (c.column, c.role, c.block) == (PERSON, role, block)]
    for column in same:
        link.settled.drop(column)
    meaning = ColumnMeaning(join.child.heading, PERSONS, PERSON, PROBABILITY_OF_JOIN, (reason,))
    link.settled.take(SettledColumn(meaning, role, block, "reference"))


def _whose(planned: PlannedSheet, heading: str) -> tuple[str, int]:
    """Return role and block that the candidates of a heading name, or the role that the heading itself names."""
    found = [(c.role, c.block) for c in planned.candidates if c.heading == heading and c.table == PERSONS]
    role, block = found[0] if found else ("", 0)
    return role or role_in_name(heading), block
