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
    mains = [sheet_plan for sheet_plan in planned if sheet_plan.is_main]
    if not mains:
        mains = _choose_probable_keys(planned)
    for sheet_plan in planned:
        if sheet_plan in mains or sheet_plan.is_code_list or _names_known_crimes(sheet_plan, mains):
            continue
        joins = [(main, join) for main in mains for join in _joins_to_crimes(sheet_plan, main)]
        if joins:
            _apply_crime_join(sheet_plan, *max(joins, key=lambda pair: _strength(*pair)))


def _choose_probable_keys(planned: Sequence[PlannedSheet]) -> list[PlannedSheet]:
    """Choose the most probable crime number of a sheet of crimes that the rows of another sheet refer to."""
    for sheet_plan in planned:
        if sheet_plan.crime_key or not any(sheet_plan.settled.find(CRIMES, name) for name in MAIN_COLUMNS):
            continue
        probable = [
            candidate
            for candidate in sheet_plan.candidates
            if (candidate.table, candidate.column) == (CRIMES, CRIME)
            and sheet_plan.columns[candidate.heading].is_unique
        ]
        best = max(probable, key=lambda candidate: candidate.probability, default=None)
        if (
            best is not None
            and best.probability >= MIN_PROBABILITY_OF_KEY
            and _is_referred_to(sheet_plan, best.heading, planned)
        ):
            sheet_plan.settled.choose(settled_column(best, PROBABILITY_OF_JOIN))
    return [sheet_plan for sheet_plan in planned if sheet_plan.is_main]


def _is_referred_to(sheet_plan: PlannedSheet, heading: str, planned: Sequence[PlannedSheet]) -> bool:
    key = [sheet_plan.columns[heading]]
    other_plans = (other for other in planned if other is not sheet_plan)
    return any(
        next(find_joins(other.columns.values(), key, ("crime", "occurrence", "offence")), None) for other in other_plans
    )


def _names_known_crimes(planned: PlannedSheet, mains: Sequence[PlannedSheet]) -> bool:
    """Return True if the crime numbers of a sheet stand on a sheet of crimes."""
    if not planned.crime_key:
        return False
    crime_numbers = planned.columns[planned.crime_key]
    return not mains or any(share_in(crime_numbers, main.columns[main.crime_key]) >= 0.5 for main in mains)


def _joins_to_crimes(planned: PlannedSheet, main: PlannedSheet) -> Iterable[Join]:
    return find_joins(planned.columns.values(), main.columns.values(), ("crime", "occurrence", "offence", "occ"))


def _strength(main: PlannedSheet, join: Join) -> tuple[bool, bool, float]:
    """Return how strong a join is: to the crime number itself, by equal headings, by the share of keys."""
    has_same_heading = join.child.words == join.parent.words
    return (join.parent.heading == main.crime_key, has_same_heading, join.share)


def _apply_crime_join(planned: PlannedSheet, main: PlannedSheet, join: Join) -> None:
    reason = f"its cells are keys of the rows of {main.sheet.label}"
    meaning = ColumnMeaning(join.child.heading, CRIMES, CRIME, PROBABILITY_OF_JOIN, (reason,))
    previous = planned.settled.find(CRIMES, CRIME)
    if previous is not None:
        planned.settled.drop(previous)
    planned.settled.choose(SettledColumn(meaning, kind="reference"))
    if join.parent.heading != main.crime_key:
        planned.lookups[CRIME] = KeyLookup(*main.key, join.parent.heading, main.crime_key)


def join_to_persons(planned: Sequence[PlannedSheet]) -> None:
    """Find the key that joins a list of persons without crime numbers to the sheets that have crime numbers."""
    linked = [sheet_plan for sheet_plan in planned if sheet_plan.crime_key]
    for sheet_plan in planned:
        if sheet_plan.crime_key or sheet_plan.is_code_list or not sheet_plan.settled.columns_of_table(PERSONS):
            continue
        joins = [(link, join) for link in linked for join in _joins_to_persons(link, sheet_plan)]
        for link, join in _best_join_of_each_child(joins):
            _apply_person_join(link, sheet_plan, join)


def _joins_to_persons(link: PlannedSheet, persons: PlannedSheet) -> Iterable[Join]:
    words = ("person", "nominal", "individual", "party", "subject", "victim", "suspect", "offender")
    return (
        join
        for join in find_joins(link.columns.values(), persons.columns.values(), words)
        if join.child.heading != link.crime_key
    )


def _best_join_of_each_child(joins: Sequence[tuple[PlannedSheet, Join]]) -> list[tuple[PlannedSheet, Join]]:
    best: dict[tuple[SheetKey, str], tuple[PlannedSheet, Join]] = {}
    for link, join in sorted(joins, key=lambda pair: (pair[1].child.words != pair[1].parent.words, -pair[1].share)):
        best.setdefault((link.key, join.child.heading), (link, join))
    return list(best.values())


def _apply_person_join(link: PlannedSheet, persons: PlannedSheet, join: Join) -> None:
    """Use the key of the list of persons as the person reference on both sheets."""
    found = persons.settled.find(PERSONS, PERSON)
    if found is not None and found.meaning.heading != join.parent.heading:
        persons.settled.drop(found)
    reason = f"it leads to the rows of {persons.sheet.label}"
    on_list = ColumnMeaning(join.parent.heading, PERSONS, PERSON, PROBABILITY_OF_JOIN, ("each row has its own",))
    persons.settled.choose(SettledColumn(on_list, kind="reference"))
    role, block = _role_and_block(link, join.child.heading)
    previous = [
        c for c in link.settled.columns_of_table(PERSONS) if (c.column, c.role, c.block) == (PERSON, role, block)
    ]
    for column in previous:
        link.settled.drop(column)
    meaning = ColumnMeaning(join.child.heading, PERSONS, PERSON, PROBABILITY_OF_JOIN, (reason,))
    link.settled.choose(SettledColumn(meaning, role, block, "reference"))


def _role_and_block(planned: PlannedSheet, heading: str) -> tuple[str, int]:
    """Return role and block that the candidates of a heading name, or the role that the heading itself names."""
    found = [(c.role, c.block) for c in planned.candidates if c.heading == heading and c.table == PERSONS]
    role, block = found[0] if found else ("", 0)
    return role or role_in_name(heading), block
