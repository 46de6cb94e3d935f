"""Which columns of the contract does a flat extract contain, by table, and separately for victims and for suspects?

A question is asked only of what the extract has a place for. A place that is empty gives "not known"; no place at all
gives "cannot be asked".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from assay.ingest.extracts.extract_model import ColumnMeaning, ExtractTable, SplitPart, SplitPlan
from assay.ingest.extracts.heading_evidence import heading_words
from assay.ingest.extracts.value_kinds_coded import read_yes_no
from assay.ingest.extracts.value_kinds_flags import flag_of_heading
from assay.workflows.check.named_headings import heading_places

CRIMES, PERSONS, FLAGS = "crimes", "involvements", "flags"
VICTIM, SUSPECT = "victim", "suspect"
CSE_FLAG = "cse"
PERIOD_COLUMNS = ("recorded_at", "reported_at")
"""The dates by which a crime belongs to a period: the first that the extract carries."""
UNHELPFUL_RULES = ("list ", "as held")
"""Beginnings of rules that say nothing beyond the name of the column."""


@dataclass(frozen=True)
class ExtractContents:
    """The columns of the contract that an extract contains.

    Parameters
    ----------
    columns
        By table of the contract: the columns that have a place in the extract.
    person_columns
        By role (victim, suspect): the columns of `involvements` that have a place for persons of that role.
    one_suspect_at_most
        True if a crime has one row with one place for a suspect, so that a second suspect could not be there.
    can_hold_cse
        False if every column of flags is of one other flag, so that child sexual exploitation could not be there.
    waiting
        The columns that are not used until a person confirms them.
    waiting_places
        Heading of such a column -> its sheets, if it waits in several: ' (sheets Q1, Q2, Q3)'.
    unread
        What a column that was not read may hold ('flags.flag') -> its heading.
    """

    columns: Mapping[str, frozenset[str]]
    person_columns: Mapping[str, frozenset[str]]
    one_suspect_at_most: bool = False
    can_hold_cse: bool = True
    waiting: tuple[ColumnMeaning, ...] = ()
    waiting_places: Mapping[str, str] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)

    def carries(self, table: str, *columns: str) -> bool:
        """Return True if the extract contains all of these columns of the table."""
        return set(columns) <= self.columns.get(table, frozenset()) and table in self.columns

    def carries_person(self, role: str, *columns: str) -> bool:
        """Return True if the extract contains persons with this role, and all of these columns for them."""
        return role in self.person_columns and set(columns) <= self.person_columns[role]


@dataclass(frozen=True)
class PeriodRecords:
    """The accepted records of the crimes of a period: crimes, their victims and suspects, and their flags.

    Parameters
    ----------
    crimes_without_cse
        The references of crimes that say no in a yes/no column of the flag for child sexual exploitation; None if
        there is no such column, so that a crime without the flag is one that is not flagged.
    crimes_with_unread_flags
        The references of crimes with a flag that could not be read and may be this one.
    other_markers
        Kind of a marker that is no flag of the contract -> number of crimes that have it.
    crimes_with_unread_persons
        The references of crimes that may have persons who were not read, such as one whose role is not known.
    reservations
        Figure or measure -> a sentence on what limits it, where rows contradict one another or leave persons unread.
    """

    crimes: pa.Table
    persons: pa.Table
    flags: pa.Table
    contents: ExtractContents
    crimes_without_cse: pa.Array | None = None
    crimes_with_unread_flags: pa.Array | None = None
    other_markers: Mapping[str, int] = field(default_factory=dict)
    crimes_with_unread_persons: pa.Array | None = None
    reservations: Mapping[str, str] = field(default_factory=dict)

    def persons_with_role(self, role: str) -> pa.Table:
        """Return the links between a person of this role and a crime, one row each."""
        return self.persons.filter(pc.equal(self.persons["role"], role)) if self.persons.num_rows else self.persons


def extract_contents(plan: SplitPlan, tables: Mapping[str, ExtractTable]) -> ExtractContents:
    """Return the contract columns that an extract contains, from its mapped columns and the roles in its rows."""
    columns: dict[str, set[str]] = {}
    for part in plan.parts:
        if part.table in tables:
            columns.setdefault(part.table, set()).update(part.columns, part.fixed)
    parts = [part for part in plan.parts if part.table == PERSONS and PERSONS in tables]
    return ExtractContents(
        {table: frozenset(names) for table, names in columns.items()},
        _person_columns(parts, tables),
        _has_one_suspect_at_most(plan, tables),
        any(can_hold_flag(part, CSE_FLAG) for part in plan.parts if part.table == FLAGS),
        tuple(meaning for *_, meaning in plan.waiting),
        heading_places((file, sheet, meaning.heading) for file, sheet, meaning in plan.waiting),
    )


def can_hold_flag(part: SplitPart, flag: str) -> bool:
    """Return True if a flag column can contain this flag; a column for another single flag cannot."""
    meaning = part.columns.get("flag")
    if meaning is None:
        return part.fixed.get("flag", flag) == flag
    if flag in meaning.values.values():
        return True
    return not is_answer_column(meaning) and flag_of_heading(meaning.heading) in ("", flag)


def is_answer_column(meaning: ColumnMeaning) -> bool:
    """Return True if a flag column holds yes or no for one flag, and not the names of flags."""
    words = [word for word, value in meaning.values.items() if value]
    return meaning.kind == "flag_yes_no" or (bool(words) and read_yes_no(words) == ["yes"] * len(words))


def _person_columns(parts: Iterable[SplitPart], tables: Mapping[str, ExtractTable]) -> dict[str, frozenset[str]]:
    """Return the columns by role: those of the blocks of a role, and of lists of persons in which the role occurs."""
    found: dict[str, set[str]] = {}
    for part in parts:
        rows = tables[PERSONS].rows
        for role in _roles(part, rows):
            found.setdefault(role, set()).update(_columns_of_role(part, role, rows), part.fixed)
    return {role: frozenset(names) for role, names in found.items()}


def _columns_of_role(part: SplitPart, role: str, rows: pa.Table) -> Iterator[str]:
    """Yield the columns of a part that have a place for persons of a role.

    In a list of victims and suspects, 'Victim Ethnicity' has no place for that of a suspect: an empty cell beside a
    suspect says nothing. If one is filled all the same, the heading is wrong and the column has a place for both.
    """
    for column, meaning in part.columns.items():
        is_of_another = heading_words(meaning.heading).role not in ("", role)
        if "role" in part.fixed or not is_of_another or _has_value(rows, role, column):
            yield column


def _has_value(rows: pa.Table, role: str, column: str) -> bool:
    """Return True if a person of the role has a value in the column."""
    if column not in rows.column_names:
        return False
    values = rows.filter(pc.equal(rows["role"], role))[column]
    return bool(values.null_count < len(values))


def _roles(part: SplitPart, rows: pa.Table) -> tuple[str, ...]:
    """Return the roles that a part has a place for."""
    if "role" in part.fixed:
        return (part.fixed["role"],)
    return tuple(role for role in (VICTIM, SUSPECT) if role in set(distinct_values(rows, "role")))


def _has_one_suspect_at_most(plan: SplitPlan, tables: Mapping[str, ExtractTable]) -> bool:
    """Return True if the only place for a suspect is one block in a sheet with one row per crime."""
    if not {CRIMES, PERSONS} <= set(tables) or tables[CRIMES].merged:
        return False
    crime_sheets = {(part.file, part.sheet) for part in plan.parts if part.table == CRIMES}
    blocks = [part for part in plan.parts if part.table == PERSONS and part.fixed.get("role", SUSPECT) == SUSPECT]
    is_block = [
        "role" in part.fixed and not part.only_where and (part.file, part.sheet) in crime_sheets for part in blocks
    ]
    return is_block == [True] and _most_suspects(tables[PERSONS].rows) <= 1


def _most_suspects(rows: pa.Table) -> int:
    if not rows.num_rows:
        return 0
    suspects = rows.filter(pc.equal(rows["role"], SUSPECT))
    counts = suspects.group_by("crime_ref").aggregate([([], "count_all")])["count_all"]
    return int(pc.max(counts).as_py() or 0)


def period_records(
    tables: Mapping[str, ExtractTable], contents: ExtractContents, first: date | None, last: date | None
) -> PeriodRecords:
    """Return the records of the crimes of the period; of all crimes if neither date is given.

    A crime belongs to the period by the day on which it was recorded, or reported if the extract does not carry the
    first. A crime without that day belongs to no period.
    """
    crimes = _rows(tables, CRIMES, ("crime_ref",))
    if first or last:
        crimes = crimes.filter(_is_in_period(day_column(crimes, period_column(contents)), first, last))
    persons = _distinct_links(_rows_of(_rows(tables, PERSONS, ("crime_ref", "role")), crimes))
    return PeriodRecords(crimes, persons, _rows_of(_rows(tables, FLAGS, ("crime_ref", "flag")), crimes), contents)


def period_column(contents: ExtractContents) -> str:
    """Return the date that decides whether a crime belongs to a period; '' if the extract has none."""
    return next((name for name in PERIOD_COLUMNS if contents.carries(CRIMES, name)), "")


def recorded_period(records: PeriodRecords) -> tuple[date, date] | None:
    """Return the first and the last date of the records; None if no date is known."""
    days = day_column(records.crimes, period_column(records.contents))
    limits = pc.min_max(days).as_py()
    return (limits["min"], limits["max"]) if limits["min"] else None


def _rows(tables: Mapping[str, ExtractTable], name: str, columns: Iterable[str]) -> pa.Table:
    """Return the rows of a table; without rows and with these columns if the extract does not carry it."""
    rows = tables[name].rows if name in tables else pa.table({column: pa.array([], pa.string()) for column in columns})
    for column in columns:
        if column not in rows.column_names:
            rows = rows.append_column(column, pa.nulls(rows.num_rows, pa.string()))
    return rows


def _rows_of(rows: pa.Table, crimes: pa.Table) -> pa.Table:
    return rows.filter(pc.is_in(rows["crime_ref"], value_set=crimes["crime_ref"].combine_chunks()))


def _is_in_period(days: pa.ChunkedArray, first: date | None, last: date | None) -> pa.ChunkedArray:
    known = pc.is_valid(days)
    after = pc.greater_equal(days, pa.scalar(first, pa.date32())) if first else known
    before = pc.less_equal(days, pa.scalar(last, pa.date32())) if last else known
    return pc.fill_null(pc.and_(after, before), False)


def _distinct_links(persons: pa.Table) -> pa.Table:
    """Return each person once for each crime and role; persons without a reference stay as they are."""
    if not persons.num_rows or "person_ref" not in persons.column_names:
        return persons
    positions = pa.array(range(persons.num_rows), pa.int64())
    keyed = persons.select(["crime_ref", "role", "person_ref"]).append_column("position", positions)
    has_key = pc.is_valid(keyed["person_ref"])
    distinct = keyed.filter(has_key).group_by(["crime_ref", "role", "person_ref"]).aggregate([("position", "min")])
    first = pa.concat_arrays(
        [distinct["position_min"].combine_chunks(), keyed.filter(pc.invert(has_key))["position"].combine_chunks()]
    )
    return persons.take(first.take(pc.sort_indices(first)))


def optional_column(rows: pa.Table, name: str, kind: pa.DataType) -> pa.ChunkedArray:
    """Return a column, or a column of missing values if the table does not have it."""
    return rows[name].cast(kind) if name in rows.column_names else pa.chunked_array([pa.nulls(rows.num_rows, kind)])


def day_column(rows: pa.Table, name: str) -> pa.ChunkedArray:
    """Return the date part of a column of dates or times."""
    return optional_column(rows, name, pa.date32())


def is_day_column(rows: pa.Table, name: str) -> pa.ChunkedArray:
    """Return True for each time of which only the date is known."""
    if name in rows.column_names and pa.types.is_date(rows[name].type):
        return pa.chunked_array([pa.repeat(True, rows.num_rows)])
    return pc.fill_null(optional_column(rows, f"{name}_is_day", pa.bool_()), False)


def distinct_values(rows: pa.Table, name: str) -> list[str]:
    """Return the distinct known values of a text column."""
    return [] if name not in rows.column_names else [v for v in pc.unique(rows[name]).to_pylist() if v is not None]
