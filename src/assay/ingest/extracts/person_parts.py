"""Which persons does a row of a sheet hold: one whose role a column says, or a victim and suspects side by side?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from assay.ingest.extracts.column_settlement import SettledColumn
from assay.ingest.extracts.extract_model import ColumnMeaning, Sheet
from assay.ingest.extracts.sheet_shape import heading_words

ROLE = "role"
OF_SUSPECTS = frozenset({"suspect_known_as", "relationship", "suspect_outcome_code"})
"""Columns that only a suspect has."""
ROLE_WORDS = {
    "victim": frozenset({"victim", "vic", "aggrieved", "complainant", "ip"}),
    "suspect": frozenset({"suspect", "susp", "offender", "accused", "defendant", "perpetrator", "arrested"}),
    "witness": frozenset({"witness", "wit"}),
}
"""Words by which the name of a sheet or file says whose rows it holds."""
IDENTIFYING = ("person_ref", "forenames", "surname", "date_of_birth")
MAX_REPEATED_SHARE = 0.02
"""With a larger share of equal rows of identified persons, a join has repeated rows."""


@dataclass(frozen=True)
class PersonPart:
    """The columns of one person of a row, and the role that is fixed for it."""

    columns: Mapping[str, ColumnMeaning]
    fixed: Mapping[str, str] = field(default_factory=dict)
    ordinal: int = 1
    each_row_counts: bool = False


@dataclass(frozen=True)
class PersonColumns:
    """The persons of a row, and the columns of persons whose role nothing says."""

    parts: tuple[PersonPart, ...]
    without_role: tuple[SettledColumn, ...] = ()


def person_parts(sheet: Sheet, crime_key: str, columns: Sequence[SettledColumn]) -> PersonColumns:
    """Return the persons that a row of the sheet holds.

    Parameters
    ----------
    sheet
        The sheet.
    crime_key
        The heading of the crime number.
    columns
        The columns of persons that are taken.
    """
    role_column = next((c for c in columns if c.column == ROLE), None)
    others = [c for c in columns if c.column != ROLE]
    groups: dict[tuple[str, int], list[SettledColumn]] = {}
    for column in others:
        groups.setdefault((column.role, column.block), []).append(column)
    if role_column is None:
        return _side_by_side(sheet, crime_key, groups)
    listed = groups.pop(("", 0), [])
    for key in [key for key, group in groups.items() if _belongs_to_list(key, group, listed)]:
        listed += groups.pop(key)
    meanings = {c.column: c.meaning for c in (role_column, *listed)}
    part = PersonPart(meanings, each_row_counts=_each_row_counts(sheet, crime_key, meanings, is_only=not groups))
    rest = _side_by_side(sheet, crime_key, groups) if groups else PersonColumns(())
    return PersonColumns((part, *rest.parts), rest.without_role)


def _belongs_to_list(key: tuple[str, int], group: Iterable[SettledColumn], listed: Iterable[SettledColumn]) -> bool:
    """Return True for columns that only persons of one role of the list have, such as the outcome for a suspect."""
    _, block = key
    taken = {column.column for column in listed}
    names = {column.column for column in group}
    return not block and not names & taken and (names <= OF_SUSPECTS or not names & set(IDENTIFYING))


def _side_by_side(
    sheet: Sheet, crime_key: str, groups: Mapping[tuple[str, int], Sequence[SettledColumn]]
) -> PersonColumns:
    """Return a part for each person of a row, whose role the headings say, or the name of the sheet."""
    without = groups.get(("", 0), ())
    named = {key: list(group) for key, group in groups.items() if key != ("", 0)}
    role = _only_role(sheet, named) if without else ""
    lost: list[SettledColumn] = []
    if without and role:
        lost = _add_to(named, role, without)
    elif without:
        lost = list(without)
    lost += [column for (role, _), group in named.items() if not role for column in group]
    named = {key: group for key, group in named.items() if key[0]}
    parts = [_block(sheet, crime_key, key, group, named) for key, group in named.items()]
    return PersonColumns(tuple(parts), tuple(lost))


def _only_role(sheet: Sheet, named: Mapping[tuple[str, int], object]) -> str:
    """Return the role of columns that name none: that of the sheet's name, or the only one of the other headings."""
    by_name = _role_in_name(sheet.name) or _role_in_name(sheet.file.rpartition(".")[0])
    roles = {role for role, _ in named}
    if by_name and roles <= {by_name}:
        return by_name
    return next(iter(roles)) if len(roles) == 1 else ""


def _role_in_name(name: str) -> str:
    words = heading_words(name)
    roles = [role for role, known in ROLE_WORDS.items() if words & known]
    return roles[0] if len(roles) == 1 else ""


def _add_to(
    named: dict[tuple[str, int], list[SettledColumn]], role: str, without: Iterable[SettledColumn]
) -> list[SettledColumn]:
    """Add columns without a role to the person of this role; return those that the person has already."""
    blocks = sorted(block for named_role, block in named if named_role == role)
    if len(blocks) > 1:
        return list(without)
    group = named.setdefault((role, blocks[0] if blocks else 0), [])
    taken = {column.column for column in group}
    group += [column for column in without if column.column not in taken]
    return [column for column in without if column.column in taken]


def _block(
    sheet: Sheet, crime_key: str, key: tuple[str, int], group: Iterable[SettledColumn],
    named: Mapping[tuple[str, int], object],
) -> PersonPart:  # fmt: skip
    role, block = key
    meanings = {column.column: column.meaning for column in group}
    is_only = len(named) == 1 and not block
    counts = _each_row_counts(sheet, crime_key, meanings, is_only=is_only)
    return PersonPart(meanings, {ROLE: role}, max(1, block), counts)


def _each_row_counts(sheet: Sheet, crime_key: str, meanings: Mapping[str, ColumnMeaning], *, is_only: bool) -> bool:
    """Return True if each row of a sheet is one person, also where two rows of a crime are equal.

    That is so where a row holds one person, and the persons who can be told apart are not repeated. Where nobody can be
    told apart, few equal rows are two persons of whom the same is known, and many are the work of a join.
    """
    if not is_only:
        return False
    identifying = [meanings[name].heading for name in IDENTIFYING if name in meanings]
    headings = list(dict.fromkeys([crime_key, *(meaning.heading for meaning in meanings.values())]))
    cells = pl.DataFrame(pl.from_arrow(sheet.cells.select(headings)))
    if identifying:
        cells = cells.filter(pl.any_horizontal(pl.col(identifying).is_not_null()))
    if not cells.height:
        return True
    repeated = 1 - cells.unique().height / cells.height
    return repeated <= (MAX_REPEATED_SHARE if identifying else 0.2)
