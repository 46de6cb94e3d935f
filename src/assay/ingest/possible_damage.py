"""Which columns of a small return hold a cell that an export may have damaged?

A small return spends its time on the binding of statements and not on its rows. Each column would bind a list of 80
missing-value codes and up to three long patterns, although nearly no column holds a cell that any of them finds. Here
the distinct cells of each column are looked at once, in Python. What is found possible is tested in SQL afterwards, so
a cell too many costs a little time and a cell too few would lose a validation error.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

import pyarrow as pa

from assay.ingest.missing_value_codes import EVERY_CODE
from assay.ingest.offence_codes import is_listed
from assay.ingest.spreadsheet_damage import DAMAGED_OFFENCE, DAMAGED_REFERENCE, may_change_with_its_column


class DamageTest(StrEnum):
    """A test for what an export or a spreadsheet did to a cell, or to a whole column."""

    MISSING_VALUE = "missing value"
    SPREADSHEET_ERROR = "spreadsheet error"
    DAMAGED_REFERENCE = "damaged reference"
    DAMAGED_OFFENCE = "damaged offence code"
    UNLISTED_OFFENCE = "offence code that is not in the list as it stands"
    INCOMPLETE_DATE = "incomplete date"
    DAMAGED_COLUMN = "damaged column"


PossibleDamage = Mapping[str, Collection[DamageTest]]


def possible_damage(texts: pa.Table, incomplete_date: str, prefix: str) -> PossibleDamage:
    """Return, by column, the tests that may find one of its cells.

    Parameters
    ----------
    texts
        The rows of a table as text.
    incomplete_date
        Pattern of an incomplete date.
    prefix
        Text before a date that is not in the declared format; it is no part of the cell.
    """
    patterns = {
        DamageTest.DAMAGED_REFERENCE: DAMAGED_REFERENCE,
        DamageTest.DAMAGED_OFFENCE: DAMAGED_OFFENCE,
        DamageTest.INCOMPLETE_DATE: incomplete_date,
    }
    compiled = {test: re.compile(pattern, re.DOTALL) for test, pattern in patterns.items()}
    return {
        name: _tests_of_cells(
            (cell.removeprefix(prefix) for cell in texts.column(name).unique().to_pylist() if cell), compiled
        )
        if pa.types.is_string(texts.schema.field(name).type)
        else set(DamageTest)  # another type of text may hold damage too, and a number costs a little time
        for name in texts.column_names
    }


def _tests_of_cells(cells: Iterable[str], patterns: Mapping[DamageTest, re.Pattern[str]]) -> set[DamageTest]:
    found: set[DamageTest] = set()
    for cell in cells:
        if not cell.isascii():
            return set(DamageTest)  # Python and DuckDB may write another lower-case letter
        if cell.strip().lower() in EVERY_CODE:
            found.add(DamageTest.MISSING_VALUE)
        if cell.startswith(("#", "=")):
            found.add(DamageTest.SPREADSHEET_ERROR)
        if may_change_with_its_column(cell):
            found.add(DamageTest.DAMAGED_COLUMN)
        if not is_listed(cell):
            found.add(DamageTest.UNLISTED_OFFENCE)
        found |= {test for test, pattern in patterns.items() if test not in found and pattern.fullmatch(cell)}
    return found
