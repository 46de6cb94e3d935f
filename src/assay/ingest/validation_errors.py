"""A validation error: what is wrong at one place of a received or published file.

The checks of a force's return store the same parts as rows of a table (`staging_store.ERROR_SCHEMA`), because there may
be millions of them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ValidationError:
    """One rule that is broken at one place in a file; it never contains the content of a cell.

    Parameters
    ----------
    rule
        The rule that is broken.
    table
        The table, or the sheet of a workbook.
    line
        The line of the file, or the row as a spreadsheet shows it, counted from 1; 0 for the whole table.
    column
        The column, or '' for the whole row.
    source
        The file, where several files of one kind are read; else ''.
    correction
        What to do, where the rule alone does not say it; else ''.
    times
        How many equal errors this is; `line` is then the first of them.
    """

    rule: str
    table: str = ""
    line: int = 0
    column: str = ""
    source: str = ""
    correction: str = ""
    times: int = 1
